//! Works out the folding tables once, at build time, so that the crate starts at once and needs no
//! dictionary at run time.
//!
//! Sources: Unicode NFKC/NFKD (`unicode-normalization`), OpenCC's Traditional→Simplified characters
//! (`ferrous-opencc`), the Unihan-based readings of `pinyin`. Written to `$OUT_DIR/tables.rs`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use pinyin::ToPinyin;
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

/// Code points in one table page; 256 gives small pages and a one-byte low index.
const PAGE: u32 = 256;
/// Pages up to the end of Unicode.
const PAGES: u32 = 0x11_0000 / PAGE;
/// The character stays as it is.
const SAME: u32 = 0xFFFF_FFFF;
/// The character has no text of its own.
const NOTHING: u32 = 0xFFFF_FFFE;
/// Set when the rest is an index into the list of longer replacements.
const LONGER: u32 = 0x8000_0000;

/// First characters of the runs of ten decimal digits (Unicode general category Nd) outside ASCII
/// that NFKC leaves alone.
const DECIMAL_ZEROS: &[u32] = &[
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1E140, 0x1E2F0, 0x1E950,
];

/// Runs of numbers in rings, brackets or with a full stop: first character, first value, how many.
const RINGED: &[(u32, u32, u32)] = &[
    (0x2460, 1, 20),  // ①
    (0x2474, 1, 20),  // ⑴
    (0x2488, 1, 20),  // ⒈
    (0x24EA, 0, 1),   // ⓪
    (0x24EB, 11, 10), // ⓫
    (0x24F5, 1, 10),  // ⓵
    (0x24FF, 0, 1),   // ⓿
    (0x2776, 1, 10),  // ❶
    (0x2780, 1, 10),  // ➀
    (0x278A, 1, 10),  // ➊
    (0x3021, 1, 9),   // 〡 (Suzhou numerals)
    (0x3220, 1, 9),   // ㈠
    (0x3251, 21, 15), // ㉑
    (0x3280, 1, 9),   // ㊀
    (0x32B1, 36, 15), // ㊱
    (0x1F100, 0, 1),  // 🄀
    (0x1F101, 0, 10), // 🄁
];

/// Chinese numerals that stand for one digit each, everyday and financial forms, in Simplified.
const HAN_DIGITS: &[(char, char)] = &[
    ('零', '0'),
    ('〇', '0'),
    ('○', '0'),
    ('一', '1'),
    ('壹', '1'),
    ('弌', '1'),
    ('二', '2'),
    ('贰', '2'),
    ('弍', '2'),
    ('两', '2'),
    ('三', '3'),
    ('叁', '3'),
    ('弎', '3'),
    ('四', '4'),
    ('肆', '4'),
    ('五', '5'),
    ('伍', '5'),
    ('六', '6'),
    ('陆', '6'),
    ('七', '7'),
    ('柒', '7'),
    ('八', '8'),
    ('捌', '8'),
    ('九', '9'),
    ('玖', '9'),
];

/// Characters OpenCC keeps apart but which people write for one another in numbers.
const EXTRA_SIMPLIFIED: &[(char, char)] = &[('叄', '叁'), ('貮', '贰'), ('弐', '贰'), ('壱', '壹')];

/// Longest chain of simplifications followed; OpenCC has none above three.
const CHAIN_MAX: usize = 8;

/// Han blocks that hold Traditional characters or have readings.
const HAN: &[(u32, u32)] = &[
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2FA1F),
    (0x30000, 0x323AF),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let simplified = simplified();
    let mut pool = Pool::default();
    let plain_index = pool.add(|c| plain(c, &simplified));
    let digit_index = pool.add(|c| digits(c, &simplified));
    let width_index = pool.add(width);
    let (pinyin_index, pinyin_pages, syllables) = readings();

    let mut out = String::new();
    array(&mut out, "PLAIN_INDEX", "u16", &plain_index);
    array(&mut out, "DIGIT_INDEX", "u16", &digit_index);
    array(&mut out, "WIDTH_INDEX", "u16", &width_index);
    pages(&mut out, "PAGES", "u32", &pool.pages);
    array(&mut out, "PINYIN_INDEX", "u16", &pinyin_index);
    pages(&mut out, "PINYIN_PAGES", "u16", &pinyin_pages);
    let _ = writeln!(out, "pub static LONGER_TEXTS: &[&str] = &{:?};", pool.texts);
    let _ = writeln!(out, "pub static SYLLABLES: &[&str] = &{syllables:?};");
    let dir =
        PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts"));
    std::fs::write(dir.join("tables.rs"), out).expect("OUT_DIR is writable");
}

/// Traditional → Simplified for single characters, from OpenCC's own t2s.
fn simplified() -> HashMap<char, char> {
    let opencc =
        OpenCC::from_config(BuiltinConfig::T2s).expect("the built-in t2s dictionary loads");
    let all: Vec<char> = HAN
        .iter()
        .flat_map(|&(a, b)| a..=b)
        .filter_map(char::from_u32)
        .collect();
    // One call over lines of one character each: a phrase rule cannot reach across a line end.
    let joined: String = all.iter().flat_map(|&c| [c, '\n']).collect();
    let converted = opencc.convert(&joined);
    let mut map: HashMap<char, char> = all
        .iter()
        .zip(converted.lines())
        .filter_map(|(&from, line)| {
            let mut chars = line.chars();
            let to = chars.next()?;
            (chars.next().is_none() && to != from).then_some((from, to))
        })
        .collect();
    map.extend(EXTRA_SIMPLIFIED.iter().copied());
    // 薴→苧→苎: follow chains to their end, so that folding twice is folding once.
    let ends = map.keys().map(|&from| {
        let steps = std::iter::successors(map.get(&from).copied(), |c| map.get(c).copied());
        (from, steps.take(CHAIN_MAX).last().unwrap_or(from))
    });
    ends.collect()
}

/// Signs that take no room on the screen, or only change how their neighbour looks.
fn is_invisible(c: char) -> bool {
    matches!(c as u32,
        0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x20DD..=0x20E4 | 0x3164
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB | 0x1D173..=0x1D17A
        | 0xE0000..=0xE0FFF)
}

/// A character in NFKC without accents and invisible signs; case and script stay.
fn width(c: char) -> String {
    if is_invisible(c) {
        return String::new();
    }
    c.nfkd()
        .filter(|&d| canonical_combining_class(d) == 0 && !is_invisible(d))
        .nfc()
        .collect()
}

/// What a character is in the plain view.
fn plain(c: char, simplified: &HashMap<char, char>) -> String {
    if is_invisible(c) {
        return String::new();
    }
    // Kana keep their voicing marks: か and が are different letters, not one with an accent.
    let kana = matches!(c as u32, 0x3040..=0x30FF);
    let bare: String = if kana { c.nfkc().collect() } else { width(c) };
    let lower: String = bare.chars().flat_map(char::to_lowercase).collect();
    // Lower-casing may bring a combining mark (İ) or a compatibility form back.
    let settled: String = if kana {
        lower
    } else {
        lower
            .nfkd()
            .filter(|&d| canonical_combining_class(d) == 0)
            .nfc()
            .collect()
    };
    settled
        .chars()
        .map(|d| simplified.get(&d).copied().unwrap_or(d))
        .collect()
}

/// What a character is in the digit view: as in the plain view, with every form of a digit as ASCII.
fn digits(c: char, simplified: &HashMap<char, char>) -> String {
    let code = c as u32;
    if let Some(&(start, value, _)) = RINGED.iter().find(|&&(s, _, n)| (s..s + n).contains(&code)) {
        return (value + (code - start)).to_string();
    }
    plain(c, simplified)
        .chars()
        .map(|d| {
            let code = d as u32;
            if let Some(zero) = DECIMAL_ZEROS.iter().find(|&&z| (z..z + 10).contains(&code)) {
                return char::from_digit(code - zero, 10).expect("within ten of the zero");
            }
            HAN_DIGITS
                .iter()
                .find(|(han, _)| *han == d)
                .map_or(d, |&(_, digit)| digit)
        })
        .collect()
}

/// Pages shared by all tables, and the replacements longer than one character.
#[derive(Default)]
struct Pool {
    pages: Vec<Vec<u32>>,
    known: HashMap<Vec<u32>, u32>,
    texts: Vec<String>,
    text_ids: HashMap<String, u32>,
}

impl Pool {
    fn add(&mut self, map: impl Fn(char) -> String) -> Vec<u32> {
        (0..PAGES)
            .map(|page| {
                let values = (page * PAGE..(page + 1) * PAGE)
                    .map(|code| self.value(code, &map))
                    .collect();
                self.page(values)
            })
            .collect()
    }

    fn value(&mut self, code: u32, map: &impl Fn(char) -> String) -> u32 {
        let Some(c) = char::from_u32(code) else {
            return SAME;
        };
        let to = map(c);
        let mut chars = to.chars();
        match (chars.next(), chars.next()) {
            (None, _) => NOTHING,
            (Some(one), None) if one == c => SAME,
            (Some(one), None) => one as u32,
            _ => {
                let next = self.texts.len() as u32;
                let id = *self.text_ids.entry(to.clone()).or_insert(next);
                if id == next {
                    self.texts.push(to);
                }
                LONGER | id
            }
        }
    }

    fn page(&mut self, values: Vec<u32>) -> u32 {
        let next = self.pages.len() as u32;
        let id = *self.known.entry(values.clone()).or_insert(next);
        if id == next {
            self.pages.push(values);
        }
        id
    }
}

/// Toneless readings: index of pages, pages of syllable numbers (0 = none), the syllables.
fn readings() -> (Vec<u32>, Vec<Vec<u32>>, Vec<String>) {
    let read = |c: char| -> Option<String> {
        let text: String = c
            .to_pinyin()?
            .plain()
            .nfd()
            // ü is typed v; a bare u with dots removed would mix 女 with 努.
            .fold(String::new(), |mut text, d| {
                if d == '\u{308}' && text.ends_with('u') {
                    text.pop();
                    text.push('v');
                } else if d.is_ascii_lowercase() {
                    text.push(d);
                }
                text
            });
        (!text.is_empty()).then_some(text)
    };
    let chars: Vec<char> = HAN
        .iter()
        .flat_map(|&(a, b)| a..=b)
        .filter_map(char::from_u32)
        .collect();
    let by_char: HashMap<char, String> =
        chars.iter().filter_map(|&c| Some((c, read(c)?))).collect();
    let ids: BTreeMap<&String, u32> = {
        let set: std::collections::BTreeSet<&String> = by_char.values().collect();
        set.into_iter().zip(1..).collect()
    };
    let mut pool = Pool::default();
    let index = (0..PAGES)
        .map(|page| {
            let values = (page * PAGE..(page + 1) * PAGE)
                .map(|code| {
                    char::from_u32(code)
                        .and_then(|c| by_char.get(&c))
                        .map_or(0, |s| ids[s])
                })
                .collect();
            pool.page(values)
        })
        .collect();
    let syllables = std::iter::once(String::new())
        .chain(ids.keys().map(|s| (*s).clone()))
        .collect();
    (index, pool.pages, syllables)
}

fn array(out: &mut String, name: &str, kind: &str, values: &[u32]) {
    let _ = writeln!(
        out,
        "pub static {name}: [{kind}; {}] = {values:?};",
        values.len()
    );
}

fn pages(out: &mut String, name: &str, kind: &str, pages: &[Vec<u32>]) {
    let _ = writeln!(
        out,
        "pub static {name}: [[{kind}; 256]; {}] = {pages:?};",
        pages.len()
    );
}
