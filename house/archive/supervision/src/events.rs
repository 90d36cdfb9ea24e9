//! What this room records. Words once written are never renamed.

use foundation::ledger::Kind;

/// Figures of persons left the house as a file.
pub const FIGURES_TAKEN: Kind = Kind::new("supervision.figures_taken", 1);

pub const ALL: &[Kind] = &[FIGURES_TAKEN];
