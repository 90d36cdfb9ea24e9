//! People's names: masked for the screen, compared across script, spacing, width and ear.

use crate::fold::{self, Fold};

/// Longest name compared, in characters: the longest registered names (minorities, organisations) are
/// below it, and comparison stays cheap.
pub const NAME_CHARS_MAX: usize = 100;

/// How two names relate, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameName {
    /// The same name; only its writing may differ.
    Exact(Writing),
    /// Probably the same name: someone must look.
    Likely(Resemblance),
    /// Different names.
    No,
}

/// How the writing of one name differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Not at all.
    Same,
    /// Spaces, dots between parts, or invisible signs.
    Spacing,
    /// Traditional and Simplified, width or case.
    Script,
}

/// Why two names may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resemblance {
    /// Characters that look alike or are variants of one (己已巳, 末未, 强強彊).
    LookAlike,
    /// Same sound, character by character: 王伟, 王玮.
    Sound,
    /// One is the other's pinyin: 王小明, Wang Xiaoming.
    Pinyin,
}

/// Characters taken for one another on paper or by machines that read; each line is one family, in
/// Simplified. The first stands for all.
const LOOK_ALIKES: &[&str] = &[
    "己已巳",
    "末未",
    "日曰",
    "土士",
    "人入",
    "戊戌戍",
    "申由甲",
    "干千于",
    "天夭",
    "大太犬",
    "王玉",
    "毛手",
    "儿几",
    "令今",
    "享亨",
    "晴睛",
    "折拆析",
    "侯候",
    "洲州",
    "淋琳",
    "琪淇",
    "玮伟",
    "冶治",
    "冰水",
    "免兔",
    "乌鸟",
    "幻幼",
    "师帅",
    "密蜜",
    "辨辩",
    "栗粟",
    "徒徙",
    "崇祟",
    "衷哀",
    "薄簿",
    "傅博",
    "竞竟",
    "赢羸",
    "莹萤",
    "茗铭",
    "喆哲",
    "昇升陞",
    "堃坤",
    "淼渺",
    "荣荥",
    "刁刀",
    "沈沉",
    "强彊",
    "凯剀",
    "佘余",
    "汨汩",
    "芸云",
    "丘邱",
    "亘恒",
];

/// Separators inside names: 买买提·艾力 and its many dots.
fn is_dot(c: char) -> bool {
    matches!(
        c,
        '·' | '•' | '・' | '‧' | '∙' | '⋅' | '.' | '．' | '-' | '‐' | '–' | '—' | '\'' | '’'
    )
}

/// `王**`: the first character stays, each further one becomes a star (people.md P5).
///
/// A name of one character is a star. Names in other scripts keep their first letter and show at most
/// [`STARS_MAX`] stars, so that their length tells nothing.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let mut chars = name.trim().chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let others = chars.filter(|c| !c.is_whitespace()).take(STARS_MAX).count();
    if others == 0 {
        "*".to_owned()
    } else {
        format!("{first}{}", "*".repeat(others))
    }
}

/// Most stars in a mask.
pub const STARS_MAX: usize = 3;

/// Compares two names. Empty and overlong names equal nothing.
#[must_use]
pub fn same_name(a: &str, b: &str) -> SameName {
    let (a, b) = (a.trim(), b.trim());
    if a.chars().nth(NAME_CHARS_MAX).is_some() || b.chars().nth(NAME_CHARS_MAX).is_some() {
        return SameName::No;
    }
    let (key_a, key_b) = (name_key(a), name_key(b));
    if key_a.is_empty() || key_b.is_empty() {
        return SameName::No;
    }
    if key_a == key_b {
        return SameName::Exact(writing(a, b));
    }
    if look_key(&key_a) == look_key(&key_b) {
        return SameName::Likely(Resemblance::LookAlike);
    }
    let (sound_a, sound_b) = (sound(&key_a), sound(&key_b));
    match (sound_a, sound_b) {
        (Some(x), Some(y)) if x == y => SameName::Likely(Resemblance::Sound),
        (Some(x), None) if spelt(&x, &key_b) => SameName::Likely(Resemblance::Pinyin),
        (None, Some(y)) if spelt(&y, &key_a) => SameName::Likely(Resemblance::Pinyin),
        _ => SameName::No,
    }
}

/// The key under which one name's writings meet; also good for looking names up.
#[must_use]
pub fn name_key(name: &str) -> String {
    let mut key = fold::key(name);
    key.retain(|c| !is_dot(c));
    key
}

fn writing(a: &str, b: &str) -> Writing {
    let spaceless = |name: &str| -> String {
        name.chars()
            .filter(|c| {
                !c.is_whitespace()
                    && !is_dot(*c)
                    && !Fold::new(c.encode_utf8(&mut [0; 4]))
                        .plain()
                        .text()
                        .is_empty()
            })
            .collect()
    };
    if a == b {
        Writing::Same
    } else if spaceless(a) == spaceless(b) {
        Writing::Spacing
    } else {
        Writing::Script
    }
}

fn look_key(key: &str) -> String {
    key.chars()
        .map(|c| {
            LOOK_ALIKES
                .iter()
                .find(|family| family.contains(c))
                .and_then(|f| f.chars().next())
                .unwrap_or(c)
        })
        .collect()
}

/// The syllables of a name in Han characters; `None` when it holds others.
fn sound(key: &str) -> Option<Vec<&'static str>> {
    let syllables: Option<Vec<_>> = key.chars().map(fold::syllable).collect();
    // One character alone sounds like a hundred others: no likeness to report.
    syllables.filter(|s| s.len() > 1)
}

/// Whether Latin letters spell the syllables, surname first or last (Wang Xiaoming, Xiaoming Wang),
/// ü as v or u.
fn spelt(syllables: &[&str], latin: &str) -> bool {
    let plain = |text: &str| text.replace('v', "u");
    let [surname, given @ ..] = syllables else {
        return false;
    };
    let given = given.concat();
    let latin = plain(latin);
    latin == plain(&format!("{surname}{given}")) || latin == plain(&format!("{given}{surname}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_the_first_character_only() {
        for (name, masked) in [
            ("王小明", "王**"),
            ("王伟", "王*"),
            ("欧阳小明", "欧***"),
            ("王", "*"),
            ("", ""),
            ("John Smith", "J***"),
            (" 李 娜 ", "李*"),
        ] {
            assert_eq!(masked_name(name), masked);
        }
    }

    #[test]
    fn names_are_compared_with_the_reason() {
        for (a, b, same) in [
            ("王小明", "王小明", SameName::Exact(Writing::Same)),
            ("王 小 明", "王小明", SameName::Exact(Writing::Spacing)),
            (
                "买买提·艾力",
                "买买提•艾力",
                SameName::Exact(Writing::Spacing),
            ),
            ("陳麗華", "陈丽华", SameName::Exact(Writing::Script)),
            ("Ｊｏｈｎ", "john", SameName::Exact(Writing::Script)),
            ("王小未", "王小末", SameName::Likely(Resemblance::LookAlike)),
            ("李志刚", "李誌剛", SameName::Exact(Writing::Script)),
            ("李志强", "李致强", SameName::Likely(Resemblance::Sound)),
            (
                "王小明",
                "Wang Xiaoming",
                SameName::Likely(Resemblance::Pinyin),
            ),
            ("吕丽", "Li Lv", SameName::Likely(Resemblance::Pinyin)),
            ("王小明", "王大明", SameName::No),
            ("王小明", "王小", SameName::No),
            ("王", "汪", SameName::No),
            ("", "", SameName::No),
            ("王小明", "", SameName::No),
        ] {
            assert_eq!(same_name(a, b), same, "{a} {b}");
            assert_eq!(same_name(b, a), same, "{b} {a}");
        }
    }

    #[test]
    fn an_endless_name_equals_nothing() {
        let long = "王".repeat(NAME_CHARS_MAX + 1);
        assert_eq!(same_name(&long, &long), SameName::No);
    }

    #[test]
    fn no_character_is_in_two_families_of_look_alikes() {
        let all: Vec<char> = LOOK_ALIKES
            .iter()
            .flat_map(|family| family.chars())
            .collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        let doubled: Vec<char> = once
            .iter()
            .copied()
            .filter(|c| all.iter().filter(|d| *d == c).count() > 1)
            .collect();
        assert_eq!(doubled, Vec::<char>::new());
    }
}
