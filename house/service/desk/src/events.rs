//! The desk's words in the ledger. Frozen.

use foundation::ledger::Kind;

/// A ticket was opened: kind, source, priority, since when it was unanswered.
pub const OPENED: Kind = Kind::new("desk.opened", 1);
/// It went along the table of states.
pub const MOVED: Kind = Kind::new("desk.moved", 1);
/// Somebody answered, or noted something.
pub const SAID: Kind = Kind::new("desk.said", 1);
/// A price was asked for, or the owner answered it.
pub const PRICED: Kind = Kind::new("desk.priced", 1);
/// Material and cost were written down.
pub const PART_USED: Kind = Kind::new("desk.part_used", 1);
/// A clock was about to be, or was, missed, and who was told.
pub const ALARMED: Kind = Kind::new("desk.alarmed", 1);
/// A ticket stands for all who have the same.
pub const INCIDENT: Kind = Kind::new("desk.incident", 1);
/// One more household is concerned.
pub const HOUSEHOLD: Kind = Kind::new("desk.household", 1);
/// A complaint goes to the next body outside.
pub const OUTSIDE: Kind = Kind::new("desk.outside", 1);
/// The number that a reporter left was shown in clear.
pub const UNMASKED: Kind = Kind::new("desk.unmasked", 1);
/// Another person asked whether it was done.
pub const CALLED: Kind = Kind::new("desk.called", 1);
/// Categories and their terms were changed.
pub const CATEGORY_SET: Kind = Kind::new("desk.category_set", 1);
/// The office's hours were set.
pub const HOURS_SET: Kind = Kind::new("desk.hours_set", 1);
/// A team was made or changed.
pub const TEAM_SET: Kind = Kind::new("desk.team_set", 1);

/// A duty was planned, handed over, or taken.
pub const DUTY: Kind = Kind::new("desk.duty", 1);
/// A filter was kept under a name, or let go.
pub const VIEW_SET: Kind = Kind::new("desk.view_set", 1);
/// The work list left the house as a workbook.
pub const EXPORTED: Kind = Kind::new("desk.exported", 1);
/// A repair order was printed.
pub const PRINTED: Kind = Kind::new("desk.printed", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    OPENED,
    MOVED,
    SAID,
    PRICED,
    PART_USED,
    ALARMED,
    INCIDENT,
    HOUSEHOLD,
    OUTSIDE,
    UNMASKED,
    CALLED,
    CATEGORY_SET,
    HOURS_SET,
    TEAM_SET,
    DUTY,
    VIEW_SET,
    EXPORTED,
    PRINTED,
];
