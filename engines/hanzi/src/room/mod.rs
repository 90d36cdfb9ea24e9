//! Room codes: read however they are typed, one normal form, one order on the shelf.
//!
//! A code is `[phase][zone]building-unit-room`. The rules are archive.md P5 of the reference: what is
//! typed is kept for the screen; everything else works on the parts. Two codes are equal when their
//! normal forms are, and [`Ord`] is the order of the shelf, which [`RoomCode::sort_key`] gives as
//! bytes for the database.

mod atom;
mod error;
mod flat;
mod floor;
#[cfg(test)]
mod laws;
mod marks;
mod numerals;
mod overrides;
mod pieces;
mod reading;
mod said;
mod spelling;
#[cfg(test)]
mod tests;
mod writing;
#[cfg(test)]
mod writings;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

pub use atom::Atom;
pub use error::CodeError;
pub use flat::Flat;
pub use floor::Floor;
pub use overrides::Overrides;
pub use said::building_said;

use reading::Parts;

/// Longest code read, in characters; the longest real one, with marks and a zone's name, has about 30.
pub const CODE_CHARS_MAX: usize = 80;
/// Longest number in a code: a long serial still fits, a phone number does not.
pub const NUMBER_DIGITS_MAX: usize = 8;
/// First byte of every sort key. A change of the rules raises it, so that stored keys are remade.
pub const KEY_VERSION: u8 = 1;

/// What a room is used for, in the order of the shelf (P5.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 住宅; also when the code does not say.
    #[default]
    Residence,
    /// 商鋪.
    Shop,
    /// 寫字樓.
    Office,
    /// 車位.
    Parking,
    /// 儲藏.
    Storage,
}

/// Why a code may have been meant otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmbiguityCause {
    /// Five digits or more that begin with the building or unit: 3-2-21801.
    EchoedRoom,
    /// Five digits or more and no building: 31801.
    GluedDigits,
    /// Four numbers before the room's: phase or zone.
    PhaseOrZone,
}

/// A question for whoever imports the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// Why.
    pub cause: AmbiguityCause,
    /// Other readings, in normal form; the code itself is the literal reading.
    pub others: Vec<String>,
}

/// A room's code.
#[derive(Clone, Debug)]
pub struct RoomCode {
    typed: String,
    normal: String,
    parts: Parts,
    ambiguity: Option<Ambiguity>,
}

impl RoomCode {
    /// Reads a code.
    ///
    /// # Errors
    /// When the text is no code; the error says how to mend it.
    pub fn parse(text: &str) -> Result<RoomCode, CodeError> {
        RoomCode::parse_at(text, &Overrides::default())
    }

    /// Reads a code where the office's own names are known: `B1` is a building, not a basement, in a
    /// compound that has a building B1.
    ///
    /// # Errors
    /// As [`RoomCode::parse`].
    pub fn parse_at(text: &str, site: &Overrides) -> Result<RoomCode, CodeError> {
        let reading = reading::read(text, site)?;
        let normal = writing::normal(&reading.parts)?;
        let ambiguity = reading.doubt.map(|(cause, others)| Ambiguity {
            cause,
            others: others
                .iter()
                .filter_map(|parts| writing::normal(parts).ok())
                .collect(),
        });
        Ok(RoomCode {
            typed: text.to_owned(),
            normal,
            parts: reading.parts,
            ambiguity,
        })
    }

    fn from_parts(parts: Parts) -> Result<RoomCode, CodeError> {
        let normal = writing::normal(&parts)?;
        Ok(RoomCode {
            typed: normal.clone(),
            normal,
            parts,
            ambiguity: None,
        })
    }

    /// The text as it was typed, for the screen.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// The one normal form: `3-2-1801`, `二期3-2-1801`, `12栋`, `商-07`. Reads back as the same code.
    #[must_use]
    pub fn normal(&self) -> String {
        self.normal.clone()
    }

    /// [`RoomCode::normal`] without a copy.
    #[must_use]
    pub fn as_normal(&self) -> &str {
        &self.normal
    }

    /// 期.
    #[must_use]
    pub fn phase(&self) -> &Atom {
        &self.parts.phase
    }

    /// 區.
    #[must_use]
    pub fn zone(&self) -> &Atom {
        &self.parts.zone
    }

    /// 棟, 幢, 座, 號樓, #: all the same building.
    #[must_use]
    pub fn building(&self) -> &Atom {
        &self.parts.building
    }

    /// 單元.
    #[must_use]
    pub fn unit(&self) -> &Atom {
        &self.parts.unit
    }

    /// What the room is used for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.parts.kind
    }

    /// The floor, where the code tells it.
    #[must_use]
    pub fn floor(&self) -> Option<Floor> {
        self.parts.flat.floor
    }

    /// The room on its floor (1 of 1801, A of 18A), or the whole number where there is no floor.
    #[must_use]
    pub fn room(&self) -> &Atom {
        &self.parts.flat.room
    }

    /// A of 1801A.
    #[must_use]
    pub fn suffix(&self) -> &Atom {
        &self.parts.flat.suffix
    }

    /// Whether the importer should ask what was meant, and the other readings.
    #[must_use]
    pub fn ambiguity(&self) -> Option<&Ambiguity> {
        self.ambiguity.as_ref()
    }

    /// Whether the code names a building or unit only, not a room in it.
    #[must_use]
    pub fn is_building_only(&self) -> bool {
        self.parts.flat == Flat::default()
    }

    /// The building that the code stands in, as a code: `二期3栋` of 二期3-2-1801. `None` where the
    /// code names none. So an office names it to [`Overrides::building`].
    #[must_use]
    pub fn only_building(&self) -> Option<RoomCode> {
        let named = !self.parts.building.is_missing();
        named.then(|| self.address()).and_then(RoomCode::known)
    }

    /// The unit, as a code: `3栋2单元` of 3-2-1801. For [`Overrides::unit`].
    #[must_use]
    pub fn only_unit(&self) -> Option<RoomCode> {
        let parts = Parts {
            unit: self.parts.unit.clone(),
            ..self.address()
        };
        let named = !self.parts.building.is_missing() && !self.parts.unit.is_missing();
        named.then_some(parts).and_then(RoomCode::known)
    }

    /// The floor in its building, as a code: `3-18层` of 3-2-1801. For [`Overrides::floor`].
    #[must_use]
    pub fn only_floor(&self) -> Option<RoomCode> {
        let parts = Parts {
            flat: Flat {
                floor: self.parts.flat.floor,
                ..Flat::default()
            },
            ..self.address()
        };
        let named = self.parts.flat.floor.is_some();
        named.then_some(parts).and_then(RoomCode::known)
    }

    fn address(&self) -> Parts {
        Parts {
            phase: self.parts.phase.clone(),
            zone: self.parts.zone.clone(),
            building: self.parts.building.clone(),
            ..Parts::default()
        }
    }

    /// Parts as a code, where some writing of them reads back as the same.
    fn known(parts: Parts) -> Option<RoomCode> {
        RoomCode::from_parts(parts).ok()
    }

    /// The single rooms of the code: itself, or each flat of a merged home (1801-1802), so that either
    /// number finds it.
    #[must_use]
    pub fn singles(&self) -> Vec<RoomCode> {
        if self.parts.more.is_empty() {
            return vec![self.clone()];
        }
        let flats = std::iter::once(&self.parts.flat).chain(&self.parts.more);
        flats
            .map(|flat| Parts {
                flat: flat.clone(),
                more: Vec::new(),
                ..self.parts.clone()
            })
            .filter_map(|parts| RoomCode::from_parts(parts).ok())
            .collect()
    }

    /// Bytes whose order is the order of the shelf; the first is [`KEY_VERSION`].
    #[must_use]
    pub fn sort_key(&self) -> Vec<u8> {
        self.sort_key_with(&Overrides::default())
    }

    /// [`RoomCode::sort_key`] with the office's own order of buildings, units and floors.
    #[must_use]
    pub fn sort_key_with(&self, site: &Overrides) -> Vec<u8> {
        let parts = &self.parts;
        let mut key = Vec::with_capacity(64 + self.normal.len());
        key.push(KEY_VERSION);
        parts.phase.encode(&mut key);
        parts.zone.encode(&mut key);
        encode_or_order(&parts.building, site.building_order(self), &mut key);
        encode_or_order(&parts.unit, site.unit_order(self), &mut key);
        key.push(parts.kind as u8);
        match parts.flat.floor {
            None => key.push(0),
            Some(floor) => {
                key.push(1);
                floor.encode(site.height_x10(self, floor), &mut key);
            }
        }
        parts.flat.room.encode(&mut key);
        parts.flat.suffix.encode(&mut key);
        // Last, so that codes alike in all else still have one order.
        key.extend(self.normal.as_bytes());
        key
    }
}

/// The office's own place (tag 0x01: after missing, before every other name), or the name.
fn encode_or_order(atom: &Atom, order: Option<u32>, key: &mut Vec<u8>) {
    match order {
        Some(order) => {
            key.push(0x01);
            key.extend(order.to_be_bytes());
            // Two names at one place keep the rules' order.
            atom.encode(key);
        }
        None => atom.encode(key),
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.normal)
    }
}

impl std::str::FromStr for RoomCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<RoomCode, CodeError> {
        RoomCode::parse(text)
    }
}

impl PartialEq for RoomCode {
    fn eq(&self, other: &RoomCode) -> bool {
        self.normal == other.normal
    }
}

impl Eq for RoomCode {}

impl Hash for RoomCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normal.hash(state);
    }
}

impl PartialOrd for RoomCode {
    fn partial_cmp(&self, other: &RoomCode) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RoomCode {
    /// The order of the shelf, worked out from the parts, not from the key: a test holds the two equal.
    fn cmp(&self, other: &RoomCode) -> Ordering {
        fn rank(parts: &Parts) -> (&Atom, &Atom, &Atom, &Atom, Kind) {
            (
                &parts.phase,
                &parts.zone,
                &parts.building,
                &parts.unit,
                parts.kind,
            )
        }
        rank(&self.parts)
            .cmp(&rank(&other.parts))
            .then_with(|| self.parts.flat.rank().cmp(&other.parts.flat.rank()))
            .then_with(|| self.normal.cmp(&other.normal))
    }
}
