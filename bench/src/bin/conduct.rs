//! The conduct engine beside a bare scan with the same words and beside decoding the same text.
//!
//! Texts are made from the engine's own benign lines, so that anybody can run it; the lists are the
//! shipped one and invented words up to each of [`LISTS`]. Where node is there and
//! `npm ci --prefix bench/peer` was run, the fastest word filter for Chinese among the
//! registries' runs on the same words and texts.

use std::hint::black_box;
use std::time::Instant;

use bench::table::{Line, markdown, median, p99};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use moderation::{Context, Engine, Entry, Policy, Role, Rule, Scratch, Severity};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Words in the engine's list.
const LISTS: [u32; 3] = [1_000, 10_000, 50_000];
/// Characters of text judged in one round.
const CHARS: usize = 2_000_000;
/// Characters of a hostile message: as many as an ordinary one has.
const MESSAGE_CHARS: usize = 28;
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

fn list(texts: &[&str], words: u32) -> Vec<Entry> {
    let mut alphabet: Vec<char> = texts.iter().flat_map(|t| t.chars()).collect();
    alphabet.retain(|c| matches!(u32::from(*c), 0x4E00..=0x9FFF));
    alphabet.sort_unstable();
    alphabet.dedup();
    let mut entries = moderation::shipped_words();
    let mut known: std::collections::HashSet<String> =
        entries.iter().map(|e| e.word.clone()).collect();
    for n in 0.. {
        if entries.len() as u32 >= words {
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

/// So many characters of the lines, over and over.
fn filled(lines: &[String]) -> Vec<String> {
    let mut chars = 0;
    let mut texts = Vec::new();
    for line in lines.iter().cycle() {
        if chars >= CHARS {
            return texts;
        }
        chars += line.chars().count();
        texts.push(line.clone());
    }
    texts
}

/// Ordinary talk, the same with a listed word in each line, and beginnings of words.
fn texts(lines: &[&str], entries: &[Entry]) -> [(&'static str, Vec<String>); 3] {
    let ordinary: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
    let word = |n: usize| entries[n.wrapping_mul(7_919) % entries.len()].word.as_str();
    let dirty: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let middle = line.chars().count() / 2;
            let (a, b): (String, String) = (
                line.chars().take(middle).collect(),
                line.chars().skip(middle).collect(),
            );
            format!("{a}{}{b}", word(n))
        })
        .collect();
    let glued: Vec<char> = entries
        .iter()
        .flat_map(|e| {
            let count = e.word.chars().count();
            e.word.chars().take(count - 1).collect::<Vec<char>>()
        })
        .collect();
    let hostile: Vec<String> = glued
        .chunks(MESSAGE_CHARS)
        .map(|piece| piece.iter().collect())
        .collect();
    [
        ("ordinary talk", filled(&ordinary)),
        ("talk with a listed word in each line", filled(&dirty)),
        ("beginnings of words glued together", filled(&hostile)),
    ]
}

/// What the peer reads a second, in million characters; none where it does not run.
fn peer(words: &[&str], texts: &[String]) -> Option<f64> {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("peer");
    let folder = tempfile::tempdir().ok()?;
    let (list, lines) = (folder.path().join("words"), folder.path().join("texts"));
    std::fs::write(&list, words.join("\n")).ok()?;
    std::fs::write(&lines, texts.join("\n")).ok()?;
    let out = std::process::Command::new("node")
        .arg(here.join("peer.mjs"))
        .args([list, lines])
        .output()
        .ok()?;
    String::from_utf8_lossy(&out.stdout).trim().parse().ok()
}

/// One list of words on one kind of text: against the bare automaton, with decoding and the
/// peer beside it.
fn compared(
    entries: &[Entry],
    engine: &Engine,
    what: &str,
    texts: &[String],
) -> anyhow::Result<Line> {
    let words: Vec<&str> = entries.iter().map(|e| e.word.as_str()).collect();
    let bare =
        CharwiseDoubleArrayAhoCorasick::<u32>::new(&words).map_err(|e| anyhow::anyhow!("{e}"))?;
    let context = Context::default();
    let mut scratch = Scratch::default();
    let (mut found, mut hits, mut sum) = (0usize, 0usize, 0u64);
    let times = rounds(&mut [
        &mut || {
            for text in texts {
                let verdict = engine.check_with(&mut scratch, text, &context);
                found += verdict.findings.len();
            }
        },
        &mut || {
            for text in texts {
                hits += bare.find_overlapping_iter(text).count();
            }
        },
        &mut || {
            for text in texts {
                sum += text.chars().map(|c| u64::from(u32::from(c))).sum::<u64>();
            }
        },
    ]);
    black_box((found, hits, sum));
    let chars: usize = texts.iter().map(|t| t.chars().count()).sum();
    let mchar = |seconds: f64| chars as f64 / seconds / 1e6;
    let ours = mchar(times[0]);
    let mut note = format!(
        "{:.2} of the bar of {BAR_MCHAR:.0}; decoding UTF-8 {:.0}, so {:.3} of it",
        ours / BAR_MCHAR,
        mchar(times[2]),
        ours / mchar(times[2])
    );
    if let Some(peer) = peer(&words, texts) {
        note += &format!("; mint-filter {peer:.2}, so {:.1} times that", ours / peer);
    }
    Ok(Line {
        what: format!(
            "whole engine, {} words, {what}, against a bare automaton (daachorse charwise)",
            words.len()
        ),
        unit: "Mchar/s",
        ours,
        bare: mchar(times[1]),
        note,
    })
}

/// How long one message takes, in µs.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
fn latency(engine: &Engine, texts: &[String]) -> String {
    let mut scratch = Scratch::default();
    let context = Context::default();
    let mut waits: Vec<f64> = Vec::with_capacity(texts.len());
    for text in texts {
        let begun = Instant::now();
        black_box(engine.check_with(&mut scratch, text, &context));
        waits.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    format!(
        "a message {mean:.2} µs, p50 {:.2}, p99 {:.2} (the clock's own 0.03 within)",
        median(waits.clone()),
        p99(waits)
    )
}

#[allow(clippy::disallowed_methods)] // measuring is what this program is for
fn main() -> anyhow::Result<()> {
    let lines: Vec<&str> = LINES.iter().flat_map(|t| t.lines()).collect();
    let mut out = Vec::new();
    let (mut last, mut ordinary) = (None, 0.0);
    for words in LISTS {
        let entries = list(&lines, words);
        let begun = Instant::now();
        let engine = Engine::with_words(
            Policy::default(),
            entries.clone(),
            Some(moderation::model::shipped()),
        )?;
        let built = begun.elapsed().as_secs_f64() * 1_000.0;
        for (at, (what, texts)) in texts(&lines, &entries).into_iter().enumerate() {
            let mut line = compared(&entries, &engine, what, &texts)?;
            if at == 0 {
                ordinary = line.ours;
                line.note += &format!(
                    "; {}; built in {built:.0} ms, {} KiB of tries",
                    latency(&engine, &texts),
                    engine.heap_bytes() >> 10
                );
            }
            out.push(line);
        }
        last = Some((engine, entries));
    }
    if let Some((engine, entries)) = last {
        out.extend(hostile(&engine, &entries, ordinary));
    }
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
