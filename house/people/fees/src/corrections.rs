//! Adjustments: the manager's acts, with a reason, never by who takes money.

use super::money::{FEN_MAX, Fen};
use super::own_words::seal;
use super::settling::{release, settle_room};
use super::store::{self, BillRow, Shift};
use super::{FeesError, events, reason};
use foundation::database::{Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use permissions::{Permission, Role};

/// Whether the actor takes money, whatever else they are.
pub(super) fn takes_money(by: &Actor) -> bool {
    by.roles.contains(&Role::Cashier)
}

/// The permission is the manager's; a manager who is the cashier as well does not
/// have it, because the two must be different persons (spec README, who uses it).
pub(super) fn may_correct(by: &Actor) -> Result<(), FeesError> {
    by.may(Permission::FeesWriteOff)?;
    if takes_money(by) {
        return Err(FeesError::CashierNeverWritesOff);
    }
    Ok(())
}

pub(super) fn open_bill(tx: &mut Tx<'_>, bill: Id) -> Result<BillRow, FeesError> {
    let c = tx.community();
    let row: BillRow = tx
        .optional(store::bill(c, bill))?
        .ok_or(FeesError::NoSuchBill)?;
    if row.is_void() {
        return Err(FeesError::AlreadyVoid);
    }
    Ok(row)
}

/// The room of a bill, for the key of what is written about it.
pub(super) async fn room_of(house: &House, by: &Actor, bill: Id) -> Result<Id, FeesError> {
    let row: Option<BillRow> = house.db.optional(store::bill(by.community, bill)).await?;
    Ok(row.ok_or(FeesError::NoSuchBill)?.room)
}

/// A form that is sent twice brings its own id twice.
pub(super) fn first_time(tx: &mut Tx<'_>, id: Id) -> Result<(), FeesError> {
    let c = tx.community();
    match tx.optional::<(Id,)>(store::correction(c, id))? {
        Some(_) => Err(FeesError::Again),
        None => Ok(()),
    }
}

/// Makes a bill larger or smaller (a wrong meter, a reduction granted). What was
/// paid beyond the new amount becomes the room's credit. `once` is an id that the form
/// brings, so that sending it twice does it once.
///
/// # Errors
/// [`FeesError::Again`] the second time.
pub async fn adjust(
    house: &House,
    by: &Actor,
    bill: Id,
    amount: Fen,
    why: &str,
    once: Option<Id>,
) -> Result<(), FeesError> {
    may_correct(by)?;
    let why = reason(why)?;
    let room = room_of(house, by, bill).await?;
    let why = seal(house, by.community, room, store::REASON, &why).await?;
    if amount.0 == 0 || !(-FEN_MAX..=FEN_MAX).contains(&amount.0) {
        return Err(FeesError::Amount);
    }
    let (id, account) = (once.unwrap_or_else(|| house.id()), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                first_time(&mut tx, id)?;
                let row = open_bill(&mut tx, bill)?;
                let stands = row.stands();
                let after = stands.plus(amount)?;
                if after.0 < 0 {
                    return Err(FeesError::BelowZero { left: stands });
                }
                let over = row.allocated.0 - after.0;
                if over > 0 {
                    release(&mut tx, bill, Fen(over))?;
                }
                let by = Shift {
                    adjusted: amount.0,
                    ..Shift::default()
                };
                tx.execute(store::shift_bill(c, bill, by))?;
                tx.execute(store::insert_correction(
                    c,
                    id,
                    bill,
                    "adjustment",
                    amount,
                    &why,
                    account,
                    now,
                ))?;
                settle_room(&mut tx, row.room, &[])?;
                let event = Event::new(events::ADJUSTED)
                    .about("fee_account", row.room)
                    .to(Audience::Staff)
                    .with("bill", bill)
                    .with("fen", amount.0);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
