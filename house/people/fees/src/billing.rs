//! Bills: a month's from the rates, seen before they are made, and single ones by
//! hand. A room, an item and a month have one bill, however often the run is
//! started and whoever starts it at the same time.

use jiff::civil::Date;

use super::amounts::{Due, due_of};
use super::items::{Basis, FeeItem, Tier, TierSpan, all_items};
use super::meters::billing as metered;
use super::money::{Fen, Period};
use super::own_words::seal;
use super::runs::{ROOMS_AT_ONCE, begin_run, billed_by, carry_on};
use super::settling::{release, settle_room};
use super::store::{self, BillRow, Billable, FreshBill};
use super::{FeesError, events, positive, reason};
use foundation::database::{Community, DbError, LIST_MAX, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Rooms of an item that a preview names where no bill can be made, by reason; the count is exact.
const NAMED_MAX: usize = 50;

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
    /// The first of those, in shelf order.
    pub unknown_rooms: Vec<Unbilled>,
    /// Bills for a part of the month.
    pub parts: u64,
    /// Rooms with a meter that has no reading of this month: no bill, until it is read.
    pub unread: u64,
    /// The first of those, in shelf order.
    pub unread_rooms: Vec<Unbilled>,
}

/// A room that no bill can be made for yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbilled {
    pub room: Id,
    pub code: String,
}

impl Unbilled {
    fn name(rooms: &mut Vec<Unbilled>, room: &Billable) {
        if rooms.len() < NAMED_MAX {
            rooms.push(Unbilled {
                room: room.id,
                code: room.code.clone(),
            });
        }
    }
}

impl PreviewItem {
    /// Rooms that cannot be billed yet.
    pub fn missing(&self) -> u64 {
        self.area_unknown + self.unread
    }
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

    pub fn unread(&self) -> u64 {
        self.items.iter().map(|i| i.unread).sum()
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
pub(super) struct Tariff {
    pub item: FeeItem,
    pub rate: i64,
    /// Of a metered item, lowest first.
    pub tiers: Vec<Tier>,
    pub span: TierSpan,
}

pub(super) async fn tariffs(
    house: &House,
    c: Community,
    period: Period,
) -> Result<Vec<Tariff>, DbError> {
    let mut out = Vec::new();
    for (item, rate) in all_items(house, c, period).await? {
        let Some(rate) = rate else { continue };
        if !item.active_in(period) || item.basis == Basis::Given {
            continue;
        }
        let tiers = match item.basis {
            Basis::Metered => house.db.all(store::tiers(c, item.id, period)).await?,
            _ => Vec::new(),
        };
        // Without steps there is nothing to count over a year.
        let span = match tiers.is_empty() {
            true => TierSpan::Month,
            false => {
                let (word,): (String,) = house.db.one(store::tier_span(c, item.id, period)).await?;
                TierSpan::from_word(&word).unwrap_or_default()
            }
        };
        out.push(Tariff {
            item,
            rate,
            tiers,
            span,
        });
    }
    Ok(out)
}

impl Tariff {
    // Rooms not handed over are billed like the others: until then the developer owes
    // the fee (物業管理條例 41), and the roster has the developer as their owner.
    pub fn applies(&self, room: &Billable) -> bool {
        let purpose = &self.item.applies_to;
        purpose.is_empty() || room.purpose.as_deref() == Some(purpose.as_str())
    }
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
            let mut items: Vec<PreviewItem> = Vec::with_capacity(tariffs.len());
            let mut shares = Vec::with_capacity(tariffs.len());
            let named: Vec<Id> = tariffs.iter().map(|t| t.item.id).take(LIST_MAX).collect();
            for t in &tariffs {
                items.push(line(t, period));
                shares.push(match t.item.basis {
                    Basis::Shared => metered::shared_now(r, c, t, period)?,
                    _ => Vec::new(),
                });
            }
            let (mut after, mut rooms) = ((Vec::new(), String::new()), 0);
            loop {
                let part: Vec<Billable> = r.all(store::billable_rooms(c, &after, ROOMS_AT_ONCE))?;
                let Some(last) = part.last() else { break };
                after = (last.sort_key.clone(), last.id.to_string());
                rooms += part.len() as u64;
                let ids: Vec<Id> = part.iter().map(|room| room.id).collect();
                let billed = store::billed_already(r, c, period, &named, &ids)?;
                for ((tariff, line), shares) in tariffs.iter().zip(&mut items).zip(&shares) {
                    let dials = match tariff.item.basis {
                        Basis::Metered => metered::dials(r, c, tariff, &ids, period)?,
                        _ => Default::default(),
                    };
                    for room in part.iter().filter(|room| tariff.applies(room)) {
                        if billed.contains(&(room.id, line.item.id)) {
                            line.billed_already += 1;
                            continue;
                        }
                        match tariff.item.basis {
                            Basis::Metered => count_metered(line, tariff, room, &dials)?,
                            Basis::Shared => count_shared(line, room, shares),
                            _ => count(line, tariff, room, period)?,
                        }
                    }
                }
            }
            for (line, shares) in items.iter_mut().zip(&shares) {
                let whole = Fen::sum(shares.iter().filter(|s| s.area > 0).map(|s| s.amount))?;
                if line.item.basis == Basis::Shared && line.billed_already == 0 {
                    line.total = whole;
                }
            }
            Ok(Preview { items, rooms })
        })
        .await;
    Ok(preview?)
}

fn line(t: &Tariff, period: Period) -> PreviewItem {
    PreviewItem {
        due: t.item.due(period),
        item: t.item.clone(),
        rate: t.rate,
        bills: 0,
        total: Fen::ZERO,
        billed_already: 0,
        area_unknown: 0,
        unknown_rooms: Vec::new(),
        parts: 0,
        unread: 0,
        unread_rooms: Vec::new(),
    }
}

fn unknown_area(line: &mut PreviewItem, room: &Billable) {
    line.area_unknown += 1;
    Unbilled::name(&mut line.unknown_rooms, room);
}

fn count(
    line: &mut PreviewItem,
    t: &Tariff,
    room: &Billable,
    period: Period,
) -> Result<(), DbError> {
    match due_of(&t.item, t.rate, room.area, room.moved_in, period) {
        Due::Bill { amount, days } => {
            line.bills += 1;
            line.parts += u64::from(days > 0);
            line.total = line.total.plus(amount)?;
        }
        Due::Nothing => {}
        Due::AreaUnknown => unknown_area(line, room),
    }
    Ok(())
}

fn count_metered(
    line: &mut PreviewItem,
    t: &Tariff,
    room: &Billable,
    dials: &metered::Dials,
) -> Result<(), DbError> {
    match metered::use_of(t, dials, room.id) {
        metered::Use::Unread => {
            line.unread += 1;
            Unbilled::name(&mut line.unread_rooms, room);
        }
        metered::Use::Bill { amount, .. } => {
            line.bills += 1;
            line.total = line.total.plus(amount)?;
        }
        metered::Use::Nothing => {}
    }
    Ok(())
}

fn count_shared(line: &mut PreviewItem, room: &Billable, shares: &[metered::Shared]) {
    if !shares.iter().any(|s| s.covers(room)) {
        return;
    }
    match room.area {
        Some(_) => line.bills += 1,
        None => unknown_area(line, room),
    }
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
    let run = match begin_run(house, by, period, chosen).await {
        Ok(run) => run,
        Err(FeesError::NothingToBill) => return Ok(Billed::default()),
        Err(error) => return Err(error),
    };
    carry_on(house, by, run).await?;
    billed_by(house, by, run).await
}

pub(super) fn fresh_bills(
    house: &House,
    t: &Tariff,
    period: Period,
    rooms: &[Billable],
) -> Vec<FreshBill> {
    rooms
        .iter()
        .filter(|room| t.applies(room))
        .filter_map(
            |room| match due_of(&t.item, t.rate, room.area, room.moved_in, period) {
                Due::Bill { amount, days } => Some(FreshBill {
                    days,
                    ..fresh(house.id(), room.id, &t.item, period, amount)
                }),
                Due::Nothing | Due::AreaUnknown => None,
            },
        )
        .collect()
}

/// A bill of a whole month that no run has taken yet.
pub(super) fn fresh(id: Id, room: Id, item: &FeeItem, period: Period, amount: Fen) -> FreshBill {
    FreshBill {
        id,
        room,
        item: item.id,
        period,
        period_last: period,
        amount,
        due: item.due(period),
        source: "rates",
        import: None,
        run: None,
        days: 0,
    }
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
                        tx.execute(store::drop_corrections(c, bill.id))?;
                        tx.execute(store::revive_bill(c, bill.id, amount, due))?;
                        bill.id
                    }
                    Some(_) => return Err(FeesError::AlreadyBilled),
                    None => {
                        let bill = FreshBill {
                            due,
                            source: "desk",
                            ..fresh(id, room, &item, period, amount)
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
                metered::give_back(&mut tx, &[bill])?;
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
