//! Reads pages back: text with its place, areas, edges, lines, in millimetres from the upper
//! left corner.

use std::collections::HashMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

use crate::style::{ABOVE, MM_PER_PT, Rect};

pub struct Run {
    pub text: String,
    pub pt: f32,
    /// The em boxes of its signs.
    pub ink: Rect,
    pub turned: bool,
    pub colour: [f32; 3],
}

pub struct Page {
    pub size: (f32, f32),
    pub runs: Vec<Run>,
    /// Filled paths: the bounds of their parts.
    pub areas: Vec<Vec<Rect>>,
    pub frames: Vec<Rect>,
    /// Lines: from, to, whether dashed.
    pub lines: Vec<((f32, f32), (f32, f32), bool)>,
    /// What stands in for drawn text.
    pub instead: Vec<String>,
}

impl Run {
    /// Where the signs have ink: capitals and digits of Latin fonts reach from the baseline
    /// to three quarters of the em, all others are taken to fill their em.
    pub fn tight(&self) -> Rect {
        let em = self.pt * MM_PER_PT;
        let capital = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-';
        if !self.text.chars().all(capital) {
            return self.ink;
        }
        let (above, below) = (ABOVE - 0.75, 1.0 - ABOVE - 0.02);
        if self.turned {
            Rect::new(self.ink.x + below * em, self.ink.y, 0.77 * em, self.ink.h)
        } else {
            Rect::new(self.ink.x, self.ink.y + above * em, self.ink.w, 0.77 * em)
        }
    }
}

impl Page {
    /// All text, runs joined as they were drawn.
    pub fn text(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }

    pub fn run(&self, text: &str) -> &Run {
        self.runs
            .iter()
            .find(|r| r.text == text)
            .unwrap_or_else(|| panic!("{text:?} stands on the page: {}", self.text()))
    }
}

#[derive(Default)]
struct Letters {
    meaning: HashMap<u16, String>,
    widths: HashMap<u16, f32>,
}

pub fn bounds(parts: &[Rect]) -> Rect {
    let edge = |of: fn(&Rect) -> f32, pick: fn(f32, f32) -> f32| {
        parts.iter().map(of).reduce(pick).unwrap_or(0.0)
    };
    let (x, y) = (edge(|r| r.x, f32::min), edge(|r| r.y, f32::min));
    let (right, bottom) = (edge(|r| r.x + r.w, f32::max), edge(|r| r.y + r.h, f32::max));
    Rect::new(x, y, right - x, bottom - y)
}

pub fn pages(pdf: &[u8]) -> Vec<Page> {
    let doc = Document::load_mem(pdf).expect("another reader opens it");
    doc.get_pages()
        .into_values()
        .map(|id| {
            let dict = doc.get_dictionary(id).expect("a page");
            let media = dict
                .get(b"MediaBox")
                .and_then(Object::as_array)
                .expect("a size");
            let size = (number(&media[2]) * MM_PER_PT, number(&media[3]) * MM_PER_PT);
            let resources = follow(&doc, dict.get(b"Resources").expect("resources"));
            let resources = resources.as_dict().expect("a dictionary");
            let mut reader = Reader {
                doc: &doc,
                resources,
                fonts: fonts(&doc, resources),
                height: size.1,
                page: Page {
                    size,
                    runs: Vec::new(),
                    areas: Vec::new(),
                    frames: Vec::new(),
                    lines: Vec::new(),
                    instead: Vec::new(),
                },
            };
            let content = doc.get_page_content(id);
            reader.read(&content, (0.0, 0.0));
            reader.page
        })
        .collect()
}

fn follow<'d>(doc: &'d Document, object: &'d Object) -> &'d Object {
    doc.dereference(object).expect("it is there").1
}

fn number(object: &Object) -> f32 {
    object.as_float().expect("a number")
}

fn fonts(doc: &Document, resources: &Dictionary) -> HashMap<Vec<u8>, Letters> {
    let fonts = follow(doc, resources.get(b"Font").expect("fonts"));
    let each = fonts.as_dict().expect("fonts are a dictionary").iter();
    each.map(|(name, font)| {
        let font = follow(doc, font).as_dict().expect("a font");
        let mut letters = Letters::default();
        let cmap = follow(doc, font.get(b"ToUnicode").expect("meanings"));
        let cmap = cmap.as_stream().expect("a stream").decompressed_content();
        for line in String::from_utf8_lossy(&cmap.expect("unpacked")).lines() {
            let Some((cid, meaning)) = line.strip_prefix('<').and_then(|l| l.split_once("> <"))
            else {
                continue;
            };
            let units: Vec<u16> = meaning
                .trim_end_matches('>')
                .as_bytes()
                .chunks(4)
                .map(|c| u16::from_str_radix(&String::from_utf8_lossy(c), 16).expect("hex"))
                .collect();
            let cid = u16::from_str_radix(cid, 16).expect("hex");
            letters
                .meaning
                .insert(cid, String::from_utf16_lossy(&units));
        }
        let cid_font = font.get(b"DescendantFonts").and_then(Object::as_array);
        let cid_font = follow(doc, &cid_font.expect("one")[0])
            .as_dict()
            .expect("a font");
        let widths = cid_font
            .get(b"W")
            .and_then(Object::as_array)
            .expect("widths");
        for pair in widths.chunks(2) {
            let first = number(&pair[0]) as u16;
            for (n, w) in pair[1].as_array().expect("a list").iter().enumerate() {
                letters.widths.insert(first + n as u16, number(w));
            }
        }
        (name.clone(), letters)
    })
    .collect()
}

struct Reader<'d> {
    doc: &'d Document,
    resources: &'d Dictionary,
    fonts: HashMap<Vec<u8>, Letters>,
    height: f32,
    page: Page,
}

impl Reader<'_> {
    fn read(&mut self, content: &[u8], origin: (f32, f32)) {
        let content = Content::decode(content).expect("operators");
        let mut moved = origin;
        let mut saved = Vec::new();
        let (mut parts, mut points): (Vec<Rect>, Vec<(f32, f32)>) = (Vec::new(), Vec::new());
        let (mut colour, mut dashed) = ([0.0; 3], false);
        let (mut font, mut pt) = (Vec::new(), 0.0);
        let mut pen = (0.0, 0.0, false);
        for op in content.operations {
            let n = |i: usize| number(&op.operands[i]);
            match op.operator.as_str() {
                "q" => saved.push((moved, colour, dashed)),
                "Q" => (moved, colour, dashed) = saved.pop().expect("saved before"),
                "cm" => moved = (moved.0 + n(4), moved.1 + n(5)),
                "Do" => {
                    let name = op.operands[0].as_name().expect("a name");
                    let all = follow(self.doc, self.resources.get(b"XObject").expect("objects"));
                    let object = all.as_dict().and_then(|d| d.get(name)).expect("named");
                    let stream = follow(self.doc, object).as_stream().expect("a stream");
                    if stream
                        .dict
                        .get(b"Subtype")
                        .and_then(Object::as_name)
                        .expect("kind")
                        == b"Form"
                    {
                        let inside = stream.decompressed_content().expect("unpacked");
                        self.read(&inside, moved);
                    }
                }
                "re" => {
                    let (x, y) = self.at(n(0) + moved.0, n(1) + n(3) + moved.1);
                    parts.push(Rect::new(x, y, n(2) * MM_PER_PT, n(3) * MM_PER_PT));
                }
                "m" | "l" => points.push(self.at(n(0) + moved.0, n(1) + moved.1)),
                "c" => points.push(self.at(n(4) + moved.0, n(5) + moved.1)),
                "g" => colour = [n(0); 3],
                "rg" => colour = [n(0), n(1), n(2)],
                "d" => dashed = !op.operands[0].as_array().expect("a pattern").is_empty(),
                "f" => {
                    parts.extend(points.drain(..).map(|(x, y)| Rect::new(x, y, 0.0, 0.0)));
                    self.page.areas.push(std::mem::take(&mut parts));
                }
                "S" => {
                    self.page.frames.append(&mut parts);
                    let ends = points.windows(2).map(|w| (w[0], w[1], dashed));
                    self.page.lines.extend(ends);
                    points.clear();
                }
                "n" => parts.clear(),
                "Tf" => (font, pt) = (op.operands[0].as_name().expect("a name").to_vec(), n(1)),
                "Td" => pen = (n(0) + moved.0, n(1) + moved.1, false),
                "Tm" => pen = (n(4) + moved.0, n(5) + moved.1, n(0) == 0.0),
                "Tj" | "TJ" => {
                    let mut em = 0.0;
                    let mut text = String::new();
                    let list = std::slice::from_ref(&op.operands[0]);
                    for part in op.operands[0].as_array().map_or(list, Vec::as_slice) {
                        let Ok(bytes) = part.as_str() else {
                            em -= number(part) / 1_000.0;
                            continue;
                        };
                        for two in bytes.chunks(2) {
                            let cid = u16::from_be_bytes([two[0], two[1]]);
                            let letters = &self.fonts[&font];
                            text.push_str(&letters.meaning[&cid]);
                            em += letters.widths.get(&cid).unwrap_or(&1_000.0) / 1_000.0;
                        }
                    }
                    pen = self.run(text, em, pt, pen, colour);
                }
                "BDC" => {
                    let said = op.operands[1].as_dict().and_then(|d| d.get(b"ActualText"));
                    let said = said.and_then(|s| s.as_str()).expect("a text");
                    let text = match said.strip_prefix(b"\xFE\xFF") {
                        Some(wide) => {
                            let units = wide.chunks(2).map(|u| u16::from_be_bytes([u[0], u[1]]));
                            char::decode_utf16(units)
                                .map(|c| c.expect("UTF-16"))
                                .collect()
                        }
                        None => String::from_utf8_lossy(said).into_owned(),
                    };
                    self.page.instead.push(text);
                }
                _ => {}
            }
        }
    }

    fn run(
        &mut self,
        text: String,
        em: f32,
        pt: f32,
        pen: (f32, f32, bool),
        colour: [f32; 3],
    ) -> (f32, f32, bool) {
        let (x, y) = self.at(pen.0, pen.1);
        let (em_mm, long) = (pt * MM_PER_PT, em * pt * MM_PER_PT);
        let ink = if pen.2 {
            // Turned clockwise: what was above the baseline is to its right.
            Rect::new(x - (1.0 - ABOVE) * em_mm, y, em_mm, long)
        } else {
            Rect::new(x, y - ABOVE * em_mm, long, em_mm)
        };
        self.page.runs.push(Run {
            text,
            pt,
            ink,
            turned: pen.2,
            colour,
        });
        if pen.2 {
            (pen.0, pen.1 - em * pt, true)
        } else {
            (pen.0 + em * pt, pen.1, false)
        }
    }

    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (x * MM_PER_PT, self.height - y * MM_PER_PT)
    }
}
