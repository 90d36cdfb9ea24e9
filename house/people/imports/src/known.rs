//! What the roster knows already of a file's rooms and names, opened and laid out for
//! comparing. Looked up in parts, outside the writer; versions are checked again when
//! the import is committed.

use std::collections::HashMap;

use super::ImportError;
use super::piece::{PartyFacts, RoomWhole, TieFacts};
use foundation::database::{Community, DbError, FromRow, LIST_MAX, Row, Value, ask, list};
use foundation::house::House;
use foundation::ids::Id;
use foundation::params;
use roster::rows::RoomFacts;
use roster::{Tie, contact};

/// A room on the roster.
pub struct KnownRoom {
    pub id: Id,
    pub normal: String,
    pub version: i64,
    pub whole: RoomWhole,
    pub plates: Vec<String>,
}

/// A party on the roster whose name stands in the file.
pub struct KnownParty {
    pub id: Id,
    pub name: String,
    pub organisation: bool,
    pub version: i64,
    pub facts: PartyFacts,
    pub phones: Vec<String>,
    /// Numbers.
    pub documents: Vec<String>,
}

/// A relation that stands, of a room in the file.
pub struct KnownRelation {
    pub id: Id,
    pub room: Id,
    pub party: Id,
    pub kind: Tie,
    pub version: i64,
    pub facts: TieFacts,
}

/// All of it.
#[derive(Default)]
pub struct Known {
    pub rooms: Vec<KnownRoom>,
    pub parties: Vec<KnownParty>,
    pub relations: Vec<KnownRelation>,
}

struct RoomRow {
    id: Id,
    normal: String,
    version: i64,
    facts: RoomFacts,
    note: Option<Vec<u8>>,
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

struct PartyRow {
    id: Id,
    kind: String,
    name: String,
    version: i64,
    uscc: Option<String>,
    representative: Option<String>,
    /// birth, workplace, emergency, note
    sealed: [Option<Vec<u8>>; 4],
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

/// Rows of one table whose `column` is among `members`; `select` ends before the condition.
async fn among<T: FromRow, V: Into<Value> + Clone>(
    house: &House,
    c: Community,
    select: &str,
    column: &str,
    rest: &str,
    members: &[V],
) -> Result<Vec<T>, DbError> {
    let mut out = Vec::new();
    for part in members.chunks(LIST_MAX) {
        let mut params = params![c];
        let places = list(&mut params, part);
        out.extend(
            house
                .db
                .all(ask(
                    format!("{select} WHERE community = $1 AND {column} IN ({places}) {rest}"),
                    params,
                ))
                .await?,
        );
    }
    Ok(out)
}

impl Known {
    /// Looks up rooms by normal form and parties by name key.
    pub async fn load(
        house: &House,
        c: Community,
        normals: &[String],
        names: &[String],
    ) -> Result<Known, ImportError> {
        let mut known = Known::default();
        known.load_rooms(house, c, normals).await?;
        known.load_parties(house, c, names).await?;
        Ok(known)
    }

    async fn load_rooms(
        &mut self,
        house: &House,
        c: Community,
        normals: &[String],
    ) -> Result<(), ImportError> {
        let rows: Vec<RoomRow> = among(
            house,
            c,
            "SELECT id, normal, version, area, floor, purpose, state, moved_in, note FROM room_seen",
            "normal",
            "",
            normals,
        )
        .await?;
        let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
        let noted: Vec<Id> = rows
            .iter()
            .filter(|r| r.note.is_some())
            .map(|r| r.id)
            .collect();
        let ring = house.keys.ring(c, &noted).await?;
        let plates: Vec<(Id, String)> = among(
            house,
            c,
            "SELECT room, plate FROM vehicle_seen",
            "room",
            "AND ended_at IS NULL",
            &ids,
        )
        .await?;
        let mut of_room: HashMap<Id, Vec<String>> = HashMap::new();
        for (room, plate) in plates {
            of_room.entry(room).or_default().push(plate);
        }
        for row in rows {
            self.rooms.push(KnownRoom {
                plates: of_room.remove(&row.id).unwrap_or_default(),
                whole: RoomWhole {
                    note: contact::open(&ring, row.id, contact::NOTE, row.note.as_deref())?,
                    facts: row.facts,
                },
                id: row.id,
                normal: row.normal,
                version: row.version,
            });
        }
        self.relations = among(
            house,
            c,
            "SELECT id, room, party, kind, version, share_part, share_whole, from_day, until_day \
             FROM relation_seen",
            "room",
            "AND ended_at IS NULL",
            &ids,
        )
        .await?;
        Ok(())
    }

    async fn load_parties(
        &mut self,
        house: &House,
        c: Community,
        names: &[String],
    ) -> Result<(), ImportError> {
        let rows: Vec<PartyRow> = among(
            house,
            c,
            "SELECT id, kind, name, version, uscc, representative, birth, workplace, emergency, \
             note FROM party_seen",
            "name_key",
            "AND merged_into IS NULL",
            names,
        )
        .await?;
        let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
        let ring = house.keys.ring(c, &ids).await?;
        let phones: Vec<(Id, Vec<u8>)> = among(
            house,
            c,
            "SELECT party, sealed FROM party_phone_seen",
            "party",
            "AND ended_at IS NULL",
            &ids,
        )
        .await?;
        let documents: Vec<(Id, Vec<u8>)> = among(
            house,
            c,
            "SELECT party, sealed FROM party_document_seen",
            "party",
            "AND ended_at IS NULL",
            &ids,
        )
        .await?;
        let mut open: [HashMap<Id, Vec<String>>; 2] = Default::default();
        for (at, (column, list)) in [(contact::PHONE, phones), (contact::DOCUMENT, documents)]
            .into_iter()
            .enumerate()
        {
            for (party, sealed) in list {
                if let Some(text) = contact::open(&ring, party, column, Some(&sealed))? {
                    open[at].entry(party).or_default().push(text);
                }
            }
        }
        let [mut phones, mut documents] = open;
        for row in rows {
            let clear =
                |at: usize, column| contact::open(&ring, row.id, column, row.sealed[at].as_deref());
            self.parties.push(KnownParty {
                phones: phones.remove(&row.id).unwrap_or_default(),
                documents: documents.remove(&row.id).unwrap_or_default(),
                facts: PartyFacts {
                    birth: clear(0, contact::BIRTH)?,
                    workplace: clear(1, contact::WORKPLACE)?,
                    emergency: clear(2, contact::EMERGENCY)?,
                    note: clear(3, contact::NOTE)?,
                    uscc: row.uscc.clone(),
                    representative: row.representative.clone(),
                },
                id: row.id,
                organisation: row.kind == "organisation",
                name: row.name,
                version: row.version,
            });
        }
        Ok(())
    }
}
