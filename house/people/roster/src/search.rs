//! One box that finds a room by its code however typed, a person by name, part of a name
//! or its initials, by the tail of a phone, or a car by its plate.

use hanzi::fold;
use hanzi::name::name_key;
use hanzi::numbers::Phone;
use hanzi::room::RoomCode;

use super::contact::{self, TAIL_DIGITS, masked_phone};
use super::people::{Party, open_phones};
use super::room::{RoomRef, find_room};
use super::{RosterError, store};
use foundation::communities::Bits;
use foundation::database::{Community, DbError, FromRow, LIST_MAX, Row};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// The longest query looked at, in characters.
const QUERY_CHARS_MAX: usize = 100;
/// Phones opened for one search: the blind index of a tail leaves some hundreds at 100,000
/// rooms; beyond this the index was planned for a far smaller compound.
const CANDIDATES_MAX: i64 = 4_000;
/// The most people a search shows.
const HITS_MAX: usize = 50;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub room: Option<RoomRef>,
    /// The person, with the name masked.
    pub party: Option<(Id, String)>,
    /// What was found: `room`, `name`, `phone` or `plate`.
    pub why: &'static str,
    /// The phone masked, or the plate.
    pub shown: String,
}

/// A room with the party it was asked for.
pub(super) struct RoomOf {
    pub party: Id,
    pub room: RoomRef,
}

impl FromRow for RoomOf {
    fn from_row(row: &mut Row) -> Result<RoomOf, DbError> {
        Ok(RoomOf {
            party: row.next()?,
            room: RoomRef::from_row(row)?,
        })
    }
}

struct PlateRow(String, RoomRef);

impl FromRow for PlateRow {
    fn from_row(row: &mut Row) -> Result<PlateRow, DbError> {
        Ok(PlateRow(row.next()?, RoomRef::from_row(row)?))
    }
}

/// Searches the roster; at most `limit` of each kind, rooms first.
pub async fn search(
    house: &House,
    by: &Actor,
    c: Community,
    query: &str,
    limit: usize,
) -> Result<Vec<Hit>, RosterError> {
    by.may(Permission::RosterRead)?;
    let query = query.trim();
    let mut hits = Vec::new();
    if query.is_empty() || query.chars().count() > QUERY_CHARS_MAX {
        return Ok(hits);
    }
    let limit = limit.clamp(1, HITS_MAX);
    rooms(house, c, query, limit, &mut hits).await?;
    let digits = fold::digits_only(query);
    let numeric = fold::key(query)
        .chars()
        .all(|ch| ch.is_ascii_digit() || matches!(ch, '-' | '+' | '(' | ')'));
    if numeric && digits.len() >= TAIL_DIGITS {
        phones(house, c, query, &digits, limit, &mut hits).await?;
    }
    if !numeric {
        names(house, c, query, limit, &mut hits).await?;
    }
    plates(house, c, query, limit, &mut hits).await?;
    Ok(hits)
}

async fn rooms(
    house: &House,
    c: Community,
    query: &str,
    limit: usize,
    hits: &mut Vec<Hit>,
) -> Result<(), RosterError> {
    let mut found: Vec<RoomRef> = find_room(house, c, query).await?.into_iter().collect();
    let site = super::order::of(house, c).await?;
    let prefix = RoomCode::parse_at(query, &site).map_or_else(
        |_| fold::key(query),
        |code| {
            let normal = code.normal();
            // A building alone is written 3栋; its rooms begin with 3-.
            normal
                .strip_suffix('栋')
                .map_or(normal.clone(), |b| format!("{b}-"))
        },
    );
    let most = limit as i64;
    let more: Vec<RoomRef> = house.db.all(store::rooms_from(c, &prefix, most)).await?;
    let tail: Vec<RoomRef> = house.db.all(store::rooms_of_tail(c, &prefix, most)).await?;
    for room in more.into_iter().chain(tail) {
        if !found.iter().any(|r| r.id == room.id) {
            found.push(room);
        }
    }
    found.truncate(limit);
    hits.extend(found.into_iter().map(|room| Hit {
        room: Some(room),
        party: None,
        why: "room",
        shown: String::new(),
    }));
    Ok(())
}

async fn names(
    house: &House,
    c: Community,
    query: &str,
    limit: usize,
    hits: &mut Vec<Hit>,
) -> Result<(), RosterError> {
    let key = name_key(query);
    if key.is_empty() {
        return Ok(());
    }
    let ids: Vec<(Id,)> = house
        .db
        .all(store::words_from(c, &key, limit as i64))
        .await?;
    let ids: Vec<(Id, String)> = ids.into_iter().map(|(id,)| (id, String::new())).collect();
    people(house, c, ids, "name", hits).await
}

/// Parties as hits, each with its first room.
async fn people(
    house: &House,
    c: Community,
    found: Vec<(Id, String)>,
    why: &'static str,
    hits: &mut Vec<Hit>,
) -> Result<(), RosterError> {
    if found.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = found.iter().map(|f| f.0).collect();
    let parties: Vec<Party> = house.db.all(store::parties(c, &ids)).await?;
    let today = house.now().date().to_string();
    let rooms: Vec<RoomOf> = house.db.all(store::rooms_of(c, &ids, &today)).await?;
    for (id, shown) in found {
        let Some(party) = parties.iter().find(|p| p.id == id) else {
            continue;
        };
        hits.push(Hit {
            room: rooms.iter().find(|r| r.party == id).map(|r| r.room.clone()),
            party: Some((id, party.masked())),
            why,
            shown,
        });
    }
    Ok(())
}

/// Parties with a phone of this tail for which `same` holds. `digits` holds the tail last.
pub(super) async fn parties_of_phone(
    house: &House,
    c: Community,
    digits: &str,
    same: impl Fn(&str) -> bool,
) -> Result<Vec<Id>, RosterError> {
    let found = open_candidates(house, c, digits, same).await?;
    let mut ids: Vec<Id> = found.into_iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(LIST_MAX);
    Ok(ids)
}

async fn open_candidates(
    house: &House,
    c: Community,
    digits: &str,
    same: impl Fn(&str) -> bool,
) -> Result<Vec<(Id, String)>, RosterError> {
    let (phone, tail, document): (u32, u32, u32) = house.db.one(store::bits(c)).await?;
    let bits = Bits {
        phone,
        tail,
        document,
    };
    let blind = contact::blind_tail(house, c, bits, digits);
    let whole = Phone::parse(digits)
        .ok()
        .map(|p| house.keys.blind(c, contact::PHONE, &p.e164(), bits.phone));
    let candidates: Vec<(Id, Vec<u8>)> = house
        .db
        .all(store::phones_like(c, blind, whole, CANDIDATES_MAX))
        .await?;
    let ids: Vec<Id> = candidates.iter().map(|(id, _)| *id).collect();
    let ring = house.keys.ring(c, &ids).await?;
    let mut found = Vec::new();
    for (party, sealed) in candidates {
        if let Some(number) = contact::open(&ring, party, contact::PHONE, Some(&sealed))?
            && same(&number)
        {
            found.push((party, number));
        }
    }
    Ok(found)
}

async fn phones(
    house: &House,
    c: Community,
    query: &str,
    digits: &str,
    limit: usize,
    hits: &mut Vec<Hit>,
) -> Result<(), RosterError> {
    let whole = Phone::parse(query).ok();
    let same = |number: &str| match (&whole, Phone::parse(number)) {
        (Some(whole), Ok(number)) => whole.e164() == number.e164(),
        _ => fold::digits_only(number).ends_with(digits),
    };
    let wanted = whole
        .as_ref()
        .map_or_else(|| digits.to_owned(), Phone::e164);
    let mut found = open_candidates(house, c, &wanted, same).await?;
    found.dedup_by_key(|f| f.0);
    found.truncate(limit);
    let found = found
        .into_iter()
        .map(|(id, number)| (id, masked_phone(&number)))
        .collect();
    people(house, c, found, "phone", hits).await
}

async fn plates(
    house: &House,
    c: Community,
    query: &str,
    limit: usize,
    hits: &mut Vec<Hit>,
) -> Result<(), RosterError> {
    // Plates are capitals and digits behind one province sign: 粤B12345.
    let plate: String = fold::key(query)
        .to_uppercase()
        .chars()
        .filter(|ch| ch.is_alphanumeric())
        .collect();
    if plate.chars().filter(char::is_ascii_alphanumeric).count() < 3 {
        return Ok(());
    }
    let mut seen = Vec::new();
    for ask in store::rooms_of_plate(c, &plate, limit as i64) {
        let rows: Vec<PlateRow> = house.db.all(ask).await?;
        for PlateRow(plate, room) in rows {
            let one = (plate.clone(), room.id);
            if !seen.contains(&one) && seen.len() < limit {
                seen.push(one);
                hits.push(Hit {
                    room: Some(room),
                    party: None,
                    why: "plate",
                    shown: plate,
                });
            }
        }
    }
    Ok(())
}

/// More of one name are told apart by searching.
const ALIKE_MAX: i64 = 20;

/// Somebody of a name, as they are told apart: masked, with homes and masked phones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    pub party: Id,
    pub name: String,
    pub known: Vec<String>,
}

/// Who on the roster has exactly this name, however it is written: asked before a second
/// record of somebody is made.
pub async fn alike(house: &House, by: &Actor, name: &str) -> Result<Vec<Alike>, RosterError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    told_apart(house, c, named_alike(house, c, name).await?).await
}

pub(super) async fn named_alike(
    house: &House,
    c: Community,
    name: &str,
) -> Result<Vec<Party>, RosterError> {
    let ask = store::parties_named(c, &hanzi::name::name_key(name), ALIKE_MAX);
    Ok(house.db.all(ask).await?)
}

pub(super) async fn told_apart(
    house: &House,
    c: Community,
    parties: Vec<Party>,
) -> Result<Vec<Alike>, RosterError> {
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = parties.iter().map(|p| p.id).collect();
    let today = house.now().date().to_string();
    let rooms: Vec<RoomOf> = house.db.all(store::rooms_of(c, &ids, &today)).await?;
    let phones = open_phones(house, c, &ids).await?;
    let apart = |p: &Party| {
        let at = rooms.iter().filter(|r| r.party == p.id);
        let mut known: Vec<String> = at.map(|r| r.room.code.clone()).collect();
        let theirs = phones.iter().filter(|n| n.party == p.id);
        known.extend(theirs.map(|n| contact::masked_phone(&n.number)));
        Alike {
            party: p.id,
            name: p.masked(),
            known,
        }
    };
    Ok(parties.iter().map(apart).collect())
}
