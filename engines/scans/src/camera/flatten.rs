//! The sheet laid flat: the four corners become a rectangle, shadows leave.

use image::{DynamicImage, Rgb, RgbImage};
use serde::{Deserialize, Serialize};

use super::Point;
use crate::inspect::caught;
use crate::picture::{Format, encode};
use crate::{Limits, Refused};

/// Pixels of the longer edge: A4 at about 200 dpi.
const EDGE_MAX: f64 = 2_400.0;
/// A sheet whose sides are nearly those of A4 is A4: perspective shortens one of them.
const A4_WITHIN: f64 = 0.12;

/// What is done with the colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// As photographed.
    Plain,
    /// Paper becomes white, colours stay: stamps are red.
    #[default]
    Colour,
    /// Paper becomes white, everything else grey.
    Grey,
}

/// Cuts the sheet out of a photograph and lays it flat, as JPEG.
///
/// # Errors
/// As [`super::corners`]; [`Refused::Unknown`] when the corners enclose nothing.
pub fn straighten(
    photo: &[u8],
    corners: &[Point; 4],
    tone: Tone,
    limits: &Limits,
) -> Result<Vec<u8>, Refused> {
    caught(|| {
        let photo = super::open(photo, limits)?.to_rgb8();
        let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
        let quad = corners.map(|p| (p.x.clamp(0.0, 1.0) * width, p.y.clamp(0.0, 1.0) * height));
        let (w, h) = size(&quad).ok_or(Refused::Unknown)?;
        let map = Map::between(f64::from(w), f64::from(h), &quad).ok_or(Refused::Unknown)?;
        let mut flat = warp(&photo, &map, w, h);
        if tone != Tone::Plain {
            whiten(&mut flat);
        }
        let flat = DynamicImage::ImageRgb8(flat);
        let flat = match tone {
            Tone::Grey => DynamicImage::ImageLuma8(flat.to_luma8()),
            _ => flat,
        };
        encode(&flat, Format::Jpeg)
    })
}

/// The sheet's size in pixels, from the longer of opposite sides.
fn size(quad: &[(f64, f64); 4]) -> Option<(u32, u32)> {
    let side = |a: usize, b: usize| (quad[a].0 - quad[b].0).hypot(quad[a].1 - quad[b].1);
    let (mut w, mut h) = (side(0, 1).max(side(3, 2)), side(0, 3).max(side(1, 2)));
    if !(w >= 8.0 && h >= 8.0) {
        return None;
    }
    let a4 = std::f64::consts::SQRT_2;
    let ratio = w.max(h) / w.min(h);
    if (ratio / a4 - 1.0).abs() < A4_WITHIN {
        if w > h {
            h = w / a4;
        } else {
            w = h / a4;
        }
    }
    let scale = (EDGE_MAX / w.max(h)).min(1.0);
    Some(((w * scale).round() as u32, (h * scale).round() as u32))
}

/// A projection of a rectangle onto a quadrilateral.
struct Map([f64; 8]);

impl Map {
    /// Solves the eight equations that four pairs of points give.
    fn between(w: f64, h: f64, quad: &[(f64, f64); 4]) -> Option<Self> {
        let from = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
        let mut rows = Vec::new();
        for ((x, y), (u, v)) in from.into_iter().zip(quad) {
            rows.push([x, y, 1.0, 0.0, 0.0, 0.0, -x * u, -y * u, *u]);
            rows.push([0.0, 0.0, 0.0, x, y, 1.0, -x * v, -y * v, *v]);
        }
        for i in 0..8 {
            let pivot = (i..8).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs()))?;
            rows.swap(i, pivot);
            if rows[i][i].abs() < 1e-9 {
                return None;
            }
            for j in 0..8 {
                if i != j {
                    let by = rows[j][i] / rows[i][i];
                    let row = rows[i];
                    rows[j]
                        .iter_mut()
                        .zip(row)
                        .for_each(|(to, v)| *to -= by * v);
                }
            }
        }
        Some(Self(std::array::from_fn(|i| rows[i][8] / rows[i][i])))
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        let under = m[6] * x + m[7] * y + 1.0;
        (
            (m[0] * x + m[1] * y + m[2]) / under,
            (m[3] * x + m[4] * y + m[5]) / under,
        )
    }
}

/// Each pixel is the mean of four looks into the photograph, which is the larger one.
fn warp(photo: &RgbImage, map: &Map, width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let mut sum = [0.0; 3];
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let (u, v) = map.at(f64::from(x) + dx, f64::from(y) + dy);
            let look = look(photo, u - 0.5, v - 0.5);
            sum.iter_mut().zip(look).for_each(|(s, l)| *s += l);
        }
        Rgb(sum.map(|s| (s / 4.0).round().clamp(0.0, 255.0) as u8))
    })
}

/// The colour between four pixels.
fn look(photo: &RgbImage, u: f64, v: f64) -> [f64; 3] {
    let (most_x, most_y) = (f64::from(photo.width() - 1), f64::from(photo.height() - 1));
    let (u, v) = (u.clamp(0.0, most_x), v.clamp(0.0, most_y));
    let (x, y) = (u.floor(), v.floor());
    let (fx, fy) = (u - x, v - y);
    let get = |x: f64, y: f64| {
        photo
            .get_pixel(x.min(most_x) as u32, y.min(most_y) as u32)
            .0
    };
    let (a, b, c, d) = (
        get(x, y),
        get(x + 1.0, y),
        get(x, y + 1.0),
        get(x + 1.0, y + 1.0),
    );
    std::array::from_fn(|i| {
        let upper = f64::from(a[i]) * (1.0 - fx) + f64::from(b[i]) * fx;
        let lower = f64::from(c[i]) * (1.0 - fx) + f64::from(d[i]) * fx;
        upper * (1.0 - fy) + lower * fy
    })
}

/// Divides by the paper's own brightness, found tile by tile as what most of a tile's bright
/// pixels have, so that shadows and lamps vanish.
fn whiten(flat: &mut RgbImage) {
    const TILE: u32 = 48;
    let (across, down) = (flat.width().div_ceil(TILE), flat.height().div_ceil(TILE));
    let mut paper = RgbImage::new(across, down);
    for (tx, ty, tile) in paper.enumerate_pixels_mut() {
        let mut counts = [[0_u32; 256]; 3];
        let (right, low) = (
            ((tx + 1) * TILE).min(flat.width()),
            ((ty + 1) * TILE).min(flat.height()),
        );
        for y in ty * TILE..low {
            for x in tx * TILE..right {
                let p = flat.get_pixel(x, y);
                (0..3).for_each(|c| counts[c][usize::from(p[c])] += 1);
            }
        }
        let all = (right - tx * TILE) * (low - ty * TILE);
        *tile = Rgb(counts.map(|counts| {
            let mut above = 0;
            let bright = (0..256).rev().find(|v| {
                above += counts[*v];
                // A fifth of the tile is at least so bright.
                above * 5 >= all
            });
            bright.unwrap_or(255).clamp(64, 255) as u8
        }));
    }
    // Neighbouring tiles blend, so no seam shows.
    let paper = image::imageops::blur(&paper, 1.5);
    for (x, y, p) in flat.enumerate_pixels_mut() {
        let (u, v) = (
            f64::from(x) / f64::from(TILE) - 0.5,
            f64::from(y) / f64::from(TILE) - 0.5,
        );
        let white = look(&paper, u, v);
        for c in 0..3 {
            // A little above the paper's tone is white; ink is made darker by a tenth.
            let part = f64::from(p[c]) / white[c].max(1.0);
            p[c] = ((part * 1.15 - 0.12) * 255.0).round().clamp(0.0, 255.0) as u8;
        }
    }
}
