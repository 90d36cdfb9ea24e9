//! Forms (SY-WI-KF-09 4.1 c to h): filled on the screen, printed for signature, and the signed
//! scan attached, so that data and scan lie together.
//!
//! In the order of life: [`fill::begin`] · [`fill::save`] · [`fill::print`] ·
//! [`attach::attach`], or [`fill::void`]. Until a form is signed, who fills it in sees its
//! entries in clear and others see them masked; afterwards a viewing is the only way.
//!
//! The keys of homes that lie with the office: [`keys::deposit`] · [`keys::lend`] ·
//! [`keys::take_back`] · [`keys::give_back`], counted each month by [`keys::count`].
//!
//! A home is handed over (入伙) by one guided flow that makes its forms: [`handover`]; a building
//! is got ready for it by a job: [`preparing`].
//!
//! Renovations and breaches are processes: [`cases::act::apply`] or [`cases::act::found`], then
//! [`cases::act::act`] by the tables of their acts.

pub mod attach;
pub mod cases;
pub mod definitions;
pub mod events;
pub mod fields;
pub mod fill;
pub mod filled;
pub mod handover;
pub mod jobs;
pub mod keys;
pub mod listing;
pub mod pages;
pub mod policy;
pub mod prefill;
pub mod preparing;
pub mod printing;
pub mod register;
mod sealing;
mod store;
mod tell;
pub mod values;
pub mod workdays;

use dossiers::ArchiveError;
use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use filled::{Filled, Head, State};
pub use values::Values;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum FormsError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such form, key or case.
    #[error("not found")]
    NotFound,
    #[error("a form that is {} cannot be treated so", .0.word())]
    State(State),
    /// Another person fills it in.
    #[error("another person fills it in")]
    NotYours,
    /// The dossier's tenure ended.
    #[error("the tenure has ended")]
    Ended,
    #[error("changed by another since it was read")]
    Changed,
    /// Labels of what must be filled in first.
    #[error("not complete: {0:?}")]
    Missing(Vec<&'static str>),
    /// No form is filled on the screen for this kind.
    #[error("no form of this kind")]
    Kind,
    /// What was printed does not change under the signature.
    #[error("it stands on paper")]
    OnPaper,
    /// Keys of the steps of a handover that are not done.
    #[error("not done yet: {0:?}")]
    Unfinished(Vec<&'static str>),
    /// The document is of another dossier or kind, taken back, or another form's.
    #[error("the document does not belong to this form")]
    Document,
    #[error("a setting is outside of what offices do")]
    Setting,
    #[error("too long or empty")]
    Words,
    /// Nobody signed for the key: neither deposit, nor loan, nor return.
    #[error("not signed for")]
    Unsigned,
    /// An agent without a written authority.
    #[error("no written authority")]
    NoAuthority,
    /// No paper of identity was seen: no key.
    #[error("no paper of identity was seen")]
    NoProof,
    /// Nobody could be called when the key is late.
    #[error("no phone to call")]
    NoPhone,
    #[error("this code is on another key")]
    CodeTaken,
    #[error("a key that is {} cannot be treated so", .0.word())]
    Key(keys::KeyState),
    #[error("a loan lasts at most {0} hours")]
    TooLong(i64),
    #[error("this month's keys were counted already")]
    Counted,
    /// Keys of the act's word and of the state's.
    #[error("{act} cannot be done in {state}")]
    Step {
        act: &'static str,
        state: &'static str,
    },
    /// Whoever opened a case does not decide it.
    #[error("another person decides")]
    OwnCase,
    /// The form is not signed, or not on paper.
    #[error("the form is not that far")]
    NeedsForm(State),
    /// No paper of this sort was added to the case.
    #[error("a paper is needed: {0}")]
    NeedsPaper(&'static str),
    /// The second check comes when its date has come.
    #[error("too early: {0}")]
    Early(String),
    /// A refund is at most the deposit.
    #[error("more than the deposit")]
    Refund,
    /// A deadline lies ahead.
    #[error("the day lies behind")]
    DayPast,
    /// The form's case is open already.
    #[error("this form has its case")]
    HasCase,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<foundation::keys::DoesNotOpen> for FormsError {
    fn from(e: foundation::keys::DoesNotOpen) -> FormsError {
        FormsError::Keys(e.into())
    }
}
