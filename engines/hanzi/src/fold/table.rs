//! The folding tables made by `build.rs`, and how to look a character up.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

use generated::{
    DIGIT_INDEX, LONGER_TEXTS, PAGES, PINYIN_INDEX, PINYIN_PAGES, PLAIN_INDEX, SYLLABLES,
    WIDTH_INDEX,
};

/// Same marks as in `build.rs`.
const SAME: u32 = 0xFFFF_FFFF;
const NOTHING: u32 = 0xFFFF_FFFE;
const LONGER: u32 = 0x8000_0000;

/// What one character becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// It has no text of its own (zero-width, combining).
    Nothing,
    /// It stands as one character.
    One(char),
    /// It stands as several, such as ㎡ or ㍿.
    Many(&'static str),
}

fn look_up(index: &[u16; PLAIN_INDEX.len()], c: char) -> Folded {
    let code = c as u32;
    let page = &PAGES[usize::from(index[(code >> 8) as usize])];
    match page[(code & 0xFF) as usize] {
        SAME => Folded::One(c),
        NOTHING => Folded::Nothing,
        value if value & LONGER != 0 => Folded::Many(LONGER_TEXTS[(value & !LONGER) as usize]),
        value => Folded::One(char::from_u32(value).expect("build.rs writes scalar values")),
    }
}

pub(crate) fn plain(c: char) -> Folded {
    look_up(&PLAIN_INDEX, c)
}

pub(crate) fn digit(c: char) -> Folded {
    look_up(&DIGIT_INDEX, c)
}

/// NFKC without accents and invisible signs; case and script stay.
pub(crate) fn width(c: char) -> Folded {
    look_up(&WIDTH_INDEX, c)
}

/// Number of a folded character's toneless syllable in [`syllable_text`]; 0 when it has none.
pub(crate) fn syllable(c: char) -> u16 {
    let code = c as u32;
    PINYIN_PAGES[usize::from(PINYIN_INDEX[(code >> 8) as usize])][(code & 0xFF) as usize]
}

/// The toneless syllable of that number, `""` for 0 and for numbers out of range.
pub(crate) fn syllable_text(id: u16) -> &'static str {
    SYLLABLES.get(usize::from(id)).copied().unwrap_or("")
}

/// How many syllables there are, the empty one included.
pub(crate) fn syllable_count() -> usize {
    SYLLABLES.len()
}
