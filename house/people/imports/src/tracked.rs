//! What an import changed of people and homes that were there before it: for whoever tracks
//! changes. Values stay sealed under the person's key.

use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use roster::Tie;
use roster::rows::RoomFacts;
use roster::tracking::Terms;

use crate::ImportError;
use crate::store::tracked;

/// A datum of somebody who was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datum {
    pub party: Id,
    /// As the roster names it.
    pub field: &'static str,
    pub was: Option<Vec<u8>>,
    pub became: Option<Vec<u8>>,
}

/// Somebody who came to a room that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    pub relation: Id,
    pub party: Id,
    pub room: Id,
    pub tie: Tie,
}

/// What an import set and what was before: sealed texts, then texts in clear.
struct Columns(Id, [Option<Vec<u8>>; 8], [Option<String>; 4]);

impl FromRow for Columns {
    fn from_row(row: &mut Row) -> Result<Columns, DbError> {
        let party = row.next()?;
        let mut columns: [Option<Vec<u8>>; 8] = Default::default();
        for column in &mut columns {
            *column = row.next()?;
        }
        let mut clear: [Option<String>; 4] = Default::default();
        for column in &mut clear {
            *column = row.next()?;
        }
        Ok(Columns(party, columns, clear))
    }
}

/// Data that changed, of parties behind `after`; and whom to go on behind.
pub async fn data(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<(Vec<Datum>, Option<Id>), ImportError> {
    const FIELDS: [&str; 4] = ["birth", "workplace", "emergency", "note"];
    const CLEAR: [&str; 2] = ["uscc", "representative"];
    let rows: Vec<Columns> = house
        .db
        .all(tracked::parties(c, import, after, limit))
        .await?;
    let last = rows
        .last()
        .filter(|_| rows.len() as i64 == limit)
        .map(|r| r.0);
    let parties: Vec<Id> = rows.iter().map(|row| row.0).collect();
    let ring = house.keys.ring(c, &parties).await?;
    let mut out = Vec::new();
    for Columns(party, mut columns, mut clear) in rows {
        for (at, field) in CLEAR.into_iter().enumerate() {
            let (was, became) = (clear[at + 2].take(), clear[at].take());
            if was != became {
                out.push(Datum {
                    party,
                    field,
                    was: was.map(String::into_bytes),
                    became: became.map(String::into_bytes),
                });
            }
        }
        for (at, field) in FIELDS.into_iter().enumerate() {
            let (was, became) = (columns[at + 4].take(), columns[at].take());
            // Two seals of one text differ: the texts are compared.
            let open = |sealed: &Option<Vec<u8>>| {
                let opened = roster::contact::open(&ring, party, field, sealed.as_deref());
                Ok::<_, ImportError>(opened?.unwrap_or_default())
            };
            if open(&was)? != open(&became)? {
                out.push(Datum {
                    party,
                    field,
                    was,
                    became,
                });
            }
        }
    }
    Ok((out, last))
}

/// Phones that were added to people who were there before, behind one.
pub async fn phones(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<Vec<(Id, Datum)>, DbError> {
    let rows: Vec<(Id, Id, Vec<u8>)> = house
        .db
        .all(tracked::phones(c, import, after, limit))
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, party, sealed)| {
            let datum = Datum {
                party,
                field: roster::contact::PHONE,
                was: None,
                became: Some(sealed),
            };
            (id, datum)
        })
        .collect())
}

/// Who came to rooms that were there before, behind a relation.
pub async fn came(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<Vec<Came>, DbError> {
    let rows: Vec<(Id, Id, Id, Tie)> = house.db.all(tracked::came(c, import, after, limit)).await?;
    Ok(rows
        .into_iter()
        .map(|(relation, party, room, tie)| Came {
            relation,
            party,
            room,
            tie,
        })
        .collect())
}

/// Vehicles that were registered with rooms which were there before, behind one: id and room.
pub async fn vehicles(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<Vec<(Id, Id)>, DbError> {
    house
        .db
        .all(tracked::vehicles(c, import, after, limit))
        .await
}

/// What is known of a room that was there before, as it was and became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub room: Id,
    pub was: RoomFacts,
    pub became: RoomFacts,
}

impl FromRow for Facts {
    fn from_row(row: &mut Row) -> Result<Facts, DbError> {
        let room = row.next()?;
        let mut side = || {
            Ok::<_, DbError>(RoomFacts {
                area: row.next()?,
                floor: row.next()?,
                purpose: row.next()?,
                state: row.next()?,
                moved_in: row.next()?,
            })
        };
        Ok(Facts {
            room,
            was: side()?,
            became: side()?,
        })
    }
}

/// Rooms that were there before and that an import changed, behind one.
pub async fn rooms(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<Vec<Facts>, DbError> {
    house.db.all(tracked::rooms(c, import, after, limit)).await
}

/// A relation that was there before, with its share and dates as they were and became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub relation: Id,
    pub party: Id,
    pub room: Id,
    pub tie: Tie,
    pub was: Terms,
    pub became: Terms,
}

impl FromRow for Term {
    fn from_row(row: &mut Row) -> Result<Term, DbError> {
        Ok(Term {
            relation: row.next()?,
            party: row.next()?,
            room: row.next()?,
            tie: row.next()?,
            was: Terms::from_row(row)?,
            became: Terms::from_row(row)?,
        })
    }
}

/// Relations whose share or dates an import changed, behind one.
pub async fn terms(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<Vec<Term>, DbError> {
    house.db.all(tracked::terms(c, import, after, limit)).await
}
