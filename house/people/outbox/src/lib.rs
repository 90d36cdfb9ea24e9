//! The outbox: everything that leaves the house by push, message or mail.
//!
//! A room puts a [`Letter`] and an item for each [`Recipient`] there in its own write, so
//! that both stand or fall with the act. Items are sent at least once, each at its own
//! pace, and settle; a room follows what settled by a cursor ([`settled_after`]).

mod breaker;
pub mod devices;
pub mod events;
mod item;
pub mod mailbox;
pub mod pages;
pub mod post;
pub mod sender;
pub mod senders;
mod store;
pub mod ways;
mod wish;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, LIST_MAX, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::{DoesNotOpen, KeyError};
use permissions::actor::{Actor, Forbidden};

pub use breaker::Breaker;
pub use item::{Fate, Outcome, Recipient, Settled, Way};
pub use post::Post;
pub use wish::{Level, Wish, set_wish, wish};

/// What is said, stored once for all who get it. No personal data beyond what the sender
/// wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The record that it comes from: `notice:ID`.
    pub source: String,
    pub title: String,
    pub text: String,
    /// Where it is read in the compound: `/my/notices/ID`.
    pub path: String,
    /// Passes quiet hours and goes before the rest.
    pub urgent: bool,
    pub expires_at: Moment,
}

/// Puts a letter there; the same id again changes nothing.
pub fn letter_in(tx: &mut Tx<'_>, id: Id, letter: &Letter) -> Result<(), DbError> {
    let (c, now) = (tx.community(), tx.now());
    tx.execute(store::insert_letter(c, id, letter, now))?;
    Ok(())
}

/// Puts an item there; whether it is new. The same letter, way and recipient again is
/// nothing. The letter is there already.
pub fn post_in(
    tx: &mut Tx<'_>,
    letter: Id,
    way: Way,
    to: &Recipient,
    due_at: Moment,
) -> Result<bool, DbError> {
    let Some(recipient) = to.word() else {
        return Ok(false);
    };
    let (c, now) = (tx.community(), tx.now());
    let item = store::insert_item(c, letter, way, &recipient, to.room, due_at, now);
    Ok(tx.execute(item)? > 0)
}

/// Takes back what was not sent yet; how many.
pub fn cancel_in(tx: &mut Tx<'_>, letter: Id) -> Result<u64, DbError> {
    let (c, now) = (tx.community(), tx.now());
    tx.execute(store::cancel(c, letter, now))
}

/// How the items of a letter fare, by way and recipient.
pub async fn outcomes(
    house: &House,
    c: Community,
    letter: Id,
    after: Option<(Way, String)>,
    limit: i64,
) -> Result<Vec<Outcome>, DbError> {
    house.db.all(store::outcomes(c, letter, after, limit)).await
}

/// What settled since a cursor, in order: its place and what became of it.
pub async fn settled_after(
    house: &House,
    c: Community,
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, Settled)>, DbError> {
    let found: Vec<Settled> = house.db.all(store::settled_after(c, cursor, limit)).await?;
    Ok(found.into_iter().map(|s| (s.place, s)).collect())
}

/// Which accounts can be reached by which way.
#[derive(Clone, Debug, Default)]
pub struct Reachable {
    push: Vec<Id>,
    mail: Vec<Id>,
}

impl Reachable {
    pub fn has(&self, account: Id, way: Way) -> bool {
        match way {
            Way::Push => self.push.binary_search(&account).is_ok(),
            Way::Mail => self.mail.binary_search(&account).is_ok(),
            Way::Sms => false,
        }
    }
}

/// Which of these accounts have a device for push, or an address for mail.
pub async fn reachable(house: &House, c: Community, accounts: &[Id]) -> Result<Reachable, DbError> {
    let mut out = Reachable::default();
    for part in accounts.chunks(LIST_MAX) {
        let push: Vec<(Id,)> = house.db.all(store::people::with_device(c, part)).await?;
        let mail: Vec<(Id,)> = house.db.all(store::people::with_mail(c, part)).await?;
        out.push.extend(push.into_iter().map(|(id,)| id));
        out.mail.extend(mail.into_iter().map(|(id,)| id));
    }
    out.push.sort_unstable();
    out.mail.sort_unstable();
    Ok(out)
}

/// Accounts behind `after` whose devices may be told what is said in the group, and whether
/// they want all of it or what names them.
pub async fn listening(
    house: &House,
    c: Community,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<(Id, Level)>, DbError> {
    let after = after.map_or(String::new(), |id| id.to_string());
    let asked = store::people::listening(c, &after, limit);
    let found: Vec<(Id, String)> = house.db.all(asked).await?;
    let level = |word: &str| Level::from_word(word).unwrap_or_default();
    Ok(found.into_iter().map(|(id, w)| (id, level(&w))).collect())
}

/// Deletes what somebody gave to be reached by: with the person's erasure.
pub fn forget_in(tx: &mut Tx<'_>, person: Id) -> Result<u64, DbError> {
    let c = tx.community();
    let mut gone = tx.execute(store::people::delete_devices(c, person))?;
    gone += tx.execute(store::people::delete_address(c, person))?;
    gone += tx.execute(store::people::delete_wish(c, person))?;
    Ok(gone)
}

/// Why an act was refused.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such thing (any more)")]
    NotFound,
    #[error("this way is not set up")]
    NotSetUp,
    #[error("these settings cannot work")]
    Settings,
    #[error("not an address for mail")]
    Address,
    #[error("not a browser's address for push")]
    Browser,
    #[error("no more than {} devices", devices::DEVICES_MAX)]
    TooMany,
    #[error("quiet hours are times of a day")]
    Hours,
    #[error("too many links were asked for today")]
    Wait,
    #[error("the post: {0}")]
    Post(#[from] post::PostError),
    #[error("the key store: {0}")]
    Keys(#[from] KeyError),
    #[error("the database: {0}")]
    Database(#[from] DbError),
}

impl From<DoesNotOpen> for OutboxError {
    fn from(e: DoesNotOpen) -> OutboxError {
        OutboxError::Keys(e.into())
    }
}

/// Whose own it is.
fn own(by: &Actor) -> Result<(Community, Id), OutboxError> {
    let account = by.account.ok_or(OutboxError::NotFound)?;
    Ok((by.community, account))
}
