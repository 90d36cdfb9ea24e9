//! What the ledger says about the group: frozen words, never renamed or reused.

use foundation::ledger::Kind;

pub const CHANNEL_OPENED: Kind = Kind::new("group.channel_opened", 1);
pub const CHANNEL_SET: Kind = Kind::new("group.channel_set", 1);
pub const CHANNEL_CLOSED: Kind = Kind::new("group.channel_closed", 1);
pub const SAID: Kind = Kind::new("group.said", 1);
pub const RECALLED: Kind = Kind::new("group.recalled", 1);
pub const PINNED: Kind = Kind::new("group.pinned", 1);
pub const UNPINNED: Kind = Kind::new("group.unpinned", 1);
pub const SHOWN: Kind = Kind::new("group.shown", 1);
pub const HIDDEN: Kind = Kind::new("group.hidden", 1);
pub const VOTED: Kind = Kind::new("group.voted", 1);
pub const POLL_ENDED: Kind = Kind::new("group.poll_ended", 1);
pub const FORWARDED: Kind = Kind::new("group.forwarded", 1);
pub const FORWARD_FADED: Kind = Kind::new("group.forward_faded", 1);
pub const RAISED: Kind = Kind::new("group.raised", 1);
pub const ACTING_APPOINTED: Kind = Kind::new("group.acting_appointed", 1);
pub const ACTING_ENDED: Kind = Kind::new("group.acting_ended", 1);

pub const NUDGED: Kind = Kind::new("group.nudged", 1);

pub const THANKED: Kind = Kind::new("group.thanked", 1);
pub const POST_SETTLED: Kind = Kind::new("group.post_settled", 1);
pub const SKILL_OFFERED: Kind = Kind::new("group.skill_offered", 1);
pub const SKILL_SET: Kind = Kind::new("group.skill_set", 1);
pub const SKILL_ENDED: Kind = Kind::new("group.skill_ended", 1);

/// Every kind of this room.
pub const ALL: &[Kind] = &[
    NUDGED,
    THANKED,
    POST_SETTLED,
    SKILL_OFFERED,
    SKILL_SET,
    SKILL_ENDED,
    CHANNEL_OPENED,
    CHANNEL_SET,
    CHANNEL_CLOSED,
    SAID,
    RECALLED,
    PINNED,
    UNPINNED,
    SHOWN,
    HIDDEN,
    VOTED,
    POLL_ENDED,
    FORWARDED,
    FORWARD_FADED,
    RAISED,
    ACTING_APPOINTED,
    ACTING_ENDED,
];
