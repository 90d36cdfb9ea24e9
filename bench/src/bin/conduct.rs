//! The conduct engine beside a bare scan with the same words and beside decoding the same text.
//!
//! Texts are made from the engine's own benign lines, so that anybody can run it; the list is the
//! shipped one and invented words up to [`WORDS`].

use std::hint::black_box;
use std::time::Instant;

use bench::table::{Line, markdown, median, p99};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use moderation::{Context, Engine, Entry, Policy, Role, Rule, Scratch, Severity};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Words in the engine's list.
const WORDS: u32 = 50_000;
/// Characters of text judged in one round.
const CHARS: usize = 4_000_000;
/// Rounds; each side is measured in turn and the median stands.
const ROUNDS: usize = 7;
/// What the whole engine must do, in million characters a second on one core (conduct.md C1).
const BAR_MCHAR: f64 = 40.0;

const LINES: [&str; 2] = [
    include_str!("../../../engines/moderation/tests/benign/gate.txt"),
    include_str!("../../../engines/moderation/tests/benign/vetting.txt"),
];

/// A word that nobody wrote, of two to five everyday characters.
fn word(n: u32, alphabet: &[char]) -> String {
    let mut state = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let length = 2 + next() % 4;
    (0..length)
        .map(|_| alphabet[(next() % alphabet.len() as u64) as usize])
        .collect()
}

fn list(texts: &[&str]) -> Vec<Entry> {
    let mut alphabet: Vec<char> = texts.iter().flat_map(|t| t.chars()).collect();
    alphabet.retain(|c| matches!(u32::from(*c), 0x4E00..=0x9FFF));
    alphabet.sort_unstable();
    alphabet.dedup();
    let mut entries = moderation::shipped_words();
    let mut known: std::collections::HashSet<String> =
        entries.iter().map(|e| e.word.clone()).collect();
    for n in 0.. {
        if entries.len() as u32 >= WORDS {
            break;
        }
        let word = word(n, &alphabet);
        // A word that folds to one character is refused (綠绿).
        let folded = hanzi::fold::key(&word);
        let first = folded.chars().next();
        let one = folded.chars().all(|c| Some(c) == first);
        if !one && known.insert(word.clone()) {
            entries.push(Entry {
                word,
                role: Role::Finding(Rule::Custom),
                severity: Severity::Low,
                source: "invented".to_owned(),
                by_ear: false,
                inside: false,
                innocent: Vec::new(),
            });
        }
    }
    entries
}

/// Seconds that the work takes, each side in turn.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
fn rounds(sides: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut times = vec![Vec::new(); sides.len()];
    for _ in 0..ROUNDS {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            side();
            times.push(begun.elapsed().as_secs_f64());
        }
    }
    times.into_iter().map(median).collect()
}

#[allow(clippy::disallowed_methods)] // measuring is what this program is for
fn main() -> anyhow::Result<()> {
    let lines: Vec<&str> = LINES.iter().flat_map(|t| t.lines()).collect();
    let mut texts: Vec<&str> = Vec::new();
    let mut chars = 0;
    for line in lines.iter().cycle() {
        if chars >= CHARS {
            break;
        }
        chars += line.chars().count();
        texts.push(line);
    }
    let entries = list(&lines);
    let begun = Instant::now();
    let engine = Engine::with_words(
        Policy::default(),
        entries.clone(),
        Some(moderation::model::shipped()),
    )?;
    let built = begun.elapsed().as_secs_f64() * 1_000.0;
    let shipped = Engine::new(Policy::default())?;
    let words: Vec<&str> = entries.iter().map(|e| e.word.as_str()).collect();
    let bare =
        CharwiseDoubleArrayAhoCorasick::<u32>::new(&words).map_err(|e| anyhow::anyhow!("{e}"))?;
    let context = Context::default();
    let (mut scratch, mut scratch_shipped) = (Scratch::default(), Scratch::default());
    let (mut found, mut found_shipped, mut hits, mut sum) = (0usize, 0usize, 0usize, 0u64);
    let times = rounds(&mut [
        &mut || {
            for text in &texts {
                found += engine
                    .check_with(&mut scratch, text, &context)
                    .findings
                    .len();
            }
        },
        &mut || {
            for text in &texts {
                found_shipped += shipped
                    .check_with(&mut scratch_shipped, text, &context)
                    .findings
                    .len();
            }
        },
        &mut || {
            for text in &texts {
                hits += bare.find_overlapping_iter(text).count();
            }
        },
        &mut || {
            for text in &texts {
                sum += text.chars().map(|c| u64::from(u32::from(c))).sum::<u64>();
            }
        },
    ]);
    black_box((found, found_shipped, hits, sum));
    let mchar = |seconds: f64| chars as f64 / seconds / 1e6;
    let mut waits: Vec<f64> = Vec::with_capacity(texts.len());
    for text in &texts {
        let begun = Instant::now();
        black_box(engine.check_with(&mut scratch, text, &context));
        waits.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    let mean = chars as f64 / texts.len() as f64;
    let latency = format!(
        "{:.2} µs a message of {mean:.0} characters, p50 {:.2}, p99 {:.2} µs (the clock's own 0.03 within)",
        times[0] * 1e6 / texts.len() as f64,
        median(waits.clone()),
        p99(waits)
    );
    let line = |what: String, ours: f64, bare: f64, note: String| Line {
        what,
        unit: "Mchar/s",
        ours,
        bare,
        note,
    };
    let mut out = vec![
        line(
            format!("whole engine, {WORDS} words, against the bar"),
            mchar(times[0]),
            BAR_MCHAR,
            latency,
        ),
        line(
            format!(
                "whole engine, {WORDS} words, against a bare automaton (daachorse charwise) with them"
            ),
            mchar(times[0]),
            mchar(times[2]),
            format!(
                "built in {built:.0} ms, {} KiB of tries; the bare one {} KiB",
                engine.heap_bytes() >> 10,
                bare.heap_bytes() >> 10
            ),
        ),
        line(
            format!("whole engine, {WORDS} words, against decoding UTF-8"),
            mchar(times[0]),
            mchar(times[3]),
            String::new(),
        ),
        line(
            format!(
                "whole engine, the shipped {} words, against the bar",
                moderation::shipped_words().len()
            ),
            mchar(times[1]),
            BAR_MCHAR,
            String::new(),
        ),
    ];
    out.extend(hostile(&engine, &entries, mchar(times[0])));
    print!("{}", markdown(&out));
    Ok(())
}

/// Texts that mean harm, a megabyte each, against ordinary talk in the same engine.
fn hostile(engine: &Engine, entries: &[Entry], ordinary: f64) -> Vec<Line> {
    let near_misses: String = entries
        .iter()
        .map(|e| {
            e.word
                .chars()
                .take(e.word.chars().count() - 1)
                .collect::<String>()
        })
        .collect();
    let cases: [(&str, String); 6] = [
        ("beginnings of all words glued together", near_misses),
        ("one insult over and over", "傻逼".to_owned()),
        ("phones", "13800138000 ".to_owned()),
        ("digits", "1".to_owned()),
        ("combining marks", "\u{301}".to_owned()),
        ("compatibility forms", "\u{FDFA}".to_owned()),
    ];
    let mut scratch = Scratch::default();
    cases
        .into_iter()
        .map(|(what, piece)| {
            let mut speed = |bytes: usize| {
                let text = piece.repeat(bytes / piece.len() + 1);
                let mut side = || {
                    black_box(engine.check_with(&mut scratch, &text, &Context::default()));
                };
                let seconds = rounds(&mut [&mut side])[0];
                text.chars().count() as f64 / seconds / 1e6
            };
            let (short, long) = (speed(1 << 17), speed(1 << 20));
            Line {
                what: format!("a megabyte of {what}, against ordinary talk"),
                unit: "Mchar/s",
                ours: long,
                bare: ordinary,
                note: format!(
                    "{:.2} of the speed at 128 KiB: time is linear",
                    long / short
                ),
            }
        })
        .collect()
}
