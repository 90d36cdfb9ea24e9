//! The looks of a page's annotations (filled fields, stamps, visible signatures) made part of
//! the page: the drawing library leaves them out, so the file is opened once more with an update
//! behind it, in which the page shows them as it shows its other pictures (ISO 32000-1, 12.5.5).

use std::fmt::Write as _;

use hayro_syntax::Pdf;
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Page;

use super::annotations::seen;
use crate::Refused;
use crate::pdf;
use crate::refused::NoPicture;

/// Values within each other, of what is copied.
const DEPTH_MAX: u32 = 32;
/// Bytes that are copied: a page's dictionary and its resources' names.
const COPIED_MAX: usize = 4 << 20;
/// Parents of a page that are asked for what it inherits.
const PARENTS_MAX: usize = 32;
/// Numbers of the two objects that come new: the highest there are (ISO 32000-1, annex C).
const FIRST_NEW: i32 = 8_388_605;

/// The file with the page's annotations drawn into the page; `None` where it wears none.
///
/// # Errors
/// [`NoPicture::Annotations`] where one of them cannot be drawn: a page without its stamp would
/// be worse than none.
pub(super) fn flattened(
    bytes: &[u8],
    root: Option<u32>,
    page: &Page<'_>,
) -> Result<Option<Pdf>, Refused> {
    let missing = || Refused::NoPicture(NoPicture::Annotations);
    let worn = seen(page).ok_or_else(missing)?;
    if worn.is_empty() {
        return Ok(None);
    }
    let mut shown = Vec::new();
    for annotation in &worn {
        match look(annotation) {
            Ok(Some(look)) => shown.push(look),
            Ok(None) => {}
            Err(Undrawn) => return Err(missing()),
        }
    }
    if shown.is_empty() {
        return Ok(None);
    }
    let updated = update(bytes, root, page, &shown).ok_or_else(missing)?;
    pdf::open(&updated).map(Some)
}

/// A look that cannot be found or placed.
struct Undrawn;

/// A look, and where it stands on the page.
struct Shown {
    form: ObjRef,
    /// From the look's own space into the page's.
    matrix: [f64; 6],
}

/// The look that an annotation wears now; `None` where it wears an empty one.
fn look(annotation: &Dict<'_>) -> Result<Option<Shown>, Undrawn> {
    let looks = annotation.get::<Dict<'_>>(keys::AP).ok_or(Undrawn)?;
    let (form, stream) = if let Some(stream) = looks.get::<Stream<'_>>(keys::N) {
        (looks.get_ref(keys::N), stream)
    } else {
        let states = looks.get::<Dict<'_>>(keys::N).ok_or(Undrawn)?;
        let state = annotation.get::<Name<'_>>(keys::AS).ok_or(Undrawn)?;
        // A box that is not ticked has no look of its own.
        let Some(stream) = states.get::<Stream<'_>>(state.clone()) else {
            return Ok(None);
        };
        (states.get_ref(state), stream)
    };
    let dict = stream.dict();
    let is_form = dict.get::<Name<'_>>(keys::SUBTYPE).as_deref() == Some(b"Form");
    let form = form.filter(|_| is_form).ok_or(Undrawn)?;
    let rect = numbers::<4>(annotation, keys::RECT).ok_or(Undrawn)?;
    let bbox = numbers::<4>(dict, keys::BBOX).ok_or(Undrawn)?;
    let own = numbers::<6>(dict, keys::MATRIX).unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    Ok(placed(rect, bbox, own).map(|matrix| Shown { form, matrix }))
}

fn numbers<const N: usize>(
    dict: &Dict<'_>,
    key: impl std::ops::Deref<Target = [u8]>,
) -> Option<[f64; N]> {
    let list: Vec<f64> = dict
        .get::<Array<'_>>(key)?
        .iter::<f32>()
        .take(N)
        .map(f64::from)
        .collect();
    list.try_into().ok()
}

/// Algorithm 8.1: the look's box, turned by its own matrix, fills the annotation's place.
fn placed(rect: [f64; 4], bbox: [f64; 4], own: [f64; 6]) -> Option<[f64; 6]> {
    let corners = [
        (bbox[0], bbox[1]),
        (bbox[2], bbox[1]),
        (bbox[0], bbox[3]),
        (bbox[2], bbox[3]),
    ];
    let turned = corners.map(|(x, y)| {
        (
            own[0] * x + own[2] * y + own[4],
            own[1] * x + own[3] * y + own[5],
        )
    });
    let low = |pick: fn(&(f64, f64)) -> f64| turned.iter().map(pick).fold(f64::MAX, f64::min);
    let high = |pick: fn(&(f64, f64)) -> f64| turned.iter().map(pick).fold(f64::MIN, f64::max);
    let (left, right) = (low(|p| p.0), high(|p| p.0));
    let (bottom, top) = (low(|p| p.1), high(|p| p.1));
    let (to_left, to_right) = (rect[0].min(rect[2]), rect[0].max(rect[2]));
    let (to_bottom, to_top) = (rect[1].min(rect[3]), rect[1].max(rect[3]));
    // A place or a look without an extent shows nothing.
    if right <= left || top <= bottom || to_right <= to_left || to_top <= to_bottom {
        return None;
    }
    let (x, y) = (
        (to_right - to_left) / (right - left),
        (to_top - to_bottom) / (top - bottom),
    );
    let matrix = [x, 0.0, 0.0, y, to_left - left * x, to_bottom - bottom * y];
    matrix.iter().all(|n| n.is_finite()).then_some(matrix)
}

/// The file with an update behind it.
fn update(bytes: &[u8], root: Option<u32>, page: &Page<'_>, shown: &[Shown]) -> Option<Vec<u8>> {
    let root = root?;
    let dict = page.raw();
    let own = number_of(page)?;
    let mut text = Text::default();
    text.put("<<");
    for (name, value) in dict.entries() {
        if !matches!(&*name, b"Contents" | b"Resources" | b"Annots") {
            text.entry(&name, &value)?;
        }
    }
    text.put(&format!(" /Contents [ {FIRST_NEW} 0 R"));
    if dict.get::<Stream<'_>>(keys::CONTENTS).is_some() {
        text.reference(dict.get_ref(keys::CONTENTS)?);
    } else if let Some(list) = dict.get::<Array<'_>>(keys::CONTENTS) {
        for item in list.raw_iter() {
            text.value(&item, 0)?;
        }
    }
    text.put(&format!(" {} 0 R ] /Resources <<", FIRST_NEW + 1));
    let resources = inherited(page).unwrap_or_else(Dict::empty);
    for (name, value) in resources.entries() {
        if &*name != b"XObject" {
            text.entry(&name, &value)?;
        }
    }
    text.put(" /XObject <<");
    let pictures = resources.get::<Dict<'_>>(keys::XOBJECT);
    for (name, value) in pictures.iter().flat_map(Dict::entries) {
        text.entry(&name, &value)?;
    }
    let mut drawn = String::from("\nQ\n");
    for (nth, one) in shown.iter().enumerate() {
        text.put(&format!(" /LinliLook{nth}"));
        text.reference(one.form);
        let [a, b, c, d, e, f] = one.matrix;
        let _ = writeln!(drawn, "q {a} {b} {c} {d} {e} {f} cm /LinliLook{nth} Do Q");
    }
    text.put(" >> >> >>");
    let streams = ["q\n".to_owned(), drawn];
    let streams = streams.map(|s| format!("<< /Length {} >> stream\n{s}\nendstream", s.len()));
    let [before, after] = streams;
    let mut out = bytes.to_vec();
    out.push(b'\n');
    let mut table = String::from("xref\n");
    let objects = [
        (own.obj_number, own.gen_number, text.0.into_bytes()),
        (FIRST_NEW, 0, before.into_bytes()),
        (FIRST_NEW + 1, 0, after.into_bytes()),
    ];
    for (number, generation, body) in objects {
        let _ = write!(table, "{number} 1\n{:010} {generation:05} n \n", out.len());
        out.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
        out.extend_from_slice(&body);
        out.extend_from_slice(b"\nendobj\n");
    }
    let size = FIRST_NEW + 2;
    let earlier = last_table(bytes).map_or(String::new(), |at| format!("/Prev {at} "));
    let at = out.len();
    let end = format!(
        "{table}trailer\n<< /Size {size} /Root {root} 0 R {earlier}>>\nstartxref\n{at}\n%%EOF\n"
    );
    out.extend_from_slice(end.as_bytes());
    Some(out)
}

/// Under which number a page lies: its parent knows.
fn number_of(page: &Page<'_>) -> Option<ObjRef> {
    let dict = page.raw();
    let above = parent(page, dict)?;
    let kids = above.get::<Array<'_>>(keys::KIDS)?;
    let mut refs = kids.raw_iter().filter_map(|kid| kid.as_obj_ref());
    refs.find(|r| {
        let kid = page.xref().get::<Dict<'_>>(ObjectIdentifier::from(*r));
        kid.is_some_and(|kid| std::ptr::eq(kid.data(), dict.data()))
    })
}

/// A page's resources, its own or those of the nearest parent that has some.
fn inherited<'a>(page: &Page<'a>) -> Option<Dict<'a>> {
    let mut at = page.raw().clone();
    for _ in 0..PARENTS_MAX {
        if let Some(found) = at.get::<Dict<'a>>(keys::RESOURCES) {
            return Some(found);
        }
        at = parent(page, &at)?;
    }
    None
}

/// The node above in the tree of pages. Asked of the table: a page was reached through its
/// parents, and the library follows no way back.
fn parent<'a>(page: &Page<'a>, of: &Dict<'a>) -> Option<Dict<'a>> {
    let above = of.get_ref(keys::PARENT)?;
    page.xref().get(ObjectIdentifier::from(above))
}

/// Where the file's newest table of objects begins, by its own word.
fn last_table(bytes: &[u8]) -> Option<usize> {
    const WORD: &[u8] = b"startxref";
    let at = bytes.windows(WORD.len()).rposition(|w| w == WORD)?;
    let rest = &bytes[at + WORD.len()..];
    let digits = rest.trim_ascii_start();
    let len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&digits[..len]).ok()?.parse().ok()
}

/// A dictionary written again.
#[derive(Default)]
struct Text(String);

impl Text {
    fn put(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn reference(&mut self, to: ObjRef) {
        let _ = write!(self.0, " {} {} R", to.obj_number, to.gen_number);
    }

    fn entry(&mut self, name: &[u8], value: &MaybeRef<Object<'_>>) -> Option<()> {
        self.name(name);
        self.value(value, 0)
    }

    fn name(&mut self, name: &[u8]) {
        self.put(" /");
        for byte in name {
            if byte.is_ascii_alphanumeric() || b"_-.+".contains(byte) {
                self.0.push(char::from(*byte));
            } else {
                let _ = write!(self.0, "#{byte:02X}");
            }
        }
    }

    fn value(&mut self, value: &MaybeRef<Object<'_>>, depth: u32) -> Option<()> {
        if let Some(to) = value.as_obj_ref() {
            self.reference(to);
            return Some(());
        }
        let MaybeRef::NotRef(object) = value else {
            return None;
        };
        if depth > DEPTH_MAX || self.0.len() > COPIED_MAX {
            return None;
        }
        match object {
            Object::Null(_) => self.put(" null"),
            Object::Boolean(yes) => self.put(if *yes { " true" } else { " false" }),
            Object::Number(n) => {
                let _ = write!(self.0, " {}", n.as_f64());
            }
            Object::String(s) => {
                self.put(" <");
                for byte in s.get().iter() {
                    let _ = write!(self.0, "{byte:02X}");
                }
                self.put(">");
            }
            Object::Name(name) => self.name(name),
            Object::Dict(dict) => {
                self.put(" <<");
                for (name, value) in dict.entries() {
                    self.name(&name);
                    self.value(&value, depth + 1)?;
                }
                self.put(" >>");
            }
            Object::Array(list) => {
                self.put(" [");
                for item in list.raw_iter() {
                    self.value(&item, depth + 1)?;
                }
                self.put(" ]");
            }
            // A stream lies under a number of its own.
            Object::Stream(_) => return None,
        }
        Some(())
    }
}
