//! From finding to sanction to appeal, by the verbs: people with names, the rows and the
//! ledger lines.

mod appeals;
mod desk;
mod learning;
mod line;
mod pages;
mod time;
pub mod world;
