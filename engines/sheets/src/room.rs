//! A row's room: put together from its columns and handed to the one parser of room codes.

use hanzi::room::{CodeError, RoomCode};
use serde::{Deserialize, Serialize};

use crate::fault::Reason;

/// A room as typed (put together from its columns) and its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoomCell {
    /// What the clerk wrote, the columns joined: `二期3棟2單元1801`.
    pub typed: String,
    /// `hanzi`'s normal form: the same however typed.
    pub normal: String,
}

/// The columns that a room is put together from; blank ones empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parts {
    pub phase: String,
    pub zone: String,
    pub building: String,
    pub unit: String,
    pub room: String,
}

/// What `2-1801` means in a column of rooms beside a column of buildings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// The building again.
    Building,
    /// The unit within the building.
    Unit,
}

/// A room that was put together.
#[derive(Debug, PartialEq)]
pub(crate) struct Composed {
    pub room: RoomCell,
    /// The room's own code names another building than the building's column.
    pub differs: bool,
    /// Another reading of the code, in normal form.
    pub doubt: Option<String>,
}

/// Whether a text is a room code at all.
pub(crate) fn is_code(text: &str) -> bool {
    RoomCode::parse(text).is_ok()
}

/// Puts a room together from its columns.
pub(crate) fn compose(parts: &Parts, prefix: Prefix) -> Result<Composed, Reason> {
    let own = RoomCode::parse(&parts.room);
    let above = ahead(parts);
    let Ok(own) = own else {
        // `01` alone may be no code; with its building it can be one.
        return match (above.is_empty(), own) {
            (true, Err(error)) => Err(unreadable(&error)),
            _ => parse(&joined(parts, true), false),
        };
    };
    if own.building().is_missing() {
        return parse(&joined(parts, own.unit().is_missing()), false);
    }
    if parts.building.is_empty() {
        let typed = if own.phase().is_missing() {
            above + &parts.room
        } else {
            parts.room.clone()
        };
        return parse(&typed, false);
    }
    let whole = !own.unit().is_missing() || prefix == Prefix::Building;
    if !whole {
        return parse(
            &format!("{}-{}", above.trim_end_matches('-'), parts.room),
            false,
        );
    }
    let differs = !same_building(&own, parts);
    let typed = match parts.phase.is_empty() || !own.phase().is_missing() {
        true => parts.room.clone(),
        false => marked(&parts.phase, "期", &["期"]) + &parts.room,
    };
    parse(&typed, differs)
}

/// What the room's first number most likely is, from some rows' columns. One row in which it is
/// not the building tells that it is the unit.
pub(crate) fn prefix<'p>(rows: impl Iterator<Item = &'p Parts>) -> Prefix {
    for parts in rows.filter(|p| !p.building.is_empty()) {
        let Ok(own) = RoomCode::parse(&parts.room) else {
            continue;
        };
        if !own.building().is_missing() && own.unit().is_missing() && !same_building(&own, parts) {
            return Prefix::Unit;
        }
    }
    Prefix::Building
}

fn same_building(own: &RoomCode, parts: &Parts) -> bool {
    let column = marked(&parts.building, "棟", BUILDING_MARKS) + "101";
    RoomCode::parse(&column).is_ok_and(|c| c.building() == own.building())
}

fn parse(typed: &str, differs: bool) -> Result<Composed, Reason> {
    let code = RoomCode::parse(typed).map_err(|e| unreadable(&e))?;
    let doubt = code.ambiguity().and_then(|a| a.others.first().cloned());
    Ok(Composed {
        room: RoomCell {
            typed: typed.to_owned(),
            normal: code.normal(),
        },
        differs,
        doubt,
    })
}

const BUILDING_MARKS: &[&str] = &["棟", "栋", "幢", "座", "樓", "楼", "號", "号"];

/// Phase, zone and building with the marks that columns of bare numbers leave out.
fn ahead(parts: &Parts) -> String {
    let mut typed = marked(&parts.phase, "期", &["期"]);
    typed += &marked(
        &parts.zone,
        "區",
        &["區", "区", "苑", "園", "园", "組團", "组团", "里", "庭"],
    );
    typed += &marked(&parts.building, "棟", BUILDING_MARKS);
    typed
}

fn joined(parts: &Parts, with_unit: bool) -> String {
    let mut typed = ahead(parts);
    if with_unit {
        typed += &marked(&parts.unit, "單元", &["單元", "单元", "梯", "門", "门"]);
    }
    typed + &parts.room
}

fn marked(part: &str, mark: &str, known: &[&str]) -> String {
    let part = part.trim_end_matches(['-', '#', '＃', ' ']);
    if part.is_empty() || known.iter().any(|k| part.ends_with(k)) {
        part.to_owned()
    } else {
        format!("{part}{mark}")
    }
}

fn unreadable(error: &CodeError) -> Reason {
    let why = match error {
        CodeError::Empty => "empty",
        CodeError::TooLong => "too_long",
        CodeError::Sign(_) => "sign",
        CodeError::NumberTooLong(_) => "number_too_long",
        CodeError::NoNumber => "no_number",
        CodeError::NoRoom => "no_room",
        CodeError::Twice(_) => "twice",
        CodeError::TooManyParts => "too_many_parts",
        CodeError::LeftOver(_) => "left_over",
        CodeError::LongName(_) => "long_name",
        CodeError::Date => return Reason::RoomBecameDate,
    };
    Reason::RoomUnreadable { why }
}
