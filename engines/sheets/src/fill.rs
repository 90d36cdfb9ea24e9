//! Puts cells into a sheet in reading order and keeps the bounds while it does so.

use crate::grid::{Merge, RowSpan, Sheet, Stored, is_space};
use crate::limits::Limits;
use crate::refuse::OpenError;

/// Kept of a cell that is too long: enough to recognise it.
const LONG_CELL_KEPT_CHARS: usize = 60;

pub(crate) enum Raw<'a> {
    Text(&'a str),
    Number(f64),
    Date(f64),
    Bool(bool),
    Error(&'static &'static str),
}

/// What all sheets of a file have used of its bounds.
#[derive(Default)]
pub(crate) struct Used {
    pub rows: usize,
    pub cells: usize,
    pub text: usize,
}

/// Fills one sheet. Cells come row by row; within a row in any order.
pub(crate) struct Filler<'l> {
    limits: &'l Limits,
    used: Used,
    sheet: Sheet,
}

impl<'l> Filler<'l> {
    pub fn new(name: String, limits: &'l Limits, used: Used) -> Self {
        Filler {
            limits,
            used,
            sheet: Sheet {
                name,
                ..Sheet::default()
            },
        }
    }

    /// Puts a cell; `row` and `column` count from 1. A row that goes back is an error of the file.
    pub fn put(&mut self, row: u32, column: u32, raw: Raw<'_>) -> Result<(), OpenError> {
        if let Raw::Text(text) = raw
            && text.chars().all(is_space)
        {
            return Ok(());
        }
        if column as usize > self.limits.columns {
            self.sheet.cut_columns = true;
            return Ok(());
        }
        self.row(row)?;
        let stored = self.store(raw)?;
        let end = self.sheet.cells.len() as u32;
        let span = self.sheet.rows.last_mut().expect("row() has just put one");
        let wanted = column.max(span.len);
        self.used.cells += (wanted - span.len) as usize;
        if self.used.cells > self.limits.cells {
            return Err(OpenError::TooManyCells {
                max: self.limits.cells,
            });
        }
        debug_assert_eq!(span.start + span.len, end, "the last row ends the cells");
        span.len = wanted;
        let start = span.start;
        self.sheet
            .cells
            .resize((start + wanted) as usize, Stored::Empty);
        self.sheet.cells[(start + column - 1) as usize] = stored;
        Ok(())
    }

    fn row(&mut self, number: u32) -> Result<(), OpenError> {
        match self.sheet.rows.last() {
            Some(last) if last.number == number => return Ok(()),
            Some(last) if last.number > number => {
                return Err(OpenError::Broken {
                    detail: format!("row {number} after {}", last.number),
                });
            }
            _ => {}
        }
        self.used.rows += 1;
        if self.used.rows > self.limits.rows {
            return Err(OpenError::TooManyRows {
                max: self.limits.rows,
            });
        }
        let start = self.sheet.cells.len() as u32;
        self.sheet.rows.push(RowSpan {
            number,
            start,
            len: 0,
            hidden: false,
        });
        Ok(())
    }

    fn store(&mut self, raw: Raw<'_>) -> Result<Stored, OpenError> {
        Ok(match raw {
            Raw::Text(text) => {
                // Bytes bound characters, so most texts need no counting.
                let long = text.len() > self.limits.cell_chars
                    && text.chars().nth(self.limits.cell_chars).is_some();
                let kept = if long {
                    beginning(text, LONG_CELL_KEPT_CHARS)
                } else {
                    text
                };
                self.used.text += kept.len();
                if self.used.text > self.limits.text_bytes {
                    return Err(OpenError::TooMuchText {
                        max: self.limits.text_bytes,
                    });
                }
                let start = self.sheet.text.len() as u32;
                self.sheet.text.push_str(kept);
                let len = kept.len() as u32;
                if long {
                    Stored::TooLong(start, len)
                } else {
                    Stored::Text(start, len)
                }
            }
            Raw::Number(n) if n.is_finite() => Stored::Number(n),
            Raw::Date(n) if n.is_finite() => Stored::Date(n),
            Raw::Number(_) | Raw::Date(_) => Stored::Error(&"#NUM!"),
            Raw::Bool(b) => Stored::Bool(b),
            Raw::Error(e) => Stored::Error(e),
        })
    }

    /// The sheet, with what is known of its rows from elsewhere; hidden rows in rising order.
    pub fn finish(mut self, hidden_rows: &[u32], merges: Vec<Merge>) -> (Sheet, Used) {
        for row in &mut self.sheet.rows {
            row.hidden = hidden_rows.binary_search(&row.number).is_ok();
        }
        self.sheet.merges = merges;
        self.sheet.cells.shrink_to_fit();
        self.sheet.text.shrink_to_fit();
        (self.sheet, self.used)
    }
}

/// The first characters of a text.
pub(crate) fn beginning(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(at, _)| &text[..at])
}
