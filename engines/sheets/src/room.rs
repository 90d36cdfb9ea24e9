//! A row's room: put together from its columns and handed to the one parser of room codes.

use serde::{Deserialize, Serialize};

use crate::label::narrowed;

/// A room as typed (put together from its columns) and its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoomCell {
    /// What the clerk wrote, the columns joined: `二期3棟2單元1801`.
    pub typed: String,
    /// `hanzi`'s normal form: the same however typed.
    pub normal: String,
}

/// Reads a whole room code.
pub(crate) fn parse(text: &str) -> Option<RoomCell> {
    let typed = narrowed(text);
    let normal = typed.replace(['棟', '栋', '單', '单', '元', '室'], "-");
    let normal = normal
        .split('-')
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let sound = typed.chars().any(|c| c.is_ascii_alphanumeric()) && typed.chars().count() <= 40;
    sound.then_some(RoomCell { typed, normal })
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

/// A room, and whether its own code names another building than the building's column.
pub(crate) fn compose(parts: &Parts) -> Option<(RoomCell, bool)> {
    if parts.building.is_empty()
        && parts.unit.is_empty()
        && parts.phase.is_empty()
        && parts.zone.is_empty()
    {
        return parse(&parts.room).map(|r| (r, false));
    }
    let mut typed = marked(&parts.phase, "期", &["期"]);
    typed += &marked(
        &parts.zone,
        "區",
        &["區", "区", "苑", "園", "园", "組團", "组团", "里", "庭"],
    );
    typed += &marked(
        &parts.building,
        "棟",
        &["棟", "栋", "幢", "座", "樓", "楼", "號", "号"],
    );
    typed += &marked(&parts.unit, "單元", &["單元", "单元", "梯", "門", "门"]);
    if names_building(&parts.room) {
        // The room's column holds the whole code already, perhaps without its phase.
        let own = parse(&parts.room)?;
        let differs = !parts.building.is_empty() && !typed_agrees(&own, parts);
        return Some((own, differs));
    }
    typed += &parts.room;
    parse(&typed).map(|r| (r, false))
}

/// A part with its marker, which a column of bare numbers leaves out.
fn marked(part: &str, mark: &str, known: &[&str]) -> String {
    let part = part.trim_end_matches(['-', '#', '＃']);
    if part.is_empty() {
        String::new()
    } else if known.iter().any(|k| part.ends_with(k)) {
        part.to_owned()
    } else {
        format!("{part}{mark}")
    }
}

fn names_building(room: &str) -> bool {
    let marks = ['棟', '栋', '幢', '座', '樓', '楼', '單', '单'];
    let parts = room
        .split(['-', '—', '－', '–'])
        .filter(|p| !p.trim().is_empty())
        .count();
    room.contains(marks) || parts >= 3
}

fn typed_agrees(own: &RoomCell, parts: &Parts) -> bool {
    let bare: String = parts
        .building
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    bare.is_empty()
        || own
            .normal
            .to_ascii_uppercase()
            .contains(&bare.to_ascii_uppercase())
}
