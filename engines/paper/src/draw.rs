//! Lines, areas, pictures and codes on the open page.

use pdf_writer::{Content, Name};

use crate::document::{Document, Pen, PictureId};
use crate::qr::Modules;
use crate::style::{Colour, MM_PER_PT, Rect, Stroke};

/// Millimetres to points, kept to a thousandth: finer is noise that fills the file.
pub(crate) fn pt(mm: f32) -> f32 {
    (mm / MM_PER_PT * 1_000.0).round() / 1_000.0
}

/// A colour's channel as PDF writes it.
fn channel(value: u8) -> f32 {
    (f32::from(value) / 255.0 * 1_000.0).round() / 1_000.0
}

impl Pen {
    pub fn fill(&mut self, colour: Colour) {
        if self.state.fill == Some(colour) {
            return;
        }
        self.state.fill = Some(colour);
        let Colour(r, g, b) = colour;
        if r == g && g == b {
            self.content.set_fill_gray(channel(r));
        } else {
            self.content
                .set_fill_rgb(channel(r), channel(g), channel(b));
        }
    }

    fn stroke(&mut self, stroke: Stroke) {
        let old = self.state.stroke.replace(stroke);
        if old == Some(stroke) {
            return;
        }
        let Colour(r, g, b) = stroke.colour;
        self.content
            .set_stroke_rgb(channel(r), channel(g), channel(b));
        self.content.set_line_width(pt(stroke.mm));
        match stroke.dash {
            Some((on, off)) => self.content.set_dash_pattern([pt(on), pt(off)], 0.0),
            None => self.content.set_dash_pattern([], 0.0),
        };
    }
}

impl Document<'_> {
    /// The pen and the height of its page; papers draw only on an open page.
    pub(crate) fn pen(&mut self) -> (&mut Pen, f32) {
        let height = self.size.1;
        let pen = self
            .pen
            .as_mut()
            .expect("a page is open while a paper draws");
        (pen, height)
    }

    /// A straight line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), stroke: Stroke) {
        let (pen, h) = self.pen();
        pen.stroke(stroke);
        pen.content
            .move_to(pt(from.0), pt(h - from.1))
            .line_to(pt(to.0), pt(h - to.1))
            .stroke();
    }

    /// The edge of a rectangle.
    pub fn frame(&mut self, r: Rect, stroke: Stroke) {
        let (pen, h) = self.pen();
        pen.stroke(stroke);
        pen.content
            .rect(pt(r.x), pt(h - r.bottom()), pt(r.w), pt(r.h))
            .stroke();
    }

    /// The inside of a rectangle.
    pub fn area(&mut self, r: Rect, colour: Colour) {
        let (pen, h) = self.pen();
        pen.fill(colour);
        pen.content
            .rect(pt(r.x), pt(h - r.bottom()), pt(r.w), pt(r.h))
            .fill_nonzero();
    }

    /// The inside of a polygon.
    pub fn polygon(&mut self, corners: &[(f32, f32)], colour: Colour) {
        let (pen, h) = self.pen();
        pen.fill(colour);
        path(&mut pen.content, corners, h);
        pen.content.close_path().fill_nonzero();
    }

    /// A line through several points.
    pub fn path(&mut self, points: &[(f32, f32)], stroke: Stroke) {
        let (pen, h) = self.pen();
        pen.stroke(stroke);
        path(&mut pen.content, points, h);
        pen.content.stroke();
    }

    /// A circle, filled.
    pub fn disc(&mut self, centre: (f32, f32), radius: f32, colour: Colour) {
        // Four arcs; the constant makes a cubic pass within 0.03 % of a circle.
        let k = 0.552_285 * radius;
        let (pen, h) = self.pen();
        pen.fill(colour);
        let (x, y) = (centre.0, h - centre.1);
        let r = radius;
        let c = &mut pen.content;
        c.move_to(pt(x + r), pt(y));
        for [a, b, to] in [
            [(r, k), (k, r), (0.0, r)],
            [(-k, r), (-r, k), (-r, 0.0)],
            [(-r, -k), (-k, -r), (0.0, -r)],
            [(k, -r), (r, -k), (r, 0.0)],
        ] {
            c.cubic_to(
                pt(x + a.0),
                pt(y + a.1),
                pt(x + b.0),
                pt(y + b.1),
                pt(x + to.0),
                pt(y + to.1),
            );
        }
        c.fill_nonzero();
    }

    /// Draws inside a rectangle only.
    pub fn clipped(&mut self, r: Rect, draw: impl FnOnce(&mut Self)) {
        let (pen, h) = self.pen();
        let before = pen.state;
        pen.content.save_state();
        pen.content
            .rect(pt(r.x), pt(h - r.bottom()), pt(r.w), pt(r.h))
            .clip_nonzero()
            .end_path();
        draw(self);
        let (pen, _) = self.pen();
        pen.content.restore_state();
        pen.state = before;
    }

    /// A code as one path of its dark modules, `r.w` wide without a quiet zone. Each run of
    /// modules in a row is one rectangle.
    pub fn modules(&mut self, r: Rect, code: &Modules) {
        let side = code.side();
        if side == 0 {
            return;
        }
        let step = r.w / side as f32;
        let (pen, h) = self.pen();
        pen.fill(Colour::BLACK);
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let start = x;
                while x < side && code.dark(x, y) {
                    x += 1;
                }
                if x > start {
                    // A hair of overlap downwards keeps rasterisers from drawing seams.
                    let hair = if y + 1 < side && code.dark(start, y + 1) {
                        0.01
                    } else {
                        0.0
                    };
                    let top = r.y + y as f32 * step;
                    pen.content.rect(
                        pt(r.x + start as f32 * step),
                        pt(h - top - step - hair),
                        pt((x - start) as f32 * step),
                        pt(step + hair),
                    );
                }
                x += 1;
            }
        }
        pen.content.fill_nonzero();
    }

    /// A picture, stretched to the rectangle.
    pub fn picture(&mut self, r: Rect, picture: PictureId) {
        let (pen, h) = self.pen();
        pen.content.save_state();
        pen.content
            .transform([pt(r.w), 0.0, 0.0, pt(r.h), pt(r.x), pt(h - r.bottom())]);
        pen.content
            .x_object(Name(format!("P{}", picture.nth).as_bytes()));
        pen.content.restore_state();
    }

    /// A part that is drawn at the end of the file, put at a point.
    pub(crate) fn form(&mut self, name: &[u8], x: f32, y: f32) {
        let (pen, h) = self.pen();
        pen.content.save_state();
        pen.content
            .transform([1.0, 0.0, 0.0, 1.0, pt(x), pt(h - y)]);
        pen.content.x_object(Name(name));
        pen.content.restore_state();
    }
}

fn path(content: &mut Content, points: &[(f32, f32)], h: f32) {
    for (i, (x, y)) in points.iter().enumerate() {
        if i == 0 {
            content.move_to(pt(*x), pt(h - y));
        } else {
            content.line_to(pt(*x), pt(h - y));
        }
    }
}
