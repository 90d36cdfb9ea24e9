//! Receipts and statements: a title in the middle, a code that nothing else touches.

use super::reading::{Page, bounds};
use super::{code, drawn, near};
use crate::*;

/// Where the code lies; nothing stands on it.
fn code_of(page: &Page, side: f32) -> Rect {
    let square = |parts: &Vec<Rect>| {
        let r = bounds(parts);
        (near(r.w, side) && (r.h - side).abs() < 0.2).then_some(r)
    };
    let r = page.areas.iter().find_map(square).expect("a code");
    for run in &page.runs {
        let ink = run.tight();
        let beside = ink.right() <= r.x || ink.x >= r.right();
        let above = ink.bottom() <= r.y || ink.y >= r.bottom();
        assert!(beside || above, "{:?} stands on the code", run.text);
    }
    r
}

fn in_the_middle(page: &Page, title: &str) {
    let ink = page.run(title).ink;
    assert!(
        near(ink.x + ink.w / 2.0, A4.0 / 2.0),
        "{title} at {} of {}",
        ink.x + ink.w / 2.0,
        A4.0
    );
}

fn columns() -> Vec<Column> {
    let column = |head: &str, mm| Column {
        head: head.into(),
        mm,
        align: Align::Left,
    };
    vec![column("項目", 100.0), column("金額", 78.0)]
}

#[test]
fn a_statement_has_its_code_on_the_first_page_and_says_last_how_to_pay() {
    let rows = |n: usize| (0..n).map(|i| vec![format!("物業費{i}"), "¥1.00".into()]);
    let statement = |n| Statements {
        compound: "春和苑".into(),
        title: "對帳單".into(),
        accounts: vec![Account {
            lines: (0..4)
                .map(|i| ("業主".into(), format!("林知夏{i}")))
                .collect(),
            sections: vec![Section {
                title: "帳單".into(),
                columns: columns(),
                rows: rows(n).collect(),
                empty: String::new(),
            }],
            totals: vec![("未繳".into(), "¥1.00".into())],
            words: "大寫　壹元整".into(),
            qr: code(),
            check: "核對碼 7KQ2-M0XZ".into(),
        }],
        pay: (
            "怎樣繳費".into(),
            vec![("繳費櫃台".into(), "一樓前台".repeat(30))],
        ),
        ..Statements::default()
    };
    for n in [3, 24, 28, 29, 30, 31, 32, 33, 60] {
        let (pages, _) = drawn(&statement(n));
        code_of(&pages[0], 22.0);
        in_the_middle(&pages[0], "對帳單");
        assert!(pages[0].text().contains("7KQ2"));
        let last = pages.last().expect("pages");
        let how = last.run("怎樣繳費").ink;
        // Kept together, and inside the page.
        for run in last.runs.iter().filter(|r| r.text.contains("一樓前台")) {
            assert!(run.ink.y > how.y && run.ink.bottom() < 285.0, "{n}");
        }
        assert!(last.text().contains("一樓前台"), "{n}");
    }
    let silent = Statements {
        pay: ("怎樣繳費".into(), Vec::new()),
        ..statement(3)
    };
    assert!(!drawn(&silent).0[0].text().contains("怎樣繳費"));
}

#[test]
fn a_receipt_has_its_code_beside_the_places_to_sign() {
    let receipt = Receipt {
        compound: "春和苑".into(),
        title: "收款收據".into(),
        number: "No. 2026-000001".into(),
        heads: ["項目".into(), "帳期".into(), "金額".into()],
        rows: vec![["物業費".into(), "2026-03".into(), "¥1.00".into()]; 11],
        total: ("合計".into(), "¥11.00".into()),
        capitals: ("大寫".into(), "壹拾壹元整".into()),
        hands: vec!["收款人：".into(), "收款單位（蓋章）：".into()],
        qr: code(),
        check: "核對碼 7KQ2-M0XZ".into(),
        foot: "本收據為收款憑證，不是發票。".into(),
        ..Receipt::default()
    };
    let (pages, _) = drawn(&receipt);
    assert_eq!(pages.len(), 1);
    in_the_middle(&pages[0], "收款收據");
    let r = code_of(&pages[0], 21.0);
    assert!(r.bottom() < pages[0].size.1 - 5.0);
}
