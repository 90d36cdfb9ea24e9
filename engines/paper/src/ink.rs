//! Ink: which face writes a sign, how wide it is, and which glyphs a paper has used.

use std::collections::{BTreeSet, HashMap};

use pdf_writer::Ref;
use subsetter::GlyphRemapper;
use ttf_parser::Face;

use crate::PaperError;
use crate::fonts::{Fonts, Lang, Slot, order};
use crate::pdf::{self, PdfFile};

/// What stands for a sign that no font has (U+3013, the printers' geta).
const GETA: char = '〓';
/// Faces that are asked for one rare sign before it counts as missing.
const FACES_ASKED_MAX: usize = 400;

/// One glyph to draw.
#[derive(Clone, Copy, Debug)]
pub struct Glyph {
    /// Which of the paper's faces.
    pub face: usize,
    /// Its number in the cut font.
    pub cid: u16,
    /// In em.
    pub advance: f32,
}

struct Opened<'f> {
    face: Face<'f>,
    bytes: &'f [u8],
    index: u32,
    glyphs: GlyphRemapper,
    letters: Vec<(char, f32)>,
    id: Ref,
}

/// The ink of one paper.
pub struct Ink<'f> {
    fonts: &'f Fonts,
    lang: Lang,
    orders: HashMap<Slot, Vec<usize>>,
    opened: Vec<Opened<'f>>,
    /// Entry of the fonts to its place in `opened`.
    by_entry: HashMap<usize, usize>,
    known: HashMap<(Slot, char), Option<Glyph>>,
    missing: BTreeSet<char>,
}

impl<'f> Ink<'f> {
    /// # Errors
    /// [`PaperError::NoFont`] when no font can write Chinese.
    pub fn new(fonts: &'f Fonts, lang: Lang) -> Result<Ink<'f>, PaperError> {
        if !fonts.write_chinese() {
            return Err(PaperError::NoFont);
        }
        Ok(Ink {
            fonts,
            lang,
            orders: HashMap::new(),
            opened: Vec::new(),
            by_entry: HashMap::new(),
            known: HashMap::new(),
            missing: BTreeSet::new(),
        })
    }

    pub fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// The glyph of a sign; `None` for signs that are not seen. A sign that no font has is
    /// remembered and drawn as 〓.
    pub fn glyph(&mut self, file: &mut PdfFile<'_>, c: char, slot: Slot) -> Option<Glyph> {
        if let Some(known) = self.known.get(&(slot, c)) {
            return *known;
        }
        let glyph = if unseen(c) {
            None
        } else {
            self.find(file, c, slot).or_else(|| {
                self.missing.insert(c);
                self.find(file, GETA, slot)
                    .or_else(|| self.find(file, '?', slot))
            })
        };
        self.known.insert((slot, c), glyph);
        glyph
    }

    /// The signs that no font had, in their order.
    pub fn missing(&self) -> Vec<char> {
        self.missing.iter().copied().collect()
    }

    /// Names and numbers of the fonts used, for the page's resources.
    pub fn used(&self) -> impl Iterator<Item = (String, Ref)> {
        self.opened
            .iter()
            .enumerate()
            .map(|(i, o)| (format!("F{i}"), o.id))
    }

    /// Writes every face that was used, cut to its letters.
    pub fn end(&self, file: &mut PdfFile<'_>) -> Result<(), PaperError> {
        for (nth, o) in self.opened.iter().enumerate() {
            let used = pdf::Used {
                face: &o.face,
                bytes: o.bytes,
                index: o.index,
                glyphs: &o.glyphs,
                letters: &o.letters,
                nth,
            };
            pdf::embed(file, o.id, &used)?;
        }
        Ok(())
    }

    fn find(&mut self, file: &mut PdfFile<'_>, c: char, slot: Slot) -> Option<Glyph> {
        let (fonts, lang) = (self.fonts, self.lang);
        let order = self
            .orders
            .entry(slot)
            .or_insert_with(|| order(&fonts.entries, lang, slot))
            .clone();
        for entry in order.into_iter().take(FACES_ASKED_MAX) {
            // Only a face that has the sign is opened, and with that embedded.
            let Some(bytes) = fonts.bytes(&fonts.entries[entry]) else {
                continue;
            };
            let at = match self.by_entry.get(&entry) {
                Some(at) => *at,
                None => {
                    let index = fonts.entries[entry].index;
                    let face = Face::parse(bytes, index)
                        .ok()
                        .filter(|f| f.glyph_index(c).is_some_and(|g| g.0 != 0));
                    let Some(face) = face else { continue };
                    self.opened.push(Opened {
                        face,
                        bytes,
                        index,
                        glyphs: GlyphRemapper::new(),
                        letters: Vec::new(),
                        id: file.promise(),
                    });
                    self.by_entry.insert(entry, self.opened.len() - 1);
                    self.opened.len() - 1
                }
            };
            let o = &mut self.opened[at];
            let Some(old) = o.face.glyph_index(c).filter(|g| g.0 != 0) else {
                continue;
            };
            let advance = f32::from(o.face.glyph_hor_advance(old).unwrap_or(0))
                / f32::from(o.face.units_per_em());
            let cid = o.glyphs.remap(old.0);
            if usize::from(cid) > o.letters.len() {
                o.letters.push((c, advance));
            }
            return Some(Glyph {
                face: at,
                cid,
                advance,
            });
        }
        None
    }
}

/// Signs that have no ink: controls, joiners, variation selectors, marks of direction.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}' | '\u{00ad}')
}
