//! 違約金: worked out where the contract names it, charged by a person's act, given up with a
//! reason. Simple interest a day on what is still owed: no late fee bears another, none is
//! charged twice for a day, and all of them together stay below the office's cap, which is
//! itself below [`LATE_CAP_MAX`].
//!
//! It leans to the household: what was paid late meanwhile bears nothing for its days, and while
//! a plan of instalments runs nothing is charged.

use jiff::ToSpan;
use jiff::civil::Date;

use super::amounts::late_fee;
use super::arrears::days_between;
use super::billing::fresh;
use super::corrections::may_correct;
use super::items::{Basis, FeeItem, ItemKind, PartMonth};
use super::money::{Fen, Period};
use super::own_words::seal;
use super::policy::{LATE_CAP_MAX, Policy};
use super::settling::settle_room;
use super::store::{self, BillRow, FreshBill, LateBase};
use super::{FeesError, events, reason};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use hanzi::fold;
use permissions::Permission;
use permissions::actor::Actor;

/// The item that late fees are billed under; made with the first one.
pub const LATE_ITEM: &str = "違約金";
/// Days to pay it in: the reasonable time that a demand gives at the least (民法典 944).
const PAY_DAYS: i32 = 15;
/// Lines of a room's late fees that a page shows.
const SHOWN_MAX: i64 = 60;

/// What a debt comes to, for days that were neither charged nor given up before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateLine {
    pub bill: Id,
    pub item_name: String,
    pub period: Period,
    pub owed: Fen,
    /// The last day before those that count.
    pub from: Date,
    pub days: i64,
    pub fee: Fen,
}

/// Late fees of a room that were charged or given up.
#[derive(Clone, Debug)]
pub struct LateView {
    pub item_name: String,
    pub period: Period,
    pub from: Date,
    pub until: Date,
    pub fee: Fen,
    pub charged: bool,
    pub reason: String,
    pub at_ms: i64,
}

/// The lines of these debts until `today`.
fn lines(policy: &Policy, today: Date, debts: Vec<LateBase>) -> Vec<LateLine> {
    let mut out = Vec::new();
    for debt in debts {
        let from = debt.until.max(debt.due);
        let days = i64::from(days_between(from, today));
        let cap = policy.late_cap.min(LATE_CAP_MAX);
        // The cap is of what the bill was for, and holds over all charges together.
        let most = late_fee(debt.stands, i64::MAX, policy.late_rate, cap);
        let left = Fen((most.0 - debt.before.0).max(0));
        let fee = late_fee(debt.owed, days, policy.late_rate, cap).min(left);
        if fee.is_positive() {
            out.push(LateLine {
                bill: debt.bill,
                item_name: debt.item_name,
                period: debt.period,
                owed: debt.owed,
                from,
                days,
                fee,
            });
        }
    }
    out
}

fn found(
    look: &mut impl Look,
    c: Community,
    policy: &Policy,
    room: Id,
    today: Date,
) -> Result<Vec<LateLine>, DbError> {
    let planned: Vec<(Id,)> = look.all(store::rooms_with_plan(c, &[room], today))?;
    if policy.late_rate == 0 || !planned.is_empty() {
        return Ok(Vec::new());
    }
    let key = fold::key(LATE_ITEM);
    let debts = look.all(store::late_bases(c, room, today, &key))?;
    Ok(lines(policy, today, debts))
}

/// What the contract's rule comes to today for a room; nothing where the office set none. It
/// asks nobody's permission, so whoever shows it must.
pub(super) async fn late_now(
    house: &House,
    c: Community,
    policy: &Policy,
    room: Id,
) -> Result<Vec<LateLine>, FeesError> {
    let (policy, today) = (policy.clone(), house.now().date());
    let lines: Result<_, DbError> = house
        .db
        .reading(move |r| found(r, c, &policy, room, today))
        .await;
    Ok(lines?)
}

/// All lines together.
pub fn late_sum(lines: &[LateLine]) -> Fen {
    Fen(lines.iter().map(|l| l.fee.0).sum())
}

/// The item of late fees, made where the compound has none.
fn late_item(tx: &mut Tx<'_>, id: Id, period: Period) -> Result<FeeItem, FeesError> {
    let c = tx.community();
    let key = fold::key(LATE_ITEM);
    if let Some((there,)) = tx.optional::<(Id,)>(store::item_by_key(c, &key))? {
        let item: Option<FeeItem> = tx.optional(store::item(c, there))?;
        return item.ok_or(FeesError::NoSuchItem);
    }
    let item = FeeItem {
        id,
        name: LATE_ITEM.to_owned(),
        kind: ItemKind::Other,
        basis: Basis::Given,
        applies_to: String::new(),
        due_day: 31,
        due_months: 0,
        active_from: period,
        active_until: None,
        part_month: PartMonth::Whole,
    };
    store::insert_item(tx, &item)?;
    Ok(item)
}

/// Charges what the rule comes to today, as one bill of the room; how much that is.
///
/// # Errors
/// [`FeesError::NoLateFee`] where nothing is to be charged; [`FeesError::AlreadyBilled`] where
/// this month has one; [`FeesError::LateChanged`] where it is not what the person saw.
pub async fn charge_late(house: &House, by: &Actor, room: Id, seen: Fen) -> Result<Fen, FeesError> {
    by.may(Permission::FeesRecord)?;
    let (c, today) = (by.community, house.now().date());
    let policy = super::policy::policy(house, c).await?;
    let (bill, item) = (house.id(), house.id());
    let ids: Vec<Id> = (0..store::ROOM_LATE_MAX).map(|_| house.id()).collect();
    let account = by.account;
    house
        .write(c, &by.who_for(Permission::FeesRecord), move |mut tx| {
            let known: Option<(Id,)> = tx.optional(store::room_is_there(c, room))?;
            known.ok_or(FeesError::NoSuchRoom)?;
            let lines = found(&mut tx, c, &policy, room, today)?;
            let fee = late_sum(&lines);
            if !fee.is_positive() {
                return Err(FeesError::NoLateFee);
            }
            if fee != seen {
                return Err(FeesError::LateChanged { now: fee });
            }
            let (period, due) = (Period::of(today), today.saturating_add(PAY_DAYS.days()));
            let item = late_item(&mut tx, item, period)?;
            let there: Option<BillRow> = tx.optional(store::bill_at(c, room, item.id, period))?;
            let bill = match there {
                Some(old) if old.is_void() => {
                    tx.execute(store::drop_corrections(c, old.id))?;
                    tx.execute(store::revive_bill(c, old.id, fee, due))?;
                    old.id
                }
                Some(_) => return Err(FeesError::AlreadyBilled),
                None => {
                    let new = FreshBill {
                        due,
                        source: "late",
                        ..fresh(bill, room, &item, period, fee)
                    };
                    store::insert_bills(&mut tx, &[new])?;
                    bill
                }
            };
            let now = tx.now();
            for (id, line) in ids.into_iter().zip(&lines) {
                let what = (Some(bill), "");
                tx.execute(store::insert_late(
                    c, id, room, line, today, what, account, now,
                ))?;
            }
            settle_room(&mut tx, room, &[])?;
            let event = Event::new(events::LATE_CHARGED)
                .about("fee_account", room)
                .to(Audience::Staff)
                .with("bill", bill)
                .with("debts", lines.len() as i64)
                .with("fen", fee.0);
            Ok(tx.record(event, fee)?)
        })
        .await
}

/// Gives up what the rule comes to until today, for a reason; those days are not charged later.
/// A late fee that was charged is given up as every bill is, by [`super::void_bill`].
///
/// # Errors
/// [`FeesError::NoLateFee`] where there is nothing to give up.
pub async fn waive_late(house: &House, by: &Actor, room: Id, why: &str) -> Result<Fen, FeesError> {
    may_correct(by)?;
    let why = reason(why)?;
    let (c, today) = (by.community, house.now().date());
    let why = seal(house, c, room, store::REASON, &why).await?;
    let policy = super::policy::policy(house, c).await?;
    let ids: Vec<Id> = (0..store::ROOM_LATE_MAX).map(|_| house.id()).collect();
    let account = by.account;
    house
        .write(c, &by.who_for(Permission::FeesWriteOff), move |mut tx| {
            let lines = found(&mut tx, c, &policy, room, today)?;
            let fee = late_sum(&lines);
            if !fee.is_positive() {
                return Err(FeesError::NoLateFee);
            }
            let now = tx.now();
            for (id, line) in ids.into_iter().zip(&lines) {
                let what = (None, why.as_str());
                tx.execute(store::insert_late(
                    c, id, room, line, today, what, account, now,
                ))?;
            }
            let event = Event::new(events::LATE_WAIVED)
                .about("fee_account", room)
                .to(Audience::Staff)
                .with("debts", lines.len() as i64)
                .with("fen", fee.0);
            Ok(tx.record(event, fee)?)
        })
        .await
}

/// The late fees of a room that were charged or given up, the newest first.
pub async fn late_of_room(house: &House, by: &Actor, room: Id) -> Result<Vec<LateView>, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let mut all: Vec<LateView> = house
        .db
        .all(store::late_of_room(c, room, SHOWN_MAX))
        .await?;
    let ring = house.keys.ring(c, &[room]).await?;
    for one in &mut all {
        one.reason = ring
            .open_text(room, store::REASON, &one.reason)
            .map_err(foundation::keys::KeyError::from)?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn id(sign: char) -> Id {
        String::from(sign).repeat(16).parse().expect("an id")
    }

    fn debt(until: Date, owed: i64, before: i64) -> LateBase {
        LateBase {
            bill: id('a'),
            item_name: "物業費".into(),
            period: Period::new(2026, 1).expect("a month"),
            due: date(2026, 1, 25),
            owed: Fen(owed),
            stands: Fen(100_000),
            until,
            before: Fen(before),
        }
    }

    #[test]
    fn days_count_once_interest_bears_none_and_the_cap_holds_over_all_charges() {
        let policy = Policy {
            late_rate: 500, // 0.05 % a day
            late_cap: 20,
            ..Policy::default()
        };
        let due = date(2026, 1, 25);
        let fee = |until: Date, owed: i64, before: i64, today: Date| {
            let lines = lines(&policy, today, vec![debt(until, owed, before)]);
            (lines.first().map_or(0, |l| l.days), late_sum(&lines).0)
        };
        assert_eq!(fee(due, 100_000, 0, due), (0, 0), "payable until its end");
        assert_eq!(fee(due, 100_000, 0, date(2026, 1, 26)), (1, 50));
        assert_eq!(fee(due, 100_000, 0, date(2026, 2, 4)), (10, 500));
        let charged = date(2026, 2, 4);
        assert_eq!(fee(charged, 100_000, 500, charged), (0, 0), "none twice");
        assert_eq!(fee(charged, 100_000, 500, date(2026, 2, 5)), (1, 50));
        assert_eq!(
            fee(due, 40_000, 0, date(2026, 2, 4)),
            (10, 200),
            "on what is left"
        );
        assert_eq!(
            fee(due, 100_000, 19_900, date(2027, 1, 1)).1,
            100,
            "the cap's rest"
        );
        assert_eq!(fee(due, 100_000, 20_000, date(2027, 1, 1)).1, 0);
        let free = Policy {
            late_rate: 0,
            ..policy
        };
        assert!(lines(&free, date(2027, 1, 1), vec![debt(due, 100_000, 0)]).is_empty());
    }

    #[test]
    fn a_cap_above_the_houses_own_is_cut_to_it() {
        let policy = Policy {
            late_rate: 2_000,
            late_cap: 100,
            ..Policy::default()
        };
        let today = date(2030, 1, 1);
        let all = lines(&policy, today, vec![debt(date(2026, 1, 25), 100_000, 0)]);
        assert_eq!(late_sum(&all), Fen(1_000 * LATE_CAP_MAX));
    }
}
