//! What every room stands on.
pub mod page;
