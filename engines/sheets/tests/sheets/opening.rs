//! Files that cannot be read, and texts in every encoding.

use std::io::Write;

use sheets::{Limits, OpenError, open, open_path};

use crate::{opened, put, rooms, roster, workbook};

fn refusal(bytes: &[u8], name: &str) -> &'static str {
    refusal_within(bytes, name, &Limits::default())
}

fn refusal_within(bytes: &[u8], name: &str, limits: &Limits) -> &'static str {
    match open(bytes, name, limits) {
        Ok(book) => panic!("{name} opened with {} sheets", book.sheets.len()),
        Err(error) => {
            assert!(
                error.to_string().len() > 20,
                "{error} does not say how to mend it"
            );
            error.code()
        }
    }
}

fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    bytes
}

#[test]
fn files_that_are_no_table_are_refused_by_what_they_are() {
    let sound = workbook(|s| put(s, 0, &[&["房号", "业主"], &["1-1-101", "王女士"]]));
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty.xlsx", b"", "empty"),
        ("blank.csv", b" \r\n\r\n", "empty"),
        ("old.xlsx", &ole("Workbook"), "old_excel"),
        ("letter.xlsx", &ole("WordDocument"), "word"),
        ("secret.xlsx", &ole("EncryptedPackage"), "password"),
        ("torn.xlsx", &sound[..sound.len() / 2], "broken"),
        (
            "text.xlsx",
            "房号,业主\n1-1-101,王女士\n".as_bytes(),
            "broken",
        ),
        ("print.xlsx", b"%PDF-1.7 ......", "pdf"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n....", "picture"),
        (
            "export.xls",
            b"<html><table><tr><td>1</td></tr></table>",
            "web_page",
        ),
        ("bytes.csv", b"a,b\0\x01\x02\n", "binary"),
    ];
    for (name, bytes, code) in cases {
        assert_eq!(refusal(bytes, name), *code, "{name}");
    }
}

#[test]
fn a_workbook_with_any_byte_changed_never_panics() {
    let sound = workbook(|s| put(s, 0, &[&["房号", "业主"], &["1-1-101", "王女士"]]));
    for at in (0..sound.len()).step_by(7) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        let _ = open(&bytes, "changed.xlsx", &Limits::default());
    }
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

#[test]
fn archives_that_are_no_workbook_are_named() {
    assert_eq!(
        refusal(&zipped(&[("word/document.xml", b"<x/>")]), "letter.xlsx"),
        "word"
    );
    assert_eq!(
        refusal(&zipped(&[("xl/workbook.bin", b"1")]), "fast.xlsx"),
        "binary_excel"
    );
    assert_eq!(
        refusal(
            &zipped(&[("mimetype", b"1"), ("content.xml", b"<x/>")]),
            "open.xlsx"
        ),
        "open_document"
    );
    assert_eq!(
        refusal(&zipped(&[("photo.jpg", b"1")]), "photos.xlsx"),
        "archive"
    );
}

#[test]
fn a_zip_bomb_is_stopped_while_inflating() {
    let zeros = vec![b' '; 4 << 20];
    let bomb = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &zeros),
    ]);
    assert!(bomb.len() < 64 << 10);
    let limits = Limits {
        inflated_bytes: 1 << 20,
        ..Limits::default()
    };
    assert_eq!(
        refusal_within(&bomb, "bomb.xlsx", &limits),
        "too_large_inside"
    );
    // A directory that lies about the size does not help.
    let mut lying = bomb.clone();
    let size = (4u32 << 20).to_le_bytes();
    let fields: Vec<usize> = lying
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == size)
        .map(|(i, _)| i)
        .collect();
    for at in fields {
        lying[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    // The archive's reader stops at the size that it was told; our own count stands behind it.
    assert_eq!(refusal_within(&lying, "bomb.xlsx", &limits), "broken");
}

#[test]
fn declared_entities_are_refused() {
    let bomb = br#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>"#;
    assert_eq!(
        refusal(&zipped(&[("xl/workbook.xml", bomb)]), "laugh.xlsx"),
        "entities"
    );
}

#[test]
fn a_text_table_that_claims_billions_of_texts_is_refused() {
    let strings = br#"<sst uniqueCount="4000000000000"><si><t>a</t></si></sst>"#;
    let bytes = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", strings),
    ]);
    assert_eq!(refusal(&bytes, "claims.xlsx"), "broken");
}

#[test]
fn a_huge_file_is_refused_by_its_size_alone() {
    let dir = std::env::temp_dir().join(format!("sheets-huge-{}", std::process::id()));
    let file = std::fs::File::create(&dir).expect("a temporary file");
    // Sparse: no byte of it is on the disk, so reading it would be noticed only by its length.
    file.set_len(1 << 30).expect("a sparse file");
    let refused = open_path(&dir, &Limits::default());
    std::fs::remove_file(&dir).expect("our own file");
    assert!(matches!(refused, Err(OpenError::TooLarge { bytes, .. }) if bytes == 1 << 30));
}

#[test]
fn more_rows_or_cells_than_allowed_are_refused() {
    let text = "房号,业主\n1-1-101,王女士\n1-1-102,李女士\n";
    let limits = Limits {
        rows: 2,
        ..Limits::default()
    };
    assert_eq!(
        refusal_within(text.as_bytes(), "rows.csv", &limits),
        "too_many_rows"
    );
    let limits = Limits {
        cells: 5,
        ..Limits::default()
    };
    assert_eq!(
        refusal_within(text.as_bytes(), "cells.csv", &limits),
        "too_many_cells"
    );
    let limits = Limits {
        file_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        refusal_within(text.as_bytes(), "bytes.csv", &limits),
        "too_large"
    );
}

#[test]
fn every_encoding_reads_the_same() {
    let text = "房號,業主,電話\r\n3-2-1801,王女士,13712345678\r\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let utf16_be: Vec<u8> = [0xFE, 0xFF]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let cases: [(&str, Vec<u8>); 6] = [
        ("UTF-8", text.into()),
        ("UTF-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("GB18030", gb),
        ("UTF-16LE", utf16),
        ("UTF-16BE", utf16_be),
        ("Big5", encoding_rs::BIG5.encode(text).0.into_owned()),
    ];
    for (encoding, bytes) in cases {
        assert_eq!(opened(&bytes, "roster.csv").encoding, Some(encoding));
        let read = roster(&bytes, "roster.csv");
        assert_eq!(rooms(&read), ["3-2-1801"], "{encoding}");
        assert_eq!(read.rows[0].people[0].name, "王女士", "{encoding}");
    }
}

#[test]
fn a_damaged_utf8_text_is_not_read_as_rubbish() {
    let mut bytes = "房号,业主\n1-1-101,王女士\n1-1-102,李女士\n"
        .as_bytes()
        .to_vec();
    let at = bytes.len() - 5;
    bytes[at] = b'?';
    assert!(matches!(
        open(&bytes, "cut.csv", &Limits::default()),
        Err(OpenError::WrongEncoding { line: 3 })
    ));
}

#[test]
fn the_separator_is_guessed() {
    for separator in [",", ";", "\t"] {
        let text =
            "房号,业主,备注\n1-1-101,王女士,\"a,b;c\"\n1-1-102,李女士,\n".replace(',', separator);
        let read = roster(text.as_bytes(), "roster.csv");
        assert_eq!(rooms(&read), ["1-1-101", "1-1-102"], "{separator:?}");
    }
    let told = roster(
        "sep=;\n房号;业主\n1-1-101;王女士\n".as_bytes(),
        "roster.csv",
    );
    assert_eq!(
        (rooms(&told), told.rows[0].row),
        (vec!["1-1-101".to_owned()], 2)
    );
}

#[test]
fn a_quotation_mark_that_nobody_closes_is_named() {
    let mut text = "房号,业主\n1-1-101,\"王女士\n".to_owned();
    for n in 0..200 {
        text += &format!("1-1-{n},李女士\n");
    }
    assert_eq!(refusal(text.as_bytes(), "quote.csv"), "unclosed_quote");
}

#[test]
fn rows_of_a_text_are_numbered_as_a_spreadsheet_shows_them() {
    let read = roster(
        "房号,业主,备注\n\n1-1-101,王女士,\"two\nlines\"\n\r\n1-1-102,李女士,\n".as_bytes(),
        "roster.csv",
    );
    assert_eq!(read.rows.iter().map(|r| r.row).collect::<Vec<_>>(), [3, 5]);
}

#[test]
fn what_begins_like_a_formula_is_text() {
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[
                &["房号", "业主", "备注"],
                &["1-1-101", "王女士", "+86 only"],
                &["1-1-102", "李女士", "@home"],
            ],
        )
    });
    let read = roster(&bytes, "roster.xlsx");
    assert_eq!(read.rows[0].note.as_deref(), Some("+86 only"));
    let read = crate::typed("房号,业主,备注\n1-1-101,王女士,\"=HYPERLINK(\"\"x\"\")\"\n");
    assert_eq!(read.rows[0].note.as_deref(), Some("=HYPERLINK(\"x\")"));
}
