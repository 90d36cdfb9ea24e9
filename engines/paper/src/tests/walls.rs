//! Posters and door lists.

use super::{code, drawn, near};
use crate::*;

fn poster(title: &str, paragraphs: usize) -> Poster {
    Poster {
        compound: "春和苑".into(),
        class: "緊急".into(),
        grave: true,
        title: title.into(),
        paragraphs: vec![
            "二棟一單元立管爆裂，預計今晚 23:00 恢復供水。#[不是命令] (a\\b)".into();
            paragraphs
        ],
        qr: code(),
        scan: "掃碼看最新內容".into(),
        foot: vec!["2026年11月27日".into()],
        ..Poster::default()
    }
}

#[test]
fn a_poster_is_one_page_of_a4_with_all_its_words() {
    let (pages, written) = drawn(&poster("緊急停水", 3));
    assert_eq!(pages.len(), 1);
    assert_eq!(written.missing, []);
    let page = &pages[0];
    assert!(near(page.size.0, 210.0) && near(page.size.1, 297.0));
    let text = page.text();
    for part in [
        "緊急停水",
        "春和苑",
        "#[不是命令] (a\\b)",
        "掃碼看最新內容",
        "2026年11月27日",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(
        page.run("緊急停水").pt >= 34.0,
        "read from across the lobby"
    );
    for run in &page.runs {
        assert!(
            run.ink.x >= 15.0 && run.ink.right() <= 195.0,
            "{}",
            run.text
        );
        assert!(
            run.ink.y >= 15.0 && run.ink.bottom() <= 285.0,
            "{}",
            run.text
        );
    }
}

#[test]
fn a_long_notice_is_set_smaller_and_then_goes_on_over_leaf() {
    let size = |n| {
        let (pages, _) = drawn(&poster("停水", n));
        let pt = pages[0]
            .runs
            .iter()
            .find(|r| r.text.starts_with("二棟"))
            .map(|r| r.pt);
        (pages.len(), pt.expect("the notice"))
    };
    let (short, long) = (size(2), size(12));
    assert!(short.0 == 1 && short.1 >= 20.0);
    assert!(long.1 < short.1, "{long:?}");
    let (pages, _) = drawn(&poster("停水", 60));
    assert!(pages.len() > 1);
    let all: String = pages.iter().map(crate::tests::Page::text).collect();
    assert_eq!(all.matches("今晚").count(), 60, "no paragraph is lost");
    for page in &pages {
        assert!(
            page.text().contains("掃碼看最新內容"),
            "each leaf hangs alone"
        );
    }
}

fn list(rows: usize) -> DoorList {
    DoorList {
        compound: "春和苑".into(),
        title: "上門名單".into(),
        about: "緊急停水".into(),
        heads: ["房號", "狀態", "告知了誰", "時間", "簽名"]
            .map(String::from)
            .into(),
        rows: (1..=rows)
            .map(|i| vec![format!("3-2-{i:04}"), "未送達".into()])
            .collect(),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        qr: code(),
        ..DoorList::default()
    }
}

#[test]
fn a_door_list_repeats_its_head_and_counts_its_pages() {
    let (pages, _) = drawn(&list(100));
    assert_eq!(pages.len(), 4);
    for (n, page) in pages.iter().enumerate() {
        let text = page.text();
        assert!(text.contains("簽名"), "the head is on page {}", n + 1);
        assert!(
            text.contains(&format!("第 {} 頁，共 4 頁", n + 1)),
            "{text}"
        );
    }
    let all: String = pages.iter().map(crate::tests::Page::text).collect();
    for i in 1..=100 {
        assert_eq!(all.matches(&format!("3-2-{i:04}")).count(), 1);
    }
    let (pages, _) = drawn(&list(0));
    assert_eq!(pages.len(), 1, "an empty list is a paper too");
}

#[test]
fn a_list_that_nobody_would_carry_is_refused() {
    let refused = door_list(&list(30 * (PAGES_MAX + 1)));
    assert!(matches!(refused, Err(PaperError::TooLong)));
}

#[test]
fn a_cell_taller_than_a_page_is_parted_and_not_lost() {
    let mut list = list(3);
    list.rows[1][1] = "字".repeat(3_000);
    let (pages, _) = drawn(&list);
    let all: String = pages.iter().map(crate::tests::Page::text).collect();
    assert_eq!(all.matches('字').count(), 3_000);
    for run in pages.iter().flat_map(|p| &p.runs) {
        assert!(run.ink.bottom() <= 290.0, "{} at {:?}", run.text, run.ink);
    }
}
