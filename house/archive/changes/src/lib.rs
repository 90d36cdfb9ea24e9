//! 變更跟蹤 (SY-WI-KF-09 4.4.1): a change of a contact, an owner or a resident, from whichever
//! door, becomes a dated record in the dossier, checked by another person than who made it.
//! 過戶 is one guided act. 封存: an ended tenure is sealed when its time comes.
//!
//! A change, in the order of life: [`follow::follow`] · [`check::evidence`] ·
//! [`check::check`] or [`check::reject`]. A transfer: [`transfer::begin`] ·
//! [`transfer::save`] · [`transfer::preview::preview`] · [`transfer::deed::complete`], or
//! [`transfer::drop`], [`transfer::deed::undo`] on its day. A tenure: [`sealing::look`] ·
//! [`sealing::unseal`].

pub mod check;
pub mod events;
pub mod follow;
pub mod jobs;
pub mod listing;
pub mod own;
pub mod pages;

pub mod record;
pub mod rules;
pub mod sealing;
mod store;
pub mod tell;
pub mod transfer;

use dossiers::ArchiveError;
use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use record::{Record, State};

/// The longest reason kept.
pub const REASON_CHARS_MAX: usize = 300;
/// The shortest: one that says something.
pub const REASON_CHARS_MIN: usize = 4;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such change, transfer or tenure.
    #[error("not found")]
    NotFound,
    #[error("changed by another since it was read")]
    Changed,
    #[error("a change that is {} cannot be treated so", .0.word())]
    State(State),
    /// Whoever made a change does not check it.
    #[error("another person checks")]
    OwnChange,
    /// Nothing says what the change rests on.
    #[error("nothing says what the change rests on")]
    NoEvidence,
    #[error("the document is not of a dossier of this change")]
    Document,
    #[error("a reason of {REASON_CHARS_MIN} to {REASON_CHARS_MAX} characters is needed")]
    Reason,
    /// The change was changed again since: there is nothing to take back.
    #[error("it was changed again since")]
    Superseded,
    /// A transfer is taken back as a whole.
    #[error("a transfer is taken back as a whole")]
    Whole,
    /// There is a draft of this room already.
    #[error("a draft of this room is there")]
    HasDraft(foundation::ids::Id),
    /// Keys of what is still to be said before a transfer.
    #[error("not complete: {0:?}")]
    Missing(Vec<&'static str>),
    /// A transfer is taken back on its own day only.
    #[error("the day of the transfer has passed")]
    DayPast,
    /// Keys of what followed a transfer.
    #[error("something followed: {0:?}")]
    Followed(Vec<&'static str>),
    #[error("a tenure that waits for {0:?} is not sealed")]
    Waits(Vec<String>),
    #[error("a dossier is opened for 1 to {0} days")]
    Days(i64),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Forms(#[from] forms::FormsError),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Fees(#[from] fees::FeesError),
    #[error(transparent)]
    Imports(#[from] imports::ImportError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<foundation::keys::DoesNotOpen> for ChangesError {
    fn from(e: foundation::keys::DoesNotOpen) -> ChangesError {
        ChangesError::Keys(e.into())
    }
}

/// A reason as it is kept.
fn reason(text: &str) -> Result<String, ChangesError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if (REASON_CHARS_MIN..=REASON_CHARS_MAX).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(ChangesError::Reason)
    }
}
