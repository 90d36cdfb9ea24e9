//! Who belongs to which room, said by hand: begun and ended on a day, never deleted.

use super::change::{by_hand, run};
use super::change_party::{PersonDraft, party_rows};
use super::people::party;
use super::rows::{self, RelationInsert};
use super::{RosterError, Source, Tie, events, store};
use foundation::database::{Ask, Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// A new relation of a party to a room.
#[derive(Clone, Debug)]
pub struct RelationDraft {
    pub room: Id,
    pub party: Id,
    pub kind: Tie,
    pub share: Option<(i64, i64)>,
    /// `YYYY-MM-DD`.
    pub from: Option<String>,
    pub until: Option<String>,
    pub vouched_by: Option<Id>,
}

/// Makes a party owner, tenant or family of a room.
pub async fn relate(
    house: &House,
    by: &Actor,
    c: Community,
    draft: RelationDraft,
) -> Result<Id, RosterError> {
    by.may(Permission::RosterWrite)?;
    party(house, c, draft.party).await?;
    begin(house, by, c, Vec::new(), draft, Source::Desk).await
}

/// As [`relate`], with somebody who is not on the roster yet: both or neither. What
/// `draft` names as its party is not read.
pub async fn relate_new(
    house: &House,
    by: &Actor,
    c: Community,
    person: &PersonDraft,
    draft: RelationDraft,
) -> Result<Id, RosterError> {
    relate_new_from(house, by, c, person, draft, Source::Desk).await
}

/// As [`relate_new`], from elsewhere than the desk.
pub async fn relate_new_from(
    house: &House,
    by: &Actor,
    c: Community,
    person: &PersonDraft,
    mut draft: RelationDraft,
    source: Source,
) -> Result<Id, RosterError> {
    by.may(Permission::RosterWrite)?;
    let (id, asks) = party_rows(house, c, person).await?;
    draft.party = id;
    begin(house, by, c, asks, draft, source).await
}

async fn begin(
    house: &House,
    by: &Actor,
    c: Community,
    mut asks: Vec<Ask>,
    draft: RelationDraft,
    source: Source,
) -> Result<Id, RosterError> {
    if let (Some(from), Some(until)) = (&draft.from, &draft.until)
        && until < from
    {
        return Err(RosterError::Dates);
    }
    super::room(house, c, draft.room)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let id = house.id();
    let (room, person, kind) = (draft.room, draft.party, draft.kind);
    asks.extend(rows::relations(
        &by_hand(house, c),
        vec![RelationInsert {
            id,
            room,
            party: person,
            kind: kind.word(),
            share: draft.share,
            from: draft.from,
            until: draft.until,
            vouched_by: draft.vouched_by,
        }],
    ));
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            run(&mut tx, asks)?;
            if kind.owns() {
                check_shares(&mut tx, c, room)?;
            }
            let event = Event::new(events::RELATED)
                .about("room", room)
                .to(Audience::Staff)
                .with("party", person)
                .with("relation", id)
                .with("kind", kind.word())
                .with("source", source.word());
            Ok(tx.record(event, id)?)
        })
        .await
}

/// The shares that are known add up to one at most.
pub(super) fn check_shares(tx: &mut Tx<'_>, c: Community, room: Id) -> Result<(), RosterError> {
    let shares: Vec<(i64, i64)> = tx.all(store::shares(c, room))?;
    let (mut part, mut whole) = (0i128, 1i128);
    for (p, w) in shares {
        (part, whole) = (
            part * i128::from(w) + i128::from(p) * whole,
            whole * i128::from(w),
        );
        let g = gcd(part, whole);
        (part, whole) = (part / g, whole / g);
        if part > whole {
            return Err(RosterError::Shares);
        }
    }
    Ok(())
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

/// Ends a relation on a day (`YYYY-MM-DD`); it stays in the history.
pub async fn end_relation(
    house: &House,
    by: &Actor,
    c: Community,
    relation: Id,
    day: &str,
    why: &'static str,
) -> Result<(), RosterError> {
    end_relation_from(house, by, c, relation, day, why, Source::Desk).await
}

/// As [`end_relation`], from elsewhere than the desk.
pub async fn end_relation_from(
    house: &House,
    by: &Actor,
    c: Community,
    relation: Id,
    day: &str,
    why: &'static str,
    source: Source,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    let day = day.to_owned();
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let event = end_relation_in(&mut tx, relation, &day, why, source)?;
            Ok(tx.record(event, ())?)
        })
        .await
}

/// As [`end_relation`] inside another room's write; the event is to be recorded with it.
pub fn end_relation_in(
    tx: &mut Tx<'_>,
    relation: Id,
    day: &str,
    why: &'static str,
    source: Source,
) -> Result<Event, RosterError> {
    let (c, now) = (tx.community(), tx.now());
    let (room, party, kind): (Id, Id, Tie) = tx
        .optional(store::open_tie(c, relation))?
        .ok_or(RosterError::NoSuchRelation)?;
    tx.execute(store::end_relation(c, relation, day, now, why))?;
    Ok(Event::new(events::RELATION_ENDED)
        .about("room", room)
        .to(Audience::Staff)
        .with("party", party)
        .with("relation", relation)
        .with("kind", kind.word())
        .with("why", why)
        .with("source", source.word()))
}
