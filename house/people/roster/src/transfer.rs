//! A room changes owners: one act. The former ownership keeps its dates and stays.

use super::change::{self, by_hand, run};
use super::change_party::{PersonDraft, party_rows};
use super::people::party;
use super::relate::check_shares;
use super::rows::{self, RelationInsert};
use super::store::writes;
use super::{RosterError, Tie, events};
use foundation::database::{Ask, Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Who owns the room from now on.
#[derive(Clone, Debug)]
pub enum NewOwner {
    /// Somebody on the roster.
    Known {
        party: Id,
        share: Option<(i64, i64)>,
    },
    /// Somebody new, added in the same act.
    New {
        person: Box<PersonDraft>,
        share: Option<(i64, i64)>,
    },
}

/// What a transfer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub former: Vec<Id>,
    pub owners: Vec<Id>,
}

/// Hands a room over to new owners on `day` (`YYYY-MM-DD`), the first of them the main one.
/// Tenants and family stay until they are ended.
///
/// # Errors
/// [`RosterError::NoSuchParty`] when nobody or somebody unknown is named;
/// [`RosterError::Shares`] when the new shares exceed the whole.
pub async fn transfer(
    house: &House,
    by: &Actor,
    c: Community,
    room: Id,
    owners: &[NewOwner],
    day: &str,
) -> Result<Transfer, RosterError> {
    by.may(Permission::RosterWrite)?;
    super::room(house, c, room)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    if owners.is_empty() {
        return Err(RosterError::NoSuchParty);
    }
    let mut asks: Vec<Ask> = Vec::new();
    let mut new: Vec<Id> = Vec::with_capacity(owners.len());
    let mut relations = Vec::with_capacity(owners.len());
    for owner in owners {
        let (id, share) = match owner {
            NewOwner::Known { party: id, share } => {
                party(house, c, *id).await?;
                (*id, *share)
            }
            NewOwner::New { person, share } => {
                let (id, rows) = party_rows(house, c, person).await?;
                asks.extend(rows);
                (id, *share)
            }
        };
        let kind = if new.is_empty() {
            Tie::Owner
        } else {
            Tie::CoOwner
        };
        relations.push(RelationInsert {
            id: house.id(),
            room,
            party: id,
            kind: kind.word(),
            share,
            from: Some(day.to_owned()),
            until: None,
            vouched_by: None,
        });
        new.push(id);
    }
    asks.extend(rows::relations(&by_hand(house, c), relations));
    let day = day.to_owned();
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let former: Vec<(Id, Id)> = tx.all(writes::ownerships(c, room))?;
            let now = tx.now();
            for (relation, _) in &former {
                tx.execute(writes::end_by_transfer(c, *relation, &day, now))?;
            }
            run(&mut tx, asks)?;
            check_shares(&mut tx, c, room)?;
            change::keep_room(&mut tx, c, room)?;
            let done = Transfer {
                former: former.into_iter().map(|(_, party)| party).collect(),
                owners: new,
            };
            let event = Event::new(events::TRANSFERRED)
                .about("room", room)
                .to(Audience::Staff)
                .with("former", done.former.clone())
                .with("owners", done.owners.clone());
            Ok(tx.record(event, done)?)
        })
        .await
}
