//! A receipt for money taken: half a sheet, with the sum in figures and in capitals.

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::table::{Column, Table};
use crate::{Paper, PaperError};

/// One receipt.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub title: String,
    /// `No. 2026-000001`
    pub number: String,
    /// Which copy this is: first printing, or the how manieth again.
    pub copy: String,
    /// The word across a void one; empty on one that stands.
    pub void: String,
    /// What is known of the payment, label and value, two on a line.
    pub lines: Vec<(String, String)>,
    pub heads: [String; 3],
    /// What it paid: item, months, amount.
    pub rows: Vec<[String; 3]>,
    pub total: (String, String),
    /// The total in capitals, with its label.
    pub capitals: (String, String),
    /// Places to sign and to stamp.
    pub hands: Vec<String>,
    /// Leads to where the paper can be checked; none is drawn where it is empty.
    pub qr: Modules,
    /// What stands below it.
    pub check: String,
    pub foot: String,
}

const SHEET: (f32, f32) = (A4.0, A4.1 / 2.0);
const SIDE: f32 = 14.0;
const WIDTH: f32 = SHEET.0 - 2.0 * SIDE;
const TOP: f32 = 10.0;
const BOTTOM: f32 = SHEET.1 - 34.0;
/// A phone reads it at arm's length; what stands beside it keeps its distance.
const CODE: f32 = 21.0;
const BESIDE: f32 = 28.0;

impl Receipt {
    fn head(&self, doc: &mut Document<'_>) -> f32 {
        let small = Style::new(9.5);
        doc.fit(
            Rect::new(SIDE, TOP, WIDTH / 2.0, 4.5),
            &self.compound,
            small,
            Align::Left,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE + WIDTH / 2.0, TOP, WIDTH / 2.0, 4.5),
            &self.number,
            Style::new(11.0).bold(),
            Align::Right,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE, TOP + 5.0, WIDTH, 8.0),
            &self.title,
            Style::new(18.0).bold(),
            Align::Center,
            11.0,
        );
        doc.fit(
            Rect::new(SIDE + WIDTH / 2.0, TOP + 6.0, WIDTH / 2.0, 4.5),
            &self.copy,
            small,
            Align::Right,
            7.0,
        );
        let mut y = TOP + 16.0;
        for pair in self.lines.chunks(2) {
            for (place, (label, value)) in pair.iter().enumerate() {
                let x = SIDE + place as f32 * WIDTH / 2.0;
                let text = format!("{label}　{value}");
                doc.fit(
                    Rect::new(x, y, WIDTH / 2.0 - 4.0, 4.8),
                    &text,
                    Style::new(10.0),
                    Align::Left,
                    6.5,
                );
            }
            y += 5.8;
        }
        y + 1.5
    }

    /// Beside the places to sign, above the foot.
    fn code(&self, doc: &mut Document<'_>) {
        if self.qr.is_empty() {
            return;
        }
        let r = Rect::new(SIDE + WIDTH - CODE, SHEET.1 - 33.0, CODE, CODE);
        doc.modules(r, &self.qr);
        let below = Rect::new(r.x - 5.0, r.bottom() + 0.8, CODE + 5.0, 3.0);
        doc.fit(below, &self.check, Style::new(7.0), Align::Right, 5.0);
    }

    fn stamp(&self, doc: &mut Document<'_>) {
        if self.void.is_empty() {
            return;
        }
        let grave = Colour(0xb0, 0x1c, 0x1c);
        let r = Rect::new(SIDE + WIDTH / 2.0 - 32.0, TOP + 26.0, 64.0, 22.0);
        doc.frame(r, Stroke::solid(1.0).in_colour(grave));
        doc.fit(
            r.inset(3.0, 3.0),
            &self.void,
            Style::new(34.0).bold().in_colour(grave),
            Align::Center,
            12.0,
        );
    }
}

impl Paper for Receipt {
    fn about(&self) -> About {
        About {
            title: format!("{} {}", self.title, self.number),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(SHEET)?;
        doc.set_footer(Footer {
            left: self.foot.clone(),
            margin: SIDE,
            up: 6.0,
            ..Footer::default()
        });
        let y = self.head(doc);
        let widths = [WIDTH - 84.0, 46.0, 38.0];
        let columns = self.heads.iter().zip(widths).enumerate();
        let columns = columns
            .map(|(place, (head, mm))| Column {
                head: head.clone(),
                mm,
                align: if place == 2 {
                    Align::Right
                } else {
                    Align::Left
                },
            })
            .collect();
        let mut table = Table::new(columns, SIDE, y, TOP, BOTTOM).on(SHEET);
        table.row = 6.0;
        table.head(doc);
        for row in &self.rows {
            table.row(doc, row)?;
        }
        table.row(doc, &[self.total.0.as_str(), "", self.total.1.as_str()])?;
        let mut y = table.end(doc) + 2.0;
        let words = format!("{}　{}", self.capitals.0, self.capitals.1);
        let style = Style::new(11.0).bold();
        y = doc.paragraph(SIDE, y, WIDTH - BESIDE, &words, style, Align::Left);
        let wide = if self.qr.is_empty() {
            WIDTH
        } else {
            WIDTH - BESIDE
        };
        let each = wide / self.hands.len().max(1) as f32;
        for (place, hand) in self.hands.iter().enumerate() {
            doc.fit(
                Rect::new(SIDE + place as f32 * each, y + 5.0, each - 4.0, 4.8),
                hand,
                Style::new(10.0),
                Align::Left,
                7.0,
            );
        }
        self.code(doc);
        self.stamp(doc);
        Ok(())
    }
}
