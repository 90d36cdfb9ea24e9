//! Rooms changed by hand, and what the verbs by hand share: each act is one event, and what
//! a record was before is kept.

use hanzi::room::RoomCode;

use super::rows::{self, Origin, RoomFacts, RoomInsert};
use super::store::writes::{self, History};
use super::{Places, RosterError, Source, contact, events, order, store};
use foundation::clock::Moment;
use foundation::communities::Bits;
use foundation::database::{Ask, Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// What is known of a new or changed room.
#[derive(Clone, Debug, Default)]
pub struct RoomDraft {
    pub facts: RoomFacts,
    /// `None` leaves the note as it is.
    pub note: Option<String>,
}

/// Rows made by hand belong to no import.
pub(super) fn by_hand(house: &House, c: Community) -> Origin {
    Origin {
        community: c,
        import: String::new(),
        at: house.now(),
    }
}

pub(super) async fn bits(house: &House, c: Community) -> Result<Bits, DbError> {
    let (phone, tail, document): (u32, u32, u32) = house.db.one(store::bits(c)).await?;
    Ok(Bits {
        phone,
        tail,
        document,
    })
}

pub(super) fn remember(c: Community, at: Moment, by: &Actor, h: History) -> Ask {
    writes::remember(c, at, by.who().actor.word(), h)
}

pub(super) fn run(tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<(), DbError> {
    for ask in asks {
        tx.execute(ask)?;
    }
    Ok(())
}

/// Adds a room by hand.
pub async fn add_room(
    house: &House,
    by: &Actor,
    c: Community,
    code: &str,
    draft: &RoomDraft,
) -> Result<Id, RosterError> {
    by.may(Permission::RosterWrite)?;
    let site = order::of(house, c).await?;
    let code = RoomCode::parse_at(code, &site)?;
    let places = Places::of(&code, &site);
    let normal = places.normal.clone();
    let id = house.id();
    let note = sealed_note(house, c, id, draft.note.as_deref()).await?;
    let rows = rows::rooms(
        &by_hand(house, c),
        vec![RoomInsert {
            id,
            code: code.as_typed().trim().to_owned(),
            places,
            facts: draft.facts.clone(),
            note,
        }],
    );
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            // The bare table: a room that an import is bringing takes the place too.
            let taken: Option<(Id,)> = tx.optional(writes::room_taken(c, normal))?;
            if taken.is_some() {
                return Err(RosterError::RoomTaken);
            }
            // Whoever applies an order set meanwhile may have passed this room's place by.
            if order::within(&mut tx, c)? != site {
                return Err(RosterError::Changed);
            }
            run(&mut tx, rows)?;
            let event = Event::new(events::ROOM_ADDED)
                .about("room", id)
                .to(Audience::Staff);
            Ok(tx.record(event, id)?)
        })
        .await
}

async fn sealed_note(
    house: &House,
    c: Community,
    room: Id,
    note: Option<&str>,
) -> Result<Option<Vec<u8>>, RosterError> {
    if note.is_none_or(str::is_empty) {
        return Ok(None);
    }
    let ring = house.keys.make(c, &[room]).await?;
    Ok(contact::seal(house, &ring, room, contact::NOTE, note)?)
}

/// Changes what is known of a room; `version` is the one that was seen.
pub async fn edit_room(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    version: i64,
    draft: &RoomDraft,
) -> Result<(), RosterError> {
    edit_room_from(house, by, c, id, version, draft, Source::Desk).await
}

/// As [`edit_room`], from elsewhere than the desk.
pub async fn edit_room_from(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    version: i64,
    draft: &RoomDraft,
    source: Source,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    let before = super::room(house, c, id)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let note = sealed_note(house, c, id, draft.note.as_deref()).await?;
    let keeps_note = draft.note.is_none();
    let facts = draft.facts.clone();
    let json = |f: &RoomFacts| serde_json::to_vec(f).ok();
    let (mut kept, mut lines) = (Vec::new(), Vec::new());
    if facts != before.facts {
        let line = house.id();
        kept.push(line);
        let history = History {
            id: line,
            what: "room",
            subject: id,
            field: "facts",
            was: json(&before.facts),
            became: json(&facts),
        };
        lines.push(remember(c, house.now(), by, history));
    }
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let changed = tx.execute(writes::edit_room(c, id, version, facts, keeps_note, note))?;
            if changed == 0 {
                return Err(RosterError::Changed);
            }
            run(&mut tx, lines)?;
            let event = Event::new(events::ROOM_CHANGED)
                .about("room", id)
                .to(Audience::Staff)
                .with("field", "facts")
                .with("source", source.word())
                .with("lines", kept);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Others of the house rely on this room (a bill, an application): an undone import leaves it.
/// Call it inside the write that begins to rely on it.
pub fn keep_room(tx: &mut Tx<'_>, c: Community, room: Id) -> Result<(), DbError> {
    tx.execute(writes::hold_room(c, room))?;
    Ok(())
}

/// As [`keep_room`], for a party (an account tied to it, a membership).
pub fn keep_party(tx: &mut Tx<'_>, c: Community, party: Id) -> Result<(), DbError> {
    tx.execute(writes::hold_party(c, party))?;
    Ok(())
}
