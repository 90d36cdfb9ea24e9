//! Late fees: the debts they are worked out from, and what became of them.

use jiff::civil::Date;

use super::day;
use crate::late::{LateLine, LateView};
use crate::money::{Fen, Period};
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// Overdue bills of a room that a late fee is worked out from at once, the oldest first.
pub const ROOM_LATE_MAX: i64 = 400;

/// An overdue bill as a late fee sees it.
pub struct LateBase {
    pub bill: Id,
    pub item_name: String,
    pub period: Period,
    pub due: Date,
    pub owed: Fen,
    /// What the bill was for, before any payment.
    pub stands: Fen,
    /// Until when its days were charged or given up.
    pub until: Date,
    /// What was charged on it before.
    pub before: Fen,
}

impl FromRow for LateBase {
    fn from_row(row: &mut Row) -> Result<LateBase, DbError> {
        Ok(LateBase {
            bill: row.next()?,
            item_name: row.next()?,
            period: row.next()?,
            due: day(row)?,
            owed: row.next()?,
            stands: row.next()?,
            until: day(row)?,
            before: row.next()?,
        })
    }
}

/// The overdue bills of a room but those of the late fees' own item (its key is `own`).
pub fn late_bases(c: Community, room: Id, today: Date, own: &str) -> Ask {
    ask(
        "SELECT b.id, i.name, b.period, b.due, b.owed, b.amount + b.adjusted - b.written_off, \
         COALESCE((SELECT MAX(l.until_day) FROM fee_late l WHERE l.community = b.community \
         AND l.bill = b.id), b.due), \
         COALESCE((SELECT CAST(SUM(l.fee) AS BIGINT) FROM fee_late l \
         WHERE l.community = b.community AND l.bill = b.id AND l.charged <> ''), 0) \
         FROM fee_bill_seen b JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.room = $2 AND b.owed > 0 AND b.due < $3 \
         AND i.name_key <> $4 ORDER BY b.due, b.id LIMIT $5",
        params![c, room, today.to_string(), own, ROOM_LATE_MAX],
    )
}

#[allow(clippy::too_many_arguments)] // a row has as many columns
pub fn insert_late(
    c: Community,
    id: Id,
    room: Id,
    line: &LateLine,
    until: Date,
    (charged, reason): (Option<Id>, &str),
    made_by: Option<Id>,
    at: Moment,
) -> Ask {
    let text = |id: Option<Id>| id.map_or_else(String::new, |i| i.to_string());
    ask(
        "INSERT INTO fee_late (community, id, bill, room, from_day, until_day, debt, fee, charged, \
         reason, made_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            c,
            id,
            line.bill,
            room,
            line.from.to_string(),
            until.to_string(),
            line.owed,
            line.fee,
            text(charged),
            reason,
            text(made_by),
            at
        ],
    )
}

impl FromRow for LateView {
    fn from_row(row: &mut Row) -> Result<LateView, DbError> {
        Ok(LateView {
            item_name: row.next()?,
            period: row.next()?,
            from: day(row)?,
            until: day(row)?,
            fee: row.next()?,
            charged: !row.next::<String>()?.is_empty(),
            reason: row.next()?,
            at_ms: row.next::<Moment>()?.0,
        })
    }
}

pub fn late_of_room(c: Community, room: Id, limit: i64) -> Ask {
    ask(
        "SELECT i.name, b.period, l.from_day, l.until_day, l.fee, l.charged, l.reason, l.at \
         FROM fee_late l JOIN fee_bill b ON b.community = l.community AND b.id = l.bill \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE l.community = $1 AND l.room = $2 ORDER BY l.at DESC, l.id LIMIT $3",
        params![c, room, limit],
    )
}
