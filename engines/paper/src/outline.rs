//! The outline of one letter, for engines that draw letters into a picture instead of a paper:
//! they take the fonts that the papers take, so that a machine needs no second one.

pub use ttf_parser::OutlineBuilder as Pen;
use ttf_parser::{Face, OutlineBuilder};

use crate::Fonts;
use crate::fonts::{Lang, Slot, order};

/// The faces of a machine's fonts, the best first, opened for drawing.
pub struct Outlines<'a> {
    faces: Vec<Face<'a>>,
}

/// As many faces as are asked for a letter; what none of them has is drawn as a box.
const FACES_MAX: usize = 4;

impl Fonts {
    /// Opens the faces that write this language, 黑體 first: legible when small.
    pub fn outlines(&self, lang: Lang) -> Outlines<'_> {
        let slot = Slot {
            family: crate::Family::Sans,
            bold: false,
        };
        let faces = order(&self.entries, lang, slot)
            .into_iter()
            .filter_map(|at| {
                let entry = &self.entries[at];
                Face::parse(self.bytes(entry)?, entry.index).ok()
            })
            .take(FACES_MAX)
            .collect();
        Outlines { faces }
    }
}

impl Outlines<'_> {
    /// Draws the letter with `pen` in ems, the baseline at 0 and y upwards, and returns how far
    /// the next letter stands. A letter that no font has leaves a gap of one em.
    pub fn draw(&self, letter: char, pen: &mut dyn OutlineBuilder) -> f32 {
        for face in &self.faces {
            let Some(glyph) = face.glyph_index(letter) else {
                continue;
            };
            let em = 1.0 / f32::from(face.units_per_em());
            face.outline_glyph(glyph, &mut Scaled { pen, em });
            return face
                .glyph_hor_advance(glyph)
                .map_or(1.0, |a| f32::from(a) * em);
        }
        1.0
    }
}

/// Hands on a font's units as ems.
struct Scaled<'p> {
    pen: &'p mut dyn OutlineBuilder,
    em: f32,
}

impl OutlineBuilder for Scaled<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen.move_to(x * self.em, y * self.em);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.pen.line_to(x * self.em, y * self.em);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let e = self.em;
        self.pen.quad_to(x1 * e, y1 * e, x * e, y * e);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let e = self.em;
        self.pen
            .curve_to(x1 * e, y1 * e, x2 * e, y2 * e, x * e, y * e);
    }

    fn close(&mut self) {
        self.pen.close();
    }
}
