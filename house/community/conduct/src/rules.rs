//! The group's rules as a document: versions live in `membership::texts`; here is who
//! has accepted which. A member accepts a new version at the next entry.

use membership::texts::{self, Text, TextName};

use crate::{ConductError, events, store};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::actor::Actor;

/// The rules to be accepted before entering, when the newest were not accepted yet.
pub async fn due(house: &House, by: &Actor) -> Result<Option<Text>, ConductError> {
    let Some(account) = by.account else {
        return Ok(None);
    };
    let c = by.community;
    let now = texts::current(house, c, TextName::Rules).await?;
    let later: (Option<i64>,) = house.db.one(store::accepted(c, account)).await?;
    let joining: (Option<i64>,) = house.db.one(store::accepted_at_joining(c, account)).await?;
    let accepted = later.0.max(joining.0).unwrap_or(0);
    Ok((accepted < now.version).then_some(now))
}

/// Accepts the version that was read.
///
/// # Errors
/// [`ConductError::Changed`] when a newer one came meanwhile: read that one.
pub async fn accept(house: &House, by: &Actor, version: i64) -> Result<(), ConductError> {
    let account: Id = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            if texts::current_version(&mut tx, c, TextName::Rules)? != version {
                return Err(ConductError::Changed);
            }
            let now = tx.now();
            tx.execute(store::accept(c, account, version, now))?;
            let event = Event::new(events::RULES_ACCEPTED).with("version", version);
            Ok(tx.record(event, ())?)
        })
        .await
}
