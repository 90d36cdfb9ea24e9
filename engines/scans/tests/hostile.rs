//! What must be refused, and how it is named; and that nothing whatever panics or exceeds.

mod made;

use made::*;
use proptest::prelude::*;
use scans::{Active, Foreign, Limits, Refused, inspect};

type Named = fn(&Refused) -> bool;

macro_rules! like {
    ($p:pat) => {
        (|r: &Refused| matches!(r, $p)) as Named
    };
}

fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn active(more: &str) -> Vec<u8> {
    pdf_with(1, more, &[])
}

fn bomb() -> Vec<u8> {
    zlib(&vec![0; 150 << 20])
}

/// A PDF with one more object, a stream.
fn pdf_stream(dict: &str, body: &[u8]) -> Vec<u8> {
    pdf_with(1, "", &[stream(dict, body)])
}

fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = png();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    png
}

fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = jpeg();
    let at = jpeg
        .windows(2)
        .position(|w| w == [0xff, 0xc0])
        .expect("a frame");
    jpeg[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

fn pages(tree: &[&str]) -> Vec<u8> {
    let mut all = vec![object("<< /Type /Catalog /Pages 2 0 R >>")];
    all.extend(tree.iter().map(|t| object(t)));
    pdf_of(&all)
}

fn tiff_looping() -> Vec<u8> {
    let mut tiff = tiff(1);
    let ifd = u32::from_le_bytes(tiff[4..8].try_into().expect("four")) as usize;
    let count = usize::from(u16::from_le_bytes([tiff[ifd], tiff[ifd + 1]]));
    tiff[ifd + 2 + count * 12..][..4].copy_from_slice(&(ifd as u32).to_le_bytes());
    tiff
}

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

fn ofd_more(name: &str, body: &[u8]) -> Vec<u8> {
    ofd_with(1, SCAN, &[item(name, body)])
}

fn hostile() -> Vec<(&'static str, Vec<u8>, Named)> {
    let small_zip = zip(&[item("a.txt", b"hello")]);
    let deep = format!("/X {}{}", "[".repeat(5_000), "]".repeat(5_000));
    let xml_deep = format!("{}{}", "<a>".repeat(500), "</a>".repeat(500));
    let mut encrypted = item("x.xml", b"<x/>");
    encrypted.flags = 1;
    let mut link = item("Doc_0/link.xml", b"<x/>");
    link.mode = 0o120_777;
    let mut liar = item("Doc_0/Res/a.png", b"small");
    liar.claims = Some(1 << 30);
    let objects_js = {
        let inner = b"90 0 << /S /JavaScript /JS (app.alert(1)) >>";
        pdf_stream(
            "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode",
            &zlib(inner),
        )
    };
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
        (
            "pdf and zip",
            join(&[&pdf(1), &small_zip]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "jpeg and zip",
            join(&[&jpeg(), &small_zip]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "zip in a comment of jpeg",
            with_segment(&jpeg(), 0xfe, &small_zip),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "html in a comment of jpeg",
            with_segment(&jpeg(), 0xfe, b"<script>alert(1)</script>"),
            like!(Refused::Polyglot { at: 0, .. }),
        ),
        (
            "jpeg and text",
            join(&[&jpeg(), b"secret message behind"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "jpeg and exe",
            join(&[&jpeg(), b"MZ\x90\0\x03"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "png and trailing",
            join(&[&png(), b"tail"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "png and zip",
            join(&[&png(), &small_zip]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "tiff and exe",
            join(&[&tiff(1), &[b'M', b'Z'].repeat(5_000)]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "pdf and tail",
            join(&[&pdf(1), b"MZ here is a program"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "pdf with bulk between",
            pdf(1).replace_tail(
                b"trailer",
                &[b"junk ".repeat(900), b"trailer".to_vec()].concat(),
            ),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "javascript",
            active("/OpenAction << /S /JavaScript /JS (x) >>"),
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "javascript by escapes",
            active("/OpenAction << /S /Java#53cript /JS (x) >>"),
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "javascript in names",
            active("/Names << /JavaScript << /Names [] >> >>"),
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "javascript in an object stream",
            objects_js,
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "launch",
            active("/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
            like!(Refused::Active(Active::Launch)),
        ),
        (
            "submit",
            active("/A << /S /SubmitForm /F (http://x) >>"),
            like!(Refused::Active(Active::Submit)),
        ),
        (
            "xfa",
            active("/AcroForm << /XFA [ (x) 3 0 R ] >>"),
            like!(Refused::Active(Active::Xfa)),
        ),
        (
            "rich media",
            active("/A << /Subtype /RichMedia >>"),
            like!(Refused::Active(Active::Media)),
        ),
        (
            "embedded file",
            active("/Names << /EmbeddedFiles << /Names [] >> >>"),
            like!(Refused::Embedded),
        ),
        (
            "embedded stream",
            pdf_stream("/Type /EmbeddedFile", b"MZ"),
            like!(Refused::Embedded),
        ),
        (
            "external stream",
            pdf_stream("/F (/etc/passwd)", b""),
            like!(Refused::Active(Active::External)),
        ),
        (
            "encrypted",
            {
                let p = pdf(1);
                p.replace_tail(
                    b"/Root 1 0 R",
                    b"/Root 1 0 R /Encrypt << /Filter /Standard >>",
                )
            },
            like!(Refused::Encrypted),
        ),
        (
            "pdf bomb",
            pdf_stream("/Filter /FlateDecode", &bomb()),
            like!(Refused::Ratio { .. }),
        ),
        (
            "pdf bomb in a bomb",
            pdf_stream("/Filter [ /FlateDecode /FlateDecode ]", &zlib(&bomb())),
            like!(Refused::Ratio { .. }),
        ),
        (
            "pdf of many filters",
            pdf_stream("/Filter [ /A85 /A85 /A85 /A85 /A85 ]", b"x"),
            like!(Refused::Nested(_)),
        ),
        (
            "pdf huge picture",
            pdf_stream(
                "/Subtype /Image /Width 100000 /Height 100000 /Filter /JBIG2Decode",
                b"x",
            ),
            like!(Refused::Pixels { .. }),
        ),
        (
            "pdf jpeg that lies",
            pdf_stream(
                "/Subtype /Image /Width 9 /Height 9 /Filter /DCTDecode",
                &jpeg_claiming(60_000, 60_000),
            ),
            like!(Refused::Pixels { .. }),
        ),
        ("100,000 pages", pdf(100_000), like!(Refused::Pages { .. })),
        (
            "501 pages",
            pdf(501),
            like!(Refused::Pages {
                pages: 501,
                max: 500
            }),
        ),
        ("501 pages of tiff", tiff(501), like!(Refused::Pages { .. })),
        ("501 pages of ofd", ofd(501), like!(Refused::Pages { .. })),
        (
            "cyclic page tree",
            pages(&[
                "<< /Type /Pages /Kids [ 3 0 R ] >>",
                "<< /Type /Pages /Kids [ 2 0 R ] >>",
            ]),
            like!(Refused::Nested(_)),
        ),
        (
            "pages that multiply",
            pages(&[
                "<< /Type /Pages /Kids [ 3 0 R 3 0 R ] >>",
                "<< /Type /Pages /Kids [ 4 0 R 4 0 R ] >>",
                "<< /Type /Page >>",
            ]),
            like!(Refused::Nested(_)),
        ),
        (
            "no pages",
            pages(&["<< /Type /Pages /Kids [ ] >>"]),
            like!(Refused::Broken { .. }),
        ),
        ("deep arrays", active(&deep), like!(Refused::Nested(_))),
        (
            "deep dictionaries",
            active(&format!("/X {}", "<< /X ".repeat(5_000))),
            like!(Refused::Nested(_)),
        ),
        (
            "png too wide",
            png_claiming(100_000, 100_000),
            like!(Refused::Pixels { .. }),
        ),
        (
            "png that is shorter than it says",
            png_claiming(2_000, 2_000),
            like!(Refused::Broken { .. }),
        ),
        (
            "jpeg too wide",
            jpeg_claiming(65_000, 65_000),
            like!(Refused::Pixels { .. }),
        ),
        ("tiff looping", tiff_looping(), like!(Refused::Nested(_))),
        (
            "slip",
            ofd_more("../../etc/cron.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "slip by backslash",
            ofd_more("..\\x.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "absolute path",
            ofd_more("/etc/x.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "drive",
            ofd_more("C:x.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "twice the same",
            ofd_more("ofd.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "symlink",
            ofd_with(1, SCAN, &[link]),
            like!(Refused::Entry { .. }),
        ),
        (
            "encrypted entry",
            ofd_with(1, SCAN, &[encrypted]),
            like!(Refused::Encrypted),
        ),
        (
            "zip in ofd",
            ofd_more("Doc_0/Res/a.png", &small_zip),
            like!(Refused::Embedded),
        ),
        (
            "exe in ofd",
            ofd_more("Doc_0/Res/a.exe", b"MZ\x90"),
            like!(Refused::Embedded),
        ),
        (
            "html in ofd",
            ofd_more("Doc_0/a.html", b"<html/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "ofd bomb",
            ofd_more("Doc_0/a.xml", &vec![b' '; 100 << 20]),
            like!(Refused::Ratio { .. }),
        ),
        (
            "entry that lies",
            ofd_with(1, SCAN, &[liar]),
            like!(Refused::Decompressed { .. }),
        ),
        (
            "deep xml",
            ofd_with(1, &xml_deep, &[]),
            like!(Refused::Nested(_)),
        ),
        (
            "entities",
            ofd_with(1, "<!DOCTYPE x [<!ENTITY a 'b'>]>", &[]),
            like!(Refused::Broken { .. }),
        ),
    ]
}

trait ReplaceTail {
    fn replace_tail(self, what: &[u8], by: &[u8]) -> Vec<u8>;
}

impl ReplaceTail for Vec<u8> {
    /// Replaces the last occurrence.
    fn replace_tail(self, what: &[u8], by: &[u8]) -> Vec<u8> {
        let at = self
            .windows(what.len())
            .rposition(|w| w == what)
            .expect("it is there");
        [&self[..at], by, &self[at + what.len()..]].concat()
    }
}

#[test]
fn hostile_files_are_refused_for_what_they_are() {
    let mut wrong = Vec::new();
    for (name, bytes, named) in hostile() {
        match inspect(&bytes, "scan.pdf", &Limits::default()) {
            Err(refused) if named(&refused) => {}
            other => wrong.push(format!("{name}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_cut_at_any_twentieth_is_refused() {
    let good = [
        pdf(3),
        jpeg(),
        png(),
        tiff(2),
        ofd(2),
        still(60, 60, image::ImageFormat::WebP),
    ];
    for bytes in good {
        for part in 0..20 {
            let cut = &bytes[..bytes.len() * part / 20];
            let answer = inspect(cut, "x", &Limits::default());
            assert!(
                answer.is_err(),
                "{part}/20 of {:?}: {answer:?}",
                &bytes[..8]
            );
        }
    }
}

#[test]
fn limits_are_what_is_asked() {
    let limits = Limits {
        pages: 2,
        ..Limits::default()
    };
    let refused = inspect(&pdf(3), "x.pdf", &limits);
    assert!(
        matches!(refused, Err(Refused::Pages { max: 2, .. })),
        "{refused:?}"
    );
    let limits = Limits {
        picture_pixels: 1_000,
        ..Limits::default()
    };
    assert!(matches!(
        inspect(&jpeg(), "x", &limits),
        Err(Refused::Pixels { max: 1_000, .. })
    ));
}

fn small() -> Limits {
    Limits {
        pages: 20,
        picture_pixels: 1 << 20,
        decompressed_bytes: 4 << 20,
        pictures_bytes: 8 << 20,
        ..Limits::default()
    }
}

fn holds(bytes: &[u8]) {
    let limits = small();
    match inspect(bytes, "x", &limits) {
        Ok(found) => {
            assert!(found.pages >= 1 && found.pages <= limits.pages);
            assert!(found.decompressed_bytes <= limits.decompressed_bytes + limits.pictures_bytes);
        }
        Err(Refused::TooHeavy(_)) => panic!("a library panicked"),
        Err(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), head in 0_usize..8) {
        let heads: [&[u8]; 8] = [b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"PK\x03\x04", b"\0\0\0\x18ftypheic", b"RIFF\x40\0\0\0WEBP"];
        holds(&[heads[head], &bytes].concat());
    }

    #[test]
    fn mutations_of_good_files_never_panic(which in 0_usize..6, hits in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..12), cut in any::<u16>()) {
        let mut bytes = match which {
            0 => pdf(2),
            1 => jpeg(),
            2 => png(),
            3 => tiff(2),
            4 => ofd(1),
            _ => still(40, 40, image::ImageFormat::WebP),
        };
        for (at, value) in hits {
            let at = at as usize % bytes.len();
            bytes[at] = value;
        }
        if cut % 4 == 0 {
            bytes.truncate(cut as usize % bytes.len());
        }
        holds(&bytes);
    }
}
