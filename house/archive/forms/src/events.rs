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
/// A home changed hands: the next tenure leaves the key that the former one had left.
pub const KEY_HANDED_ON: Kind = Kind::new("forms.key_handed_on", 1);
/// A key is lost.
pub const KEY_LOST: Kind = Kind::new("forms.key_lost", 1);
/// The month's stock-take of keys; with what was missing.
pub const KEYS_COUNTED: Kind = Kind::new("forms.keys_counted", 1);
/// A renovation was applied for.
pub const RENOVATION_APPLIED: Kind = Kind::new("forms.renovation_applied", 1);
/// Its application was approved.
pub const RENOVATION_APPROVED: Kind = Kind::new("forms.renovation_approved", 1);
/// Its application went back to be mended.
pub const RENOVATION_SENT_BACK: Kind = Kind::new("forms.renovation_sent_back", 1);
/// The mended application came again.
pub const RENOVATION_APPLIED_AGAIN: Kind = Kind::new("forms.renovation_applied_again", 1);
/// The application was withdrawn.
pub const RENOVATION_WITHDRAWN: Kind = Kind::new("forms.renovation_withdrawn", 1);
/// Fee and deposit were paid; in fen.
pub const RENOVATION_PAID: Kind = Kind::new("forms.renovation_paid", 1);
/// Work was permitted.
pub const RENOVATION_PERMITTED: Kind = Kind::new("forms.renovation_permitted", 1);
/// The site was inspected.
pub const RENOVATION_INSPECTED: Kind = Kind::new("forms.renovation_inspected", 1);
/// Work was stopped for a breach.
pub const RENOVATION_STOPPED: Kind = Kind::new("forms.renovation_stopped", 1);
/// Work goes on.
pub const RENOVATION_RESUMED: Kind = Kind::new("forms.renovation_resumed", 1);
/// Acceptance found what is to be mended.
pub const RENOVATION_REWORK: Kind = Kind::new("forms.renovation_rework", 1);
/// The work was accepted.
pub const RENOVATION_ACCEPTED: Kind = Kind::new("forms.renovation_accepted", 1);
/// The second check found what is to be mended.
pub const RENOVATION_RECHECK_FAILED: Kind = Kind::new("forms.renovation_recheck_failed", 1);
/// The second check found nothing.
pub const RENOVATION_RECHECKED: Kind = Kind::new("forms.renovation_rechecked", 1);
/// The deposit was refunded; in fen.
pub const RENOVATION_REFUNDED: Kind = Kind::new("forms.renovation_refunded", 1);
/// A breach was found.
pub const BREACH_FOUND: Kind = Kind::new("forms.breach_found", 1);
/// Evidence was taken.
pub const BREACH_EVIDENCED: Kind = Kind::new("forms.breach_evidenced", 1);
/// A notice was issued, with a deadline.
pub const BREACH_ISSUED: Kind = Kind::new("forms.breach_issued", 1);
/// The notice was served.
pub const BREACH_SERVED: Kind = Kind::new("forms.breach_served", 1);
/// The notice was served; the signature was refused before a witness.
pub const BREACH_SIGNATURE_REFUSED: Kind = Kind::new("forms.breach_signature_refused", 1);
/// The check found it put right.
pub const BREACH_FIXED: Kind = Kind::new("forms.breach_fixed", 1);
/// The check found it not put right.
pub const BREACH_UNFIXED: Kind = Kind::new("forms.breach_unfixed", 1);
/// A new deadline was set.
pub const BREACH_EXTENDED: Kind = Kind::new("forms.breach_extended", 1);
/// It was reported to the authority.
pub const BREACH_REFERRED: Kind = Kind::new("forms.breach_referred", 1);
/// It was closed with its result.
pub const BREACH_CLOSED: Kind = Kind::new("forms.breach_closed", 1);
/// It was none, or could not be proved.
pub const BREACH_DROPPED: Kind = Kind::new("forms.breach_dropped", 1);
/// A document of the dossier was added to a case.
pub const CASE_PAPER: Kind = Kind::new("forms.case_paper", 1);
/// A case is due in two days.
pub const DUE_SOON: Kind = Kind::new("forms.due_soon", 1);
/// A case is overdue.
pub const OVERDUE: Kind = Kind::new("forms.overdue", 1);
/// A home's handover was begun, with its forms.
pub const HANDOVER_BEGUN: Kind = Kind::new("forms.handover_begun", 1);
/// A building is to be prepared for its handover; with its homes.
pub const PREPARING: Kind = Kind::new("forms.preparing", 1);
/// Homes of a building were prepared: how many so far, with papers that are ready, and whether
/// they were the last.
pub const PREPARED: Kind = Kind::new("forms.prepared", 1);
/// Identity and contract were checked.
pub const IDENTITY_CHECKED: Kind = Kind::new("forms.identity_checked", 1);
/// The fees were looked at; with what was overdue, in fen.
pub const FEES_SEEN: Kind = Kind::new("forms.fees_seen", 1);
/// A home was handed over: all its papers are there.
pub const HANDOVER_DONE: Kind = Kind::new("forms.handover_done", 1);

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
    KEY_HANDED_ON,
    KEY_LOST,
    KEYS_COUNTED,
    RENOVATION_APPLIED,
    RENOVATION_APPROVED,
    RENOVATION_SENT_BACK,
    RENOVATION_APPLIED_AGAIN,
    RENOVATION_WITHDRAWN,
    RENOVATION_PAID,
    RENOVATION_PERMITTED,
    RENOVATION_INSPECTED,
    RENOVATION_STOPPED,
    RENOVATION_RESUMED,
    RENOVATION_REWORK,
    RENOVATION_ACCEPTED,
    RENOVATION_RECHECK_FAILED,
    RENOVATION_RECHECKED,
    RENOVATION_REFUNDED,
    BREACH_FOUND,
    BREACH_EVIDENCED,
    BREACH_ISSUED,
    BREACH_SERVED,
    BREACH_SIGNATURE_REFUSED,
    BREACH_FIXED,
    BREACH_UNFIXED,
    BREACH_EXTENDED,
    BREACH_REFERRED,
    BREACH_CLOSED,
    BREACH_DROPPED,
    CASE_PAPER,
    DUE_SOON,
    OVERDUE,
    HANDOVER_BEGUN,
    PREPARING,
    PREPARED,
    IDENTITY_CHECKED,
    FEES_SEEN,
    HANDOVER_DONE,
];
