//! What both layouts share while a row is read: collecting faults and warnings, and the room.

use jiff::civil::Date;

use crate::fault::{Caution, CellFault, Reason, Warning, shown};
use crate::field::Field;
use crate::grid::{Cell, Sheet};
use crate::mapping::{Column, Evidence, Mapping};
use crate::room::{self, RoomCell};
use crate::rows::Line;
use crate::value::{date, stand_in};

/// Collects what is wrong with one row while it is read.
pub(crate) struct Reading<'s> {
    pub sheet: &'s Sheet,
    pub mapping: &'s Mapping,
    pub line: Line<'s>,
    pub faults: Vec<CellFault>,
    pub warnings: Vec<Warning>,
}

impl<'s> Reading<'s> {
    pub fn fault(&mut self, column: u32, value: &str, reason: Reason) {
        self.faults.push(CellFault {
            sheet: self.sheet.name.clone(),
            row: self.line.row.number(),
            column,
            value: shown(value),
            reason,
        });
    }

    pub fn warn(&mut self, column: u32, value: &str, caution: Caution) {
        self.warnings.push(Warning {
            sheet: self.sheet.name.clone(),
            row: Some(self.line.row.number()),
            column: Some(column),
            value: shown(value),
            caution,
        });
    }

    /// The cell of the first column of a meaning, if it says anything: stand-ins and cells that
    /// cannot be read at all are reported here.
    pub fn cell(&mut self, field: Field) -> Option<(u32, Cell<'s>)> {
        let column = self.mapping.first(field)?;
        self.said(column)
    }

    /// The same for a given column.
    pub fn said(&mut self, column: &Column) -> Option<(u32, Cell<'s>)> {
        let cell = self.line.cell(column);
        if cell.is_blank() || self.damaged(column.number, cell) {
            return None;
        }
        if let Cell::Text(text) = cell
            && stand_in(text)
        {
            // 無 in a note is as good as a blank.
            if column.field != Field::Note {
                self.warn(column.number, text, Caution::DummyValue);
            }
            return None;
        }
        Some((column.number, cell))
    }

    /// Reports a cell that holds an error or far too much; true when it does.
    pub fn damaged(&mut self, column: u32, cell: Cell<'_>) -> bool {
        let reason = match cell {
            Cell::Error(_) => Reason::FormulaError,
            Cell::TooLong(_) => Reason::CellTooLong {
                max: crate::limits::Limits::default().cell_chars,
            },
            _ => return false,
        };
        self.fault(column, &cell.shown(), reason);
        true
    }

    /// Reads an optional cell; a fault is noted and the cell left out.
    pub fn take<T>(
        &mut self,
        field: Field,
        read: impl Fn(Cell<'s>) -> Result<T, Reason>,
    ) -> Option<T> {
        let (column, cell) = self.cell(field)?;
        match read(cell) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.fault(column, &cell.shown(), reason);
                None
            }
        }
    }

    /// Reads a date of a column; a year of two digits is warned of.
    pub fn date(&mut self, column: &Column) -> Option<Date> {
        let (number, cell) = self.said(column)?;
        match date::read(cell, self.sheet.epoch_1904) {
            Ok(read) => {
                if read.short_year {
                    self.warn(
                        number,
                        &cell.shown(),
                        Caution::TwoYearDigits {
                            year: read.date.year(),
                        },
                    );
                }
                Some(read.date)
            }
            Err(reason) => {
                self.fault(number, &cell.shown(), reason);
                None
            }
        }
    }

    /// Reads a date of the first column of a meaning.
    pub fn date_of(&mut self, field: Field) -> Option<Date> {
        let mapping = self.mapping;
        mapping.first(field).and_then(|column| self.date(column))
    }

    pub fn text(&mut self, field: Field) -> Option<String> {
        self.cell(field)
            .map(|(_, cell)| crate::label::narrowed(&cell.shown()))
    }

    /// The room of the row. `Err` when the sheet has rooms and this row's cannot be taken.
    pub fn room(&mut self) -> Result<Option<RoomCell>, ()> {
        let Some(column) = self.mapping.first(Field::Room) else {
            return Ok(None);
        };
        let number = column.number;
        let cell = self.line.cell(column);
        if self.damaged(number, cell) {
            return Err(());
        }
        if cell.is_blank() || stand_in(&cell.shown()) {
            self.fault(number, &cell.shown(), Reason::RoomMissing);
            return Err(());
        }
        if matches!(cell, Cell::Date(_)) {
            self.fault(number, &cell.shown(), Reason::RoomBecameDate);
            return Err(());
        }
        match room::compose(&self.line.parts, self.line.prefix) {
            Ok(composed) => {
                if composed.differs {
                    self.warn(number, &cell.shown(), Caution::BuildingTwice);
                }
                if let Some(other) = composed.doubt {
                    self.warn(number, &cell.shown(), Caution::RoomDoubtful { other });
                }
                Ok(Some(composed.room))
            }
            Err(reason) => {
                self.fault(number, &cell.shown(), reason);
                Err(())
            }
        }
    }
}

/// What is to be known of a sheet as a whole, before its rows.
pub fn sheet_warnings(sheet: &Sheet, mapping: &Mapping, columns_max: usize) -> Vec<Warning> {
    let whole = |caution| Warning {
        sheet: sheet.name.clone(),
        row: None,
        column: None,
        value: String::new(),
        caution,
    };
    if !mapping.recognised() {
        return if sheet.rows.is_empty() {
            Vec::new()
        } else {
            vec![whole(Caution::SheetWithoutTable)]
        };
    }
    let mut warnings = Vec::new();
    if sheet.hidden {
        warnings.push(whole(Caution::SheetHidden));
    }
    if sheet.cut_columns {
        warnings.push(whole(Caution::ColumnsBeyond { max: columns_max }));
    }
    for (first, last) in sheet.hidden_runs() {
        warnings.push(Warning {
            row: Some(first),
            ..whole(Caution::HiddenRows { first, last })
        });
    }
    for column in &mapping.columns {
        if column.field == Field::Ignored
            && column.evidence == Evidence::Nothing
            && !column.samples.is_empty()
        {
            let row = mapping.header_rows.map(|(_, last)| last);
            warnings.push(Warning {
                row,
                column: Some(column.number),
                value: shown(&column.heading),
                ..whole(Caution::ColumnUnused)
            });
        }
    }
    warnings
}
