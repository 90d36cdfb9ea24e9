//! Files made by the tests themselves.
#![allow(dead_code)] // each test binary uses a part

use std::io::{Cursor, Write as _};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A light sheet with dark lines.
pub fn sheet(width: u32, height: u32) -> DynamicImage {
    let line = |x, y| y % 16 < 3 && x > 8 && x + 8 < width && y + 8 < height;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        if line(x, y) {
            Rgb([30, 30, 60])
        } else {
            Rgb([245, 244, 240])
        }
    }))
}

pub fn still(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    sheet(width, height)
        .write_to(&mut out, format)
        .expect("encoded");
    out.into_inner()
}

pub fn jpeg() -> Vec<u8> {
    still(120, 160, ImageFormat::Jpeg)
}

pub fn png() -> Vec<u8> {
    still(120, 160, ImageFormat::Png)
}

/// A segment put behind a JPEG's first two bytes.
pub fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
    out.extend(&jpeg[2..]);
    out
}

/// EXIF that turns the picture a quarter to the right and names a place.
pub fn exif_turned() -> Vec<u8> {
    let mut block = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
    block.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    block.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    block.extend(b"SECRETPLACE");
    block
}

pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    to.write_all(bytes).expect("memory");
    to.finish().expect("memory")
}

/// A PDF of the given objects, numbered from 1, the first being the catalog.
pub fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        writeln!(out, "{} 0 obj", i + 1).expect("memory");
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).expect("memory");
    for offset in &offsets {
        writeln!(out, "{offset:010} 00000 n ").expect("memory");
    }
    let size = offsets.len() + 1;
    write!(
        out,
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    )
    .expect("memory");
    out
}

pub fn object(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

pub fn stream(dict: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dict} /Length {} >>\nstream\n", body.len()).into_bytes();
    out.extend(body);
    out.extend(b"\nendstream");
    out
}

/// A PDF of so many empty pages with `more` in its catalog and further objects from 4 + pages.
pub fn pdf_with(pages: usize, more: &str, further: &[Vec<u8>]) -> Vec<u8> {
    let kids: String = (0..pages).map(|i| format!("{} 0 R ", i + 4)).collect();
    let mut all = vec![
        object(&format!("<< /Type /Catalog /Pages 2 0 R {more} >>")),
        object(&format!(
            "<< /Type /Pages /Count {pages} /Kids [ {kids}] >>"
        )),
        stream("", b"0.2 g 72 72 200 300 re f"),
    ];
    for _ in 0..pages {
        all.push(object(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>",
        ));
    }
    all.extend_from_slice(further);
    pdf_of(&all)
}

pub fn pdf(pages: usize) -> Vec<u8> {
    pdf_with(pages, "", &[])
}

/// A TIFF of so many bilevel pages.
pub fn tiff(pages: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut to = tiff::encoder::TiffEncoder::new(&mut out).expect("memory");
    for _ in 0..pages {
        let grey = sheet(64, 96).to_luma8();
        to.write_image::<tiff::encoder::colortype::Gray8>(64, 96, grey.as_raw())
            .expect("memory");
    }
    out.into_inner()
}

/// One entry of a zip.
pub struct Item<'a> {
    pub name: &'a str,
    pub body: &'a [u8],
    pub flags: u16,
    pub mode: u32,
    /// What the table claims to come out.
    pub claims: Option<u32>,
}

pub fn item<'a>(name: &'a str, body: &'a [u8]) -> Item<'a> {
    Item {
        name,
        body,
        flags: 0,
        mode: 0,
        claims: None,
    }
}

pub fn zip(items: &[Item<'_>]) -> Vec<u8> {
    let (mut out, mut table) = (Vec::new(), Vec::new());
    for i in items {
        let mut to = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        to.write_all(i.body).expect("memory");
        let packed = to.finish().expect("memory");
        let mut crc = flate2::Crc::new();
        crc.update(i.body);
        let at = out.len() as u32;
        let mut head = 20_u16.to_le_bytes().to_vec();
        head.extend(i.flags.to_le_bytes());
        head.extend([8, 0, 0, 0, 0, 0]);
        head.extend(crc.sum().to_le_bytes());
        head.extend((packed.len() as u32).to_le_bytes());
        head.extend(i.claims.unwrap_or(i.body.len() as u32).to_le_bytes());
        head.extend((i.name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(i.name.as_bytes());
        out.extend(&packed);
        table.extend(b"PK\x01\x02\x14\x03");
        table.extend(&head);
        table.extend([0; 6]);
        table.extend((i.mode << 16).to_le_bytes());
        table.extend(at.to_le_bytes());
        table.extend(i.name.as_bytes());
    }
    let at = out.len() as u32;
    out.extend(&table);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((items.len() as u16).to_le_bytes());
    out.extend((items.len() as u16).to_le_bytes());
    out.extend((table.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

const OFD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#;
const RES: &str = r#"<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>scan.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"#;

/// An OFD of so many pages, each one scan, with further entries.
pub fn ofd_with(pages: usize, layer: &str, more: &[Item<'_>]) -> Vec<u8> {
    let list: String = (0..pages)
        .map(|i| {
            format!(
                r#"<ofd:Page ID="{}" BaseLoc="Pages/Page_{i}/Content.xml"/>"#,
                i + 20
            )
        })
        .collect();
    let document = format!(
        r#"<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"#
    );
    let page = format!(
        r#"<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{layer}</ofd:Layer></ofd:Content></ofd:Page>"#
    );
    let jpeg = jpeg();
    let names: Vec<_> = (0..pages)
        .map(|i| format!("Doc_0/Pages/Page_{i}/Content.xml"))
        .collect();
    let mut items = vec![
        item("OFD.xml", OFD.as_bytes()),
        item("Doc_0/Document.xml", document.as_bytes()),
        item("Doc_0/DocumentRes.xml", RES.as_bytes()),
        item("Doc_0/Res/scan.jpg", &jpeg),
    ];
    items.extend(names.iter().map(|n| item(n, page.as_bytes())));
    items.extend(more.iter().map(|m| Item { ..*m }));
    zip(&items)
}

pub const SCAN: &str =
    r#"<ofd:ImageObject ID="30" ResourceID="9" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>"#;

pub fn ofd(pages: usize) -> Vec<u8> {
    ofd_with(pages, SCAN, &[])
}
