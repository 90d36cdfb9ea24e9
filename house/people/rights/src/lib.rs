//! A person's rights over their data. Now: erasure, and that it holds after a restore.
//!
//! Erasing a person destroys the one small key that everything personal of theirs is
//! sealed under (PIPL art. 47); ids stay in the ledger, and the person is told why.
//! What the law wants kept is never erased here: the caller decides that first.

pub mod events;
mod store;

use foundation::database::{Community, DbError, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use foundation::ledger::{Event, Who};
use permissions::Permission;
use permissions::actor::{Actor, Forbidden};

/// How many keys are moved under a new wrapping key in one go: short enough that
/// sign-ins and imports hardly notice.
const REWRAP_TOGETHER: i64 = 500;

/// Why a person's data is erased: frozen words of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The person asked and nothing stands against it (PIPL art. 47).
    Asked,
    /// The purpose has ended and the period is over (PIPL art. 19).
    PurposeEnded,
    /// A court or an authority ordered it.
    Ordered,
}

impl Ground {
    pub fn word(self) -> &'static str {
        match self {
            Ground::Asked => "asked",
            Ground::PurposeEnded => "purpose_ended",
            Ground::Ordered => "ordered",
        }
    }
}

/// Why an erasure did not happen.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("the key store: {0}")]
    Keys(#[from] KeyError),
    #[error("the database: {0}")]
    Database(#[from] DbError),
}

/// Erases a person for good.
///
/// The event is durable first; should the machine stop before the key is destroyed,
/// [`replay`] destroys it at the next start.
pub async fn erase(
    house: &House,
    by: &Actor,
    person: Id,
    ground: Ground,
) -> Result<(), EraseError> {
    by.may(Permission::PersonRights)?;
    let who = by.who_for(Permission::PersonRights);
    house
        .write::<_, DbError, _>(by.community, &who, move |mut tx| {
            store::remember(&mut tx, person, ground.word())?;
            outbox::forget_in(&mut tx, person)?;
            let event = Event::new(events::ERASED)
                .about("person", person)
                .with("ground", ground.word());
            tx.record(event, ())
        })
        .await?;
    house
        .keys
        .shred(by.community, person, ground.word(), house.now())
        .await?;
    Ok(())
}

/// Run at every start, before any door opens: whoever the ledger or the key store
/// says was erased stays erased, whichever of the two was restored from a backup.
///
/// Returns how many keys had come back and were destroyed again.
pub async fn replay(house: &House) -> Result<u64, KeyError> {
    let mut again = 0;
    let (mut community, mut person) = (Community(i64::MIN), String::new());
    loop {
        let part: Vec<(Community, Id)> = house
            .db
            .all(store::erased_after(community, &person))
            .await?;
        let Some((last_community, last_person)) = part.last() else {
            break;
        };
        (community, person) = (*last_community, last_person.to_string());
        again += house.keys.replay_shreds(&part).await?;
    }
    again += house.keys.replay_shreds(&[]).await?;
    if again > 0 {
        tracing::warn!(
            again,
            "keys of erased people had come back and were destroyed"
        );
    }
    Ok(again)
}

/// Puts a new wrapping key in force and moves every person's key under it, while the
/// house goes on working.
///
/// Returns the new key's number and how many keys were moved.
pub async fn rotate_keys(
    house: &House,
    who: &Who,
    mut progress: impl FnMut(usize),
) -> Result<(i64, usize), KeyError> {
    let number = house.keys.new_wrapping(house.now()).await?;
    let mut moved = 0;
    loop {
        let n = house.keys.rewrap(REWRAP_TOGETHER).await?;
        if n == 0 {
            break;
        }
        moved += n;
        progress(moved);
    }
    house.keys.rewrap_secrets().await?;
    house
        .write::<_, DbError, _>(HOUSE, who, move |tx| {
            let event = Event::new(events::KEYS_ROTATED)
                .with("number", number)
                .with("moved", moved as i64);
            tx.record(event, ())
        })
        .await?;
    Ok((number, moved))
}
