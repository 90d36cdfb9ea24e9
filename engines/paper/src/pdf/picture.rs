//! Pictures: JPEG goes in as it is, PNG is unpacked and laid on white, for PDF/A-2b papers
//! of ours have no transparency.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use pdf_writer::{Filter, Name, Ref};

use super::file::{PdfFile, packed};
use crate::PaperError;

/// A scan of A3 at 300 dpi has 17 million.
const PIXELS_MAX: u64 = 40_000_000;

/// A picture, read and ready to be drawn.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    body: Body,
}

enum Body {
    Jpeg { bytes: Vec<u8>, grey: bool },
    Pixels { rgb: Vec<u8> },
}

impl Picture {
    /// Reads a JPEG (grey or colour, not CMYK) or a PNG (not interlaced).
    ///
    /// # Errors
    /// [`PaperError::Picture`] says what does not hold.
    pub fn read(bytes: &[u8]) -> Result<Picture, PaperError> {
        if bytes.starts_with(&[0xFF, 0xD8]) {
            jpeg(bytes)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            png(bytes)
        } else {
            Err(PaperError::Picture("neither JPEG nor PNG"))
        }
    }

    pub(crate) fn write(&self, file: &mut PdfFile<'_>, id: Ref) -> Result<(), PaperError> {
        let (bytes, filter, grey) = match &self.body {
            Body::Jpeg { bytes, grey } => (bytes.clone(), Filter::DctDecode, *grey),
            Body::Pixels { rgb } => (packed(rgb), Filter::FlateDecode, false),
        };
        file.object(id, |chunk| {
            let mut image = chunk.image_xobject(id, &bytes);
            image.filter(filter);
            image.width(self.width as i32).height(self.height as i32);
            image.color_space_name(Name(if grey { b"DeviceGray" } else { b"DeviceRGB" }));
            image.bits_per_component(8);
        })
    }
}

fn bounded(width: u32, height: u32) -> Result<(), PaperError> {
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PaperError::Picture("no size that a paper takes"));
    }
    Ok(())
}

/// Walks the segments to the frame header (ITU-T T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Result<Picture, PaperError> {
    const CUT: PaperError = PaperError::Picture("a JPEG that ends too early");
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2).ok_or(CUT)? else {
            return Err(PaperError::Picture("a JPEG out of step"));
        };
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([
            *bytes.get(at + 2).ok_or(CUT)?,
            *bytes.get(at + 3).ok_or(CUT)?,
        ]));
        // SOF0 to SOF2: what PDF readers decode.
        if (0xC0..=0xC2).contains(&marker) {
            let frame = bytes.get(at + 4..at + 10).ok_or(CUT)?;
            let height = u32::from(u16::from_be_bytes([frame[1], frame[2]]));
            let width = u32::from(u16::from_be_bytes([frame[3], frame[4]]));
            bounded(width, height)?;
            let grey = match (frame[0], frame[5]) {
                (8, 1) => true,
                (8, 3) => false,
                _ => return Err(PaperError::Picture("a JPEG neither grey nor RGB")),
            };
            let bytes = bytes.to_vec();
            return Ok(Picture {
                width,
                height,
                body: Body::Jpeg { bytes, grey },
            });
        }
        if marker == 0xDA || length < 2 {
            return Err(PaperError::Picture("a JPEG without a frame"));
        }
        at += 2 + length;
    }
}

struct Png {
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
    palette: Vec<u8>,
    alpha: Vec<u8>,
}

impl Png {
    fn channels(&self) -> usize {
        match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }
}

fn png(bytes: &[u8]) -> Result<Picture, PaperError> {
    const BAD: PaperError = PaperError::Picture("a PNG that does not hold");
    let mut at = 8;
    let mut png: Option<Png> = None;
    let mut data = Vec::new();
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes(head[..4].try_into().expect("four of eight")) as usize;
        let chunk = bytes
            .get(at + 8..at.saturating_add(8).saturating_add(length))
            .ok_or(BAD)?;
        match (&head[4..], &mut png) {
            (b"IHDR", None) if chunk.len() == 13 => {
                let word = |i: usize| u32::from_be_bytes(chunk[i..i + 4].try_into().expect("four"));
                if chunk[12] != 0 {
                    return Err(PaperError::Picture("an interlaced PNG"));
                }
                if !matches!(
                    (chunk[9], chunk[8]),
                    (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) | (2 | 4 | 6, 8 | 16)
                ) {
                    return Err(BAD);
                }
                bounded(word(0), word(4))?;
                png = Some(Png {
                    width: word(0),
                    height: word(4),
                    depth: chunk[8],
                    colour: chunk[9],
                    palette: Vec::new(),
                    alpha: Vec::new(),
                });
            }
            (b"PLTE", Some(png)) => png.palette = chunk.to_vec(),
            (b"tRNS", Some(png)) => png.alpha = chunk.to_vec(),
            (b"IDAT", Some(_)) => data.extend_from_slice(chunk),
            _ => {}
        }
        at += 12 + length;
    }
    let png = png.ok_or(BAD)?;
    let line = (png.width as usize * png.channels() * usize::from(png.depth)).div_ceil(8);
    let whole = (line + 1) * png.height as usize;
    let raw = decompress_to_vec_zlib_with_limit(&data, whole).map_err(|_| BAD)?;
    if raw.len() != whole {
        return Err(BAD);
    }
    let lines = unfiltered(
        raw,
        line,
        (png.channels() * usize::from(png.depth)).div_ceil(8),
    )
    .ok_or(BAD)?;
    Ok(Picture {
        width: png.width,
        height: png.height,
        body: Body::Pixels {
            rgb: on_white(&png, &lines, line).ok_or(BAD)?,
        },
    })
}

/// Takes back the filter of each line (PNG, 9.2).
fn unfiltered(raw: Vec<u8>, line: usize, step: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(raw.len());
    for (n, row) in raw.chunks(line + 1).enumerate() {
        let start = n * line;
        for (i, &value) in row[1..].iter().enumerate() {
            let left = if i >= step { out[start + i - step] } else { 0 };
            let up = if n > 0 { out[start - line + i] } else { 0 };
            let corner = if n > 0 && i >= step {
                out[start - line + i - step]
            } else {
                0
            };
            let guess = match row[0] {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => {
                    let [a, b, c] = [left, up, corner].map(i16::from);
                    let p = a + b - c;
                    let (pa, pb, pc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
                    if pa <= pb && pa <= pc {
                        left
                    } else if pb <= pc {
                        up
                    } else {
                        corner
                    }
                }
                _ => return None,
            };
            out.push(value.wrapping_add(guess));
        }
    }
    Some(out)
}

fn on_white(png: &Png, lines: &[u8], line: usize) -> Option<Vec<u8>> {
    let mut rgb = Vec::with_capacity(png.width as usize * png.height as usize * 3);
    let depth = usize::from(png.depth);
    // Wide samples are read by their upper byte.
    let bytes = depth / 8;
    for row in lines.chunks(line) {
        for x in 0..png.width as usize {
            let sample = |channel: usize| -> u8 {
                if depth >= 8 {
                    row[(x * png.channels() + channel) * bytes]
                } else {
                    let bit = x * depth;
                    (row[bit / 8] >> (8 - depth - bit % 8)) & ((1 << depth) - 1)
                }
            };
            let (colour, alpha) = match png.colour {
                0 => {
                    let full = if depth >= 8 {
                        255
                    } else {
                        (1_u16 << depth) - 1
                    };
                    let grey = (u16::from(sample(0)) * 255 / full) as u8;
                    ([grey; 3], 255)
                }
                2 => ([sample(0), sample(1), sample(2)], 255),
                3 => {
                    let i = usize::from(sample(0));
                    let entry = png.palette.get(i * 3..i * 3 + 3)?;
                    let alpha = png.alpha.get(i).copied().unwrap_or(255);
                    ([entry[0], entry[1], entry[2]], alpha)
                }
                4 => ([sample(0); 3], sample(1)),
                _ => ([sample(0), sample(1), sample(2)], sample(3)),
            };
            rgb.extend(colour.map(|c| {
                ((u16::from(c) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255) as u8
            }));
        }
    }
    Some(rgb)
}
