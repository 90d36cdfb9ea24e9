//! Who carries a letter to one address, and what they answer.

use std::future::Future;
use std::pin::Pin;

use zeroize::Zeroizing;

/// Why something was not taken: fixed words, never an address or a provider's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The provider cannot be reached.
    Unreachable,
    /// It did not answer in time.
    Timeout,
    /// It answers that it cannot now, or that it is asked too much.
    Busy,
    /// It does not let us in.
    Login,
    /// It takes this message for this address at another time.
    Recipient,
    /// It never takes this message for this address.
    Refused,
    /// The address exists no more.
    Gone,
    /// There is no address (any more) for this recipient.
    NoAddress,
    /// The way cannot carry this letter.
    Unfit,
}

impl Why {
    pub const ALL: [Why; 9] = [
        Why::Unreachable,
        Why::Timeout,
        Why::Busy,
        Why::Login,
        Why::Recipient,
        Why::Refused,
        Why::Gone,
        Why::NoAddress,
        Why::Unfit,
    ];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Why::Unreachable => "unreachable",
            Why::Timeout => "timeout",
            Why::Busy => "busy",
            Why::Login => "login",
            Why::Recipient => "recipient",
            Why::Refused => "refused",
            Why::Gone => "gone",
            Why::NoAddress => "no_address",
            Why::Unfit => "unfit",
        }
    }

    pub fn from_word(word: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|w| w.word() == word)
    }

    /// Whether it is the way that fails rather than this one item.
    pub fn blames_way(self) -> bool {
        matches!(
            self,
            Why::Unreachable | Why::Timeout | Why::Busy | Why::Login
        )
    }
}

/// What a sender answers about one parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The provider took it.
    Sent,
    /// The provider says that it arrived.
    Confirmed,
    /// Not now; `after_ms` is what the provider asked for, if it did.
    Later { why: Why, after_ms: Option<i64> },
    /// Never.
    Never { why: Why },
}

impl Answer {
    pub fn later(why: Why) -> Answer {
        Answer::Later {
            why,
            after_ms: None,
        }
    }

    /// Of several addresses of one recipient: one that took it is enough, one that may
    /// take it later is hope.
    pub fn best(self, other: Answer) -> Answer {
        let rank = |a: Answer| match a {
            Answer::Confirmed => 3,
            Answer::Sent => 2,
            Answer::Later { .. } => 1,
            Answer::Never { .. } => 0,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

/// A browser as it gave itself for push (RFC 8030).
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Browser {
    pub endpoint: String,
    /// Both in base64url, as the browser says them.
    pub p256dh: String,
    pub auth: String,
}

/// Where a parcel goes. It has no `Debug`: nobody shall print it.
#[derive(Clone)]
pub enum Address {
    Phone(Zeroizing<String>),
    Mail(Zeroizing<String>),
    Browser(Box<Browser>),
}

/// One letter for one address.
#[derive(Clone)]
pub struct Parcel {
    /// The same at every try, so that a provider can know a repetition.
    pub id: String,
    pub address: Address,
    pub title: String,
    pub text: String,
    /// Where it is read: a path, or a whole address where the house knows its own.
    pub link: String,
    pub urgent: bool,
    /// How long it is worth carrying.
    pub lives_ms: i64,
}

/// A sending in progress.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// Carries parcels by one way. It may be asked for many at once, and for the same one
/// again when a house stopped between its answer and the settling.
pub trait Sender: Send + Sync + 'static {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> Sending<'a>;
}
