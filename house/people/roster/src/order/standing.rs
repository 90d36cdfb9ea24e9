//! The buildings, units and floors that rooms stand in, by the names of room codes.

use std::collections::HashMap;

use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use hanzi::room::{Atom, Floor, Overrides, RoomCode};
use permissions::Permission;
use permissions::actor::Actor;

use super::{Level, Listed, overrides, store};
use crate::RosterError;

/// A building, unit or floor as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// As a room code names it.
    pub name: String,
    /// Phase and zone, where there are any.
    pub within: String,
    /// Its own name in that: 3 of 二期3栋, 2 of 3栋2单元, 3A of 3-3A层.
    pub word: String,
    pub rooms: u64,
    /// Its place or height in the office's own order.
    pub ord: Option<i64>,
    /// Of a floor, where the rules put it: tenths of a storey.
    pub height_x10: Option<i32>,
}

/// The order as it is now.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Counts settings; who sets another names the one that was seen.
    pub version: i64,
    /// The keys of some rooms are still to be made by it.
    pub making: bool,
    pub listed: Vec<Listed>,
    /// In shelf order.
    pub buildings: Vec<Named>,
    /// Of the building asked for, or of rooms without one.
    pub units: Vec<Named>,
    pub floors: Vec<Named>,
}

type Place = (Atom, Atom, Atom);

/// One name with a code that says where it stands.
struct Seen {
    code: RoomCode,
    rooms: u64,
}

/// Every name by what it is made of; a name is worked out once, not for each room.
#[derive(Default)]
pub(super) struct Names {
    buildings: HashMap<Place, Option<Seen>>,
    units: HashMap<(Place, Atom), Option<Seen>>,
    floors: HashMap<(Place, Floor), Option<Seen>>,
}

fn count<K: std::hash::Hash + Eq>(
    map: &mut HashMap<K, Option<Seen>>,
    key: K,
    name: impl FnOnce() -> Option<RoomCode>,
) {
    let found = map
        .entry(key)
        .or_insert_with(|| name().map(|code| Seen { code, rooms: 0 }));
    if let Some(seen) = found {
        seen.rooms += 1;
    }
}

impl Names {
    fn see(&mut self, code: &RoomCode) {
        let place = (
            code.phase().clone(),
            code.zone().clone(),
            code.building().clone(),
        );
        if let Some(floor) = code.floor() {
            count(&mut self.floors, (place.clone(), floor), || {
                code.only_floor()
            });
        }
        if !code.unit().is_missing() {
            let unit = (place.clone(), code.unit().clone());
            count(&mut self.units, unit, || code.only_unit());
        }
        count(&mut self.buildings, place, || code.only_building());
    }

    fn of(&self, level: Level) -> Box<dyn Iterator<Item = &Seen> + '_> {
        match level {
            Level::Building => Box::new(self.buildings.values().flatten()),
            Level::Unit => Box::new(self.units.values().flatten()),
            Level::Floor => Box::new(self.floors.values().flatten()),
        }
    }

    /// Whether a room stands in what is named so.
    pub(super) fn has(&self, level: Level, name: &str) -> bool {
        self.of(level).any(|seen| seen.code.as_normal() == name)
    }
}

/// The names of all rooms that are shown.
pub(super) async fn names(house: &House, c: Community) -> Result<Names, DbError> {
    house
        .db
        .reading(move |r| {
            let mut names = Names::default();
            r.each(store::shown(c), |(_, normal): (Id, String)| {
                if let Ok(code) = RoomCode::parse(&normal) {
                    names.see(&code);
                }
                Ok(true)
            })?;
            Ok(names)
        })
        .await
}

/// What a building stands in, as text that is the same for those that stand together.
pub(super) fn phase_of(building: &str) -> String {
    let named = |code: RoomCode| format!("{}/{}", code.phase(), code.zone());
    RoomCode::parse(building).map_or_else(|_| String::new(), named)
}

pub(super) fn building_of(name: &str) -> String {
    let building = RoomCode::parse(name).ok().and_then(|c| c.only_building());
    building.map_or_else(String::new, |b| b.normal())
}

/// The order as it stands, with the units and floors of one building (empty: of none).
pub async fn standing(
    house: &House,
    by: &Actor,
    c: Community,
    building: &str,
) -> Result<Standing, RosterError> {
    by.may(Permission::ArchiveSet)?;
    let state: Option<(i64, i64)> = house.db.optional(store::state(c)).await?;
    let (version, made) = state.unwrap_or((0, 0));
    let listed: Vec<Listed> = house.db.all(store::listed(c)).await?;
    let site = overrides(&listed)?;
    let names = names(house, c).await?;
    let ours = |seen: &&Seen| building_of(seen.code.as_normal()) == building;
    let rows = |level: Level, seen: Vec<&Seen>| shown(level, seen, &site, &listed);
    Ok(Standing {
        version,
        making: made < version,
        buildings: rows(Level::Building, names.of(Level::Building).collect()),
        units: rows(Level::Unit, names.of(Level::Unit).filter(ours).collect()),
        floors: rows(Level::Floor, names.of(Level::Floor).filter(ours).collect()),
        listed,
    })
}

fn shown(level: Level, mut seen: Vec<&Seen>, site: &Overrides, listed: &[Listed]) -> Vec<Named> {
    seen.sort_by_cached_key(|s| s.code.sort_key_with(site));
    let word = |code: &RoomCode| match level {
        Level::Building => code.building().to_string(),
        Level::Unit => code.unit().to_string(),
        Level::Floor => code.floor().map_or_else(String::new, |f| f.to_string()),
    };
    let each = seen.into_iter().map(|s| {
        let name = s.code.normal();
        let ord = listed.iter().find(|l| l.level == level && l.name == name);
        let mut within = String::new();
        if !s.code.phase().is_missing() {
            within = format!("{}期", s.code.phase());
        }
        if !s.code.zone().is_missing() {
            within += &s.code.zone().to_string();
        }
        Named {
            within,
            word: word(&s.code),
            rooms: s.rooms,
            ord: ord.map(|l| l.ord),
            // 頂層 is above all others and has no height that one would write.
            height_x10: s
                .code
                .floor()
                .filter(|f| *f != Floor::Roof)
                .map(|f| f.height_x10(false)),
            name,
        }
    });
    each.collect()
}
