//! Rooms: found however their code is typed, and listed in the order of the shelf.

use hanzi::fold;
use hanzi::room::RoomCode;

use super::rows::RoomFacts;
use super::{RosterError, Spot, store};
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// Rooms on one page of a list.
pub const PAGE_ROOMS: i64 = 50;

/// A room as others refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRef {
    pub id: Id,
    /// As the office types it.
    pub code: String,
    /// The one normal form.
    pub normal: String,
    /// Byte order is shelf order.
    pub sort_key: Vec<u8>,
}

impl FromRow for RoomRef {
    fn from_row(row: &mut Row) -> Result<RoomRef, DbError> {
        Ok(RoomRef {
            id: row.next()?,
            code: row.next()?,
            normal: row.next()?,
            sort_key: row.next()?,
        })
    }
}

/// A room with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub at: RoomRef,
    pub phase: String,
    pub zone: String,
    pub building: String,
    pub unit: String,
    pub facts: RoomFacts,
    /// Whether there is a note; it is shown by [`super::unmask_room_note`].
    pub has_note: bool,
    /// Counts changes; an edit names the one it saw.
    pub version: i64,
}

impl FromRow for Room {
    fn from_row(row: &mut Row) -> Result<Room, DbError> {
        Ok(Room {
            at: RoomRef::from_row(row)?,
            phase: row.next()?,
            zone: row.next()?,
            building: row.next()?,
            unit: row.next()?,
            facts: RoomFacts {
                area: row.next()?,
                floor: row.next()?,
                purpose: row.next()?,
                state: row.next()?,
                moved_in: row.next()?,
            },
            has_note: row.next()?,
            version: row.next()?,
        })
    }
}

/// A room on a list, with its people's names masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    pub room: Room,
    /// Owners, masked.
    pub owners: Vec<String>,
    /// How many tenants and family members live there.
    pub others: u64,
}

/// What a list of rooms shows; empty says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub building: String,
    pub unit: String,
    pub purpose: String,
    pub state: String,
    /// Only rooms that carry this tag.
    pub tag: Option<Id>,
    /// Only rooms without an owner on the roster.
    pub ownerless: bool,
    /// Against the order of the shelf.
    pub backwards: bool,
}

/// The room of a code, however it is typed; `None` when the roster has none such.
pub async fn find_room(
    house: &House,
    c: Community,
    typed: &str,
) -> Result<Option<RoomRef>, DbError> {
    let normals = readings(house, c, typed).await?;
    for normal in &normals {
        if let Some(room) = room_by_normal(house, c, normal).await? {
            return Ok(Some(room));
        }
    }
    // A former code, or one flat of a merged home.
    let normal = normals.into_iter().next().unwrap_or_default();
    house
        .db
        .optional(store::room_by_alias(c, &normal, &fold::key(typed)))
        .await
}

/// The normal forms that a typed code may mean: as it is read where the office has names of its
/// own (a building B1), then as it is read anywhere, for rooms that were there before those.
async fn readings(house: &House, c: Community, typed: &str) -> Result<Vec<String>, DbError> {
    let site = super::order::of(house, c).await?;
    let here = RoomCode::parse_at(typed, &site).ok();
    let anywhere = RoomCode::parse(typed)
        .ok()
        .filter(|code| Some(code) != here.as_ref());
    let both = here.into_iter().chain(anywhere);
    Ok(both.map(|code| code.normal()).collect())
}

/// The room of a normal form.
pub async fn room_by_normal(
    house: &House,
    c: Community,
    normal: &str,
) -> Result<Option<RoomRef>, DbError> {
    house.db.optional(store::room_by_normal(c, normal)).await
}

/// A room by its id.
pub async fn room(house: &House, c: Community, id: Id) -> Result<Option<Room>, DbError> {
    house.db.optional(store::room(c, id)).await
}

/// A page of rooms in shelf order, beginning behind `after`, at most [`PAGE_ROOMS`],
/// and whether there are more.
pub async fn rooms_page(
    house: &House,
    by: &Actor,
    c: Community,
    filter: &Filter,
    after: &Spot,
) -> Result<(Vec<RoomRow>, bool), RosterError> {
    by.may(Permission::RosterRead)?;
    let mut rooms: Vec<Room> = house
        .db
        .all(store::rooms_page(c, filter, after, PAGE_ROOMS + 1))
        .await?;
    let more = rooms.len() as i64 > PAGE_ROOMS;
    rooms.truncate(PAGE_ROOMS as usize);
    let mut rows: Vec<RoomRow> = rooms
        .into_iter()
        .map(|room| RoomRow {
            room,
            owners: Vec::new(),
            others: 0,
        })
        .collect();
    if rows.is_empty() {
        return Ok((rows, false));
    }
    let ids: Vec<Id> = rows.iter().map(|r| r.room.at.id).collect();
    let today = house.now().date().to_string();
    let people: Vec<(Id, super::Tie, String)> =
        house.db.all(store::names_in(c, &ids, &today)).await?;
    for (room, tie, name) in people {
        let Some(row) = rows.iter_mut().find(|r| r.room.at.id == room) else {
            continue;
        };
        if tie.owns() {
            row.owners.push(hanzi::name::masked_name(&name));
        } else {
            row.others += 1;
        }
    }
    Ok((rows, more))
}

/// How many rooms a filter finds.
pub async fn rooms_count(
    house: &House,
    by: &Actor,
    c: Community,
    filter: &Filter,
) -> Result<u64, RosterError> {
    by.may(Permission::RosterRead)?;
    let (n,): (i64,) = house.db.one(store::rooms_count(c, filter)).await?;
    Ok(n as u64)
}

/// Buildings that have rooms, in shelf order, at most 1,000.
pub async fn buildings(house: &House, c: Community) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = house.db.all(store::buildings(c)).await?;
    Ok(rows.into_iter().map(|(b,)| b).collect())
}
