//! Why a file as a whole could not be read, and what would mend it.

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Excel 97–2003 (`.xls`), whatever the file is called.
    OldExcel,
    /// Word, old or new.
    Word,
    /// Any other old Office file.
    OldOffice,
    /// Excel's binary workbook (`.xlsb`).
    BinaryExcel,
    /// OpenDocument (`.ods`).
    OpenDocument,
    Pdf,
    Picture,
    /// A web page, often a "download as Excel" of another system.
    WebPage,
    /// A zip archive that holds no workbook.
    Archive,
    /// Bytes that are no text and no known format.
    Binary,
}

/// A file was refused. `Display` says what is wrong and how to mend it, in English; `code` is
/// stable for translation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the file is empty; choose the file again")]
    Empty,
    #[error(
        "the file has {bytes} bytes and at most {max} are read; split it by building or remove pictures"
    )]
    TooLarge { bytes: u64, max: u64 },
    #[error(
        "the workbook unpacks to more than {max} bytes; copy the table alone into a new workbook"
    )]
    TooLargeInside { max: u64 },
    #[error("the workbook has more than {max} parts; copy the table alone into a new workbook")]
    TooManyParts { max: usize },
    #[error("the workbook has more than {max} sheets; keep the ones to import")]
    TooManySheets { max: usize },
    #[error("there are more than {max} rows; split the file by building")]
    TooManyRows { max: usize },
    #[error(
        "there are more than {max} cells; remove columns that are not needed or split the file"
    )]
    TooManyCells { max: usize },
    #[error("there is more than {max} bytes of text; split the file by building")]
    TooMuchText { max: usize },
    #[error(
        "the file is protected by a password; open it in Excel, remove the password and save it again"
    )]
    Password,
    #[error(
        "the file is not a workbook or a CSV text ({found:?}); open it and save it as .xlsx or as CSV UTF-8"
    )]
    WrongKind { found: Found },
    #[error(
        "the workbook is damaged ({detail}); open it in Excel, let it repair the file and save it again"
    )]
    Broken { detail: String },
    #[error(
        "the workbook declares XML entities, which no office program writes; save it again from Excel"
    )]
    Entities,
    #[error("line {line} is neither UTF-8 nor GB18030; save the file as CSV UTF-8")]
    WrongEncoding { line: u32 },
    #[error("the quotation mark opened in row {row} is never closed; close it or remove it")]
    UnclosedQuote { row: u32 },
    #[error("the file could not be read: {detail}")]
    Unreadable { detail: String },
}

impl OpenError {
    /// A stable word for translation.
    pub fn code(&self) -> &'static str {
        match self {
            OpenError::Empty => "empty",
            OpenError::TooLarge { .. } => "too_large",
            OpenError::TooLargeInside { .. } => "too_large_inside",
            OpenError::TooManyParts { .. } => "too_many_parts",
            OpenError::TooManySheets { .. } => "too_many_sheets",
            OpenError::TooManyRows { .. } => "too_many_rows",
            OpenError::TooManyCells { .. } => "too_many_cells",
            OpenError::TooMuchText { .. } => "too_much_text",
            OpenError::Password => "password",
            OpenError::WrongKind { found } => match found {
                Found::OldExcel => "old_excel",
                Found::Word => "word",
                Found::OldOffice => "old_office",
                Found::BinaryExcel => "binary_excel",
                Found::OpenDocument => "open_document",
                Found::Pdf => "pdf",
                Found::Picture => "picture",
                Found::WebPage => "web_page",
                Found::Archive => "archive",
                Found::Binary => "binary",
            },
            OpenError::Broken { .. } => "broken",
            OpenError::Entities => "entities",
            OpenError::WrongEncoding { .. } => "wrong_encoding",
            OpenError::UnclosedQuote { .. } => "unclosed_quote",
            OpenError::Unreadable { .. } => "unreadable",
        }
    }

    /// The values that the sentence needs, by name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            OpenError::TooLarge { bytes, max } => {
                vec![("bytes", bytes.to_string()), ("max", max.to_string())]
            }
            OpenError::TooLargeInside { max } => vec![("max", max.to_string())],
            OpenError::TooManyParts { max }
            | OpenError::TooManySheets { max }
            | OpenError::TooManyRows { max }
            | OpenError::TooManyCells { max }
            | OpenError::TooMuchText { max } => vec![("max", max.to_string())],
            OpenError::Broken { detail } | OpenError::Unreadable { detail } => {
                vec![("detail", detail.clone())]
            }
            OpenError::WrongEncoding { line } => vec![("line", line.to_string())],
            OpenError::UnclosedQuote { row } => vec![("row", row.to_string())],
            _ => Vec::new(),
        }
    }
}
