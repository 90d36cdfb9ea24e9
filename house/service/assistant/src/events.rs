//! This room's words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// An answer was begun, or written anew.
pub const KEPT: Kind = Kind::new("assistant.kept", 1);
/// The starter base was taken over.
pub const STARTED: Kind = Kind::new("assistant.started", 1);
/// An answer came into force.
pub const PUBLISHED: Kind = Kind::new("assistant.published", 1);
/// Somebody confirmed that an answer still holds.
pub const CONFIRMED: Kind = Kind::new("assistant.confirmed", 1);
/// An answer's source or time was over.
pub const EXPIRED: Kind = Kind::new("assistant.expired", 1);
/// An answer was taken back by hand.
pub const WITHDRAWN: Kind = Kind::new("assistant.withdrawn", 1);
/// The office said what stands in the places of the answers.
pub const FILLED: Kind = Kind::new("assistant.filled", 1);
/// A question was answered, asked back, or not answered.
pub const ASKED: Kind = Kind::new("assistant.asked", 1);
/// The asker said that an answer was none.
pub const DOWN_VOTED: Kind = Kind::new("assistant.down_voted", 1);
/// A question was handed over to people.
pub const HANDED_OVER: Kind = Kind::new("assistant.handed_over", 1);
/// The desk took a question over as a ticket.
pub const TICKETED: Kind = Kind::new("assistant.ticketed", 1);
/// How the assistant behaves was set.
pub const BEHAVES: Kind = Kind::new("assistant.behaves", 1);
/// Entries were brought in from a file.
pub const IMPORTED: Kind = Kind::new("assistant.imported", 1);
/// A question that missed became a phrasing, or was set aside.
pub const WORKED_OFF: Kind = Kind::new("assistant.worked_off", 1);
/// Questions that were kept long enough were thrown away.
pub const FORGOTTEN: Kind = Kind::new("assistant.forgotten", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    KEPT,
    STARTED,
    PUBLISHED,
    CONFIRMED,
    EXPIRED,
    WITHDRAWN,
    FILLED,
    ASKED,
    DOWN_VOTED,
    HANDED_OVER,
    TICKETED,
    BEHAVES,
    IMPORTED,
    WORKED_OFF,
    FORGOTTEN,
];
