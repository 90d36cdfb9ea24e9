//! What people write about money in their own words (who paid, a note, why something was
//! undone) lies sealed under the key of the room it is about.

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::{KeyError, seal_clear as seal_column};

use super::FeesError;
use super::account::{BillView, CorrectionView, PaymentView, PlanView};
use super::store::{self, NOTE, PAYER, PLAN_NOTE, REASON, VOIDED};

/// A text of a room, sealed for its column.
///
/// # Errors
/// [`FeesError::NoSuchRoom`]: no key is made for a room that is not there.
pub(super) async fn seal(
    house: &House,
    c: Community,
    room: Id,
    column: &str,
    text: &str,
) -> Result<String, FeesError> {
    let known: Option<(Id,)> = house.db.optional(store::room_is_there(c, room)).await?;
    known.ok_or(FeesError::NoSuchRoom)?;
    Ok(house.keys.seal_words(c, room, column, text).await?)
}

/// Opens what payments say, each of its room.
pub(super) async fn open_payments(
    house: &House,
    c: Community,
    payments: &mut [PaymentView],
) -> Result<(), KeyError> {
    let rooms: Vec<Id> = payments.iter().map(|p| p.room).collect();
    let ring = house.keys.ring(c, &rooms).await?;
    for p in payments {
        p.payer = ring.open_text(p.room, PAYER, &p.payer)?;
        p.note = ring.open_text(p.room, NOTE, &p.note)?;
        p.void_reason = ring.open_text(p.room, VOIDED, &p.void_reason)?;
    }
    Ok(())
}

/// Opens what a room's bills, corrections and plan say.
pub(super) async fn open_account(
    house: &House,
    c: Community,
    room: Id,
    bills: &mut [BillView],
    corrections: &mut [CorrectionView],
    plan: Option<&mut PlanView>,
) -> Result<(), KeyError> {
    let ring = house.keys.ring(c, &[room]).await?;
    for bill in bills {
        bill.void_reason = ring.open_text(room, VOIDED, &bill.void_reason)?;
    }
    for one in corrections {
        one.reason = ring.open_text(room, REASON, &one.reason)?;
    }
    if let Some(plan) = plan {
        plan.note = ring.open_text(room, PLAN_NOTE, &plan.note)?;
    }
    Ok(())
}

/// Seals what lies in clear: texts of an import that was just made, and of a time before
/// such texts were sealed. Returns how many.
pub async fn seal_clear(house: &House) -> Result<u64, KeyError> {
    let mut done = 0;
    for place in &store::TEXTS {
        done += seal_column(house, place).await?;
    }
    Ok(done)
}
