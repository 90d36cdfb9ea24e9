//! Text that means harm to the engine: long, broken, combining, near misses. No test here looks at a
//! clock; what is bounded is counted.

use moderation::{Context, Engine, FINDINGS_MAX, Policy, Scratch, Verdict};
use proptest::prelude::*;

use crate::{ENGINE, check};

/// Every stretch lies on boundaries within the text, and both countings agree.
fn is_sound(text: &str, verdict: &Verdict) {
    assert!(verdict.findings.len() <= FINDINGS_MAX);
    for f in &verdict.findings {
        assert!(
            f.byte_start <= f.byte_end && f.byte_end <= text.len(),
            "{f:?}"
        );
        assert!(
            text.is_char_boundary(f.byte_start) && text.is_char_boundary(f.byte_end),
            "{f:?}"
        );
        assert_eq!(text[..f.byte_start].chars().count(), f.start, "{f:?}");
        assert_eq!(text[..f.byte_end].chars().count(), f.end, "{f:?}");
        assert!((0.0..=1.0).contains(&f.confidence), "{f:?}");
    }
    let order = |f: &moderation::Finding| (f.byte_start, f.byte_end);
    assert!(
        verdict
            .findings
            .windows(2)
            .all(|w| order(&w[0]) <= order(&w[1]))
    );
}

#[test]
fn a_megabyte_of_anything_is_judged() {
    for piece in ["的", "傻逼", "13800138000 ", "\u{301}"] {
        let text = piece.repeat((1 << 20) / piece.len());
        is_sound(&text, &check(&text));
    }
}

#[test]
fn long_texts_of_what_rules_are_made_of_are_judged() {
    let long = |piece: &str| piece.repeat((1 << 16) / piece.len());
    for piece in [
        "傻",
        "傻*",
        "1",
        "3-2-",
        "一",
        "a@b.",
        "微信",
        "粤B",
        "．",
        "\u{200b}",
        "🐴",
        "加v",
        "http://a.",
        "12号楼",
        "线上赌",
        "王小明3-2-1801",
        "﷽",
        " ",
        "\n",
        "qq1",
        "0",
        "艾特",
    ] {
        let text = long(piece);
        is_sound(&text, &check(&text));
    }
}

#[test]
fn ten_thousand_combining_marks_hide_nothing_and_cost_nothing() {
    let text = format!("傻{}逼", "\u{301}\u{489}".repeat(5_000));
    let verdict = check(&text);
    is_sound(&text, &verdict);
    assert_eq!(verdict.findings[0].byte_end, text.len());
}

#[test]
fn broken_encodings_are_read_around() {
    let mut bytes = "傻".as_bytes().to_vec();
    bytes.extend([0xFF, 0xC0, 0x80]);
    bytes.extend("逼 13800138000".as_bytes());
    let verdict = ENGINE.check_bytes(&bytes, &Context::default());
    is_sound(&String::from_utf8_lossy(&bytes), &verdict);
    assert_eq!(verdict.findings.len(), 2, "{:?}", verdict.findings);
}

#[test]
fn memory_is_given_back_after_a_long_text() {
    let engine = Engine::new(Policy::default()).expect("shipped");
    let mut scratch = Scratch::default();
    let long = "长文本".repeat(200_000);
    let first = engine.check_with(&mut scratch, "傻逼", &Context::default());
    let _ = engine.check_with(&mut scratch, &long, &Context::default());
    assert_eq!(
        engine.check_with(&mut scratch, "傻逼", &Context::default()),
        first
    );
    assert!(scratch.kept_bytes() < 8 << 20, "{}", scratch.kept_bytes());
}

/// Pieces that rules are made of, so that chance meets them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(vec![
            "傻逼", "大麻", "烦", "13800138000", "138", "-", " ", "0013", "8000", "110101190001010014", "栋", "号楼", "3", "单元", "1801", "室", "微信",
            "加", "v", "：", "abc_123", "@", "example", ".", "com", "粤", "B", "12345", "护照", "E12345678", "王先生", "专业疏通", "优惠", "扫码", "\u{200b}", "\u{301}",
            "弓虽", "🐴", "①", "零", "十", "http://", "#", "(", "0755", ")", "26000000", "转", "\u{FDFA}", "㎡", "𝟏", "，", "\n", "草泥马", "qq", "艾特", "点",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stretches_lie_in_the_text_whatever_it_is(text in pieces()) {
        is_sound(&text, &check(&text));
    }

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        is_sound(&text, &ENGINE.check_bytes(&bytes, &Context::default()));
    }

    #[test]
    fn memory_kept_changes_no_verdict(a in pieces(), b in pieces()) {
        let mut scratch = Scratch::default();
        let _ = ENGINE.check_with(&mut scratch, &a, &Context::default());
        prop_assert_eq!(ENGINE.check_with(&mut scratch, &b, &Context::default()), check(&b));
    }
}
