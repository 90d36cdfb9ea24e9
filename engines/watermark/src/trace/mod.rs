//! Reading a code back from a photograph: what is left of the ground, window by window; how the
//! page lies in each; what each says of the bits; and what they say together.

mod fourier;
mod gather;
mod ground;
mod pose;
mod window;

use image::RgbImage;

use crate::Code;
use crate::solomon::{self, WORD};
use crate::weave::{SIGNS, TILE, weave};

use fourier::Fourier;
use gather::{Bits, Said};
use ground::Plane;
use pose::{Pose, Poses};
use window::{Standing, WINDOW};

/// A code that a picture carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    pub code: Code,
    /// From 0 to 1: the share of what was seen that speaks for it.
    pub confidence: f32,
}

/// A window whose pilots agree less on one place is not heard: of windows without a code the
/// best reach it seldom.
const AGREED_MIN: f32 = 0.55;
/// More windows tell nothing new and cost time.
const WINDOWS_MAX: usize = 320;

/// A window that was looked at.
struct Look {
    /// Its middle in the photograph.
    middle: (f32, f32),
    standing: Standing,
    pose: Pose,
    score: f32,
}

/// The codes that a picture carries, the surest first; nothing where nothing is sure. A
/// photograph of two pages side by side gives both.
pub fn trace(picture: &RgbImage) -> Vec<Found> {
    let (width, height) = picture.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.min(height) < TILE as u32 || pixels > crate::PIXELS_MAX {
        return Vec::new();
    }
    let plane = ground::ground(picture);
    let mut looks = looks(&plane);
    lean_on_the_best(&mut looks);
    let mut fourier = Fourier::new(TILE);
    let heard: Vec<((f32, f32), Said)> = looks
        .iter()
        .map(|l| {
            (
                l.middle,
                gather::read(&plane, l.middle, l.pose, &mut fourier),
            )
        })
        .filter(|(_, said)| said.agreed >= AGREED_MIN)
        .collect();
    let (across, down) = (plane.width as f32 / 2.0, plane.height as f32 / 2.0);
    type Part = fn((f32, f32), (f32, f32)) -> bool;
    let parts: [Part; 5] = [
        |_, _| true,
        |at, half| at.0 < half.0,
        |at, half| at.0 >= half.0,
        |at, half| at.1 < half.1,
        |at, half| at.1 >= half.1,
    ];
    let mut found: Vec<Found> = Vec::new();
    for part in parts {
        for headlong in [false, true] {
            let said = heard
                .iter()
                .filter(|(at, s)| s.headlong == headlong && part(*at, (across, down)))
                .map(|(_, s)| &s.bits);
            if let Some(more) = together(said)
                && found.iter().all(|f| f.code != more.code)
            {
                found.push(more);
            }
        }
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    found
}

/// Looks at all windows, and where in each the pilots stand out best.
fn looks(plane: &Plane) -> Vec<Look> {
    let mut hop = match plane.width.max(plane.height) {
        0..=1_000 => 64,
        1_001..=1_500 => 96,
        _ => 128,
    };
    let starts = |hop| {
        let down = window::starts(plane.height, hop);
        let across = window::starts(plane.width, hop);
        (across, down)
    };
    let (mut lefts, mut tops) = starts(hop);
    while lefts.len() * tops.len() > WINDOWS_MAX {
        hop += 16;
        (lefts, tops) = starts(hop);
    }
    let bell = window::bell(WINDOW);
    let mut fourier = Fourier::new(WINDOW);
    let poses = Poses::new();
    let mut looks = Vec::new();
    for top in &tops {
        for left in &lefts {
            let Some(standing) = window::look(plane, *left, *top, &bell, &mut fourier) else {
                continue;
            };
            let best = poses.best(&standing.widened());
            let (pose, score) = best.refined(&standing);
            looks.push(Look {
                middle: (
                    *left as f32 + WINDOW.min(plane.width) as f32 / 2.0,
                    *top as f32 + WINDOW.min(plane.height) as f32 / 2.0,
                ),
                standing,
                pose,
                score,
            });
        }
    }
    looks
}

/// Windows so near, in points, lie alike.
const NEIGHBOUR: f32 = 420.0;

/// Where text or a picture hides the pilots, a neighbour that sees them tells how the page lies.
fn lean_on_the_best(looks: &mut [Look]) {
    let mut order: Vec<usize> = (0..looks.len()).collect();
    order.sort_by(|p, q| looks[*q].score.total_cmp(&looks[*p].score));
    let known: Vec<((f32, f32), Pose)> = order
        .iter()
        .take(order.len().div_ceil(4))
        .map(|at| (looks[*at].middle, looks[*at].pose))
        .collect();
    for look in looks {
        for (middle, pose) in &known {
            let off = (middle.0 - look.middle.0).hypot(middle.1 - look.middle.1);
            if off > NEIGHBOUR {
                continue;
            }
            let (pose, score) = pose.refined(&look.standing);
            if score > look.score {
                (look.pose, look.score) = (pose, score);
            }
        }
    }
}

/// What the windows say together, if it is a word.
fn together<'s>(said: impl Iterator<Item = &'s Bits>) -> Option<Found> {
    let mut sum = [0f32; SIGNS];
    for bits in said {
        for (total, bit) in sum.iter_mut().zip(bits) {
            *total += bit;
        }
    }
    if sum.iter().all(|s| *s == 0.0) {
        return None;
    }
    let mut word = [0u8; WORD];
    for (bit, (value, mask)) in sum.iter().zip(&weave().mask).enumerate() {
        if (*value < 0.0) ^ mask {
            word[bit / 8] |= 1 << (7 - bit % 8);
        }
    }
    let (code, _) = solomon::mend(word)?;
    let bits = crate::weave::bits(code);
    let all: f32 = sum.iter().map(|s| s.abs()).sum();
    let speaks: f32 = sum
        .iter()
        .zip(bits)
        .map(|(s, turned)| if turned { -s } else { *s })
        .sum();
    Some(Found {
        code,
        confidence: (speaks / all).clamp(0.0, 1.0),
    })
}
