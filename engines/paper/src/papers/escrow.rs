//! The escrow card: one share of the archive's key, in words, for a person who keeps it in a
//! safe and never beside the others.

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::{Paper, PaperError};

/// One card of several.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EscrowCard {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub title: String,
    pub compound: String,
    /// Which card, from 1.
    pub index: u32,
    pub of: u32,
    /// How many cards together open the archive.
    pub needed: u32,
    pub words: Vec<String>,
    /// Words that show a slip of the pen.
    pub check: Vec<String>,
    /// Which key it is: a short fingerprint.
    pub key: String,
    pub qr: Modules,
    /// What to do, line by line.
    pub zh: Vec<String>,
    pub en: Vec<String>,
    pub foot: (String, String),
}

const SIDE: f32 = 18.0;
const TOP: f32 = 18.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const QR: f32 = 34.0;
const COLUMNS: usize = 4;
const CELL: f32 = 11.0;

impl Paper for EscrowCard {
    fn about(&self) -> About {
        About {
            title: format!("{} {}/{}", self.title, self.index, self.of),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(A4)?;
        doc.set_footer(Footer {
            left: self.foot.0.clone(),
            right: self.foot.1.clone(),
            margin: SIDE,
            up: 10.0,
            ..Footer::default()
        });
        let room = WIDTH - QR - 8.0;
        doc.modules(Rect::new(A4.0 - SIDE - QR, TOP, QR, QR), &self.qr);
        doc.fit(
            Rect::new(SIDE, TOP, room, 5.0),
            &self.compound,
            Style::new(11.0),
            Align::Left,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE, TOP + 6.5, room, 9.5),
            &self.title,
            Style::new(22.0).bold(),
            Align::Left,
            12.0,
        );
        let nth = format!(
            "第 {} 張，共 {} 張　card {} of {}",
            self.index, self.of, self.index, self.of
        );
        doc.fit(
            Rect::new(SIDE, TOP + 18.0, room, 6.0),
            &nth,
            Style::new(13.0).bold(),
            Align::Left,
            8.0,
        );
        let needed = format!(
            "任 {} 張可開啟　any {} open the archive",
            self.needed, self.needed
        );
        doc.fit(
            Rect::new(SIDE, TOP + 25.0, room, 5.0),
            &needed,
            Style::new(10.5),
            Align::Left,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE, TOP + 30.5, room, 4.5),
            &self.key,
            Style::new(9.0).in_colour(Colour::QUIET),
            Align::Left,
            6.0,
        );
        let mut y = TOP + QR + 9.0;
        y = self.grid(doc, y, &self.words, 0) + 5.0;
        doc.fit(
            Rect::new(SIDE, y, WIDTH, 4.6),
            "校驗詞　check words",
            Style::new(10.0).bold(),
            Align::Left,
            7.0,
        );
        y = self.grid(doc, y + 6.0, &self.check, self.words.len()) + 9.0;
        for (lines, style) in [(&self.zh, Style::new(11.0)), (&self.en, Style::new(10.0))] {
            for (n, line) in lines.iter().enumerate() {
                let number = format!("{}.", n + 1);
                let set = doc.set(line, style.leading(1.5), WIDTH - 8.0);
                if y + style.height(set.len()) > 278.0 {
                    doc.page(A4)?;
                    y = TOP;
                }
                doc.paragraph(SIDE, y, 7.0, &number, style, Align::Left);
                y = doc.draw_lines(
                    &set,
                    SIDE + 7.0,
                    y,
                    WIDTH - 7.0,
                    style.leading(1.5),
                    Align::Left,
                ) + 2.2;
            }
            y += 4.0;
        }
        Ok(())
    }
}

impl EscrowCard {
    /// Numbered words, read row by row.
    fn grid(&self, doc: &mut Document<'_>, y: f32, words: &[String], before: usize) -> f32 {
        let w = WIDTH / COLUMNS as f32;
        for (n, word) in words.iter().enumerate() {
            let (row, column) = (n / COLUMNS, n % COLUMNS);
            let cell = Rect::new(SIDE + column as f32 * w, y + row as f32 * CELL, w, CELL);
            doc.frame(cell, Stroke::solid(0.2));
            let number = (before + n + 1).to_string();
            let small = Style::new(7.5).in_colour(Colour::QUIET);
            doc.text(cell.x + 1.4, cell.y + 3.6, &number, small);
            let place = Rect::new(cell.x + 6.0, cell.y + 1.0, cell.w - 7.5, cell.h - 2.0);
            doc.fit(place, word, Style::new(14.0).bold(), Align::Left, 8.0);
        }
        y + words.len().div_ceil(COLUMNS) as f32 * CELL
    }
}
