//! The forms in which one word may stand: as it is, pulled apart, in stand-ins, spelled, by ear.

use hanzi::fold::{self, disguise};

use super::entry::{Entry, LexiconError, Role, Severity, WORD_CHARS_MAX};
use super::trie::PATTERN_SYMBOLS_MAX;
use crate::text::{Table, fold_symbol};

/// Most forms of one word: a word of two with seven stand-ins each has 63 beside itself.
const FORMS_MAX: usize = 96;
/// Syllables from which a word is found by ear without being marked: the study's bar.
const EAR_SYLLABLES: usize = 3;
/// Longest word whose characters are spelled one by one among the others (傻bi).
const SPELLED_CHARS_MAX: usize = 4;

/// A form of a word, as symbols of its view.
pub(crate) struct Variant {
    pub symbols: Vec<u16>,
    /// Run length of each symbol when one is above 1 (nnd, 法网恢恢), else empty.
    pub runs: Vec<u8>,
    /// The entry it is a form of.
    pub entry: u32,
    /// It is looked for in the pinyin view.
    pub sound: bool,
    /// How much less sure than the word itself, in percent.
    pub trust: u8,
}

/// The symbols of a text and their runs, read as the pass reads texts.
pub(crate) fn symbols_of(text: &str) -> (Vec<u16>, Vec<u8>) {
    let (mut symbols, mut runs): (Vec<u16>, Vec<u8>) = (Vec::new(), Vec::new());
    for c in text.chars() {
        let mut push = |symbol: u16| {
            if symbols.last() == Some(&symbol) {
                if let Some(run) = runs.last_mut() {
                    *run = run.saturating_add(1);
                }
            } else {
                symbols.push(symbol);
                runs.push(1);
            }
        };
        if let Some(seen) = disguise::picture(c) {
            fold_symbol(seen).map(&mut push);
            continue;
        }
        match fold::plain_of(c) {
            fold::Folded::Nothing => {}
            fold::Folded::One(one) => {
                fold_symbol(one).map(&mut push);
            }
            fold::Folded::Many(many) => many.chars().filter_map(fold_symbol).for_each(&mut push),
        }
    }
    (symbols, runs)
}

fn push(out: &mut Vec<Variant>, text: &str, entry: u32, trust: u8) {
    let (symbols, runs) = symbols_of(text);
    if symbols.len() < 2 || symbols.len() > PATTERN_SYMBOLS_MAX {
        return;
    }
    let runs = if runs.iter().all(|&run| run == 1) {
        Vec::new()
    } else {
        runs
    };
    out.push(Variant {
        symbols,
        runs,
        entry,
        sound: false,
        trust,
    });
}

/// Adds all forms of a word.
pub(crate) fn of(
    table: &Table,
    entry: &Entry,
    number: u32,
    out: &mut Vec<Variant>,
) -> Result<(), LexiconError> {
    let word = &entry.word;
    let chars: Vec<char> = word.chars().collect();
    if chars.len() > WORD_CHARS_MAX {
        return Err(LexiconError::TooLong { word: word.clone() });
    }
    let (symbols, runs) = symbols_of(word);
    if symbols.len() < 2 {
        return Err(LexiconError::TooShort { word: word.clone() });
    }
    let first = out.len();
    push(out, word, number, 100);
    // Cues of advertisements are not disguised word by word, and need three of a kind anyway.
    let plain: Vec<char> = chars
        .iter()
        .map(|&c| match fold::plain_of(c) {
            fold::Folded::One(one) => one,
            _ => c,
        })
        .collect();
    if matches!(entry.role, Role::Finding(_)) {
        split_forms(&plain, |form| push(out, form, number, 90));
        if entry.by_ear {
            stand_in_forms(&plain, |form| push(out, form, number, 85));
            spelled_forms(&plain, |form| push(out, form, number, 85));
        }
        by_ear(table, entry, (&symbols, &runs), number, out);
    }
    out[first + 1..].sort_by(|a, b| (a.sound, &a.symbols).cmp(&(b.sound, &b.symbols)));
    let mut at = first + 1;
    while at < out.len() {
        let same =
            |other: &Variant| other.sound == out[at].sound && other.symbols == out[at].symbols;
        if out[first..at].iter().any(same) {
            out.remove(at);
        } else {
            at += 1;
        }
    }
    out.truncate(first + FORMS_MAX);
    Ok(())
}

/// Every character pulled apart that can be, one by one and all at once.
fn split_forms(chars: &[char], mut form: impl FnMut(&str)) {
    let parts = |c: char| disguise::SPLIT.iter().filter(move |(whole, _)| *whole == c);
    let splittable = chars.iter().filter(|&&c| parts(c).next().is_some()).count();
    for (at, &c) in chars.iter().enumerate() {
        for (_, split) in parts(c) {
            let text: String = chars[..at].iter().collect::<String>()
                + split
                + &chars[at + 1..].iter().collect::<String>();
            form(&text);
        }
    }
    if splittable > 1 {
        let all: String = chars
            .iter()
            .map(|&c| {
                parts(c)
                    .next()
                    .map_or(c.to_string(), |(_, s)| (*s).to_owned())
            })
            .collect();
        form(&all);
    }
}

/// Each character in the stand-ins of its family; words of two in all combinations.
fn stand_in_forms(chars: &[char], mut form: impl FnMut(&str)) {
    let family = |c: char| -> Vec<char> {
        let found = disguise::STAND_INS.iter().find(|f| f.starts_with(c));
        found.map_or(vec![c], |f| f.chars().collect())
    };
    if let &[a, b] = chars {
        for x in family(a) {
            for y in family(b) {
                form(&[x, y].iter().collect::<String>());
            }
        }
        return;
    }
    for (at, &c) in chars.iter().enumerate() {
        for stand_in in family(c) {
            let mut text = chars.to_vec();
            text[at] = stand_in;
            form(&text.into_iter().collect::<String>());
        }
    }
}

/// Spelled in Latin letters, whole or character by character.
fn spelled_forms(chars: &[char], mut form: impl FnMut(&str)) {
    if !(2..=SPELLED_CHARS_MAX).contains(&chars.len()) {
        return;
    }
    // Each bit says which characters are spelled.
    for which in 1u32..1 << chars.len() {
        let spell = |(at, &c): (usize, &char)| -> Option<String> {
            if which >> at & 1 == 0 {
                return Some(c.to_string());
            }
            Some(fold::syllable(c)?.to_owned())
        };
        let text: Option<String> = chars.iter().enumerate().map(spell).collect();
        // Four letters and fewer are words of every language.
        if let Some(text) = text.filter(|t| !t.is_ascii() || t.len() > 4) {
            form(&text);
        }
    }
}

fn by_ear(
    table: &Table,
    entry: &Entry,
    (symbols, runs): (&[u16], &[u8]),
    number: u32,
    out: &mut Vec<Variant>,
) {
    let sounds: Vec<u16> = symbols.iter().map(|&s| table.sound(s)).collect();
    if sounds.contains(&0) || !(entry.by_ear || sounds.len() >= EAR_SYLLABLES) {
        return;
    }
    let trust = match (entry.severity, sounds.len()) {
        (_, 0..=2) => 55,
        (Severity::High, 4..) => 80,
        _ => 62,
    };
    out.push(Variant {
        symbols: sounds,
        runs: if runs.iter().all(|&run| run == 1) {
            Vec::new()
        } else {
            runs.to_vec()
        },
        entry: number,
        sound: true,
        trust,
    });
}

/// The innocent words of an entry as symbols, and where the word stands in each.
pub(crate) fn innocent(_table: &Table, entry: &Entry) -> Vec<(Vec<u16>, usize)> {
    let (word, _) = symbols_of(&entry.word);
    let mut out = Vec::new();
    for innocent in &entry.innocent {
        let (symbols, _) = symbols_of(innocent);
        for at in 0..=symbols.len().saturating_sub(word.len()) {
            if symbols[at..].starts_with(&word) {
                out.push((symbols.clone(), at));
            }
        }
    }
    out
}
