//! What leaves the house about a ticket: its number and what happened, nothing of what was said.

use foundation::clock::DAY;
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::Words;
use foundation::page::words::Lang;
use outbox::{Letter, Recipient, Way};

use crate::number::Number;

/// What was not read in two days says nothing any more.
const EXPIRES_AFTER: i64 = 2 * DAY;

/// A letter ready to be put into a write; the accounts that it goes to.
pub(crate) struct Telling {
    id: Id,
    letter: Letter,
    to: Vec<(Way, Recipient)>,
}

/// Prepares a letter: `title` says it, with the ticket's number as `number`.
pub(crate) async fn prepare(
    house: &House,
    c: Community,
    accounts: &[Id],
    title: &str,
    number: Number,
    path: String,
    urgent: bool,
) -> Result<Option<Telling>, DbError> {
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    if accounts.is_empty() {
        return Ok(None);
    }
    let reach = outbox::reachable(house, c, &accounts).await?;
    let mut to = Vec::new();
    for account in accounts {
        for way in [Way::Push, Way::Mail] {
            if reach.has(account, way) {
                let recipient = Recipient {
                    account: Some(account),
                    ..Recipient::default()
                };
                to.push((way, recipient));
            }
        }
    }
    if to.is_empty() {
        return Ok(None);
    }
    let words = Words::new(Lang::ZhHant);
    let letter = Letter {
        source: format!("desk:{path}"),
        title: words.one(title, "number", number.to_string()).into_owned(),
        text: words
            .t(foundation::page::key("desk-told-text"))
            .into_owned(),
        path,
        urgent,
        expires_at: house.now().plus(EXPIRES_AFTER),
    };
    let id = house.id();
    Ok(Some(Telling { id, letter, to }))
}

impl Telling {
    pub(crate) fn put_in(&self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        let now = tx.now();
        outbox::letter_in(tx, self.id, &self.letter)?;
        for (way, to) in &self.to {
            outbox::post_in(tx, self.id, *way, to, now)?;
        }
        Ok(())
    }
}
