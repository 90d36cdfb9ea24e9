//! How a page lies in a window: the pilots' waves are known, so where they stand tells scale,
//! turn and slant.

use crate::weave::{PILOTS, TILE, weave};

use super::window::{Standing, WINDOW};

/// Takes a wave of the page to the wave of the photograph, both in cycles a point:
/// `[xx, xy, yx, yy]`.
#[derive(Clone, Copy, Debug)]
pub struct Pose(pub [f32; 4]);

/// Bins of the window for one cycle a tile.
const FINE: f32 = WINDOW as f32 / TILE as f32;

impl Pose {
    fn wave(&self, across: i32, down: i32) -> (f32, f32) {
        let (x, y) = (across as f32 * FINE, down as f32 * FINE);
        let m = &self.0;
        (m[0] * x + m[1] * y, m[2] * x + m[3] * y)
    }

    /// Takes a point of the page to the photograph, without the shift.
    pub fn to_photograph(self) -> [f32; 4] {
        // The inverse transposed.
        let [a, b, c, d] = self.0;
        let det = a * d - b * c;
        [d / det, -c / det, -b / det, a / det]
    }

    /// Points of the photograph for one of the page.
    pub fn scale(self) -> f32 {
        let [a, b, c, d] = self.0;
        (a * d - b * c).abs().max(1e-6).sqrt().recip()
    }

    /// How far the pilots stand out together.
    pub fn score(&self, standing: &Standing) -> f32 {
        weave()
            .pilots
            .iter()
            .map(|p| {
                let (x, y) = self.wave(p.across, p.down);
                standing.near(x, y)
            })
            .sum()
    }

    /// Fits to where the pilots' waves stand, looked for within so many bins.
    fn fitted(&self, standing: &Standing, within: f32) -> Option<Pose> {
        let (mut xx, mut xy, mut yy) = (0f32, 0f32, 0f32);
        let mut right = [0f32; 4];
        for pilot in &weave().pilots {
            let (x, y) = self.wave(pilot.across, pilot.down);
            let Some((gx, gy, height)) = standing.peak(x, y, within) else {
                continue;
            };
            let weight = (height - 1.5).max(0.0);
            let (fx, fy) = (pilot.across as f32 * FINE, pilot.down as f32 * FINE);
            xx += weight * fx * fx;
            xy += weight * fx * fy;
            yy += weight * fy * fy;
            right[0] += weight * gx * fx;
            right[1] += weight * gx * fy;
            right[2] += weight * gy * fx;
            right[3] += weight * gy * fy;
        }
        let det = xx * yy - xy * xy;
        if det <= 1e-3 {
            return None;
        }
        let solve = |p: f32, q: f32| ((p * yy - q * xy) / det, (q * xx - p * xy) / det);
        let (a, b) = solve(right[0], right[1]);
        let (c, d) = solve(right[2], right[3]);
        Some(Pose([a, b, c, d]))
    }

    /// The best of this and two closer fits, and its score.
    pub fn refined(self, standing: &Standing) -> (Pose, f32) {
        let mut best = (self, self.score(standing));
        let mut now = self;
        for within in [2.6, 1.8, 1.5] {
            let Some(next) = now.fitted(standing, within) else {
                break;
            };
            now = next;
            let score = now.score(standing);
            if score >= best.1 {
                best = (now, score);
            }
        }
        best
    }
}

/// All poses that are looked for, as waves: made once for a photograph.
pub struct Poses(Vec<(Pose, [(f32, f32); PILOTS])>);

/// From a page at 0.45 to one at 1.65 of its size.
const SMALL: f32 = 0.45;
const LARGE: f32 = 1.65;
const SCALE_STEP: f32 = 1.03;
/// Turned by up to so many degrees, in steps; and the same on its side.
const TURN: i32 = 8;
const TURN_STEP: f32 = 2.0;
/// Slant of a page that is tilted by 15°, in each of two directions.
const SLANT: [f32; 3] = [-0.05, 0.0, 0.05];

impl Poses {
    pub fn new() -> Poses {
        let mut all = Vec::new();
        let mut scale = SMALL;
        while scale < LARGE {
            for side in [0.0, 90.0] {
                for turn in -TURN..=TURN {
                    let angle = (side + turn as f32 * TURN_STEP).to_radians();
                    let (sin, cos) = angle.sin_cos();
                    for p in SLANT {
                        for q in SLANT {
                            // Turned after slanted.
                            let (a, b, c, d) = (1.0 + p, q, q, 1.0 - p);
                            let pose = Pose(
                                [
                                    cos * a - sin * c,
                                    cos * b - sin * d,
                                    sin * a + cos * c,
                                    sin * b + cos * d,
                                ]
                                .map(|v| v / scale),
                            );
                            let waves = weave().pilots.map(|w| pose.wave(w.across, w.down));
                            all.push((pose, waves));
                        }
                    }
                }
            }
            scale *= SCALE_STEP;
        }
        Poses(all)
    }

    /// The pose whose pilots stand out furthest.
    pub fn best(&self, wide: &Standing) -> Pose {
        let mut best = (0.0, self.0[0].0);
        for (pose, waves) in &self.0 {
            let score: f32 = waves.iter().map(|(x, y)| wide.near(*x, *y)).sum();
            if score > best.0 {
                best = (score, *pose);
            }
        }
        best.1
    }
}
