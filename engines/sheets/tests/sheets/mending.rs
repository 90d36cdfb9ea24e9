//! The workbook of faulty rows: read as the file was, and good once it is mended.

use std::collections::BTreeSet;

use rust_xlsxwriter::Format;
use sheets::{
    Book, Faulty, Flaw, Language, Layout, Limits, faulty, guess_all, mending, open, read_fees,
    read_roster,
};

use crate::{opened, put, workbook};

/// A clerk's list: a title, a heading of two rows, a building merged over its rooms, a unit
/// written once, and three faults.
fn messy() -> Vec<u8> {
    workbook(|sheet| {
        let plain = Format::new();
        sheet
            .merge_range(0, 0, 0, 5, "春和苑業主名冊", &plain)
            .expect("merged");
        sheet.merge_range(1, 0, 2, 0, "棟", &plain).expect("merged");
        sheet
            .merge_range(1, 1, 2, 1, "房號", &plain)
            .expect("merged");
        sheet
            .merge_range(1, 2, 2, 2, "面積", &plain)
            .expect("merged");
        sheet
            .merge_range(1, 3, 1, 4, "業主", &plain)
            .expect("merged");
        put(sheet, 2, &[&["", "", "", "姓名", "電話"]]);
        sheet
            .merge_range(3, 0, 5, 0, "3棟", &plain)
            .expect("merged");
        put(
            sheet,
            3,
            &[
                &["", "1-101", "88.5", "王伟", "13700000001"],
                &["", "1-102", "很大", "李娜", "1370000"],
                &["", "1-103", "70", "陈强、周敏", "13700000002"],
                &["5棟", "2-201", "-3", "吴芳", "13700000004"],
            ],
        );
    })
}

fn picked(book: &Book, layout: Layout) -> (Vec<Faulty>, Vec<Flaw>) {
    let mappings = guess_all(book, layout);
    let faults = match layout {
        Layout::Roster => read_roster(book, &mappings).faults,
        Layout::Fees => read_fees(book, &mappings).faults,
    };
    let rows: BTreeSet<(String, u32)> = faults.iter().map(|f| (f.sheet.clone(), f.row)).collect();
    let flaws = faults.iter().map(|f| Flaw {
        sheet: f.sheet.clone(),
        row: f.row,
        column: f.column,
        reason: f.reason.to_string(),
    });
    (faulty(book, &mappings, &rows), flaws.collect())
}

fn again(sheets: &[Faulty], flaws: &[Flaw], language: Language) -> Book {
    let bytes = mending(sheets, flaws, language).expect("written");
    open(&bytes, "faults.xlsx", &Limits::default()).expect("a workbook")
}

#[test]
fn each_faulty_row_stands_alone_with_its_fault_beside_the_cell() {
    let book = opened(&messy(), "名冊.xlsx");
    let (sheets, flaws) = picked(&book, Layout::Roster);
    assert_eq!(flaws.len(), 3);
    for language in [
        Language::TraditionalChinese,
        Language::SimplifiedChinese,
        Language::English,
    ] {
        let back = again(&sheets, &flaws, language);
        let sheet = &back.sheets[0];
        // Title, heading, two rows: row, 棟, 房號, 面積, its fault, 姓名, 電話, its fault.
        assert_eq!(sheet.rows().len(), 4);
        assert_eq!(sheet.cell(3, 1).shown(), "5");
        assert_eq!(sheet.cell(3, 2).shown(), "3棟");
        assert_eq!(sheet.cell(3, 4).shown(), "很大");
        assert_eq!(sheet.cell(3, 5).shown(), flaws[0].reason);
        assert_eq!(sheet.cell(3, 8).shown(), flaws[1].reason);
        assert_eq!(sheet.cell(4, 5).shown(), flaws[2].reason);
        // Handed in unmended it has the very same faults, and no row is another room.
        let read = read_roster(&back, &guess_all(&back, Layout::Roster));
        let rooms: Vec<&str> = read
            .rows
            .iter()
            .filter_map(|r| Some(r.room.as_ref()?.normal.as_str()))
            .collect();
        let before = read_roster(&book, &guess_all(&book, Layout::Roster));
        let was: Vec<&str> = [&before.rows[1], &before.rows[3]]
            .iter()
            .filter_map(|r| Some(r.room.as_ref()?.normal.as_str()))
            .collect();
        assert_eq!(rooms, was, "{language:?}");
        let reasons: Vec<String> = read.faults.iter().map(|f| f.reason.to_string()).collect();
        let flawed: Vec<&String> = flaws.iter().map(|f| &f.reason).collect();
        assert_eq!(reasons.iter().collect::<Vec<_>>(), flawed, "{language:?}");
        assert_eq!(read.rows[0].people[0].name, "李娜");
    }
}

#[test]
fn mended_it_is_taken_whole() {
    let book = opened(&messy(), "名冊.xlsx");
    let (mut sheets, flaws) = picked(&book, Layout::Roster);
    for (_, cells) in &mut sheets[0].rows {
        for cell in cells.iter_mut() {
            match cell.as_str() {
                "很大" | "-3" => *cell = "91.2".into(),
                "1370000" => *cell = "13700000003".into(),
                _ => {}
            }
        }
    }
    let back = again(&sheets, &flaws, Language::TraditionalChinese);
    let read = read_roster(&back, &guess_all(&back, Layout::Roster));
    assert_eq!(read.faults, []);
    assert_eq!(read.rows[0].area, Some(9_120));
    assert_eq!(read.rows[0].people[0].phones, ["13700000003"]);
    assert_eq!(read.rows[1].people[0].name, "吴芳");
}

#[test]
fn a_building_that_stood_alone_in_a_row_and_a_ditto_come_along() {
    let csv = "房号,业主,面积\n3栋,,\n1-101,王伟,80\n1-102,〃,大\n";
    let book = opened(csv.as_bytes(), "a.csv");
    let (sheets, flaws) = picked(&book, Layout::Roster);
    let back = again(&sheets, &flaws, Language::English);
    let read = read_roster(&back, &guess_all(&back, Layout::Roster));
    let room = read.rows[0].room.as_ref().expect("a room");
    assert_eq!(room.normal, "3-1-102");
    assert_eq!(read.rows[0].people[0].name, "王伟");
}

#[test]
fn a_fee_list_keeps_the_month_that_its_title_names() {
    let csv =
        "2026年3月物业费,,\n房号,应收金额,到期日\n1-101,254.5,2026-03-31\n1-102,abc,2026-03-31\n";
    let book = opened(csv.as_bytes(), "b.csv");
    let (mut sheets, flaws) = picked(&book, Layout::Fees);
    assert_eq!(flaws.len(), 1);
    for (_, cells) in &mut sheets[0].rows {
        for cell in cells.iter_mut().filter(|c| *c == "abc") {
            *cell = "300".into();
        }
    }
    let back = again(&sheets, &flaws, Language::SimplifiedChinese);
    let read = read_fees(&back, &guess_all(&back, Layout::Fees));
    assert_eq!(read.faults, []);
    assert_eq!(read.bills.len(), 1);
    assert_eq!(read.bills[0].amount, 30_000);
    let period = read.bills[0].period.expect("the title's month");
    assert_eq!((period.first.year, period.first.month), (2026, 3));
}
