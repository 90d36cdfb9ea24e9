//! The builder of forms.

use super::{code, drawn, near};
use crate::*;

fn form(blocks: Vec<Block>) -> Form {
    Form {
        compound: "春和苑".into(),
        title: "鑰匙領（借）用登記表".into(),
        number: "編號：K-001".into(),
        code: "KF-09-e · 第 3 版".into(),
        record: "r-77".into(),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        qr: code(),
        blocks,
        ..Form::default()
    }
}

#[test]
fn cells_lie_on_twelve_columns_and_reach_down() {
    let grid = Grid::new(vec![
        Row::new(vec![
            Cell::head("聯繫人", 2).over(2),
            Cell::head("姓名", 1),
            Cell::value("林知夏", 9),
        ]),
        Row::new(vec![Cell::head("地址", 1), Cell::value("", 9)]).tall(14.0),
    ]);
    let (pages, _) = drawn(&form(vec![Block::Grid(grid)]));
    let page = &pages[0];
    let cells = &page.frames;
    assert_eq!(cells.len(), 5);
    let (tall, name, value, address) = (cells[0], cells[1], cells[2], cells[3]);
    assert!(near(tall.x, 15.0) && near(tall.w, 30.0) && near(tall.h, 9.0 + 14.0));
    assert!(near(name.x, 45.0) && near(name.w, 15.0) && near(name.h, 9.0));
    assert!(near(value.right(), 195.0));
    assert!(near(address.x, 45.0) && near(address.y, tall.y + 9.0) && near(address.h, 14.0));
    let text = page.run("聯繫人").ink;
    assert!(
        near(text.y + text.h / 2.0, tall.y + tall.h / 2.0),
        "in the middle of both rows"
    );
}

#[test]
fn a_long_entry_makes_its_row_taller_and_stays_inside() {
    let long = "主臥與陽台之間配重牆已鑿除，未見審批手續。".repeat(12);
    let grid = Grid::new(vec![Row::new(vec![
        Cell::head("事實", 2),
        Cell::value(&long, 10),
    ])]);
    let (pages, _) = drawn(&form(vec![Block::Grid(grid)]));
    let cell = pages[0].frames[1];
    assert!(cell.h > 25.0);
    let inside: String = pages[0]
        .runs
        .iter()
        .filter(|r| {
            r.ink.x >= cell.x
                && r.ink.y >= cell.y
                && r.ink.bottom() <= cell.bottom()
                && r.ink.right() <= cell.right()
        })
        .map(|r| r.text.as_str())
        .collect();
    assert!(inside.contains(&long));
}

#[test]
fn each_form_of_a_bundle_counts_its_own_pages() {
    let long = form(vec![
        Block::Gap(200.0),
        Block::Lines {
            label: "備注".into(),
            count: 12,
        },
    ]);
    let short = form(vec![Block::Text(vec!["第一條。".into()])]);
    let bundle = Bundle {
        title: "入伙資料".into(),
        forms: vec![long.clone(), short, long],
    };
    let (pages, _) = drawn(&bundle);
    let said: Vec<String> = pages.iter().map(|p| p.text()).collect();
    assert_eq!(pages.len(), 5);
    for (page, foot) in said.iter().zip([(1, 2), (2, 2), (1, 1), (1, 2), (2, 2)]) {
        let foot = format!("第 {} 頁，共 {} 頁", foot.0, foot.1);
        assert!(page.contains(&foot), "{foot} in {page}");
    }
}

#[test]
fn boxes_are_found_as_text_and_ticked_when_they_are() {
    let checks = vec![
        Check::ticked("自住"),
        Check::open("出租"),
        Check::open("空置"),
    ];
    let (pages, _) = drawn(&form(vec![Block::Checks {
        label: "狀態".into(),
        checks,
    }]));
    assert_eq!(pages[0].instead, ["☑", "□", "□"]);
    let text = pages[0].text();
    assert!(text.contains("自住") && text.contains("空置"));
}

#[test]
fn a_table_over_pages_repeats_its_head_and_every_page_names_the_form() {
    let columns = [("日期", 30.0), ("借用人", 50.0), ("事由", 100.0)].map(|(head, mm)| Column {
        head: head.into(),
        mm,
        align: Align::Left,
    });
    let rows = (0..20).map(|n| vec![format!("第{n:02}日")]).collect();
    let (pages, _) = drawn(&form(vec![Block::Rows {
        columns: columns.into(),
        rows,
        blank: 50,
        mm: 9.0,
    }]));
    assert_eq!(pages.len(), 3);
    for (n, page) in pages.iter().enumerate() {
        let text = page.text();
        for part in [
            "借用人",
            "鑰匙領（借）用登記表",
            "K-001",
            "KF-09-e · 第 3 版",
            "r-77",
        ] {
            assert!(text.contains(part), "{part} on page {}", n + 1);
        }
        assert!(text.contains(&format!("第 {} 頁，共 3 頁", n + 1)));
    }
    assert!(
        near(pages[0].frames[0].w, 180.0),
        "the shares fill the width"
    );
}

#[test]
fn a_place_to_sign_never_stands_alone_on_a_page() {
    // Whatever fills the first page, what is signed is on the page of the signature.
    for gap in (100..250).step_by(3) {
        let (pages, _) = drawn(&form(vec![
            Block::Gap(gap as f32),
            Block::Text(vec!["第一條。".into(), "本人確認以上內容屬實。".into()]),
            Block::Signatures(vec![Signature::of("業主", ""), Signature::of("經辦人", "")]),
        ]));
        let signed = pages
            .iter()
            .find(|p| p.text().contains("簽名／蓋章："))
            .expect("a place to sign");
        assert!(
            signed.text().contains("本人確認以上內容屬實。"),
            "after {gap} mm"
        );
        for run in pages.iter().flat_map(|p| &p.runs) {
            assert!(run.ink.bottom() <= 290.0, "{} after {gap} mm", run.text);
        }
    }
}

#[test]
fn a_form_that_runs_over_by_a_little_is_set_tighter() {
    let grid = |rows| {
        let row = || Row::new(vec![Cell::head("項目", 3), Cell::value("", 9)]);
        Block::Grid(Grid::new((0..rows).map(|_| row()).collect()))
    };
    let (pages, _) = drawn(&form(vec![grid(29)]));
    assert_eq!(pages.len(), 1);
    let h = pages[0].frames[0].h;
    assert!((7.5..9.0).contains(&h), "{h} mm");
    let (pages, _) = drawn(&form(vec![grid(40)]));
    assert_eq!(pages.len(), 2);
    assert!(near(pages[0].frames[0].h, 9.0), "two pages have room");
}

#[test]
fn the_lid_sheet_lists_all_ten_kinds_with_their_pages() {
    let sheet = LidSheet {
        room: "3棟2單元1801".into(),
        rows: vec![LidRow {
            pages: Some(12),
            ..LidRow::default()
        }],
        qr: code(),
        ..LidSheet::default()
    };
    let (pages, _) = drawn(&sheet);
    assert_eq!(pages.len(), 1);
    let text = pages[0].text();
    for (letter, title) in KINDS {
        assert!(
            text.contains(&format!("{letter}{title}")),
            "{letter} {title}"
        );
    }
    assert_eq!(pages[0].instead.iter().filter(|s| *s == "☑").count(), 1);
    assert_eq!(pages[0].instead.iter().filter(|s| *s == "□").count(), 9);
    assert!(text.contains("借閱登記"));
}

#[test]
fn an_escrow_card_numbers_its_words_and_says_which_card_it_is() {
    let card = EscrowCard {
        title: "密鑰卡".into(),
        index: 2,
        of: 5,
        needed: 3,
        words: (1..=25).map(|n| format!("詞{n}")).collect(),
        check: vec!["驗".into()],
        qr: code(),
        zh: vec!["存入保險箱。".into()],
        en: vec!["Keep it in a safe.".into()],
        ..EscrowCard::default()
    };
    let (pages, _) = drawn(&card);
    let page = &pages[0];
    let text = page.text();
    assert!(
        text.contains("第 2 張，共 5 張")
            && text.contains("card 2 of 5")
            && text.contains("any 3 open")
    );
    for n in 1..=25 {
        assert!(
            text.contains(&format!("{n}詞{n}")),
            "word {n} stands by its number"
        );
    }
    assert!(text.contains("26驗") && text.contains("Keep it in a safe."));
}
