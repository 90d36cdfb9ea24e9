//! A whole file at once, for callers that need no streaming.

use crate::fault::{CellFault, Warning};
use crate::fees::{BillRow, PaymentRow};
use crate::field::Layout;
use crate::grid::Book;
use crate::guess::guess;
use crate::limits::Limits;
use crate::mapping::Mapping;
use crate::reading::sheet_warnings;
use crate::roster::RosterRow;

/// All that a roster's file gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roster {
    pub rows: Vec<RosterRow>,
    pub faults: Vec<CellFault>,
    pub warnings: Vec<Warning>,
}

/// All that a fee list's file gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fees {
    pub bills: Vec<BillRow>,
    pub payments: Vec<PaymentRow>,
    pub faults: Vec<CellFault>,
    pub warnings: Vec<Warning>,
}

/// Guesses a mapping for each sheet of a file, in the file's order.
pub fn guess_all(book: &Book, layout: Layout) -> Vec<Mapping> {
    book.sheets
        .iter()
        .map(|sheet| guess(sheet, layout))
        .collect()
}

/// Each sheet with its mapping, matched by the tab's name.
fn pairs<'b>(
    book: &'b Book,
    mappings: &'b [Mapping],
) -> impl Iterator<Item = (&'b crate::grid::Sheet, &'b Mapping)> {
    book.sheets
        .iter()
        .filter_map(|sheet| Some((sheet, mappings.iter().find(|m| m.sheet == sheet.name)?)))
}

/// Reads all sheets that have a mapping as a roster.
pub fn read_roster(book: &Book, mappings: &[Mapping]) -> Roster {
    let mut roster = Roster::default();
    for (sheet, mapping) in pairs(book, mappings) {
        roster
            .warnings
            .extend(sheet_warnings(sheet, mapping, Limits::default().columns));
        for line in mapping.roster(sheet) {
            roster.rows.extend(line.row);
            roster.faults.extend(line.faults);
            roster.warnings.extend(line.warnings);
        }
    }
    roster
}

/// Reads all sheets that have a mapping as fees.
pub fn read_fees(book: &Book, mappings: &[Mapping]) -> Fees {
    let mut fees = Fees::default();
    for (sheet, mapping) in pairs(book, mappings) {
        fees.warnings
            .extend(sheet_warnings(sheet, mapping, Limits::default().columns));
        for line in mapping.fees(sheet) {
            fees.bills.extend(line.bills);
            fees.payments.extend(line.payments);
            fees.faults.extend(line.faults);
            fees.warnings.extend(line.warnings);
        }
    }
    fees
}
