//! What a label shows of a room: its building, unit and room as the office writes them.

use hanzi::room::{Atom, RoomCode};

/// The parts of a label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    pub building: String,
    /// Empty where there is none.
    pub unit: String,
    pub room: String,
}

const BUILDING_MARKS: [&str; 7] = ["號樓", "号楼", "棟", "栋", "幢", "座", "#"];
const UNIT_MARKS: [&str; 2] = ["單元", "单元"];

/// Text up to and with the first of some marks, and what stands behind it.
fn through<'t>(text: &'t str, marks: &[&str]) -> Option<(&'t str, &'t str)> {
    let found = marks.iter().filter_map(|m| Some((text.find(m)?, m.len())));
    let (at, len) = found.min()?;
    Some(text.split_at(at + len))
}

fn joint(c: char) -> bool {
    matches!(c, '-' | '－' | '–' | '—' | '/' | ' ' | '\u{3000}')
}

/// Takes a code apart as it was typed; what is written without marks gets them.
pub fn of(code: &str) -> Face {
    let code = code.trim();
    let Ok(read) = RoomCode::parse(code) else {
        return Face {
            room: code.to_owned(),
            ..Face::default()
        };
    };
    let mut rest = code;
    let mut building = String::new();
    if let Some((b, behind)) = through(rest, &BUILDING_MARKS) {
        building = b.to_owned();
        rest = behind;
    } else if !read.building().is_missing()
        && let Some((b, behind)) = rest.split_once(joint)
    {
        building = b.to_owned();
        match read.building() {
            Atom::Number { .. } => building.push('棟'),
            Atom::Latin { number: None, .. } | Atom::Stem { number: None, .. } => {
                building.push('座');
            }
            _ => {}
        }
        rest = behind;
    }
    rest = rest.trim_start_matches(joint);
    let mut unit = String::new();
    if let Some((u, behind)) = through(rest, &UNIT_MARKS) {
        unit = u.to_owned();
        rest = behind;
    } else if !read.unit().is_missing()
        && let Some((u, behind)) = rest.split_once(joint)
    {
        unit = format!("{u}單元");
        rest = behind;
    }
    let room = rest.trim_matches(joint);
    let room = room
        .strip_suffix('室')
        .or_else(|| room.strip_suffix('房'))
        .unwrap_or(room);
    Face {
        building,
        unit,
        room: if room.is_empty() { code } else { room }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_shows_the_parts_as_the_office_writes_them() {
        for (code, building, unit, room) in [
            ("3-2-1801", "3棟", "2單元", "1801"),
            ("3棟2單元1801", "3棟", "2單元", "1801"),
            ("３栋2单元1801室", "３栋", "2单元", "1801"),
            ("十二號樓-1-3A01", "十二號樓", "1單元", "3A01"),
            ("二期3-2-1801", "二期3棟", "2單元", "1801"),
            ("A-1801", "A座", "", "1801"),
            ("T3-2-1801A", "T3", "2單元", "1801A"),
            ("5-2-1801-1802", "5棟", "2單元", "1801-1802"),
            ("3-1801", "3棟", "", "1801"),
            ("聽濤苑26棟10單元3301", "聽濤苑26棟", "10單元", "3301"),
        ] {
            let face = of(code);
            let got = (
                face.building.as_str(),
                face.unit.as_str(),
                face.room.as_str(),
            );
            assert_eq!(got, (building, unit, room), "{code}");
        }
        let space = of("車位B1-023");
        assert!(space.room.contains("023"), "{space:?}");
        assert_eq!(of("？？").room, "？？");
    }
}
