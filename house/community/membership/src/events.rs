//! What the ledger says about membership: frozen words, never renamed or reused.

use foundation::ledger::Kind;

pub const SUBMITTED: Kind = Kind::new("membership.submitted", 1);
pub const OPENED: Kind = Kind::new("membership.opened", 1);
pub const ASKED: Kind = Kind::new("membership.asked", 1);
pub const ANSWERED: Kind = Kind::new("membership.answered", 1);
pub const APPROVED: Kind = Kind::new("membership.approved", 1);
pub const REJECTED: Kind = Kind::new("membership.rejected", 1);
pub const WITHDRAWN: Kind = Kind::new("membership.withdrawn", 1);
pub const REVIEW_ASKED: Kind = Kind::new("membership.review_asked", 1);
pub const INVITED: Kind = Kind::new("membership.invited", 1);
pub const REMINDED: Kind = Kind::new("membership.reminded", 1);
pub const INVITE_EXPIRED: Kind = Kind::new("membership.invite_expired", 1);
pub const JOINED: Kind = Kind::new("membership.joined", 1);
pub const SUSPENDED: Kind = Kind::new("membership.suspended", 1);
pub const RESUMED: Kind = Kind::new("membership.resumed", 1);
pub const LEAVING: Kind = Kind::new("membership.leaving", 1);
pub const STAYED: Kind = Kind::new("membership.stayed", 1);
pub const REMOVAL_ASKED: Kind = Kind::new("membership.removal_asked", 1);
pub const REMOVAL_DROPPED: Kind = Kind::new("membership.removal_dropped", 1);
pub const REMOVED: Kind = Kind::new("membership.removed", 1);
pub const REINSTATED: Kind = Kind::new("membership.reinstated", 1);
pub const ENDED: Kind = Kind::new("membership.ended", 1);
pub const PICTURES_ERASED: Kind = Kind::new("membership.pictures_erased", 1);
pub const PICTURE_SEEN: Kind = Kind::new("membership.picture_seen", 1);
pub const CONSENT_WITHDRAWN: Kind = Kind::new("membership.consent_withdrawn", 1);
pub const CONSENT_GIVEN: Kind = Kind::new("membership.consent_given", 1);
pub const TIED: Kind = Kind::new("membership.tied", 1);
pub const UNMASKED: Kind = Kind::new("membership.unmasked", 1);
pub const POLICY_SET: Kind = Kind::new("membership.policy_set", 1);
pub const TEXT_PUBLISHED: Kind = Kind::new("membership.text_published", 1);

/// Every kind of this room.
pub const ALL: &[Kind] = &[
    SUBMITTED,
    OPENED,
    ASKED,
    ANSWERED,
    APPROVED,
    REJECTED,
    WITHDRAWN,
    REVIEW_ASKED,
    INVITED,
    REMINDED,
    INVITE_EXPIRED,
    JOINED,
    SUSPENDED,
    RESUMED,
    LEAVING,
    STAYED,
    REMOVAL_ASKED,
    REMOVAL_DROPPED,
    REMOVED,
    REINSTATED,
    ENDED,
    PICTURES_ERASED,
    PICTURE_SEEN,
    CONSENT_WITHDRAWN,
    CONSENT_GIVEN,
    TIED,
    UNMASKED,
    POLICY_SET,
    TEXT_PUBLISHED,
];
