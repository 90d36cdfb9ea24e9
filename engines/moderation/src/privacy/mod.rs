//! Personal data in a text: numbers with their checksums, addresses with a room, names of the
//! roster. Runs only behind the gate: ordinary talk has too few digits and letters to hold any.
//!
//! Sources: GB 11643-1999 (identity numbers), ISO/IEC 7812 (bank cards), the numbering plan of the
//! 工信部 (phones), GA 36-2018 (plates), and the conduct study's forty-two cases.

mod accounts;
mod address;
mod cells;
mod digits;
mod names;
mod plate;
mod protected;

pub(crate) use cells::{Cell, Cells};
pub use protected::{Kind, Protected, ProtectedError};

use crate::finding::{Rule, Whose};
use crate::text::{NOTED_MIN, Symbols};

/// Fewest ASCII letters and digits that can hold a number or handle.
const ALNUM_MIN: u32 = NOTED_MIN;
/// Fewest characters that may be digits (一二三 included): 三棟二單元一八零一.
const DIGITS_MIN: u32 = 5;

/// Most data reported of one text. A list of more is one leak.
pub(crate) const DATA_MAX: usize = 512;

/// A datum found.
#[derive(Clone, Debug)]
pub(crate) struct Datum {
    pub rule: Rule,
    /// First cell.
    pub start: usize,
    /// Cell behind the last.
    pub end: usize,
    pub confidence: f32,
    /// The value in its normal form, by which digests and allow lists know it. Never shown.
    pub value: String,
    /// The value as a person may see it.
    pub masked: String,
    pub whose: Whose,
}

impl Datum {
    fn new(rule: Rule, cells: std::ops::Range<usize>, confidence: f32, value: String) -> Datum {
        let masked = masked(rule, &value);
        Datum {
            rule,
            start: cells.start,
            end: cells.end,
            confidence,
            value,
            masked,
            whose: Whose::Unknown,
        }
    }
}

/// The cheap gate.
pub(crate) fn may_hold_data(symbols: &Symbols) -> bool {
    symbols.alnum >= ALNUM_MIN || symbols.digits >= DIGITS_MIN || (symbols.cue && symbols.alnum > 0)
}

/// What is found besides names, in the order of the text.
pub(crate) fn scan(cells: &Cells, found: &mut Vec<Datum>) {
    found.clear();
    digits::scan(cells, found);
    plate::scan(cells, found);
    accounts::scan(cells, found);
    address::scan(cells, found);
    found.sort_by_key(|d| (d.start, d.end));
    found.truncate(DATA_MAX);
}

pub(crate) use names::scan as scan_names;

/// As many stars as hide the middle of a value.
fn masked(rule: Rule, value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let keep = |front: usize, back: usize| -> String {
        if chars.len() <= front + back {
            return "*".repeat(chars.len());
        }
        let hidden = chars.len() - front - back;
        chars[..front].iter().collect::<String>()
            + &"*".repeat(hidden.min(15))
            + &chars[chars.len() - back..].iter().collect::<String>()
    };
    match rule {
        Rule::Mobile => keep(3, 4),
        Rule::Landline => keep(chars.len().saturating_sub(8).min(4), 4),
        Rule::ResidentId => keep(1, 2),
        Rule::BankCard => keep(0, 4),
        Rule::Plate => keep(2, 1),
        Rule::Passport => keep(1, 2),
        Rule::Email => match value.split_once('@') {
            Some((local, domain)) => {
                let first: String = local.chars().take(1).collect();
                // 163.com may be shown; a phone written into a domain may not.
                let digits = domain.chars().filter(char::is_ascii_digit).count();
                let hide = |c: char| if c.is_ascii_digit() { '*' } else { c };
                match digits {
                    0..=4 => format!("{first}***@{domain}"),
                    _ => format!(
                        "{first}***@{}",
                        domain.chars().map(hide).collect::<String>()
                    ),
                }
            }
            None => keep(1, 0),
        },
        Rule::Qq => keep(2, 0),
        Rule::Address => match value.rsplit_once('-') {
            Some((building, room)) => format!("{building}-{}", "*".repeat(room.chars().count())),
            None => keep(1, 0),
        },
        Rule::RosterName => hanzi::name::masked_name(value),
        _ => keep(1, 0),
    }
}
