//! What an import changed of people and homes that were there before it: for whoever tracks
//! changes. Values stay sealed under the person's key.

use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use roster::Tie;

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

struct Columns(Id, [Option<Vec<u8>>; 8]);

impl FromRow for Columns {
    fn from_row(row: &mut Row) -> Result<Columns, DbError> {
        let party = row.next()?;
        let mut columns: [Option<Vec<u8>>; 8] = Default::default();
        for column in &mut columns {
            *column = row.next()?;
        }
        Ok(Columns(party, columns))
    }
}

/// Sealed texts that changed, of parties behind `after`; and whom to go on behind.
pub async fn data(
    house: &House,
    c: Community,
    import: Id,
    after: &str,
    limit: i64,
) -> Result<(Vec<Datum>, Option<Id>), DbError> {
    const FIELDS: [&str; 4] = ["birth", "workplace", "emergency", "note"];
    let rows: Vec<Columns> = house
        .db
        .all(tracked::parties(c, import, after, limit))
        .await?;
    let last = rows
        .last()
        .filter(|_| rows.len() as i64 == limit)
        .map(|r| r.0);
    let mut out = Vec::new();
    for Columns(party, mut columns) in rows {
        for (at, field) in FIELDS.into_iter().enumerate() {
            let (was, became) = (columns[at + 4].take(), columns[at].take());
            if was != became {
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
