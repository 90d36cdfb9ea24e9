//! Who stands on the roster, for rooms that must not reveal it: conduct protects every
//! name with its home.

use std::collections::BTreeMap;

use crate::people::{open_documents, open_phones};
use crate::{RosterError, contact, store};
use foundation::database::{Community, LIST_MAX};
use foundation::house::House;
use foundation::ids::Id;

/// Person, name and room code of every relation that stands, at most `rows`.
pub async fn standing(
    house: &House,
    c: Community,
    rows: i64,
) -> Result<Vec<(Id, String, String)>, RosterError> {
    Ok(house.db.all(store::rows::standing(c, rows)).await?)
}

/// A person's own phones in clear, for comparing with what they write; never shown.
pub async fn phones_of(
    house: &House,
    c: Community,
    person: Id,
) -> Result<Vec<String>, RosterError> {
    let phones = open_phones(house, c, &[person]).await?;
    Ok(phones.into_iter().map(|p| p.number).collect())
}

/// The phone that each of some people is called at first, in clear, for sending; never
/// shown or kept.
pub async fn main_phones(
    house: &House,
    c: Community,
    people: &[Id],
) -> Result<Vec<(Id, String)>, RosterError> {
    let mut out = BTreeMap::new();
    for part in people.chunks(LIST_MAX) {
        // The main one comes first.
        for phone in open_phones(house, c, part).await? {
            out.entry(phone.party).or_insert(phone.number);
        }
    }
    Ok(out.into_iter().collect())
}

/// At most so many relations are looked up for a batch of rooms.
const OF_ROOMS_MAX: i64 = 20_000;

/// Who owns or rents some rooms now and has a phone: room, person and tie, for what the
/// office sends to households.
pub async fn phoned_in(
    house: &House,
    c: Community,
    rooms: &[Id],
) -> Result<Vec<(Id, Id, crate::Tie)>, RosterError> {
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::rows::phoned_in(c, rooms, OF_ROOMS_MAX);
    Ok(house.db.all(found).await?)
}

/// Homes of one party that are looked up.
const HOMES_MAX: i64 = 200;

/// The rooms that a party owns, rents or lives in now, and how.
pub async fn homes_of(
    house: &House,
    c: Community,
    party: Id,
) -> Result<Vec<(Id, crate::Tie)>, RosterError> {
    let asked = store::rows::homes_of(c, party, HOMES_MAX);
    Ok(house.db.all(asked).await?)
}

/// Whether a party owns, rents or lives in one of some rooms, for verbs that nobody may do in
/// their own home's matters.
pub async fn belongs(
    house: &House,
    c: Community,
    party: Id,
    rooms: &[Id],
) -> Result<bool, RosterError> {
    for part in rooms.chunks(LIST_MAX) {
        let found: Option<(Id,)> = house
            .db
            .optional(store::rows::belongs(c, party, part))
            .await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Somebody of a room in clear, for a paper of the office that they are to sign.
pub struct InClear {
    pub party: Id,
    pub tie: crate::Tie,
    pub organisation: bool,
    pub name: String,
    pub uscc: Option<String>,
    pub representative: Option<String>,
    /// Part and whole; 0/0 is joint.
    pub share: Option<(i64, i64)>,
    pub phone: Option<String>,
    /// Kind and number of the first paper of identity.
    pub document: Option<(String, String)>,
}

/// Who stands in a room, and the plates registered with it. Names no permission: the verb
/// that copies it onto a paper asks for its own, and records whose data it took.
pub async fn in_clear(
    house: &House,
    c: Community,
    room: Id,
) -> Result<(Vec<InClear>, Vec<String>), RosterError> {
    let today = house.now().date().to_string();
    let mut relations: Vec<crate::Relation> =
        house.db.all(store::people_of_room(c, room, &today)).await?;
    relations.retain(|r| r.stands);
    let vehicles: Vec<(Id, String)> = house.db.all(store::vehicles(c, room)).await?;
    let plates = vehicles.into_iter().map(|(_, plate)| plate).collect();
    if relations.is_empty() {
        return Ok((Vec::new(), plates));
    }
    let mut ids: Vec<Id> = relations.iter().map(|r| r.other).collect();
    ids.sort_unstable();
    ids.dedup();
    let parties: Vec<crate::Party> = house.db.all(store::parties(c, &ids)).await?;
    let phones = open_phones(house, c, &ids).await?;
    let documents = open_documents(house, c, &ids).await?;
    let people = relations.into_iter().filter_map(|relation| {
        let party = parties.iter().find(|p| p.id == relation.other)?;
        let phone = phones.iter().find(|p| p.party == party.id);
        let document = documents.iter().find(|(whose, ..)| *whose == party.id);
        Some(InClear {
            party: party.id,
            tie: relation.kind,
            organisation: party.organisation,
            name: party.name.clone(),
            uscc: party.uscc.clone(),
            representative: party.representative.clone(),
            share: relation.share,
            phone: phone.map(|p| p.number.clone()),
            document: document.map(|(_, kind, number)| (kind.clone(), number.clone())),
        })
    });
    Ok((people.collect(), plates))
}

/// What decides how somebody's data may be asked for, without the data themselves.
pub struct Apart {
    pub party: Id,
    /// Who speaks for them.
    pub guardian: Option<Id>,
    /// Born later than the day that was asked about; unknown is `None`.
    pub younger: Option<bool>,
    /// Whether there is somebody to call in an emergency.
    pub emergency: bool,
}

/// Of some people: who speaks for them, whether they were born after a day (`YYYY-MM-DD`), and
/// whether an emergency contact is known. At most a household.
pub async fn apart_of(
    house: &House,
    c: Community,
    people: &[Id],
    born_after: &str,
) -> Result<Vec<Apart>, RosterError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ring = house.keys.ring(c, people).await?;
    let parties: Vec<crate::Party> = house.db.all(store::parties(c, people)).await?;
    let mut out = Vec::with_capacity(parties.len());
    for party in parties {
        let sealed: crate::people::Sealed = house.db.one(store::sealed(c, party.id)).await?;
        let [birth, _, emergency, ..] = &sealed.0;
        let birth = contact::open(&ring, party.id, contact::BIRTH, birth.as_deref())?;
        out.push(Apart {
            party: party.id,
            guardian: party.guardian,
            younger: birth.map(|day| day.as_str() > born_after),
            emergency: emergency.is_some(),
        });
    }
    Ok(out)
}
