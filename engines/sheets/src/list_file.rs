//! A plain list on its way out as a workbook: a title, a head that stays, rows put down one by
//! one and held on the disk, printed on A4 with the head on each page.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook};

use crate::export::WriteError;

/// One column: its head, its width in characters, whether it holds whole numbers.
#[derive(Clone, Debug)]
pub struct ListColumn {
    pub head: String,
    pub width: f64,
    pub number: bool,
}

/// A list in the making.
pub struct ListFile {
    book: Box<Workbook>,
    columns: Vec<ListColumn>,
    cell: Format,
    next: u32,
}

impl ListFile {
    /// Begins a workbook of one sheet.
    ///
    /// # Errors
    /// [`WriteError`] when the disk for its rows is full.
    pub fn begin(
        name: &str,
        title: &str,
        columns: Vec<ListColumn>,
    ) -> Result<ListFile, WriteError> {
        let mut book = Workbook::new();
        // No clock here: the file's own date says nothing to anyone.
        let properties =
            DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
        book.set_properties(&properties);
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_paper_size(9).set_repeat_rows(1, 1)?;
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_header("&R&P／&N");
        sheet.set_freeze_panes(2, 1)?;
        for (at, column) in columns.iter().enumerate() {
            sheet.set_column_width(at as u16, column.width)?;
        }
        let large = Format::new().set_bold().set_font_size(16);
        sheet.write_string_with_format(0, 0, title, &large)?;
        let head = Format::new()
            .set_bold()
            .set_border(FormatBorder::Thin)
            .set_background_color(0x00EE_EEEE);
        for (at, column) in columns.iter().enumerate() {
            sheet.write_string_with_format(1, at as u16, &column.head, &head)?;
        }
        Ok(ListFile {
            book: Box::new(book),
            columns,
            cell: Format::new().set_border(FormatBorder::Thin),
            next: 2,
        })
    }

    /// Puts one row down; what a number column cannot hold stays a text.
    ///
    /// # Errors
    /// As [`ListFile::begin`].
    pub fn row(&mut self, cells: &[&str]) -> Result<(), WriteError> {
        let sheet = self.book.worksheet_from_index(0)?;
        for (at, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            let at = at as u16;
            match cell.parse::<u32>() {
                Ok(number) if column.number => {
                    sheet.write_number_with_format(self.next, at, number, &self.cell)?;
                }
                _ => {
                    sheet.write_string_with_format(self.next, at, *cell, &self.cell)?;
                }
            }
        }
        self.next += 1;
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    /// As [`ListFile::begin`].
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        Ok(self.book.save_to_buffer()?)
    }
}
