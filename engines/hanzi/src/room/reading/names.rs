//! Pieces as names and numbers, and which of them no code has.

use crate::room::pieces::{Part, Piece};
use crate::room::{Atom, CodeError, Floor, flat};

/// Longest name of a building or zone.
const NAME_CHARS_MAX: usize = 12;
/// Longest run of letters in a building's name when no mark or number says it is one.
pub(super) const BARE_LETTERS_MAX: usize = 2;
/// Longest run of letters in any name.
const LETTERS_MAX: usize = 8;

/// Roman numerals count as numbers in phases only: A期 and II期.
pub(super) fn phase(parts: &[Part]) -> Atom {
    const ROMAN: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    match parts {
        [Part::Latin(l)] => match ROMAN.iter().position(|r| r == l) {
            Some(at) => Atom::number(at as u32 + 1),
            None => atom(parts),
        },
        _ => atom(parts),
    }
}

/// A piece as a name.
pub(super) fn atom(parts: &[Part]) -> Atom {
    let value = |d: &str| d.parse().expect("the cutter bounds the digits");
    match parts {
        [] => Atom::Missing,
        [Part::Num(d)] => Atom::number(value(d)),
        [Part::Num(d), Part::Latin(l)] => Atom::Number {
            value: value(d),
            letters: l.clone(),
        },
        [Part::Latin(l)] => Atom::latin(l),
        [Part::Latin(l), Part::Num(d)] => Atom::Latin {
            letters: l.clone(),
            number: Some(value(d)),
        },
        [Part::Stem(rank)] => Atom::Stem {
            rank: *rank,
            number: None,
        },
        [Part::Stem(rank), Part::Num(d)] => Atom::Stem {
            rank: *rank,
            number: Some(value(d)),
        },
        [Part::Dir(ranks)] => Atom::Direction {
            ranks: ranks.clone(),
            number: None,
        },
        [Part::Dir(ranks), Part::Num(d)] => Atom::Direction {
            ranks: ranks.clone(),
            number: Some(value(d)),
        },
        [names @ .., Part::Num(d)] => Atom::Other {
            text: join(names),
            number: Some(value(d)),
        },
        names => Atom::Other {
            text: join(names),
            number: None,
        },
    }
}

pub(super) fn join(parts: &[Part]) -> String {
    parts.iter().fold(String::new(), |text, part| {
        text + &match part {
            Part::Num(t) | Part::Latin(t) | Part::Word(t) => t.clone(),
            Part::Stem(_) | Part::Dir(_) => atom(std::slice::from_ref(part)).to_string(),
        }
    })
}

pub(super) fn text_of(piece: &Piece) -> String {
    join(&piece.parts)
}

/// Refuses sentences: names are short, letters few, and a bare name needs a number or mark.
pub(super) fn check_names(piece: &Piece, count: usize) -> Result<(), CodeError> {
    for part in &piece.parts {
        let too_long = match part {
            Part::Word(word) => word.chars().count() > NAME_CHARS_MAX,
            Part::Latin(word) => word.len() > LETTERS_MAX,
            _ => false,
        };
        if too_long {
            return Err(CodeError::LeftOver(text_of(piece)));
        }
    }
    let wordy = matches!(&piece.parts[..], [Part::Latin(l)] if l.len() > BARE_LETTERS_MAX)
        && piece.label.is_none();
    if wordy && count == 1 {
        Err(CodeError::NoNumber)
    } else {
        Ok(())
    }
}

/// 2026-03-12 and 2026/3/12.
pub(super) fn is_date(pieces: &[Piece]) -> bool {
    let number = |piece: &Piece| match (&piece.parts[..], piece.label) {
        ([Part::Num(d)], None) => d.parse::<u32>().ok(),
        _ => None,
    };
    match pieces {
        [year, month, day] => {
            number(year).is_some_and(|y| (1900..=2100).contains(&y))
                && number(month).is_some_and(|m| (1..=12).contains(&m))
                && number(day).is_some_and(|d| (1..=31).contains(&d))
        }
        _ => false,
    }
}

pub(super) fn storey_of(piece: &Piece) -> Option<u32> {
    match &piece.parts[..] {
        [Part::Num(d), ..] if d.len() >= 3 => d[..d.len() - 2].parse().ok(),
        [Part::Num(d)] => d.parse().ok(),
        _ => None,
    }
}

pub(super) fn floor_of(piece: &Piece) -> Option<Floor> {
    piece.floor.or_else(|| flat::floor_name(&piece.parts))
}
