//! The quarterly survey of households (季度普查, SY-WI-KF-09 4.4.2): each tenure that is due in a
//! quarter gets one record of it, with every field confirmed or changed, in shelf order, without
//! pressing anybody.
//!
//! In the order of life: [`plan::tend`] · [`share::spread`] · [`visit::away`] ·
//! [`answer::send`] · [`confirm::confirm`] · [`visit::vacant`] · [`visit::refuse`] ·
//! [`plan::close`]; households check themselves by [`link`]; what is due is pure and in [`rule`],
//! and replayed over the ledger by [`replay`].

pub mod answer;
pub mod confirm;
pub mod coverage;
pub mod events;
pub mod home;
pub mod jobs;
pub mod link;
pub mod pages;
pub mod papers;
pub mod plan;
pub mod replay;
pub mod rule;
pub mod share;
mod store;
pub mod task;
pub mod tell;
pub mod visit;
pub mod work;

use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use rule::Quarter;
pub use task::{State, Task};

/// Attempts kept of one household in one quarter: more is pressing, not visiting.
pub const ATTEMPTS_MAX: i64 = 6;
/// After so many attempts in different parts of the day, a slip at the door is the way on.
pub const ATTEMPTS_ENOUGH: i64 = 3;
/// Persons and vehicles added by one answer.
pub const ADDED_MAX: usize = 6;
pub const TEXT_CHARS_MAX: usize = 120;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum CensusError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such household, answer or link.
    #[error("not found")]
    NotFound,
    #[error("changed by another since it was read")]
    Changed,
    #[error("a household that is {} cannot be treated so", .0.word())]
    State(State),
    /// Keys of fields that are neither confirmed nor changed.
    #[error("neither confirmed nor changed: {0:?}")]
    Missing(Vec<String>),
    /// The field's key, and what is wrong with it.
    #[error("{0}: {1}")]
    Field(String, Fault),
    /// Two different signs are needed to hold a home empty.
    #[error("two signs are needed")]
    Signs,
    /// Who was visited in vain in the same part of a day is not visited in it again.
    #[error("tried in this part of the day already")]
    SamePart,
    #[error("tried often enough")]
    Tried,
    /// A difference that nobody decided about.
    #[error("a difference is not decided")]
    Undecided,
    /// The link was used, is over, or a newer one took its place.
    #[error("the link leads nowhere any more")]
    LinkOver,
    /// Nobody of the office visits.
    #[error("nobody to assign")]
    Nobody,
    /// Nothing to print, or more than one paper holds.
    #[error("nothing to print")]
    Nothing,
    #[error("the quarter has not begun")]
    Early,
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Accounts(#[from] accounts::AccountError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Changes(#[from] changes::ChangesError),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("not a phone number")]
    Phone,
    #[error("not a name")]
    Name,
    #[error("not a number plate")]
    Plate,
    #[error("too long or empty")]
    Words,
    /// Under fourteen: not without the guardian's consent (PIPL 31).
    #[error("a child's data need the guardian's consent")]
    Consent,
    #[error("an unknown choice")]
    Choice,
}

impl From<foundation::keys::DoesNotOpen> for CensusError {
    fn from(e: foundation::keys::DoesNotOpen) -> CensusError {
        CensusError::Keys(e.into())
    }
}
