//! What the ledger says about sending: frozen words, never renamed or reused.

use foundation::ledger::Kind;

pub const SETTLED: Kind = Kind::new("outbox.settled", 1);
pub const WAY_SET: Kind = Kind::new("outbox.way_set", 1);
pub const WAY_TRIED: Kind = Kind::new("outbox.way_tried", 1);
pub const WISH_SET: Kind = Kind::new("outbox.wish_set", 1);
pub const DEVICE_ADDED: Kind = Kind::new("outbox.device_added", 1);
pub const DEVICE_ENDED: Kind = Kind::new("outbox.device_ended", 1);
pub const MAIL_SET: Kind = Kind::new("outbox.mail_set", 1);
pub const MAIL_CONFIRMED: Kind = Kind::new("outbox.mail_confirmed", 1);
pub const MAIL_REMOVED: Kind = Kind::new("outbox.mail_removed", 1);

/// Every kind of this room.
pub const ALL: &[Kind] = &[
    SETTLED,
    WAY_SET,
    WAY_TRIED,
    WISH_SET,
    DEVICE_ADDED,
    DEVICE_ENDED,
    MAIL_SET,
    MAIL_CONFIRMED,
    MAIL_REMOVED,
];
