//! The reader's words as the roster keeps them, and what of a file is looked up there.

use hanzi::name::name_key;
use sheets::{RosterRow, Share, State, Use};

use roster::Places;

pub(super) fn share(share: Share) -> (i64, i64) {
    match share {
        Share::Part {
            numerator,
            denominator,
        } => (numerator.into(), denominator.into()),
        Share::Joint => (0, 0),
    }
}

pub(super) fn purpose(u: Use) -> &'static str {
    match u {
        Use::Residence => "residence",
        Use::Shop => "shop",
        Use::Parking => "parking",
        Use::Other => "other",
    }
}

pub(super) fn state(s: State) -> &'static str {
    match s {
        State::NotHandedOver => "not_handed_over",
        State::HandedOver => "handed_over",
        State::Vacant => "vacant",
        State::OwnerOccupied => "owner_occupied",
        State::Let => "let",
    }
}

pub(super) fn document_kind(kind: sheets::IdKind) -> &'static str {
    match kind {
        sheets::IdKind::ResidentId => "resident_id",
        sheets::IdKind::Passport => "passport",
        sheets::IdKind::HongKongMacau => "hong_kong_macau",
        sheets::IdKind::Taiwan => "taiwan",
        sheets::IdKind::Other => "other",
    }
}

/// The codes and name keys that a file speaks of, to be looked up on the roster.
pub fn mentioned(rows: &[RosterRow]) -> (Vec<String>, Vec<String>) {
    let mut normals: Vec<String> = rows
        .iter()
        .filter_map(|r| r.room.as_ref().map(|c| c.normal.clone()))
        .collect();
    let mut names: Vec<String> = rows
        .iter()
        .flat_map(|r| r.people.iter().map(|p| name_key(&p.name)))
        .collect();
    for list in [&mut normals, &mut names] {
        list.sort_unstable();
        list.dedup();
    }
    (normals, names)
}

/// Whether a typed code still reads as a room; the reader has checked it before.
pub(super) fn places(code: &str) -> Option<Places> {
    Places::parse(code).ok()
}
