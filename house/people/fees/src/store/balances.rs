//! Balances on a day.

use jiff::civil::Date;

use crate::balances::ItemBalance;
use crate::money::Period;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// A compound has a handful of items.
const ITEMS_MAX: i64 = 500;

impl FromRow for ItemBalance {
    fn from_row(row: &mut Row) -> Result<ItemBalance, DbError> {
        Ok(ItemBalance {
            item: Some(row.next()?),
            name: row.next()?,
            billed: row.next()?,
            corrected: row.next()?,
            paid: row.next()?,
            overdue: row.next()?,
        })
    }
}

/// Allocations come before payments (`CROSS JOIN` keeps SQLite to it): the other way round every
/// payment of the compound would be looked at for every bill.
pub fn balance_items(c: Community, room: Option<Id>, day: Date, end: Moment) -> Ask {
    let mut params = params![c, Period::of(day), day.to_string(), end];
    let mut of = "";
    if let Some(room) = room {
        params.push(room.into());
        of = " AND b.room = $5";
    }
    params.push(ITEMS_MAX.into());
    let sql = format!(
        "SELECT s.item, i.name, CAST(SUM(s.amount) AS BIGINT), CAST(SUM(s.corrected) AS BIGINT), \
         CAST(SUM(s.paid) AS BIGINT), CAST(SUM(CASE WHEN s.due < $3 \
         THEN s.amount + s.corrected - s.paid ELSE 0 END) AS BIGINT) FROM (\
         SELECT b.item AS item, b.due AS due, b.amount AS amount, \
         COALESCE((SELECT CAST(SUM(CASE WHEN k.kind = 'adjustment' THEN k.amount \
         ELSE -k.amount END) AS BIGINT) FROM fee_correction k WHERE k.community = b.community \
         AND k.bill = b.id AND k.at <= $4), 0) AS corrected, \
         CASE WHEN b.allocated = 0 THEN 0 ELSE COALESCE((SELECT CAST(SUM(a.amount) AS BIGINT) \
         FROM fee_allocation a CROSS JOIN fee_payment p WHERE a.community = b.community \
         AND a.bill = b.id AND p.community = a.community AND p.id = a.payment \
         AND p.paid_on <= $3), 0) END AS paid \
         FROM fee_bill_seen b WHERE b.community = $1 AND b.state <> 'void' \
         AND b.period <= $2{of}) s JOIN fee_item i ON i.community = $1 AND i.id = s.item \
         GROUP BY s.item, i.name, i.kind ORDER BY i.kind DESC, i.name, s.item LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// What was received and not given back, less what it was set against; from payments to bills,
/// as above.
pub fn balance_credit(c: Community, room: Option<Id>, day: Date) -> Ask {
    let mut params = params![c, Period::of(day), day.to_string()];
    let (mut of, mut of_refund) = ("", "");
    if let Some(room) = room {
        params.push(room.into());
        (of, of_refund) = (" AND p.room = $4", " AND f.room = $4");
    }
    let sql = format!(
        "/* whole: a balance adds up every payment */ SELECT (SELECT COALESCE(CAST(SUM(p.amount) AS BIGINT), 0) FROM fee_payment_seen p \
         WHERE p.community = $1 AND p.state = 'received' AND p.paid_on <= $3{of}) \
         - (SELECT COALESCE(CAST(SUM(f.amount) AS BIGINT), 0) FROM fee_refund f \
         WHERE f.community = $1 AND f.paid_on <= $3{of_refund}) \
         - (SELECT COALESCE(CAST(SUM(a.amount) AS BIGINT), 0) FROM fee_payment_seen p \
         CROSS JOIN fee_allocation a CROSS JOIN fee_bill_seen b \
         WHERE a.community = p.community AND a.payment = p.id \
         AND b.community = a.community AND b.id = a.bill \
         AND p.community = $1 AND p.paid_on <= $3 AND b.period <= $2{of})"
    );
    ask(sql, params)
}
