//! Short keys for searching and matching, where no way back is needed.

use super::table::{self, Folded};

fn fold_into(text: &str, fold: impl Fn(char) -> Folded, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match fold(c) {
            Folded::Nothing => {}
            Folded::One(one) => out.extend(Some(one).filter(|&c| keep(c))),
            Folded::Many(many) => out.extend(many.chars().filter(|&c| keep(c))),
        }
    }
    out
}

/// A key under which the same words meet: Simplified, half width, lower case, without spaces and
/// invisible signs. `王 小 明`, `王小明` and `王小\u{200B}明` share one.
#[must_use]
pub fn key(text: &str) -> String {
    fold_into(text, table::plain, |c| !c.is_whitespace())
}

/// The same text in simplified signs, everything else as it stands: for readers of a text
/// that was written in traditional ones. Sign by sign, which this direction allows: several
/// traditional signs share a simplified one, never the other way round.
#[must_use]
pub fn simplified(text: &str) -> String {
    let one = |c: char| match (c as u32, table::plain(c)) {
        (0x3400..=0x9FFF | 0x20000..=0x323AF, Folded::One(simple)) => simple,
        _ => c,
    };
    text.chars().map(one).collect()
}

/// The digits of a text in order, whatever their form, nothing else: `一三八-００` → `13800`.
#[must_use]
pub fn digits_only(text: &str) -> String {
    fold_into(text, table::digit, |c| c.is_ascii_digit())
}

/// First letters of the syllables, with Latin letters and digits as they are: `王小明` → `wxm`.
#[must_use]
pub fn initials(text: &str) -> String {
    fold_into(
        text,
        |c| match table::plain(c) {
            Folded::One(simple) => {
                match table::syllable_text(table::syllable(simple)).chars().next() {
                    Some(first) => Folded::One(first),
                    None => Folded::One(simple),
                }
            }
            other => other,
        },
        char::is_alphanumeric,
    )
}
