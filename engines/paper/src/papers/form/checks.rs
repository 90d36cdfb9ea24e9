//! Choices with boxes to tick, set like words of a paragraph.

use super::{At, Check, SIDE, WIDTH};
use crate::PaperError;
use crate::document::Document;
use crate::style::{ABOVE, Style};

const BOX: f32 = 3.2;
/// From the box to its words, and to the next box.
const NEAR: f32 = 1.0;
const APART: f32 = 4.0;

/// Where each choice stands: column and line, from the measure's left edge.
fn places(
    doc: &mut Document<'_>,
    checks: &[Check],
    style: Style,
    measure: f32,
    first: f32,
) -> (Vec<(f32, usize)>, usize) {
    let (mut x, mut line) = (first, 0);
    let mut out = Vec::new();
    for check in checks {
        let width = BOX + NEAR + doc.width(&check.text, style);
        if x > 0.0 && x + width > measure + 0.01 {
            x = 0.0;
            line += 1;
        }
        out.push((x, line));
        x += width + APART;
        // A choice wider than the measure wraps below itself.
        if width > measure {
            let set = doc.set(&check.text, style, measure - BOX - NEAR);
            line += set.len() - 1;
            x = measure;
        }
    }
    (out, line + 1)
}

/// The height that choices take.
pub fn height(doc: &mut Document<'_>, checks: &[Check], style: Style, measure: f32) -> f32 {
    style.height(places(doc, checks, style, measure, 0.0).1)
}

/// Draws choices from a point on; gives their lower edge.
pub fn draw(
    doc: &mut Document<'_>,
    checks: &[Check],
    style: Style,
    at: (f32, f32),
    measure: f32,
    first: f32,
) -> f32 {
    let (places, lines) = places(doc, checks, style, measure, first);
    for (check, (x, line)) in checks.iter().zip(places) {
        let top = at.1 + line as f32 * style.em() * style.leading;
        let baseline = top + style.em() * ABOVE;
        let x = at.0 + x;
        // The box is centred on the ideographs beside it.
        let y = baseline - style.em() * (ABOVE - 0.5) - BOX / 2.0;
        doc.checkbox((x, y), BOX, check.ticked);
        let set = doc.set(&check.text, style, (measure - BOX - NEAR).max(1.0));
        doc.draw_lines(
            &set,
            x + BOX + NEAR,
            top,
            measure,
            style,
            crate::style::Align::Left,
        );
    }
    at.1 + style.height(lines)
}

impl At<'_> {
    pub(super) fn checks(
        &mut self,
        doc: &mut Document<'_>,
        label: &str,
        checks: &[Check],
    ) -> Result<(), PaperError> {
        let style = Style::new(10.0).leading(1.7);
        let first = if label.is_empty() {
            0.0
        } else {
            doc.width(label, style) + 3.0
        };
        let lines = places(doc, checks, style, WIDTH, first).1;
        self.need(doc, style.height(lines) + 2.0)?;
        doc.text(SIDE, self.y + style.em() * ABOVE, label, style);
        self.y = draw(doc, checks, style, (SIDE, self.y), WIDTH, first) + 3.0;
        Ok(())
    }
}
