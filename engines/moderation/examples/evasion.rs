//! How much of the model's accuracy a disguise costs, and how much of that the views give back.
//!
//! `cargo run --profile dist -p moderation --example evasion -- COLD/dev.csv` reads a file with the
//! columns `label` (0 or 1) and `TEXT`. What a reader without the views would see is imitated: a sign
//! that is dropped stands as a character no training text holds, and so does a character written
//! otherwise. **Recovered** is the share of the accuracy lost by that reader that the engine keeps.
//! Chance is a counter: the same file gives the same figures.

use std::collections::{HashMap, HashSet};

use hanzi::fold::{self, Folded};
use moderation::{Engine, Policy, Scratch, model};

/// A letter that no training text holds, without a Chinese sound.
const UNKNOWN: char = '가';
/// What people put between the characters of a word.
const SIGNS: [char; 4] = ['*', '.', '-', '_'];

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % bound
    }
}

/// The fields of a file of values parted by commas, quoted or not.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (vec![], vec![], String::new(), false);
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field).trim_end_matches('\r').to_owned());
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    rows
}

/// Characters that are written otherwise in Traditional, with one such form.
fn traditional() -> HashMap<char, char> {
    let mut forms = HashMap::new();
    for c in '\u{4E00}'..='\u{9FFF}' {
        if let Folded::One(simple) = fold::plain_of(c)
            && simple != c
        {
            forms.entry(simple).or_insert(c);
        }
    }
    forms
}

/// The file's characters by their sound, in the order of their codes.
fn by_sound(texts: &[(String, bool)]) -> HashMap<&'static str, Vec<char>> {
    let used: HashSet<char> = texts.iter().flat_map(|(t, _)| t.chars()).collect();
    let mut used: Vec<char> = used.into_iter().collect();
    used.sort_unstable();
    let mut sounds: HashMap<&'static str, Vec<char>> = HashMap::new();
    for c in used {
        if let Some(sound) = fold::syllable(c) {
            sounds.entry(sound).or_default().push(c);
        }
    }
    sounds
}

fn main() {
    let path = std::env::args().nth(1).expect("a labelled file");
    let file = std::fs::read_to_string(path).expect("a file that can be read");
    let rows = rows(&file);
    let (head, rows) = rows.split_first().expect("a head");
    let column = |name: &str| head.iter().position(|h| h == name).expect("the column");
    let (label, text) = (column("label"), column("TEXT"));
    let texts: Vec<(String, bool)> = rows
        .iter()
        .filter(|r| r.len() == head.len())
        .map(|r| (r[text].clone(), r[label] == "1"))
        .collect();

    let engine = Engine::new(Policy::default()).expect("the shipped policy is sound");
    let decision = model::shipped().decision();
    let mut scratch = Scratch::default();
    let mut accuracy = |disguise: &mut dyn FnMut(&str) -> String| {
        let right = texts.iter().filter(|(text, insult)| {
            (engine.score(&mut scratch, &disguise(text)) >= decision) == *insult
        });
        right.count() as f64 / texts.len() as f64
    };

    let whole = accuracy(&mut str::to_owned);
    println!("| disguise | without views | engine | recovered |");
    println!("|---|---:|---:|---:|");
    println!("| none | {whole:.4} | {whole:.4} | |");
    let (forms, sounds) = (traditional(), by_sound(&texts));
    // Each writes a character disguised, or says that it leaves it.
    type Disguise<'a> = Box<dyn FnMut(char, &mut Chance, bool) -> String + 'a>;
    let between = |signs: &'static [char]| -> Disguise<'static> {
        Box::new(move |c, chance, seen| {
            let sign = signs[chance.below(signs.len())];
            match (chance.below(2), seen) {
                (0, _) => c.to_string(),
                (_, true) => format!("{c}{sign}"),
                (_, false) => format!("{c}{UNKNOWN}"),
            }
        })
    };
    let alike = |percent: usize| -> Disguise<'_> {
        let sounds = &sounds;
        Box::new(move |c, chance, seen| {
            let chosen = chance.below(100) < percent;
            let same = fold::syllable(c).and_then(|s| sounds.get(s));
            match same.filter(|_| chosen) {
                None => c.to_string(),
                Some(_) if !seen => UNKNOWN.to_string(),
                Some(same) => same[chance.below(same.len())].to_string(),
            }
        })
    };
    let disguises: [(&str, Disguise<'_>); 5] = [
        (
            "Traditional",
            Box::new(|c, _, seen| match forms.get(&c) {
                Some(_) if !seen => UNKNOWN.to_string(),
                form => form.copied().unwrap_or(c).to_string(),
            }),
        ),
        ("a sign after half of the characters", between(&SIGNS)),
        (
            "a zero-width character after half",
            between(&['\u{200b}', '\u{200d}', '\u{feff}']),
        ),
        ("30 % random homophones", alike(30)),
        ("60 % random homophones", alike(60)),
    ];
    for (what, mut disguise) in disguises {
        let [blind, kept] = [false, true].map(|seen| {
            let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
            accuracy(&mut |text| {
                let write = |c| disguise(c, &mut chance, seen);
                text.chars().map(write).collect()
            })
        });
        let recovered = (kept - blind) / (whole - blind) * 100.0;
        println!("| {what} | {blind:.4} | {kept:.4} | {recovered:.0} % |");
    }
}
