//! The label itself: compound, building, unit, room, tenure, code. Black on white, the room
//! as large as it can be; narrow labels set building and room from top to bottom.

use super::{Spine, SpineLabel};
use crate::document::Document;
use crate::style::{Align, Rect, Style};

/// The colour bar's height.
const BAR: f32 = 3.2;
/// The least width of the QR code.
pub(crate) const QR_MIN: f32 = 15.0;
const ROOM_PT: (f32, f32) = (26.0, 48.0);
const CODE_PT: f32 = 7.0;
/// What sharp eyes read at arm's length.
const PT_LEAST: f32 = 4.0;
/// Smaller than this it goes into two lines.
const CODE_PT_ONE: f32 = 5.5;
/// Draws a label into its place.
pub fn draw(doc: &mut Document<'_>, spine: Spine, label: &SpineLabel, r: Rect) {
    let (colour, hatch) = label.mark.look();
    doc.hatch(Rect::new(r.x, r.y + 0.2, r.w, BAR), hatch, colour);
    let inner = Rect::new(r.x + 1.0, r.y + BAR + 1.2, r.w - 2.0, r.h - BAR - 1.8);
    // All labels of a sheet look alike: on the narrowest many codes need two lines.
    let long = spine == Spine::Mm20 || doc.width(&label.code, Style::new(CODE_PT_ONE)) > inner.w;
    let code_h = if long { 5.4 } else { 3.2 };
    let side = QR_MIN.max((r.w - 12.0).min(20.0));
    let code = Rect::new(inner.x, inner.bottom() - code_h, inner.w, code_h);
    let qr = Rect::new(r.x + (r.w - side) / 2.0, code.y - 0.8 - side, side, side);
    doc.largest(
        code,
        &label.code,
        Style::new(CODE_PT).leading(1.1),
        CODE_PT_ONE,
    );
    doc.modules(qr, &label.qr);
    let tenure = Rect::new(inner.x, qr.y - 1.6 - 3.8, inner.w, 3.8);
    doc.fit(
        tenure,
        &label.tenure,
        Style::new(10.0).bold(),
        Align::Center,
        6.0,
    );
    let name = Rect::new(inner.x, inner.y, inner.w, 4.0);
    doc.fit(name, &label.compound, Style::new(10.0), Align::Center, 5.0);
    let top = name.bottom() + 1.4;
    let place = Rect::new(inner.x, top, inner.w, tenure.y - 1.2 - top);
    if spine.narrow() {
        columns(doc, label, place);
    } else {
        rows(doc, label, place);
    }
}

/// Building above unit above room.
fn rows(doc: &mut Document<'_>, label: &SpineLabel, r: Rect) {
    let unit_h = if label.unit.is_empty() { 0.0 } else { 8.8 };
    let building = Rect::new(r.x, r.y, r.w, 10.4);
    doc.fit(
        building,
        &label.building,
        Style::new(26.0).bold(),
        Align::Center,
        13.0,
    );
    let unit = Rect::new(r.x, building.bottom() + 1.0, r.w, unit_h);
    doc.fit(unit, &label.unit, Style::new(22.0), Align::Center, 11.0);
    let y = unit.bottom() + 0.6;
    let room = Rect::new(r.x, y, r.w, r.bottom() - y);
    let style = Style::new(ROOM_PT.1).bold().leading(1.05);
    doc.largest(room, &label.room, style, ROOM_PT.0);
}

/// Two columns from right to left: building and unit, then the room.
fn columns(doc: &mut Document<'_>, label: &SpineLabel, r: Rect) {
    let gap = 0.6;
    let side = (r.w - gap) * 0.45;
    let room = Rect::new(r.x, r.y, r.w - gap - side, r.h);
    let right = Rect::new(room.right() + gap, r.y, side, r.h);
    let short =
        label.room.chars().count() <= 4 && label.room.chars().all(|c| c.is_ascii_alphanumeric());
    doc.vertical(room, &label.room, Style::new(ROOM_PT.1).bold(), short);
    let whole = format!("{}{}", label.building, label.unit);
    doc.vertical(right, &whole, Style::new(ROOM_PT.0).bold(), false);
}

impl Document<'_> {
    /// A code in one line where it can be as large as `one_pt`, else in one or in two, parted
    /// after a hyphen or where letters change to ideographs, whichever comes out larger.
    /// Nothing is cut off.
    fn largest(&mut self, r: Rect, text: &str, style: Style, one_pt: f32) {
        let of = |width: f32| r.w / width.max(0.1);
        let one = of(self.width(text, style));
        let mut best = (one, vec![text.to_owned()]);
        let signs: Vec<char> = text.chars().collect();
        let latin = |c: char| (c as u32) < 0x1100;
        for at in 1..signs.len() {
            let (a, b) = (signs[at - 1], signs[at]);
            let here = a == '-' || (latin(a) != latin(b) && b != '-');
            if one * style.pt >= one_pt || !here {
                continue;
            }
            let (first, second): (String, String) =
                (signs[..at].iter().collect(), signs[at..].iter().collect());
            let wide = self.width(&first, style).max(self.width(&second, style));
            if of(wide) > best.0 {
                best = (of(wide), vec![first, second]);
            }
        }
        let (wide, lines) = best;
        let high = r.h / style.height(lines.len());
        let at = style.at((style.pt * wide.min(high).min(1.0) * 20.0).floor() / 20.0);
        if at.pt < PT_LEAST {
            // No hyphen helps: as many lines as it takes.
            self.fit_wrapped(r, text, style, Align::Center);
            return;
        }
        let top = r.y + (r.h - at.height(lines.len())) / 2.0;
        for (n, line) in lines.iter().enumerate() {
            let y = top + n as f32 * at.em() * at.leading;
            let place = Rect::new(r.x, y, r.w, at.em());
            self.fit(place, line, at, Align::Center, 1.0);
        }
    }
}
