//! One message as it stands.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;

use crate::parts::Parts;

/// Where a message stands. Hidden and recalled ones are kept: whoever appeals is heard about
/// what was said (network rules ask for six months of log).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    Shown,
    /// Waits for a person: its author and the reviewers see it.
    Held,
    /// A person found it a breach, or enough members reported it.
    Hidden,
    /// Its author took it back.
    Recalled,
}

impl MessageState {
    pub fn word(self) -> &'static str {
        match self {
            MessageState::Shown => "shown",
            MessageState::Held => "held",
            MessageState::Hidden => "hidden",
            MessageState::Recalled => "recalled",
        }
    }

    pub(crate) fn from_word(word: &str) -> MessageState {
        match word {
            "shown" => MessageState::Shown,
            "held" => MessageState::Held,
            "recalled" => MessageState::Recalled,
            // An unknown state of a newer program shows nothing.
            _ => MessageState::Hidden,
        }
    }
}

/// A message of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: Id,
    pub channel: Id,
    /// Its place in the channel, from 1, without holes.
    pub seq: i64,
    /// The compound's tick of its last change.
    pub tick: i64,
    pub author: Id,
    pub byline: String,
    /// `host`, `steward`, `acting`, `staff` or empty.
    pub badge: String,
    pub text: String,
    pub reply_to: Option<i64>,
    pub state: MessageState,
    pub at: Moment,
    pub pinned_at: Option<Moment>,
    pub parts: Parts,
}

impl FromRow for Message {
    fn from_row(row: &mut Row) -> Result<Message, DbError> {
        Ok(Message {
            id: row.next()?,
            channel: row.next()?,
            seq: row.next()?,
            tick: row.next()?,
            author: row.next()?,
            byline: row.next()?,
            badge: row.next()?,
            text: row.next()?,
            reply_to: row.next()?,
            state: MessageState::from_word(&row.next::<String>()?),
            at: row.next()?,
            pinned_at: row.next()?,
            parts: Parts::read(&row.next::<String>()?),
        })
    }
}
