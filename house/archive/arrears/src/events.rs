//! The arrears' words in the ledger. Frozen. Days stand in them as numbers, 20250131: what is
//! replayed must be there, and nothing personal.

use foundation::ledger::Kind;
use jiff::civil::Date;

/// Accounts came into scope, or their earliest unpaid item is another now: due day and rooms.
pub const IN_SCOPE: Kind = Kind::new("arrears.in_scope", 1);
/// Accounts left scope: nothing of theirs is a month overdue any more.
pub const CLEARED: Kind = Kind::new("arrears.cleared", 1);
/// A household was followed up.
pub const CONTACTED: Kind = Kind::new("arrears.contacted", 1);
/// A follow-up was wrong, and another stands in its place or none.
pub const CORRECTED: Kind = Kind::new("arrears.corrected", 1);
/// A hold was asked for.
pub const HOLD_ASKED: Kind = Kind::new("arrears.hold_asked", 1);
/// The manager granted or renewed a hold, until a day.
pub const HELD: Kind = Kind::new("arrears.held", 1);
/// The manager granted none.
pub const HOLD_REFUSED: Kind = Kind::new("arrears.hold_refused", 1);
/// A hold ended before its day.
pub const HOLD_LIFTED: Kind = Kind::new("arrears.hold_lifted", 1);
/// A written demand was issued.
pub const LETTER_ISSUED: Kind = Kind::new("arrears.letter_issued", 1);
/// It was handed over, or came back.
pub const LETTER_SETTLED: Kind = Kind::new("arrears.letter_settled", 1);
/// Collecting went a step further.
pub const STAGED: Kind = Kind::new("arrears.staged", 1);
/// Missed follow-ups were told to the supervisor, or to the manager.
pub const ESCALATED: Kind = Kind::new("arrears.escalated", 1);
/// Today's tasks were told to those who have them.
pub const REMINDED: Kind = Kind::new("arrears.reminded", 1);
/// A pack of evidence was drawn.
pub const EVIDENCE_DRAWN: Kind = Kind::new("arrears.evidence_drawn", 1);
/// Somebody follows up a building, or nobody.
pub const SHARED: Kind = Kind::new("arrears.shared", 1);
/// The terms were set.
pub const POLICY_SET: Kind = Kind::new("arrears.policy_set", 1);
/// What letters say of the city's own rules was set.
pub const PACK_SET: Kind = Kind::new("arrears.pack_set", 1);
/// The day's list left the house as a file.
pub const LIST_TAKEN: Kind = Kind::new("arrears.list_taken", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    IN_SCOPE,
    CLEARED,
    CONTACTED,
    CORRECTED,
    HOLD_ASKED,
    HELD,
    HOLD_REFUSED,
    HOLD_LIFTED,
    LETTER_ISSUED,
    LETTER_SETTLED,
    STAGED,
    ESCALATED,
    REMINDED,
    EVIDENCE_DRAWN,
    SHARED,
    POLICY_SET,
    PACK_SET,
    LIST_TAKEN,
];

/// A day as a number: 20250131.
pub fn number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day of a number.
pub fn day(number: i64) -> Option<Date> {
    let year = i16::try_from(number / 10_000).ok()?;
    let (month, day) = ((number / 100 % 100) as i8, (number % 100) as i8);
    Date::new(year, month, day).ok()
}
