//! A clerk's files as they come, and what is read of them.

mod arbitrary;
mod fees;
mod guessing;
mod mending;
mod office;
mod opening;
mod roster;
mod tables;

use rust_xlsxwriter::{Workbook, Worksheet};
use sheets::{Book, Fees, Layout, Limits, Roster, guess_all, open, read_fees, read_roster};

/// A workbook of one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer()
        .expect("the test writes a sound workbook")
}

/// Writes rows of text from a row and column 0 on; empty texts stay blank.
fn put(sheet: &mut Worksheet, from: u32, rows: &[&[&str]]) {
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            sheet
                .write(from + r as u32, c as u16, *text)
                .expect("a small sheet");
        }
    }
}

fn opened(bytes: &[u8], name: &str) -> Book {
    open(bytes, name, &Limits::default()).expect("the file opens")
}

fn roster(bytes: &[u8], name: &str) -> Roster {
    let book = opened(bytes, name);
    read_roster(&book, &guess_all(&book, Layout::Roster))
}

/// A roster typed as CSV.
fn typed(text: &str) -> Roster {
    roster(text.as_bytes(), "roster.csv")
}

fn fees(text: &str) -> Fees {
    let book = opened(text.as_bytes(), "fees.csv");
    read_fees(&book, &guess_all(&book, Layout::Fees))
}

/// Faults as (row, column, code).
fn faults(roster: &Roster) -> Vec<(u32, u32, &'static str)> {
    roster
        .faults
        .iter()
        .map(|f| (f.row, f.column, f.reason.code()))
        .collect()
}

/// The codes of the warnings.
fn cautions(roster: &Roster) -> Vec<&'static str> {
    roster.warnings.iter().map(|w| w.caution.code()).collect()
}

/// Normal forms of the rooms.
fn rooms(roster: &Roster) -> Vec<String> {
    roster
        .rows
        .iter()
        .filter_map(|r| r.room.as_ref())
        .map(|r| r.normal.clone())
        .collect()
}

/// Names of a row's people.
fn people(roster: &Roster, at: usize) -> Vec<&str> {
    roster.rows[at]
        .people
        .iter()
        .map(|p| p.name.as_str())
        .collect()
}

/// A resident's number with its check character.
fn id_number(first: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first
        .bytes()
        .zip(weights)
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}
