//! An item: one letter, by one way, to one recipient.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;

/// How something leaves the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// To a browser (RFC 8030).
    Push,
    /// 短信
    Sms,
    Mail,
}

impl Way {
    pub const ALL: [Way; 3] = [Way::Push, Way::Sms, Way::Mail];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Way::Push => "push",
            Way::Sms => "sms",
            Way::Mail => "mail",
        }
    }

    pub fn from_word(word: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|w| w.word() == word)
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    Queued,
    /// Taken by the provider.
    Sent,
    /// The provider says that it arrived.
    Confirmed,
    Failed,
    Expired,
    Cancelled,
}

impl Fate {
    pub const ALL: [Fate; 6] = [
        Fate::Queued,
        Fate::Sent,
        Fate::Confirmed,
        Fate::Failed,
        Fate::Expired,
        Fate::Cancelled,
    ];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Fate::Queued => "queued",
            Fate::Sent => "sent",
            Fate::Confirmed => "confirmed",
            Fate::Failed => "failed",
            Fate::Expired => "expired",
            Fate::Cancelled => "cancelled",
        }
    }

    pub fn from_word(word: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|f| f.word() == word)
    }
}

/// Whom: of a household, an account or a party of the roster. The address itself is looked
/// up and opened only when it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    pub room: Option<Id>,
    pub account: Option<Id>,
    pub party: Option<Id>,
}

impl Recipient {
    /// As stored: `a:ACCOUNT` or `p:PARTY`; none where neither is named.
    pub(crate) fn word(&self) -> Option<String> {
        self.account
            .map(|id| format!("a:{id}"))
            .or_else(|| self.party.map(|id| format!("p:{id}")))
    }

    pub(crate) fn from_word(word: &str, room: Option<Id>) -> Recipient {
        let id = |prefix: &str| word.strip_prefix(prefix).and_then(|id| id.parse().ok());
        Recipient {
            room,
            account: id("a:"),
            party: id("p:"),
        }
    }
}

/// How an item fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub way: Way,
    pub to: Recipient,
    pub fate: Fate,
    pub at: Moment,
    pub attempts: i64,
    /// A fixed word, never an address.
    pub why: String,
}

fn strange(what: &str) -> DbError {
    DbError::Shape(format!("an outbox item of unknown {what}"))
}

fn way(row: &mut Row) -> Result<Way, DbError> {
    Way::from_word(&row.next::<String>()?).ok_or_else(|| strange("way"))
}

fn fate(row: &mut Row) -> Result<Fate, DbError> {
    Fate::from_word(&row.next::<String>()?).ok_or_else(|| strange("fate"))
}

impl FromRow for Outcome {
    fn from_row(row: &mut Row) -> Result<Outcome, DbError> {
        let way = way(row)?;
        let word: String = row.next()?;
        Ok(Outcome {
            way,
            to: Recipient::from_word(&word, row.next()?),
            fate: fate(row)?,
            at: row.next()?,
            attempts: row.next()?,
            why: row.next()?,
        })
    }
}

/// An item that settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Its place among what settled in the compound.
    pub place: i64,
    pub letter: Id,
    pub source: String,
    pub way: Way,
    pub room: Option<Id>,
    pub account: Option<Id>,
    pub party: Option<Id>,
    pub fate: Fate,
    pub at: Moment,
}

impl FromRow for Settled {
    fn from_row(row: &mut Row) -> Result<Settled, DbError> {
        let (place, letter, source) = (row.next()?, row.next()?, row.next()?);
        let way = way(row)?;
        let word: String = row.next()?;
        let to = Recipient::from_word(&word, row.next()?);
        Ok(Settled {
            place,
            letter,
            source,
            way,
            room: to.room,
            account: to.account,
            party: to.party,
            fate: fate(row)?,
            at: row.next()?,
        })
    }
}
