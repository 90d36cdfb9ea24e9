//! What was read from a file before anything is understood: sheets, rows, cells, merged blocks.
//!
//! A sheet of 100,000 rows is held as one run of 16-byte cells and one string of text.

use std::borrow::Cow;

/// One cell as the file has it.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Cell<'a> {
    #[default]
    Empty,
    Text(&'a str),
    Number(f64),
    /// A number that the sheet formats as a date: days since the sheet's epoch.
    Date(f64),
    Bool(bool),
    /// `#N/A`, `#REF!` and their like, as the formula left it.
    Error(&'static str),
    /// Longer than a cell may be; holds its beginning.
    TooLong(&'a str),
}

impl<'a> Cell<'a> {
    /// Nothing, or nothing but blanks.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.chars().all(is_space),
            _ => false,
        }
    }

    /// What a person would see, more or less: whole numbers without `.0`.
    pub fn shown(&self) -> Cow<'a, str> {
        match *self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::TooLong(text) => Cow::Borrowed(text.trim_matches(is_space)),
            Cell::Number(n) | Cell::Date(n) => Cow::Owned(number_shown(n)),
            Cell::Bool(true) => Cow::Borrowed("TRUE"),
            Cell::Bool(false) => Cow::Borrowed("FALSE"),
            Cell::Error(e) => Cow::Borrowed(e),
        }
    }
}

/// A number in its shortest exact decimal form.
pub(crate) fn number_shown(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() < 1e18 {
        format!("{}", n as i64)
    } else {
        format!("{n}")
    }
}

/// Blanks as sheets have them: also the ideographic, the non-breaking and the zero-width ones.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// A block of merged cells; rows and columns count from 1 and both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub first_row: u32,
    pub first_column: u32,
    pub last_row: u32,
    pub last_column: u32,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Stored {
    #[default]
    Empty,
    Text(u32, u32),
    TooLong(u32, u32),
    Number(f64),
    Date(f64),
    Bool(bool),
    Error(&'static &'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct RowSpan {
    pub number: u32,
    pub start: u32,
    pub len: u32,
    pub hidden: bool,
}

/// One sheet. Rows without any content are not kept; each kept row knows its number.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    /// The sheet's tab is hidden.
    pub hidden: bool,
    /// Cells stood to the right of the last column that is read.
    pub cut_columns: bool,
    pub(crate) rows: Vec<RowSpan>,
    pub(crate) cells: Vec<Stored>,
    pub(crate) text: String,
    pub(crate) merges: Vec<Merge>,
    pub(crate) epoch_1904: bool,
}

/// A row of a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    span: RowSpan,
}

impl<'a> Row<'a> {
    /// The spreadsheet's own number, from 1.
    pub fn number(&self) -> u32 {
        self.span.number
    }

    pub fn hidden(&self) -> bool {
        self.span.hidden
    }

    /// Columns up to the last one with content.
    pub fn width(&self) -> u32 {
        self.span.len
    }

    /// The cell in a column, counted from 1; blank where the row has none. Merged blocks are
    /// not filled here.
    pub fn cell(&self, column: u32) -> Cell<'a> {
        if column == 0 || column > self.span.len {
            return Cell::Empty;
        }
        self.sheet
            .load(self.sheet.cells[(self.span.start + column - 1) as usize])
    }

    /// Columns (from 1) and cells that are not blank.
    pub fn filled(&self) -> impl Iterator<Item = (u32, Cell<'a>)> + use<'a> {
        let row = *self;
        (1..=row.width())
            .map(move |c| (c, row.cell(c)))
            .filter(|(_, cell)| !cell.is_blank())
    }
}

impl Sheet {
    fn load(&self, stored: Stored) -> Cell<'_> {
        let text = |start: u32, len: u32| &self.text[start as usize..(start + len) as usize];
        match stored {
            Stored::Empty => Cell::Empty,
            Stored::Text(start, len) => Cell::Text(text(start, len)),
            Stored::TooLong(start, len) => Cell::TooLong(text(start, len)),
            Stored::Number(n) => Cell::Number(n),
            Stored::Date(n) => Cell::Date(n),
            Stored::Bool(b) => Cell::Bool(b),
            Stored::Error(e) => Cell::Error(e),
        }
    }

    /// Rows with content, top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> + DoubleEndedIterator {
        self.rows.iter().map(move |&span| Row { sheet: self, span })
    }

    /// The row with this number, if it has content.
    pub fn row(&self, number: u32) -> Option<Row<'_>> {
        let at = self.rows.binary_search_by_key(&number, |r| r.number).ok()?;
        Some(Row {
            sheet: self,
            span: self.rows[at],
        })
    }

    /// The cell at a row and column (both from 1), merged blocks not filled.
    pub fn cell(&self, row: u32, column: u32) -> Cell<'_> {
        self.row(row).map_or(Cell::Empty, |r| r.cell(column))
    }

    /// The day that a date's number means in this sheet.
    pub fn day(&self, serial: f64) -> Option<jiff::civil::Date> {
        crate::value::date::from_serial(serial, self.epoch_1904)
    }

    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// Runs of hidden rows with content, as first and last number.
    pub fn hidden_runs(&self) -> Vec<(u32, u32)> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        let mut open = false;
        for row in &self.rows {
            match (row.hidden, open, runs.last_mut()) {
                (true, true, Some(run)) => run.1 = row.number,
                (true, ..) => runs.push((row.number, row.number)),
                (false, ..) => {}
            }
            open = row.hidden;
        }
        runs
    }
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub file_name: String,
    pub sheets: Vec<Sheet>,
    /// The encoding a text file was read in (`UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`, `Big5`);
    /// none for a workbook.
    pub encoding: Option<&'static str>,
}
