//! A room changes owners: one act. The former ownership keeps its dates and stays.

use super::change::{self, by_hand, run};
use super::change_party::{PersonDraft, party_rows};
use super::people::party;
use super::relate::check_shares;
use super::rows::{self, RelationInsert};
use super::store::{self, tracking, writes};
use super::{RosterError, Source, Tie, events};
use foundation::database::{Ask, Community, Look, Tx};
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
    /// A minor with a guardian (民法典 23, 27), both added in the same act.
    Ward {
        guardian: Box<PersonDraft>,
        person: Box<PersonDraft>,
        share: Option<(i64, i64)>,
    },
}

/// What a transfer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub former: Vec<Id>,
    pub owners: Vec<Id>,
    /// The ownerships that it ended.
    pub relations: Vec<Id>,
}

/// A transfer ready to be written: people made, keys made, data sealed.
pub struct Prepared {
    room: Id,
    day: String,
    owners: Vec<Id>,
    asks: Vec<Ask>,
}

impl Prepared {
    /// Writes it, inside another room's write; the event is to be recorded with it.
    ///
    /// # Errors
    /// [`RosterError::Shares`] when the new shares exceed the whole.
    pub fn write_in(
        self,
        tx: &mut Tx<'_>,
        source: Source,
    ) -> Result<(Transfer, Event), RosterError> {
        let (c, now) = (tx.community(), tx.now());
        let former: Vec<(Id, Id)> = tx.all(writes::ownerships(c, self.room))?;
        for (relation, _) in &former {
            tx.execute(writes::end_by_transfer(c, *relation, &self.day, now))?;
        }
        run(tx, self.asks)?;
        check_shares(tx, c, self.room)?;
        change::keep_room(tx, c, self.room)?;
        let relations = former.iter().map(|(relation, _)| *relation).collect();
        let done = Transfer {
            former: former.into_iter().map(|(_, party)| party).collect(),
            owners: self.owners,
            relations,
        };
        let event = Event::new(events::TRANSFERRED)
            .about("room", self.room)
            .to(Audience::Staff)
            .with("former", done.former.clone())
            .with("owners", done.owners.clone())
            .with("source", source.word());
        Ok((done, event))
    }
}

/// Makes ready to hand a room over to new owners on `day` (`YYYY-MM-DD`), the first of them the
/// main one, outside the writer. Tenants and family stay until they are ended.
///
/// # Errors
/// [`RosterError::NoSuchParty`] when nobody or somebody unknown is named.
pub async fn prepare_transfer(
    house: &House,
    by: &Actor,
    c: Community,
    room: Id,
    owners: &[NewOwner],
    day: &str,
) -> Result<Prepared, RosterError> {
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
            NewOwner::Ward {
                guardian,
                person,
                share,
            } => {
                let (guardian, rows) = party_rows(house, c, guardian).await?;
                asks.extend(rows);
                let mut ward = (**person).clone();
                ward.guardian = Some(guardian);
                let (id, rows) = party_rows(house, c, &ward).await?;
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
    Ok(Prepared {
        room,
        day: day.to_owned(),
        owners: new,
        asks,
    })
}

/// Takes a transfer back, inside another room's write: whoever owns the room now does no
/// longer, and the ownerships that it ended go on. The event is to be recorded with it.
///
/// # Errors
/// [`RosterError::Changed`] when others than `owners` own the room meanwhile.
pub fn untransfer_in(
    tx: &mut Tx<'_>,
    room: Id,
    owners: &[Id],
    relations: &[Id],
) -> Result<Event, RosterError> {
    let (c, now) = (tx.community(), tx.now());
    let here: Vec<(Id, Id)> = tx.all(writes::ownerships(c, room))?;
    if here.len() != owners.len() || here.iter().any(|(_, party)| !owners.contains(party)) {
        return Err(RosterError::Changed);
    }
    let day = now.date().to_string();
    for (relation, _) in &here {
        tx.execute(store::end_relation(c, *relation, &day, now, "undone"))?;
    }
    for relation in relations {
        if tx.execute(tracking::reopen_relation(c, *relation))? == 0 {
            return Err(RosterError::Changed);
        }
    }
    let again: Vec<(Id, Id)> = tx.all(writes::ownerships(c, room))?;
    let again: Vec<Id> = again.into_iter().map(|(_, party)| party).collect();
    Ok(Event::new(events::TRANSFER_UNDONE)
        .about("room", room)
        .to(Audience::Staff)
        .with("former", owners.to_vec())
        .with("owners", again)
        .with("source", Source::Transfer.word()))
}
