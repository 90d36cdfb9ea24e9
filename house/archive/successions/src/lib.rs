//! The owner archive handed to a successor company (移交): at the end of the contract the
//! outgoing company hands over what it holds of the owners (民法典 949; 北京市物業管理條例 76
//! within 30 days, 杭州 57 within 15, 日照 53 within 10). Two persons let it begin; what leaves
//! is a bag (RFC 8493) that any tool for bags checks, with metadata for each dossier, the
//! catalog, the compound's ledger with its signed head, and a list that both companies sign.
//!
//! In the order of life: [`acts::ask`] · [`acts::confirm`] or [`acts::refuse`] ·
//! [`write::go_on`], slice by slice as a job, [`acts::resume`] where it stopped · [`acts::deliver`] ·
//! [`download::take`] · [`acts::clear`].

pub mod acts;
mod catalog;
pub mod download;
pub mod events;
mod given;
pub mod list;
mod metadata;
pub mod pages;
pub mod rule;
mod store;
mod succession;
pub mod write;

use foundation::database::DbError;
use permissions::actor::Forbidden;

pub use acts::Asked;
pub use given::{Given, given};
pub use succession::{State, Succession};

/// A company's name.
pub const SUCCESSOR_CHARS_MAX: usize = 60;
/// Successions of one compound that a list shows: a contract lasts years.
pub const LISTED_MAX: i64 = 100;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum SuccessionError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("not found")]
    NotFound,
    #[error("a succession that is {} cannot be treated so", .0.word())]
    State(State),
    /// The package is being written; nothing stopped.
    #[error("it is at work")]
    AtWork,
    #[error("changed by another since it was read")]
    Changed,
    /// The one who asks does not let it begin.
    #[error("another person confirms")]
    OwnAsking,
    #[error("a company's name has 1 to {SUCCESSOR_CHARS_MAX} characters")]
    Successor,
    /// Neither a key nor a word that it goes out in clear.
    #[error("no recipient's key, and not said that it goes out in clear")]
    Recipient,
    #[error("{0:?} is no room of this compound")]
    Room(String),
    #[error("not a day: {0:?}")]
    Day(String),
    /// There is no dossier in the scope.
    #[error("nothing to hand over")]
    Nothing,
    #[error("the ledger: {0}")]
    Ledger(String),
    #[error(transparent)]
    Bag(#[from] bagit::BagError),
    #[error(transparent)]
    Archive(#[from] dossiers::ArchiveError),
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
}
