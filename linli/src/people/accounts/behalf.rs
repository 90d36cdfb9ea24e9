//! Acting for an owner who has no phone: begun with a reason, for half an hour, and
//! every act meanwhile says in the ledger for whom it was.

use super::sessions::Session;
use super::{AccountError, events};
use crate::foundation::clock::MINUTE;
use crate::foundation::database::{Look as _, ask};
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::foundation::ledger::Event;
use crate::params;
use crate::people::actor::Actor;
use crate::people::permissions::Permission;

/// One visit at the desk.
const LASTS: i64 = 30 * MINUTE;

/// Begins acting for a person of this compound's roster.
///
/// # Errors
/// [`AccountError::Unknown`] for a person of another compound or of none.
pub async fn begin(
    house: &House,
    by: &Actor,
    session: &Session,
    person: Id,
    reason: &str,
) -> Result<(), AccountError> {
    by.may(Permission::BehalfAct)?;
    let (community, account) = (by.community, session.account);
    let (id, session_id, reason) = (house.id(), session.id, reason.to_owned());
    house
        .write(
            community,
            &by.who_for(Permission::BehalfAct),
            move |mut tx| {
                let until = tx.now().plus(LASTS);
                let known: Option<(i64,)> = tx.optional(ask(
                    "SELECT 1 FROM party WHERE community = $1 AND id = $2",
                    params![community, person],
                ))?;
                if known.is_none() {
                    return Err(AccountError::Unknown);
                }
                let now = tx.now();
                tx.execute(ask(
                "INSERT INTO behalf (community, id, account, person, reason, from_at, until_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                params![community, id, account, person, reason, now, until],
            ))?;
                tx.execute(ask(
                "UPDATE session SET behalf_community = $2, behalf_person = $3, behalf_until = $4 \
                 WHERE id = $1 AND ended_at IS NULL",
                params![session_id, community, person, until],
            ))?;
                let event = Event::new(events::BEHALF_BEGUN)
                    .about("person", person)
                    .with("behalf", id)
                    .with("until", until);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}

/// Ends it.
pub async fn end(house: &House, by: &Actor, session: &Session) -> Result<(), AccountError> {
    let person = by.behalf.ok_or(AccountError::Unknown)?;
    let session_id = session.id;
    house
        .write(by.community, &by.who(), move |mut tx| {
            tx.execute(ask(
                "UPDATE session SET behalf_community = NULL, behalf_person = NULL, \
                 behalf_until = NULL WHERE id = $1",
                params![session_id],
            ))?;
            Ok(tx.record(Event::new(events::BEHALF_ENDED).about("person", person), ())?)
        })
        .await
}
