//! Payments, and which bills they pay.

use jiff::civil::Date;

use super::{day, word};
use crate::allocation::{Allotment, Credit};
use crate::money::Fen;
use crate::payments::Way;
use crate::store::bills::{Shift, shift_bill};
use foundation::clock::Moment;
use foundation::database::{Ask, Change, Community, DbError, FromRow, Row, Tx, ask, list};
use foundation::ids::Id;
use foundation::params;

/// A payment as verbs see it.
pub struct PaymentRow {
    pub room: Id,
    pub amount: Fen,
    pub state: String,
    pub recorded_at: Moment,
    pub refunded: Fen,
}

impl FromRow for PaymentRow {
    fn from_row(row: &mut Row) -> Result<PaymentRow, DbError> {
        Ok(PaymentRow {
            room: row.next()?,
            amount: row.next()?,
            state: row.next()?,
            recorded_at: row.next()?,
            refunded: row.next()?,
        })
    }
}

pub fn payment(c: Community, id: Id) -> Ask {
    ask(
        "SELECT room, amount, state, created_at, refunded FROM fee_payment_seen \
         WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

/// A payment about to be kept.
#[derive(Clone, Debug)]
pub struct FreshPayment {
    pub id: Id,
    pub room: Id,
    pub paid_on: Date,
    pub way: Way,
    pub amount: Fen,
    pub receipt: String,
    pub payer: String,
    pub note: String,
    pub source: &'static str,
    pub source_key: Option<String>,
    pub import: Option<Id>,
    pub recorded_by: Option<Id>,
}

/// Inserts those whose receipt number and source are new; how many that were.
pub fn insert_payments(tx: &mut impl Change, payments: &[FreshPayment]) -> Result<u64, DbError> {
    let (c, now) = (tx.community(), tx.now());
    let text = |id: Option<Id>| id.map_or_else(String::new, |i| i.to_string());
    let rows = payments
        .iter()
        .map(|p| {
            params![
                c,
                p.id,
                p.room,
                p.paid_on.to_string(),
                p.way.word(),
                p.amount,
                p.amount,
                &p.receipt,
                &p.payer,
                &p.note,
                "received",
                "",
                p.source,
                p.source_key.clone(),
                text(p.import),
                text(p.recorded_by),
                now
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO fee_payment (community, id, room, paid_on, way, amount, credit, receipt, \
         payer, note, state, void_reason, source, source_key, import, recorded_by, created_at) VALUES",
        17,
        rows,
        "ON CONFLICT DO NOTHING",
    )
}

pub fn payment_by_receipt(c: Community, receipt: &str) -> Ask {
    ask(
        "SELECT id FROM fee_payment WHERE community = $1 AND receipt = $2 AND receipt <> '' LIMIT 1",
        params![c, receipt],
    )
}

/// Moves the year's receipt number on and answers with it.
pub fn next_receipt(c: Community, year: i16) -> Ask {
    ask(
        "INSERT INTO fee_receipt_number (community, year, last) VALUES ($1, $2, 1) \
         ON CONFLICT (community, year) DO UPDATE SET last = fee_receipt_number.last + 1 \
         RETURNING last",
        params![c, i64::from(year)],
    )
}

/// To be called when nothing of it is set against a bill any more.
pub fn mark_payment_void(c: Community, id: Id, reason: &str) -> Ask {
    ask(
        "UPDATE fee_payment SET state = 'void', credit = 0, void_reason = $3 \
         WHERE community = $1 AND id = $2",
        params![c, id, reason],
    )
}

/// The most payments with credit that a room can have at once.
const CREDITS_MAX: i64 = 1_000;

impl FromRow for Credit {
    fn from_row(row: &mut Row) -> Result<Credit, DbError> {
        Ok(Credit {
            payment: row.next()?,
            paid_on: day(row)?,
            left: row.next()?,
        })
    }
}

pub fn credits(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id, paid_on, credit FROM fee_payment_seen \
         WHERE community = $1 AND room = $2 AND credit > 0 ORDER BY paid_on, id LIMIT $3",
        params![c, room, CREDITS_MAX],
    )
}

/// The credit of each of these rooms that has any.
pub fn credits_of_rooms(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64).into());
    let sql = format!(
        "SELECT room, CAST(SUM(credit) AS BIGINT) FROM fee_payment_seen \
         WHERE community = $1 AND credit > 0 AND room IN ({members}) GROUP BY room LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// Rooms that have both credit and open bills: what a run or an import leaves to settle.
pub fn rooms_to_settle(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT DISTINCT p.room FROM fee_payment_seen p \
         WHERE p.community = $1 AND p.credit > 0 AND EXISTS (SELECT 1 FROM fee_bill_seen b \
         WHERE b.community = p.community AND b.room = p.room AND b.owed > 0) \
         ORDER BY p.room LIMIT $2",
        params![c, limit],
    )
}

/// Sets a part of a payment against a bill.
pub fn put_allotment(tx: &mut Tx<'_>, a: Allotment) -> Result<(), DbError> {
    let c = tx.community();
    tx.execute(ask(
        "INSERT INTO fee_allocation (community, bill, payment, amount) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (community, bill, payment) \
         DO UPDATE SET amount = fee_allocation.amount + excluded.amount",
        params![c, a.bill, a.payment, a.amount],
    ))?;
    move_credit(tx, a.payment, -a.amount.0)?;
    let by = Shift {
        allocated: a.amount.0,
        ..Shift::default()
    };
    tx.execute(shift_bill(c, a.bill, by))?;
    Ok(())
}

/// Takes a part of a payment back from a bill.
pub fn take_back(tx: &mut Tx<'_>, a: Allotment) -> Result<(), DbError> {
    let c = tx.community();
    tx.execute(ask(
        "UPDATE fee_allocation SET amount = amount - $4 \
         WHERE community = $1 AND bill = $2 AND payment = $3",
        params![c, a.bill, a.payment, a.amount],
    ))?;
    tx.execute(ask(
        "DELETE FROM fee_allocation \
         WHERE community = $1 AND bill = $2 AND payment = $3 AND amount = 0",
        params![c, a.bill, a.payment],
    ))?;
    move_credit(tx, a.payment, a.amount.0)?;
    let by = Shift {
        allocated: -a.amount.0,
        ..Shift::default()
    };
    tx.execute(shift_bill(c, a.bill, by))?;
    Ok(())
}

fn move_credit(tx: &mut Tx<'_>, payment: Id, by: i64) -> Result<(), DbError> {
    let c = tx.community();
    tx.execute(ask(
        "UPDATE fee_payment SET credit = credit + $3 WHERE community = $1 AND id = $2",
        params![c, payment, by],
    ))?;
    Ok(())
}

impl FromRow for Allotment {
    fn from_row(row: &mut Row) -> Result<Allotment, DbError> {
        Ok(Allotment {
            payment: row.next()?,
            bill: row.next()?,
            amount: row.next()?,
        })
    }
}

/// One payment cannot pay more bills than a room can have.
const ALLOTMENTS_MAX: i64 = 4_000;

/// What pays this bill, the newest payment first.
pub fn allotments_of_bill(c: Community, bill: Id) -> Ask {
    ask(
        "SELECT a.payment, a.bill, a.amount FROM fee_allocation a \
         JOIN fee_payment p ON p.community = a.community AND p.id = a.payment \
         WHERE a.community = $1 AND a.bill = $2 ORDER BY p.paid_on DESC, p.id DESC LIMIT $3",
        params![c, bill, ALLOTMENTS_MAX],
    )
}

pub fn allotments_of_payment(c: Community, payment: Id) -> Ask {
    ask(
        "SELECT payment, bill, amount FROM fee_allocation \
         WHERE community = $1 AND payment = $2 ORDER BY bill LIMIT $3",
        params![c, payment, ALLOTMENTS_MAX],
    )
}

pub(super) fn way(row: &mut Row) -> Result<Way, DbError> {
    word(row, Way::from_word)
}
