//! Slips to cut and put into letterboxes: whose they are, a few lines, and a code.

use crate::document::{A4, Document};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Rect, Stroke, Style};
use crate::{Paper, PaperError};

/// One slip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// The home it is for.
    pub room: String,
    pub code: Modules,
}

/// Slips of one letter, eight to a sheet of A4.
#[derive(Clone, Debug, Default)]
pub struct Slips {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub title: String,
    pub text: String,
    /// Until when the code leads somewhere.
    pub until: String,
    pub slips: Vec<Slip>,
}

const ACROSS: usize = 2;
const DOWN: usize = 4;
const WIDE: f32 = A4.0 / ACROSS as f32;
const TALL: f32 = A4.1 / DOWN as f32;
const PAD: f32 = 8.0;
/// A phone reads it at arm's length.
const CODE: f32 = 34.0;

impl Paper for Slips {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        for sheet in self.slips.chunks(ACROSS * DOWN) {
            doc.page(A4)?;
            for n in 1..DOWN {
                let y = TALL * n as f32;
                doc.line((0.0, y), (A4.0, y), Stroke::dashed(0.2));
            }
            doc.line((WIDE, 0.0), (WIDE, A4.1), Stroke::dashed(0.2));
            for (n, slip) in sheet.iter().enumerate() {
                let at = ((n % ACROSS) as f32 * WIDE, (n / ACROSS) as f32 * TALL);
                self.one(doc, at, slip);
            }
        }
        Ok(())
    }
}

impl Slips {
    fn one(&self, doc: &mut Document<'_>, (x, y): (f32, f32), slip: &Slip) {
        let (x, y) = (x + PAD, y + PAD);
        let wide = WIDE - 2.0 * PAD;
        let line = Rect::new(x, y, wide, 4.6);
        doc.fit(line, &self.compound, Style::new(9.5), Align::Left, 7.0);
        let room = Rect::new(x, y + 5.2, wide, 7.5);
        doc.fit(room, &slip.room, Style::new(19.0).bold(), Align::Left, 10.0);
        doc.modules(Rect::new(x, y + 15.5, CODE, CODE), &slip.code);
        let side = Rect::new(x + CODE + 4.0, y + 15.0, wide - CODE - 4.0, 5.0);
        doc.fit(side, &self.title, Style::new(11.0).bold(), Align::Left, 8.0);
        let words = Rect::new(side.x, y + 20.5, side.w, CODE - 5.5);
        doc.fit_wrapped(words, &self.text, Style::new(9.0), Align::Left);
        let foot = Rect::new(x, y + 51.5, wide, 4.5);
        doc.fit(foot, &self.until, Style::new(8.5), Align::Left, 6.5);
    }
}
