//! A window of a photograph: which waves stand out in it.

use std::f32::consts::TAU;

use rustfft::num_complex::Complex32;

use super::fourier::Fourier;
use super::ground::Plane;

/// Points along the edge of a window.
pub const WINDOW: usize = 256;
/// The shortest wave of a page at half size lies within so many bins.
pub const BINS: usize = 72;
const SIDE: usize = 2 * BINS + 1;
/// How far around a bin its surroundings are measured.
const AROUND: usize = 6;
/// What stands out further counts no more: one strong wave is no code.
pub const CAP: f32 = 8.0;

/// How far each wave stands above its surroundings, at most [`CAP`].
pub struct Standing(Vec<f32>);

impl Standing {
    /// Nearest bin; `across` and `down` in bins of the window.
    #[inline]
    pub fn near(&self, across: f32, down: f32) -> f32 {
        let bins = BINS as i32;
        // Away from zero would need a call; the middle is at BINS, so all is positive.
        let x = (across + (BINS as f32 + 0.5)) as i32;
        let y = (down + (BINS as f32 + 0.5)) as i32;
        if x < 0 || y < 0 || x > 2 * bins || y > 2 * bins {
            return 0.0;
        }
        self.0[y as usize * SIDE + x as usize]
    }

    /// The highest bin within a distance of a place, its place between the bins, and its height.
    pub fn peak(&self, across: f32, down: f32, within: f32) -> Option<(f32, f32, f32)> {
        let reach = within.ceil() as i32;
        let mut best: Option<(f32, f32, f32)> = None;
        let (cx, cy) = (across.round() as i32, down.round() as i32);
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let (x, y) = ((cx + dx) as f32, (cy + dy) as f32);
                let value = self.near(x, y);
                let off = (x - across).powi(2) + (y - down).powi(2);
                if off <= within * within && best.is_none_or(|b| value > b.2) {
                    best = Some((x, y, value));
                }
            }
        }
        let (x, y, value) = best?;
        let vertex = |before: f32, after: f32| {
            let bend = before - 2.0 * value + after;
            if bend < -1e-3 {
                ((before - after) / (2.0 * bend)).clamp(-0.5, 0.5)
            } else {
                0.0
            }
        };
        let dx = vertex(self.near(x - 1.0, y), self.near(x + 1.0, y));
        let dy = vertex(self.near(x, y - 1.0), self.near(x, y + 1.0));
        Some((x + dx, y + dy, value))
    }

    /// Each bin as high as the highest of its neighbours: for a search with wide steps.
    pub fn widened(&self) -> Standing {
        let mut rows = self.0.clone();
        for (row, from) in rows.chunks_exact_mut(SIDE).zip(self.0.chunks_exact(SIDE)) {
            for x in 1..SIDE - 1 {
                row[x] = from[x - 1].max(from[x]).max(from[x + 1]);
            }
        }
        let mut wide = rows.clone();
        for y in 1..SIDE - 1 {
            for x in 0..SIDE {
                let at = y * SIDE + x;
                wide[at] = rows[at - SIDE].max(rows[at]).max(rows[at + SIDE]);
            }
        }
        Standing(wide)
    }
}

/// Where windows begin along an edge: from end to end, about `hop` apart.
pub fn starts(length: usize, hop: usize) -> Vec<usize> {
    let room = length.saturating_sub(WINDOW);
    let count = room.div_ceil(hop);
    (0..=count).map(|at| room * at / count.max(1)).collect()
}

/// Rises and falls smoothly over so many points.
pub fn bell(length: usize) -> Vec<f32> {
    (0..length)
        .map(|at| 0.5 - 0.5 * (TAU * (at as f32 + 0.5) / length as f32).cos())
        .collect()
}

/// Looks at one window; nothing where the ground is even.
pub fn look(
    plane: &Plane,
    left: usize,
    top: usize,
    bell: &[f32],
    fourier: &mut Fourier,
) -> Option<Standing> {
    let mut square = vec![Complex32::default(); WINDOW * WINDOW];
    let mut energy = 0f32;
    for y in 0..WINDOW.min(plane.height - top) {
        let row = &plane.values[(top + y) * plane.width + left..];
        let row = &row[..WINDOW.min(plane.width - left)];
        for (x, value) in row.iter().enumerate() {
            square[y * WINDOW + x].re = value * bell[x] * bell[y];
            energy += value * value;
        }
    }
    // A tenth of a grey level everywhere is no ground that was photographed.
    if energy < 0.01 * (WINDOW * WINDOW) as f32 {
        return None;
    }
    fourier.forward(&mut square);
    let mut power = vec![0f32; SIDE * SIDE];
    for y in 0..SIDE {
        let down = (y + WINDOW - BINS) % WINDOW;
        for x in 0..SIDE {
            let across = (x + WINDOW - BINS) % WINDOW;
            power[y * SIDE + x] = square[down * WINDOW + across].norm_sqr();
        }
    }
    Some(Standing(above_surroundings(&power)))
}

/// Each value over the mean of those around it, by sums over rectangles.
fn above_surroundings(power: &[f32]) -> Vec<f32> {
    let stride = SIDE + 1;
    let mut sums = vec![0f64; stride * stride];
    for y in 0..SIDE {
        let mut row = 0f64;
        for x in 0..SIDE {
            row += f64::from(power[y * SIDE + x]);
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
        }
    }
    let mut above = vec![0f32; SIDE * SIDE];
    for y in 0..SIDE {
        let (y0, y1) = (y.saturating_sub(AROUND), (y + AROUND + 1).min(SIDE));
        for x in 0..SIDE {
            let (x0, x1) = (x.saturating_sub(AROUND), (x + AROUND + 1).min(SIDE));
            let sum = sums[y1 * stride + x1] - sums[y0 * stride + x1] - sums[y1 * stride + x0]
                + sums[y0 * stride + x0];
            let mean = sum / ((y1 - y0) * (x1 - x0)) as f64;
            let value = f64::from(power[y * SIDE + x]) / mean.max(1e-9);
            above[y * SIDE + x] = (value as f32).min(CAP);
        }
    }
    above
}
