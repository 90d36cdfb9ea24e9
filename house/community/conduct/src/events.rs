//! What the ledger says about conduct: frozen words, never renamed or reused.

use foundation::ledger::Kind;

pub const FOUND: Kind = Kind::new("conduct.found", 1);
pub const REPORTED: Kind = Kind::new("conduct.reported", 1);
pub const HELD: Kind = Kind::new("conduct.held", 1);
pub const CLAIMED: Kind = Kind::new("conduct.claimed", 1);
pub const PROPOSED: Kind = Kind::new("conduct.proposed", 1);
pub const DISMISSED: Kind = Kind::new("conduct.dismissed", 1);
pub const VIOLATION: Kind = Kind::new("conduct.violation", 1);
pub const ILLEGAL: Kind = Kind::new("conduct.illegal", 1);
pub const ILLEGAL_REPORTED: Kind = Kind::new("conduct.illegal_reported", 1);
pub const UNDONE: Kind = Kind::new("conduct.undone", 1);
pub const WITHDRAWN: Kind = Kind::new("conduct.withdrawn", 1);
pub const STRUCK: Kind = Kind::new("conduct.struck", 1);
pub const STRIKE_EXPIRED: Kind = Kind::new("conduct.strike_expired", 1);
pub const SANCTIONED: Kind = Kind::new("conduct.sanctioned", 1);
pub const REMOVAL_CONFIRMED: Kind = Kind::new("conduct.removal_confirmed", 1);
pub const REMOVAL_LAPSED: Kind = Kind::new("conduct.removal_lapsed", 1);
pub const SERVED: Kind = Kind::new("conduct.served", 1);
pub const LIFTED: Kind = Kind::new("conduct.lifted", 1);
pub const APPEALED: Kind = Kind::new("conduct.appealed", 1);
pub const APPEAL_ASSIGNED: Kind = Kind::new("conduct.appeal_assigned", 1);
pub const APPEAL_ESCALATED: Kind = Kind::new("conduct.appeal_escalated", 1);
pub const APPEAL_DECIDED: Kind = Kind::new("conduct.appeal_decided", 1);
pub const APPEAL_WITHDRAWN: Kind = Kind::new("conduct.appeal_withdrawn", 1);
pub const REVERSED: Kind = Kind::new("conduct.reversed", 1);
pub const POLICY_SET: Kind = Kind::new("conduct.policy_set", 1);
pub const RULES_ACCEPTED: Kind = Kind::new("conduct.rules_accepted", 1);
pub const FORGOTTEN: Kind = Kind::new("conduct.forgotten", 1);
pub const QUARTER_PUBLISHED: Kind = Kind::new("conduct.quarter_published", 1);
pub const REPLAYED: Kind = Kind::new("conduct.replayed", 1);
pub const TAUGHT: Kind = Kind::new("conduct.taught", 1);
pub const MODEL_SET: Kind = Kind::new("conduct.model_set", 1);

/// Every kind of this room.
pub const ALL: &[Kind] = &[
    FOUND,
    REPORTED,
    HELD,
    CLAIMED,
    PROPOSED,
    DISMISSED,
    VIOLATION,
    ILLEGAL,
    ILLEGAL_REPORTED,
    UNDONE,
    WITHDRAWN,
    STRUCK,
    STRIKE_EXPIRED,
    SANCTIONED,
    REMOVAL_CONFIRMED,
    REMOVAL_LAPSED,
    SERVED,
    LIFTED,
    APPEALED,
    APPEAL_ASSIGNED,
    APPEAL_ESCALATED,
    APPEAL_DECIDED,
    APPEAL_WITHDRAWN,
    REVERSED,
    POLICY_SET,
    RULES_ACCEPTED,
    FORGOTTEN,
    QUARTER_PUBLISHED,
    REPLAYED,
    TAUGHT,
    MODEL_SET,
];
