//! Keeping: what an operator does for the house so that the ledger stays honest and
//! the machine sound: signed checkpoints, verification, exports and proofs, doctor,
//! and the ledger's pages.

mod address;
pub mod anchors;
pub mod checkpoints;
pub mod doctor;
mod event_page;
pub mod events;
pub mod evidence;
pub mod exporting;
pub mod handing;
pub mod lookup;
pub mod pages;
pub mod proving;
mod shown;
mod store;
mod takeout;
pub mod told;
pub mod verbs;
pub mod verify;

pub use address::remember_public_url;
