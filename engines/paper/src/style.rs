//! How things look: lengths, colours, strokes, type.

use serde::{Deserialize, Serialize};

use crate::fonts::{Family, Slot};

/// Millimetres in a point (1/72 inch).
pub const MM_PER_PT: f32 = 25.4 / 72.0;
/// The share of the em that lies above the baseline in a font for ideographs.
pub const ABOVE: f32 = 0.88;

/// A rectangle in millimetres from the upper left corner of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Rect {
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect { x, y, w, h }
    }

    /// What is left inside a margin.
    pub fn inset(self, dx: f32, dy: f32) -> Rect {
        Rect::new(
            self.x + dx,
            self.y + dy,
            (self.w - 2.0 * dx).max(0.0),
            (self.h - 2.0 * dy).max(0.0),
        )
    }

    pub fn right(self) -> f32 {
        self.x + self.w
    }

    pub fn bottom(self) -> f32 {
        self.y + self.h
    }
}

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    pub const BLACK: Colour = Colour(0, 0, 0);
    pub const WHITE: Colour = Colour(255, 255, 255);
    /// The heads of tables and the labels of cells; black on it has 17:1.
    pub const SHADE: Colour = Colour(238, 238, 238);
    /// What helps and is not read first; 7.2:1 on white.
    pub const QUIET: Colour = Colour(87, 87, 87);
    /// An emergency; 8.4:1 on white.
    pub const GRAVE: Colour = Colour(0xa3, 0x0d, 0x0d);

    /// Contrast by WCAG 2.2: 1 is none, 21 is black on white.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.212_6 * linear(self.0) + 0.715_2 * linear(self.1) + 0.072_2 * linear(self.2)
    }
}

/// A line's look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub mm: f32,
    pub colour: Colour,
    /// Millimetres of ink and of gap.
    pub dash: Option<(f32, f32)>,
}

impl Stroke {
    pub const fn solid(mm: f32) -> Stroke {
        Stroke {
            mm,
            colour: Colour::BLACK,
            dash: None,
        }
    }

    pub const fn dashed(mm: f32) -> Stroke {
        Stroke {
            mm,
            colour: Colour::BLACK,
            dash: Some((1.6, 1.2)),
        }
    }

    #[must_use]
    pub const fn in_colour(mut self, colour: Colour) -> Stroke {
        self.colour = colour;
        self
    }
}

/// The type of a run of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub pt: f32,
    pub slot: Slot,
    pub colour: Colour,
    /// From baseline to baseline, in em.
    pub leading: f32,
}

impl Style {
    pub const fn new(pt: f32) -> Style {
        Style {
            pt,
            slot: Slot {
                family: Family::Sans,
                bold: false,
            },
            colour: Colour::BLACK,
            leading: 1.35,
        }
    }

    #[must_use]
    pub const fn bold(mut self) -> Style {
        self.slot.bold = true;
        self
    }

    #[must_use]
    pub const fn serif(mut self) -> Style {
        self.slot.family = Family::Serif;
        self
    }

    #[must_use]
    pub const fn in_colour(mut self, colour: Colour) -> Style {
        self.colour = colour;
        self
    }

    #[must_use]
    pub const fn leading(mut self, em: f32) -> Style {
        self.leading = em;
        self
    }

    #[must_use]
    pub const fn at(mut self, pt: f32) -> Style {
        self.pt = pt;
        self
    }

    /// One em in millimetres.
    pub fn em(self) -> f32 {
        self.pt * MM_PER_PT
    }

    /// The height of a number of lines.
    pub fn height(self, lines: usize) -> f32 {
        if lines == 0 {
            return 0.0;
        }
        self.em() * (1.0 + (lines as f32 - 1.0) * self.leading)
    }
}

/// Where a line stands in its measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
    /// Both edges even but for the last line.
    Justify,
}
