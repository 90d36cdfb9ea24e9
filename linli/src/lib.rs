//! linli 鄰里: the house. One sentence explains it: every change is one verb of one
//! room, done in one transaction that ends by writing one event into the ledger;
//! everything else follows the ledger.
//!
//! Who may import whom: engines nothing of ours save `hanzi` · foundation engines ·
//! people foundation and engines · rooms foundation, people, engines, and another
//! room's verbs downhill only · followers foundation and each room's event words ·
//! doors every room's pages. A test reads the `use` lines and holds it.

pub mod commands;
pub mod community;
pub mod demo;
pub mod doors;
mod event_kinds;
pub mod foundation;
pub mod keeping;
pub mod people;

pub use event_kinds::event_kinds;
