//! Bills and what is owed on them.

use std::collections::HashSet;

use jiff::civil::Date;

use super::{day, parse_day};
use crate::allocation::Debt;
use crate::arrears::OpenBill;
use crate::items::ItemKind;
use crate::money::{Fen, Period};
use foundation::database::{
    Ask, Change, Community, Database, DbError, FromRow, LIST_MAX, Look, Row, ask, list,
};
use foundation::ids::Id;
use foundation::params;

/// A bill as verbs see it.
#[derive(Clone, Debug)]
pub struct BillRow {
    pub id: Id,
    pub room: Id,
    pub amount: Fen,
    pub adjusted: Fen,
    pub written_off: Fen,
    pub allocated: Fen,
    pub owed: Fen,
    pub state: String,
}

impl BillRow {
    pub fn is_void(&self) -> bool {
        self.state == "void"
    }

    /// What is left of the bill before any payment.
    pub fn stands(&self) -> Fen {
        Fen(self.amount.0 + self.adjusted.0 - self.written_off.0)
    }
}

impl FromRow for BillRow {
    fn from_row(row: &mut Row) -> Result<BillRow, DbError> {
        Ok(BillRow {
            id: row.next()?,
            room: row.next()?,
            amount: row.next()?,
            adjusted: row.next()?,
            written_off: row.next()?,
            allocated: row.next()?,
            owed: row.next()?,
            state: row.next()?,
        })
    }
}

pub fn bill(c: Community, id: Id) -> Ask {
    ask(
        "SELECT id, room, amount, adjusted, written_off, allocated, owed, state \
         FROM fee_bill_seen WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

/// Also finds the bill of an import under way: its place is taken.
pub fn bill_at(c: Community, room: Id, item: Id, period: Period) -> Ask {
    ask(
        "SELECT id, room, amount, adjusted, written_off, allocated, owed, state \
         FROM fee_bill WHERE community = $1 AND room = $2 AND item = $3 AND period = $4 LIMIT 1",
        params![c, room, item, period],
    )
}

pub fn room_is_there(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id FROM room_seen WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, room],
    )
}

/// A bill about to be made.
#[derive(Clone, Debug)]
pub struct FreshBill {
    pub id: Id,
    pub room: Id,
    pub item: Id,
    pub period: Period,
    pub period_last: Period,
    pub amount: Fen,
    pub due: Date,
    pub source: &'static str,
    /// The import that brings it.
    pub import: Option<Id>,
    /// The run that makes it.
    pub run: Option<Id>,
    /// The days of the month that it is for; 0 for whole months.
    pub days: i64,
}

/// Inserts those whose room, item and month have no bill; how many that were.
pub fn insert_bills(tx: &mut impl Change, bills: &[FreshBill]) -> Result<u64, DbError> {
    let (c, now) = (tx.community(), tx.now());
    let rows = bills
        .iter()
        .map(|b| {
            let import = b.import.map_or_else(String::new, |i| i.to_string());
            params![
                c,
                b.id,
                b.room,
                b.item,
                b.period,
                b.period_last,
                b.amount,
                0,
                0,
                0,
                b.amount,
                b.due.to_string(),
                b.source,
                "open",
                "",
                import,
                now,
                b.run.map_or_else(String::new, |i| i.to_string()),
                b.days
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO fee_bill (community, id, room, item, period, period_last, amount, adjusted, \
         written_off, allocated, owed, due, source, state, void_reason, import, created_at, \
         run, days) VALUES",
        19,
        rows,
        "ON CONFLICT (community, room, item, period) DO NOTHING",
    )
}

/// A voided bill is made anew in its old place, by hand only.
pub fn revive_bill(c: Community, id: Id, amount: Fen, due: Date) -> Ask {
    ask(
        "UPDATE fee_bill SET amount = $3, adjusted = 0, written_off = 0, allocated = 0, owed = $3, \
         due = $4, source = 'desk', state = 'open', void_reason = '', run = '', days = 0 \
         WHERE community = $1 AND id = $2 AND state = 'void'",
        params![c, id, amount, due.to_string()],
    )
}

/// What corrected a bill before it was voided is no part of the one made anew in its place.
pub fn drop_corrections(c: Community, bill: Id) -> Ask {
    ask(
        "DELETE FROM fee_correction WHERE community = $1 AND bill = $2",
        params![c, bill],
    )
}

/// Changes a bill's sums by so much; what is owed and the state follow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shift {
    pub amount: i64,
    pub adjusted: i64,
    pub written_off: i64,
    pub allocated: i64,
}

pub fn shift_bill(c: Community, id: Id, by: Shift) -> Ask {
    let owed = by.amount + by.adjusted - by.written_off - by.allocated;
    ask(
        "UPDATE fee_bill SET amount = amount + $3, adjusted = adjusted + $4, \
         written_off = written_off + $5, allocated = allocated + $6, owed = owed + $7, \
         state = CASE WHEN owed + $7 > 0 THEN 'open' ELSE 'settled' END \
         WHERE community = $1 AND id = $2 AND state <> 'void'",
        params![
            c,
            id,
            by.amount,
            by.adjusted,
            by.written_off,
            by.allocated,
            owed
        ],
    )
}

/// To be called when nothing is allocated to it any more.
pub fn mark_bill_void(c: Community, id: Id, reason: &str) -> Ask {
    ask(
        "UPDATE fee_bill SET state = 'void', owed = 0, void_reason = $3 \
         WHERE community = $1 AND id = $2 AND allocated = 0",
        params![c, id, reason],
    )
}

/// The most open bills of one room that are settled at once; 40 years of monthly
/// bills for eight items.
pub const ROOM_BILLS_MAX: i64 = 4_000;

impl FromRow for Debt {
    fn from_row(row: &mut Row) -> Result<Debt, DbError> {
        Ok(Debt {
            bill: row.next()?,
            due: day(row)?,
            owed: row.next()?,
        })
    }
}

pub fn debts(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id, due, owed FROM fee_bill_seen \
         WHERE community = $1 AND room = $2 AND owed > 0 ORDER BY due, id LIMIT $3",
        params![c, room, ROOM_BILLS_MAX],
    )
}

/// The open bills of at most [`LIST_MAX`] rooms; items are few, so their names are
/// joined here and not in SQL, where they would be repeated with every bill.
pub async fn read_open_bills(
    db: &Database,
    c: Community,
    rooms: &[Id],
) -> Result<Vec<(Id, OpenBill)>, DbError> {
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    debug_assert!(rooms.len() <= LIST_MAX);
    let mut params = params![c];
    let members = list(&mut params, rooms);
    let limit = ROOM_BILLS_MAX.saturating_mul(rooms.len() as i64);
    params.push(limit.into());
    let sql = format!(
        "SELECT b.room, b.item, i.name, i.kind, b.due, b.owed FROM fee_bill_seen b \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.owed > 0 AND b.room IN ({members}) LIMIT ${}",
        params.len()
    );
    let rows: Vec<(Id, Id, String, String, String, Fen)> = db.all(ask(sql, params)).await?;
    rows.into_iter()
        .map(|(room, item, name, kind, due, owed)| {
            let kind = ItemKind::from_word(&kind)
                .ok_or_else(|| DbError::Shape("a stored word is not one of ours".into()))?;
            let due = parse_day(&due)?;
            Ok((
                room,
                OpenBill {
                    item,
                    name,
                    kind,
                    due,
                    owed,
                },
            ))
        })
        .collect()
}

/// A room as billing sees it.
#[derive(Clone, Debug)]
pub struct Billable {
    pub sort_key: Vec<u8>,
    pub id: Id,
    pub code: String,
    pub area: Option<i64>,
    pub purpose: Option<String>,
    pub building: String,
    pub moved_in: Option<Date>,
}

impl FromRow for Billable {
    fn from_row(row: &mut Row) -> Result<Billable, DbError> {
        Ok(Billable {
            sort_key: row.next()?,
            id: row.next()?,
            code: row.next()?,
            area: row.next()?,
            purpose: row.next()?,
            building: row.next()?,
            // A clerk may have known the month only: that is no day to count from.
            moved_in: row
                .next::<Option<String>>()?
                .and_then(|day| day.parse().ok()),
        })
    }
}

/// Rooms in shelf order, beginning after `after`, a place on the shelf and an id: should two
/// rooms have one place, none is passed over.
pub fn billable_rooms(c: Community, after: &(Vec<u8>, String), limit: i64) -> Ask {
    ask(
        "SELECT sort_key, id, code, area, purpose, building, moved_in FROM room_seen \
         WHERE community = $1 AND (sort_key, id) > ($2, $3) ORDER BY sort_key, id LIMIT $4",
        params![c, after.0.as_slice(), &after.1, limit],
    )
}

/// Rooms by their ids: bills are made in many writes, between which the office may set another
/// shelf order, and no room may be passed over.
pub fn rooms_to_bill(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT sort_key, id, code, area, purpose, building, moved_in FROM room_seen \
         WHERE community = $1 AND id > $2 ORDER BY id LIMIT $3",
        params![c, after, limit],
    )
}

/// Which of these rooms have a bill of that month for one of the items. The items are named, so
/// that the index of what is billed once leads to the bill itself: without them it leads to the
/// room, and every bill of its years is read.
pub fn billed_already(
    tx: &mut impl Look,
    c: Community,
    period: Period,
    items: &[Id],
    rooms: &[Id],
) -> Result<HashSet<(Id, Id)>, DbError> {
    if rooms.is_empty() || items.is_empty() {
        return Ok(HashSet::new());
    }
    let mut params = params![c, period];
    let among = list(&mut params, items);
    let members = list(&mut params, rooms);
    params.push(((rooms.len() * items.len()) as i64).into());
    let sql = format!(
        "SELECT room, item FROM fee_bill WHERE community = $1 AND period = $2 \
         AND item IN ({among}) AND room IN ({members}) LIMIT ${}",
        params.len()
    );
    let rows: Vec<(Id, Id)> = tx.all(ask(sql, params))?;
    Ok(rows.into_iter().collect())
}

/// The rooms that a batch has billed, behind a room.
pub fn rooms_of_run(c: Community, run: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT DISTINCT room FROM fee_bill WHERE community = $1 AND run = $2 AND run <> '' \
         AND room > $3 ORDER BY room LIMIT $4",
        params![c, run, after, limit],
    )
}
