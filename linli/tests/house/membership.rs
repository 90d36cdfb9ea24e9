//! Joining, end to end by the verbs: people with names, the rows and the ledger lines.

mod desk;
pub mod story;
pub mod terms;
pub mod world;
