//! The desk (咨詢解答, 維修服務, 投訴受理): what owners ask, report and complain of, from the first
//! word to the reporter's own closing.
//!
//! In the order of life: [`opening`] takes a ticket in (from an owner, the phone, the assistant by
//! [`open`]) · [`acts::act`] moves it along the table of [`states`] · [`work`] keeps what is said
//! on the way, with pictures · [`calls`] asks another person whether it was done · [`tend`] gives
//! alarms, time-outs and silent confirmations, each once. [`clocks`] works the three clocks out on
//! reading; [`listing`] is the work list,
//! [`search`] finds by words, [`duty`] says who is there.
//!
//! What people write is sealed; a complaint is seen by its reporter and by whoever decides on
//! complaints, never by whom it is about, and one about the company goes outside (物業管理條例 48).

pub mod acts;
pub mod alarms;
pub mod asked;
pub mod calendar;
pub mod calls;
pub mod category;
pub mod clocks;
pub mod dispatch;
pub mod duty;
pub mod events;
pub mod figures;
pub mod incident;
pub mod listing;
pub mod log;
pub mod looking;
mod moving;
pub mod number;
pub mod opening;
pub mod outside;
pub mod pages;
pub mod price;
pub mod raised;
mod sealing;
pub mod search;
pub mod states;
mod store;
pub mod team;
mod tell;
pub mod tend;
pub mod ticket;
pub mod views;
pub mod words;
pub mod work;

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use asked::{Asked, Line, mine, open};
pub use number::Number;
pub use states::{Act, Hand, Illegal, State};
pub use tend::jobs;
pub use ticket::{Ticket, Veil};
pub use words::{Kind, Outcome, Outside, Priority, Source, WaitsFor};

/// The longest report, answer or reason, in characters.
pub const WORDS_CHARS_MAX: usize = 2_000;
/// What a device calls an act of its own: letters and digits.
pub const SENT_ID_MAX: usize = 40;
/// The longest name of a place, a team or a category.
pub const NAME_CHARS_MAX: usize = 60;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such ticket, or not for these eyes.
    #[error("not found")]
    NotFound,
    /// The table of states has no such way for this hand.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// Something must be said, and not too long.
    #[error("too long or empty")]
    Words,
    /// Neither a room nor a place was named, or the room is not one's own.
    #[error("no such room")]
    Room,
    /// The category is not there, or of another kind.
    #[error("no such category")]
    Category,
    /// Whom it is given to cannot do it: not of the team, or whom the complaint is about.
    #[error("this colleague cannot take it")]
    Worker,
    /// A repair that is paid for waits for the owner's yes to the price.
    #[error("the owner has not agreed to the price")]
    Price,
    #[error("it may be reopened within {} days", acts::REOPEN_DAYS)]
    ReopenOver,
    /// Whoever worked on it does not ask whether it was done.
    #[error("another person calls back")]
    OwnWork,
    #[error("a setting is outside of what offices do")]
    Setting,
    #[error("too many of it")]
    TooMany,
    /// It stands there already.
    #[error("it is there already")]
    Again,
    #[error("changed by another since it was read")]
    Changed,
    #[error(transparent)]
    Picture(#[from] foundation::pictures::PictureRefused),
    #[error(transparent)]
    Roster(#[from] roster::RosterError),
    #[error(transparent)]
    Membership(#[from] membership::MembershipError),
    #[error(transparent)]
    Group(#[from] group::GroupError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Paper(#[from] ::paper::PaperError),
    #[error(transparent)]
    Sheet(#[from] sheets::WriteError),
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<foundation::keys::DoesNotOpen> for Refused {
    fn from(e: foundation::keys::DoesNotOpen) -> Refused {
        Refused::Keys(e.into())
    }
}

/// Trimmed words of at most [`WORDS_CHARS_MAX`] characters; may be empty.
fn words_of(text: &str) -> Result<String, Refused> {
    let text = text.trim();
    if text.chars().count() > WORDS_CHARS_MAX {
        return Err(Refused::Words);
    }
    Ok(text.to_owned())
}

/// The same where something must be said.
fn some_words(text: &str) -> Result<String, Refused> {
    let text = words_of(text)?;
    if text.is_empty() {
        return Err(Refused::Words);
    }
    Ok(text)
}

/// A name of something that the office keeps.
fn some_name(text: &str) -> Result<String, Refused> {
    let text = some_words(text)?;
    if text.chars().count() > NAME_CHARS_MAX {
        return Err(Refused::Words);
    }
    Ok(text)
}

/// Whether a device sent this before: what came twice is done once.
async fn was_sent(
    house: &House,
    c: Community,
    account: Id,
    sent_id: &str,
) -> Result<bool, Refused> {
    if sent_id.is_empty() {
        return Ok(false);
    }
    if sent_id.len() > SENT_ID_MAX
        || !sent_id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_')
    {
        return Err(Refused::Words);
    }
    let found: Option<(Id,)> = house.db.optional(store::sent(c, account, sent_id)).await?;
    Ok(found.is_some())
}
