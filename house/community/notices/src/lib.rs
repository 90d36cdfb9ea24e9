//! Notices (信息發布): a text is drafted, reviewed, published to a frozen list of
//! households, and followed until each of them knows. What goes out by push, message or
//! mail goes by the outbox; what cannot be reached so becomes a list for the door.
//!
//! No sanction closes this room: a member who may not speak still reads and confirms.

pub mod audience;
pub mod coverage;
pub mod delivery;
pub mod draft;
pub mod events;
pub mod festivals;
pub mod flow;
mod greetings;
pub mod jobs;
pub mod notice;
pub mod pages;
pub mod questions;
pub mod reading;
pub mod receipts;
mod store;
mod stretch;
pub mod summary;
pub mod templates;

use foundation::database::{DbError, FromRow, Row};
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use notice::{Class, Notice, State, Ways};

pub const TITLE_CHARS_MAX: usize = 60;
pub const BODY_CHARS_MAX: usize = 5_000;
/// Words about an act: why it was sent back, recalled, amended.
pub const WORDS_CHARS_MAX: usize = 300;
/// The longest wait between reminders: a month.
pub const REMIND_HOURS_MAX: i64 = 720;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("not found")]
    NotFound,
    /// The act does not fit the state that the notice is in.
    #[error("a notice that is {} cannot be treated so", .0.word())]
    State(State),
    #[error("changed by another since it was read")]
    Changed,
    #[error("a title has 1 to {TITLE_CHARS_MAX} characters")]
    Title,
    #[error("a text has 1 to {BODY_CHARS_MAX} characters")]
    Body,
    #[error("words have 1 to {WORDS_CHARS_MAX} characters")]
    Words,
    /// Whoever wrote it does not approve it, where another could.
    #[error("another person approves")]
    OwnText,
    /// Nobody of the compound is in the audience.
    #[error("no household is in the audience")]
    Nobody,
    #[error("the time to publish is past, or more than a year ahead")]
    Time,
    /// The household is not one of the notice's.
    #[error("not one of the households")]
    NotConcerned,
    #[error("a line of the audience is not understood: {0}")]
    Audience(String),
    #[error("a name like this is there")]
    NameTaken,
    #[error("the picture: {0}")]
    Picture(#[from] foundation::pictures::PictureRefused),
    #[error("the rules do not let this out")]
    Blocked,
    #[error("too many questions")]
    TooMany,
    #[error(transparent)]
    Conduct(#[from] conduct::ConductError),
    #[error(transparent)]
    Group(#[from] group::GroupError),
    #[error(transparent)]
    Membership(#[from] membership::MembershipError),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<foundation::keys::DoesNotOpen> for NoticeError {
    fn from(e: foundation::keys::DoesNotOpen) -> NoticeError {
        NoticeError::Keys(e.into())
    }
}

/// A number read alone.
struct Count(i64);

impl FromRow for Count {
    fn from_row(row: &mut Row) -> Result<Count, DbError> {
        Ok(Count(row.next()?))
    }
}
