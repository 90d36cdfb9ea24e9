//! Several JPEG pages as one PDF. The pictures are taken as they are, without recompression,
//! less what stands beside their pixels; the same pages give the same bytes.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::limits::Purse;
use crate::refused::Part;
use crate::walk::Walk;
use crate::{Kind, Limits, Refused, exif, jpeg};

/// A4 in points.
const A4: (f64, f64) = (595.276, 841.89);
/// A page this near to A4's shape fills it.
const A4_WITHIN: f64 = 0.03;

/// How large the pages are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sheet {
    /// A4, upright or across as the picture is, the picture in the middle.
    #[default]
    A4,
    /// As long as A4, as wide as the picture wants.
    Shape,
}

/// One PDF out of JPEG pages, in the order given.
///
/// # Errors
/// As [`crate::inspect`] for each page, [`Refused::Pages`], [`Refused::Empty`] without any.
pub fn bind(pages: &[&[u8]], sheet: Sheet, limits: &Limits) -> Result<Vec<u8>, Refused> {
    if pages.is_empty() {
        return Err(Refused::Empty);
    }
    let mut purse = Purse::new(limits, pages.iter().map(|p| p.len()).sum());
    purse.pages(pages.len() as u64)?;
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |out: &mut Vec<u8>, head: &str, stream: Option<&[u8]>| {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{head}\n", offsets.len()).as_bytes());
        if let Some(stream) = stream {
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(stream);
            out.extend_from_slice(b"\nendstream\n");
        }
        out.extend_from_slice(b"endobj\n");
    };
    object(&mut out, "<< /Type /Catalog /Pages 2 0 R >>", None);
    let mut kids = String::new();
    for i in 0..pages.len() {
        let _ = write!(kids, "{} 0 R ", 3 + i * 3);
    }
    let tree = format!("<< /Type /Pages /Count {} /Kids [ {kids}] >>", pages.len());
    object(&mut out, &tree, None);
    for (i, page) in pages.iter().enumerate() {
        if !page.starts_with(b"\xff\xd8\xff") {
            return Err(Refused::Unknown);
        }
        let facts = jpeg::walk(page, &mut purse)?;
        let turn = match facts.exif.map_or(0, |e| exif::read(&e).orientation) {
            3 | 4 => 180,
            5 | 6 => 90,
            7 | 8 => 270,
            _ => 0,
        };
        let (data, components) = bare(page)?;
        let space = match components {
            1 => "DeviceGray",
            3 => "DeviceRGB",
            _ => {
                return Err(Refused::Broken {
                    kind: Kind::Jpeg,
                    part: Part::Head,
                });
            }
        };
        let (width, height) = facts.size.pixels.unwrap_or((1, 1));
        // The sheet is turned together with its picture.
        let (sheet_w, sheet_h, w, h) = lay(sheet, f64::from(width), f64::from(height));
        let first = 3 + i * 3;
        let head = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 {sheet_w:.2} {sheet_h:.2} ] /Rotate {turn} \
             /Resources << /XObject << /P {} 0 R >> >> /Contents {} 0 R >>",
            first + 2,
            first + 1
        );
        object(&mut out, &head, None);
        let (x, y) = ((sheet_w - w) / 2.0, (sheet_h - h) / 2.0);
        let draw = format!("q {w:.2} 0 0 {h:.2} {x:.2} {y:.2} cm /P Do Q");
        object(
            &mut out,
            &format!("<< /Length {} >>", draw.len()),
            Some(draw.as_bytes()),
        );
        let head = format!(
            "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{space} \
             /BitsPerComponent 8 /Filter /DCTDecode /Length {} >>",
            data.len()
        );
        object(&mut out, &head, Some(&data));
    }
    let table = out.len();
    let mut tail = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    for offset in &offsets {
        let _ = writeln!(tail, "{offset:010} 00000 n ");
    }
    let size = offsets.len() + 1;
    let _ = write!(
        tail,
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    );
    out.extend_from_slice(tail.as_bytes());
    Ok(out)
}

/// The sheet's and the picture's size in points.
fn lay(sheet: Sheet, width: f64, height: f64) -> (f64, f64, f64, f64) {
    let (sheet_w, sheet_h) = if width > height { (A4.1, A4.0) } else { A4 };
    let scale = (sheet_w / width).min(sheet_h / height);
    let (w, h) = (width * scale, height * scale);
    match sheet {
        Sheet::Shape => (w, h, w, h),
        Sheet::A4 if (w / sheet_w - h / sheet_h).abs() < A4_WITHIN => {
            (sheet_w, sheet_h, sheet_w, sheet_h)
        }
        Sheet::A4 => (sheet_w, sheet_h, w, h),
    }
}

/// The picture without comments and application segments, but for Adobe's, which says how its
/// colours are coded; and the number of its components.
fn bare(page: &[u8]) -> Result<(Vec<u8>, u64), Refused> {
    let cut = || Refused::Truncated(Kind::Jpeg);
    let walk = Walk::big(page);
    let mut out = page[..2].to_vec();
    let (mut at, mut components) = (2_usize, 0);
    loop {
        let marker = walk.u16(at as u64).ok_or_else(cut)?;
        match marker {
            0xffff => at += 1,
            0xffda => {
                // From the first scan to the end of this picture; a second one stays behind.
                let end = jpeg::end(page)?;
                out.extend_from_slice(page.get(at..end).ok_or_else(cut)?);
                return Ok((out, components));
            }
            0xff01 | 0xffd0..=0xffd9 => at += 2,
            _ => {
                let len = walk.u16(at as u64 + 2).ok_or_else(cut)? as usize;
                let segment = page.get(at..at + 2 + len).ok_or_else(cut)?;
                if matches!(marker, 0xffc0..=0xffc3 | 0xffc5..=0xffc7 | 0xffc9..=0xffcb | 0xffcd..=0xffcf)
                {
                    components = walk.uint(at as u64 + 9, 1).unwrap_or(0);
                }
                if marker == 0xffee || !matches!(marker, 0xffe0..=0xffef | 0xfffe) {
                    out.extend_from_slice(segment);
                }
                at += 2 + len;
            }
        }
    }
}
