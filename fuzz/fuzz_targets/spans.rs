//! Whatever the bytes are: every finding's stretch lies in the text, on character
//! boundaries, and both countings agree; scratch memory that was used changes no verdict.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use moderation::{Context, Engine, FINDINGS_MAX, Policy, Scratch};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Policy::default()).expect("the shipped policy is sound"));

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let verdict = ENGINE.check_bytes(bytes, &Context::default());
    assert!(verdict.findings.len() <= FINDINGS_MAX);
    for f in &verdict.findings {
        assert!(f.byte_start <= f.byte_end && f.byte_end <= text.len());
        assert_eq!(text[..f.byte_start].chars().count(), f.start);
        assert_eq!(text[..f.byte_end].chars().count(), f.end);
        assert!((0.0..=1.0).contains(&f.confidence));
    }
    let mut scratch = Scratch::default();
    let _ = ENGINE.check_with(&mut scratch, "你就是个傻逼 13800138000", &Context::default());
    assert_eq!(ENGINE.check_with(&mut scratch, &text, &Context::default()), verdict);
});
