//! Views of a text that ignore how it is written, each with a map back to the original.
//!
//! - **plain**: Simplified, half width, lower case, without zero-width signs and combining marks.
//! - **digits**: as plain, with every form of a digit (一 壹 ① ⑴ ² ٣ 𝟛) as `0`–`9`.
//! - **pinyin**: as plain, with every Han character as its most common toneless syllable and a space.
//!
//! One look-up per character: time and memory are linear in the text; one character becomes at most
//! [`EXPANSION_MAX`] bytes. `&str` in, so broken encodings cannot arrive here.

pub mod disguise;
mod keys;
mod table;
#[cfg(test)]
mod tests;
mod view;

pub use keys::{digits_only, initials, key, simplified};
pub use view::{Span, View};

pub use table::Folded;
pub(crate) use table::width;

/// Longest replacement of one character in bytes (U+FDFA in NFKC), which bounds a view's memory.
pub const EXPANSION_MAX: usize = 40;

/// Longest text a view covers, in bytes: the maps count in 32 bits.
pub const TEXT_BYTES_MAX: usize = u32::MAX as usize / EXPANSION_MAX;

/// A text and its views. Views are made when asked for; keep the one you use.
#[derive(Clone, Copy, Debug)]
pub struct Fold<'a> {
    text: &'a str,
}

impl<'a> Fold<'a> {
    /// Takes the text. Beyond [`TEXT_BYTES_MAX`] (about 100 MB, far above any message) it is cut at
    /// a character; compare [`Fold::original`] with what you gave when that matters.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut end = text.len().min(TEXT_BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Fold { text: &text[..end] }
    }

    /// The text as it was written.
    #[must_use]
    pub fn original(&self) -> &'a str {
        self.text
    }

    /// Simplified, half width, lower case, nothing invisible.
    #[must_use]
    pub fn plain(&self) -> View {
        View::build(self.text, table::plain)
    }

    /// As [`Fold::plain`], with every form of a digit as ASCII.
    #[must_use]
    pub fn digits(&self) -> View {
        View::build(self.text, table::digit)
    }

    /// As [`Fold::plain`], each Han character as its toneless syllable followed by one space.
    ///
    /// The space keeps syllables apart (`xi an ` is not `xian `) and belongs to its character.
    #[must_use]
    pub fn pinyin(&self) -> View {
        View::build_pinyin(self.text)
    }
}

/// ASCII form of a decimal digit of any script; Chinese numerals are words, not digits, here.
pub(crate) fn decimal(c: char) -> Option<char> {
    match table::digit(c) {
        Folded::One(digit) if digit.is_ascii_digit() && !is_han(c) => Some(digit),
        _ => None,
    }
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x25CB | 0x3005..=0x3007 | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// What one character becomes in the plain view.
#[must_use]
pub fn plain_of(c: char) -> Folded {
    table::plain(c)
}

/// What one character becomes in the digit view.
#[must_use]
pub fn digit_of(c: char) -> Folded {
    table::digit(c)
}

/// Number of the syllable a character is read as (script does not matter), 0 for none.
///
/// Numbers are below [`syllable_count`] and stable within one build only: never store them.
#[must_use]
pub fn syllable_id(c: char) -> u16 {
    match table::plain(c) {
        Folded::One(simple) => table::syllable(simple),
        _ => 0,
    }
}

/// The toneless syllable a Han character is most commonly read as, `ü` as `v`.
#[must_use]
pub fn syllable(c: char) -> Option<&'static str> {
    match syllable_id(c) {
        0 => None,
        id => Some(table::syllable_text(id)),
    }
}

/// How many syllable numbers there are, 0 included.
#[must_use]
pub fn syllable_count() -> usize {
    table::syllable_count()
}
