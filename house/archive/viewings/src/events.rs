//! The viewings' words in the ledger. Frozen: never renamed, never reused. Accounts stand as
//! actors; `asker_as`, `approver_as` and `registrar_as` say which person stands behind them.

use foundation::ledger::Kind;

/// What was written before an own file was covered by one and released by another; neither is
/// written any more.
pub const BEFORE_RELEASE: [Kind; 2] = [
    Kind::new("viewings.submitted", 1),
    Kind::new("viewings.covered", 1),
];

/// A request was written down; with its dossiers.
pub const DRAFTED: Kind = Kind::new("viewings.drafted", 1);
/// A request was changed before it was sent.
pub const REDRAFTED: Kind = Kind::new("viewings.redrafted", 1);
/// A request was sent to whom it concerns; with purpose and scope.
pub const SUBMITTED: Kind = Kind::new("viewings.submitted", 2);
pub const WITHDRAWN: Kind = Kind::new("viewings.withdrawn", 1);
/// It was approved; with the scope as granted.
pub const APPROVED: Kind = Kind::new("viewings.approved", 1);
/// The second of two approved a viewing of many rooms.
pub const SECONDED: Kind = Kind::new("viewings.seconded", 1);
pub const DENIED: Kind = Kind::new("viewings.denied", 1);
/// It stands in the register; with its number there.
pub const REGISTERED: Kind = Kind::new("viewings.registered", 1);
/// The manager vouched for a registration by the one specialist, who also asked.
pub const TAPPED: Kind = Kind::new("viewings.tapped", 1);
/// Its window opened; with when it ends.
pub const ACTIVATED: Kind = Kind::new("viewings.activated", 1);
/// A page was shown; recorded before its bytes left.
pub const PAGE_READ: Kind = Kind::new("viewings.page_read", 1);
/// A numbered copy was printed; each of its pages has an event of its own before it.
pub const PRINTED: Kind = Kind::new("viewings.printed", 1);
/// A copy came back, was shredded or handed out.
pub const COPY_ENDED: Kind = Kind::new("viewings.copy_ended", 1);
pub const CLOSED: Kind = Kind::new("viewings.closed", 1);
pub const EXPIRED: Kind = Kind::new("viewings.expired", 1);
pub const REVOKED: Kind = Kind::new("viewings.revoked", 1);
/// A dossier was opened at once, in danger to life or with the police at the door.
pub const BROKEN: Kind = Kind::new("viewings.broken", 1);
/// Somebody uninvolved found an emergency justified.
pub const JUSTIFIED: Kind = Kind::new("viewings.justified", 1);
/// Somebody uninvolved found that it was none.
pub const CONDEMNED: Kind = Kind::new("viewings.condemned", 1);
/// Nobody looked into an emergency in time; who opened it is frozen.
pub const FROZEN: Kind = Kind::new("viewings.frozen", 1);
/// The manager lets a person look again.
pub const THAWED: Kind = Kind::new("viewings.thawed", 1);
/// A box left the shelf under a viewing.
pub const BOX_LENT: Kind = Kind::new("viewings.box_lent", 1);
pub const BOX_RETURNED: Kind = Kind::new("viewings.box_returned", 1);
/// It was found why a box came back with other pages than it left with.
pub const BOX_SETTLED: Kind = Kind::new("viewings.box_settled", 1);
/// A box is late: by an hour, by a day.
pub const BOX_OVERDUE: Kind = Kind::new("viewings.box_overdue", 1);
/// Somebody was named to decide for the manager.
pub const DEPUTY_NAMED: Kind = Kind::new("viewings.deputy_named", 1);
/// Another confirmed it: from here on it holds.
pub const DEPUTY_CONFIRMED: Kind = Kind::new("viewings.deputy_confirmed", 1);
pub const DEPUTY_ENDED: Kind = Kind::new("viewings.deputy_ended", 1);
/// What is of others was covered on a page of a person's own file; how many areas, none being
/// a page that has nothing of others.
pub const COVERED: Kind = Kind::new("viewings.covered", 2);
/// A page was shown to who covers it, or covered to who releases it; recorded before its bytes
/// left.
pub const COVER_SEEN: Kind = Kind::new("viewings.cover_seen", 1);
/// Each page was gone through: another is to look at them.
pub const COVER_OFFERED: Kind = Kind::new("viewings.cover_offered", 1);
/// The other sent it back, to be covered anew.
pub const COVER_SENT_BACK: Kind = Kind::new("viewings.cover_sent_back", 1);
/// The other let it go.
pub const COVER_RELEASED: Kind = Kind::new("viewings.cover_released", 1);
/// The manager let it go, because one specialist is alone.
pub const COVER_VOUCHED: Kind = Kind::new("viewings.cover_vouched", 1);
/// The owner was told who opened the file.
pub const OWNER_TOLD: Kind = Kind::new("viewings.owner_told", 1);
/// By a lawful order the owner is not told.
pub const WITHHELD: Kind = Kind::new("viewings.withheld", 1);
/// The register left the house.
pub const REGISTER_TAKEN: Kind = Kind::new("viewings.register_taken", 1);
/// A picture was read for its code; whether one was found.
pub const TRACED: Kind = Kind::new("viewings.traced", 1);
pub const POLICY_SET: Kind = Kind::new("viewings.policy_set", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    BEFORE_RELEASE[0],
    BEFORE_RELEASE[1],
    DRAFTED,
    REDRAFTED,
    SUBMITTED,
    WITHDRAWN,
    APPROVED,
    SECONDED,
    DENIED,
    REGISTERED,
    TAPPED,
    ACTIVATED,
    PAGE_READ,
    PRINTED,
    COPY_ENDED,
    CLOSED,
    EXPIRED,
    REVOKED,
    BROKEN,
    JUSTIFIED,
    CONDEMNED,
    FROZEN,
    THAWED,
    BOX_LENT,
    BOX_RETURNED,
    BOX_SETTLED,
    BOX_OVERDUE,
    DEPUTY_NAMED,
    DEPUTY_CONFIRMED,
    DEPUTY_ENDED,
    COVERED,
    COVER_SEEN,
    COVER_OFFERED,
    COVER_SENT_BACK,
    COVER_RELEASED,
    COVER_VOUCHED,
    OWNER_TOLD,
    WITHHELD,
    REGISTER_TAKEN,
    TRACED,
    POLICY_SET,
];
