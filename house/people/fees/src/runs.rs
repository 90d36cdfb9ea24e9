//! A month's bills as a batch: begun in one write, made in chunks that each move the batch's
//! mark with them, gone on with by a job after any break, and taken back as a whole while
//! nothing was paid on it. A room, an item and a month have one bill, whatever happens.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::billing::{Billed, Tariff, fresh_bills, tariffs};
use super::corrections::may_correct;
use super::items::Basis;
use super::meters::billing as metered;
use super::money::{Fen, Period};
use super::settling::{release, settle_all, settle_room};
use super::store::{self, Billable, FreshBill, RunRow};
use super::{FeesError, events, reason};
use foundation::clock::MINUTE;
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{self, Job, Runner};
use foundation::keys::KeyError;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Rooms billed in one stay in the writer: some 10 ms, so that others go on writing.
pub(super) const ROOMS_AT_ONCE: i64 = 500;
/// Batches that a page shows.
const SHOWN_MAX: i64 = 36;
const JOB: &str = "fees.run";

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    Running,
    Done,
    Undoing,
    Undone,
}

impl RunState {
    pub fn word(self) -> &'static str {
        match self {
            RunState::Running => "running",
            RunState::Done => "done",
            RunState::Undoing => "undoing",
            RunState::Undone => "undone",
        }
    }

    pub fn from_word(word: &str) -> Option<RunState> {
        use RunState::{Done, Running, Undoing, Undone};
        let all = [Running, Done, Undoing, Undone];
        all.into_iter().find(|s| s.word() == word)
    }
}

/// A batch as a page shows it.
#[derive(Clone, Debug)]
pub struct RunView {
    pub id: Id,
    pub period: Period,
    pub state: RunState,
    pub bills: i64,
    pub total: Fen,
    pub created_at_ms: i64,
    /// Why it was taken back; empty where it was not.
    pub undone_why: String,
}

/// The newest batches.
pub async fn runs(house: &House, by: &Actor) -> Result<Vec<RunView>, FeesError> {
    by.may(Permission::FeesRecord)?;
    let rows: Vec<RunRow> = house.db.all(store::runs(by.community, SHOWN_MAX)).await?;
    let undone: Vec<Id> = rows
        .iter()
        .filter(|r| !r.undone_why.is_empty())
        .map(|r| r.id)
        .collect();
    let ring = house.keys.ring(by.community, &undone).await?;
    let mut out = Vec::with_capacity(rows.len());
    for r in rows {
        out.push(RunView {
            undone_why: ring
                .open_text(r.id, store::RUN_UNDONE, &r.undone_why)
                .map_err(KeyError::from)?,
            id: r.id,
            period: r.period,
            state: r.state,
            bills: r.bills,
            total: r.total,
            created_at_ms: r.created_at.0,
        });
    }
    Ok(out)
}

/// Begins a batch for the chosen items (all with a rate, where none is named). A job goes on
/// with it should whoever began it break off.
///
/// # Errors
/// [`FeesError::NothingToBill`] where no item of the month has a rate.
pub async fn begin_run(
    house: &House,
    by: &Actor,
    period: Period,
    chosen: &[Id],
) -> Result<Id, FeesError> {
    by.may(Permission::FeesRecord)?;
    let mut tariffs = tariffs(house, by.community, period).await?;
    tariffs.retain(|t| chosen.is_empty() || chosen.contains(&t.item.id));
    let items: Vec<Id> = tariffs.iter().map(|t| t.item.id).collect();
    if items.is_empty() {
        return Err(FeesError::NothingToBill);
    }
    let (id, account) = (house.id(), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                tx.execute(store::insert_run(c, id, period, &items, account, now))?;
                let payload = serde_json::json!({ "run": id.to_string() });
                let name = format!("fees.run.{id}");
                jobs::enqueue(&mut tx, JOB, &name, &payload, now.plus(MINUTE))?;
                let event = Event::new(events::RUN_BEGUN)
                    .about("fee_run", id)
                    .to(Audience::Staff)
                    .with("period", period.number())
                    .with("items", items);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// Goes on with a batch where it stands, to its end; of one that is done, undone or nobody's
/// it does nothing.
pub async fn carry_on(house: &House, by: &Actor, run: Id) -> Result<(), FeesError> {
    by.may(Permission::FeesRecord)?;
    let row = row(house, by, run).await?;
    match row.state {
        RunState::Running => make(house, by, row).await,
        RunState::Undoing => take_back(house, by, run).await,
        RunState::Done | RunState::Undone => Ok(()),
    }
}

async fn row(house: &House, by: &Actor, run: Id) -> Result<RunRow, FeesError> {
    let row = house.db.optional(store::run(by.community, run)).await?;
    row.ok_or(FeesError::NoSuchRun)
}

/// The rooms that a batch has billed, in the order of their ids, beginning behind `after`. It
/// asks nobody's permission: rooms that follow the books ask.
pub async fn rooms_of_run(
    house: &House,
    c: Community,
    run: Id,
    after: &str,
) -> Result<Vec<Id>, DbError> {
    let asked = store::rooms_of_run(c, run, after, ROOMS_AT_ONCE);
    let rooms: Vec<(Id,)> = house.db.all(asked).await?;
    Ok(rooms.into_iter().map(|(room,)| room).collect())
}

async fn make(house: &House, by: &Actor, row: RunRow) -> Result<(), FeesError> {
    let c = by.community;
    let all = tariffs(house, c, row.period).await?;
    let mut after = row.after_room.clone();
    for (place, item) in row.items.iter().enumerate().skip(row.item_place) {
        // An item that has lost its rate since has nothing to bill.
        let Some(tariff) = all.iter().find(|t| t.item.id == *item) else {
            after.clear();
            continue;
        };
        let shares = match tariff.item.basis {
            Basis::Shared => metered::take_shared(house, by, row.id, tariff, row.period).await?,
            _ => Vec::new(),
        };
        loop {
            let part: Vec<Billable> = house
                .db
                .all(store::rooms_to_bill(c, &after, ROOMS_AT_ONCE))
                .await?;
            let Some(last) = part.last() else { break };
            let reached = last.id.to_string();
            let mark = Mark {
                run: row.id,
                place,
                after: reached.clone(),
            };
            chunk(house, by, tariff, row.period, part, &after, &shares, mark).await?;
            after = reached;
        }
        after.clear();
    }
    settle_all(house, by).await?;
    finish(house, by, row.id).await
}

/// How far a chunk brings the batch.
struct Mark {
    run: Id,
    place: usize,
    after: String,
}

#[allow(clippy::too_many_arguments)] // the chunk, and where it stands in the batch
async fn chunk(
    house: &House,
    by: &Actor,
    tariff: &Tariff,
    period: Period,
    part: Vec<Billable>,
    after: &str,
    shares: &[metered::Shared],
    mark: Mark,
) -> Result<(), FeesError> {
    let c = by.community;
    let item = tariff.item.id;
    let ids: Vec<Id> = part.iter().map(|room| room.id).collect();
    let known = house
        .db
        .reading(move |r| store::billed_already(r, c, period, &[item], &ids))
        .await
        .map_err(|e: DbError| e)?;
    let fresh = match tariff.item.basis {
        Basis::Metered => Vec::new(),
        Basis::Shared => {
            metered::shared_bills(house, c, tariff, period, &part, after, shares).await?
        }
        _ => fresh_bills(house, tariff, period, &part),
    };
    let bills: Vec<FreshBill> = fresh
        .into_iter()
        .filter(|b| !known.contains(&(b.room, b.item)))
        .map(|b| FreshBill {
            run: Some(mark.run),
            ..b
        })
        .collect();
    let rooms: Vec<Billable> = part
        .into_iter()
        .filter(|room| tariff.applies(room) && !known.contains(&(room.id, item)))
        .collect();
    let metered = tariff.item.basis == Basis::Metered && !rooms.is_empty();
    if bills.is_empty() && !metered {
        return Ok(());
    }
    let fresh_ids: Vec<Id> = rooms.iter().map(|_| house.id()).collect();
    let tariff = tariff.clone();
    house
        .write(c, &by.who_for(Permission::FeesRecord), move |mut tx| {
            let row: RunRow = tx
                .optional(store::run(c, mark.run))?
                .ok_or(FeesError::NoSuchRun)?;
            if row.state != RunState::Running {
                return Err(FeesError::RunOver);
            }
            let made = if metered {
                let rooms = rooms.iter().zip(&fresh_ids);
                metered::bill_meters(&mut tx, &tariff, period, rooms, mark.run)?
            } else {
                put(&mut tx, &bills)?
            };
            let place = mark.place as i64;
            tx.execute(store::move_run(c, mark.run, place, &mark.after, made))?;
            let event = Event::new(events::BILLED)
                .about("fee_item", item)
                .to(Audience::Staff)
                .with("run", mark.run)
                .with("period", period.number())
                .with("bills", made.bills as i64)
                .with("fen", made.total.0);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Puts the bills into the books; another batch may have been faster with some of them.
pub(super) fn put(tx: &mut Tx<'_>, bills: &[FreshBill]) -> Result<Billed, DbError> {
    let added = store::insert_bills(tx, bills)?;
    if added == bills.len() as u64 {
        return Ok(Billed {
            bills: added,
            total: Fen::sum(bills.iter().map(|b| b.amount))?,
        });
    }
    let mut made = Billed::default();
    let ids: Vec<Id> = bills.iter().map(|b| b.id).collect();
    for part in ids.chunks(foundation::database::LIST_MAX) {
        let (count, total): (i64, Fen) = tx.one(store::sum_of(tx.community(), part))?;
        made.bills += count as u64;
        made.total = made.total.plus(total)?;
    }
    Ok(made)
}

async fn finish(house: &House, by: &Actor, run: Id) -> Result<(), FeesError> {
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let row: RunRow = tx
                    .optional(store::run(c, run))?
                    .ok_or(FeesError::NoSuchRun)?;
                if row.state != RunState::Running {
                    // Another has finished it: there is nothing to say twice.
                    return Err(FeesError::RunOver);
                }
                tx.execute(store::end_run(c, run, RunState::Done, now))?;
                let event = Event::new(events::RUN_DONE)
                    .about("fee_run", run)
                    .to(Audience::Staff)
                    .with("bills", row.bills)
                    .with("fen", row.total.0);
                Ok(tx.record(event, ())?)
            },
        )
        .await
        .or_else(|error| match error {
            FeesError::RunOver => Ok(()),
            other => Err(other),
        })
}

/// What a batch did, so far.
pub(crate) async fn billed_by(house: &House, by: &Actor, run: Id) -> Result<Billed, FeesError> {
    let row = row(house, by, run).await?;
    Ok(Billed {
        bills: row.bills.max(0) as u64,
        total: row.total,
    })
}

/// Takes a whole batch back while nothing was paid on its bills since it was begun, none was
/// corrected, and no later batch has billed their meters on. Money that households had paid
/// ahead becomes their credit again.
///
/// # Errors
/// [`FeesError::RunTouched`] with the number of bills that stand in the way.
pub async fn undo_run(house: &House, by: &Actor, run: Id, why: &str) -> Result<(), FeesError> {
    may_correct(by)?;
    let why = reason(why)?;
    let run = row(house, by, run).await?.id;
    // It is about no household: the batch has a key of its own.
    let why = house
        .keys
        .seal_words(by.community, run, store::RUN_UNDONE, &why)
        .await?;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let row: RunRow = tx
                    .optional(store::run(c, run))?
                    .ok_or(FeesError::NoSuchRun)?;
                if row.state != RunState::Done {
                    return Err(FeesError::RunOver);
                }
                let (paid,): (i64,) = tx.one(store::touched_of_run(c, run, row.created_at))?;
                let (on,): (i64,) = tx.one(store::meters_gone_on(c, run))?;
                if paid + on > 0 {
                    return Err(FeesError::RunTouched { bills: paid + on });
                }
                tx.execute(store::undo_run(c, run, &why, now))?;
                let payload = serde_json::json!({ "run": run.to_string() });
                let name = format!("fees.undo.{run}");
                jobs::enqueue(&mut tx, JOB, &name, &payload, now.plus(MINUTE))?;
                let event = Event::new(events::RUN_UNDO_BEGUN)
                    .about("fee_run", run)
                    .to(Audience::Staff)
                    .with("bills", row.bills)
                    .with("fen", row.total.0);
                Ok(tx.record(event, ())?)
            },
        )
        .await?;
    take_back(house, by, run).await
}

/// Bills leave in chunks; the last one closes the batch.
async fn take_back(house: &House, by: &Actor, run: Id) -> Result<(), FeesError> {
    let right = Permission::FeesRecord;
    loop {
        let left: Result<bool, FeesError> = house
            .write(by.community, &by.who_for(right), move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let row: RunRow = tx
                    .optional(store::run(c, run))?
                    .ok_or(FeesError::NoSuchRun)?;
                if row.state != RunState::Undoing {
                    return Err(FeesError::RunOver);
                }
                let bills: Vec<(Id, Id, Fen)> =
                    tx.all(store::bills_of_run(c, run, ROOMS_AT_ONCE))?;
                let mut rooms = Vec::new();
                let touched: BTreeSet<Id> = bills.iter().map(|(_, room, _)| *room).collect();
                let touched: Vec<Id> = touched.into_iter().collect();
                for (bill, room, allocated) in &bills {
                    if allocated.is_positive() {
                        release(&mut tx, *bill, *allocated)?;
                        rooms.push(*room);
                    }
                }
                let ids: Vec<Id> = bills.iter().map(|(id, _, _)| *id).collect();
                if ids.is_empty() {
                    metered::give_back_shared(&mut tx, run)?;
                    tx.execute(store::end_run(c, run, RunState::Undone, now))?;
                } else {
                    metered::give_back(&mut tx, &ids)?;
                    tx.execute(store::delete_bills(c, &ids))?;
                }
                for room in rooms {
                    settle_room(&mut tx, room, &[])?;
                }
                let event = Event::new(events::RUN_UNDONE)
                    .about("fee_run", run)
                    .to(Audience::Staff)
                    .with("bills", ids.len() as i64)
                    .with("rooms", touched);
                Ok(tx.record(event, !ids.is_empty())?)
            })
            .await;
        match left {
            Ok(true) => {}
            Ok(false) | Err(FeesError::RunOver) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Who goes on with batches after a break.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(JOB, |house, job: Job| async move {
        let run = job.payload.get("run").and_then(|r| r.as_str());
        let Some(run) = run.and_then(|r| r.parse::<Id>().ok()) else {
            return Err("a job without its batch".to_owned());
        };
        match carry_on(&house, &Actor::system(job.community), run).await {
            Ok(()) | Err(FeesError::RunOver | FeesError::NoSuchRun) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    })
}

/// The last day of a month.
pub(super) fn last_day(period: Period) -> Date {
    period.day(31)
}
