//! What users of other engines complained of: each a case here.

use moderation::{Context, Rule};

use crate::{check, finds, rules, stretches, with_words};

#[test]
fn everyday_words_are_no_breach() {
    for text in [
        "测试",
        "管理规定",
        "生日快乐",
        "你在干嘛",
        "干部",
        "日用品",
        "目的",
        "的",
    ] {
        assert_eq!(check(text).findings, [], "{text}");
    }
}

#[test]
fn a_word_inside_an_innocent_word_is_spared_and_beside_it_found() {
    for text in [
        "大麻烦",
        "真是大麻煩！",
        "一只大麻雀",
        "k粉丝滤镜",
        "Smoking is not allowed",
        "十三点半开会",
    ] {
        assert_eq!(rules(text), [], "{text}");
    }
    assert_eq!(rules("他在卖大麻，大麻烦来了"), [Rule::Drugs]);
    assert_eq!(stretches("大麻烦：有人带大麻", Rule::Drugs), ["大麻"]);
    let engine = with_words("sm | custom | 3 | t");
    let found = |text: &str| engine.check(text, &Context::default()).findings.len();
    assert_eq!(
        (found("smoking"), found("玩SM吗"), found("a sm b")),
        (0, 1, 1)
    );
}

#[test]
fn a_list_of_one_character_is_refused_because_it_masks_everything() {
    let words = moderation::parse_lexicon("的\tcustom\t3\tt").expect("the line is well-formed");
    let refused = moderation::Engine::with_words(moderation::Policy::default(), words, None);
    assert!(refused.is_err_and(|e| e.to_string().contains("one character")));
}

#[test]
fn folding_script_makes_no_hits_of_its_own() {
    for text in [
        "台灣的親戚",
        "颱風來了",
        "檯面上的事",
        "後面的車",
        "乾淨的水",
    ] {
        assert_eq!(rules(text), [], "{text}");
    }
}

#[test]
fn a_number_inside_a_longer_one_is_found_only_where_asked() {
    let at_bounds = with_words("248 | custom | 3 | t");
    let inside = with_words("248 | custom | 3 | t | inside");
    let found = |engine: &moderation::Engine, text: &str| {
        engine.check(text, &Context::default()).findings.len()
    };
    assert_eq!(found(&at_bounds, "A1002481003"), 0);
    assert_eq!(found(&at_bounds, "房间248号"), 1);
    assert_eq!(found(&inside, "A1002481003"), 1);
}

#[test]
fn repeats_are_folded_without_breaking_words_that_repeat() {
    let engine =
        with_words("法网恢恢 | custom | 3 | t\nnnd | custom | 3 | t\n傻逼 | insult_strong | 3 | t");
    let found = |text: &str| engine.check(text, &Context::default()).findings.len();
    assert_eq!(found("法网恢恢，疏而不漏"), 1);
    assert_eq!(found("法网恢"), 0);
    assert_eq!(found("nnd"), 1);
    assert_eq!(found("nd"), 0);
    assert_eq!(found("傻傻傻傻逼逼逼"), 1);
    assert_eq!(rules("妈妈的饭最好吃"), []);
}

#[test]
fn lists_are_folded_as_texts_are() {
    let engine =
        with_words("+V | custom | 3 | t\n＋Ｑ群 | custom | 3 | t\n臺灣大麻 | custom | 3 | t");
    for text in ["加v", "+v", "＋Ｖ", "➕V", "加Q群", "+q群", "台湾大麻"] {
        assert_eq!(
            engine.check(text, &Context::default()).findings.len(),
            1,
            "{text}"
        );
    }
}

#[test]
fn any_sign_between_the_characters_is_seen_through() {
    for text in [
        "傻@#￥%逼",
        "傻 逼",
        "傻。逼",
        "傻\u{200b}逼",
        "傻|逼",
        "傻…逼",
        "傻\u{301}逼",
    ] {
        assert!(finds(text, Rule::InsultStrong), "{text}");
    }
}

#[test]
fn neither_the_longest_nor_the_shortest_word_hides_the_other() {
    let engine =
        with_words("赌场 | gambling | 2 | t\n线上赌场开户 | fraud | 3 | t\n场开 | custom | 2 | t");
    let verdict = engine.check("线上赌场开户", &Context::default());
    let mut found: Vec<Rule> = verdict.findings.iter().map(|f| f.rule).collect();
    found.sort_unstable();
    assert_eq!(found, [Rule::Gambling, Rule::Fraud, Rule::Custom]);
}

#[test]
fn the_category_stays_when_signs_are_skipped() {
    let plain = rules("线上赌场");
    assert_eq!(plain, [Rule::Gambling]);
    assert_eq!(rules("线*上*赌*场"), plain);
}

#[test]
fn han_words_need_no_boundary_to_letters() {
    assert!(finds("a弹药b", Rule::Contraband));
}

#[test]
fn a_stretch_is_exactly_the_word_in_the_original() {
    let text = "😀早！你真是傻\u{200b}*逼，拜拜";
    let verdict = check(text);
    let found = verdict
        .findings
        .iter()
        .find(|f| f.rule == Rule::InsultStrong)
        .expect("found");
    assert_eq!(&text[found.byte_start..found.byte_end], "傻\u{200b}*逼");
    let by_chars: String = text
        .chars()
        .skip(found.start)
        .take(found.end - found.start)
        .collect();
    assert_eq!(by_chars, "傻\u{200b}*逼");
}

#[test]
fn fifty_thousand_words_load_and_are_all_found() {
    let word = |n: u32| -> String {
        let c = |k: u32| {
            char::from_u32(0x4E00 + (n.wrapping_mul(2_654_435_761) >> k) % 20_000).expect("Han")
        };
        [c(3), c(9), c(14)].iter().collect()
    };
    // A word of one character thrice is refused, for it folds to one.
    let whole = |n: &u32| {
        word(*n)
            .chars()
            .collect::<std::collections::BTreeSet<_>>()
            .len()
            == 3
    };
    let list: String = (1..=50_000)
        .filter(whole)
        .map(|n| format!("{}\tcustom\t2\tt\n", word(n)))
        .collect();
    let engine = with_words(&list);
    assert!(
        engine.heap_bytes() < 32 << 20,
        "{} bytes",
        engine.heap_bytes()
    );
    for n in (1..=50_000).filter(whole).step_by(997) {
        let text = format!("前{}后", word(n));
        assert!(
            !engine.check(&text, &Context::default()).findings.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn a_domain_is_one_finding_and_its_parts_are_none() {
    assert_eq!(stretches("看 xx.info 吧", Rule::AdLink), ["xx.info"]);
    for text in ["xx", "info", "版本1.2.3", "等等...好的", "node.js 教程"] {
        assert_eq!(rules(text), [], "{text}");
    }
}
