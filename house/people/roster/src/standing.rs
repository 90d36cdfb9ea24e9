//! Who stands on the roster, for rooms that must not reveal it: conduct protects every
//! name with its home.

use std::collections::BTreeMap;

use crate::people::open_phones;
use crate::{RosterError, store};
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
