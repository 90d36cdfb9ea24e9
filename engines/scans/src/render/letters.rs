//! Whether a PDF page shows letters that the drawing library leaves out without a word: those of
//! composite fonts that are not embedded, or that are coded by a table which every reader is
//! supposed to have. Chinese offices make such papers; drawn, they would look empty.

use std::collections::HashMap;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, Stream};
use hayro_syntax::page::{Page, Resources};

/// Forms within forms; the library that draws follows any number.
const FORMS_MAX: u32 = 8;
/// Operations that are looked at, on a page with all its forms; with more the answer is yes.
const OPERATIONS_MAX: u32 = 2_000_000;
/// The text rendering mode of what text recognition lays under a scan, not to be seen.
const INVISIBLE: i64 = 3;

/// Whether letters would be missing from the page's picture.
pub(super) fn missing(page: &Page<'_>) -> bool {
    let mut left = OPERATIONS_MAX;
    let at = Text::default();
    within(page.typed_operations(), page.resources(), at, 0, &mut left)
}

/// What a text operator depends on.
#[derive(Clone, Copy, Default)]
struct Text {
    lost: bool,
    invisible: bool,
}

fn within(
    operations: TypedIter<'_>,
    resources: &Resources<'_>,
    mut text: Text,
    depth: u32,
    left: &mut u32,
) -> bool {
    let mut saved = Vec::new();
    let mut fonts = HashMap::new();
    for operation in operations {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return true;
        }
        match operation {
            TypedInstruction::SaveState(_) => saved.push(text),
            TypedInstruction::RestoreState(_) => text = saved.pop().unwrap_or(text),
            TypedInstruction::TextFont(font) => {
                let known = fonts.entry(font.0.to_vec());
                text.lost = *known.or_insert_with(|| is_lost(resources, font.0));
            }
            TypedInstruction::TextRenderingMode(mode) => {
                text.invisible = mode.0.as_i64() == INVISIBLE;
            }
            TypedInstruction::ShowText(_)
            | TypedInstruction::ShowTexts(_)
            | TypedInstruction::NextLineAndShowText(_)
            | TypedInstruction::ShowTextWithParameters(_)
                if text.lost && !text.invisible =>
            {
                return true;
            }
            TypedInstruction::XObject(name) if depth < FORMS_MAX => {
                let none = Box::new(|_| None);
                let form = resources.get_x_object::<Stream<'_>>(name.0, none, Box::new(Some));
                if form.is_some_and(|form| form_misses(&form, resources, text, depth, left)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn form_misses(
    form: &Stream<'_>,
    resources: &Resources<'_>,
    text: Text,
    depth: u32,
    left: &mut u32,
) -> bool {
    let dict = form.dict();
    if dict.get::<Name<'_>>(keys::SUBTYPE).as_deref() != Some(keys::FORM) {
        return false;
    }
    let Ok(content) = form.decoded() else {
        return false;
    };
    // Unpacking again and again what is named again and again costs too.
    *left = left.saturating_sub((content.len() / 16) as u32);
    let own = dict.get::<Dict<'_>>(keys::RESOURCES).unwrap_or_default();
    let own = Resources::from_parent(own, resources.clone());
    within(TypedIter::new(&content), &own, text, depth + 1, left)
}

fn is_lost(resources: &Resources<'_>, name: Name<'_>) -> bool {
    let none = Box::new(|_| None);
    let font = resources.get_font::<Dict<'_>>(name, none, Box::new(Some));
    let Some(font) = font else { return false };
    if font.get::<Name<'_>>(keys::SUBTYPE).as_deref() != Some(keys::TYPE0) {
        return false;
    }
    let coded = match font.get::<Name<'_>>(keys::ENCODING) {
        Some(name) => [keys::IDENTITY_H, keys::IDENTITY_V].contains(&&*name),
        None => font.get::<Stream<'_>>(keys::ENCODING).is_some(),
    };
    let inner = font.get::<Array<'_>>(keys::DESCENDANT_FONTS);
    let inner = inner.and_then(|all| all.iter::<Dict<'_>>().next());
    let descriptor = inner.and_then(|font| font.get::<Dict<'_>>(keys::FONT_DESC));
    let embedded = descriptor.is_some_and(|d| {
        [keys::FONT_FILE2, keys::FONT_FILE3]
            .iter()
            .any(|key| d.get::<Stream<'_>>(*key).is_some())
    });
    !(coded && embedded)
}
