//! Reads an `.xlsx` workbook: calamine parses, the bounds and hidden rows come from `package`.
//!
//! Formulas are never evaluated: what the office program stored as their value counts.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::fill::{Filler, Raw, Used};
use crate::grid::Sheet;
use crate::limits::Limits;
use crate::package::{self, PartNotes};
use crate::refuse::OpenError;

/// Reads every work sheet of a workbook.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, OpenError> {
    let notes = package::look_through(bytes, limits)?;
    // calamine meets bytes from strangers here; a panic of its own would be a broken file to us.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, limits, notes))).unwrap_or_else(|_| {
        Err(OpenError::Broken {
            detail: "its parts contradict each other".into(),
        })
    })
}

fn read_sheets(
    bytes: &[u8],
    limits: &Limits,
    mut notes: std::collections::HashMap<String, PartNotes>,
) -> Result<Vec<Sheet>, OpenError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refused)?;
    let listed: Vec<_> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .cloned()
        .collect();
    if listed.len() > limits.sheets {
        return Err(OpenError::TooManySheets { max: limits.sheets });
    }
    let epoch_1904 = book.has_1904_epoch();
    let mut used = Used::default();
    let mut sheets = Vec::with_capacity(listed.len());
    for sheet in listed {
        let mut filler = Filler::new(sheet.name.clone(), limits, used);
        let mut cells = match book.worksheet_cells_reader(&sheet.name) {
            Ok(cells) => cells,
            // A chart or macro sheet that is listed as a work sheet has nothing for us.
            Err(XlsxError::NotAWorksheet(_)) => {
                used = filler.finish(&[], Vec::new()).1;
                continue;
            }
            Err(error) => return Err(refused(error)),
        };
        while let Some(cell) = cells.next_cell().map_err(refused)? {
            let (row, column) = cell.get_position();
            if let Some(raw) = raw(cell.get_value()) {
                filler.put(row.saturating_add(1), column.saturating_add(1), raw)?;
            }
        }
        let mut known = notes.remove(&sheet.name).unwrap_or_default();
        known.hidden_rows.sort_unstable();
        let (mut read, now_used) = filler.finish(&known.hidden_rows, known.merges);
        read.hidden = sheet.visible != SheetVisible::Visible;
        read.epoch_1904 = epoch_1904;
        used = now_used;
        sheets.push(read);
    }
    Ok(sheets)
}

fn raw<'c>(value: &'c DataRef<'_>) -> Option<Raw<'c>> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(n) => Raw::Number(*n as f64),
        DataRef::Float(n) => Raw::Number(*n),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Raw::Text(text)
        }
        DataRef::SharedString(text) => Raw::Text(text),
        DataRef::Bool(b) => Raw::Bool(*b),
        DataRef::DateTime(at) if at.is_datetime() => Raw::Date(at.as_f64()),
        DataRef::DateTime(span) => Raw::Number(span.as_f64()),
        DataRef::Error(error) => Raw::Error(match error {
            CellErrorType::Div0 => &"#DIV/0!",
            CellErrorType::NA => &"#N/A",
            CellErrorType::Name => &"#NAME?",
            CellErrorType::Null => &"#NULL!",
            CellErrorType::Num => &"#NUM!",
            CellErrorType::Ref => &"#REF!",
            CellErrorType::Value => &"#VALUE!",
            _ => &"#ERROR",
        }),
    })
}

fn refused(error: XlsxError) -> OpenError {
    match error {
        XlsxError::Password => OpenError::Password,
        other => OpenError::Broken {
            detail: other.to_string(),
        },
    }
}
