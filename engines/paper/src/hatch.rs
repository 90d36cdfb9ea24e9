//! A building's mark: a colour that the colour-blind tell apart, and a pattern for those who
//! see none and for printers without colour.

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::style::{Colour, Rect, Stroke};

/// Eight colours that stay apart under the common kinds of colour blindness, after the set
/// of Okabe and Ito (2008); the yellow is darkened for paper.
const COLOURS: [Colour; 8] = [
    Colour(0, 114, 178),
    Colour(213, 94, 0),
    Colour(0, 158, 115),
    Colour(204, 121, 167),
    Colour(230, 159, 0),
    Colour(86, 180, 233),
    Colour(0, 0, 0),
    Colour(200, 185, 20),
];

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hatch {
    Full,
    /// Stripes that rise to the right.
    Rising,
    /// Stripes along the bar.
    Level,
    /// Stripes across the bar.
    Upright,
    /// Stripes that fall to the right.
    Falling,
    Dots,
    Cross,
}

const HATCHES: [Hatch; 7] = [
    Hatch::Full,
    Hatch::Rising,
    Hatch::Dots,
    Hatch::Level,
    Hatch::Falling,
    Hatch::Upright,
    Hatch::Cross,
];

/// The colour and pattern of a building, by its place in the compound's order, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark(pub u16);

impl Mark {
    /// Neighbours differ in both; 56 buildings pass before a pair comes again.
    pub fn look(self) -> (Colour, Hatch) {
        let n = usize::from(self.0);
        (COLOURS[n % 8], HATCHES[n % 7])
    }
}

impl Document<'_> {
    /// Fills a rectangle with a pattern.
    pub fn hatch(&mut self, r: Rect, hatch: Hatch, colour: Colour) {
        if hatch == Hatch::Full {
            return self.area(r, colour);
        }
        let thin = Stroke::solid(0.9).in_colour(colour);
        self.clipped(r, |doc| {
            let step = 2.2;
            match hatch {
                Hatch::Rising => doc.slanted(r, step, 1.0, thin),
                Hatch::Falling => doc.slanted(r, step, -1.0, thin),
                Hatch::Cross => {
                    doc.slanted(r, step * 1.3, 1.0, thin);
                    doc.slanted(r, step * 1.3, -1.0, thin);
                }
                Hatch::Upright => {
                    let mut x = r.x + step / 2.0;
                    while x < r.right() {
                        doc.line((x, r.y), (x, r.bottom()), thin);
                        x += step;
                    }
                }
                Hatch::Level => {
                    let bars = 3;
                    let each = r.h / (2 * bars - 1) as f32;
                    for n in 0..bars {
                        let y = r.y + 2.0 * n as f32 * each;
                        doc.area(Rect::new(r.x, y, r.w, each), colour);
                    }
                }
                Hatch::Dots => {
                    let mut x = r.x + 1.2;
                    while x < r.right() + 1.0 {
                        doc.disc((x, r.y + r.h * 0.28), 0.62, colour);
                        doc.disc((x + 1.1, r.y + r.h * 0.72), 0.62, colour);
                        x += 2.2;
                    }
                }
                Hatch::Full => {}
            }
        });
        self.frame(r.inset(0.1, 0.1), Stroke::solid(0.2).in_colour(colour));
    }

    fn slanted(&mut self, r: Rect, step: f32, slope: f32, stroke: Stroke) {
        let mut x = r.x - r.h;
        while x < r.right() + r.h {
            let (low, high) = if slope > 0.0 {
                (x, x + r.h)
            } else {
                (x + r.h, x)
            };
            self.line((low, r.bottom()), (high, r.y), stroke);
            x += step;
        }
    }
}
