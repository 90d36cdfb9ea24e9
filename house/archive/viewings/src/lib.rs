//! Viewings (查閱): the only way to a page of a filed document (SY-WI-KF-09 4.5). Somebody asks,
//! the manager approves, a specialist registers, and for an hour at most the one who asked sees
//! pictures of pages that say who looks; each look is in the ledger before its bytes leave.
//!
//! In the order of life: [`ask::draft`] · [`ask::submit`] · [`decide::approve`] ·
//! [`register::register`] · [`opening::activate`] · [`reading::page`] · [`printing::print`] ·
//! [`loans::lend`] · [`opening::close`]; [`emergency::open_now`] and its review; a person's own
//! file by [`own::ask`], covered and released by [`own_cover`]; [`trace::trace`] reads whose page a picture shows.
//!
//! [`states`] is the table that all of them ask; [`rule`] replays it over a log.

mod act;
pub mod ask;
pub mod clock;
pub mod decide;
pub mod deputy;
pub mod emergency;
pub mod events;
pub mod listing;
mod live;
pub mod loans;
pub mod opening;
pub mod own;
pub mod own_area;
pub mod own_cover;
pub mod pages;
mod persons;
pub mod policy;
pub mod printing;
pub mod reading;
pub mod register;
pub mod rule;
pub mod scope;
mod stamping;
pub mod states;
mod store;
mod tell;
pub mod trace;
pub mod viewing;

use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use scope::{Mode, Modes, Purpose, Scope, Way};
pub use states::{Guard, Refused, State};
pub use store::Sieve;
pub use store::lent::Loan;
pub use store::read::Copy;
pub use viewing::{Texts, Viewing, open_texts};

/// A reason says something (archive.md P2).
pub const REASON_CHARS_MIN: usize = 10;
pub const REASON_CHARS_MAX: usize = 500;
pub const VISITOR_CHARS_MAX: usize = 80;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum ViewingError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("what was handed over: {0}")]
    Given(Box<successions::SuccessionError>),
    /// No such viewing, page or box, or not one's own to look at.
    #[error("not found")]
    NotFound,
    #[error("changed by another since it was read")]
    Changed,
    /// The table says no.
    #[error("refused: {0:?}")]
    Refused(Refused),
    /// No dossier, more than a viewing takes, or one that is none.
    #[error("not a set of dossiers")]
    Dossiers,
    /// A tenure that has ended is opened for few purposes only.
    #[error("sealed: the purpose does not open it")]
    Sealed,
    #[error("a reason has {REASON_CHARS_MIN} to {REASON_CHARS_MAX} characters")]
    Reason,
    #[error("too long or empty")]
    Words,
    /// No kind, no way of looking, no time.
    #[error("no scope")]
    Scope,
    /// A document that lies in none of the dossiers or kinds.
    #[error("a document outside of the scope")]
    Document,
    #[error("a refusal of a person's own data names its legal ground")]
    Ground,
    #[error("a copy has at most {} pages", printing::PAGES_MAX)]
    TooManyPages,
    /// The label is void, or the box is of another dossier.
    #[error("not the box of this viewing")]
    OtherBox,
    #[error("the box is out already")]
    BoxOut,
    #[error("a deputy is a colleague other than who names them, for a week at most")]
    Deputy,
    #[error(
        "a page has at most {} covered areas, each within it",
        own_area::AREAS_MAX
    )]
    Areas,
    #[error("pages of a box are counted, and a difference is explained")]
    Count,
    #[error("a setting is outside of what offices do")]
    Setting,
    #[error("not a picture")]
    Picture,
    #[error("the page could not be marked: {0}")]
    Mark(watermark::MarkError),
    #[error(transparent)]
    Archive(#[from] dossiers::ArchiveError),
    #[error(transparent)]
    Shelf(#[from] shelves::ShelfError),
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

impl From<foundation::keys::DoesNotOpen> for ViewingError {
    fn from(e: foundation::keys::DoesNotOpen) -> ViewingError {
        ViewingError::Keys(e.into())
    }
}

impl From<Refused> for ViewingError {
    fn from(e: Refused) -> ViewingError {
        ViewingError::Refused(e)
    }
}
