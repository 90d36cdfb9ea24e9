//! The example files of an office are read with no fault but those planted in them.

use std::path::Path;

use sheets::{Fees, Kind, Layout, Limits, Roster, guess_all, open_path, read_fees, read_roster};

use crate::{faults, rooms};

fn example_roster(name: &str) -> Roster {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let book = open_path(&path, &Limits::default()).expect("the example opens");
    read_roster(&book, &guess_all(&book, Layout::Roster))
}

fn example_fees(name: &str) -> Fees {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let book = open_path(&path, &Limits::default()).expect("the example opens");
    read_fees(&book, &guess_all(&book, Layout::Fees))
}

#[test]
fn the_roster_of_three_buildings_is_read_whole() {
    let read = example_roster("roster.xlsx");
    let mut all = rooms(&read);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 96);
    assert!(all.contains(&"3-2-802".to_owned()));
    let codes: Vec<_> = faults(&read)
        .into_iter()
        .map(|(_, column, code)| (column, code))
        .collect();
    assert_eq!(
        codes,
        [
            (5, "phone_length"),
            (6, "id_check_digit"),
            (12, "date_ambiguous")
        ]
    );
    let expected = [
        "sheet_without_table",
        "hidden_rows",
        "total_skipped",
        "footer_skipped",
        "dummy_name",
        "dummy_phone",
        "dummy_id",
        "fewer_phones_than_people",
    ];
    for warning in &read.warnings {
        assert!(expected.contains(&warning.caution.code()), "{warning:?}");
    }
    let people = read.rows.iter().flat_map(|r| &r.people).count();
    assert!(people > 110, "{people}");
    assert!(read.rows.iter().any(|r| {
        r.emergency
            .as_ref()
            .is_some_and(|e| e.name.is_some() && e.phones.len() == 1)
    }));
    assert!(read.rows.iter().filter(|r| r.moved_in.is_some()).count() > 60);
}

#[test]
fn shops_and_parking_come_from_an_old_programs_text() {
    let read = example_roster("shops.csv");
    assert_eq!(faults(&read), []);
    assert_eq!(read.rows.len(), 18);
    assert_eq!(
        read.rows
            .iter()
            .flat_map(|r| &r.people)
            .filter(|p| p.kind == Kind::Organisation)
            .count(),
        3
    );
}

#[test]
fn the_fee_lists_are_read_to_the_fen() {
    let read = example_fees("fees.xlsx");
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert_eq!(read.bills.len(), 96 * 4);
    // 48 flats of 89.50 m² at 250.60 and 48 of 118.26 m² at 331.13, four months.
    assert_eq!(
        read.bills.iter().map(|b| b.amount).sum::<i64>(),
        4 * 48 * (25_060 + 33_113)
    );
    let read = example_fees("payments.csv");
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert_eq!(
        read.payments.iter().filter(|p| p.amount < 0).count(),
        read.payments
            .iter()
            .filter(|p| p.note.as_deref() == Some("退多收"))
            .count()
    );
    assert!(
        read.payments.len() > 64
            && read
                .payments
                .iter()
                .all(|p| p.paid_on.is_some() && p.way.is_some() && p.period.is_some())
    );
}
