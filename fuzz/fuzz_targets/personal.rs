//! A phone is found between any neighbours that are no digits, and no evidence of a personal
//! datum shows the number.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use moderation::{Category, Context, Engine, Policy};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Policy::default()).expect("the shipped policy is sound"));

fuzz_target!(|bytes: &[u8]| {
    let any = String::from_utf8_lossy(bytes);
    let text = format!("{any}，电话13800138000，{any}");
    let verdict = ENGINE.check(&text, &Context::default());
    let personal = verdict.findings.iter().filter(|f| f.category == Category::Privacy);
    let mut seen = false;
    for f in personal {
        seen = true;
        assert!(!f.evidence.contains("13800138000"), "{f:?}");
    }
    assert!(seen || verdict.findings.len() == moderation::FINDINGS_MAX, "{text:?}");
});
