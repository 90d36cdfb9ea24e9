//! Marks a page's picture and reads the mark back, until the engine stands.

use image::{Rgb, RgbImage};

/// A number of 40 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(u64);

impl Code {
    pub fn new(number: u64) -> Option<Code> {
        (number < 1 << 40).then_some(Code(number))
    }
    pub fn number(self) -> u64 {
        self.0
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    pub lines: &'a [&'a str],
    pub footer: &'a str,
    pub code: Code,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    #[error("a picture of {0} × {1} is too small for a code")]
    TooSmall(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    pub code: Code,
    pub confidence: f32,
}

pub const EDGE_MIN: u32 = 256;
const CELL: u32 = 4;

pub fn stamp(picture: &mut RgbImage, mark: &Mark<'_>) -> Result<(), MarkError> {
    let (width, height) = picture.dimensions();
    if width.min(height) < EDGE_MIN || mark.lines.is_empty() || mark.footer.is_empty() {
        return Err(MarkError::TooSmall(width, height));
    }
    let word = mark.code.0 << 8 | (mark.code.0 % 251);
    for bit in 0..48u32 {
        let dark = word >> bit & 1 == 1;
        let shade = if dark { 0 } else { 255 };
        for x in bit * CELL..(bit + 1) * CELL {
            for y in height - CELL..height {
                picture.put_pixel(x, y, Rgb([shade; 3]));
            }
        }
    }
    Ok(())
}

pub fn trace(picture: &RgbImage) -> Vec<Found> {
    let (width, height) = picture.dimensions();
    if width.min(height) < EDGE_MIN {
        return Vec::new();
    }
    let mut word = 0u64;
    for bit in 0..48u32 {
        let at = picture.get_pixel(bit * CELL + CELL / 2, height - CELL / 2);
        word |= u64::from(at[0] < 128) << bit;
    }
    let (code, check) = (word >> 8, word & 255);
    match Code::new(code).filter(|c| c.0 % 251 == check && c.0 != 0) {
        Some(code) => vec![Found {
            code,
            confidence: 1.0,
        }],
        None => Vec::new(),
    }
}
