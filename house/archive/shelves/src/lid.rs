//! The sheet inside a box's lid: the kinds a to j of its dossier with their pages.

use dossiers::kind::Kind;
use dossiers::{State, listing};
use foundation::house::House;
use foundation::ids::Id;
use paper::{LidRow, LidSheet, Modules};
use permissions::actor::Actor;

use crate::boxes::{self, ArchiveBox};
use crate::{ShelfError, code};

/// What a dossier holds of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Pages whose paper is kept, and those kept as files only.
    pub paper: i64,
    pub files: i64,
}

/// What stands on a lid sheet, its notes left to whoever says them.
#[derive(Clone, Debug)]
pub struct Lid {
    pub one: ArchiveBox,
    /// For each kind, a to j.
    pub held: [Held; 10],
    /// The newest document's day for each kind, or empty.
    pub days: [String; 10],
}

/// Reads what the lid sheet of a box has to say: what is filed.
pub async fn of_box(house: &House, by: &Actor, id: Id) -> Result<Lid, ShelfError> {
    let one = boxes::one(house, by, id).await?;
    let inside = listing::inside(house, by, one.dossier).await?;
    let mut held = [Held::default(); 10];
    let mut days: [String; 10] = Default::default();
    for d in inside.documents.iter().filter(|d| d.state == State::Filed) {
        let at = d.kind as usize;
        let pages = d.confirmed.unwrap_or(d.pages);
        if d.paper {
            held[at].paper += pages;
        } else {
            held[at].files += pages;
        }
        if let Some(day) = d.day.as_ref().filter(|day| **day > days[at]) {
            days[at].clone_from(day);
        }
    }
    Ok(Lid { one, held, days })
}

impl Lid {
    /// The sheet; `note` says what is beside the paper of a kind.
    pub fn sheet(
        &self,
        compound: String,
        foot: (String, String),
        note: impl Fn(Kind, Held) -> String,
    ) -> LidSheet {
        let row = |kind: Kind| {
            let held = self.held[kind as usize];
            LidRow {
                pages: (held.paper > 0).then_some(held.paper.clamp(0, 999_999) as u32),
                date: self.days[kind as usize].clone(),
                note: note(kind, held),
            }
        };
        let serial = &self.one.label;
        LidSheet {
            compound,
            room: self.one.code.clone(),
            number: self.one.number.clone(),
            tenure: self.one.tenure_text(),
            rows: Kind::ALL.map(row).into(),
            foot,
            qr: if serial.is_empty() {
                Modules::default()
            } else {
                code::modules(&code::payload(serial))
            },
            ..LidSheet::default()
        }
    }
}
