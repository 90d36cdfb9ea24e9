//! What a change took away and brought, for whoever tracks it, and taking a change back
//! that a check refused. Both values stay sealed under the person's key.

use super::change::remember;
use super::change_party::touch_party;
use super::rows::{self, Origin, RoomFacts};
use super::store::writes::{self, History};
use super::store::{self, tracking};
use super::{RosterError, contact, events};
use foundation::database::{Community, DbError, FromRow, LIST_MAX, Look, Row, Tx, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use serde::{Deserialize, Serialize};

/// One line of the change history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Id,
    /// `party` or `room`.
    pub what: String,
    pub subject: Id,
    /// A sealed column of [`contact`], or `name`, which lies in clear.
    pub field: String,
    pub was: Option<Vec<u8>>,
    pub became: Option<Vec<u8>>,
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> Result<Line, DbError> {
        Ok(Line {
            id: row.next()?,
            what: row.next()?,
            subject: row.next()?,
            field: row.next()?,
            was: row.next()?,
            became: row.next()?,
        })
    }
}

/// Lines by their ids. For followers; it asks nobody's permission.
pub async fn lines(house: &House, c: Community, ids: &[Id]) -> Result<Vec<Line>, DbError> {
    let mut out = Vec::with_capacity(ids.len());
    for part in ids.chunks(LIST_MAX) {
        out.extend(house.db.all::<Line>(tracking::lines(c, part)).await?);
    }
    Ok(out)
}

/// The party, kind and room of a relation, ended or not.
pub async fn relation(
    house: &House,
    c: Community,
    id: Id,
) -> Result<Option<(Id, Id, super::Tie)>, DbError> {
    house.db.optional(tracking::relation(c, id)).await
}

/// The plate of a vehicle, gone or not.
pub async fn plate(house: &House, c: Community, id: Id) -> Result<Option<String>, DbError> {
    let row: Option<(String,)> = house.db.optional(tracking::plate(c, id)).await?;
    Ok(row.map(|r| r.0))
}

/// The rooms that a party stands in on `day`, as owner, tenant or family.
pub async fn homes_of(
    house: &House,
    c: Community,
    party: Id,
    day: &str,
) -> Result<Vec<Id>, DbError> {
    type Found = (Id, Id, String, String, Vec<u8>);
    let rows: Vec<Found> = house.db.all(store::rooms_of(c, &[party], day)).await?;
    Ok(rows.into_iter().map(|row| row.1).collect())
}

/// What is to be taken back.
#[derive(Clone, Debug)]
pub enum Undoing {
    /// A datum of a party becomes again what it was, if it still is what it became.
    Datum {
        party: Id,
        field: String,
        was: Option<Vec<u8>>,
        became: Option<Vec<u8>>,
    },
    /// A relation that was begun ends, one that was ended goes on.
    Begun(Id),
    Ended(Id),
    /// A vehicle that was registered goes, one that went is back.
    Registered(Id),
    TakenOff(Id),
    /// What is known of a room becomes again what it was, if it still is what it became.
    Facts {
        room: Id,
        was: RoomFacts,
        became: RoomFacts,
    },
    /// So do share and dates of a relation.
    Terms {
        relation: Id,
        was: Terms,
        became: Terms,
    },
}

/// Share and dates of a relation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Part and whole; a whole of 0 is joint ownership (共同共有).
    pub share: Option<(i64, i64)>,
    pub from: Option<String>,
    pub until: Option<String>,
}

impl FromRow for Terms {
    fn from_row(row: &mut Row) -> Result<Terms, DbError> {
        let (part, whole): (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
        Ok(Terms {
            share: part.zip(whole),
            from: row.next()?,
            until: row.next()?,
        })
    }
}

/// Whether what is to be taken back still stands as the change left it. For followers; it asks
/// nobody's permission.
pub async fn stands(house: &House, c: Community, undoing: &Undoing) -> Result<bool, DbError> {
    let db = &house.db;
    Ok(match undoing {
        Undoing::Datum {
            party,
            field,
            became,
            ..
        } => {
            let (party, became) = (*party, became.as_deref());
            let ask = match FIELDS.into_iter().find(|f| f == field) {
                None => return Ok(false),
                Some(contact::PHONE) => match became {
                    Some(sealed) => tracking::phone_stands(c, party, sealed),
                    None => return Ok(true),
                },
                Some(column) => tracking::datum_stands(c, party, column, held(column, became)),
            };
            db.optional::<(Id,)>(ask).await?.is_some()
        }
        Undoing::Begun(id) => {
            let found = db
                .optional::<(Id, Id)>(store::open_relation(c, *id))
                .await?;
            found.is_some()
        }
        Undoing::Registered(id) => {
            let found = db.optional::<(Id, String)>(store::vehicle(c, *id)).await?;
            found.is_some()
        }
        Undoing::Facts { room, became, .. } => {
            let found: Option<super::Room> = db.optional(store::room(c, *room)).await?;
            found.is_some_and(|r| r.facts == *became)
        }
        Undoing::Terms {
            relation, became, ..
        } => {
            let found: Option<Terms> = db.optional(tracking::terms(c, *relation)).await?;
            found.as_ref() == Some(became)
        }
        // An end stands until somebody begins it anew, which is a change of its own.
        Undoing::Ended(_) | Undoing::TakenOff(_) => true,
    })
}

/// Takes a change back inside another room's write, with an event of its own.
///
/// # Errors
/// [`RosterError::Changed`] when it was changed again since: then nothing is taken back.
pub fn undo_in(
    tx: &mut Tx<'_>,
    by: &Actor,
    line: Id,
    undoing: &Undoing,
) -> Result<(), RosterError> {
    let (c, now) = (tx.community(), tx.now());
    let changed = |n: u64| {
        if n == 0 {
            Err(RosterError::Changed)
        } else {
            Ok(())
        }
    };
    let event = Event::new(events::CHANGE_UNDONE).to(Audience::Staff);
    let event = match undoing {
        Undoing::Datum {
            party,
            field,
            was,
            became,
        } => {
            datum(tx, *party, field, was.as_deref(), became.as_deref())?;
            touch_party(tx, c, *party)?;
            let history = History {
                id: line,
                what: "party",
                subject: *party,
                field: field_word(field)?,
                was: became.clone(),
                became: was.clone(),
            };
            tx.execute(remember(c, now, by, history))?;
            event
                .about("party", *party)
                .with("field", field_word(field)?)
        }
        Undoing::Begun(id) => {
            let found = tx.optional::<(Id, Id)>(store::open_relation(c, *id))?;
            let (room, _) = found.ok_or(RosterError::Changed)?;
            let day = now.date().to_string();
            tx.execute(store::end_relation(c, *id, &day, now, "refused"))?;
            event.about("room", room).with("relation", *id)
        }
        Undoing::Ended(id) => {
            changed(tx.execute(tracking::reopen_relation(c, *id))?)?;
            let found = tx.optional::<(Id, Id)>(store::open_relation(c, *id))?;
            let (room, _) = found.ok_or(RosterError::Changed)?;
            event.about("room", room).with("relation", *id)
        }
        Undoing::Registered(id) => {
            let found = tx.optional::<(Id, String)>(store::vehicle(c, *id))?;
            let (room, _) = found.ok_or(RosterError::Changed)?;
            tx.execute(writes::end_vehicle(c, *id, now))?;
            event.about("room", room).with("vehicle", *id)
        }
        Undoing::TakenOff(id) => {
            changed(tx.execute(tracking::reopen_vehicle(c, *id))?)?;
            let found = tx.optional::<(Id, String)>(store::vehicle(c, *id))?;
            let (room, _) = found.ok_or(RosterError::Changed)?;
            event.about("room", room).with("vehicle", *id)
        }
        Undoing::Facts { room, was, became } => {
            let found: Option<super::Room> = tx.optional(store::room(c, *room))?;
            let found = found.filter(|r| r.facts == *became);
            let found = found.ok_or(RosterError::Changed)?;
            let (version, facts) = (found.version, was.clone());
            changed(tx.execute(writes::edit_room(c, *room, version, facts, true, None))?)?;
            let history = History {
                id: line,
                what: "room",
                subject: *room,
                field: "facts",
                was: serde_json::to_vec(became).ok(),
                became: serde_json::to_vec(was).ok(),
            };
            tx.execute(remember(c, now, by, history))?;
            event.about("room", *room).with("field", "facts")
        }
        Undoing::Terms {
            relation,
            was,
            became,
        } => {
            let found: Option<Terms> = tx.optional(tracking::terms(c, *relation))?;
            if found.as_ref() != Some(became) {
                return Err(RosterError::Changed);
            }
            changed(tx.execute(tracking::put_terms(c, *relation, was))?)?;
            let found = tx.optional::<(Id, Id)>(store::open_relation(c, *relation))?;
            let (room, _) = found.ok_or(RosterError::Changed)?;
            event.about("room", room).with("relation", *relation)
        }
    };
    tx.also(event)?;
    Ok(())
}

pub(super) fn field_word(field: &str) -> Result<&'static str, RosterError> {
    FIELDS
        .into_iter()
        .find(|f| *f == field)
        .ok_or(RosterError::Changed)
}

/// What of a party is tracked.
pub const FIELDS: [&str; 12] = [
    contact::PHONE,
    contact::BIRTH,
    contact::WORKPLACE,
    contact::EMERGENCY,
    contact::ADDRESS,
    contact::NEEDS,
    contact::NOTE,
    "name",
    "uscc",
    "representative",
    "state",
    "guardian",
];

/// Those of them that lie in clear.
pub const CLEAR: [&str; 5] = ["name", "uscc", "representative", "state", "guardian"];

/// A side of a change as its column holds it.
fn held(column: &str, side: Option<&[u8]>) -> Value {
    match side {
        None => Value::Null,
        Some(text) if CLEAR.contains(&column) => {
            Value::Text(String::from_utf8_lossy(text).into_owned())
        }
        Some(sealed) => Value::Blob(sealed.to_vec()),
    }
}

fn datum(
    tx: &mut Tx<'_>,
    party: Id,
    field: &str,
    was: Option<&[u8]>,
    became: Option<&[u8]>,
) -> Result<(), RosterError> {
    let (c, now) = (tx.community(), tx.now());
    let changed = match (field_word(field)?, was, became) {
        (contact::PHONE, None, Some(new)) => tx.execute(tracking::end_phone(c, party, new, now))?,
        (contact::PHONE, Some(old), None) => tx.execute(tracking::reopen_phone(c, party, old))?,
        (contact::PHONE, ..) => 0,
        ("name", Some(old), Some(new)) => {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (old, new) = (text(old), text(new));
            let changed = tx.execute(tracking::rename(c, party, &old, &new))?;
            if changed > 0 {
                tx.execute(writes::forget_words(c, party))?;
                let origin = Origin {
                    community: c,
                    import: String::new(),
                    at: now,
                };
                for ask in rows::words(&origin, party, &old) {
                    tx.execute(ask)?;
                }
            }
            changed
        }
        (column, ..) => {
            let (was, became) = (held(column, was), held(column, became));
            tx.execute(tracking::put_back(c, party, column, was, became))?
        }
    };
    if changed == 0 {
        return Err(RosterError::Changed);
    }
    if field == contact::PHONE {
        tx.execute(writes::some_main_phone(c, party))?;
    }
    Ok(())
}

/// People whose tenures are sealed are found no more, unless they stand in another home;
/// inside the write that seals.
pub fn seal_parties_in(tx: &mut Tx<'_>, parties: &[Id]) -> Result<(), DbError> {
    let c = tx.community();
    for party in parties {
        tx.execute(tracking::seal_party(c, *party))?;
    }
    Ok(())
}

/// They are found again; inside the write that opens.
pub fn unseal_parties_in(tx: &mut Tx<'_>, parties: &[Id]) -> Result<(), DbError> {
    let c = tx.community();
    for party in parties {
        tx.execute(tracking::unseal_party(c, *party))?;
    }
    Ok(())
}

/// Parties by their ids. For rooms' own use; show them by [`super::Party::masked`].
pub async fn parties(
    house: &House,
    c: Community,
    ids: &[Id],
) -> Result<Vec<super::Party>, DbError> {
    let mut out = Vec::with_capacity(ids.len());
    for part in ids.chunks(LIST_MAX) {
        out.extend(
            house
                .db
                .all::<super::Party>(store::parties(c, part))
                .await?,
        );
    }
    Ok(out)
}

/// A person's contacts in clear, for themselves.
pub struct Contacts {
    pub version: i64,
    pub name: String,
    /// Id and number, the main one first.
    pub phones: Vec<(Id, String)>,
    /// Emergency contact, address, workplace; empty where unknown.
    pub texts: [String; 3],
}

/// The contacts of a party in clear. Names no permission: the caller's verb hands them to
/// nobody but the person.
pub async fn contacts(house: &House, c: Community, id: Id) -> Result<Contacts, RosterError> {
    let found = super::people::party(house, c, id).await?;
    let phones = super::people::open_phones(house, c, &[id]).await?;
    let sealed: super::people::Sealed = house.db.one(store::sealed(c, id)).await?;
    let ring = house.keys.ring(c, &[id]).await?;
    let open = |at: usize, column| {
        let text = contact::open(&ring, id, column, sealed.0[at].as_deref())?;
        Ok::<_, RosterError>(text.unwrap_or_default())
    };
    Ok(Contacts {
        version: found.version,
        name: found.name,
        phones: phones.into_iter().map(|p| (p.id, p.number)).collect(),
        texts: [
            open(2, contact::EMERGENCY)?,
            open(3, contact::ADDRESS)?,
            open(1, contact::WORKPLACE)?,
        ],
    })
}
