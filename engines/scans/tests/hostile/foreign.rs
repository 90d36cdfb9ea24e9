//! Other formats under the name of a paper.

use super::*;

fn office(macros: bool) -> Vec<u8> {
    let mut items = vec![
        item("[Content_Types].xml", b"<Types/>"),
        item("word/document.xml", b"<w/>"),
    ];
    if macros {
        items.push(item("word/vbaProject.bin", b"vba"));
    }
    zip(&items)
}

pub fn table() -> Table {
    let small_zip = zip(&[item("a.txt", b"hello")]);
    vec![
        ("nothing", vec![], like!(Refused::Empty)),
        ("zeros", vec![0; 4_096], like!(Refused::Empty)),
        (
            "svg as pdf",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".to_vec(),
            like!(Refused::Foreign(Foreign::Svg)),
        ),
        (
            "svg behind xml",
            b"<?xml version='1.0'?>\n<!-- x --><svg/>".to_vec(),
            like!(Refused::Foreign(Foreign::Svg)),
        ),
        (
            "html",
            b"\n\n<!DOCTYPE html><html></html>".to_vec(),
            like!(Refused::Foreign(Foreign::Html)),
        ),
        (
            "html with a pdf behind",
            join(&[b"<html><script>1</script>", &pdf(1)]),
            like!(Refused::Foreign(Foreign::Html)),
        ),
        (
            "text with a pdf behind",
            join(&[b"hello there ", &pdf(1)]),
            like!(Refused::Polyglot { at: 0, .. }),
        ),
        (
            "pdf with html at once",
            join(&[b"%PDF-1.4 <html><script>alert(1)</script>\n", &pdf(1)]),
            like!(Refused::Foreign(Foreign::Html)),
        ),
        (
            "docx",
            office(false),
            like!(Refused::Foreign(Foreign::Office { macros: false })),
        ),
        (
            "docm",
            office(true),
            like!(Refused::Foreign(Foreign::Office { macros: true })),
        ),
        (
            "old office",
            join(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &[0; 900]]),
            like!(Refused::Foreign(Foreign::OldOffice)),
        ),
        (
            "odt",
            zip(&[item("mimetype", b"x"), item("content.xml", b"<x/>")]),
            like!(Refused::Foreign(Foreign::OpenDocument)),
        ),
        (
            "zip",
            small_zip.clone(),
            like!(Refused::Foreign(Foreign::Archive)),
        ),
        (
            "rar",
            b"Rar!\x1a\x07\x01\0abc".to_vec(),
            like!(Refused::Foreign(Foreign::Archive)),
        ),
        (
            "7z",
            b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(),
            like!(Refused::Foreign(Foreign::Archive)),
        ),
        (
            "gzip",
            b"\x1f\x8b\x08\0".to_vec(),
            like!(Refused::Foreign(Foreign::Archive)),
        ),
        (
            "exe",
            b"MZ\x90\0".to_vec(),
            like!(Refused::Foreign(Foreign::Executable)),
        ),
        (
            "elf",
            b"\x7fELF\x02".to_vec(),
            like!(Refused::Foreign(Foreign::Executable)),
        ),
        (
            "script",
            b"#!/bin/sh\nrm".to_vec(),
            like!(Refused::Foreign(Foreign::Script)),
        ),
        (
            "rtf",
            b"{\\rtf1 x}".to_vec(),
            like!(Refused::Foreign(Foreign::Rtf)),
        ),
        (
            "mp4",
            b"\0\0\0\x18ftypisom\0\0\0\0".to_vec(),
            like!(Refused::Foreign(Foreign::Video)),
        ),
        (
            "text",
            b"just words".to_vec(),
            like!(Refused::Foreign(Foreign::Text)),
        ),
        (
            "noise",
            (0..999_u32)
                .map(|i| ((i * 7_919) >> 3) as u8 | 0x80)
                .collect(),
            like!(Refused::Unknown),
        ),
        (
            "too large",
            vec![1; (50 << 20) + 1],
            like!(Refused::Bytes { .. }),
        ),
    ]
}
