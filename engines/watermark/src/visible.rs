//! What the eye sees: lines over the whole page, and the footer below it.

use image::RgbImage;
use paper::Outlines;

use crate::NOTICE;
use crate::letters::{self, Ink, Set};
use crate::weave::{TILE, Tile};

/// Of the lines, in 256ths: 11 %, between what is still seen on a photograph and what hides text.
const OPACITY: i32 = 28;
/// Black and white come so far in, in grey levels: there the code's waves have room.
const ROOM: i32 = 8;
/// Of 22.5°, in 65,536ths.
const SINE: i64 = 25_080;
const COSINE: i64 = 60_547;
/// Points along the edge of a block that is light or dark as a whole.
const BLOCK: usize = 16;
/// A block that is darker is written on in white.
const DARK: u32 = 96;

/// The lines as one brick; bricks laid at 22.5° cover any page.
pub struct Brick(Ink);

impl Brick {
    /// Letters as a share of the page's shorter edge, legible on a photograph of the whole page.
    pub fn draw(outlines: &Outlines<'_>, lines: &[&str], edge: u32) -> Brick {
        let size = (edge as f32 / 46.0).clamp(13.0, 90.0);
        let widths: Vec<f32> = lines.iter().map(|l| letters::ems(outlines, l)).collect();
        let widest = widths.iter().fold(1.0f32, |a, b| a.max(*b));
        // A brick as wide as half the page at most, so that each quarter has a whole one's words.
        let size = size.min(edge as f32 * 0.55 / (widest + 2.0)).max(9.0);
        let width = ((widest + 2.5) * size).ceil() as usize;
        let height = ((lines.len() as f32 * 1.35 + 1.6) * size).ceil() as usize;
        let texts: Vec<Set<'_>> = lines
            .iter()
            .enumerate()
            .map(|(at, text)| Set {
                text,
                at: (size, size * (1.2 + at as f32 * 1.35)),
                size,
            })
            .collect();
        Brick(letters::draw(outlines, &texts, width, height))
    }

    /// Coverage at a place of the turned wall, in 65,536ths of a point, between four neighbours.
    #[inline]
    fn at(&self, u: i64, v: i64) -> i32 {
        let ink = &self.0;
        let (width, height) = (ink.width as i64, ink.height as i64);
        let (row, fv) = (v >> 16, (v >> 8 & 255) as i32);
        let course = row.div_euclid(height);
        // Each course starts a third of a brick further: no straight gap runs through the page.
        let u = u + ((course.rem_euclid(3) * width / 3) << 16);
        let (column, fu) = (u >> 16, (u >> 8 & 255) as i32);
        let (y, x) = (row.rem_euclid(height), column.rem_euclid(width));
        let next = if x + 1 == width { 0 } else { x + 1 };
        let above = &ink.cover[(y * width) as usize..][..width as usize];
        let below = if y + 1 == height {
            above
        } else {
            &ink.cover[((y + 1) * width) as usize..][..width as usize]
        };
        let mix = |row: &[u8]| {
            i32::from(row[x as usize]) * (256 - fu) + i32::from(row[next as usize]) * fu
        };
        (mix(above) * (256 - fv) + mix(below) * fv) >> 16
    }
}

/// Lays lines and waves over the picture, in one pass.
pub fn over(picture: &mut RgbImage, brick: &Brick, tile: &Tile) {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let dark = dark_blocks(picture);
    let across = width.div_ceil(BLOCK);
    let levels: Vec<i32> = (0..256)
        .map(|v| ROOM * 16 + v * 16 * (255 - 2 * ROOM) / 255)
        .collect();
    let points: &mut [u8] = picture;
    for (y, row) in points.chunks_exact_mut(width * 3).enumerate().take(height) {
        let waves = tile.row(y);
        let blocks = &dark[y / BLOCK * across..][..across];
        // Rising to the right: u runs along the letters, v from line to line.
        let (mut u, mut v) = (-(y as i64) * SINE, y as i64 * COSINE);
        for (x, point) in row.chunks_exact_mut(3).enumerate() {
            let ink = brick.at(u, v) * OPACITY;
            let towards = if blocks[x / BLOCK] { 255 * 16 } else { 0 };
            let wave = i32::from(waves[x & (TILE - 1)]);
            for value in point {
                let level = levels[usize::from(*value)];
                let inked = level + (((towards - level) * ink) >> 16);
                *value = ((inked + wave + 8) >> 4).clamp(0, 255) as u8;
            }
            u += COSINE;
            v += SINE;
        }
    }
}

/// Which blocks are dark as a whole.
fn dark_blocks(picture: &RgbImage) -> Vec<bool> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let across = width.div_ceil(BLOCK);
    let points = picture.as_raw();
    let mut sums = vec![(0u32, 0u32); across * height.div_ceil(BLOCK)];
    // Green is most of what the eye takes for brightness; a point of four is enough.
    for y in (0..height).step_by(2) {
        let row = &points[y * width * 3..][..width * 3];
        for x in (0..width).step_by(2) {
            let sum = &mut sums[y / BLOCK * across + x / BLOCK];
            sum.0 += u32::from(row[x * 3 + 1]);
            sum.1 += 1;
        }
    }
    sums.iter().map(|(sum, n)| *sum < DARK * n).collect()
}

/// Sets the dark footer below the picture, as high as its words need.
pub fn foot(picture: &mut RgbImage, outlines: &Outlines<'_>, words: &str) {
    let (width, height) = picture.dimensions();
    let size = (width as f32 / 62.0).clamp(11.0, 48.0);
    let room = (width as f32 - 2.0 * size) / size;
    let mut lines = wrapped(outlines, words, room);
    if !words.contains(NOTICE) {
        let both = format!("{words}　{NOTICE}");
        if letters::ems(outlines, &both) <= room {
            lines = vec![both];
        } else {
            lines.extend(wrapped(outlines, NOTICE, room));
        }
    }
    let strip = ((lines.len() as f32 * 1.45 + 0.7) * size).ceil() as u32;
    let texts: Vec<Set<'_>> = lines
        .iter()
        .enumerate()
        .map(|(at, text)| Set {
            text,
            at: (size, size * (1.3 + at as f32 * 1.45)),
            size,
        })
        .collect();
    let ink = letters::draw(outlines, &texts, width as usize, strip as usize);
    let mut points = std::mem::take(picture).into_raw();
    points.reserve_exact(ink.cover.len() * 3);
    for cover in &ink.cover {
        let value = 28 + (u16::from(*cover) * 214 / 255) as u8;
        points.extend([value; 3]);
    }
    *picture = RgbImage::from_raw(width, height + strip, points)
        .expect("the points of the page and of its footer");
}

/// The words in lines of at most so many ems.
fn wrapped(outlines: &Outlines<'_>, words: &str, room: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for letter in words.chars() {
        let wide = letters::ems(outlines, letter.encode_utf8(&mut [0; 4]));
        let line = lines.last_mut().expect("there is always a line");
        if used + wide > room && !line.is_empty() {
            lines.push(letter.to_string());
            used = wide;
        } else {
            line.push(letter);
            used += wide;
        }
    }
    lines
}
