//! The forms c to h with the trade's fields.

pub mod breach;
pub mod inspection;
pub mod keys;
pub mod receipt;
pub mod register;
pub mod renovation;
