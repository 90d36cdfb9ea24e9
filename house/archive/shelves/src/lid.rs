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

#[cfg(test)]
mod tests {
    use foundation::clock::Moment;

    use super::*;

    #[test]
    fn a_sheet_has_ten_kinds_and_counts_what_lies_in_the_box() {
        let id: Id = "0000000000000000".parse().expect("an id");
        let one = ArchiveBox {
            id,
            dossier: id,
            nth: 1,
            among: 2,
            spine: 40,
            spot: None,
            says: String::new(),
            changed_at: Moment(0),
            label: code::serial(&foundation::chance::Chance::from_seed(1)),
            labelled: String::new(),
            version: 1,
            room: id,
            code: "3-2-1801".into(),
            number: "3-2-1801-02-K".into(),
            tenure: 2,
            building: "3".into(),
            pages: 20,
            sort_key: vec![],
        };
        let mut held = [Held::default(); 10];
        held[0] = Held {
            paper: 12,
            files: 0,
        };
        held[9] = Held { paper: 0, files: 8 };
        let lid = Lid {
            one,
            held,
            days: Default::default(),
        };
        let sheet = lid.sheet("春和苑".into(), Default::default(), |kind, held| {
            format!("{} {}", kind.letter(), held.files)
        });
        let pages: Vec<Option<u32>> = sheet.rows.iter().map(|r| r.pages).collect();
        assert_eq!(pages.len(), 10);
        assert_eq!((pages[0], pages[1], pages[9]), (Some(12), None, None));
        assert_eq!(sheet.rows[9].note, "j 8");
        assert_eq!((sheet.tenure.as_str(), sheet.qr.side()), ("02·1/2", 29));
    }
}
