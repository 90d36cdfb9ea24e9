//! Which sentence says what.

use std::collections::BTreeMap;

use foundation::ids::Id;
use foundation::page::{Frame, Sentence, key, say};

use crate::boxes::{ArchiveBox, Spot};
use crate::cabinet::{Apart, Cabinet};
use crate::{AMONG_MAX, CABINETS_MAX, LAYERS_MAX, NAME_CHARS_MAX, ShelfError, WIDTH_MM};

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(error: &ShelfError) -> Option<Sentence> {
    use ShelfError as E;
    Some(match error {
        E::Changed => say("shelves-refused-changed"),
        E::Name => say("shelves-refused-name").and("max", NAME_CHARS_MAX),
        E::NameTaken => say("shelves-refused-taken"),
        E::Measure => say("shelves-refused-measure")
            .and("layers", LAYERS_MAX)
            .and("least", *WIDTH_MM.start())
            .and("most", *WIDTH_MM.end()),
        E::Cabinets => say("shelves-refused-cabinets").and("max", CABINETS_MAX),
        E::InUse => say("shelves-refused-in-use"),
        E::Spine => say("shelves-refused-spine"),
        E::Full { free, needed } => say("shelves-refused-full")
            .and("free", *free)
            .and("needed", *needed),
        E::NoRoom(count) => say("shelves-refused-no-room").and("count", *count),
        E::Boxes => say("shelves-refused-boxes").and("max", AMONG_MAX),
        E::Guest => say("shelves-refused-guest"),
        E::Nothing => say("shelves-refused-nothing"),
        E::TooMany(max) => say("shelves-refused-many").and("max", *max),
        E::Day(_) => say("shelves-refused-day"),
        E::Paper(paper::PaperError::Refused(word)) => {
            say("shelves-refused-word").and("word", word.clone())
        }
        E::Paper(paper::PaperError::NoFont) => say("shelves-refused-font"),
        _ => return None,
    })
}

/// What stands apart.
pub fn apart_word(apart: Apart) -> &'static str {
    match apart {
        Apart::None => key("shelves-apart-none"),
        Apart::Building => key("shelves-apart-building"),
        Apart::Unit => key("shelves-apart-unit"),
    }
}

/// Cabinets by their ids, to say where boxes stand.
pub struct Places<'k>(BTreeMap<Id, &'k str>);

impl<'k> Places<'k> {
    pub fn of(cabinets: &'k [Cabinet]) -> Places<'k> {
        let each = cabinets.iter().map(|k| (k.id, k.name.as_str()));
        Places(each.collect())
    }

    /// `A櫃 第2層 第5`; empty where a box stands nowhere.
    pub fn said(&self, frame: &Frame, spot: Option<Spot>) -> String {
        let Some(spot) = spot else {
            return String::new();
        };
        let name = self.0.get(&spot.cabinet).copied().unwrap_or("?");
        let (layer, slot) = (spot.layer.to_string(), spot.slot.to_string());
        let said = [
            ("cabinet", name.into()),
            ("layer", layer.as_str().into()),
            ("slot", slot.as_str().into()),
        ];
        frame.with("shelves-spot", &said).into_owned()
    }
}

/// A box as lists name it: its room with tenure and box.
pub fn named(one: &ArchiveBox) -> String {
    format!("{} {}", one.code, one.tenure_text())
}
