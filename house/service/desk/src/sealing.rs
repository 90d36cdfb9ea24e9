//! What people write to the desk, sealed under the key of the reporter, the room, or the ticket.

/// The sealed columns by name; a seal opens only in its own column.
pub const WORDS: &str = "desk_words";
pub const PHONE: &str = "desk_phone";
pub const STEP: &str = "desk_step";
pub const CALL: &str = "desk_call";
pub const DUTY: &str = "desk_duty";
