//! What a window says of each bit, once it is known how the page lies in it.

use std::f32::consts::TAU;

use rustfft::num_complex::Complex32;

use crate::weave::{PILOT, PILOTS, SIGN, SIGNS, TILE, Wave, weave};

use super::fourier::Fourier;
use super::ground::Plane;
use super::pose::Pose;
use super::window::bell;

/// What is known of the bits: above zero for a wave as it is, below for one that is turned.
pub type Bits = [f32; SIGNS];

/// A window's word.
pub struct Said {
    pub bits: Bits,
    /// From 0 to 1: how well the pilots agree on one place.
    pub agreed: f32,
    /// Whether the page stands on its head.
    pub headlong: bool,
}

/// Points of the page that a window folds into one tile: whole tiles, two at least.
const NARROW: usize = 2 * TILE;
const BROAD: usize = 3 * TILE;
/// Pages at less than this share of their size show more of themselves in a window.
const SMALL: f32 = 0.75;

/// Lays the window flat around its middle, folds it into one tile, finds the tile's place by
/// the pilots and reads the waves that carry bits.
pub fn read(plane: &Plane, middle: (f32, f32), pose: Pose, fourier: &mut Fourier) -> Said {
    let edge = if pose.scale() < SMALL { BROAD } else { NARROW };
    let mut tile = folded(plane, middle, pose, edge);
    fourier.forward(&mut tile);
    let upright = placed(&tile, fourier, false);
    let turned = placed(&tile, fourier, true);
    let headlong = turned.1 > upright.1;
    let ((x, y), agreed) = if headlong { turned } else { upright };
    let seen = |wave: &Wave| {
        let turn = (wave.across as f32 * x + wave.down as f32 * y) / TILE as f32 + wave.turn;
        value(&tile, wave, headlong) * Complex32::from_polar(1.0, -TAU * turn)
    };
    let weave = weave();
    let level: f32 = weave.pilots.iter().map(|p| seen(p).re).sum::<f32>() / PILOTS as f32;
    let signs: Vec<Complex32> = weave.signs.iter().map(seen).collect();
    // What a bit's wave shows a quarter turn away is noise, and tells how much there is.
    let noise = signs.iter().map(|s| s.im * s.im).sum::<f32>() / signs.len() as f32;
    let weight = (level.max(0.0) * SIGN / PILOT) / noise.max(1e-6) * agreed;
    let mut bits = [0.0; SIGNS];
    for (at, sign) in signs.iter().enumerate() {
        bits[at % SIGNS] += weight * sign.re;
    }
    Said {
        bits,
        agreed,
        headlong,
    }
}

fn folded(plane: &Plane, middle: (f32, f32), pose: Pose, edge: usize) -> Vec<Complex32> {
    let mut tile = vec![Complex32::default(); TILE * TILE];
    let bell = bell(edge);
    let [a, b, c, d] = pose.to_photograph();
    let half = edge as f32 / 2.0;
    for v in 0..edge {
        let down = v as f32 - half;
        let row = &mut tile[v % TILE * TILE..][..TILE];
        for u in 0..edge {
            let across = u as f32 - half;
            let x = middle.0 + a * across + b * down;
            let y = middle.1 + c * across + d * down;
            row[u % TILE].re += plane.at(x, y) * bell[u] * bell[v];
        }
    }
    tile
}

/// A wave of the tile; on its head the page shows each wave run backwards.
fn value(tile: &[Complex32], wave: &Wave, headlong: bool) -> Complex32 {
    let at = |k: i32| k.rem_euclid(TILE as i32) as usize;
    let seen = tile[at(wave.down) * TILE + at(wave.across)];
    if headlong { seen.conj() } else { seen }
}

/// Where in the tile the window's middle lies, and how well the pilots agree on it.
fn placed(tile: &[Complex32], fourier: &mut Fourier, headlong: bool) -> ((f32, f32), f32) {
    let mut square = vec![Complex32::default(); TILE * TILE];
    let at = |k: i32| k.rem_euclid(TILE as i32) as usize;
    for pilot in &weave().pilots {
        let seen = value(tile, pilot, headlong);
        let unit = seen / seen.norm().max(1e-9);
        square[at(pilot.down) * TILE + at(pilot.across)] =
            unit * Complex32::from_polar(1.0, -TAU * pilot.turn);
    }
    fourier.forward(&mut square);
    let best = (0..square.len())
        .max_by(|p, q| square[*p].re.total_cmp(&square[*q].re))
        .unwrap_or(0);
    let (x, y) = (best % TILE, best / TILE);
    let height = |x: usize, y: usize| square[y % TILE * TILE + x % TILE].re;
    let top = height(x, y);
    let vertex = |before: f32, after: f32| {
        let bend = before - 2.0 * top + after;
        if bend < -1e-3 {
            ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5)
        } else {
            0.0
        }
    };
    let dx = vertex(height(x + TILE - 1, y), height(x + 1, y));
    let dy = vertex(height(x, y + TILE - 1), height(x, y + 1));
    ((x as f32 + dx, y as f32 + dy), top / PILOTS as f32)
}
