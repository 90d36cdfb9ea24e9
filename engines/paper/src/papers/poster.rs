//! The poster: a notice for the wall of a lobby.

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::{Paper, PaperError};

/// A paper for a wall: a notice, its class, and a code that leads to the latest text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Poster {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub class: String,
    /// Red on the paper: an emergency.
    pub grave: bool,
    pub title: String,
    pub paragraphs: Vec<String>,
    pub qr: Modules,
    pub scan: String,
    pub foot: Vec<String>,
}

const SIDE: f32 = 22.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const TOP: f32 = 24.0;
/// Where the code and the foot begin.
const FOOT: f32 = 226.0;
const QR: f32 = 36.0;
/// Read from two metres; long notices go down to what is read from one.
const TEXT_PT: [f32; 6] = [24.0, 22.0, 20.0, 18.0, 16.0, 14.0];

impl Paper for Poster {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(A4)?;
        let mut y = self.head(doc);
        let style = self.largest(doc, FOOT - 6.0 - y);
        for paragraph in &self.paragraphs {
            // A long notice goes on over leaf: line by line, for a paragraph may be longer
            // than what is left.
            for line in doc.set(paragraph, style, WIDTH) {
                if y + style.em() > FOOT - 6.0 {
                    self.foot(doc);
                    doc.page(A4)?;
                    y = TOP;
                }
                doc.draw_lines(&[line], SIDE, y, WIDTH, style, Align::Justify);
                y += style.em() * style.leading;
            }
            y += style.em() * 0.45;
        }
        self.foot(doc);
        Ok(())
    }
}

impl Poster {
    fn head(&self, doc: &mut Document<'_>) -> f32 {
        let colour = if self.grave {
            Colour::GRAVE
        } else {
            Colour::BLACK
        };
        let mut y = TOP;
        doc.fit(
            Rect::new(SIDE, y, WIDTH, 7.0),
            &self.compound,
            Style::new(15.0),
            Align::Center,
            9.0,
        );
        y += 12.0;
        if !self.class.is_empty() {
            let style = Style::new(17.0).bold();
            let w = (doc.width(&self.class, style) + 14.0).min(WIDTH);
            let r = Rect::new((A4.0 - w) / 2.0, y, w, 11.0);
            if self.grave {
                doc.area(r, colour);
            } else {
                doc.frame(r, Stroke::solid(0.5));
            }
            let ink = if self.grave { Colour::WHITE } else { colour };
            doc.fit(
                r.inset(4.0, 1.0),
                &self.class,
                style.in_colour(ink),
                Align::Center,
                9.0,
            );
            y += 19.0;
        }
        let mut style = Style::new(36.0).bold().in_colour(colour).leading(1.3);
        while style.pt > 24.0 && doc.set(&self.title, style, WIDTH).len() > 1 {
            style.pt -= 2.0;
        }
        y = doc.paragraph(SIDE, y, WIDTH, &self.title, style, Align::Center);
        y + 13.0
    }

    /// The largest type in which the notice fits on the page, else the smallest.
    fn largest(&self, doc: &mut Document<'_>, room: f32) -> Style {
        let style = |pt| Style::new(pt).leading(1.65);
        for pt in TEXT_PT {
            let at = style(pt);
            let needed: f32 = self
                .paragraphs
                .iter()
                .map(|p| (doc.set(p, at, WIDTH).len() as f32 * at.leading + 0.45) * at.em())
                .sum();
            if needed <= room {
                return at;
            }
        }
        style(TEXT_PT[TEXT_PT.len() - 1])
    }

    fn foot(&self, doc: &mut Document<'_>) {
        doc.line((SIDE, FOOT), (A4.0 - SIDE, FOOT), Stroke::solid(0.3));
        let code = Rect::new(SIDE + 2.0, FOOT + 8.0, QR, QR);
        let mut x = SIDE;
        if !self.qr.is_empty() {
            doc.modules(code, &self.qr);
            let under = Rect::new(SIDE - 4.0, code.bottom() + 2.5, QR + 12.0, 4.5);
            doc.fit(under, &self.scan, Style::new(10.0), Align::Center, 6.0);
            x = code.right() + 12.0;
        }
        let style = Style::new(14.0).leading(1.6);
        let text = self.foot.join("\n");
        let set = doc.set(&text, style, A4.0 - SIDE - x);
        let y = code.y + ((QR - style.height(set.len())) / 2.0).max(0.0);
        doc.draw_lines(&set, x, y, A4.0 - SIDE - x, style, Align::Left);
    }
}
