//! Dossiers (業主檔案): a room under one ownership has one, with the papers a to j of
//! SY-WI-KF-09 that belong to it. What is filed lies in the strongroom and is shown by
//! nobody here: before filing, who handed a document in and who checks it see its pages, each
//! look in the ledger; afterwards a viewing is the only way.
//!
//! In the order of life: [`open::tend`] · [`intake::hand_in`] · [`pictures::draw`] · [`looking::page`] ·
//! [`filing::file`] · [`filing::withdraw`] · [`open::close`]; a crash between them is put right
//! by [`recovery::recover`].

pub mod catalog;
pub mod describe;
pub mod document;
pub mod dossier;
pub mod escrow;
pub mod events;
pub mod filing;
pub mod fixity;
pub mod follow;
pub mod for_viewing;
pub mod handing;
pub mod heads;
pub mod intake;
pub mod kind;
pub mod listing;
pub mod looking;
pub mod number;
pub mod open;
pub mod pages;
pub mod pictures;
pub mod policy;
pub mod reader;
pub mod recovery;
pub mod rotation;
pub mod scanner;
pub mod sealing;
pub mod shred;
mod store;
mod turn;
pub mod upkeep;
pub mod vault;

use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use document::{Document, Draft, State};
pub use dossier::{Dossier, Life};
pub use heads::heads;
pub use kind::{Kind, Kinds};
pub use reader::Reader;
pub use vault::Vault;

pub const TITLE_CHARS_MAX: usize = 80;
pub const SIGNED_CHARS_MAX: usize = 60;
pub const NOTE_CHARS_MAX: usize = 500;
pub const BOX_CHARS_MAX: usize = 30;
/// Documents of one kind in one dossier: their number has three digits.
pub const NTH_MAX: i64 = 999;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such dossier or document, or not one's own to look at.
    #[error("not found")]
    NotFound,
    #[error("a document that is {} cannot be treated so", .0.word())]
    State(State),
    #[error("changed by another since it was read")]
    Changed,
    /// 封存: it is opened for a purpose first.
    #[error("sealed")]
    Sealed,
    #[error("a title has 1 to {TITLE_CHARS_MAX} characters")]
    Title,
    #[error("too long")]
    Words,
    #[error("the checker files documents in this compound")]
    Checker,
    /// Whoever handed it in does not check it, where another could.
    #[error("another person checks")]
    OwnDocument,
    /// The person counted other pages than the parser.
    #[error("{said} pages were counted by hand, {counted} by the parser")]
    Pages { said: i64, counted: i64 },
    #[error("the file was refused: {0}")]
    File(#[from] scans::Refused),
    #[error("nothing was handed in")]
    NoFile,
    #[error("only photographs are bound into one document")]
    Mixed,
    #[error("there are {NTH_MAX} documents of this kind already")]
    TooMany,
    #[error("another process keeps the strongroom")]
    Elsewhere,
    #[error("a number rule names the room and the tenure: {0}")]
    Rule(&'static str),
    /// The kernel does not hold the child that reads strangers' files, and the operator did not
    /// say that it may read all the same.
    #[error("the child that reads files is not confined on this machine")]
    Unconfined,
    /// The medium is full.
    #[error("the disk is full")]
    Full,
    #[error("the strongroom: {0}")]
    Strongroom(strongroom::RoomError),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Sheet(#[from] sheets::WriteError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<strongroom::RoomError> for ArchiveError {
    fn from(e: strongroom::RoomError) -> ArchiveError {
        use strongroom::RoomError as R;
        match e {
            R::Busy => ArchiveError::Elsewhere,
            R::Io(e) if e.kind() == std::io::ErrorKind::StorageFull => ArchiveError::Full,
            R::Gone(_) => std::io::Error::new(std::io::ErrorKind::NotFound, e.to_string()).into(),
            e => ArchiveError::Strongroom(e),
        }
    }
}

impl From<foundation::keys::DoesNotOpen> for ArchiveError {
    fn from(e: foundation::keys::DoesNotOpen) -> ArchiveError {
        ArchiveError::Keys(e.into())
    }
}
