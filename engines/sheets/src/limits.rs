//! How much a file may ask of the machine before it is refused.

/// Bounds on one file. The defaults read a company's largest compound with room to spare and keep
/// a hostile file from filling the memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub file_bytes: u64,
    /// Bytes of all parts of a workbook once inflated: counted while inflating, whatever its
    /// directory claims.
    pub inflated_bytes: u64,
    /// Bytes of a workbook's text table, which is held in memory whole.
    pub shared_text_bytes: u64,
    /// Parts (files) inside a workbook.
    pub parts: usize,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Rows with anything in them, over all sheets.
    pub rows: usize,
    /// Columns of a sheet; what stands further right is not read, with a warning.
    pub columns: usize,
    /// Cells held in memory, over all sheets, blank ones to the left of a filled one included.
    pub cells: usize,
    /// Characters of one cell; a longer one is an error for that cell.
    pub cell_chars: usize,
    /// Bytes of text held in memory, over all sheets.
    pub text_bytes: usize,
    /// Merged blocks of a sheet.
    pub merges: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            // 100,000 rooms with their owners are about 8 MB as .xlsx and 20 MB as .csv.
            file_bytes: 64 << 20,
            // 200,000 rows of 30 columns are about 250 MB of XML.
            inflated_bytes: 512 << 20,
            shared_text_bytes: 128 << 20,
            // A workbook with a picture per room is still below this.
            parts: 10_000,
            sheets: 100,
            rows: 200_000,
            columns: 200,
            // 200,000 rows of 40 columns: 128 MB at 16 bytes a cell.
            cells: 8_000_000,
            cell_chars: 10_000,
            text_bytes: 256 << 20,
            merges: 200_000,
        }
    }
}
