//! Makes the keys of rooms and places by the order that is set: a few at a time, so that nobody
//! waits, and again from the beginning after whatever broke it off. Only what differs is written.

use std::collections::BTreeMap;

use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use hanzi::room::{Overrides, RoomCode};
use permissions::actor::Actor;

use super::{of, store, within};
use crate::{Places, RosterError, events};

/// Keys in one write: it keeps the writer for some milliseconds.
const CHUNK: usize = 500;
/// Rooms read in one go.
const TAKE: i64 = 2_000;
/// An order set while another is being applied begins it anew; nobody sets so many in a row.
const TRIES: usize = 8;

enum Rekey {
    Room(Id, Vec<u8>),
    Place(String, Vec<u8>),
}

/// Brings all keys up to the order; how many rooms got another key. Nothing to do is one
/// question. Any number of callers may do it at once.
pub async fn apply(house: &House, c: Community) -> Result<usize, RosterError> {
    for _ in 0..TRIES {
        // The version first: an order that is set between the two questions fails the writes.
        let state: Option<(i64, i64)> = house.db.optional(store::state(c)).await?;
        let Some((version, _)) = state.filter(|(version, made)| made < version) else {
            return Ok(0);
        };
        let site = of(house, c).await?;
        match run(house, c, version, &site).await {
            Err(RosterError::Changed) => {}
            other => return other,
        }
    }
    Err(RosterError::Changed)
}

/// The order, once all keys are made by it: for whoever compares a key of their own with those
/// of the rooms. Finishes what is left to make.
pub async fn settled(house: &House, c: Community) -> Result<Overrides, RosterError> {
    apply(house, c).await?;
    Ok(of(house, c).await?)
}

/// The same inside a write, which cannot wait for it.
///
/// # Errors
/// [`RosterError::Changed`] while keys are still to be made: [`apply`], and again.
pub fn settled_in(look: &mut impl Look, c: Community) -> Result<Overrides, RosterError> {
    let state: Option<(i64, i64)> = look.optional(store::state(c))?;
    if state.is_some_and(|(version, made)| made < version) {
        return Err(RosterError::Changed);
    }
    Ok(within(look, c)?)
}

async fn run(
    house: &House,
    c: Community,
    version: i64,
    site: &Overrides,
) -> Result<usize, RosterError> {
    let mut waiting: Vec<Rekey> = Vec::new();
    let mut places: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut rooms = 0;
    let mut after = String::new();
    loop {
        let part: Vec<(Id, String, Vec<u8>)> =
            house.db.all(store::keys_after(c, &after, TAKE)).await?;
        let Some(last) = part.last() else { break };
        after = last.0.to_string();
        for (id, normal, key) in part {
            // The normal form is who the room is: it reads alike under every order.
            let code = RoomCode::parse(&normal)
                .map_err(|e| DbError::Shape(format!("a room's code {normal}: {e}")))?;
            let made = Places::of(&code, site);
            for place in made.tree() {
                let least = places.entry(place.key).or_insert(place.sort_key);
                if made.sort_key < *least {
                    least.clone_from(&made.sort_key);
                }
            }
            if made.sort_key != key {
                rooms += 1;
                waiting.push(Rekey::Room(id, made.sort_key));
            }
        }
        flush(house, c, version, &mut waiting).await?;
    }
    let mut after = String::new();
    loop {
        let part: Vec<(String, Vec<u8>)> =
            house.db.all(store::places_after(c, &after, TAKE)).await?;
        let Some(last) = part.last() else { break };
        after.clone_from(&last.0);
        for (place, key) in part {
            // A place that no room stands in is not shown; its key may stay.
            if let Some(made) = places.remove(&place).filter(|made| *made != key) {
                waiting.push(Rekey::Place(place, made));
            }
        }
        flush(house, c, version, &mut waiting).await?;
    }
    write(house, c, version, waiting, true).await?;
    Ok(rooms)
}

/// Writes full chunks and leaves the rest for the last one.
async fn flush(
    house: &House,
    c: Community,
    version: i64,
    waiting: &mut Vec<Rekey>,
) -> Result<(), RosterError> {
    while waiting.len() > CHUNK {
        let part = waiting.drain(..CHUNK).collect();
        write(house, c, version, part, false).await?;
    }
    Ok(())
}

async fn write(
    house: &House,
    c: Community,
    version: i64,
    part: Vec<Rekey>,
    last: bool,
) -> Result<(), RosterError> {
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let state: Option<(i64, i64)> = tx.optional(store::state(c))?;
            if state.map(|s| s.0) != Some(version) {
                return Err(RosterError::Changed);
            }
            let mut rooms = 0_i64;
            for one in part {
                match one {
                    Rekey::Room(id, key) => {
                        rooms += 1;
                        tx.execute(store::set_room(c, id, &key))?;
                    }
                    Rekey::Place(place, key) => {
                        tx.execute(store::set_place(c, &place, &key))?;
                    }
                }
            }
            let kind = if last {
                tx.execute(store::made(c, version))?;
                events::ORDER_APPLIED
            } else {
                events::ORDER_KEYED
            };
            let event = Event::new(kind)
                .to(Audience::Staff)
                .with("rooms", rooms)
                .with("version", version);
            Ok(tx.record(event, ())?)
        })
        .await
}
