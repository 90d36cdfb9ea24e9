//! Lines: where they may break and where not.

use crate::text::{Line, lines};

/// Breaks with every ideograph one wide and all else half.
fn broken(text: &str, measure: f32) -> Vec<String> {
    let signs: Vec<(char, f32)> = text
        .chars()
        .map(|c| (c, if (c as u32) < 0x1100 { 0.5 } else { 1.0 }))
        .collect();
    lines(&signs, measure)
        .iter()
        .map(|Line { start, end, .. }| signs[*start..*end].iter().map(|s| s.0).collect())
        .collect()
}

#[test]
fn a_table_of_lines() {
    for (text, measure, expected) in [
        ("一二三四五六", 3.0, vec!["一二三", "四五六"]),
        // A full stop takes the sign before it along.
        ("一二三，四五", 3.0, vec!["一二", "三，四", "五"]),
        ("一二三」。四", 3.0, vec!["一二", "三」。", "四"]),
        // An opening bracket goes to the next line.
        ("一二「三四」", 3.0, vec!["一二", "「三", "四」"]),
        ("一二（《三》）", 4.0, vec!["一二", "（《三》）"]),
        // Words stay whole, numbers with their marks too.
        ("請於 23:00 前回覆", 4.0, vec!["請於", "23:00 前", "回覆"]),
        ("自9:00–12:00停水", 6.0, vec!["自", "9:00–12:00", "停水"]),
        ("增長3.5%以上", 3.0, vec!["增長", "3.5%以", "上"]),
        ("房號3-2-1801完", 5.0, vec!["房號", "3-2-1801完"]),
        ("the quick brown", 5.0, vec!["the quick", "brown"]),
        ("押金￥2,000元", 3.5, vec!["押金", "￥2,000", "元"]),
        // A dash of two signs is one mark.
        ("一二——三", 3.0, vec!["一", "二——", "三"]),
        // What is longer than a line is cut, and nothing is lost.
        ("ABCDEFGHIJ", 2.0, vec!["ABCD", "EFGH", "IJ"]),
        // Even when one sign does not fit, marks keep their place.
        ("一，二「三", 0.5, vec!["一，", "二", "「三"]),
        ("", 3.0, vec![""]),
        ("   ", 1.0, vec![""]),
    ] {
        assert_eq!(broken(text, measure), expected, "{text:?} in {measure}");
    }
}

#[test]
fn no_line_begins_or_ends_with_what_may_not_at_any_measure() {
    let text = "為保障全體業主的安全，經業主委員會（以下簡稱「業委會」）同意，自2026年12月1日起，3棟、5棟的《門禁卡》須重新登記；逾期未辦者，將於12月31日24:00停用……詳情請致電客服：0757-12345678，或在“服務中心”查詢（免費）！";
    let bare: String = text.chars().filter(|c| *c != ' ').collect();
    for tenths in 5..400 {
        let measure = tenths as f32 / 10.0;
        let lines = broken(text, measure);
        assert_eq!(
            lines.concat().replace(' ', ""),
            bare,
            "nothing is lost at {measure}"
        );
        for (n, line) in lines.iter().enumerate() {
            let (first, last) = (
                line.chars().next().expect("no empty line"),
                line.chars().last().expect("no empty line"),
            );
            if n > 0 {
                assert!(
                    !"，。、；：！？」』）》”%…,.:;)".contains(first),
                    "{line:?} at {measure}"
                );
            }
            if n + 1 < lines.len() {
                assert!(!"「『（《“(".contains(last), "{line:?} at {measure}");
            }
        }
    }
}
