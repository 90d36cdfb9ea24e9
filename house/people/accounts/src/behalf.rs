//! Acting for an owner who has no phone: begun with a reason, for half an hour, and
//! every act meanwhile says in the ledger for whom it was.

use super::sessions::Session;
use super::{AccountError, events, store};
use foundation::clock::MINUTE;
use foundation::database::Look as _;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

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
    let known: Option<(i64,)> = house.db.optional(store::person(community, person)).await?;
    if known.is_none() {
        return Err(AccountError::Unknown);
    }
    let keys = &house.keys;
    let reason = keys
        .seal_words(community, person, store::BEHALF_REASON, reason)
        .await?;
    let (id, session_id) = (house.id(), session.id);
    house
        .write(
            community,
            &by.who_for(Permission::BehalfAct),
            move |mut tx| {
                let until = tx.now().plus(LASTS);
                let known: Option<(i64,)> = tx.optional(store::person(community, person))?;
                if known.is_none() {
                    return Err(AccountError::Unknown);
                }
                let now = tx.now();
                let visit = store::NewBehalf {
                    community,
                    id,
                    account,
                    person,
                    reason,
                    until,
                };
                tx.execute(store::insert_behalf(&visit, now))?;
                tx.execute(store::set_behalf(session_id, community, person, until))?;
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
            tx.execute(store::clear_behalf(session_id))?;
            Ok(tx.record(Event::new(events::BEHALF_ENDED).about("person", person), ())?)
        })
        .await
}
