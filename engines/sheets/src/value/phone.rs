//! Phone numbers of a cell: several, with stand-ins and numbers that Excel has damaged.

use hanzi::numbers::{Phone, PhoneError};

use crate::fault::Reason;
use crate::grid::Cell;
use crate::label::narrowed;
use crate::value::stand_in;

/// Most phone numbers that one cell may hold.
const PHONES_MAX: usize = 20;

/// One entry of a phone cell, in the order written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    Known {
        number: String,
        /// A name or word written beside it: `王伟:138…`, `138…(妻)`.
        beside: Option<String>,
    },
    /// A stand-in: unknown. The first holds what was written.
    Dummy,
    Fault(Reason),
}

/// Reads a phone cell; empty when it is blank.
pub(crate) fn read(cell: Cell<'_>) -> Vec<Entry> {
    match cell {
        Cell::Empty => Vec::new(),
        Cell::Error(_) => vec![Entry::Fault(Reason::FormulaError)],
        Cell::TooLong(_) => vec![Entry::Fault(Reason::PhoneUnreadable)],
        Cell::Number(_) => vec![one(&cell.shown())],
        Cell::Text(text) => split(&narrowed(text)),
        _ => vec![Entry::Fault(Reason::PhoneUnreadable)],
    }
}

fn split(text: &str) -> Vec<Entry> {
    if stand_in(text) && !text.is_empty() {
        return vec![Entry::Dummy];
    }
    let mut entries = Vec::new();
    let parts = text
        .split(['、', ',', ';', '/', '\n', '|', '，', '；', '&', '或'])
        .map(str::trim)
        .filter(|p| !p.is_empty());
    for part in parts.take(PHONES_MAX) {
        let whole = one(part);
        let words: Vec<&str> = part.split(' ').filter(|w| !w.is_empty()).collect();
        // `13800138000 13900139000` are two; `138 0013 8000` and `0755 26001234` are one.
        let several = matches!(whole, Entry::Fault(_))
            && words.len() > 1
            && words
                .iter()
                .all(|w| matches!(one(w), Entry::Known { .. } | Entry::Dummy));
        if several {
            entries.extend(words.iter().map(|w| one(w)))
        } else {
            entries.push(whole)
        }
    }
    entries
}

fn one(text: &str) -> Entry {
    if stand_in(text) {
        return Entry::Dummy;
    }
    let upper = text.to_ascii_uppercase();
    if in_scientific(&upper) {
        return Entry::Fault(Reason::PhoneDigitsLost);
    }
    let text = text
        .strip_suffix(".0")
        .or_else(|| text.strip_suffix(".00"))
        .unwrap_or(text);
    let (number, beside) = apart(text);
    if is_dummy(&number) {
        return Entry::Dummy;
    }
    match Phone::parse(&number) {
        Ok(phone) => Entry::Known {
            number: phone.national(),
            beside,
        },
        Err(error) => Entry::Fault(match error {
            PhoneError::Foreign => Reason::PhoneForeign,
            PhoneError::NoArea => Reason::PhoneNoArea,
            PhoneError::MobileLength { digits } | PhoneError::LandlineLength { digits } => {
                Reason::PhoneLength { digits }
            }
            PhoneError::Empty | PhoneError::Signs | PhoneError::MobileStart => {
                Reason::PhoneUnreadable
            }
        }),
    }
}

/// `1.38E+10`, `1.38001E10`.
pub(crate) fn in_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once('E') else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    !exponent.is_empty()
        && exponent.bytes().all(|b| b.is_ascii_digit())
        && mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The number and the words beside it.
fn apart(text: &str) -> (String, Option<String>) {
    let is_digit_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ' | '+' | '(' | ')');
    let words: String = text.chars().filter(|c| !is_digit_part(*c)).collect();
    let words = words.trim_matches([':', '：', '.', ' ']);
    let extension =
        words.contains('转') || words.contains('轉') || words.eq_ignore_ascii_case("ext");
    let beside =
        (!words.is_empty() && !extension && words.chars().all(|c| c.is_alphabetic() || c == '·'))
            .then(|| words.to_owned());
    if beside.is_some() {
        let number: String = text.chars().filter(|c| is_digit_part(*c)).collect();
        return (number.trim_matches(['(', ')', ' ', '-']).to_owned(), beside);
    }
    (text.to_owned(), None)
}

/// Numbers that clerks type because a form demands one.
fn is_dummy(number: &str) -> bool {
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let all_one = |d: &[u8]| d.len() >= 7 && d.windows(2).all(|w| w[0] == w[1]);
    let known = [
        &b"18999999999"[..],
        b"12345678901",
        b"12345678910",
        b"12345678900",
        b"1234567890",
        b"12345678",
        b"1234567",
    ];
    // 18999999999 is what HC's template tells clerks to type; 138 and eight zeros is its sister.
    all_one(&digits)
        || number == "0"
        || known.contains(&&digits[..])
        || (digits.len() == 11 && digits[3..].iter().all(|d| *d == b'0'))
}
