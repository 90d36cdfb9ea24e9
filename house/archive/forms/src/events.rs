//! The forms' words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// A form was begun on the screen.
pub const BEGUN: Kind = Kind::new("forms.begun", 1);
/// What stands in a form was changed.
pub const SAVED: Kind = Kind::new("forms.saved", 1);
/// A form was made ready for signature; with its edition.
pub const PRINTED: Kind = Kind::new("forms.printed", 1);
/// A printed form went back to be mended; its paper counts no more.
pub const REOPENED: Kind = Kind::new("forms.reopened", 1);
/// Another person goes on with a form, and sees it in clear from now on.
pub const TAKEN_OVER: Kind = Kind::new("forms.taken_over", 1);
/// The signed paper's scan is in the archive.
pub const SIGNED: Kind = Kind::new("forms.signed", 1);
/// A form was given up.
pub const VOIDED: Kind = Kind::new("forms.voided", 1);
/// The settings were changed.
pub const POLICY_SET: Kind = Kind::new("forms.policy_set", 1);

/// A key of a home was left with the office, and signed for.
pub const KEY_DEPOSITED: Kind = Kind::new("forms.key_deposited", 1);
/// A key was lent against a paper of identity.
pub const KEY_LENT: Kind = Kind::new("forms.key_lent", 1);
/// A lent key came back.
pub const KEY_RETURNED: Kind = Kind::new("forms.key_returned", 1);
/// A lent key did not come back in time.
pub const KEY_OVERDUE: Kind = Kind::new("forms.key_overdue", 1);
/// The borrower was called about it.
pub const KEY_CALLED: Kind = Kind::new("forms.key_called", 1);
/// The owner took the key back, and signed for it.
pub const KEY_GIVEN_BACK: Kind = Kind::new("forms.key_given_back", 1);
/// A key is lost.
pub const KEY_LOST: Kind = Kind::new("forms.key_lost", 1);
/// The month's stock-take of keys; with what was missing.
pub const KEYS_COUNTED: Kind = Kind::new("forms.keys_counted", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    BEGUN,
    SAVED,
    PRINTED,
    REOPENED,
    TAKEN_OVER,
    SIGNED,
    VOIDED,
    POLICY_SET,
    KEY_DEPOSITED,
    KEY_LENT,
    KEY_RETURNED,
    KEY_OVERDUE,
    KEY_CALLED,
    KEY_GIVEN_BACK,
    KEY_LOST,
    KEYS_COUNTED,
];
