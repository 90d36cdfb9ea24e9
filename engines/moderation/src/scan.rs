//! Where words may begin: one loop over a text's symbols, without a branch until all is known.

use crate::text::Symbols;
use crate::words::{Glance, Hit, LONGER, PAIR, PAIR_HEARD, Window, Words};

/// Finds the words that are in the text as they are written or heard. `candidates` is memory kept
/// from text to text.
pub(crate) fn run(
    words: &Words,
    symbols: &Symbols,
    candidates: &mut Vec<u32>,
    hits: &mut Vec<Hit>,
) {
    let count = symbols.len();
    let (plain, sound) = (symbols.plain(), symbols.sound());
    if candidates.len() < count {
        candidates.resize(count, 0);
    }
    let open = &mut candidates[..count];
    let mut glance = Glance::default();
    let mut found = 0;
    // A place is a candidate once in five times: a branch would be mispredicted each time.
    for at in 0..count {
        open[found] = at as u32;
        found += usize::from(words.gate.glance(&mut glance, plain[at], sound[at]));
    }
    let mut kept = 0;
    for candidate in 0..found {
        let at = open[candidate] as usize;
        let mut window = Window::default();
        for at in at.saturating_sub(2)..=at {
            window.step(plain[at], sound[at]);
        }
        let why = words.gate.look(window);
        open[kept] = ((at as u32) << 3) | why;
        kept += usize::from(why != 0);
    }
    for &candidate in &open[..kept] {
        let (at, why) = ((candidate >> 3) as usize, candidate & 7);
        if why & LONGER != 0 && at >= 2 {
            Words::follow_longer(&words.plain, plain, at - 2, hits);
            Words::follow_longer(&words.sound, sound, at - 2, hits);
        }
        if why & PAIR != 0 && at >= 1 {
            Words::follow_pair(&words.plain, plain, at - 1, hits);
        }
        if why & PAIR_HEARD != 0 && at >= 1 {
            Words::follow_pair(&words.sound, sound, at - 1, hits);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::Rule;
    use crate::text::Table;
    use crate::words::{self, Entry, Role, Severity};

    /// The shipped words and a thousand more over few characters, so that they share beginnings.
    fn lists(table: &Table) -> Words {
        let mut entries = words::shipped();
        let few: Vec<char> = "三三四上下不大小天人山水你我他傻".chars().collect();
        for n in 0..1_000usize {
            let at = |k: usize| few[n * (k * k * 7 + 3 + k) / (k + 1) % few.len()];
            let word: String = (0..2 + n % 4).map(at).collect();
            if word.chars().any(|c| !word.starts_with(c)) {
                entries.push(Entry {
                    word,
                    role: Role::Finding(Rule::Custom),
                    severity: Severity::Low,
                    source: String::new(),
                    by_ear: n % 3 == 0,
                    inside: false,
                    innocent: Vec::new(),
                });
            }
        }
        Words::new(table, entries).expect("the words can be looked for")
    }

    /// Every pattern tried at every place.
    fn plainly(words: &Words, symbols: &Symbols) -> Vec<(u32, u32, u32)> {
        let mut found = Vec::new();
        for (id, pattern) in words.patterns.iter().enumerate() {
            let view = if pattern.sound {
                symbols.sound()
            } else {
                symbols.plain()
            };
            for at in 0..view.len() {
                if view[at..].starts_with(&pattern.symbols) {
                    let end = at + pattern.symbols.len();
                    found.push((id as u32, at as u32, end as u32));
                }
            }
        }
        found
    }

    #[test]
    fn the_filtered_scan_finds_what_a_plain_search_finds() {
        let table = Table::new();
        let words = lists(&table);
        let pieces: Vec<String> = words.entries.iter().map(|e| e.word.clone()).collect();
        let piece = prop_oneof![
            3 => proptest::sample::select(pieces),
            2 => "[三四上下不大小天人山水你我他傻逼]{1,4}",
            1 => "[a-z0-9*。，\u{200b}]{1,3}",
        ];
        let text = proptest::collection::vec(piece, 0..30).prop_map(|p| p.concat());
        let config = ProptestConfig {
            cases: 200,
            failure_persistence: None,
            rng_seed: proptest::test_runner::RngSeed::Fixed(10),
            ..ProptestConfig::default()
        };
        let met = std::cell::Cell::new(0);
        proptest::test_runner::TestRunner::new(config)
            .run(&text, |text| {
                let mut symbols = Symbols::default();
                symbols.read(&table, &text);
                let (mut candidates, mut hits) = (Vec::new(), Vec::new());
                run(&words, &symbols, &mut candidates, &mut hits);
                let mut found: Vec<_> = hits.iter().map(|h| (h.pattern, h.start, h.end)).collect();
                let mut wanted = plainly(&words, &symbols);
                found.sort_unstable();
                wanted.sort_unstable();
                met.set(met.get() + wanted.len());
                prop_assert_eq!(found, wanted);
                Ok(())
            })
            .expect("both find the same");
        assert!(met.get() > 1_000, "the texts hold words: {met:?}");
    }
}
