//! linli 鄰里: the front of the house, its doors, its keeping and its command line. One
//! sentence explains the whole: every change is one verb of one room, done in one
//! transaction that ends by writing one event into the ledger; everything else follows
//! the ledger.
//!
//! The rooms are crates of their own under `house/`, so that each may name only whom
//! its `Cargo.toml` lists: engines nothing of ours save `hanzi` · foundation engines ·
//! people foundation and engines · rooms foundation, people, engines, and another
//! room's verbs downhill only · doors every room's pages.

pub mod commands;
pub mod demo;
pub mod doors;
mod event_kinds;
pub mod keeping;
pub mod line;

pub use event_kinds::event_kinds;
