//! The house: see `foundation` for what everything stands on.
pub mod foundation;
