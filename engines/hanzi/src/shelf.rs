//! The order of boxes on the shelf: the `linli shelf` commands in one place.

use crate::room::{CodeError, Overrides, RoomCode};

/// A line that is no room code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Line number in the input, from 1.
    pub line: usize,
    /// The line as typed.
    pub text: String,
    /// Why, and how to mend it.
    pub error: CodeError,
}

/// What came of sorting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// Lines as typed, in shelf order; those that are no codes come last, in input order.
    pub lines: Vec<String>,
    /// One for each line that is no code.
    pub warnings: Vec<Warning>,
}

/// Puts lines of one code each in shelf order. Blank lines are skipped; equal codes keep their input
/// order. A building with a floor G among the lines has its mezzanine below the first floor (P5.6).
pub fn sort<I>(lines: I) -> Sorted
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    sort_with(lines, &Overrides::default())
}

/// [`sort`] with the office's own order.
pub fn sort_with<I>(lines: I, site: &Overrides) -> Sorted
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut site = site.clone();
    let mut codes = Vec::new();
    let mut warnings = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        let line = line.as_ref();
        if line.trim().is_empty() {
            continue;
        }
        match RoomCode::parse_at(line, &site) {
            Ok(code) => codes.push(code),
            Err(error) => warnings.push(Warning {
                line: at + 1,
                text: line.to_owned(),
                error,
            }),
        }
    }
    for code in &codes {
        site.notice_ground_floor(code);
    }
    // Stable, and each key is made once.
    codes.sort_by_cached_key(|code| code.sort_key_with(&site));
    let mut sorted: Vec<String> = codes
        .into_iter()
        .map(|code| code.as_typed().to_owned())
        .collect();
    sorted.extend(warnings.iter().map(|warning| warning.text.clone()));
    Sorted {
        lines: sorted,
        warnings,
    }
}

/// The sort key in lower-case hex: its order is the order of the shelf.
#[must_use]
pub fn key_hex(code: &RoomCode) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    code.sort_key()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|n| HEX[usize::from(n)] as char)
        .collect()
}
