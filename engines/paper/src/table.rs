//! Tables that run over pages: the head comes again on each, cells wrap, a row too tall for
//! what is left of a page goes to the next, one too tall for any page is parted.

use serde::{Deserialize, Serialize};

use crate::PaperError;
use crate::document::{A4, Document};
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::write::Set;

/// A column: its head, its width in millimetres, how its cells stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub head: String,
    pub mm: f32,
    #[serde(default)]
    pub align: Align,
}

/// A table that is being drawn.
pub struct Table {
    columns: Vec<Column>,
    pub x: f32,
    /// Where the next row begins.
    pub y: f32,
    /// Where rows end on a page, and begin on the next one.
    pub bottom: f32,
    pub top: f32,
    pub style: Style,
    /// The least height of a row.
    pub row: f32,
    /// The sheet that it goes on on.
    sheet: (f32, f32),
    head: Vec<Vec<Set>>,
    /// Where it begins on the open page.
    from: Option<f32>,
}

/// Between a cell's edge and its text.
const PAD_X: f32 = 1.6;
const PAD_Y: f32 = 1.2;
const RULE: Stroke = Stroke::solid(0.18);

impl Table {
    /// A table at a place; `top` is where it goes on after a page is full.
    pub fn new(columns: Vec<Column>, x: f32, y: f32, top: f32, bottom: f32) -> Table {
        Table {
            columns,
            x,
            y,
            bottom,
            top,
            style: Style::new(9.5),
            row: 8.0,
            sheet: A4,
            head: Vec::new(),
            from: None,
        }
    }

    /// The same on sheets of another size.
    #[must_use]
    pub fn on(mut self, sheet: (f32, f32)) -> Table {
        self.sheet = sheet;
        self
    }

    /// The width of all columns.
    pub fn width(&self) -> f32 {
        self.columns.iter().map(|c| c.mm).sum()
    }

    /// Draws the head at the table's place.
    pub fn head(&mut self, doc: &mut Document<'_>) {
        let style = self.style.bold();
        if self.head.is_empty() {
            let columns = self.columns.clone();
            self.head = columns
                .iter()
                .map(|c| doc.set(&c.head, style, c.mm - 2.0 * PAD_X))
                .collect();
        }
        let tallest = self.head.iter().map(Vec::len).max().unwrap_or(1);
        let h = (style.height(tallest) + 2.0 * PAD_Y).max(self.row);
        doc.area(Rect::new(self.x, self.y, self.width(), h), Colour::SHADE);
        let mut x = self.x;
        for (set, column) in self.head.iter().zip(&self.columns) {
            let y = self.y + (h - style.height(set.len())) / 2.0;
            let align = if column.align == Align::Left {
                Align::Left
            } else {
                Align::Center
            };
            doc.draw_lines(set, x + PAD_X, y, column.mm - 2.0 * PAD_X, style, align);
            x += column.mm;
        }
        self.down(doc, h);
    }

    /// Draws a row; cells that are not given stay empty.
    ///
    /// # Errors
    /// [`PaperError::TooLong`]; [`PaperError::Write`].
    pub fn row(
        &mut self,
        doc: &mut Document<'_>,
        cells: &[impl AsRef<str>],
    ) -> Result<(), PaperError> {
        let style = self.style;
        let mut sets: Vec<Vec<Set>> = self
            .columns
            .iter()
            .zip(cells)
            .map(|(c, text)| match text.as_ref() {
                "" => Vec::new(),
                text => doc.set(text, style, c.mm - 2.0 * PAD_X),
            })
            .collect();
        loop {
            let tallest = sets.iter().map(Vec::len).max().unwrap_or(0);
            let h = (style.height(tallest) + 2.0 * PAD_Y).max(self.row);
            if self.y + h <= self.bottom + 0.01 {
                self.cells(doc, &sets, h);
                return Ok(());
            }
            if self.y > self.top + self.row * 2.5 {
                self.turn(doc)?;
                continue;
            }
            // Taller than a page: as many lines as fit, the rest on the next.
            let room = self.bottom - self.y - 2.0 * PAD_Y;
            let fits = ((room / style.em() - 1.0) / style.leading).floor().max(0.0) as usize + 1;
            let rest: Vec<Vec<Set>> = sets
                .iter_mut()
                .map(|set| set.split_off(fits.min(set.len())))
                .collect();
            let h = self.bottom - self.y;
            self.cells(doc, &sets, h);
            sets = rest;
            self.turn(doc)?;
        }
    }

    fn cells(&mut self, doc: &mut Document<'_>, sets: &[Vec<Set>], h: f32) {
        let mut x = self.x;
        for (column, set) in self.columns.iter().zip(sets) {
            let y = self.y + (h - self.style.height(set.len())) / 2.0;
            doc.draw_lines(
                set,
                x + PAD_X,
                y,
                column.mm - 2.0 * PAD_X,
                self.style,
                column.align,
            );
            x += column.mm;
        }
        self.down(doc, h);
    }

    fn turn(&mut self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        self.rules(doc);
        doc.page(self.sheet)?;
        self.y = self.top;
        self.head(doc);
        Ok(())
    }

    /// Ends the table; gives its lower edge.
    pub fn end(mut self, doc: &mut Document<'_>) -> f32 {
        self.rules(doc);
        self.y
    }

    /// The edge of what stands on this page, and the lines between its columns: once per
    /// page, for in a long table lines are most of the file.
    fn rules(&mut self, doc: &mut Document<'_>) {
        let Some(from) = self.from.take() else {
            return;
        };
        let h = self.y - from;
        doc.frame(Rect::new(self.x, from, self.width(), h), RULE);
        let mut x = self.x;
        for column in &self.columns[..self.columns.len() - 1] {
            x += column.mm;
            doc.line((x, from), (x, self.y), RULE);
        }
    }

    /// Goes down by a row, with a line above it.
    fn down(&mut self, doc: &mut Document<'_>, h: f32) {
        if self.from.is_some() {
            let right = self.x + self.width();
            doc.line((self.x, self.y), (right, self.y), RULE);
        } else {
            self.from = Some(self.y);
        }
        self.y += h;
    }
}
