//! One part of a code, such as a building's name, and where it stands among its like.

use std::fmt;

/// The heavenly stems in their order.
pub(super) const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
/// The directions in the order of the shelf (archive.md P5.4).
pub(super) const DIRECTIONS: &str = "东南西北中";

/// A part of a code. The order of the variants is the order on the shelf (archive.md P5.4):
/// missing < number < Latin letters (+ number) < 甲乙丙丁 < 东南西北中 < anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// The code does not say.
    #[default]
    Missing,
    /// `3`, or `3A` with its letters.
    Number { value: u32, letters: String },
    /// `A`, `T3`.
    Latin {
        letters: String,
        number: Option<u32>,
    },
    /// `甲`: rank from 0.
    Stem { rank: u8, number: Option<u32> },
    /// `东`, `东南`: ranks in [`DIRECTIONS`].
    Direction { ranks: Vec<u8>, number: Option<u32> },
    /// A proper name, by code point, then by its number.
    Other { text: String, number: Option<u32> },
}

impl Atom {
    /// A plain number.
    #[must_use]
    pub fn number(value: u32) -> Atom {
        Atom::Number {
            value,
            letters: String::new(),
        }
    }

    /// Letters without a number.
    #[must_use]
    pub fn latin(letters: &str) -> Atom {
        Atom::Latin {
            letters: letters.to_owned(),
            number: None,
        }
    }

    /// Whether the code does not say.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        *self == Atom::Missing
    }

    /// The value of a plain number without letters.
    #[must_use]
    pub fn as_number(&self) -> Option<u32> {
        match self {
            Atom::Number { value, letters } if letters.is_empty() => Some(*value),
            _ => None,
        }
    }

    /// Appends the part to a key so that byte order is [`Ord`].
    pub(super) fn encode(&self, key: &mut Vec<u8>) {
        // Gaps between the tags leave room for an office's own order (0x01) and later kinds.
        match self {
            Atom::Missing => key.push(0x00),
            Atom::Number { value, letters } => {
                key.push(0x10);
                key.extend(value.to_be_bytes());
                encode_text(letters.as_bytes(), key);
            }
            Atom::Latin { letters, number } => {
                key.push(0x20);
                encode_text(letters.as_bytes(), key);
                encode_number(*number, key);
            }
            Atom::Stem { rank, number } => {
                key.extend([0x30, *rank]);
                encode_number(*number, key);
            }
            Atom::Direction { ranks, number } => {
                key.push(0x40);
                key.extend(ranks.iter().map(|rank| rank + 1));
                key.push(0);
                encode_number(*number, key);
            }
            Atom::Other { text, number } => {
                key.push(0x50);
                encode_text(text.as_bytes(), key);
                encode_number(*number, key);
            }
        }
    }
}

/// Text, ended by a byte below all that it can hold: codes hold no control characters.
fn encode_text(text: &[u8], key: &mut Vec<u8>) {
    key.extend(text);
    key.push(0);
}

fn encode_number(number: Option<u32>, key: &mut Vec<u8>) {
    match number {
        None => key.push(0),
        Some(value) => {
            key.push(1);
            key.extend(value.to_be_bytes());
        }
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match self {
            Atom::Missing => None,
            Atom::Number { value, letters } => return write!(f, "{value}{letters}"),
            Atom::Latin { letters, number } => {
                f.write_str(letters)?;
                *number
            }
            Atom::Stem { rank, number } => {
                write!(
                    f,
                    "{}",
                    STEMS.chars().nth(usize::from(*rank)).unwrap_or('?')
                )?;
                *number
            }
            Atom::Direction { ranks, number } => {
                for rank in ranks {
                    write!(
                        f,
                        "{}",
                        DIRECTIONS.chars().nth(usize::from(*rank)).unwrap_or('?')
                    )?;
                }
                *number
            }
            Atom::Other { text, number } => {
                f.write_str(text)?;
                *number
            }
        };
        match number {
            Some(value) => write!(f, "{value}"),
            None => Ok(()),
        }
    }
}
