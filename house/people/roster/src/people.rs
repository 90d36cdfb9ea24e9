//! The people of a room and the rooms of a person, masked.

use hanzi::name::masked_name;

use super::contact::{self, masked_document, masked_phone};
use super::room::RoomRef;
use super::{RosterError, Tie, store};
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// Whether a party lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyState {
    Alive,
    Deceased,
}

/// A party without what is sealed. The name is clear: show it by [`Party::masked`].
#[derive(Clone, Debug)]
pub struct Party {
    pub id: Id,
    pub organisation: bool,
    pub name: String,
    pub state: PartyState,
    pub guardian: Option<Id>,
    pub merged_into: Option<Id>,
    pub uscc: Option<String>,
    pub representative: Option<String>,
    pub version: i64,
}

impl Party {
    /// As it is shown by default; an organisation's name is no personal datum.
    pub fn masked(&self) -> String {
        if self.organisation {
            self.name.clone()
        } else {
            masked_name(&self.name)
        }
    }
}

impl FromRow for Party {
    fn from_row(row: &mut Row) -> Result<Party, DbError> {
        Ok(Party {
            id: row.next()?,
            organisation: row.next::<String>()? == "organisation",
            name: row.next()?,
            state: if row.next::<String>()? == "deceased" {
                PartyState::Deceased
            } else {
                PartyState::Alive
            },
            guardian: row.next()?,
            merged_into: row.next()?,
            uscc: row.next()?,
            representative: row.next()?,
            version: row.next()?,
        })
    }
}

/// A relation as it stands or stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    pub id: Id,
    /// The party, or the room when a party's relations were asked for.
    pub other: Id,
    pub kind: Tie,
    /// Lowest terms; 0/0 is joint; unknown is `None`.
    pub share: Option<(i64, i64)>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub vouched_by: Option<Id>,
    pub stands: bool,
    pub version: i64,
}

impl FromRow for Relation {
    fn from_row(row: &mut Row) -> Result<Relation, DbError> {
        let (id, other, kind) = (row.next()?, row.next()?, row.next()?);
        let share: (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
        Ok(Relation {
            id,
            other,
            kind,
            share: share.0.zip(share.1),
            from: row.next()?,
            until: row.next()?,
            vouched_by: row.next()?,
            stands: row.next()?,
            version: row.next()?,
        })
    }
}

/// Somebody of a room, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonHere {
    pub party: Id,
    pub relation: Relation,
    pub organisation: bool,
    pub deceased: bool,
    /// Masked; an organisation's is clear.
    pub name: String,
    /// Masked, the main one first.
    pub phones: Vec<String>,
}

/// Who owns, rents and lives in a room, and who did; the standing ones first, masked.
/// Names no permission: the caller's verb has asked for its own.
pub async fn people_of_room(
    house: &House,
    c: Community,
    room: Id,
) -> Result<Vec<PersonHere>, RosterError> {
    let today = house.now().date().to_string();
    let relations: Vec<Relation> = house.db.all(store::people_of_room(c, room, &today)).await?;
    if relations.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<Id> = relations.iter().map(|r| r.other).collect();
    ids.sort_unstable();
    ids.dedup();
    let parties: Vec<Party> = house.db.all(store::parties(c, &ids)).await?;
    let phones = open_phones(house, c, &ids).await?;
    Ok(relations
        .into_iter()
        .filter_map(|relation| {
            let party = parties.iter().find(|p| p.id == relation.other)?;
            Some(PersonHere {
                party: party.id,
                organisation: party.organisation,
                deceased: party.state == PartyState::Deceased,
                name: party.masked(),
                phones: phones
                    .iter()
                    .filter(|p| p.party == party.id)
                    .map(|p| masked_phone(&p.number))
                    .collect(),
                relation,
            })
        })
        .collect())
}

/// A phone in clear, on its way to be compared or masked.
pub(super) struct OpenPhone {
    pub party: Id,
    pub id: Id,
    pub number: String,
    pub main: bool,
}

pub(super) async fn open_phones(
    house: &House,
    c: Community,
    parties: &[Id],
) -> Result<Vec<OpenPhone>, RosterError> {
    let rows: Vec<(Id, Id, Vec<u8>, bool)> = house.db.all(store::phones(c, parties)).await?;
    let ring = house.keys.ring(c, parties).await?;
    let mut out = Vec::with_capacity(rows.len());
    for (party, id, sealed, main) in rows {
        if let Some(number) = contact::open(&ring, party, contact::PHONE, Some(&sealed))? {
            out.push(OpenPhone {
                party,
                id,
                number,
                main,
            });
        }
    }
    Ok(out)
}

/// Documents in clear: party, kind, number.
pub(super) async fn open_documents(
    house: &House,
    c: Community,
    parties: &[Id],
) -> Result<Vec<(Id, String, String)>, RosterError> {
    let rows: Vec<(Id, String, Vec<u8>)> = house.db.all(store::documents(c, parties)).await?;
    let ring = house.keys.ring(c, parties).await?;
    let mut out = Vec::with_capacity(rows.len());
    for (party, kind, sealed) in rows {
        if let Some(number) = contact::open(&ring, party, contact::DOCUMENT, Some(&sealed))? {
            out.push((party, kind, number));
        }
    }
    Ok(out)
}

/// A party's page: what is known of it, masked, and its rooms.
#[derive(Clone, Debug)]
pub struct PersonPage {
    pub party: Party,
    /// The name as it is shown.
    pub name: String,
    /// Id and masked number, the main one first.
    pub phones: Vec<(Id, String)>,
    /// Kind and masked number.
    pub documents: Vec<(String, String)>,
    /// Which of the sealed texts are known: birth, workplace, emergency, address, needs, note.
    pub known: [bool; 6],
    pub rooms: Vec<(RoomRef, Relation)>,
    /// Plates of the vehicles registered with the rooms where they stand today: the room
    /// and the plate. Clerks keep vehicles by room, so a household's are everybody's in it.
    pub plates: Vec<(RoomRef, String)>,
}

/// The plates of the rooms where somebody stands today.
async fn plates_where(
    house: &House,
    c: Community,
    rooms: &[(RoomRef, Relation)],
) -> Result<Vec<(RoomRef, String)>, DbError> {
    let standing = || rooms.iter().filter(|(_, relation)| relation.stands);
    let mut here: Vec<Id> = standing().map(|(room, _)| room.id).collect();
    here.sort_unstable();
    here.dedup();
    if here.is_empty() {
        return Ok(Vec::new());
    }
    let plates: Vec<(Id, String)> = house.db.all(store::plates_in(c, &here)).await?;
    let at = |id: Id| standing().map(|(room, _)| room).find(|room| room.id == id);
    Ok(plates
        .into_iter()
        .filter_map(|(id, plate)| Some((at(id)?.clone(), plate)))
        .collect())
}

/// The sealed columns of a party, in the order of [`store::sealed`].
pub(super) struct Sealed(pub [Option<Vec<u8>>; 6]);

impl FromRow for Sealed {
    fn from_row(row: &mut Row) -> Result<Sealed, DbError> {
        Ok(Sealed([
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
        ]))
    }
}

/// A party as it stands.
pub(super) async fn party(house: &House, c: Community, id: Id) -> Result<Party, RosterError> {
    house
        .db
        .optional(store::parties(c, &[id]))
        .await?
        .ok_or(RosterError::NoSuchParty)
}

/// A party's page, masked.
pub async fn person(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<PersonPage, RosterError> {
    by.may(Permission::RosterRead)?;
    let party = party(house, c, id).await?;
    let sealed: Sealed = house.db.one(store::sealed(c, id)).await?;
    let phones = open_phones(house, c, &[id]).await?;
    let documents = open_documents(house, c, &[id]).await?;
    let today = house.now().date().to_string();
    let relations: Vec<Relation> = house.db.all(store::rooms_of_party(c, id, &today)).await?;
    let mut rooms = Vec::with_capacity(relations.len());
    if !relations.is_empty() {
        let mut ids: Vec<Id> = relations.iter().map(|r| r.other).collect();
        ids.sort_unstable();
        ids.dedup();
        let refs: Vec<RoomRef> = house.db.all(store::rooms(c, &ids)).await?;
        for relation in relations {
            if let Some(room) = refs.iter().find(|r| r.id == relation.other) {
                rooms.push((room.clone(), relation));
            }
        }
    }
    let plates = plates_where(house, c, &rooms).await?;
    Ok(PersonPage {
        plates,
        name: party.masked(),
        party,
        phones: phones
            .into_iter()
            .map(|p| (p.id, masked_phone(&p.number)))
            .collect(),
        documents: documents
            .into_iter()
            .map(|(_, kind, number)| (kind, masked_document(&number)))
            .collect(),
        known: sealed.0.map(|s| s.is_some()),
        rooms,
    })
}
