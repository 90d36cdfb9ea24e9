//! A new key for the strongroom's slots. Both keys lie sealed in the database until the last
//! slot is for the new one: at every moment in between everything is readable, and whoever
//! comes next can end what a crash cut off.

use foundation::database::HOUSE;
use foundation::house::House;
use foundation::ledger::{Event, Who};
use strongroom::{Opener, Rotation};

use crate::store::installed;
use crate::turn::Turn;
use crate::vault::{self, KEY, NEXT, Vault};
use crate::{ArchiveError, escrow, events};

/// Makes a new key and wraps every slot for it; the old one opens nothing afterwards. One that
/// was begun before is ended with the key it was begun with.
///
/// Slots that neither key opens are named; until they are healed both keys are kept.
///
/// # Errors
/// [`ArchiveError::Elsewhere`] while another process writes.
pub async fn rotate(house: &House, by: &Who) -> Result<Rotation, ArchiveError> {
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    // No new key where it could not be put into use.
    let alone = vault.alone(house, &opened).await?;
    escrow::tend(house, by, &opened, &alone).await?;
    begin(house, by).await?;
    Ok(end(house, by, &alone).await?.unwrap_or_default())
}

/// Ends a rotation that was begun; `None` where none was.
pub(crate) async fn end(
    house: &House,
    by: &Who,
    alone: &Turn,
) -> Result<Option<Rotation>, ArchiveError> {
    let (old, new) = vault::kept(house).await?;
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(None);
    };
    let from = vault::unsealed(house, &old).await?;
    let to = vault::unsealed(house, &new).await?;
    let now = house.now();
    let done = alone
        .writing(house, move |room| room.keys().rotate(&from, &to, now.0))
        .await?;
    if !done.damaged.is_empty() {
        return Ok(Some(done));
    }
    let slots = i64::try_from(done.rewritten + done.already).unwrap_or(i64::MAX);
    house
        .write(HOUSE, by, move |mut tx| {
            if tx.execute(installed::change(KEY, &old, &new))? == 0 {
                return Err(ArchiveError::Changed);
            }
            tx.execute(installed::drop(NEXT))?;
            let event = Event::new(events::KEY_CHANGED).with("slots", slots);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(Some(done))
}

/// Seals a new key beside the old one, if there is none yet.
async fn begin(house: &House, by: &Who) -> Result<(), ArchiveError> {
    if vault::kept(house).await?.1.is_some() {
        return Ok(());
    }
    let value = vault::sealed(house, &Opener::generate()).await?;
    house
        .write(HOUSE, by, move |mut tx| {
            if tx.execute(installed::keep(NEXT, &value))? == 0 {
                return Err(ArchiveError::Changed);
            }
            Ok(tx.record(Event::new(events::KEY_CHANGING), ())?)
        })
        .await
}
