//! What many households have at once: one ticket that stands for all of them. A household joins
//! with one touch (+1), hears of it with the others, and the owners of the building see how far
//! it is.

use foundation::database::{Community, Look as _, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use permissions::Permission;
use permissions::actor::Actor;

use crate::calendar::Office;
use crate::log::{self, Draft, Note, Step};
use crate::looking::{self, hands};
use crate::opening;
use crate::states::Hand;
use crate::ticket::{Ticket, Veil};
use crate::{Refused, events, moving, sealing, some_words, store, tell};

/// Open incidents that an owner is shown.
const SHOWN_MAX: i64 = 30;
/// Households that are told together.
pub const HOUSEHOLDS_MAX: i64 = 5_000;

/// A household, and the account that is told for it where it has one.
pub(crate) type Home = (Id, Option<Id>);

/// The households that reported some tickets: the room of each, or its reporter's home.
pub(crate) async fn homes_of(
    house: &House,
    c: Community,
    tickets: &[Ticket],
) -> Result<Vec<Home>, Refused> {
    let mut out: Vec<Home> = Vec::new();
    for t in tickets {
        let room = match (t.room, t.reporter_account) {
            (Some(room), _) => Some(room),
            (None, Some(account)) => {
                let homes = opening::homes_of(house, c, account).await?;
                homes.first().map(|(room, _)| *room)
            }
            (None, None) => None,
        };
        let new = |room: &Id| out.iter().all(|(known, _)| known != room);
        if let Some(room) = room.filter(new) {
            out.push((room, t.reporter_account));
        }
    }
    Ok(out)
}

/// Counts households to an incident, each once; how many are new.
pub(crate) fn count_in(
    tx: &mut Tx<'_>,
    c: Community,
    t: &mut Ticket,
    homes: &[Home],
) -> Result<i64, Refused> {
    let (now, mut new) = (tx.now(), 0);
    for (room, account) in homes {
        if t.households >= HOUSEHOLDS_MAX {
            break;
        }
        let joined = tx.execute(store::work::join(c, t.id, *room, *account, now))? as i64;
        t.households += joined;
        new += joined;
    }
    Ok(new)
}

/// Makes a ticket of a common area stand for all who have the same, with what they are told.
///
/// # Errors
/// [`Refused::Room`] for what lies in somebody's own home; [`Refused::Again`].
pub async fn declare(house: &House, by: &Actor, id: Id, words: &str) -> Result<(), Refused> {
    by.may(Permission::DeskHandle)?;
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    let t = looking::ticket(house, by, id).await?;
    let text = some_words(words)?;
    let by_name = accounts::name_of(house, account).await?;
    let words = house
        .keys
        .seal_words(c, t.whose, sealing::STEP, &text)
        .await?;
    let gathered = store::lists::gathered(c, id, HOUSEHOLDS_MAX);
    let mut all: Vec<Ticket> = house.db.all(gathered).await?;
    all.insert(0, t.clone());
    let homes = homes_of(house, c, &all).await?;
    let office = Office::of(house, c).await?;
    let (who, by) = (by.who_for(Permission::DeskHandle), by.clone());
    house
        .write(c, &who, move |mut tx| {
            let mut t = looking::ticket_in(&mut tx, &by, id)?;
            if t.is_incident {
                return Err(Refused::Again);
            }
            if t.veil != Veil::Office || t.room.is_some() || t.state.is_over() {
                return Err(Refused::Room);
            }
            t.is_incident = true;
            t.households = 0;
            count_in(&mut tx, c, &mut t, &homes)?;
            let draft = Draft {
                act: Note::Incident.word(),
                by_account: Some(account),
                by_name,
                hand: Hand::Office.word(),
                public: true,
                words,
                ..Draft::default()
            };
            log::write_in(&mut tx, c, id, t.state, draft)?;
            moving::keep_in(&mut tx, c, &mut t, &office)?;
            let event = Event::new(events::INCIDENT)
                .about("ticket", id)
                .to(Audience::Members);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Whether an incident concerns somebody's homes: the same building, or the whole compound.
async fn concerns(house: &House, by: &Actor, t: &Ticket) -> Result<Vec<Id>, Refused> {
    let mut out = Vec::new();
    for (room, _) in opening::homes(house, by).await? {
        let found = roster::room(house, by.community, room).await?;
        if found.is_some_and(|r| t.building.is_empty() || r.building == t.building) {
            out.push(room);
        }
    }
    Ok(out)
}

/// An incident as an owner of the building sees it.
pub struct Shown {
    pub ticket: Ticket,
    /// What the office said of it, words opened.
    pub steps: Vec<Step>,
    /// Whether one's household is counted already.
    pub joined: bool,
}

/// The open incidents that concern an owner's homes.
pub async fn around(house: &House, by: &Actor) -> Result<Vec<Ticket>, Refused> {
    by.may(Permission::DeskReport)?;
    let c = by.community;
    let mut buildings = vec![String::new()];
    for (room, _) in opening::homes(house, by).await? {
        if let Some(found) = roster::room(house, c, room).await? {
            buildings.push(found.building);
        }
    }
    buildings.sort();
    buildings.dedup();
    let mut out = Vec::new();
    for building in buildings {
        let asked = store::lists::incidents(c, &building, SHOWN_MAX);
        let found: Vec<Ticket> = house.db.all(asked).await?;
        out.extend(found);
    }
    Ok(out)
}

/// An incident for an owner whom it concerns.
///
/// # Errors
/// [`Refused::NotFound`] for owners of other buildings.
pub async fn shown(house: &House, by: &Actor, id: Id) -> Result<Shown, Refused> {
    by.may(Permission::DeskReport)?;
    let c = by.community;
    let found: Option<Ticket> = house.db.optional(store::ticket(c, id)).await?;
    let t = found.filter(|t| t.is_incident && t.veil == Veil::Office);
    let t = t.ok_or(Refused::NotFound)?;
    let homes = concerns(house, by, &t).await?;
    if homes.is_empty() {
        return Err(Refused::NotFound);
    }
    let mut steps: Vec<Step> = house.db.all(store::steps(c, id)).await?;
    // What was said before it was everybody's was said to the first reporter alone; and what
    // that one writes stays theirs. What the office says from then on is for all.
    let declared = steps.iter().position(|s| s.act == Note::Incident.word());
    steps.drain(..declared.unwrap_or(0));
    let theirs = [Hand::Reporter.word(), Hand::Caller.word()];
    steps.retain(|s| s.public && !theirs.contains(&s.hand.as_str()));
    let ring = house.keys.ring(c, &[t.whose]).await?;
    for step in &mut steps {
        step.words = ring.open_text(t.whose, sealing::STEP, &step.words)?;
    }
    let joined: Option<(Id,)> = house
        .db
        .optional(store::work::has_joined(c, id, &homes))
        .await?;
    Ok(Shown {
        ticket: t,
        steps,
        joined: joined.is_some(),
    })
}

/// One more household has it too; again is nothing new.
pub async fn join(house: &House, by: &Actor, id: Id) -> Result<i64, Refused> {
    by.may(Permission::DeskReport)?;
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    let now_shown = shown(house, by, id).await?;
    if now_shown.joined {
        return Ok(now_shown.ticket.households);
    }
    let homes = concerns(house, by, &now_shown.ticket).await?;
    let room = *homes.first().ok_or(Refused::NotFound)?;
    let office = Office::of(house, c).await?;
    let joined = house
        .write(c, &by.who_for(Permission::DeskReport), move |mut tx| {
            let found: Option<Ticket> = tx.optional(store::ticket(c, id))?;
            let t = found.filter(|t| t.is_incident && !t.state.is_over());
            let mut t = t.ok_or(Refused::NotFound)?;
            if t.households >= HOUSEHOLDS_MAX {
                return Err(Refused::TooMany);
            }
            if count_in(&mut tx, c, &mut t, &[(room, Some(account))])? == 0 {
                return Err(Refused::Again);
            }
            moving::keep_in(&mut tx, c, &mut t, &office)?;
            let event = Event::new(events::HOUSEHOLD)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("households", t.households);
            Ok(tx.record(event, t.households)?)
        })
        .await;
    match joined {
        Err(Refused::Again) => Ok(now_shown.ticket.households),
        other => other,
    }
}

/// Who is told of an incident: one of each household that joined.
pub(crate) async fn concerned(house: &House, by: &Actor, t: &Ticket) -> Result<Vec<Id>, Refused> {
    if !t.is_incident {
        return Ok(Vec::new());
    }
    let asked = store::work::concerned(by.community, t.id, HOUSEHOLDS_MAX);
    let rows: Vec<(Id,)> = house.db.all(asked).await?;
    Ok(rows
        .into_iter()
        .map(|r| r.0)
        .filter(|a| Some(*a) != by.account)
        .collect())
}

/// Tells all households of an incident the same at once.
pub(crate) async fn telling(
    house: &House,
    by: &Actor,
    t: &Ticket,
) -> Result<Option<tell::Telling>, Refused> {
    let people = concerned(house, by, t).await?;
    let (title, path) = (key("desk-told-incident"), format!("/incidents/{}", t.id));
    Ok(tell::prepare(house, by.community, &people, title, t.number, path, false).await?)
}

/// Whether somebody may make an incident of a ticket.
pub fn may_declare(by: &Actor, t: &Ticket) -> bool {
    !t.is_incident
        && t.veil == Veil::Office
        && t.room.is_none()
        && !t.state.is_over()
        && hands(by, t).contains(&Hand::Office)
}
