//! The sheet: where labels lie, the leaders, the ruler that shows whether it was printed at
//! 100 %.

use super::{LEADER, LabelSheets, Spine};
use crate::PaperError;
use crate::document::{A4, Document};
use crate::style::{Align, Colour, Rect, Stroke, Style};

/// Between labels, for the knife.
const GUTTER: f32 = 4.0;
/// Printers reach no nearer to the sides.
const EDGE: f32 = 5.0;
const TOP: f32 = 4.3;
/// Where the ruler stands, and how long it is.
const RULER_Y: f32 = 292.2;
const RULER: f32 = 100.0;
const CUT: Stroke = Stroke::solid(0.15).in_colour(Colour(120, 120, 120));

/// The places of a sheet, leader and label together, row by row.
pub fn places(spine: Spine) -> Vec<Rect> {
    let (w, label) = spine.label();
    let h = LEADER + label;
    let columns = ((A4.0 - 2.0 * EDGE + GUTTER) / (w + GUTTER)).floor() as usize;
    let rows = ((RULER_Y - 2.5 - TOP + GUTTER) / (h + GUTTER)).floor() as usize;
    let left = (A4.0 - columns as f32 * (w + GUTTER) + GUTTER) / 2.0;
    (0..rows * columns)
        .map(|n| {
            let (row, column) = (n / columns, n % columns);
            Rect::new(
                left + column as f32 * (w + GUTTER),
                TOP + row as f32 * (h + GUTTER),
                w,
                h,
            )
        })
        .collect()
}

/// The label's own part of a place.
pub fn below(place: Rect) -> Rect {
    Rect::new(place.x, place.y + LEADER, place.w, place.h - LEADER)
}

/// Begins a sheet with its ruler and what it says of itself.
pub fn begin(
    doc: &mut Document<'_>,
    of: &LabelSheets,
    nth: usize,
    sheets: usize,
) -> Result<(), PaperError> {
    doc.page(A4)?;
    let x = 7.0;
    let ruler = Stroke::solid(0.2);
    doc.line((x, RULER_Y), (x + RULER, RULER_Y), ruler);
    for mm in 0..=10 {
        let at = x + mm as f32 * RULER / 10.0;
        let tall = if mm % 5 == 0 { 2.2 } else { 1.3 };
        doc.line((at, RULER_Y), (at, RULER_Y - tall), ruler);
    }
    let style = Style::new(6.5);
    let right = Rect::new(
        x + RULER + 3.0,
        RULER_Y - 2.6,
        A4.0 - EDGE - x - RULER - 3.0,
        2.8,
    );
    let text = format!(
        "請按 100% 列印，左尺應為 100 mm · print at 100 %; ruler = 100 mm · 第 {} 份 copy {} · {}/{sheets} {}",
        of.copy,
        of.copy,
        nth + 1,
        of.note,
    );
    doc.fit(right, text.trim_end(), style, Align::Left, 4.0);
    Ok(())
}

/// The leader: what to do with it, dashed where it is torn off.
pub fn leader(doc: &mut Document<'_>, place: Rect) {
    doc.frame(place, CUT);
    let tear = place.y + LEADER;
    let inner = Rect::new(place.x, place.y, place.w, LEADER).inset(1.0, 1.5);
    // An arrow to the edge that is laid to the top of the box.
    let mid = place.x + place.w / 2.0;
    doc.polygon(
        &[
            (mid, place.y + 1.2),
            (mid - 2.2, place.y + 5.0),
            (mid + 2.2, place.y + 5.0),
        ],
        Colour::BLACK,
    );
    doc.area(Rect::new(mid - 0.5, place.y + 4.5, 1.0, 4.0), Colour::BLACK);
    let zh = Style::new(9.0).leading(1.3);
    let en = Style::new(7.0).leading(1.2);
    let zh_lines = doc.set("對齊盒頂，貼好後撕去", zh, inner.w);
    let en_lines = doc.set("Align with top of box. Tear off once stuck.", en, inner.w);
    let y = place.y + 12.0;
    let y = doc.draw_lines(&zh_lines, inner.x, y, inner.w, zh, Align::Center) + 2.5;
    doc.draw_lines(&en_lines, inner.x, y, inner.w, en, Align::Center);
    doc.line((place.x, tear), (place.right(), tear), Stroke::dashed(0.3));
    scissors(doc, place.x + 2.2, tear - 2.1);
}

/// A pair of scissors of 4 mm that cut to the right along `cut`.
fn scissors(doc: &mut Document<'_>, x: f32, cut: f32) {
    let ink = Stroke::solid(0.3);
    for side in [-1.0, 1.0] {
        let ring = (x - 0.6, cut + side * 0.95);
        doc.disc(ring, 0.75, Colour::BLACK);
        doc.disc(ring, 0.42, Colour::WHITE);
        doc.line(
            (ring.0 + 0.55, ring.1 - side * 0.35),
            (x + 3.2, cut - side * 0.85),
            ink,
        );
    }
}
