//! The owners' group: channels, and what is said in them.
//!
//! A message passes conduct before it is stored, takes the next place in its channel and
//! the next tick of the compound, and is acknowledged after it is on the disk. Whoever knows
//! a tick asks for everything since with one question: there is no queue per member, and
//! coming back after a minute or a month is the same code ([`live`]).

pub mod acting;
mod after;
pub mod announce;
pub mod answering;
mod byline;
pub mod channels;
pub mod events;
pub mod files;
pub mod follow;
pub mod forward;
pub mod live;
pub mod mentions;
pub mod message;
pub mod nudge;
pub mod pages;
pub mod parts;
pub mod people;
pub mod polls;
pub mod reading;
pub mod search;
pub mod sharing;
pub mod skills;
pub mod speak;
mod store;
mod view;

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use permissions::actor::Forbidden;

pub use acting::jobs;
pub use byline::Byline;
pub use channels::{Channel, ChannelKind};
pub use message::{Message, MessageState};

/// The longest message. Longer texts are notices or files.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// How long a message can be taken back.
pub const RECALL_WITHIN_MS: i64 = 2 * 60 * 1000;
/// As many messages as one member sends in a minute.
pub const A_MINUTE_MAX: i64 = 20;
/// As many channels as a compound has.
pub const CHANNELS_MAX: i64 = 200;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("not found")]
    NotFound,
    /// Empty, or longer than [`TEXT_CHARS_MAX`].
    #[error("a message has 1 to {TEXT_CHARS_MAX} characters")]
    Text,
    /// The id that the sender's device makes is none.
    #[error("the sending has no fit id")]
    SentId,
    /// The rules block it; the sender may change it. Spans are characters of the text.
    #[error("the rules do not let this out")]
    Blocked(Vec<conduct::judge::Found>),
    /// Muted, or removed, until then.
    #[error("muted")]
    Silenced { until: Option<Moment> },
    /// A new version of the rules is to be accepted before entering.
    #[error("the rules are to be accepted first")]
    RulesDue,
    /// Only the office and the stewards write here.
    #[error("announcements only")]
    AnnouncementsOnly,
    /// Everybody but the office is silent until then.
    #[error("silent until a moment")]
    Hushed { until: Moment },
    /// Quiet hours end at this minute of the day.
    #[error("quiet hours")]
    Quiet { until_minute: i64 },
    /// Slow mode, or too many in a minute: again in so many milliseconds.
    #[error("too fast")]
    TooFast { wait_ms: i64 },
    #[error("a message can be taken back within two minutes by whoever sent it")]
    RecallOver,
    #[error("changed by another since it was read")]
    Changed,
    #[error("a channel of this name is there")]
    NameTaken,
    #[error("a compound has at most {CHANNELS_MAX} channels")]
    TooManyChannels,
    #[error("a name has 1 to 20 characters")]
    Name,
    #[error("a picture is not taken: {0}")]
    Picture(foundation::pictures::PictureRefused),
    #[error("a message carries at most 9 pictures and 5 files, a day at most 100")]
    TooManyFiles,
    #[error("a file has 1 byte to 20 MB")]
    FileTooLarge,
    #[error("a poll has 2 to 10 different answers")]
    Options,
    #[error("a poll is open for a minute to 60 days")]
    Until,
    #[error("the poll is over")]
    PollOver,
    #[error("only members answer")]
    NoVoter,
    #[error("an appointment lasts 1 to 90 days")]
    Term,
    #[error("a steward already")]
    StewardAlready,
    /// The sharing channel takes posts, and what answers one.
    #[error("a post has a title, or answers one")]
    Post,
    /// A title has 2 to 40 characters.
    #[error("a title has 2 to 40 characters")]
    Title,
    /// A skill has 2 to 20 characters, its note at most 200.
    #[error("a skill has 2 to 20 characters, its note at most 200")]
    Skill,
    #[error("a neighbour offers at most 5 skills")]
    TooManySkills,
    /// What is shown to neighbours needs its owner's yes.
    #[error("consent is missing")]
    Consent,
    #[error("two signs at least are looked for")]
    SearchTooShort,
    #[error("a file could not be kept: {0}")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Keys(#[from] foundation::keys::KeyError),
    #[error("the speech rules: {0}")]
    Conduct(#[from] conduct::ConductError),
    #[error("the membership: {0}")]
    Membership(#[from] membership::MembershipError),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// A tick or a count read alone.
struct Count(i64);

impl FromRow for Count {
    fn from_row(row: &mut Row) -> Result<Count, DbError> {
        Ok(Count(row.next()?))
    }
}
