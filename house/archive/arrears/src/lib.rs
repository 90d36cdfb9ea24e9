//! Arrears (拖欠, SY-WI-KF-09 4.4.2): who owes fees for a month and longer is followed up at
//! least every fifteen days, lawfully, and what was said is kept as evidence.
//!
//! In the order of life: [`follow::follow`] works out who owes since when · [`listing::page`] is
//! the day's list · [`contact::record`] a follow-up · [`hold::ask`] and [`hold::decide`] ·
//! [`letter::issue`] and [`letter::settle`] · [`stage::advance`] · [`evidence::paper_of`] ·
//! [`escalate::run`] tells supervisor and manager what was missed. [`replay::FollowUps`] works the
//! same duties out from the ledger alone.
//!
//! [`rule`] has the dates, [`guard`] what the law forbids. Nobody's arrears close anything to a
//! household but this room's own list: notices, tickets, votes and rights do not ask here.

pub mod account;
pub mod contact;
pub mod debts;
pub mod escalate;
pub mod events;
pub mod evidence;
pub mod follow;
pub mod guard;
pub mod hold;
pub mod letter;
pub mod listing;
pub mod looking;
pub mod mine;
pub mod pack;
pub mod pages;
pub mod policy;
pub mod replay;
pub mod rule;
mod sealing;
pub mod share;
pub mod stage;
mod store;
pub mod tend;
pub mod workdays;

use foundation::database::DbError;
use foundation::keys::KeyError;
use jiff::civil::Date;
use permissions::actor::Forbidden;

pub use account::Account;
pub use guard::Unlawful;

/// The longest note, answer or reason, in characters.
pub const WORDS_CHARS_MAX: usize = 500;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum ArrearsError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such room, contact, hold or letter.
    #[error("not found")]
    NotFound,
    /// Nothing of the room is overdue.
    #[error("nothing is overdue")]
    NothingOverdue,
    /// The law forbids it.
    #[error("unlawful: {0:?}")]
    Unlawful(Unlawful),
    /// The office does not press while a hold runs.
    #[error("held until {0}")]
    Held(Date),
    #[error(
        "the day lies ahead, or more than {} days back",
        contact::BACK_DAYS_MAX
    )]
    Day,
    #[error("a promise names a day from the contact on, within a year, and an amount above zero")]
    Promise,
    #[error("nobody was reached, so nothing was answered or promised")]
    NobodyReached,
    /// That a demand arrived is shown by a letter, a message or a paper.
    #[error("no evidence that it arrived")]
    NoEvidence,
    #[error("too long or empty")]
    Words,
    #[error("corrected before, or a correction itself")]
    Corrected,
    #[error("a hold ends within {} days and not before today", rule::HOLD_DAYS_MAX)]
    HoldDays,
    /// Who asked, or who owns the home, does not decide.
    #[error("another person decides")]
    OwnCase,
    #[error("decided already")]
    Decided,
    #[error("something open of this kind is there already")]
    Again,
    /// What a stage needs first, as keys of words.
    #[error("needed first: {0:?}")]
    Needs(Vec<&'static str>),
    #[error("a text about a rule names the rule and where it was read, within its length")]
    PackGrounds,
    #[error("more than {} accounts", listing::TAKE_MAX)]
    TooMany,
    #[error("changed by another since it was read")]
    Changed,
    #[error("a setting is outside of what offices do")]
    Setting,
    #[error(transparent)]
    Archive(#[from] dossiers::ArchiveError),
    #[error(transparent)]
    Fees(#[from] fees::FeesError),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("the workbook: {0}")]
    Sheet(#[from] sheets::WriteError),
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<foundation::keys::DoesNotOpen> for ArrearsError {
    fn from(e: foundation::keys::DoesNotOpen) -> ArrearsError {
        ArrearsError::Keys(e.into())
    }
}

/// Trimmed words of at most [`WORDS_CHARS_MAX`] characters; may be empty.
fn words(text: &str) -> Result<String, ArrearsError> {
    let text = text.trim();
    if text.chars().count() > WORDS_CHARS_MAX {
        return Err(ArrearsError::Words);
    }
    Ok(text.to_owned())
}

/// The same where something must be said.
fn some_words(text: &str) -> Result<String, ArrearsError> {
    let text = words(text)?;
    if text.is_empty() {
        return Err(ArrearsError::Words);
    }
    Ok(text)
}
