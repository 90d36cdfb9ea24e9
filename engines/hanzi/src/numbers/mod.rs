//! Numbers that name people and firms: phones, identity cards, credit codes of organisations.
//!
//! Each is parsed at the door from whatever an office types or a spreadsheet makes of it (full width,
//! spaces, dashes, Chinese numerals, a trailing `.0`) and shown masked.

mod phone;
mod resident_id;
mod uscc;

pub use phone::{Phone, PhoneError};
pub use resident_id::{BirthDate, Gender, IdError, ResidentId};
pub use uscc::{Uscc, UsccError};

use crate::fold::Fold;

/// Longest text looked at, in characters; the longest of these numbers with all its spaces is half.
pub const NUMBER_CHARS_MAX: usize = 64;

/// The text in ASCII capitals, without what people and spreadsheets put between digits.
///
/// `None` when it is too long or holds a sign that no such number has.
fn bare(text: &str, allowed: &str) -> Option<String> {
    if text.chars().nth(NUMBER_CHARS_MAX).is_some() {
        return None;
    }
    let folded = Fold::new(text.trim()).digits();
    let text = folded.text().trim();
    // 13800138000.0 and 1.3800138E+10 are the same cell; the second lost digits and is not guessed at.
    let text = text.strip_suffix(".0").unwrap_or(text);
    // A spreadsheet keeps a number as text behind an apostrophe.
    let text = text.strip_prefix(['\'', '‘', '’', '`']).unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_whitespace() => {}
            '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '·' | '・' => {}
            _ if c.is_ascii_alphanumeric() => out.push(c.to_ascii_uppercase()),
            _ if allowed.contains(c) => out.push(c),
            _ => return None,
        }
    }
    Some(out)
}
