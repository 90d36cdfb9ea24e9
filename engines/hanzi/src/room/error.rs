//! Why a text is not a room code, said so that a clerk can mend it.

use std::fmt;

use super::{CODE_CHARS_MAX, NUMBER_DIGITS_MAX};

/// Why a text cannot be read as a room code. `Display` tells what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Nothing but spaces and signs.
    Empty,
    /// Longer than [`CODE_CHARS_MAX`] characters.
    TooLong,
    /// A sign that no room code has.
    Sign(char),
    /// A number of more than [`NUMBER_DIGITS_MAX`] digits: perhaps a phone number.
    NumberTooLong(String),
    /// Letters or words where a number of a building or room is expected.
    NoNumber,
    /// A phase or zone alone names no room.
    NoRoom,
    /// Two buildings, two units … in one code.
    Twice(&'static str),
    /// More parts than phase, zone, building, unit, floor and room.
    TooManyParts,
    /// A number too long for a building or unit that no mark says it is.
    LongName(String),
    /// A date, as spreadsheets make of 3-12.
    Date,
    /// Words left over beside the code.
    LeftOver(String),
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodeError::Empty => write!(f, "no room code given; write it like 3-2-1801"),
            CodeError::TooLong => {
                write!(
                    f,
                    "longer than {CODE_CHARS_MAX} characters; write the room code alone, like 3-2-1801"
                )
            }
            CodeError::Sign(c) => write!(
                f,
                "{c:?} has no place in a room code; use - between the parts"
            ),
            CodeError::NumberTooLong(n) => write!(
                f,
                "{n} has more than {NUMBER_DIGITS_MAX} digits; put - between building, unit and room"
            ),
            CodeError::NoNumber => write!(
                f,
                "no building or room number found; write it like 3-2-1801"
            ),
            CodeError::NoRoom => write!(
                f,
                "a phase or zone alone names no room; add building and room"
            ),
            CodeError::Twice(what) => write!(f, "the {what} is given twice; keep one"),
            CodeError::TooManyParts => {
                write!(
                    f,
                    "more parts than building, unit and room; write it like 3-2-1801"
                )
            }
            CodeError::LongName(n) => {
                write!(
                    f,
                    "{n} is too long for a building or unit; mark the parts, like 3栋2单元1801"
                )
            }
            CodeError::Date => write!(
                f,
                "this is a date; if the spreadsheet made it of a code, format the column as text and type it again"
            ),
            CodeError::LeftOver(text) => {
                write!(f, "「{text}」 is not part of a room code; leave it out")
            }
        }
    }
}

impl std::error::Error for CodeError {}
