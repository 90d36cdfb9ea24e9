//! What happens to a person's data, in frozen words.

use foundation::ledger::Kind;

/// A person was erased: the key is destroyed; `reason` is a frozen word.
pub const ERASED: Kind = Kind::new("person.erased", 1);
/// A new wrapping key is in force.
pub const KEYS_ROTATED: Kind = Kind::new("keys.rotated", 1);

pub const ALL: &[Kind] = &[ERASED, KEYS_ROTATED];
