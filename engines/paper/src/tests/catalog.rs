//! The catalog of all boxes.

use std::cell::RefCell;

use super::drawn;
use crate::*;

fn catalog(rows: Vec<CatalogRow>) -> Catalog<'static> {
    Catalog {
        lang: Lang::Traditional,
        made: None,
        compound: "春和苑".into(),
        about: "按架位順序".into(),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        foot: ("SY-WI-KF-09".into(), "限閱".into()),
        rows: RefCell::new(Box::new(rows.into_iter())),
    }
}

fn row(i: usize) -> CatalogRow {
    CatalogRow {
        room: format!("1-{i:04}"),
        number: format!("YX-1-{i:04}-01K"),
        owner: "林知夏".into(),
        moved_in: "2021-06-18".into(),
        pages: Some(47),
        note: String::new(),
    }
}

#[test]
fn the_catalog_has_exactly_the_six_columns_in_their_order() {
    let (pages, _) = drawn(&catalog((0..80).map(row).collect()));
    assert!(pages.len() >= 3);
    for (n, page) in pages.iter().enumerate() {
        let heads: Vec<_> = page
            .runs
            .iter()
            .filter(|r| CATALOG_HEADS.contains(&r.text.as_str()))
            .collect();
        let names: Vec<&str> = heads.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(
            names,
            [
                "房號",
                "檔案編號",
                "業主姓名",
                "入住時間",
                "檔案頁數",
                "備注"
            ]
        );
        for pair in heads.windows(2) {
            assert!(pair[0].ink.right() < pair[1].ink.x, "side by side");
        }
        let text = page.text();
        assert!(text.contains(&format!("第 {} 頁，共 {} 頁", n + 1, pages.len())));
    }
    assert!(pages[0].text().contains("業主檔案目錄表"));
    let first = &pages[0].runs;
    let at = first
        .iter()
        .position(|r| r.text == "1-0000")
        .expect("the first box");
    let cells: Vec<&str> = first[at..at + 5].iter().map(|r| r.text.as_str()).collect();
    assert_eq!(
        cells,
        ["1-0000", "YX-1-0000-01K", "林知夏", "2021-06-18", "47"]
    );
}

#[test]
fn rows_keep_their_order_and_long_ones_wrap_inside_their_cells() {
    let mut rows: Vec<CatalogRow> = (0..200).map(row).collect();
    rows[7].owner = "歐陽承遠、歐陽若琳、司徒知夏、司徒明軒（四人共有）".into();
    rows[8].room = "T3-2-1801A-1802B-1803C複式聯排".into();
    rows[9].pages = None;
    let (pages, _) = drawn(&catalog(rows));
    let all: Vec<_> = pages.iter().flat_map(|p| &p.runs).collect();
    let numbers: Vec<&str> = all
        .iter()
        .map(|r| r.text.as_str())
        .filter(|t| t.starts_with("YX-1-"))
        .collect();
    assert_eq!(numbers.len(), 200);
    assert!(numbers.is_sorted());
    for run in all {
        assert!(
            run.ink.x >= 13.9 && run.ink.right() <= 196.1,
            "{}",
            run.text
        );
        let in_column = |left: f32, right: f32| run.ink.x > left && run.ink.right() < right;
        if run.text.contains("歐陽") || run.text.contains("司徒") {
            assert!(
                in_column(14.0 + 72.0, 14.0 + 106.0),
                "{} stays in its column",
                run.text
            );
        }
    }
}
