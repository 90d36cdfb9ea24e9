//! What the assistant asks of the desk: to take up what it could not answer, and how the asker's
//! own tickets stand.

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Who;
use permissions::Permission;
use permissions::actor::Actor;

use crate::number::Number;
use crate::opening::{self, New, Opened, Place, Reporter};
use crate::states::State;
use crate::words::{Kind, Priority, Source};
use crate::{Refused, category, listing};

/// What somebody asked and nobody answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it was before: asked for twice under the same id, it is one ticket.
    pub id: Option<Id>,
    /// The room that it is about, where one is named; otherwise the asker's only home.
    pub room: Option<Id>,
    /// Who asked: their account, and the person of the roster behind it.
    pub account: Option<Id>,
    pub person: Option<Id>,
    /// What was asked, as it was written.
    pub text: String,
    /// The code of a category, where the assistant knows one (`leak`, `lift`).
    pub category: Option<String>,
    /// A risk word: an emergency ticket, round the clock.
    pub urgent: bool,
    /// The first unanswered question: the first-response clock runs from here.
    pub since: Moment,
    pub source: Source,
}

/// Opens a ticket for what was asked. The
/// first-response clock runs from `asked.since`, whatever a machine said meanwhile.
///
/// `who` is the actor that the ledger names: the asker where they pressed a button, the house's
/// own clock or follower otherwise.
///
/// # Errors
/// [`Refused::Words`] when nothing was asked; [`Refused::Room`] for a room of nowhere.
pub async fn open(
    house: &House,
    community: Community,
    who: Who,
    asked: Asked,
) -> Result<Opened, Refused> {
    let account = match (asked.account, asked.person) {
        (None, Some(person)) => accounts::staff::account_of(house, community, person).await?,
        (account, _) => account,
    };
    let mut room = asked.room;
    if let (None, Some(account)) = (room, account) {
        let homes = opening::homes_of(house, community, account).await?;
        if let [(only, _)] = homes.as_slice() {
            room = Some(*only);
        }
    }
    let code = asked.category.as_deref().unwrap_or_default();
    let category = category::by_code(house, community, code).await?;
    let kind = category.as_ref().map_or(Kind::Enquiry, |c| c.kind);
    let urgent = asked.urgent.then_some(Priority::Emergency);
    let new = New {
        id: asked.id,
        kind: if asked.urgent && category.is_none() {
            Kind::Repair
        } else {
            kind
        },
        category: category.map(|c| c.id),
        priority: urgent,
        source: asked.source,
        words: asked.text,
        place: match room {
            Some(room) => Place::Room(room),
            None => Place::Nowhere,
        },
        since: Some(asked.since),
        ..New::default()
    };
    let reporter = Reporter {
        person: asked.person,
        account,
        ..Reporter::default()
    };
    match opening::put(house, community, who, reporter, new).await {
        Err(Refused::Again) => {
            let id = asked.id.ok_or(Refused::Again)?;
            let before = opening::there(house, community, id).await?;
            before.ok_or(Refused::Again)
        }
        other => other,
    }
}

/// One of somebody's own tickets, as an answer shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Id,
    pub number: Number,
    /// The first words of what was reported.
    pub title: String,
    pub state: State,
}

/// The tickets that somebody reported, the newest first; none for whoever may not report.
///
/// # Errors
/// [`Refused::Database`] and [`Refused::Keys`] alone: whoever asks is the reporter.
pub async fn mine(house: &House, by: &Actor) -> Result<Vec<Line>, Refused> {
    if !by.has(Permission::DeskReport) {
        return Ok(Vec::new());
    }
    let shown = listing::mine(house, by).await?;
    let line = |row: listing::Row| Line {
        id: row.ticket.id,
        number: row.ticket.number,
        title: row.title,
        state: row.ticket.state,
    };
    Ok(shown.into_iter().map(line).collect())
}
