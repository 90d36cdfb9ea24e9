//! Statements of an account over some months: what stood before, what was billed and paid, what
//! stands after; of one room, or of a building's rooms together.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::account::{BillView, PaymentView, account};
use super::balances::{Balances, balances_on};
use super::late::{late_now, late_sum};
use super::meters::look_lines;
use super::money::{Fen, Period};
use super::policy::{Policy, policy};
use super::refunds::RefundView;
use super::{FeesError, store};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// Rooms of one paper, which has at most so many pages.
pub const ROOMS_MAX: usize = paper::PAGES_MAX;

/// A room's account over some months.
#[derive(Clone, Debug)]
pub struct Statement {
    pub room: Id,
    pub code: String,
    /// The owners' names, joined.
    pub owners: String,
    pub from: Period,
    pub until: Period,
    /// As it stood before the first month.
    pub before: Balances,
    /// Bills of these months that stand, oldest first.
    pub bills: Vec<BillView>,
    /// What went through which meter, by bill; thousandths of a unit.
    pub metered: HashMap<Id, Vec<(String, i64)>>,
    /// Payments of these months that stand, oldest first.
    pub payments: Vec<PaymentView>,
    /// What was handed back in these months.
    pub refunds: Vec<RefundView>,
    /// As it stands at the end of the last month, or today where that lies before it.
    pub after: Balances,
    pub as_of: Date,
    /// What the contract's late fee would be today; in no balance.
    pub late: Fen,
    pub policy: Policy,
}

/// The statement of one room, for the desk and for whoever owns it.
pub async fn statement(
    house: &House,
    by: &Actor,
    room: Id,
    from: Period,
    until: Period,
) -> Result<Statement, FeesError> {
    if until < from {
        return Err(FeesError::MonthsReversed);
    }
    let (c, today) = (by.community, house.now().date());
    let view = account(house, by, room).await?;
    let policy = policy(house, c).await?;
    let (first, last) = (from.day(1), until.day(31));
    let as_of = last.min(today);
    let before = balances_on(house, by, room, first.saturating_sub(1.days())).await?;
    let after = balances_on(house, by, room, as_of).await?;
    let late = late_sum(&late_now(house, c, &policy, room).await?);
    let mut bills: Vec<BillView> = view
        .bills
        .into_iter()
        .filter(|b| !b.is_void() && b.period >= from && b.period <= until)
        .collect();
    bills.sort_by_key(|b| (b.period, b.item_name.clone(), b.id));
    let mut payments: Vec<PaymentView> = view
        .payments
        .into_iter()
        .filter(|p| !p.is_void() && p.paid_on >= first && p.paid_on <= last)
        .collect();
    payments.sort_by_key(|p| (p.paid_on, p.id));
    let ids: Vec<Id> = bills.iter().map(|b| b.id).collect();
    let owners: Vec<(Id, String)> = house
        .db
        .all(store::owners_of_rooms(c, &[room], today))
        .await?;
    let names: Vec<String> = owners.into_iter().map(|(_, name)| name).collect();
    let refunds: Vec<RefundView> = house
        .db
        .all(store::refunds_of_room(c, room, super::account::SHOWN_MAX))
        .await?;
    Ok(Statement {
        metered: look_lines(house, c, &ids).await?,
        room,
        code: view.code,
        owners: names.join("、"),
        from,
        until,
        before,
        bills,
        payments,
        // Why money went back is between the office and the household: not on the paper.
        refunds: refunds
            .into_iter()
            .filter(|r| r.paid_on >= first && r.paid_on <= last)
            .map(|r| RefundView {
                reason: String::new(),
                ..r
            })
            .collect(),
        after,
        as_of,
        late,
        policy,
    })
}

/// The statements of a building's rooms that have anything to state, in shelf order.
///
/// # Errors
/// [`FeesError::PaperTooLong`] for a building of more than [`ROOMS_MAX`] rooms.
pub async fn statements_of_building(
    house: &House,
    by: &Actor,
    building: &str,
    from: Period,
    until: Period,
) -> Result<Vec<Statement>, FeesError> {
    by.may(Permission::FeesRead)?;
    let limit = ROOMS_MAX as i64 + 1;
    let rooms: Vec<(Id,)> = house
        .db
        .all(store::rooms_of_building(by.community, building, limit))
        .await?;
    if rooms.len() > ROOMS_MAX {
        return Err(FeesError::PaperTooLong);
    }
    let mut out = Vec::new();
    for (room,) in rooms {
        let one = statement(house, by, room, from, until).await?;
        let says = !one.bills.is_empty()
            || !one.payments.is_empty()
            || one.after.owed().0 != 0
            || one.after.credit.0 != 0;
        if says {
            out.push(one);
        }
    }
    Ok(out)
}

/// The buildings of the compound, in shelf order.
pub async fn buildings(house: &House, by: &Actor) -> Result<Vec<String>, FeesError> {
    by.may(Permission::FeesRead)?;
    let found: Vec<(String,)> = house.db.all(store::building_names(by.community)).await?;
    Ok(found.into_iter().map(|(name,)| name).collect())
}
