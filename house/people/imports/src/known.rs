//! What the roster knows already of a file's rooms and names, opened and laid out for
//! comparing. Looked up in parts, outside the writer; versions are checked again when
//! the import is committed.

use std::collections::HashMap;

use super::ImportError;
use super::piece::{PartyFacts, RoomWhole, TieFacts};
use super::store::known::{self, PartyRow, RoomRow};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
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

    pub(super) fn has_room(&self, normal: &str) -> bool {
        self.rooms.iter().any(|room| room.normal == normal)
    }

    async fn load_rooms(
        &mut self,
        house: &House,
        c: Community,
        normals: &[String],
    ) -> Result<(), ImportError> {
        let rows: Vec<RoomRow> = known::among(house, c, &known::ROOMS, normals).await?;
        let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
        let noted: Vec<Id> = rows
            .iter()
            .filter(|r| r.note.is_some())
            .map(|r| r.id)
            .collect();
        let ring = house.keys.ring(c, &noted).await?;
        let plates: Vec<(Id, String)> = known::among(house, c, &known::PLATES, &ids).await?;
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
        self.relations = known::among(house, c, &known::RELATIONS, &ids).await?;
        Ok(())
    }

    async fn load_parties(
        &mut self,
        house: &House,
        c: Community,
        names: &[String],
    ) -> Result<(), ImportError> {
        let rows: Vec<PartyRow> = known::among(house, c, &known::PARTIES, names).await?;
        let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
        let ring = house.keys.ring(c, &ids).await?;
        let phones: Vec<(Id, Vec<u8>)> = known::among(house, c, &known::PHONES, &ids).await?;
        let documents: Vec<(Id, Vec<u8>)> = known::among(house, c, &known::DOCUMENTS, &ids).await?;
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
