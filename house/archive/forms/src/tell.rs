//! What the clock calls out reaches people: a message to those who can do something about it,
//! put into the outbox in the write that calls it out. It names no household: a screen that lies
//! on a desk is read by others.

use foundation::clock::DAY;
use foundation::database::{DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Kind;
use foundation::page::{Lang, Words, key};
use outbox::{Letter, Recipient, Way};
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::Value;

use crate::store;

/// A reminder that came later says nothing that the lists do not.
const EXPIRES_AFTER: i64 = 2 * DAY;

/// What is called out.
#[derive(Clone, Debug)]
pub(crate) enum About {
    /// A key that was lent did not come back.
    Key(Id),
    /// A case by its number, two days before its date.
    Soon(Id, String),
    /// The same behind its date.
    Late(Id, String),
}

impl About {
    /// Who can do something about it; what is late is told to those who decide as well.
    fn concerns(&self) -> &'static [Permission] {
        match self {
            About::Key(_) | About::Soon(..) => &[Permission::ArchiveFile],
            About::Late(..) => &[Permission::ArchiveFile, Permission::ArchiveDecide],
        }
    }

    /// The record, where it is read, and what is said of it.
    fn letter(&self, words: Words) -> (String, String, String) {
        match self {
            About::Key(id) => (
                format!("held_key:{id}"),
                format!("/keys/{id}"),
                words.t(key("forms-told-key")).into_owned(),
            ),
            About::Soon(id, label) => (
                format!("office_case:{id}"),
                format!("/cases/{id}"),
                words
                    .one(key("forms-told-soon"), "case", label.as_str())
                    .into_owned(),
            ),
            About::Late(id, label) => (
                format!("office_case:{id}"),
                format!("/cases/{id}"),
                words
                    .one(key("forms-told-late"), "case", label.as_str())
                    .into_owned(),
            ),
        }
    }
}

/// A message that is ready to be put.
pub(crate) struct Tell {
    id: Id,
    letter: Letter,
    post: Vec<(Way, Recipient)>,
}

impl Tell {
    /// Asks who is there and how each can be reached.
    pub async fn of(house: &House, by: &Actor, about: &About) -> Result<Tell, DbError> {
        let c = by.community;
        let mut accounts = Vec::new();
        for permission in about.concerns() {
            let holders = accounts::staff::holders(house, c, permission.roles()).await?;
            accounts.extend(holders.into_iter().filter(|h| h.active).map(|h| h.id));
        }
        accounts.sort_unstable();
        accounts.dedup();
        let reach = outbox::reachable(house, c, &accounts).await?;
        let each = accounts.iter().flat_map(|account| {
            let to = Recipient {
                account: Some(*account),
                ..Recipient::default()
            };
            let ways = [Way::Push, Way::Mail].into_iter();
            let ways = ways.filter(|way| reach.has(*account, *way));
            ways.map(move |way| (way, to))
        });
        let words = Words::new(Lang::ZhHant);
        let (source, path, title) = about.letter(words);
        Ok(Tell {
            id: house.id(),
            post: each.collect(),
            letter: Letter {
                source,
                title,
                text: words.t(key("forms-told-text")).into_owned(),
                path,
                urgent: false,
                expires_at: house.now().plus(EXPIRES_AFTER),
            },
        })
    }

    /// Puts it into the outbox; how many messages.
    pub fn put(&self, tx: &mut Tx<'_>) -> Result<i64, DbError> {
        if self.post.is_empty() {
            return Ok(0);
        }
        let (now, mut put) = (tx.now(), 0);
        outbox::letter_in(tx, self.id, &self.letter)?;
        for (way, to) in &self.post {
            put += i64::from(outbox::post_in(tx, self.id, *way, to, now)?);
        }
        Ok(put)
    }
}

/// Whether the newest event of this kind about a record says so already: a job that runs again
/// tells nobody twice.
pub(crate) fn is_said(
    tx: &mut Tx<'_>,
    kind: Kind,
    subject: &str,
    says: impl Fn(&Value) -> bool,
) -> Result<bool, DbError> {
    let c = tx.community();
    let last: Option<(String,)> = tx.optional(store::last_said(c, subject, kind.name))?;
    let body = last.and_then(|(body,)| serde_json::from_str::<Value>(&body).ok());
    Ok(body.is_some_and(|body| says(&body)))
}
