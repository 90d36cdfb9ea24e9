//! Where the owner archive's paper stands.

pub mod plan;
