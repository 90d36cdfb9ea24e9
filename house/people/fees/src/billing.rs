//! Bills: a month's from the rates, seen before they are made, and single ones by
//! hand. A room, an item and a month have one bill, however often the run is
//! started and whoever starts it at the same time.

use jiff::civil::Date;

use super::items::{Basis, FeeItem, all_items, amount_for};
use super::money::{Fen, Period};
use super::own_words::seal;
use super::settling::{release, settle_all, settle_room};
use super::store::{self, BillRow, Billable, FreshBill};
use super::{FeesError, events, positive, reason};
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Rooms billed in one stay in the writer: some 10 ms, so that others go on writing.
const ROOMS_AT_ONCE: i64 = 500;
/// Rooms that a preview names where no bill can be made; the count is exact.
const NAMED_MAX: usize = 20;

/// What a month's run would do.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub items: Vec<PreviewItem>,
    pub rooms: u64,
}

/// What it would do for one item.
#[derive(Clone, Debug)]
pub struct PreviewItem {
    pub item: FeeItem,
    pub rate: i64,
    pub due: Date,
    /// Bills to make, and their sum.
    pub bills: u64,
    pub total: Fen,
    /// Rooms that have their bill of this month already.
    pub billed_already: u64,
    /// Rooms whose area is unknown: no bill, until the roster knows it.
    pub area_unknown: u64,
    /// The first of those, by code.
    pub unknown_rooms: Vec<String>,
}

impl Preview {
    pub fn bills(&self) -> u64 {
        self.items.iter().map(|i| i.bills).sum()
    }

    pub fn total(&self) -> Fen {
        Fen(self.items.iter().map(|i| i.total.0).sum())
    }

    pub fn area_unknown(&self) -> u64 {
        self.items.iter().map(|i| i.area_unknown).sum()
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Billed {
    pub bills: u64,
    pub total: Fen,
}

/// An item with its rate, as a run uses it.
#[derive(Clone)]
struct Tariff {
    item: FeeItem,
    rate: i64,
}

async fn tariffs(house: &House, c: Community, period: Period) -> Result<Vec<Tariff>, DbError> {
    let all = all_items(house, c, period).await?;
    Ok(all
        .into_iter()
        .filter(|(item, _)| item.active_in(period) && item.basis != Basis::Given)
        .filter_map(|(item, rate)| rate.map(|rate| Tariff { item, rate }))
        .collect())
}

// Rooms not handed over are billed like the others: until then the developer owes
// the fee (物業管理條例 41), and the roster has the developer as their owner.
fn applies(item: &FeeItem, room: &Billable) -> bool {
    item.applies_to.is_empty() || room.purpose.as_deref() == Some(item.applies_to.as_str())
}

/// Counts what a run of this month would make, for every item with a rate.
pub async fn preview_month(
    house: &House,
    by: &Actor,
    period: Period,
) -> Result<Preview, FeesError> {
    by.may(Permission::FeesRecord)?;
    let c = by.community;
    let tariffs = tariffs(house, c, period).await?;
    let preview: Result<Preview, DbError> = house
        .db
        .reading(move |r| {
            let mut items: Vec<PreviewItem> = tariffs
                .into_iter()
                .map(|t| PreviewItem {
                    due: t.item.due(period),
                    item: t.item,
                    rate: t.rate,
                    bills: 0,
                    total: Fen::ZERO,
                    billed_already: 0,
                    area_unknown: 0,
                    unknown_rooms: Vec::new(),
                })
                .collect();
            let (mut after, mut rooms) = ((Vec::new(), String::new()), 0);
            loop {
                let part: Vec<Billable> = r.all(store::billable_rooms(c, &after, ROOMS_AT_ONCE))?;
                let Some(last) = part.last() else { break };
                after = (last.sort_key.clone(), last.id.to_string());
                rooms += part.len() as u64;
                let ids: Vec<Id> = part.iter().map(|room| room.id).collect();
                let billed = store::billed_already(r, c, period, &ids)?;
                for room in &part {
                    for line in &mut items {
                        count(line, room, billed.contains_key(&(room.id, line.item.id)))?;
                    }
                }
            }
            Ok(Preview { items, rooms })
        })
        .await;
    Ok(preview?)
}

fn count(line: &mut PreviewItem, room: &Billable, billed: bool) -> Result<(), DbError> {
    if !applies(&line.item, room) {
        return Ok(());
    }
    if billed {
        line.billed_already += 1;
        return Ok(());
    }
    match amount_for(line.item.basis, line.rate, room.area) {
        Some(amount) if amount.is_positive() => {
            line.bills += 1;
            line.total = line.total.plus(amount)?;
        }
        Some(_) => {}
        None => {
            line.area_unknown += 1;
            if line.unknown_rooms.len() < NAMED_MAX {
                line.unknown_rooms.push(room.code.clone());
            }
        }
    }
    Ok(())
}

/// Makes the month's bills for the chosen items (all with a rate, where none is
/// named), 500 rooms at a time, each with its event; then sets credits against
/// them. Started again after a break, it makes what is missing and nothing twice.
pub async fn bill_month(
    house: &House,
    by: &Actor,
    period: Period,
    chosen: &[Id],
) -> Result<Billed, FeesError> {
    by.may(Permission::FeesRecord)?;
    let c = by.community;
    let mut tariffs = tariffs(house, c, period).await?;
    tariffs.retain(|t| chosen.is_empty() || chosen.contains(&t.item.id));
    let mut done = Billed::default();
    for tariff in tariffs {
        let mut after = String::new();
        loop {
            let part: Vec<Billable> = house
                .db
                .all(store::rooms_to_bill(c, &after, ROOMS_AT_ONCE))
                .await?;
            let Some(last) = part.last() else { break };
            after = last.id.to_string();
            let bills = fresh_bills(house, &tariff, period, &part);
            let made = bill_chunk(house, by, &tariff.item, period, bills).await?;
            done.bills += made.bills;
            done.total = done.total.plus(made.total)?;
        }
    }
    settle_all(house, by).await?;
    Ok(done)
}

fn fresh_bills(house: &House, t: &Tariff, period: Period, rooms: &[Billable]) -> Vec<FreshBill> {
    rooms
        .iter()
        .filter(|room| applies(&t.item, room))
        .filter_map(|room| {
            let amount = amount_for(t.item.basis, t.rate, room.area)?;
            amount.is_positive().then(|| FreshBill {
                id: house.id(),
                room: room.id,
                item: t.item.id,
                period,
                period_last: period,
                amount,
                due: t.item.due(period),
                source: "rates",
                import: None,
            })
        })
        .collect()
}

async fn bill_chunk(
    house: &House,
    by: &Actor,
    item: &FeeItem,
    period: Period,
    mut bills: Vec<FreshBill>,
) -> Result<Billed, FeesError> {
    let c = by.community;
    let rooms: Vec<Id> = bills.iter().map(|b| b.room).collect();
    let item = item.id;
    let known: std::collections::HashMap<(Id, Id), ()> = house
        .db
        .reading(move |r| store::billed_already(r, c, period, &rooms))
        .await
        .map_err(|e: DbError| e)?;
    bills.retain(|b| !known.contains_key(&(b.room, b.item)));
    if bills.is_empty() {
        return Ok(Billed::default());
    }
    house
        .write(c, &by.who_for(Permission::FeesRecord), move |mut tx| {
            // Again inside: another run may have been faster.
            let rooms: Vec<Id> = bills.iter().map(|b| b.room).collect();
            let known = store::billed_already(&mut tx, c, period, &rooms)?;
            bills.retain(|b| !known.contains_key(&(b.room, b.item)));
            store::insert_bills(&mut tx, &bills)?;
            let made = Billed {
                bills: bills.len() as u64,
                total: Fen::sum(bills.iter().map(|b| b.amount))?,
            };
            let event = Event::new(events::BILLED)
                .about("fee_item", item)
                .to(Audience::Staff)
                .with("period", period.number())
                .with("bills", made.bills as i64)
                .with("fen", made.total.0);
            Ok(tx.record(event, made)?)
        })
        .await
}

/// Makes one bill by hand: a metered amount, a service. A voided bill of the same
/// room, item and month is made anew in its place.
pub async fn add_bill(
    house: &House,
    by: &Actor,
    room: Id,
    item: Id,
    period: Period,
    amount: Fen,
    due: Option<Date>,
) -> Result<Id, FeesError> {
    by.may(Permission::FeesRecord)?;
    let amount = positive(amount)?;
    let id = house.id();
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let c = tx.community();
                let known: Option<(Id,)> = tx.optional(store::room_is_there(c, room))?;
                known.ok_or(FeesError::NoSuchRoom)?;
                let item: FeeItem = tx
                    .optional(store::item(c, item))?
                    .ok_or(FeesError::NoSuchItem)?;
                let due = due.unwrap_or_else(|| item.due(period));
                let there: Option<BillRow> =
                    tx.optional(store::bill_at(c, room, item.id, period))?;
                let id = match there {
                    Some(bill) if bill.is_void() => {
                        tx.execute(store::revive_bill(c, bill.id, amount, due))?;
                        bill.id
                    }
                    Some(_) => return Err(FeesError::AlreadyBilled),
                    None => {
                        let bill = FreshBill {
                            id,
                            room,
                            item: item.id,
                            period,
                            period_last: period,
                            amount,
                            due,
                            source: "desk",
                            import: None,
                        };
                        store::insert_bills(&mut tx, &[bill])?;
                        id
                    }
                };
                settle_room(&mut tx, room, &[])?;
                let event = Event::new(events::BILL_ADDED)
                    .about("fee_account", room)
                    .to(Audience::Staff)
                    .with("bill", id)
                    .with("item", item.id)
                    .with("period", period.number())
                    .with("fen", amount.0);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// Takes a bill back that should not have been made. What was paid on it becomes
/// the room's credit. As with adjusting, never by who takes money.
pub async fn void_bill(house: &House, by: &Actor, bill: Id, why: &str) -> Result<(), FeesError> {
    super::corrections::may_correct(by)?;
    let why = reason(why)?;
    let room = super::corrections::room_of(house, by, bill).await?;
    let why = seal(house, by.community, room, store::VOIDED, &why).await?;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let c = tx.community();
                let row: BillRow = tx
                    .optional(store::bill(c, bill))?
                    .ok_or(FeesError::NoSuchBill)?;
                if row.is_void() {
                    return Err(FeesError::AlreadyVoid);
                }
                release(&mut tx, bill, row.allocated)?;
                tx.execute(store::mark_bill_void(c, bill, &why))?;
                settle_room(&mut tx, row.room, &[])?;
                let event = Event::new(events::BILL_VOIDED)
                    .about("fee_account", row.room)
                    .to(Audience::Staff)
                    .with("bill", bill)
                    .with("fen", row.stands().0);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
