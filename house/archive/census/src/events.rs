//! The census's words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// Tenures became due in a quarter.
pub const PLANNED: Kind = Kind::new("census.planned", 1);
/// A tenure is not due any more: it ended early, or is no home.
pub const EXCUSED: Kind = Kind::new("census.excused", 1);
/// A tenure's registration at moving in is its record; with the day.
pub const REGISTERED: Kind = Kind::new("census.registered", 1);
/// A household's record is complete: every field confirmed or changed.
pub const COUNTED: Kind = Kind::new("census.counted", 1);
/// A home was found to be empty, by two signs.
pub const VACANT: Kind = Kind::new("census.vacant", 1);
/// A household does not want to take part.
pub const REFUSED: Kind = Kind::new("census.refused", 1);
/// A household that did not want to asked to take part after all.
pub const REOPENED: Kind = Kind::new("census.reopened", 1);
/// Nobody was at home.
pub const AWAY: Kind = Kind::new("census.away", 1);
/// An answer came that differs from what is known, or cannot be merged.
pub const ANSWERED: Kind = Kind::new("census.answered", 1);
/// An answer was put aside: it changes nothing.
pub const DROPPED: Kind = Kind::new("census.dropped", 1);
/// What a household said was taken over into the roster; the record it came from.
pub const CHANGED: Kind = Kind::new("census.changed", 1);
/// Somebody visits a building, or a home, from now on.
pub const ASSIGNED: Kind = Kind::new("census.assigned", 1);
/// Links by which households check themselves were made.
pub const LINKED: Kind = Kind::new("census.linked", 1);
/// Households were told that they may check themselves.
pub const TOLD: Kind = Kind::new("census.told", 1);
/// Visit sheets were printed, with what is known masked.
pub const PRINTED: Kind = Kind::new("census.printed", 1);
/// Somebody's week is behind its quota.
pub const BEHIND: Kind = Kind::new("census.behind", 1);
/// A quarter ended; with how it did.
pub const CLOSED: Kind = Kind::new("census.closed", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    PLANNED, EXCUSED, REGISTERED, COUNTED, VACANT, REFUSED, REOPENED, AWAY, ANSWERED, DROPPED,
    CHANGED, ASSIGNED, LINKED, TOLD, PRINTED, BEHIND, CLOSED,
];
