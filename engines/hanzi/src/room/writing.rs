//! The one normal form of a code: the shortest writing that reads back as the same code.

use super::flat::Flat;
use super::reading::{self, Parts};
use super::{Atom, CodeError, Floor, Kind, Overrides, numerals};

/// Writes the normal form. Fails only when no writing reads back the same, which would make the
/// code's identity depend on who typed it.
pub(super) fn normal(parts: &Parts) -> Result<String, CodeError> {
    // The normal form must mean the same everywhere, so no office's settings take part.
    let site = Overrides::default();
    [
        dashed(parts, "-"),
        dashed(parts, "/"),
        half_marked(parts),
        marked(parts),
    ]
    .into_iter()
    .find(|text| reading::read(text, &site).is_ok_and(|reading| reading.parts == *parts))
    .ok_or_else(|| CodeError::LeftOver(marked(parts)))
}

fn place(parts: &Parts) -> String {
    let mut text = String::new();
    match parts.phase.as_number().and_then(numerals::write) {
        Some(phase) => text += &format!("{phase}期"),
        None if parts.phase.is_missing() => {}
        None => text += &format!("{}期", parts.phase),
    }
    if !parts.zone.is_missing() {
        text += &format!("{}区", parts.zone);
    }
    text
}

/// `二期3-2-1801`, `12栋`, `2单元1801`, `商-07`.
fn dashed(parts: &Parts, join: &str) -> String {
    let flat = flats(parts, false, join);
    if flat.is_empty() || (parts.building.is_missing() && !parts.unit.is_missing()) {
        return half_marked(parts);
    }
    let mut pieces = Vec::new();
    for atom in [&parts.building, &parts.unit] {
        if !atom.is_missing() {
            pieces.push(atom.to_string());
        }
    }
    pieces.extend(kind_word(parts.kind).map(str::to_owned));
    pieces.push(flat);
    place(parts) + &pieces.join("-")
}

/// `3栋2单元1801`.
fn half_marked(parts: &Parts) -> String {
    address(parts) + kind_word(parts.kind).unwrap_or("") + &flats(parts, false, "/")
}

/// `3栋2单元18层1室附1`: every part with its mark.
fn marked(parts: &Parts) -> String {
    address(parts) + kind_word(parts.kind).unwrap_or("") + &flats(parts, true, "/")
}

fn address(parts: &Parts) -> String {
    let mut text = place(parts);
    if !parts.building.is_missing() {
        text += &format!("{}栋", parts.building);
    }
    if !parts.unit.is_missing() {
        text += &format!("{}单元", parts.unit);
    }
    text
}

fn kind_word(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Residence => None,
        Kind::Shop => Some("商"),
        Kind::Office => Some("写"),
        Kind::Parking => Some("车位"),
        Kind::Storage => Some("储"),
    }
}

fn flats(parts: &Parts, marks: bool, join: &str) -> String {
    let write = |flat: &Flat| {
        if marks {
            marked_flat(flat)
        } else {
            short_flat(flat, parts)
        }
    };
    let mut text = write(&parts.flat);
    for other in &parts.more {
        text += join;
        text += &write(other);
    }
    text
}

fn short_flat(flat: &Flat, parts: &Parts) -> String {
    let suffix = match &flat.suffix {
        Atom::Number { .. } => format!("-{}", flat.suffix),
        other => other.to_string(),
    };
    let number = flat.room.as_number();
    let room = match (flat.floor, number) {
        (
            Some(Floor::Storey {
                number: storey,
                letter: None,
            }),
            Some(room),
        ) if room < 100 && storey > 0 => {
            format!("{storey}{room:02}")
        }
        (
            Some(Floor::Storey {
                number: storey,
                letter: Some(c),
            }),
            Some(room),
        ) if room < 100 => {
            format!("{storey}{c}{room:02}")
        }
        (
            Some(Floor::Storey {
                number: storey,
                letter: None,
            }),
            None,
        ) if !flat.room.is_missing() => {
            format!("{storey}{}", flat.room)
        }
        // Parking and cellars are numbered with three digits on the wall.
        (
            Some(
                floor @ Floor::Basement {
                    mezzanine: false, ..
                },
            ),
            Some(room),
        ) => format!("{floor}-{room:03}"),
        (Some(floor), Some(room)) => format!("{floor}层{room:02}"),
        (Some(floor), None) => format!("{floor}层{}", flat.room),
        (None, Some(room)) if parts.kind != Kind::Residence => format!("{room:02}"),
        (None, _) => match &flat.room {
            Atom::Latin {
                letters,
                number: Some(number),
            } => format!("{letters}{number:02}"),
            other => other.to_string(),
        },
    };
    room + &suffix
}

fn marked_flat(flat: &Flat) -> String {
    let mut text = flat
        .floor
        .map_or(String::new(), |floor| format!("{floor}层"));
    if !flat.room.is_missing() {
        text += &format!("{}室", flat.room);
    }
    if !flat.suffix.is_missing() {
        text += &format!("附{}", flat.suffix);
    }
    text
}
