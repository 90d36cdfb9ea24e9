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

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    BEGUN, SAVED, PRINTED, REOPENED, TAKEN_OVER, SIGNED, VOIDED, POLICY_SET,
];
