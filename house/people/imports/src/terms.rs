//! The reader's words as the roster keeps them.

use hanzi::room::Overrides;
use sheets::{Share, State, Use};

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

/// Whether a typed code still reads as a room; the reader has checked it before.
pub(super) fn places(code: &str, site: &Overrides) -> Option<Places> {
    Places::parse(code, site).ok()
}
