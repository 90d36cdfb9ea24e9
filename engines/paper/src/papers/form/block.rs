//! The blocks of a form but for grids.

use super::{At, BOTTOM, Block, NEXT, SIDE, Signature, WIDTH, checks};
use crate::PaperError;
use crate::document::Document;
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::table::{Column, Table};

/// Between a block and the next.
const GAP: f32 = 3.0;
const SIGN_H: f32 = 25.0;
const RULED: f32 = 8.5;
const RULE: Stroke = Stroke::solid(0.2);

impl At<'_> {
    pub(super) fn block(
        &mut self,
        doc: &mut Document<'_>,
        block: &Block,
        next: Option<&Block>,
    ) -> Result<(), PaperError> {
        match block {
            Block::Section(title) => self.section(doc, title, next),
            Block::Grid(grid) => self.grid(doc, grid),
            Block::Rows {
                columns,
                rows,
                blank,
                mm,
            } => self.rows(doc, columns, rows, *blank, *mm),
            Block::Text(paragraphs) => self.text(doc, paragraphs, next),
            Block::Checks { label, checks } => self.checks(doc, label, checks),
            Block::Lines { label, count } => self.lines(doc, label, *count),
            Block::Signatures(all) => self.signatures(doc, all),
            Block::Pictures { files, mm } => self.pictures(doc, files, *mm),
            Block::Gap(mm) => {
                self.y += mm;
                Ok(())
            }
        }
    }

    fn section(
        &mut self,
        doc: &mut Document<'_>,
        title: &str,
        next: Option<&Block>,
    ) -> Result<(), PaperError> {
        let style = Style::new(11.5).bold();
        let after = match next {
            Some(Block::Signatures(_)) => SIGN_H,
            Some(Block::Rows { mm, .. }) => 3.0 * mm.max(7.0),
            Some(_) => 16.0,
            None => 0.0,
        };
        self.need(doc, 8.0 + after)?;
        doc.area(Rect::new(SIDE, self.y + 0.4, 1.2, 4.4), Colour::BLACK);
        let r = Rect::new(SIDE + 2.8, self.y + 0.2, WIDTH - 3.0, 4.8);
        doc.fit(r, title, style, Align::Left, 8.0);
        self.y += 6.6;
        Ok(())
    }

    fn rows(
        &mut self,
        doc: &mut Document<'_>,
        columns: &[Column],
        rows: &[Vec<String>],
        blank: usize,
        mm: f32,
    ) -> Result<(), PaperError> {
        if columns.is_empty() {
            return Ok(());
        }
        let whole: f32 = columns.iter().map(|c| c.mm).sum();
        let columns: Vec<Column> = columns
            .iter()
            .map(|c| Column {
                mm: c.mm / whole * WIDTH,
                ..c.clone()
            })
            .collect();
        self.need(doc, 2.0 * mm.max(7.0) + 1.0)?;
        let mut table = Table::new(columns, SIDE, self.y, NEXT, BOTTOM);
        table.row = (mm * self.loose).max(6.0);
        table.head(doc);
        let none: [String; 0] = [];
        let mut number = doc.page_number();
        for row in rows
            .iter()
            .map(Vec::as_slice)
            .chain(std::iter::repeat_n(none.as_slice(), blank))
        {
            table.row(doc, row)?;
            if doc.page_number() != number {
                number = doc.page_number();
                self.form.next_head(doc);
            }
        }
        self.y = table.end(doc) + GAP * self.loose;
        Ok(())
    }

    fn text(
        &mut self,
        doc: &mut Document<'_>,
        paragraphs: &[String],
        next: Option<&Block>,
    ) -> Result<(), PaperError> {
        let style = Style::new(9.5).leading(1.5);
        let step = style.em() * style.leading;
        for (n, paragraph) in paragraphs.iter().enumerate() {
            let set = doc.set(paragraph, style, WIDTH);
            // Never one line alone at the foot of a page, nor what is signed on another page
            // than the signature.
            let signed = n + 1 == paragraphs.len() && matches!(next, Some(Block::Signatures(_)));
            let need = if signed && set.len() < 8 {
                step * set.len() as f32 + GAP + SIGN_H
            } else {
                step * set.len().min(2) as f32
            };
            self.need(doc, need)?;
            for line in set {
                self.need(doc, step)?;
                doc.draw_lines(&[line], SIDE, self.y, WIDTH, style, Align::Justify);
                self.y += step;
            }
            self.y += 0.8;
        }
        self.y += GAP * self.loose - 0.8;
        Ok(())
    }

    fn lines(
        &mut self,
        doc: &mut Document<'_>,
        label: &str,
        count: usize,
    ) -> Result<(), PaperError> {
        let style = Style::new(10.0);
        let width = doc.width(label, style).min(WIDTH / 2.0);
        for n in 0..count {
            self.need(doc, RULED)?;
            let mut x = SIDE;
            if n == 0 && !label.is_empty() {
                let r = Rect::new(SIDE, self.y + RULED - 5.2, width, 4.4);
                doc.fit(r, label, style, Align::Left, 7.0);
                x += width + 1.5;
            }
            let y = self.y + RULED - 0.6;
            doc.line((x, y), (SIDE + WIDTH, y), RULE);
            self.y += RULED;
        }
        self.y += GAP * self.loose;
        Ok(())
    }

    fn signatures(&mut self, doc: &mut Document<'_>, all: &[Signature]) -> Result<(), PaperError> {
        // Four in two rows of two, else up to three beside each other.
        let across = match all.len() {
            0 => return Ok(()),
            1 | 3 => all.len(),
            n if n % 2 == 0 => 2,
            _ => 3,
        };
        let w = WIDTH / across as f32;
        let style = Style::new(9.0).leading(1.4);
        let inner = w - 5.0;
        for row in all.chunks(across) {
            let mut notes = 0.0_f32;
            for s in row {
                let mut h = 0.0;
                if !s.note.is_empty() {
                    h += style.height(doc.set(&s.note, style, inner).len()) + 1.5;
                }
                if !s.checks.is_empty() {
                    h += checks::height(doc, &s.checks, style, inner) + 1.5;
                }
                notes = notes.max(h);
            }
            let h = SIGN_H * self.loose + notes;
            self.need(doc, h)?;
            for (n, s) in row.iter().enumerate() {
                let r = Rect::new(SIDE + n as f32 * w, self.y, w, h);
                doc.frame(r, RULE);
                let x = r.x + 2.5;
                let role = Rect::new(x, r.y + 1.8, inner, 4.4);
                doc.fit(role, &s.role, Style::new(10.0).bold(), Align::Left, 7.0);
                let mut y = role.bottom() + 1.6;
                if !s.note.is_empty() {
                    y = doc.paragraph(x, y, inner, &s.note, style, Align::Left) + 1.5;
                }
                checks::draw(doc, &s.checks, style, (x, y), inner, 0.0);
                sign_here(doc, r, s);
            }
            self.y += h;
        }
        self.y += GAP * self.loose;
        Ok(())
    }
}

fn sign_here(doc: &mut Document<'_>, r: Rect, signature: &Signature) {
    let style = Style::new(9.0);
    let or = |text: &String, usual: &str| {
        if text.is_empty() {
            usual.to_owned()
        } else {
            text.clone()
        }
    };
    let sign = or(&signature.sign, "簽名／蓋章：");
    let y = r.bottom() - 9.6;
    let width = doc.width(&sign, style);
    doc.text(r.x + 2.5, y, &sign, style);
    doc.line(
        (r.x + 2.5 + width, y + 0.8),
        (r.right() - 3.0, y + 0.8),
        RULE,
    );
    let date = or(&signature.date, "日期：　　　　年　　　月　　　日");
    let place = Rect::new(r.x + 2.5, r.bottom() - 6.0, r.w - 5.5, 3.6);
    doc.fit(place, &date, style, Align::Left, 6.0);
}
