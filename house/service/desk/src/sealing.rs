//! What people write to the desk, sealed under the key of the reporter or of the ticket.

/// The sealed columns by name; a seal opens only in its own column.
pub const WORDS: &str = "desk_words";
pub const NAME: &str = "desk_name";
pub const PHONE: &str = "desk_phone";
pub const STEP: &str = "desk_step";
pub const CALL: &str = "desk_call";
pub const DUTY: &str = "desk_duty";

/// The place of a picture.
pub fn picture(id: foundation::ids::Id) -> String {
    format!("desk_picture/{id}")
}
