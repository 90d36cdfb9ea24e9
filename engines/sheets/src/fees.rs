//! A fee list's rows: bills and payments, a row each or one row per room with a column per month
//! or item.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fault::{CellFault, Reason, Warning};
use crate::field::{FeeItem, Field};
use crate::grid::{Cell, Sheet};
use crate::heading::{item, month_without_year};
use crate::label::{heading_key, narrowed};
use crate::mapping::{Column, Mapping};
use crate::period::{Month, NoPeriod, Period};
use crate::reading::Reading;
use crate::room::RoomCell;
use crate::rows::{Step, Walk};
use crate::value::money;
use crate::value::words::{self, Way};

/// A bill: what a room owes for an item and a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillRow {
    pub sheet: String,
    pub row: u32,
    /// The column of the amount: several bills can stand in one row.
    pub column: u32,
    pub room: RoomCell,
    pub item: FeeItem,
    pub period: Option<Period>,
    pub due: Option<Date>,
    /// Fen; negative for a credit.
    pub amount: i64,
    pub payer: Option<String>,
    pub note: Option<String>,
}

/// A payment that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentRow {
    pub sheet: String,
    pub row: u32,
    pub column: u32,
    pub room: RoomCell,
    pub item: FeeItem,
    pub period: Option<Period>,
    /// Fen; negative for a refund.
    pub amount: i64,
    pub paid_on: Option<Date>,
    pub way: Option<Way>,
    pub receipt: Option<String>,
    pub payer: Option<String>,
    pub note: Option<String>,
}

/// What one row of the sheet gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeesLine {
    pub bills: Vec<BillRow>,
    pub payments: Vec<PaymentRow>,
    pub faults: Vec<CellFault>,
    pub warnings: Vec<Warning>,
}

/// Reads a sheet row by row, holding one row at a time.
pub struct FeesLines<'s> {
    walk: Walk<'s>,
    sheet: &'s Sheet,
    mapping: &'s Mapping,
}

impl Mapping {
    /// Reads a sheet's rows as bills and payments. Nothing comes of a sheet that is not recognised.
    pub fn fees<'s>(&'s self, sheet: &'s Sheet) -> FeesLines<'s> {
        FeesLines {
            walk: Walk::new(sheet, self),
            sheet,
            mapping: self,
        }
    }
}

impl Iterator for FeesLines<'_> {
    type Item = FeesLine;

    fn next(&mut self) -> Option<FeesLine> {
        if !self.mapping.recognised() {
            return None;
        }
        Some(match self.walk.next()? {
            Step::Skipped(warning) => FeesLine {
                warnings: vec![warning],
                ..FeesLine::default()
            },
            Step::Line(line, warnings) => {
                let mut reading = Reading {
                    sheet: self.sheet,
                    mapping: self.mapping,
                    line,
                    faults: Vec::new(),
                    warnings,
                };
                let (bills, payments) = read(&mut reading);
                reading.faults.sort_by_key(|f| f.column);
                FeesLine {
                    bills,
                    payments,
                    faults: reading.faults,
                    warnings: reading.warnings,
                }
            }
        })
    }
}

fn read(reading: &mut Reading<'_>) -> (Vec<BillRow>, Vec<PaymentRow>) {
    let (mut bills, mut payments) = (Vec::new(), Vec::new());
    let mapping = reading.mapping;
    let room = reading.room();
    let own_item = reading.text(Field::Item).map(|text| named_item(&text));
    let before = reading.faults.len();
    let own_period = period(reading);
    // Without its period a bill would be another bill each time the file is read.
    let period_lost = reading.faults.len() > before;
    let due = reading.date_of(Field::Due);
    let paid_on = reading.date_of(Field::PaidOn);
    let way = reading.take(Field::Way, |cell| {
        words::way(&cell.shown()).ok_or(Reason::WayUnknown)
    });
    let receipt = reading.text(Field::Receipt);
    let payer = reading.text(Field::Name);
    let note = reading.text(Field::Note);
    let mut amounts: Vec<(&Column, i64)> = Vec::new();
    let mut seen = false;
    for column in mapping
        .columns
        .iter()
        .filter(|c| matches!(c.field, Field::Amount | Field::Paid))
    {
        let cell = reading.line.cell(column);
        seen |= !cell.is_blank();
        if cell.is_blank() || reading.damaged(column.number, cell) {
            continue;
        }
        match money::read(cell) {
            Ok(Some(amount)) => amounts.push((column, amount)),
            Ok(None) => {}
            Err(reason) => reading.fault(column.number, &cell.shown(), reason),
        }
    }
    if !seen && room.is_ok() {
        let column = mapping
            .first(Field::Amount)
            .or_else(|| mapping.first(Field::Paid));
        // A wide list's blank months are no bills; a row with its only amount blank forgot it.
        if let Some(column) = column.filter(|c| c.item.is_none() && c.period.is_none()) {
            reading.fault(column.number, "", Reason::AmountMissing);
        }
    }
    let Ok(Some(room)) = room else {
        return (bills, payments);
    };
    for (column, amount) in amounts {
        let period = match column_period(column) {
            Err(reason) => {
                let heading = column.heading.clone();
                reading.fault(column.number, &heading, reason);
                continue;
            }
            Ok(None) if period_lost => continue,
            Ok(of_column) => of_column.or(own_period).or(mapping.period),
        };
        let item = column
            .item
            .clone()
            .or_else(|| own_item.clone())
            .or_else(|| mapping.item.clone());
        let Some(item) = item else {
            let at = mapping
                .first(Field::Item)
                .map_or(column.number, |c| c.number);
            reading.fault(at, "", Reason::ItemMissing);
            continue;
        };
        let (sheet, row) = (reading.sheet.name.clone(), reading.line.row.number());
        if column.field == Field::Amount {
            let (room, payer, note) = (room.clone(), payer.clone(), note.clone());
            bills.push(BillRow {
                sheet,
                row,
                column: column.number,
                room,
                item,
                period,
                due,
                amount,
                payer,
                note,
            });
        } else if amount != 0 {
            // 實收 0 says that nothing was paid.
            payments.push(PaymentRow {
                sheet,
                row,
                column: column.number,
                room: room.clone(),
                item,
                period,
                amount,
                paid_on,
                way,
                receipt: receipt.clone(),
                payer: payer.clone(),
                note: note.clone(),
            });
        }
    }
    (bills, payments)
}

fn named_item(text: &str) -> FeeItem {
    item(&heading_key(text)).unwrap_or_else(|| FeeItem::Other(narrowed(text)))
}

/// A heading `1月` whose year no title tells is a fault of every amount below it.
fn column_period(column: &Column) -> Result<Option<Period>, Reason> {
    if column.period.is_some() || column.evidence == crate::mapping::Evidence::Told {
        return Ok(column.period);
    }
    if month_without_year(&column.heading) {
        return Err(Reason::PeriodYearUnknown);
    }
    Ok(None)
}

fn period(reading: &mut Reading<'_>) -> Option<Period> {
    let year = reading
        .mapping
        .period
        .map(|p| p.first.year)
        .or_else(|| crate::header::year_in(&reading.mapping.title));
    let epoch_1904 = reading.sheet.epoch_1904;
    reading.take(Field::Period, |cell| {
        if let Cell::Date(serial) = cell {
            let date = crate::value::date::from_serial(serial, epoch_1904)
                .ok_or(Reason::DateOutOfRange)?;
            return Month::new(date.year(), date.month())
                .map(Period::month)
                .ok_or(Reason::PeriodUnreadable);
        }
        Period::parse(&cell.shown(), year).map_err(|e| match e {
            NoPeriod::YearUnknown => Reason::PeriodYearUnknown,
            NoPeriod::Unreadable => Reason::PeriodUnreadable,
        })
    })
}
