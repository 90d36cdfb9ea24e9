//! Letters into a grey picture: outlines of a font, turned, as areas.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use paper::{Outlines, Pen};

/// Coverage of each point by ink, 0 to 255, row by row.
pub struct Ink {
    pub width: usize,
    pub height: usize,
    pub cover: Vec<u8>,
}

/// A text that starts at a point of the picture.
pub struct Set<'t> {
    pub text: &'t str,
    /// Where its baseline begins, in points from the upper left.
    pub at: (f32, f32),
    /// An em in points.
    pub size: f32,
}

/// Draws the texts into a fresh picture.
pub fn draw(outlines: &Outlines<'_>, texts: &[Set<'_>], width: usize, height: usize) -> Ink {
    let mut area = Rasterizer::new(width, height);
    for set in texts {
        let mut x = set.at.0;
        for letter in set.text.chars() {
            let mut pen = Nib {
                area: &mut area,
                at: (x, set.at.1),
                size: set.size,
                bounds: (width as f32, height as f32),
                here: point(0.0, 0.0),
                start: point(0.0, 0.0),
            };
            x += outlines.draw(letter, &mut pen) * set.size;
        }
    }
    let mut cover = vec![0; width * height];
    area.for_each_pixel(|at, alpha| cover[at] = (alpha.clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
    Ink {
        width,
        height,
        cover,
    }
}

/// How wide a text stands, in ems.
pub fn ems(outlines: &Outlines<'_>, text: &str) -> f32 {
    text.chars()
        .map(|letter| outlines.draw(letter, &mut Dry))
        .sum()
}

/// A pen that draws nothing.
struct Dry;

impl Pen for Dry {
    fn move_to(&mut self, _: f32, _: f32) {}
    fn line_to(&mut self, _: f32, _: f32) {}
    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {}
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
    fn close(&mut self) {}
}

struct Nib<'r> {
    area: &'r mut Rasterizer,
    at: (f32, f32),
    size: f32,
    bounds: (f32, f32),
    here: Point,
    start: Point,
}

impl Nib<'_> {
    /// A font's point on the picture, held inside it: the areas know no outside.
    fn spot(&self, x: f32, y: f32) -> Point {
        point(
            (self.at.0 + x * self.size).clamp(0.0, self.bounds.0),
            (self.at.1 - y * self.size).clamp(0.0, self.bounds.1),
        )
    }
}

impl Pen for Nib<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.here = self.spot(x, y);
        self.start = self.here;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.spot(x, y);
        self.area.draw_line(self.here, to);
        self.here = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (by, to) = (self.spot(x1, y1), self.spot(x, y));
        self.area.draw_quad(self.here, by, to);
        self.here = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (one, two, to) = (self.spot(x1, y1), self.spot(x2, y2), self.spot(x, y));
        self.area.draw_cubic(self.here, one, two, to);
        self.here = to;
    }

    fn close(&mut self) {
        self.area.draw_line(self.here, self.start);
        self.here = self.start;
    }
}
