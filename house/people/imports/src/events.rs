//! The imports' words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// Somebody confirmed an import on the screen; nothing of it is seen yet.
pub const STARTED: Kind = Kind::new("import.started", 1);
/// All that an import brings is there, at once.
pub const COMMITTED: Kind = Kind::new("import.committed", 1);
/// An import was taken back, but for what had changed since.
pub const UNDONE: Kind = Kind::new("import.undone", 1);

/// A file that nobody confirmed within a month was given up.
pub const DRAFT_ENDED: Kind = Kind::new("import.draft_ended", 1);
/// Whoever handed a file in took its faulty rows away to mend them.
pub const FAULTY_TAKEN: Kind = Kind::new("import.faulty_taken", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[STARTED, COMMITTED, UNDONE, DRAFT_ENDED, FAULTY_TAKEN];
