//! Text on the open page.

use pdf_writer::{Name, Str};

use crate::document::Document;
use crate::draw::pt;
use crate::fonts::Slot;
use crate::ink::Glyph;
use crate::style::{ABOVE, Align, MM_PER_PT, Rect, Style};
use crate::text::{Line, Piece, lines, pieces, pitch, stretches};

/// How far a justified line may be widened at one place, in em; more looks torn, and
/// readers of the file would take the gap for a space.
const WIDEN_MAX: f32 = 0.09;

/// Below this nobody reads, and no text is made smaller.
const PT_MIN: f32 = 2.0;

/// A line of a paragraph, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Set {
    signs: Vec<(char, Glyph)>,
    pub width: f32,
    last: bool,
}

impl Document<'_> {
    fn signs(&mut self, text: &str, slot: Slot) -> Vec<(char, Glyph)> {
        text.chars()
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter_map(|c| Some((c, self.ink.glyph(&mut self.file, c, slot)?)))
            .collect()
    }

    /// How wide a line is.
    pub fn width(&mut self, text: &str, style: Style) -> f32 {
        let em: f32 = self
            .signs(text, style.slot)
            .iter()
            .map(|s| s.1.advance)
            .sum();
        em * style.em()
    }

    /// Breaks text into lines of one measure; a line feed ends a paragraph.
    pub fn set(&mut self, text: &str, style: Style, measure: f32) -> Vec<Set> {
        let mut out = Vec::new();
        for paragraph in text.split('\n') {
            let signs = self.signs(paragraph.trim_end(), style.slot);
            let widths: Vec<(char, f32)> = signs
                .iter()
                .map(|s| (s.0, s.1.advance * style.em()))
                .collect();
            out.extend(lines(&widths, measure).into_iter().map(
                |Line {
                     start,
                     end,
                     width,
                     last,
                 }| Set {
                    signs: signs[start..end].to_vec(),
                    width,
                    last,
                },
            ));
        }
        out
    }

    /// One line with its left end and baseline at a point.
    pub fn text(&mut self, x: f32, baseline: f32, text: &str, style: Style) {
        let signs = self.signs(text, style.slot);
        self.show(x, baseline, &signs, style, 0.0, false);
    }

    /// Lines below each other from `y` on; gives the lower edge of the last.
    pub fn draw_lines(
        &mut self,
        set: &[Set],
        x: f32,
        y: f32,
        measure: f32,
        style: Style,
        align: Align,
    ) -> f32 {
        for (n, line) in set.iter().enumerate() {
            let slack = measure - line.width;
            let (shift, widen) = match align {
                Align::Left => (0.0, 0.0),
                Align::Center => (slack / 2.0, 0.0),
                Align::Right => (slack, 0.0),
                Align::Justify => (0.0, widening(line, slack, style)),
            };
            let baseline = y + style.em() * (ABOVE + n as f32 * style.leading);
            self.show(x + shift, baseline, &line.signs, style, widen, false);
        }
        y + style.height(set.len())
    }

    /// A paragraph from `y` on; gives its lower edge.
    pub fn paragraph(
        &mut self,
        x: f32,
        y: f32,
        measure: f32,
        text: &str,
        style: Style,
        align: Align,
    ) -> f32 {
        let set = self.set(text, style, measure);
        self.draw_lines(&set, x, y, measure, style, align)
    }

    /// Text inside a rectangle, centred by height: as large as `style` says where it fits in
    /// one line, else smaller down to `pt_min`, else wrapped and as large as then fits.
    /// Nothing is cut off. Gives the size used.
    pub fn fit(&mut self, r: Rect, text: &str, style: Style, align: Align, pt_min: f32) -> f32 {
        if text.trim().is_empty() {
            return style.pt;
        }
        let tallest = style.pt.min(r.h / MM_PER_PT);
        let one = self.width(text, style) / style.pt;
        let pt = (tallest.min(r.w / one.max(1e-3)) * 20.0).floor() / 20.0;
        if pt < pt_min || text.contains('\n') {
            return self.fit_wrapped(r, text, style.at(tallest), align);
        }
        let at = style.at(pt);
        let set = self.set(text, at, f32::INFINITY);
        let y = r.y + (r.h - at.em()) / 2.0;
        self.draw_lines(&set, r.x, y, r.w, at, align);
        pt
    }

    /// Text wrapped inside a rectangle, centred by height, as large as fits up to `style`.
    /// Gives the size used.
    pub fn fit_wrapped(&mut self, r: Rect, text: &str, style: Style, align: Align) -> f32 {
        let mut at = style;
        let mut set = self.set(text, at, r.w);
        loop {
            let wide = set.iter().map(|l| l.width).fold(0.0, f32::max);
            let fits = at.height(set.len()) <= r.h + 0.01 && wide <= r.w + 0.01;
            if fits || at.pt <= PT_MIN {
                break;
            }
            at.pt = (at.pt - 0.25).max(PT_MIN);
            set = self.set(text, at, r.w);
        }
        let y = r.y + (r.h - at.height(set.len())) / 2.0;
        self.draw_lines(&set, r.x, y, r.w, at, align);
        at.pt
    }

    /// Text inside a rectangle from top to bottom, as large as fits up to `style`; centred.
    /// Gives the size used.
    pub fn vertical(&mut self, r: Rect, text: &str, style: Style, stack: bool) -> f32 {
        let parts = pieces(text, stack);
        if parts.is_empty() {
            return style.pt;
        }
        let mut along = 0.0;
        let mut across = 1.0_f32;
        for part in &parts {
            along += match part {
                Piece::Upright(c) => pitch(*c),
                Piece::Square(_) => 0.95,
                Piece::Turned(t) => self.width(t, style) / style.em() + 0.1,
            };
            if let Piece::Square(t) = part {
                across = across.max(self.width(t, style) / style.em());
            }
        }
        // Digits need no square, only their own width.
        let digits: Vec<char> = parts
            .iter()
            .filter_map(|p| match p {
                Piece::Upright(c) if (*c as u32) < 0x1100 => Some(*c),
                _ => None,
            })
            .collect();
        if digits.len() == parts.len() {
            let widest = digits.iter().map(|c| self.width(&c.to_string(), style));
            across = widest.fold(0.0, f32::max) / style.em() + 0.06;
        } else if let [Piece::Turned(t)] = parts.as_slice() {
            // Capitals and digits have nothing below the baseline; other letters have.
            let capitals = t
                .chars()
                .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-');
            across = if capitals { 0.8 } else { 1.16 };
        }
        let em = style.em().min(r.h / along).min(r.w / across);
        let at = style.at(em / MM_PER_PT);
        let top = r.y + (r.h - along * em) / 2.0;
        // Signs below each other are lines to a reader of the file, but one word to people.
        self.instead(text, |doc| doc.upright(parts, r.x + r.w / 2.0, top, at));
        at.pt
    }

    fn upright(&mut self, parts: Vec<Piece>, mid: f32, top: f32, at: Style) {
        let em = at.em();
        let mut y = top;
        for part in parts {
            match part {
                Piece::Upright(c) => {
                    let t = c.to_string();
                    let x = mid - self.width(&t, at) / 2.0;
                    let step = pitch(c) * em;
                    // The middle of the em stands in the middle of the step.
                    self.text(x, y + step / 2.0 + em * middle(c), &t, at);
                    y += step;
                }
                Piece::Square(t) => {
                    let x = mid - self.width(&t, at) / 2.0;
                    self.text(x, y + em * (0.475 + middle('0')), &t, at);
                    y += 0.95 * em;
                }
                Piece::Turned(t) => {
                    let signs = self.signs(&t, at.slot);
                    let long: f32 = signs.iter().map(|s| s.1.advance).sum::<f32>() * em;
                    let first = t.chars().next().unwrap_or('0');
                    self.show(
                        mid - em * middle(first),
                        y + 0.05 * em,
                        &signs,
                        at,
                        0.0,
                        true,
                    );
                    y += long + 0.1 * em;
                }
            }
        }
    }

    /// Draws something for which readers find and copy another text.
    pub fn instead(&mut self, text: &str, draw: impl FnOnce(&mut Self)) {
        let (pen, _) = self.pen();
        pen.content
            .begin_marked_content_with_properties(Name(b"Span"))
            .properties()
            .actual_text(pdf_writer::TextStr(text));
        draw(self);
        let (pen, _) = self.pen();
        pen.content.end_marked_content();
    }

    fn show(
        &mut self,
        x: f32,
        baseline: f32,
        signs: &[(char, Glyph)],
        style: Style,
        widen: f32,
        turned: bool,
    ) {
        if signs.is_empty() {
            return;
        }
        let (pen, h) = self.pen();
        pen.fill(style.colour);
        let c = &mut pen.content;
        c.begin_text();
        let (x, y) = (pt(x), pt(h - baseline));
        if turned {
            c.set_text_matrix([0.0, -1.0, 1.0, 0.0, x, y]);
        } else {
            c.next_line(x, y);
        }
        let size = (style.pt * 100.0).round() / 100.0;
        let mut at = 0;
        while at < signs.len() {
            let face = signs[at].1.face;
            let end = signs[at..]
                .iter()
                .position(|s| s.1.face != face)
                .map_or(signs.len(), |n| at + n);
            c.set_font(Name(format!("F{face}").as_bytes()), size);
            let mut bytes = Vec::with_capacity((end - at) * 2);
            if widen == 0.0 {
                bytes.extend(signs[at..end].iter().flat_map(|s| s.1.cid.to_be_bytes()));
                c.show(Str(&bytes));
            } else {
                let mut positioned = c.show_positioned();
                let mut items = positioned.items();
                for i in at..end {
                    bytes.extend(signs[i].1.cid.to_be_bytes());
                    let gap = signs
                        .get(i + 1)
                        .is_some_and(|next| stretches(signs[i].0, next.0));
                    if gap {
                        items.show(Str(&bytes));
                        items.adjust(-(widen * 1_000.0).round());
                        bytes.clear();
                    }
                }
                if !bytes.is_empty() {
                    items.show(Str(&bytes));
                }
            }
            at = end;
        }
        c.end_text();
    }
}

/// How far the baseline lies below the middle of a sign, in em.
fn middle(c: char) -> f32 {
    if (c as u32) < 0x1100 {
        0.366
    } else {
        ABOVE - 0.5
    }
}

/// What each place of a line gets of its slack, in em; nothing where it would look torn.
fn widening(line: &Set, slack: f32, style: Style) -> f32 {
    let places = line
        .signs
        .windows(2)
        .filter(|pair| stretches(pair[0].0, pair[1].0))
        .count();
    if line.last || places == 0 || slack <= 0.0 {
        return 0.0;
    }
    let each = slack / places as f32 / style.em();
    if each > WIDEN_MAX { 0.0 } else { each }
}
