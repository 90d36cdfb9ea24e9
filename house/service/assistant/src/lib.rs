//! The assistant (諮詢助手): what owners ask again and again, answered with what the office
//! wrote, at once, with its source and its day; what is not there is handed to people.
//!
//! In the order of life: [`starter`] and [`editing`] make entries, [`publishing`] puts them in
//! force after the regression set ran, [`expiry`] takes an answer out with its source until
//! somebody confirms it. [`asking`] finds ([`answers`] is the engine), [`listening`] answers in the
//! group where [`manner`] says so, [`hand`] gives over, [`raised`] takes up what was said there, and
//! [`work`] turns misses into phrasings. Nothing is written by a machine: an answer is an entry's.
//!
//! Questions are personal: sealed under the asker's key, thrown away after [`KEEP_MS`].

pub mod asking;
pub mod base;
pub mod bringing;
pub mod editing;
pub mod entry;
pub mod events;
pub mod expiry;
pub mod figures;
pub mod hand;
pub mod jobs;
pub mod listening;
pub mod manner;
pub mod markdown;
pub mod pages;
pub mod publishing;
pub mod raised;
pub mod reword;
pub mod sheet;
pub mod starter;
mod store;
pub mod work;

use foundation::clock::DAY;
use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

/// A question has 1 to so many characters.
pub const QUESTION_CHARS_MAX: usize = answers::QUESTION_CHARS_MAX;
/// How long a question is kept: half a year shows what a season asks (個人信息保護法 19: no
/// longer than its purpose needs).
pub const KEEP_MS: i64 = 180 * DAY;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum AssistantError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("not found")]
    NotFound,
    /// A field of an entry is empty, too long or none of its kind.
    #[error("the field {0} does not fit")]
    Body(&'static str),
    #[error("a topic of this name is there")]
    TopicTaken,
    #[error("too many entries")]
    TooMany,
    #[error("changed by another since it was read")]
    Changed,
    #[error("an entry in this state cannot be treated so")]
    State,
    /// Places of the answer that the office has not filled.
    #[error("places are not filled: {}", .0.join(", "))]
    Open(Vec<String>),
    /// Questions that found their answer before, and would not any more.
    #[error("{} of {} questions found their answer, {} would", .0.was, .0.of, .0.now)]
    Regression(entry::Checked),
    /// None that can be read.
    #[error("the file cannot be read")]
    File,
    #[error("the columns of entries were not found")]
    Columns,
    #[error("a question has 1 to {QUESTION_CHARS_MAX} characters")]
    Question,
    /// The desk did not take it.
    #[error("the desk did not take it: {0}")]
    Desk(String),
    #[error(transparent)]
    Group(#[from] group::GroupError),
    #[error(transparent)]
    Membership(#[from] membership::MembershipError),
    #[error(transparent)]
    Notices(#[from] notices::NoticeError),
    #[error(transparent)]
    Fees(#[from] fees::FeesError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Database(#[from] DbError),
}
