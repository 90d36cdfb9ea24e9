//! What an archive asks of a file (ISO 19005-2, level B): it explains itself, carries its
//! letters and its colours, and is the same every time.

use lopdf::{Dictionary, Document, Object};

use super::{Draws, code, drawn};
use crate::{Align, Document as Doc, Fonts, Moment, Paper, Poster, Style, system_fonts};

fn poster() -> Poster {
    Poster {
        title: "停水 <緊急> & 搶修".into(),
        paragraphs: vec!["今晚恢復。".into()],
        made: Some(Moment {
            unix_ms: 1_795_741_200_000,
            minutes_east: 480,
        }),
        qr: code(),
        ..Poster::default()
    }
}

fn stream(doc: &Document, id: &Object) -> Vec<u8> {
    let (_, object) = doc.dereference(id).expect("it is there");
    let stream = object.as_stream().expect("a stream");
    stream
        .decompressed_content()
        .unwrap_or_else(|_| stream.content.clone())
}

#[test]
fn the_file_says_what_it_is_and_in_which_language() {
    let (pdf, _) = poster().draw(system_fonts()).expect("drawn");
    assert!(
        pdf.starts_with(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"),
        "marked as binary"
    );
    let doc = Document::load_mem(&pdf).expect("opened");
    let catalog = doc.catalog().expect("a catalog");
    assert_eq!(
        catalog
            .get(b"Lang")
            .and_then(Object::as_str)
            .expect("a language"),
        b"zh-Hant"
    );
    let xmp =
        String::from_utf8(stream(&doc, catalog.get(b"Metadata").expect("XMP"))).expect("UTF-8");
    for part in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "停水 &lt;緊急&gt; &amp; 搶修",
        "<rdf:li>zh-Hant</rdf:li>",
        "<xmp:CreateDate>2026-11-27T09:00:00+08:00</xmp:CreateDate>",
        "<pdf:Producer>linli</pdf:Producer>",
    ] {
        assert!(xmp.contains(part), "{part} in {xmp}");
    }
    let info = doc.trailer.get(b"Info").expect("information");
    let info = doc
        .dereference(info)
        .expect("there")
        .1
        .as_dict()
        .expect("a dictionary");
    assert_eq!(
        info.get(b"CreationDate")
            .and_then(Object::as_str)
            .expect("a date"),
        b"D:20261127090000+08'00"
    );
    let title = info
        .get(b"Title")
        .and_then(Object::as_str)
        .expect("a title");
    let wide: Vec<u8> = [0xFE, 0xFF]
        .into_iter()
        .chain(
            "停水 <緊急> & 搶修"
                .encode_utf16()
                .flat_map(u16::to_be_bytes),
        )
        .collect();
    assert_eq!(title, wide);
    let intents = catalog
        .get(b"OutputIntents")
        .and_then(Object::as_array)
        .expect("intents");
    let intent = intents[0].as_dict().expect("an intent");
    let profile = stream(&doc, intent.get(b"DestOutputProfile").expect("a profile"));
    assert_eq!(&profile[36..40], b"acsp");
    assert_eq!(
        profile.len(),
        u32::from_be_bytes(profile[..4].try_into().expect("four")) as usize
    );
    assert!(doc.trailer.get(b"ID").is_ok() && doc.trailer.get(b"Encrypt").is_err());
}

#[test]
fn every_font_is_embedded_and_cut_and_nothing_is_transparent() {
    let (pdf, _) = poster().draw(system_fonts()).expect("drawn");
    let doc = Document::load_mem(&pdf).expect("opened");
    let of =
        |d: &Dictionary, key: &[u8]| d.get(key).and_then(Object::as_name).unwrap_or(b"").to_vec();
    let mut fonts = 0;
    for object in doc.objects.values() {
        let dict = match object {
            Object::Dictionary(d) => d,
            Object::Stream(s) => &s.dict,
            _ => continue,
        };
        for key in [
            &b"SMask"[..],
            b"Group",
            b"ca",
            b"CA",
            b"BM",
            b"JavaScript",
            b"AA",
        ] {
            assert!(dict.get(key).is_err(), "{}", String::from_utf8_lossy(key));
        }
        if of(dict, b"Type") == b"FontDescriptor" {
            fonts += 1;
            assert!(dict.get(b"FontFile3").or(dict.get(b"FontFile2")).is_ok());
            assert_eq!(of(dict, b"FontName")[6], b'+', "marked as cut");
        }
        if of(dict, b"Subtype") == b"Type0" {
            assert!(dict.get(b"ToUnicode").is_ok(), "its text can be searched");
        }
    }
    assert_eq!(fonts, 2, "plain and bold");
    assert!(
        pdf.len() < 40_000,
        "{} bytes: only the letters used",
        pdf.len()
    );
}

#[test]
fn the_same_facts_make_the_same_bytes() {
    let again = Fonts::of_system();
    let (first, _) = poster().draw(system_fonts()).expect("drawn");
    let (second, _) = poster().draw(&again).expect("drawn");
    assert!(first == second);
    let other = Poster {
        title: "停電".into(),
        ..poster()
    };
    assert!(other.draw(system_fonts()).expect("drawn").0 != first);
}

#[test]
fn justified_lines_reach_both_edges_and_others_stand_where_they_are_told() {
    let text = "為保障全體業主的安全，經業主委員會同意，自下月起門禁卡須重新登記；逾期未辦者停用，詳情請到服務中心查詢。";
    let style = Style::new(10.0);
    let (pages, _) = drawn(&Draws(|doc: &mut Doc<'_>| {
        doc.paragraph(20.0, 20.0, 83.0, text, style, Align::Justify);
        doc.paragraph(20.0, 60.0, 83.0, "右", style, Align::Right);
        doc.paragraph(20.0, 70.0, 83.0, "中", style, Align::Center);
        Ok(())
    }));
    let runs = &pages[0].runs;
    let lines: Vec<_> = runs.iter().filter(|r| r.ink.y < 50.0).collect();
    assert!(lines.len() >= 2);
    for line in &lines[..lines.len() - 1] {
        assert!(
            (line.ink.x - 20.0).abs() < 0.05 && (line.ink.right() - 103.0).abs() < 0.3,
            "{:?}",
            line.ink
        );
    }
    assert!((pages[0].run("右").ink.right() - 103.0).abs() < 0.05);
    assert!((pages[0].run("中").ink.x - (61.5 - 10.0 * 25.4 / 72.0 / 2.0)).abs() < 0.05);
}
