//! What the ledger says about notices: frozen words, never renamed or reused.

use foundation::ledger::Kind;

pub const DRAFTED: Kind = Kind::new("notices.drafted", 1);
pub const EDITED: Kind = Kind::new("notices.edited", 1);
pub const SUBMITTED: Kind = Kind::new("notices.submitted", 1);
pub const SENT_BACK: Kind = Kind::new("notices.sent_back", 1);
pub const SCHEDULED: Kind = Kind::new("notices.scheduled", 1);
pub const PUBLISHED: Kind = Kind::new("notices.published", 1);
pub const REVIEWED: Kind = Kind::new("notices.reviewed", 1);
pub const REVIEW_OVERDUE: Kind = Kind::new("notices.review_overdue", 1);
pub const AMENDED: Kind = Kind::new("notices.amended", 1);
pub const RECALLED: Kind = Kind::new("notices.recalled", 1);
pub const SUPERSEDED: Kind = Kind::new("notices.superseded", 1);
pub const ARCHIVED: Kind = Kind::new("notices.archived", 1);
pub const CANCELLED: Kind = Kind::new("notices.cancelled", 1);
pub const DISPATCHED: Kind = Kind::new("notices.dispatched", 1);
pub const REMINDED: Kind = Kind::new("notices.reminded", 1);
pub const DELIVERED: Kind = Kind::new("notices.delivered", 1);
pub const ACKNOWLEDGED: Kind = Kind::new("notices.acknowledged", 1);
pub const REACHED: Kind = Kind::new("notices.reached", 1);
pub const POSTED: Kind = Kind::new("notices.posted", 1);
pub const COVERED: Kind = Kind::new("notices.covered", 1);
pub const LISTED: Kind = Kind::new("notices.listed", 1);
pub const ASKED: Kind = Kind::new("notices.asked", 1);
pub const ANSWERED: Kind = Kind::new("notices.answered", 1);
pub const TEMPLATE_SET: Kind = Kind::new("notices.template_set", 1);
pub const TEMPLATE_DROPPED: Kind = Kind::new("notices.template_dropped", 1);

/// Every kind of this room.
pub const ALL: &[Kind] = &[
    DRAFTED,
    EDITED,
    SUBMITTED,
    SENT_BACK,
    SCHEDULED,
    PUBLISHED,
    REVIEWED,
    REVIEW_OVERDUE,
    AMENDED,
    RECALLED,
    SUPERSEDED,
    ARCHIVED,
    CANCELLED,
    DISPATCHED,
    REMINDED,
    DELIVERED,
    ACKNOWLEDGED,
    REACHED,
    POSTED,
    COVERED,
    LISTED,
    ASKED,
    ANSWERED,
    TEMPLATE_SET,
    TEMPLATE_DROPPED,
];
