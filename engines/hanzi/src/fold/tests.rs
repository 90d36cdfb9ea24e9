//! The views and the way back from them.

use proptest::prelude::*;

use super::*;

#[test]
fn the_plain_view_ignores_script_width_case_and_invisible_signs() {
    for (text, plain) in [
        ("業主檔案", "业主档案"),
        ("ＡＢＣ１２３", "abc123"),
        ("王\u{200B}小\u{FEFF}明", "王小明"),
        ("e\u{301}é", "ee"),
        ("Ⅱ期", "ii期"),
        ("㎡", "m2"),
        ("貳號樓　", "贰号楼 "),
        ("が", "が"),
        ("İ", "i"),
        ("👨\u{200D}👩", "👨👩"),
    ] {
        assert_eq!(Fold::new(text).plain().text(), plain, "{text}");
    }
}

#[test]
fn the_digit_view_reads_every_form_of_a_digit() {
    for (text, digits) in [
        ("一三八零零〇", "138000"),
        ("①③⑧⑴⒈❶➊㈠㊀", "138111111"),
        ("１³٣۴४𝟛", "133443"),
        ("壹貳叁肆伍陸柒捌玖", "123456789"),
        ("兩⑫", "212"),
        ("1️⃣", "1"),
        ("十棟", "十栋"),
    ] {
        assert_eq!(Fold::new(text).digits().text(), digits, "{text}");
    }
}

#[test]
fn the_pinyin_view_is_the_same_in_both_scripts() {
    assert_eq!(Fold::new("業主女士").pinyin().text(), "ye zhu nv shi ");
    assert_eq!(
        Fold::new("乾杯").pinyin().text(),
        Fold::new("干杯").pinyin().text()
    );
    assert_eq!(Fold::new("加V信").pinyin().text(), "jia vxin ");
    assert_eq!(syllable('鄰'), Some("lin"));
    assert_eq!(syllable('x'), None);
}

#[test]
fn a_hit_in_a_view_leads_back_to_the_whole_original_stretch() {
    let text = "請加\u{200B}微\u{200B}信：１３８";
    let plain = Fold::new(text).plain();
    let at = plain.text().find("微信").expect("folded together");
    let span = plain.span(at..at + "微信".len());
    assert_eq!(&text[span.bytes.clone()], "微\u{200B}信");
    assert_eq!(span.chars, 3..6);

    let pinyin = Fold::new(text).pinyin();
    let at = pinyin.text().find("wei xin").expect("read aloud");
    assert_eq!(&text[pinyin.span(at..at + 7).bytes], "微\u{200B}信");

    let circled = Fold::new("第⑫棟").digits();
    assert_eq!(circled.text(), "第12栋");
    assert_eq!(
        circled.span(3..4).chars,
        1..2,
        "half of an expansion is its whole character"
    );
}

#[test]
fn keys_meet_for_the_same_name_and_keep_others_apart() {
    assert_eq!(key("王 小　明"), key("王小\u{200B}明"));
    assert_eq!(key("陳麗"), key("陈丽"));
    assert_ne!(key("王小明"), key("王大明"));
    assert_eq!(initials("王小明 A座"), "wxmaz");
    assert_eq!(digits_only("+86 一三八-００"), "8613800");
}

#[test]
fn no_character_grows_beyond_the_stated_bound() {
    for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
        for view in [
            Fold::new(c.encode_utf8(&mut [0; 4])).plain(),
            Fold::new(c.encode_utf8(&mut [0; 4])).pinyin(),
        ] {
            assert!(
                view.text().len() <= EXPANSION_MAX,
                "{c:?} {}",
                view.text().len()
            );
        }
    }
}

#[test]
fn folding_twice_changes_nothing_more() {
    for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
        let text = c.to_string();
        let once = Fold::new(&text).plain().text().to_owned();
        assert_eq!(
            Fold::new(&once).plain().text(),
            once,
            "{c:?} U+{:04X}",
            c as u32
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_view_span_maps_to_character_boundaries_of_the_original(text in "\\PC{0,40}|[一-龥①-⑳０-９a-zÀ-ÿ\u{200b}-\u{200f}\u{300}-\u{310}ﷺ㎡]{0,40}", a in 0usize..200, b in 0usize..200) {
        let fold = Fold::new(&text);
        for view in [fold.plain(), fold.digits(), fold.pinyin()] {
            let span = view.span(a..b);
            prop_assert!(text.is_char_boundary(span.bytes.start) && text.is_char_boundary(span.bytes.end));
            prop_assert!(span.bytes.start <= span.bytes.end);
            prop_assert_eq!(text[..span.bytes.start].chars().count(), span.chars.start);
            prop_assert_eq!(text[..span.bytes.end].chars().count(), span.chars.end);
            // Character by character the view is what those original characters fold to.
            for at in 0..view.char_count() {
                let one = view.char_span(at..at + 1);
                prop_assert_eq!(one.chars.len(), 1);
                prop_assert!(text.get(one.bytes).is_some());
            }
        }
    }
}

#[test]
fn a_text_is_simplified_sign_by_sign_and_nothing_else_changes() {
    let text = "請勿在群裡發佈廣告；ＡＢＣ １２３，「業主」3棟① 〇";
    assert_eq!(
        super::simplified(text),
        "请勿在群里发布广告；ＡＢＣ １２３，「业主」3栋① 〇"
    );
    let simple = "业主大会决定共同管理权利的重大事项。";
    assert_eq!(super::simplified(simple), simple);
}
