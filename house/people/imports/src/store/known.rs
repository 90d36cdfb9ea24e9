//! The SQL of what the roster knows already of a file's rooms and names.

use crate::known::KnownRelation;
use crate::piece::TieFacts;
use foundation::database::{Community, DbError, FromRow, LIST_MAX, Row, Value, ask, list};
use foundation::house::House;
use foundation::ids::Id;
use foundation::params;
use roster::rows::RoomFacts;

pub struct RoomRow {
    pub id: Id,
    pub normal: String,
    pub version: i64,
    pub facts: RoomFacts,
    pub note: Option<Vec<u8>>,
}

impl FromRow for RoomRow {
    fn from_row(row: &mut Row) -> Result<RoomRow, DbError> {
        Ok(RoomRow {
            id: row.next()?,
            normal: row.next()?,
            version: row.next()?,
            facts: RoomFacts {
                area: row.next()?,
                floor: row.next()?,
                purpose: row.next()?,
                state: row.next()?,
                moved_in: row.next()?,
            },
            note: row.next()?,
        })
    }
}

pub struct PartyRow {
    pub id: Id,
    pub kind: String,
    pub name: String,
    pub version: i64,
    pub uscc: Option<String>,
    pub representative: Option<String>,
    /// birth, workplace, emergency, note
    pub sealed: [Option<Vec<u8>>; 4],
}

impl FromRow for PartyRow {
    fn from_row(row: &mut Row) -> Result<PartyRow, DbError> {
        Ok(PartyRow {
            id: row.next()?,
            kind: row.next()?,
            name: row.next()?,
            version: row.next()?,
            uscc: row.next()?,
            representative: row.next()?,
            sealed: [row.next()?, row.next()?, row.next()?, row.next()?],
        })
    }
}

impl FromRow for KnownRelation {
    fn from_row(row: &mut Row) -> Result<KnownRelation, DbError> {
        let (id, room, party, kind, version) = (
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
        );
        let share: (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
        Ok(KnownRelation {
            id,
            room,
            party,
            kind,
            version,
            facts: TieFacts {
                share: share.0.zip(share.1),
                from: row.next()?,
                until: row.next()?,
            },
        })
    }
}

/// A question for rows whose column is among some: what is selected, the column, the rest.
pub struct Among(&'static str, &'static str, &'static str);

pub const ROOMS: Among = Among(
    "SELECT id, normal, version, area, floor, purpose, state, moved_in, note FROM room_seen",
    "normal",
    "",
);
pub const PLATES: Among = Among(
    "SELECT room, plate FROM vehicle_seen",
    "room",
    "AND ended_at IS NULL",
);
pub const RELATIONS: Among = Among(
    "SELECT id, room, party, kind, version, share_part, share_whole, from_day, until_day \
     FROM relation_seen",
    "room",
    "AND ended_at IS NULL",
);
pub const PARTIES: Among = Among(
    "SELECT id, kind, name, version, uscc, representative, birth, workplace, emergency, note \
     FROM party_seen",
    "name_key",
    "AND merged_into IS NULL",
);
pub const PHONES: Among = Among(
    "SELECT party, sealed FROM party_phone_seen",
    "party",
    "AND ended_at IS NULL",
);
pub const DOCUMENTS: Among = Among(
    "SELECT party, sealed FROM party_document_seen",
    "party",
    "AND ended_at IS NULL",
);

/// All the rows of a question, asked in parts of bounded length.
pub async fn among<T: FromRow, V: Into<Value> + Clone>(
    house: &House,
    c: Community,
    Among(select, column, rest): &Among,
    members: &[V],
) -> Result<Vec<T>, DbError> {
    let mut out = Vec::new();
    for part in members.chunks(LIST_MAX) {
        let mut params = params![c];
        let places = list(&mut params, part);
        let sql = format!("{select} WHERE community = $1 AND {column} IN ({places}) {rest}");
        out.extend(house.db.all(ask(sql, params)).await?);
    }
    Ok(out)
}
