//! What the ledger says about accounts. Words once written are never renamed.

use foundation::ledger::Kind;

pub const CREATED: Kind = Kind::new("accounts.created", 1);
pub const DISABLED: Kind = Kind::new("accounts.disabled", 1);
pub const ENABLED: Kind = Kind::new("accounts.enabled", 1);
pub const SIGNED_IN: Kind = Kind::new("accounts.signed_in", 1);
pub const SIDE_SWITCHED: Kind = Kind::new("accounts.side_switched", 1);
pub const STEPPED_UP: Kind = Kind::new("accounts.stepped_up", 1);
pub const SESSION_ENDED: Kind = Kind::new("accounts.session_ended", 1);
pub const PASSWORD_SET: Kind = Kind::new("accounts.password_set", 1);
pub const TOTP_ENROLLED: Kind = Kind::new("accounts.totp_enrolled", 1);
pub const PASSKEY_ADDED: Kind = Kind::new("accounts.passkey_added", 1);
pub const FACTOR_REMOVED: Kind = Kind::new("accounts.factor_removed", 1);
pub const RECOVERY_MADE: Kind = Kind::new("accounts.recovery_made", 1);
pub const LINK_MADE: Kind = Kind::new("accounts.link_made", 1);
pub const LINK_USED: Kind = Kind::new("accounts.link_used", 1);
pub const ROLE_GRANTED: Kind = Kind::new("accounts.role_granted", 1);
pub const ROLE_REVOKED: Kind = Kind::new("accounts.role_revoked", 1);
pub const RESET_ASKED: Kind = Kind::new("accounts.reset_asked", 1);
pub const RESET_CONFIRMED: Kind = Kind::new("accounts.reset_confirmed", 1);
pub const BEHALF_BEGUN: Kind = Kind::new("accounts.behalf_begun", 1);
pub const BEHALF_ENDED: Kind = Kind::new("accounts.behalf_ended", 1);

/// Every kind that this room writes.
pub const ALL: &[Kind] = &[
    CREATED,
    DISABLED,
    ENABLED,
    SIGNED_IN,
    SIDE_SWITCHED,
    STEPPED_UP,
    SESSION_ENDED,
    PASSWORD_SET,
    TOTP_ENROLLED,
    PASSKEY_ADDED,
    FACTOR_REMOVED,
    RECOVERY_MADE,
    LINK_MADE,
    LINK_USED,
    ROLE_GRANTED,
    ROLE_REVOKED,
    RESET_ASKED,
    RESET_CONFIRMED,
    BEHALF_BEGUN,
    BEHALF_ENDED,
];
