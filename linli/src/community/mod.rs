//! The community wing: the owners' group and its life.

pub mod membership;
pub mod texts;
