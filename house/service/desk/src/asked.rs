//! What the assistant asks of the desk: to take up what it could not answer, and how the asker's
//! own tickets stand.

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Who;

use crate::number::Number;
use crate::opening::{self, New, Place, Reporter};
use crate::states::State;
use crate::words::{Kind, Priority, Source};
use crate::{Refused, category, clocks, listing, looking, store};

/// What somebody asked and nobody answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The room that it is about, where one is named.
    pub room: Option<Id>,
    /// Who asked, as a person of the roster; `None` where it is nobody's.
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

/// Opens a ticket for what was asked; its number, under which everybody finds it. The
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
) -> Result<Number, Refused> {
    let account = match asked.person {
        Some(person) => accounts::staff::account_of(house, community, person).await?,
        None => None,
    };
    let code = asked.category.as_deref().unwrap_or_default();
    let category = category::by_code(house, community, code).await?;
    let kind = category.as_ref().map_or(Kind::Enquiry, |c| c.kind);
    let urgent = asked.urgent.then_some(Priority::Emergency);
    let new = New {
        kind: if asked.urgent && category.is_none() {
            Kind::Repair
        } else {
            kind
        },
        category: category.map(|c| c.id),
        priority: urgent,
        source: asked.source,
        words: asked.text,
        place: match asked.room {
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
    let opened = opening::put(house, community, who, reporter, new).await?;
    Ok(opened.number)
}

/// One of somebody's own tickets, as an answer shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Id,
    pub number: Number,
    /// The first words of what was reported.
    pub title: String,
    pub state: State,
    /// The next time something is due; nothing once it is over.
    pub due: Option<Moment>,
}

/// How many of one's own tickets are answered with.
const MINE_MAX: i64 = 20;

/// The tickets that a person reported, the newest first.
///
/// # Errors
/// [`Refused::Database`] and [`Refused::Keys`] alone: whoever asks is the person.
pub async fn mine(house: &House, community: Community, person: Id) -> Result<Vec<Line>, Refused> {
    let asked = store::lists::by_person(community, person, MINE_MAX);
    let found = house.db.all(asked).await?;
    let shown = listing::rows(house, community, found).await?;
    let mut out = Vec::with_capacity(shown.len());
    for row in shown {
        let due = if row.ticket.state.is_over() {
            None
        } else {
            let readings = looking::readings(house, community, &row.ticket).await?;
            clocks::next_due(&readings)
        };
        out.push(Line {
            id: row.ticket.id,
            number: row.ticket.number,
            title: row.title,
            state: row.ticket.state,
            due,
        });
    }
    Ok(out)
}
