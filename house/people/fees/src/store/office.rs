//! Policy, write-offs that wait, refunds, copies of receipts, and who is one person.

use jiff::civil::Date;

use super::day;
use super::payments::way;
use crate::money::{Fen, Period};
use crate::pay_ways::PayWays;
use crate::payments::Way;
use crate::policy::Policy;
use crate::refunds::RefundView;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

fn text(id: Option<Id>) -> String {
    id.map_or_else(String::new, |i| i.to_string())
}

impl FromRow for Policy {
    fn from_row(row: &mut Row) -> Result<Policy, DbError> {
        Ok(Policy {
            write_off_limit: row.next()?,
            late_rate: row.next()?,
            late_cap: row.next()?,
            late_grounds: row.next()?,
            owners_read: row.next::<i64>()? > 0,
        })
    }
}

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT write_off_limit, late_rate, late_cap, late_grounds, owners_read \
         FROM fee_policy WHERE community = $1 LIMIT 1",
        params![c],
    )
}

pub fn pay_ways(c: Community) -> Ask {
    ask(
        "SELECT account, counter, hours, other FROM fee_pay_ways WHERE community = $1 LIMIT 1",
        params![c],
    )
}

pub fn put_pay_ways(c: Community, w: &PayWays) -> Ask {
    ask(
        "INSERT INTO fee_pay_ways (community, account, counter, hours, other) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community) DO UPDATE SET \
         account = excluded.account, counter = excluded.counter, hours = excluded.hours, \
         other = excluded.other",
        params![c, &w.account, &w.counter, &w.hours, &w.other],
    )
}

pub fn put_policy(c: Community, p: &Policy) -> Ask {
    ask(
        "INSERT INTO fee_policy (community, write_off_limit, late_rate, late_cap, late_grounds, \
         owners_read) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community) DO UPDATE SET \
         write_off_limit = excluded.write_off_limit, late_rate = excluded.late_rate, \
         late_cap = excluded.late_cap, late_grounds = excluded.late_grounds, \
         owners_read = excluded.owners_read",
        params![
            c,
            p.write_off_limit,
            p.late_rate,
            p.late_cap,
            &p.late_grounds,
            i64::from(p.owners_read)
        ],
    )
}

/// Roles are given to accounts, and say whose account it is.
pub fn shared_person(c: Community, one: Id, other: Id) -> Ask {
    ask(
        "SELECT a.person FROM role_grant a JOIN role_grant b ON b.community = a.community \
         AND b.person = a.person WHERE a.community = $1 AND a.account = $2 AND b.account = $3 \
         AND a.person IS NOT NULL LIMIT 1",
        params![c, one, other],
    )
}

/// A write-off that was asked for.
pub struct WishRow {
    pub id: Id,
    pub bill: Id,
    pub room: Id,
    pub code: String,
    pub item_name: String,
    pub period: Period,
    pub amount: Fen,
    pub reason: String,
    pub state: String,
    pub asked_by: Option<Id>,
    pub asked_at: Moment,
}

impl FromRow for WishRow {
    fn from_row(row: &mut Row) -> Result<WishRow, DbError> {
        Ok(WishRow {
            id: row.next()?,
            bill: row.next()?,
            room: row.next()?,
            code: row.next()?,
            item_name: row.next()?,
            period: row.next()?,
            amount: row.next()?,
            reason: row.next()?,
            state: row.next()?,
            asked_by: row.next::<String>()?.parse().ok(),
            asked_at: row.next()?,
        })
    }
}

const WISH: &str = "/* whole: those asked are few */ SELECT w.id, w.bill, b.room, r.code, i.name, b.period, w.amount, w.reason, \
    w.state, w.asked_by, w.asked_at FROM fee_wish w \
    JOIN fee_bill b ON b.community = w.community AND b.id = w.bill \
    JOIN room r ON r.community = b.community AND r.id = b.room \
    JOIN fee_item i ON i.community = b.community AND i.id = b.item WHERE w.community = $1";

pub fn wish(c: Community, id: Id) -> Ask {
    ask(format!("{WISH} AND w.id = $2 LIMIT 1"), params![c, id])
}

pub fn wishes(c: Community, limit: i64) -> Ask {
    ask(
        format!("{WISH} AND w.state = 'asked' ORDER BY w.id LIMIT $2"),
        params![c, limit],
    )
}

/// Those that somebody else asked for, up to a hundred.
pub fn wishes_for(c: Community, account: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM fee_wish WHERE community = $1 AND state = 'asked' \
         AND asked_by <> $2 LIMIT 100) AS few",
        params![c, account.to_string()],
    )
}

pub fn wish_open(c: Community, bill: Id) -> Ask {
    ask(
        "SELECT id FROM fee_wish WHERE community = $1 AND bill = $2 AND state = 'asked' LIMIT 1",
        params![c, bill],
    )
}

pub fn insert_wish(
    c: Community,
    id: Id,
    bill: Id,
    amount: Fen,
    reason: &str,
    asked_by: Option<Id>,
    at: Moment,
) -> Ask {
    ask(
        "INSERT INTO fee_wish (community, id, bill, amount, reason, state, asked_by, asked_at, \
         decided_by) VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, '')",
        params![c, id, bill, amount, reason, text(asked_by), at],
    )
}

pub fn decide_wish(c: Community, id: Id, state: &'static str, by: Option<Id>, at: Moment) -> Ask {
    ask(
        "UPDATE fee_wish SET state = $3, decided_by = $4, decided_at = $5 \
         WHERE community = $1 AND id = $2",
        params![c, id, state, text(by), at],
    )
}

pub fn refund(c: Community, id: Id) -> Ask {
    ask(
        "SELECT id FROM fee_refund WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

pub fn take_credit(c: Community, payment: Id, amount: Fen) -> Ask {
    ask(
        "UPDATE fee_payment SET credit = credit - $3, refunded = refunded + $3 \
         WHERE community = $1 AND id = $2",
        params![c, payment, amount],
    )
}

#[allow(clippy::too_many_arguments)] // a row has as many columns
pub fn insert_refund(
    c: Community,
    id: Id,
    of: (Id, Id),
    amount: Fen,
    how: (Date, Way),
    reason: &str,
    made_by: Option<Id>,
    at: Moment,
) -> Ask {
    ask(
        "INSERT INTO fee_refund (community, id, payment, room, amount, paid_on, way, reason, \
         made_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            c,
            id,
            of.0,
            of.1,
            amount,
            how.0.to_string(),
            how.1.word(),
            reason,
            text(made_by),
            at
        ],
    )
}

impl FromRow for RefundView {
    fn from_row(row: &mut Row) -> Result<RefundView, DbError> {
        Ok(RefundView {
            id: row.next()?,
            receipt: row.next()?,
            amount: row.next()?,
            paid_on: day(row)?,
            way: way(row)?,
            reason: row.next()?,
        })
    }
}

pub fn refunds_of_room(c: Community, room: Id, limit: i64) -> Ask {
    ask(
        "SELECT f.id, p.receipt, f.amount, f.paid_on, f.way, f.reason FROM fee_refund f \
         JOIN fee_payment p ON p.community = f.community AND p.id = f.payment \
         WHERE f.community = $1 AND f.room = $2 ORDER BY f.at DESC, f.id LIMIT $3",
        params![c, room, limit],
    )
}

/// The number of the next printing of a receipt, from 1.
pub fn next_copy(c: Community, payment: Id) -> Ask {
    ask(
        "SELECT COUNT(*) + 1 FROM fee_receipt_copy WHERE community = $1 AND payment = $2",
        params![c, payment],
    )
}

pub fn insert_copy(c: Community, payment: Id, nth: i64, by: Option<Id>, at: Moment) -> Ask {
    ask(
        "INSERT INTO fee_receipt_copy (community, payment, nth, printed_by, at) \
         VALUES ($1, $2, $3, $4, $5)",
        params![c, payment, nth, text(by), at],
    )
}

/// What a payment paid: item and months of each bill, and how much of it.
pub struct PaidPart {
    pub item_name: String,
    pub period: Period,
    pub period_last: Period,
    pub amount: Fen,
}

impl FromRow for PaidPart {
    fn from_row(row: &mut Row) -> Result<PaidPart, DbError> {
        Ok(PaidPart {
            item_name: row.next()?,
            period: row.next()?,
            period_last: row.next()?,
            amount: row.next()?,
        })
    }
}

pub fn paid_parts(c: Community, payment: Id, limit: i64) -> Ask {
    ask(
        "SELECT i.name, b.period, b.period_last, a.amount FROM fee_allocation a \
         JOIN fee_bill b ON b.community = a.community AND b.id = a.bill \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE a.community = $1 AND a.payment = $2 ORDER BY b.due, b.id LIMIT $3",
        params![c, payment, limit],
    )
}
