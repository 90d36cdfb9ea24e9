//! Forms of the office: a head, blocks below each other, a foot on every page. What stands
//! in a form is data; how it looks is here.

mod block;
mod checks;
mod grid;
mod pictures;

use serde::{Deserialize, Serialize};

pub use grid::Grid;

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::table::Column;
use crate::{Paper, PaperError};

pub(crate) const SIDE: f32 = 15.0;
pub(crate) const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const TOP: f32 = 13.0;
/// Where blocks begin on the second page and those after it.
const NEXT: f32 = 22.0;
pub(crate) const BOTTOM: f32 = 281.0;
const QR: f32 = 18.0;
/// How tall rows to write in are made, of the usual; the last still leaves 7.6 mm.
const LOOSE: [f32; 4] = [1.0, 0.95, 0.9, 0.85];
/// A form is read by columns of twelfths.
pub const COLUMNS: u8 = 12;

/// A form, empty or filled.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub title: String,
    /// The word and number at the right of the head, `編號：CH-2026-0173`.
    pub number: String,
    /// The form's own code and version, `KF-09-c · 第 3 版`.
    pub code: String,
    /// The record that was printed; empty on a blank form.
    pub record: String,
    /// `{page}` and then `{pages}` are filled in.
    pub page: String,
    pub qr: Modules,
    pub blocks: Vec<Block>,
}

/// A part of a form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Block {
    /// A heading; it stays with what follows.
    Section(String),
    /// Cells over twelve columns.
    Grid(Grid),
    /// Rows under heads, and empty rows to fill in. The widths are shares of the form's.
    Rows {
        columns: Vec<Column>,
        rows: Vec<Vec<String>>,
        blank: usize,
        /// The least height of a row.
        mm: f32,
    },
    /// Paragraphs, as laws and promises need them.
    Text(Vec<String>),
    /// Choices to tick.
    Checks {
        label: String,
        checks: Vec<Check>,
    },
    /// Ruled lines to write on.
    Lines {
        label: String,
        count: usize,
    },
    Signatures(Vec<Signature>),
    /// JPEG or PNG files as evidence, beside each other, at most `mm` tall.
    Pictures {
        files: Vec<Vec<u8>>,
        mm: f32,
    },
    /// Millimetres of nothing.
    Gap(f32),
}

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub text: String,
    pub ticked: bool,
}

impl Check {
    pub fn open(text: &str) -> Check {
        Check {
            text: text.to_owned(),
            ticked: false,
        }
    }

    pub fn ticked(text: &str) -> Check {
        Check {
            ticked: true,
            ..Check::open(text)
        }
    }
}

/// Cells beside each other.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// The least height; 0 is the usual one.
    pub mm: f32,
    pub cells: Vec<Cell>,
}

impl Row {
    pub fn new(cells: Vec<Cell>) -> Row {
        Row { mm: 0.0, cells }
    }

    /// A row for longer entries.
    #[must_use]
    pub fn tall(mut self, mm: f32) -> Row {
        self.mm = mm;
        self
    }
}

/// A cell of a grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cell {
    /// Of twelve columns.
    pub span: u8,
    /// How many rows it reaches down.
    pub rows: u8,
    pub text: String,
    pub checks: Vec<Check>,
    /// Says what the cell beside it holds.
    pub head: bool,
    pub align: Align,
}

impl Cell {
    /// A cell that names the next one.
    pub fn head(text: &str, span: u8) -> Cell {
        Cell {
            span,
            rows: 1,
            text: text.to_owned(),
            head: true,
            align: Align::Center,
            ..Cell::default()
        }
    }

    /// A cell with an entry; empty to be written by hand.
    pub fn value(text: &str, span: u8) -> Cell {
        Cell {
            span,
            rows: 1,
            text: text.to_owned(),
            ..Cell::default()
        }
    }

    /// A cell with choices.
    pub fn checks(checks: Vec<Check>, span: u8) -> Cell {
        Cell {
            checks,
            ..Cell::value("", span)
        }
    }

    /// The same cell over several rows.
    #[must_use]
    pub fn over(mut self, rows: u8) -> Cell {
        self.rows = rows;
        self
    }

    #[must_use]
    pub fn centred(mut self) -> Cell {
        self.align = Align::Center;
        self
    }
}

/// A place to sign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    pub role: String,
    /// What is signed for, above the line.
    pub note: String,
    /// What is decided with it.
    pub checks: Vec<Check>,
    /// The words at the lines; the usual ones when empty.
    pub sign: String,
    pub date: String,
}

impl Signature {
    pub fn of(role: &str, note: &str) -> Signature {
        Signature {
            role: role.to_owned(),
            note: note.to_owned(),
            ..Signature::default()
        }
    }

    /// A signature under a decision.
    #[must_use]
    pub fn with(mut self, checks: Vec<Check>) -> Signature {
        self.checks = checks;
        self
    }
}

impl Paper for Form {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        // A form that runs over by a hand's breadth is set a little tighter: a page with
        // nothing but a place to sign would be signed for anything.
        let mut best = (LOOSE[0], usize::MAX);
        for loose in LOOSE {
            let pages = doc.rehearse(|doc| self.lay_at(doc, loose))?;
            if pages < best.1 {
                best = (loose, pages);
            }
            if pages == 1 {
                break;
            }
        }
        self.lay_at(doc, best.0)
    }
}

impl Form {
    fn lay_at(&self, doc: &mut Document<'_>, loose: f32) -> Result<(), PaperError> {
        doc.page(A4)?;
        doc.set_footer(Footer {
            left: self.code.clone(),
            page: self.page.clone(),
            right: self.record.clone(),
            margin: SIDE,
            up: 8.5,
        });
        let y = self.first_head(doc);
        let mut at = At {
            form: self,
            y,
            loose,
        };
        for (n, block) in self.blocks.iter().enumerate() {
            at.block(doc, block, self.blocks.get(n + 1))?;
        }
        Ok(())
    }

    fn first_head(&self, doc: &mut Document<'_>) -> f32 {
        // The title stands in the middle of the page, so the code's room is left free on
        // both sides.
        let free = if self.qr.is_empty() { 0.0 } else { QR + 3.0 };
        let middle = |y, h| Rect::new(SIDE + free, y, WIDTH - 2.0 * free, h);
        doc.fit(
            middle(TOP, 4.6),
            &self.compound,
            Style::new(11.0),
            Align::Center,
            7.0,
        );
        doc.fit(
            middle(TOP + 6.0, 8.5),
            &self.title,
            Style::new(20.0).bold(),
            Align::Center,
            12.0,
        );
        let mut y = TOP + 16.6;
        if !self.qr.is_empty() {
            doc.modules(Rect::new(A4.0 - SIDE - QR, TOP - 1.0, QR, QR), &self.qr);
            y = TOP + QR;
        }
        if !self.number.is_empty() {
            let x = if self.qr.is_empty() {
                WIDTH
            } else {
                WIDTH - free
            };
            let r = Rect::new(SIDE, y - 3.4, x, 4.2);
            doc.fit(r, &self.number, Style::new(9.5), Align::Right, 6.0);
            y += 0.8;
        }
        y + 2.2
    }

    fn next_head(&self, doc: &mut Document<'_>) {
        let style = Style::new(9.0).in_colour(Colour::QUIET);
        let line = Rect::new(SIDE, TOP, WIDTH * 0.6, 4.0);
        doc.fit(line, &self.title, style, Align::Left, 6.0);
        let line = Rect::new(SIDE + WIDTH * 0.6, TOP, WIDTH * 0.4, 4.0);
        doc.fit(line, &self.number, style, Align::Right, 6.0);
        let rule = Stroke::solid(0.2);
        doc.line((SIDE, TOP + 5.4), (A4.0 - SIDE, TOP + 5.4), rule);
    }
}

/// Where the next block begins.
pub(crate) struct At<'a> {
    form: &'a Form,
    pub y: f32,
    /// The share of the usual heights, at most 1.
    pub loose: f32,
}

impl At<'_> {
    /// Turns the page when less than `mm` is left.
    fn need(&mut self, doc: &mut Document<'_>, mm: f32) -> Result<(), PaperError> {
        if self.y + mm > BOTTOM + 0.01 && self.y > NEXT + 1.0 {
            doc.page(A4)?;
            self.form.next_head(doc);
            self.y = NEXT;
        }
        Ok(())
    }
}
