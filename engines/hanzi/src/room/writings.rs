//! Many rooms, each written in every mixture of the ways offices write phase, zone, building, unit
//! and room: one normal form for each room, and no two rooms share one.

use std::collections::BTreeMap;

use super::{RoomCode, numerals};

fn han(number: &str) -> Option<String> {
    numerals::write(number.parse().ok()?)
}

/// The name before each mark, with its number also in Chinese numerals and as an ordinal.
fn marked(name: &str, marks: &[&str]) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    if let Some(han) = han(name) {
        names.extend([format!("第{name}"), format!("第{han}"), han]);
    }
    names
        .iter()
        .flat_map(|name| marks.iter().map(move |mark| format!("{name}{mark}")))
        .collect()
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_graphic() {
                char::from_u32(c as u32 + 0xFEE0).expect("full width")
            } else {
                c
            }
        })
        .collect()
}

/// A room by its parts; empty where the code does not say.
type Room = [&'static str; 5];

/// The parts of a code, each in all its ways.
fn ways([phase, zone, building, unit, room]: Room) -> [Vec<String>; 5] {
    let or_nothing = |name: &str, list: Vec<String>| {
        if name.is_empty() {
            vec![String::new()]
        } else {
            list
        }
    };
    let building_marks = ["栋", "棟", "幢", "座", "#", "号楼", "號樓", " 栋 "];
    let mut buildings = marked(building, &building_marks);
    buildings.push(format!("{building}-"));
    let mut units = marked(unit, &["单元", "單元", "單元 "]);
    units.push(format!("{unit}-"));
    let floor = &room.trim_end_matches('A')[..room.trim_end_matches('A').len() - 2];
    let door = &room[floor.len()..];
    [
        or_nothing(phase, marked(phase, &["期", "期-"])),
        or_nothing(
            zone,
            ["区", "區", "区-"]
                .map(|mark| format!("{zone}{mark}"))
                .to_vec(),
        ),
        buildings,
        or_nothing(unit, units),
        vec![
            room.to_owned(),
            format!("{room}室"),
            format!("{room} 房"),
            format!("{floor}层{room}室"),
            format!("{floor}楼{room}"),
            format!("{floor}層{door}室"),
        ],
    ]
}

/// Mixtures in which each way of writing one part meets changing ways of the others.
fn writings(room: Room, turn: usize) -> Vec<String> {
    let ways = ways(room);
    let count = ways.iter().map(Vec::len).max().unwrap_or(0);
    let mixed = (0..count).map(|way| {
        ways.iter()
            .map(|list| list[(way + turn) % list.len()].as_str())
            .collect::<String>()
    });
    mixed
        .flat_map(|text| {
            [
                wide(&text),
                text.to_lowercase(),
                text.replace('-', " — "),
                text,
            ]
        })
        .collect()
}

fn rooms() -> Vec<Room> {
    let mut rooms = Vec::new();
    for phase in ["", "1", "12"] {
        for zone in ["", "A", "东", "三元里"] {
            for building in ["1", "12", "A", "T3", "甲", "3A"] {
                for unit in ["", "2", "11", "B"] {
                    for room in ["101", "1801", "1234A"] {
                        rooms.push([phase, zone, building, unit, room]);
                    }
                }
            }
        }
    }
    rooms
}

#[test]
fn a_room_written_in_any_mixture_of_ways_has_one_normal_form_of_its_own() {
    let mut owners: BTreeMap<String, Room> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (turn, room) in rooms().into_iter().enumerate() {
        let mut form = None;
        for text in writings(room, turn) {
            match RoomCode::parse(&text) {
                Ok(code) => {
                    let form = form.get_or_insert_with(|| code.normal());
                    if *form != code.as_normal() {
                        wrong.push(format!("{text} is {code}, elsewhere {form}"));
                    }
                    let owner = owners.entry(code.normal()).or_insert(room);
                    if *owner != room {
                        wrong.push(format!("{text} of {room:?} is {code} of {owner:?}"));
                    }
                }
                Err(error) => wrong.push(format!("{text}: {error}")),
            }
        }
    }
    let first = &wrong[..wrong.len().min(20)];
    assert!(
        wrong.is_empty(),
        "{} wrong, the first: {first:#?}",
        wrong.len()
    );
}
