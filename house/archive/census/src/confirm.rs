//! Differences confirmed: a specialist decides about each, and what is taken over goes into the
//! roster by its own verbs, with the census named as its source just before.

use std::collections::BTreeMap;

use foundation::house::House;
use foundation::ids::Id;
use hanzi::numbers::Phone;
use permissions::Permission;
use permissions::actor::Actor;
use roster::{PersonDraft, RelationDraft, RoomDraft, Source, Tie};

use crate::answer::{self, Answer, Becomes, Difference, Newcomer, about, compare};
use crate::home::{self, Home};
use crate::task::{State, Task};
use crate::{CensusError, events, store, work};

/// An answer with what differs from what is known now.
pub struct Look {
    pub answer: Answer,
    pub task: Task,
    pub home: Home,
    pub differences: Vec<Difference>,
}

/// An answer beside what is known.
pub async fn look(house: &House, by: &Actor, id: Id) -> Result<Look, CensusError> {
    by.may(Permission::CensusVisit)?;
    let c = by.community;
    let found: Option<Answer> = house.db.optional(store::answers::answer(c, id)).await?;
    let answer = found.ok_or(CensusError::NotFound)?;
    let task = work::one(house, by, answer.task).await?;
    let home = home::of(house, c, &task).await?;
    let differences = if answer.state.is_open() {
        let fields = answer::opened(house, c, &answer).await?;
        match compare(&home, &fields) {
            Ok(found) => found,
            // The household is another now: nothing of it can be merged, only put aside.
            Err(CensusError::Missing(_) | CensusError::Field(..)) => Vec::new(),
            Err(e) => return Err(e),
        }
    } else {
        Vec::new()
    };
    Ok(Look {
        answer,
        task,
        home,
        differences,
    })
}

/// Takes over each difference that is decided with `true`, leaves the others, and gives the
/// household its record. Safe to do again after a crash: what was taken over does not differ
/// any more.
/// Returns the transfer that a change of owners began: the roster learns of those by that act
/// alone.
///
/// # Errors
/// [`CensusError::Undecided`] where one is not decided.
pub async fn confirm(
    house: &House,
    by: &Actor,
    id: Id,
    decided: &BTreeMap<String, bool>,
) -> Result<Option<Id>, CensusError> {
    by.may(Permission::CensusVisit)?;
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let look = look(house, by, id).await?;
    if !look.answer.state.is_open() {
        return Err(CensusError::Changed);
    }
    if look
        .differences
        .iter()
        .any(|d| !decided.contains_key(&d.key))
    {
        return Err(CensusError::Undecided);
    }
    let taken: Vec<&Difference> = look
        .differences
        .iter()
        .filter(|d| decided.get(&d.key) == Some(&true) && d.becomes != Becomes::Nothing)
        .collect();
    // First: where no transfer can be begun, nothing of the answer is taken over.
    let told = told(&taken, id);
    let transfer = match &told {
        Some(told) => Some(changes::transfer::propose(house, by, look.task.room, told).await?),
        None => None,
    };
    for difference in &taken {
        said(house, by, &look, difference).await?;
        apply(house, by, &look, &difference.becomes).await?;
    }
    let account = by.account.map_or(String::new(), |a| a.to_string());
    let name = match by.account {
        Some(account) => accounts::name_of(house, account).await?,
        None => String::new(),
    };
    let (task, method, changes) = (look.task, look.answer.method, taken.len() as i64);
    house
        .write(c, &by.who_for(Permission::CensusVisit), move |mut tx| {
            let now = tx.now();
            let settled = store::answers::settle(c, id, "counted", now, &name);
            if tx.execute(settled)? == 0 {
                return Err(CensusError::Changed);
            }
            let event = if task.state == State::Open {
                answer::count_in(&mut tx, &task, (&account, &name), method, changes)?
            } else {
                // Another answer gave the household its record: this one only added to it.
                about(events::ANSWERED, &task)
                    .with("method", method.word())
                    .with("differences", changes)
                    .with("conflict", false)
            };
            Ok(tx.record(event.with("answer", id), transfer)?)
        })
        .await
}

/// What is taken over of a change of owners.
fn told(taken: &[&Difference], answer: Id) -> Option<changes::transfer::Told> {
    let mut told = changes::transfer::Told::default();
    for difference in taken {
        match &difference.becomes {
            Becomes::Sold { party } => told.leave.push(*party),
            Becomes::Joined(new) if new.owns() => {
                told.come.push((new.name.clone(), new.phone.clone()));
            }
            _ => {}
        }
    }
    if told == changes::transfer::Told::default() {
        return None;
    }
    told.answer = Some(answer);
    Some(told)
}

/// Says in the ledger where the change comes from that follows.
async fn said(
    house: &House,
    by: &Actor,
    look: &Look,
    difference: &Difference,
) -> Result<(), CensusError> {
    let event = about(events::CHANGED, &look.task)
        .with("answer", look.answer.id)
        .with("method", look.answer.method.word())
        .with("room", look.task.room)
        .with("field", difference.becomes.field())
        .with_some("party", difference.becomes.party());
    let who = by.who_for(Permission::CensusVisit);
    house
        .write(by.community, &who, move |tx| {
            Ok::<_, CensusError>(tx.record(event, ())?)
        })
        .await
}

async fn apply(
    house: &House,
    by: &Actor,
    look: &Look,
    becomes: &Becomes,
) -> Result<(), CensusError> {
    let c = by.community;
    match becomes {
        Becomes::Usage(to) => set_use(house, by, look.task.room, to).await?,
        Becomes::MovedOut { relation, .. } => {
            let today = house.now().date().to_string();
            roster::end_relation_from(house, by, c, *relation, &today, "moved_out", Source::Census)
                .await?;
        }
        Becomes::Name { party, to } => {
            let draft = PersonDraft {
                name: Some(to.clone()),
                ..PersonDraft::default()
            };
            edit(house, by, *party, &draft).await?;
        }
        Becomes::Emergency { party, to } => {
            let draft = PersonDraft {
                emergency: Some(to.clone()),
                ..PersonDraft::default()
            };
            edit(house, by, *party, &draft).await?;
        }
        Becomes::Phone { party, to } => {
            let phone = Phone::parse(to)
                .map_err(|_| CensusError::Field("phone".into(), crate::Fault::Phone))?;
            let before = roster::person(house, by, c, *party).await?;
            roster::add_phone_from(house, by, c, *party, &phone, true, Source::Census).await?;
            if let Some((old, _)) = before.phones.first() {
                roster::end_phone_from(house, by, c, *party, *old, Source::Census).await?;
            }
        }
        Becomes::PlateGone(vehicle) => {
            roster::end_vehicle_from(house, by, c, *vehicle, Source::Census).await?;
        }
        Becomes::PlateNew(plate) => {
            let room = look.task.room;
            roster::add_vehicle_from(house, by, c, room, plate, Source::Census).await?;
        }
        // Who owns changes by a transfer, which is proposed with the whole answer.
        Becomes::Joined(new) if new.owns() => {}
        Becomes::Joined(new) => join(house, by, look, new).await?,
        Becomes::Sold { .. } | Becomes::Nothing => {}
    }
    Ok(())
}

async fn edit(
    house: &House,
    by: &Actor,
    party: Id,
    draft: &PersonDraft,
) -> Result<(), CensusError> {
    let c = by.community;
    let before = roster::person(house, by, c, party).await?;
    let version = before.party.version;
    roster::edit_person_from(house, by, c, party, version, draft, Source::Census).await?;
    Ok(())
}

/// Puts the home's use down on the roster.
pub(crate) async fn set_use(
    house: &House,
    by: &Actor,
    room: Id,
    to: &str,
) -> Result<(), CensusError> {
    let c = by.community;
    let found = roster::room(house, c, room).await?;
    let room = found.ok_or(CensusError::NotFound)?;
    if room.facts.state.as_deref() == Some(to) {
        return Ok(());
    }
    let mut draft = RoomDraft {
        facts: room.facts,
        note: None,
    };
    draft.facts.state = Some(to.to_owned());
    let (id, version) = (room.at.id, room.version);
    roster::edit_room_from(house, by, c, id, version, &draft, Source::Census).await?;
    Ok(())
}

async fn join(house: &House, by: &Actor, look: &Look, new: &Newcomer) -> Result<(), CensusError> {
    let c = by.community;
    let tie = Tie::from_word(&new.tie).unwrap_or(Tie::Family);
    let person = PersonDraft {
        name: Some(new.name.clone()),
        guardian: new.guardian,
        phones: Phone::parse(&new.phone).into_iter().collect(),
        ..PersonDraft::default()
    };
    let owner = look.home.people.iter().find(|m| m.tie.owns());
    let relation = RelationDraft {
        room: look.task.room,
        party: look.task.room,
        kind: tie,
        share: None,
        from: Some(house.now().date().to_string()),
        until: None,
        vouched_by: owner.map(|m| m.party).filter(|_| tie == Tie::Tenant),
    };
    roster::relate_new_from(house, by, c, &person, relation, Source::Census).await?;
    Ok(())
}

/// Puts an answer aside: it changes nothing and gives no record.
pub async fn drop(house: &House, by: &Actor, id: Id) -> Result<(), CensusError> {
    by.may(Permission::CensusVisit)?;
    let c = by.community;
    let look = look(house, by, id).await?;
    let name = match by.account {
        Some(account) => accounts::name_of(house, account).await?,
        None => String::new(),
    };
    house
        .write(c, &by.who_for(Permission::CensusVisit), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::answers::settle(c, id, "dropped", now, &name))? == 0 {
                return Err(CensusError::Changed);
            }
            let event = about(events::DROPPED, &look.task).with("answer", id);
            Ok(tx.record(event, ())?)
        })
        .await
}
