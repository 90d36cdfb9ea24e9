//! Pictures: taken as they are, unpacked, or refused.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::Draws;
use crate::*;

/// The headers of a JPEG of 320 by 200; nothing of it is decoded here.
fn jpeg(components: u8) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0];
    let length = 8 + 3 * components;
    out.extend([0xFF, 0xC0, 0, length, 8, 0, 200, 1, 64, components]);
    out.resize(out.len() + 3 * usize::from(components), 1);
    out.extend([0xFF, 0xDA, 0, 2, 0xFF, 0xD9]);
    out
}

fn png(
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
    interlaced: u8,
    lines: &[u8],
    extra: &[(&[u8; 4], &[u8])],
) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], data: &[u8]| {
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(name);
        out.extend(data);
        out.extend([0; 4]);
    };
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[depth, colour, 0, 0, interlaced],
    ]
    .concat();
    chunk(b"IHDR", &head);
    for (name, data) in extra {
        chunk(name, data);
    }
    chunk(b"IDAT", &compress_to_vec_zlib(lines, 6));
    chunk(b"IEND", &[]);
    out
}

/// The pixels of a picture as the file has them.
fn pixels(bytes: &[u8]) -> Vec<u8> {
    let picture = Picture::read(bytes).expect("read");
    let paper = Draws(move |doc: &mut Document<'_>| {
        let kept = doc.keep(&picture)?;
        doc.picture(Rect::new(10.0, 10.0, 30.0, 20.0), kept);
        Ok(())
    });
    let (pdf, _) = paper.draw(system_fonts()).expect("drawn");
    let doc = lopdf::Document::load_mem(&pdf).expect("opened");
    let image = doc.objects.values().find_map(|o| {
        let stream = o.as_stream().ok()?;
        let kind = stream
            .dict
            .get(b"Subtype")
            .and_then(lopdf::Object::as_name)
            .ok()?;
        (kind == b"Image").then_some(stream)
    });
    let image = image.expect("a picture in the file");
    image
        .decompressed_content()
        .unwrap_or_else(|_| image.content.clone())
}

#[test]
fn a_jpeg_goes_in_as_it_is() {
    let bytes = jpeg(3);
    let picture = Picture::read(&bytes).expect("read");
    assert_eq!((picture.width, picture.height), (320, 200));
    assert_eq!(pixels(&bytes), bytes);
    Picture::read(&jpeg(1)).expect("grey");
}

#[test]
fn a_png_is_unpacked_whatever_its_kind() {
    let rgb = [0, 10, 20, 30, 40, 50, 60, 2, 1, 1, 1, 1, 1, 1];
    assert_eq!(
        pixels(&png(2, 2, 8, 2, 0, &rgb, &[])),
        [10, 20, 30, 40, 50, 60, 11, 21, 31, 41, 51, 61]
    );
    // Filters: from the left, the mean, the predicted.
    let lines = [1, 10, 5, 5, 3, 10, 10, 10, 4, 1, 1, 1];
    let grey = pixels(&png(3, 3, 8, 0, 0, &lines, &[]));
    let first: Vec<u8> = grey.iter().step_by(3).copied().collect();
    assert_eq!(first, [10, 15, 20, 15, 25, 32, 16, 26, 33]);
    // One bit, a palette with a transparent entry, half transparent black.
    assert_eq!(
        pixels(&png(3, 1, 1, 0, 0, &[0, 0b1010_0000], &[]))[..9],
        [255, 255, 255, 0, 0, 0, 255, 255, 255]
    );
    let palette: &[(&[u8; 4], &[u8])] = &[(b"PLTE", &[9, 8, 7, 1, 2, 3]), (b"tRNS", &[0])];
    assert_eq!(
        pixels(&png(2, 1, 8, 3, 0, &[0, 0, 1], palette)),
        [255, 255, 255, 1, 2, 3]
    );
    assert_eq!(
        pixels(&png(1, 1, 8, 6, 0, &[0, 0, 0, 0, 128], &[])),
        [127; 3]
    );
    assert_eq!(pixels(&png(1, 1, 16, 0, 0, &[0, 200, 1], &[])), [200; 3]);
}

#[test]
fn what_no_reader_could_show_is_refused() {
    let cut = &jpeg(3)[..12];
    let cases: [(&str, Vec<u8>); 8] = [
        ("nothing", Vec::new()),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("CMYK", jpeg(4)),
        ("cut", cut.to_vec()),
        ("interlaced", png(1, 1, 8, 0, 1, &[0, 0], &[])),
        ("huge", png(60_000, 60_000, 8, 0, 0, &[0], &[])),
        ("short", png(4, 4, 8, 0, 0, &[0, 0], &[])),
        ("no palette", png(1, 1, 8, 3, 0, &[0, 7], &[])),
    ];
    for (name, bytes) in cases {
        assert!(
            matches!(Picture::read(&bytes), Err(PaperError::Picture(_))),
            "{name}"
        );
    }
}

#[test]
fn a_picture_stands_where_it_is_put() {
    let picture = Picture::read(&png(1, 1, 8, 0, 0, &[0, 0], &[])).expect("read");
    let paper = Draws(move |doc: &mut Document<'_>| {
        let kept = doc.keep(&picture)?;
        doc.picture(Rect::new(25.4, 25.4, 50.8, 25.4), kept);
        Ok(())
    });
    let (pdf, _) = paper.draw(system_fonts()).expect("drawn");
    let doc = lopdf::Document::load_mem(&pdf).expect("opened");
    let page = *doc.get_pages().get(&1).expect("a page");
    let content = String::from_utf8(doc.get_page_content(page)).expect("text");
    // 297 mm less 50.8 from below.
    assert!(content.contains("144 0 0 72 72 697.89 cm"), "{content}");
}

#[test]
fn a_form_shows_evidence_in_rows_with_its_own_proportions() {
    let wide = png(4, 2, 8, 0, 0, &[0, 1, 2, 3, 4, 0, 5, 6, 7, 8], &[]);
    let form = Form {
        title: "違章處理通知單".into(),
        blocks: vec![Block::Pictures {
            files: vec![wide.clone(), wide.clone(), wide],
            mm: 40.0,
        }],
        ..Form::default()
    };
    let (pages, _) = super::drawn(&form);
    let frames = &pages[0].frames;
    assert_eq!(frames.len(), 3);
    for r in frames {
        assert!(
            (r.w - 80.0).abs() < 0.1 && (r.h - 40.0).abs() < 0.1,
            "{r:?}"
        );
    }
    assert!(frames[1].x > frames[0].right() && (frames[1].y - frames[0].y).abs() < 0.1);
    assert!(
        frames[2].y > frames[0].bottom(),
        "the third goes to the next row"
    );
    let broken = Form {
        blocks: vec![Block::Pictures {
            files: vec![b"GIF89a".to_vec()],
            mm: 40.0,
        }],
        ..Form::default()
    };
    assert!(matches!(
        broken.draw(system_fonts()),
        Err(PaperError::Picture(_))
    ));
}
