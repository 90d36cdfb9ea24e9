//! Cells over twelve columns; a cell may reach down over several rows. Rows that such a cell
//! ties together stay on one page.

use serde::{Deserialize, Serialize};

use super::{At, BOTTOM, COLUMNS, Cell, NEXT, Row, SIDE, WIDTH, checks};
use crate::PaperError;
use crate::document::Document;
use crate::style::{Align, Colour, Rect, Stroke, Style};

const PAD_X: f32 = 1.6;
const PAD_Y: f32 = 1.5;
/// What a hand needs to write in.
const ROW: f32 = 9.0;
const RULE: Stroke = Stroke::solid(0.2);

/// Rows of cells.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Grid {
    pub rows: Vec<Row>,
}

struct Placed<'a> {
    cell: &'a Cell,
    row: usize,
    column: usize,
}

impl Grid {
    pub fn new(rows: Vec<Row>) -> Grid {
        Grid { rows }
    }

    /// Gives each cell its column, going round those that reach down from above.
    fn placed(&self) -> Vec<Placed<'_>> {
        let columns = usize::from(COLUMNS);
        let mut free_from = vec![0_usize; columns];
        let mut out = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            let mut column = 0;
            for cell in &row.cells {
                while column < columns && free_from[column] > n {
                    column += 1;
                }
                let span = usize::from(cell.span.max(1)).min(columns.saturating_sub(column));
                if span == 0 {
                    // Our own mistake in a form: what finds no column is not lost silently.
                    debug_assert!(false, "a row has more than twelve columns: {:?}", cell.text);
                    continue;
                }
                for taken in &mut free_from[column..column + span] {
                    *taken = n + usize::from(cell.rows.max(1));
                }
                out.push(Placed {
                    cell,
                    row: n,
                    column,
                });
                column += span;
            }
        }
        out
    }
}

fn style(cell: &Cell) -> Style {
    if cell.head {
        Style::new(9.5).leading(1.25)
    } else {
        Style::new(10.0).leading(1.35)
    }
}

fn needed(doc: &mut Document<'_>, cell: &Cell, w: f32) -> f32 {
    let style = style(cell);
    let measure = w - 2.0 * PAD_X;
    let mut h = 2.0 * PAD_Y;
    if !cell.checks.is_empty() {
        h += checks::height(doc, &cell.checks, style.leading(1.6), measure);
    }
    if !cell.text.is_empty() {
        let lines = doc.set(&cell.text, style, measure).len();
        h += style.height(lines) + if cell.checks.is_empty() { 0.0 } else { 1.5 };
    }
    h
}

impl At<'_> {
    pub(super) fn grid(&mut self, doc: &mut Document<'_>, grid: &Grid) -> Result<(), PaperError> {
        let unit = WIDTH / f32::from(COLUMNS);
        let placed = grid.placed();
        let mut heights: Vec<f32> = grid
            .rows
            .iter()
            .map(|r| r.mm.max(ROW) * self.loose)
            .collect();
        // Rows that end on one page: `tied[n]` when row n may not be parted from n + 1.
        let mut tied = vec![false; grid.rows.len()];
        for p in &placed {
            let last = (p.row + usize::from(p.cell.rows.max(1))).min(heights.len()) - 1;
            tied[p.row..last].fill(true);
            let h = needed(doc, p.cell, f32::from(p.cell.span) * unit);
            let have: f32 = heights[p.row..=last].iter().sum();
            if h > have {
                heights[last] += h - have;
            }
        }
        // An entry taller than a page is set smaller, never cut.
        let most = BOTTOM - NEXT;
        for h in &mut heights {
            *h = h.min(most);
        }
        let mut tops = vec![0.0; heights.len()];
        let mut row = 0;
        while row < heights.len() {
            let end = (row..heights.len())
                .find(|&n| !tied[n])
                .map_or(heights.len(), |n| n + 1);
            let whole: f32 = heights[row..end].iter().sum();
            self.need(doc, whole)?;
            for n in row..end {
                tops[n] = self.y;
                self.y += heights[n];
            }
            for p in placed.iter().filter(|p| (row..end).contains(&p.row)) {
                let last = (p.row + usize::from(p.cell.rows.max(1))).min(end) - 1;
                let r = Rect::new(
                    SIDE + p.column as f32 * unit,
                    tops[p.row],
                    f32::from(p.cell.span) * unit,
                    tops[last] + heights[last] - tops[p.row],
                );
                draw(doc, p.cell, r);
            }
            row = end;
        }
        self.y += 3.0 * self.loose;
        Ok(())
    }
}

fn draw(doc: &mut Document<'_>, cell: &Cell, r: Rect) {
    if cell.head {
        doc.area(r, Colour::SHADE);
    }
    doc.frame(r, RULE);
    let style = style(cell);
    let inner = r.inset(PAD_X, 0.8);
    if cell.checks.is_empty() {
        doc.fit_wrapped(inner, &cell.text, style, cell.align);
        return;
    }
    let at = style.leading(1.6);
    let h = checks::height(doc, &cell.checks, at, inner.w);
    let lines = if cell.text.is_empty() {
        0.0
    } else {
        1.5 + style.height(doc.set(&cell.text, style, inner.w).len())
    };
    let mut y = inner.y + (inner.h - h - lines) / 2.0;
    if !cell.text.is_empty() {
        y = doc.paragraph(inner.x, y, inner.w, &cell.text, style, Align::Left) + 1.5;
    }
    checks::draw(doc, &cell.checks, at, (inner.x, y), inner.w, 0.0);
}
