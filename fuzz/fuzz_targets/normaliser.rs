//! Signs and invisible characters that the normaliser drops hide nothing: an insult that is
//! found is found with any of them between, and its stretch reaches over them.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use moderation::{Context, Engine, Policy, Rule};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Policy::default()).expect("the shipped policy is sound"));

/// What may stand between the characters of a word without ending it.
const BETWEEN: [&str; 8] = ["*", ".", "-", "_", "\u{200b}", "\u{200d}", "\u{feff}", "\u{ad}"];

fuzz_target!(|bytes: &[u8]| {
    let mut text = String::new();
    let mut rest = bytes.iter();
    for c in "你们都是狗杂种".chars() {
        text.push(c);
        if let Some(b) = rest.next() {
            for n in 0..b % 4 {
                text.push_str(BETWEEN[usize::from(b / 4 + n) % BETWEEN.len()]);
            }
        }
    }
    // Folding anything at all ends, and folding what was folded changes nothing.
    let any = String::from_utf8_lossy(bytes);
    let folded = hanzi::fold::key(&any);
    assert_eq!(hanzi::fold::key(&folded), folded);
    let verdict = ENGINE.check(&text, &Context::default());
    let found = verdict.findings.iter().find(|f| f.rule == Rule::InsultStrong);
    let found = found.unwrap_or_else(|| panic!("{text:?} hides it"));
    assert!(text[found.byte_start..found.byte_end].contains('种'));
});
