//! What a PDF page wears that the drawing library leaves out without a word: filled fields,
//! stamps, visible signatures and other annotations that have a look of their own.

use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name};
use hayro_syntax::page::Page;

/// Annotations of a page that are looked at.
const ANNOTATIONS_MAX: usize = 10_000;
/// Bits of `/F` that keep an annotation off the screen: invisible, hidden, not viewed.
const UNSEEN: i32 = 1 | 1 << 1 | 1 << 5;

/// The annotations that are seen on the page, in the order in which they lie upon each other;
/// `None` when there are too many to look at.
pub(super) fn seen<'a>(page: &Page<'a>) -> Option<Vec<Dict<'a>>> {
    let all = page.raw().get::<Array<'_>>(keys::ANNOTS);
    let all = all.iter().flat_map(|all| all.iter::<Dict<'_>>());
    let mut found = Vec::new();
    for (nth, annotation) in all.enumerate() {
        if nth >= ANNOTATIONS_MAX {
            return None;
        }
        if is_seen(&annotation) {
            found.push(annotation);
        }
    }
    Some(found)
}

fn is_seen(annotation: &Dict<'_>) -> bool {
    let subtype = annotation.get::<Name<'_>>(keys::SUBTYPE);
    // A link's frame and a closed note's window are no part of the paper.
    if matches!(subtype.as_deref(), Some(b"Link" | b"Popup")) {
        return false;
    }
    let flags = annotation.get::<i32>(keys::F).unwrap_or_default();
    flags & UNSEEN == 0 && annotation.get::<Dict<'_>>(keys::AP).is_some()
}
