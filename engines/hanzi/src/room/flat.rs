//! The last part of a code: floor, room and suffix (archive.md P5.7).

use super::pieces::Part;
use super::{Atom, Floor};

/// Nothing said.
const NONE: Atom = Atom::Missing;

/// Digits from which the last two are the room and the rest the floor.
const FLOOR_AND_ROOM_DIGITS: usize = 3;

/// A floor, a room on it and a suffix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flat {
    /// Missing for villas, numbered shops and parking.
    pub floor: Option<Floor>,
    /// `01` of 1801, `A` of 18A.
    pub room: Atom,
    /// `A` of 1801A, `1` of 1801-1.
    pub suffix: Atom,
}

impl Flat {
    /// The order of the shelf.
    pub(super) fn rank(&self) -> (Option<(i32, Floor)>, &Atom, &Atom) {
        (self.floor.map(Floor::rank), &self.room, &self.suffix)
    }
}

/// What is known before the room is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// The floor, when a piece of its own says it.
    pub floor: Option<Floor>,
    /// A building stands before, so that `G01` is a floor and a number, not a building.
    pub in_building: bool,
    /// Numbers here count by themselves and hold no floor (parking, storage).
    pub serial: bool,
}

fn value(digits: &str) -> u32 {
    digits.parse().expect("the cutter bounds the digits")
}

/// Whether a number is long enough to hold its floor.
pub(super) fn holds_floor(parts: &[Part]) -> bool {
    match parts {
        [Part::Num(d), ..] => d.len() >= FLOOR_AND_ROOM_DIGITS && value(&d[..d.len() - 2]) > 0,
        _ => false,
    }
}

/// Splits 1801 into floor 18 and room 1; 023 has no floor and stays a number.
fn number(digits: &str, setting: Setting) -> (Option<Floor>, Atom) {
    let whole = Atom::number(value(digits));
    if digits.len() < FLOOR_AND_ROOM_DIGITS {
        return (setting.floor, whole);
    }
    let (front, back) = digits.split_at(digits.len() - 2);
    let (storey, room) = (value(front), Atom::number(value(back)));
    match setting.floor {
        Some(Floor::Storey {
            number,
            letter: None,
        }) if number == storey => (setting.floor, room),
        Some(floor) => (Some(floor), whole),
        None if setting.serial || storey == 0 => (None, whole),
        None => (Some(Floor::storey(storey)), room),
    }
}

/// Reads a piece as a floor, room and suffix; `None` when it is none.
pub(super) fn read(parts: &[Part], setting: Setting) -> Option<Flat> {
    let flat = |floor, room, suffix| {
        Some(Flat {
            floor,
            room,
            suffix,
        })
    };
    match parts {
        [Part::Num(d)] => {
            let (floor, room) = number(d, setting);
            flat(floor, room, NONE)
        }
        // 18A: floor 18, flat A. 1801A: room 1801, suffix A.
        [
            Part::Num(d),
            tail @ (Part::Latin(_) | Part::Stem(_) | Part::Dir(_) | Part::Word(_)),
        ] => {
            let tail = suffix(std::slice::from_ref(tail))?;
            if d.len() < FLOOR_AND_ROOM_DIGITS && setting.floor.is_none() && !setting.serial {
                return flat(Some(Floor::storey(value(d))), tail, NONE);
            }
            let (floor, room) = number(d, setting);
            flat(floor, room, tail)
        }
        // 3A01, 12F03, 1M05; 1801A1.
        [Part::Num(d), Part::Latin(l), Part::Num(e), tail @ ..] => {
            if d.len() >= FLOOR_AND_ROOM_DIGITS || setting.floor.is_some() || setting.serial {
                let (floor, room) = number(d, setting);
                let none_left = tail.is_empty();
                return none_left.then(|| Flat {
                    floor,
                    room,
                    suffix: Atom::Latin {
                        letters: l.clone(),
                        number: Some(value(e)),
                    },
                });
            }
            let storey = floor_name(&parts[..2])?;
            let tail = if tail.is_empty() { NONE } else { suffix(tail)? };
            flat(Some(storey), Atom::number(value(e)), tail)
        }
        [Part::Latin(l), Part::Num(e), tail @ ..] => {
            let tail = if tail.is_empty() { NONE } else { suffix(tail)? };
            let padded = e.len() > 1 && e.starts_with('0');
            if let (None, Some(floor)) = (setting.floor, letter_floor(l))
                && (setting.in_building || padded)
            {
                return flat(Some(floor), Atom::number(value(e)), tail);
            }
            if l == "B"
                && setting.floor.is_none()
                && !padded
                && (setting.in_building || setting.serial)
            {
                // B1 is a floor, B101 a number on it, B12 a name.
                let depth = value(&e[..1]);
                let floor = Some(Floor::Basement {
                    depth,
                    mezzanine: false,
                });
                match e.len() {
                    1 if tail.is_missing() => return flat(floor, NONE, NONE),
                    3.. => return flat(floor, Atom::number(value(&e[1..])), tail),
                    _ => {}
                }
            }
            flat(
                setting.floor,
                Atom::Latin {
                    letters: l.clone(),
                    number: Some(value(e)),
                },
                tail,
            )
        }
        [Part::Latin(_) | Part::Stem(_) | Part::Dir(_)] => {
            flat(setting.floor, suffix(parts)?, NONE)
        }
        [Part::Stem(rank), Part::Num(e)] => flat(
            setting.floor,
            Atom::Stem {
                rank: *rank,
                number: Some(value(e)),
            },
            NONE,
        ),
        [Part::Dir(ranks), Part::Num(e)] => flat(
            setting.floor,
            Atom::Direction {
                ranks: ranks.clone(),
                number: Some(value(e)),
            },
            NONE,
        ),
        _ => None,
    }
}

/// Words that tell two doors of one number apart.
const SIDES: &[&str] = &["上", "下", "左", "右", "前", "后", "内", "外"];

/// Longest run of letters in a suffix or flat name; more is a word, not a code.
const SUFFIX_LETTERS_MAX: usize = 3;

/// Reads a suffix: A, 1, 甲, 东, 上.
pub(super) fn suffix(parts: &[Part]) -> Option<Atom> {
    match parts {
        [Part::Num(d)] => Some(Atom::number(value(d))),
        [Part::Latin(l)] if l.len() <= SUFFIX_LETTERS_MAX => Some(Atom::latin(l)),
        [Part::Latin(l), Part::Num(d)] if l.len() <= SUFFIX_LETTERS_MAX => Some(Atom::Latin {
            letters: l.clone(),
            number: Some(value(d)),
        }),
        [Part::Stem(rank)] => Some(Atom::Stem {
            rank: *rank,
            number: None,
        }),
        [Part::Dir(ranks)] => Some(Atom::Direction {
            ranks: ranks.clone(),
            number: None,
        }),
        [Part::Word(word)] if SIDES.contains(&word.as_str()) => Some(Atom::Other {
            text: word.clone(),
            number: None,
        }),
        _ => None,
    }
}

fn letter_floor(letters: &str) -> Option<Floor> {
    Some(match letters {
        "LG" => Floor::LowerGround,
        "G" => Floor::Ground,
        "UG" => Floor::UpperGround,
        "M" => Floor::Mezzanine,
        "RF" | "PH" => Floor::Roof,
        _ => return None,
    })
}

/// Reads the name of a floor: 18, 3A, 12F, B1, B1M, LG, G, UG, M, 1M, RF.
pub(super) fn floor_name(parts: &[Part]) -> Option<Floor> {
    match parts {
        [Part::Num(d)] => Some(Floor::storey(value(d))),
        [Part::Num(d), Part::Latin(l)] if l == "F" => Some(Floor::storey(value(d))),
        [Part::Num(d), Part::Latin(l)] => {
            let letters = l
                .strip_suffix('F')
                .filter(|rest| !rest.is_empty())
                .unwrap_or(l);
            let mut chars = letters.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Some(Floor::Storey {
                    number: value(d),
                    letter: Some(c),
                }),
                _ => None,
            }
        }
        [Part::Latin(l), Part::Num(d)] if l == "B" => Some(Floor::Basement {
            depth: value(d),
            mezzanine: false,
        }),
        [Part::Latin(l), Part::Num(d), Part::Latin(m)] if l == "B" => match m.as_str() {
            "M" => Some(Floor::Basement {
                depth: value(d),
                mezzanine: true,
            }),
            "F" => Some(Floor::Basement {
                depth: value(d),
                mezzanine: false,
            }),
            _ => None,
        },
        [Part::Latin(l)] => letter_floor(l),
        _ => None,
    }
}
