//! What hangs on the office's wall: its own order of buildings, units and floors (archive.md P5.1).

use std::collections::BTreeMap;

use super::{Atom, CodeError, Floor, RoomCode};

/// A building, within its phase and zone.
type Place = (Atom, Atom, Atom);

/// An office's own order, which wins over the rules. Empty by default.
///
/// What is listed comes before what is not; the rest keeps the rules' order behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    buildings: BTreeMap<Place, u32>,
    units: BTreeMap<(Place, Atom), u32>,
    floors: BTreeMap<(Place, Floor), i32>,
    /// Buildings that have a floor G, which moves a bare mezzanine (P5.6).
    ground_floors: BTreeMap<Place, ()>,
}

fn place(code: &RoomCode) -> Place {
    (
        code.phase().clone(),
        code.zone().clone(),
        code.building().clone(),
    )
}

impl Overrides {
    /// Nothing overridden.
    #[must_use]
    pub fn new() -> Overrides {
        Overrides::default()
    }

    /// Puts a building (`3棟`, `二期3棟`) at that place among the buildings.
    ///
    /// # Errors
    /// When the text names no building.
    pub fn building(&mut self, building: &str, order: u32) -> Result<&mut Self, CodeError> {
        let code = RoomCode::parse(building)?;
        if code.building().is_missing() {
            return Err(CodeError::NoNumber);
        }
        self.buildings.insert(place(&code), order);
        Ok(self)
    }

    /// Puts a unit (`3棟2單元`) at that place among its building's units.
    ///
    /// # Errors
    /// When the text names no unit.
    pub fn unit(&mut self, unit: &str, order: u32) -> Result<&mut Self, CodeError> {
        let code = RoomCode::parse(unit)?;
        if code.unit().is_missing() {
            return Err(CodeError::NoNumber);
        }
        self.units
            .insert((place(&code), code.unit().clone()), order);
        Ok(self)
    }

    /// Puts a floor (`3棟3A層`, `3棟B1層`) at that height, in tenths of a storey (2F is 20).
    ///
    /// # Errors
    /// When the text names no floor.
    pub fn floor(&mut self, floor: &str, height_x10: i32) -> Result<&mut Self, CodeError> {
        let code = RoomCode::parse(floor)?;
        let level = code.floor().ok_or(CodeError::NoNumber)?;
        self.floors.insert((place(&code), level), height_x10);
        Ok(self)
    }

    /// Notes that the building of this code has a floor G when the code is on it.
    pub fn notice_ground_floor(&mut self, code: &RoomCode) {
        if code.floor() == Some(Floor::Ground) {
            self.ground_floors.insert(place(code), ());
        }
    }

    pub(super) fn names_building(&self, name: &Atom) -> bool {
        self.buildings
            .keys()
            .any(|(_, _, building)| building == name)
    }

    pub(super) fn names_unit(&self, name: &Atom) -> bool {
        self.units.keys().any(|(_, unit)| unit == name)
    }

    pub(super) fn building_order(&self, code: &RoomCode) -> Option<u32> {
        if self.buildings.is_empty() {
            None
        } else {
            self.buildings.get(&place(code)).copied()
        }
    }

    pub(super) fn unit_order(&self, code: &RoomCode) -> Option<u32> {
        if self.units.is_empty() {
            None
        } else {
            self.units.get(&(place(code), code.unit().clone())).copied()
        }
    }

    pub(super) fn height_x10(&self, code: &RoomCode, floor: Floor) -> i32 {
        if !self.floors.is_empty()
            && let Some(&height) = self.floors.get(&(place(code), floor))
        {
            return height;
        }
        let ground = floor == Floor::Mezzanine && self.ground_floors.contains_key(&place(code));
        floor.height_x10(ground)
    }
}
