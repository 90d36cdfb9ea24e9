//! Which face writes: by language, family and weight, and which stand behind it.

use serde::{Deserialize, Serialize};

use super::Entry;

/// The language of a paper: its punctuation and some letters look different.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    Traditional,
    Simplified,
    English,
}

impl Lang {
    /// As in BCP 47, for the reader of the file.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Traditional => "zh-Hant",
            Lang::Simplified => "zh-Hans",
            Lang::English => "en",
        }
    }
}

/// The design of the letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Family {
    /// 黑體: labels, forms, screens.
    #[default]
    Sans,
    /// 宋體 or 明體: long texts.
    Serif,
}

/// What a run of text asks of a font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    pub family: Family,
    pub bold: bool,
}

/// All faces, the best for the slot first. The same folders give the same order.
pub fn order(entries: &[Entry], lang: Lang, slot: Slot) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&i| (rank(&entries[i], lang, slot), i));
    order
}

/// Small is good. Chinese before all, then the family, the language, the weight.
fn rank(e: &Entry, lang: Lang, slot: Slot) -> (bool, bool, bool, u8, u8, u16) {
    let wanted = if slot.bold { 700 } else { 400 };
    // Faces of fixed width set Latin text too wide.
    let mono = e.family.contains("mono");
    (
        !e.chinese,
        e.italic,
        mono,
        u8::from(is_serif(&e.family) != (slot.family == Family::Serif)),
        region(&e.family, lang),
        e.weight.abs_diff(wanted),
    )
}

fn is_serif(family: &str) -> bool {
    ["serif", "song", "ming", "sung", "宋", "明"]
        .iter()
        .any(|mark| family.contains(mark))
        && !family.contains("sans")
}

/// How near a face's country is to the language, 0 being its own.
fn region(family: &str, lang: Lang) -> u8 {
    let ends = |mark: &str| family.split_whitespace().any(|word| word == mark);
    let order: [&str; 5] = match lang {
        Lang::Simplified => ["sc", "tc", "hk", "jp", "kr"],
        Lang::Traditional | Lang::English => ["tc", "sc", "hk", "jp", "kr"],
    };
    // Fonts that name no country stand between: they are mostly of one country alone.
    order
        .iter()
        .position(|mark| ends(mark))
        .map_or(3, |at| if at < 3 { at as u8 } else { at as u8 + 1 })
}
