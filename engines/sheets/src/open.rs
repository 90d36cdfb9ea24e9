//! Opens a file by what it is, not by what it is called.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use memchr::memmem;

use crate::grid::Book;
use crate::limits::Limits;
use crate::refuse::{Found, OpenError};
use crate::{delimited, text, workbook};

/// The head of every old Office file, and of every new one under a password.
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Bytes at the beginning in which a web page shows itself.
const PAGE_HEAD: usize = 1024;

/// Reads a file of the disk, and not one byte of it when it is larger than the limit.
pub fn open_path(path: &Path, limits: &Limits) -> Result<Book, OpenError> {
    let unreadable = |e: std::io::Error| OpenError::Unreadable {
        detail: e.to_string(),
    };
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > limits.file_bytes {
        return Err(OpenError::TooLarge {
            bytes,
            max: limits.file_bytes,
        });
    }
    let mut read = Vec::with_capacity(bytes as usize);
    // A pipe or a growing file does not tell its size.
    file.take(limits.file_bytes + 1)
        .read_to_end(&mut read)
        .map_err(unreadable)?;
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    open(&read, &name, limits)
}

/// Reads the bytes of a file. `file_name` names the sheet of a text file and may hold a year.
pub fn open(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Book, OpenError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(OpenError::TooLarge {
            bytes: bytes.len() as u64,
            max: limits.file_bytes,
        });
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(OpenError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let sheets = workbook::read(bytes, limits)?;
        return some_rows(Book {
            file_name: file_name.to_owned(),
            sheets,
            encoding: None,
        });
    }
    if bytes.starts_with(OLE) {
        return Err(old_office(bytes));
    }
    if let Some(found) = other_kind(bytes) {
        return Err(OpenError::WrongKind { found });
    }
    let stem = file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| stem);
    let ending = file_name
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    if matches!(ending.as_str(), "xlsx" | "xlsm") {
        return Err(OpenError::Broken {
            detail: "it does not begin as a workbook does".into(),
        });
    }
    let (text, encoding) = text::decode(bytes)?;
    let sheet = delimited::read(&text, stem.to_owned(), limits)?;
    some_rows(Book {
        file_name: file_name.to_owned(),
        sheets: vec![sheet],
        encoding: Some(encoding),
    })
}

fn some_rows(book: Book) -> Result<Book, OpenError> {
    if book.sheets.iter().all(|s| s.rows.is_empty()) {
        Err(OpenError::Empty)
    } else {
        Ok(book)
    }
}

fn old_office(bytes: &[u8]) -> OpenError {
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    if named("EncryptedPackage") || named("EncryptionInfo") {
        return OpenError::Password;
    }
    let found = if named("Workbook") || named("Book") {
        Found::OldExcel
    } else if named("WordDocument") {
        Found::Word
    } else {
        Found::OldOffice
    };
    OpenError::WrongKind { found }
}

fn other_kind(bytes: &[u8]) -> Option<Found> {
    if bytes.starts_with(b"%PDF") {
        return Some(Found::Pdf);
    }
    let pictures: [&[u8]; 5] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"BM\x00", b"RIFF"];
    if pictures.iter().any(|p| bytes.starts_with(p)) {
        return Some(Found::Picture);
    }
    // Excel 2 to 5 without the Office wrapper.
    if bytes.starts_with(&[0x09, 0x08]) || bytes.starts_with(&[0x09, 0x04]) {
        return Some(Found::OldExcel);
    }
    let head = bytes[..bytes.len().min(PAGE_HEAD)].to_ascii_lowercase();
    let head = head.trim_ascii_start();
    let page = head.starts_with(b"<") || head.starts_with(b"\xEF\xBB\xBF<");
    let marks: [&[u8]; 4] = [b"<html", b"<table", b"<!doctype", b"<?xml"];
    (page && marks.iter().any(|m| memmem::find(head, m).is_some())).then_some(Found::WebPage)
}
