//! A roster on its way out, in the very shape that it comes in by: what is written here is
//! read back as it was. Rows are put down one by one and held on the disk, not in memory.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use crate::template::Language;

/// What a row says, in the order of its columns. Everything is text: Excel rounds long
/// numbers and turns room codes into dates.
pub const ROSTER_COLUMNS: usize = 22;

/// Headings by language; each is one that the reader knows.
const HEADINGS: [[&str; 3]; ROSTER_COLUMNS] = [
    ["房號", "房号", "Room"],
    ["建築面積(㎡)", "建筑面积(㎡)", "Floor area (m²)"],
    ["樓層", "楼层", "Floor"],
    ["用途", "用途", "Use"],
    ["狀態", "状态", "State"],
    ["入住時間", "入住时间", "Move-in date"],
    ["姓名", "姓名", "Name"],
    ["主體類型", "主体类型", "Kind"],
    ["關係", "关系", "Relation"],
    ["份額", "份额", "Share"],
    ["起始日期", "起始日期", "Start date"],
    ["結束日期", "结束日期", "End date"],
    ["電話", "电话", "Phone"],
    ["證件類型", "证件类型", "ID type"],
    ["證件號碼", "证件号码", "ID number"],
    ["出生日期", "出生日期", "Date of birth"],
    ["工作單位", "工作单位", "Workplace"],
    ["統一社會信用代碼", "统一社会信用代码", "USCC"],
    ["法定代表人", "法定代表人", "Representative"],
    ["緊急聯繫人", "紧急联系人", "Emergency contact"],
    ["緊急聯繫電話", "紧急联系电话", "Emergency contact phone"],
    ["車牌", "车牌", "Plate"],
];

/// The note stands last, because it is the longest.
const NOTE: [&str; 3] = ["備註", "备注", "Note"];

/// One line of the list: the columns of the headings, then the note.
#[derive(Clone, Debug, Default)]
pub struct RosterOut {
    pub cells: [String; ROSTER_COLUMNS],
    pub note: String,
}

/// A file in the making.
pub struct RosterFile(Inner);

enum Inner {
    Xlsx { book: Box<Workbook>, rows: u32 },
    Csv(Box<csv::Writer<Vec<u8>>>),
}

/// The file could not be written: the disk for its rows is full, or there are more rows
/// than a sheet holds (1,048,576).
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("the workbook cannot be written: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("the list cannot be written: {0}")]
    Csv(#[from] csv::Error),
}

impl RosterFile {
    /// An `.xlsx` of one sheet whose rows wait on the disk.
    pub fn xlsx(language: Language) -> Result<RosterFile, WriteError> {
        let of = language as usize;
        let mut book = Workbook::new();
        // No clock here: the file's own date says nothing to anyone.
        let properties =
            DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
        book.set_properties(&properties);
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(["業主名冊", "业主名册", "Roster"][of])?;
        sheet.set_freeze_panes(1, 1)?;
        let head = Format::new().set_bold();
        for (at, heading) in headings(of).enumerate() {
            sheet.write_string_with_format(0, at as u16, heading, &head)?;
        }
        Ok(RosterFile(Inner::Xlsx {
            book: Box::new(book),
            rows: 0,
        }))
    }

    /// A `.csv` in UTF-8 with the mark by which Excel knows it.
    pub fn csv(language: Language) -> Result<RosterFile, WriteError> {
        let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
        out.write_record(headings(language as usize))?;
        Ok(RosterFile(Inner::Csv(Box::new(out))))
    }

    /// Puts one line down.
    pub fn row(&mut self, row: &RosterOut) -> Result<(), WriteError> {
        let cells = row.cells.iter().chain(std::iter::once(&row.note));
        match &mut self.0 {
            Inner::Xlsx { book, rows } => {
                *rows += 1;
                let sheet = book.worksheet_from_index(0)?;
                for (at, cell) in cells.enumerate().filter(|(_, c)| !c.is_empty()) {
                    sheet.write_string(*rows, at as u16, cell)?;
                }
            }
            Inner::Csv(out) => out.write_record(cells.map(|c| harmless(c)))?,
        }
        Ok(())
    }

    /// The whole file.
    pub fn finish(self) -> Result<Vec<u8>, WriteError> {
        match self.0 {
            Inner::Xlsx { mut book, .. } => Ok(book.save_to_buffer()?),
            Inner::Csv(out) => out
                .into_inner()
                .map_err(|e| csv::Error::from(e.into_error()).into()),
        }
    }
}

fn headings(of: usize) -> impl Iterator<Item = &'static str> {
    HEADINGS
        .iter()
        .chain(std::iter::once(&NOTE))
        .map(move |h| h[of])
}

/// A text that begins as a formula does must not become one in whoever's spreadsheet.
#[must_use]
pub fn harmless(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("{guard}{cell}")
}
