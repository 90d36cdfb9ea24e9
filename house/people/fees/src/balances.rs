//! What was owed on a day, also a past one: by value, as the books know it today. A bill counts
//! from the first day of its month, a payment and a refund from their day, a correction from
//! the day it was made; what was voided never was.

use jiff::ToSpan;
use jiff::civil::Date;

use super::account::my_rooms;
use super::money::Fen;
use super::{FeesError, store};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// One item of a balance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemBalance {
    pub item: Option<Id>,
    pub name: String,
    pub billed: Fen,
    /// Adjustments less write-offs.
    pub corrected: Fen,
    pub paid: Fen,
    /// Past its due date on that day.
    pub overdue: Fen,
}

impl ItemBalance {
    pub fn owed(&self) -> Fen {
        Fen(self.billed.0 + self.corrected.0 - self.paid.0)
    }
}

/// A balance by item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    pub items: Vec<ItemBalance>,
    /// Paid, not handed back, and not set against a bill that counted already.
    pub credit: Fen,
}

impl Balances {
    pub fn owed(&self) -> Fen {
        Fen(self.items.iter().map(|i| i.owed().0).sum())
    }

    pub fn overdue(&self) -> Fen {
        Fen(self.items.iter().map(|i| i.overdue.0).sum())
    }
}

/// A room's balance on a day, for the desk and for whoever owns it.
pub async fn balances_on(
    house: &House,
    by: &Actor,
    room: Id,
    day: Date,
) -> Result<Balances, FeesError> {
    if !by.has(Permission::FeesRead) {
        by.may(Permission::HomeRead)?;
        let mine = my_rooms(house, by).await?;
        if !mine.iter().any(|(id, _)| *id == room) {
            return Err(FeesError::NoSuchRoom);
        }
    }
    read(house, by, Some(room), day).await
}

/// The compound's balance on a day, by item.
pub async fn compound_on(house: &House, by: &Actor, day: Date) -> Result<Balances, FeesError> {
    by.may(Permission::FeesRead)?;
    read(house, by, None, day).await
}

async fn read(
    house: &House,
    by: &Actor,
    room: Option<Id>,
    day: Date,
) -> Result<Balances, FeesError> {
    let c = by.community;
    // The last instant of the day, for what is dated by the clock.
    let end = Moment(Moment::at_start_of(day.saturating_add(1.days())).0 - 1);
    let items: Vec<ItemBalance> = house
        .db
        .all(store::balance_items(c, room, day, end))
        .await?;
    let (credit,): (Fen,) = house.db.one(store::balance_credit(c, room, day)).await?;
    Ok(Balances { items, credit })
}
