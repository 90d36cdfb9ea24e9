//! Own words about a household's debt, sealed under its room's key as the fees' are.

/// The sealed columns by name; a seal opens only in its own column.
pub const SAID: &str = "arrears_said";
pub const ANSWERED: &str = "arrears_answered";
pub const NOTE: &str = "arrears_hold_note";
pub const ANSWER: &str = "arrears_hold_answer";
pub const ITEMS: &str = "arrears_letter_items";
