//! What keeping writes into the house log.

use foundation::ledger::Kind;

/// The ledger contradicts a head that was signed earlier.
pub const ALARM: Kind = Kind::new("ledger.alarm", 1);
/// Somebody had a ledger verified from its page.
pub const VERIFIED: Kind = Kind::new("ledger.verified", 1);
/// The ledger was written out as files.
pub const EXPORTED: Kind = Kind::new("ledger.exported", 1);

/// A setting of the house was changed; `value` is a keyed digest.
pub const CONFIGURED: Kind = Kind::new("house.configured", 1);

pub const ALL: &[Kind] = &[ALARM, VERIFIED, EXPORTED, CONFIGURED];
