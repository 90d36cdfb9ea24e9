//! What an import meets in the books, and what it leaves there.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::{day, parse_day};
use crate::imported::ImportBill;
use crate::money::{Fen, Period};
use foundation::database::{Ask, Community, DbError, FromRow, LIST_MAX, Look, Row, ask, list};
use foundation::ids::Id;
use foundation::params;

/// The most rows that one import changes or leaves; a file has at most so many.
const ROWS_MAX: i64 = 200_000;
/// Bills of [`LIST_MAX`] rooms in the months of one chunk: a bound, not an aim.
const KNOWN_MAX: i64 = 200_000;

#[derive(Clone, Debug)]
pub struct KnownBill {
    pub id: Id,
    pub amount: Fen,
    pub due: Date,
    pub is_void: bool,
    pub import: Option<Id>,
}

pub type KnownBills = HashMap<(Id, Id, Period), KnownBill>;

/// The bills of these rooms in these months, those of imports under way as well.
pub fn known_bills(
    look: &mut impl Look,
    c: Community,
    part: &[ImportBill],
) -> Result<KnownBills, DbError> {
    let first = part.iter().map(|b| b.period).min();
    let last = part.iter().map(|b| b.period).max();
    let Some((first, last)) = first.zip(last) else {
        return Ok(HashMap::new());
    };
    let mut rooms: Vec<Id> = part.iter().map(|b| b.room).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let mut params = params![c, first, last];
    let members = list(&mut params, &rooms);
    params.push(KNOWN_MAX.into());
    let sql = format!(
        "SELECT room, item, period, id, amount, due, state, import FROM fee_bill \
         WHERE community = $1 AND period >= $2 AND period <= $3 AND room IN ({members}) LIMIT ${}",
        params.len()
    );
    type Columns = (Id, Id, Period, Id, Fen, String, String, String);
    let rows: Vec<Columns> = look.all(ask(sql, params))?;
    rows.into_iter()
        .map(|(room, item, period, id, amount, due, state, import)| {
            let bill = KnownBill {
                id,
                amount,
                due: parse_day(&due)?,
                is_void: state == "void",
                import: import.parse().ok(),
            };
            Ok(((room, item, period), bill))
        })
        .collect()
}

pub fn known_sources(
    look: &mut impl Look,
    c: Community,
    keys: &[String],
) -> Result<HashSet<String>, DbError> {
    let mut out = HashSet::new();
    for part in keys.chunks(LIST_MAX) {
        let mut params = params![c];
        let members = list(&mut params, part);
        let sql = format!(
            "SELECT source_key FROM fee_payment WHERE community = $1 \
             AND source_key IS NOT NULL AND source_key IN ({members}) LIMIT {LIST_MAX}"
        );
        let rows: Vec<(String,)> = look.all(ask(sql, params))?;
        out.extend(rows.into_iter().map(|(key,)| key));
    }
    Ok(out)
}

pub fn known_receipts(
    look: &mut impl Look,
    c: Community,
    receipts: &[String],
) -> Result<HashMap<String, (Id, Fen)>, DbError> {
    let mut out = HashMap::new();
    for part in receipts.chunks(LIST_MAX) {
        let mut params = params![c];
        let members = list(&mut params, part);
        let sql = format!(
            "SELECT receipt, room, amount FROM fee_payment WHERE community = $1 \
             AND receipt <> '' AND receipt IN ({members}) LIMIT {LIST_MAX}"
        );
        let rows: Vec<(String, Id, Fen)> = look.all(ask(sql, params))?;
        out.extend(
            rows.into_iter()
                .map(|(r, room, amount)| (r, (room, amount))),
        );
    }
    Ok(out)
}

pub fn stage_change(c: Community, import: Id, bill: &KnownBill, amount: Fen, due: Date) -> Ask {
    ask(
        "INSERT INTO fee_import_bill (community, import, bill, amount, due, was_amount, was_due) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (community, import, bill) DO NOTHING",
        params![
            c,
            import,
            bill.id,
            amount,
            due.to_string(),
            bill.amount,
            bill.due.to_string()
        ],
    )
}

/// A bill that an import changes.
pub struct StagedChange {
    pub bill: Id,
    pub amount: Fen,
    pub due: Date,
    pub was_amount: Fen,
    pub was_due: Date,
}

impl FromRow for StagedChange {
    fn from_row(row: &mut Row) -> Result<StagedChange, DbError> {
        Ok(StagedChange {
            bill: row.next()?,
            amount: row.next()?,
            due: day(row)?,
            was_amount: row.next()?,
            was_due: day(row)?,
        })
    }
}

pub fn staged_changes(c: Community, import: Id) -> Ask {
    ask(
        "SELECT bill, amount, due, was_amount, was_due FROM fee_import_bill \
         WHERE community = $1 AND import = $2 ORDER BY bill LIMIT $3",
        params![c, import, ROWS_MAX],
    )
}

pub fn forget_change(c: Community, import: Id, bill: Id) -> Ask {
    ask(
        "DELETE FROM fee_import_bill WHERE community = $1 AND import = $2 AND bill = $3",
        params![c, import, bill],
    )
}

pub fn set_due(c: Community, bill: Id, due: Date) -> Ask {
    ask(
        "UPDATE fee_bill SET due = $3 WHERE community = $1 AND id = $2",
        params![c, bill, due.to_string()],
    )
}

/// An import that was never visible has no allocations.
pub fn discard(c: Community, import: Id) -> [Ask; 3] {
    [
        "DELETE FROM fee_bill WHERE community = $1 AND import = $2 AND import <> ''",
        "DELETE FROM fee_payment WHERE community = $1 AND import = $2 AND import <> ''",
        "DELETE FROM fee_import_bill WHERE community = $1 AND import = $2",
    ]
    .map(|sql| ask(sql, params![c, import]))
}

/// Bills owe again what the import's payments had paid on them.
pub fn return_allocations(c: Community, import: Id) -> Ask {
    ask(
        "UPDATE fee_bill SET allocated = fee_bill.allocated - s.back, owed = fee_bill.owed + s.back, \
         state = 'open' FROM (SELECT a.bill AS bill, CAST(SUM(a.amount) AS BIGINT) AS back \
         FROM fee_payment p JOIN fee_allocation a ON a.community = p.community AND a.payment = p.id \
         WHERE p.community = $1 AND p.import = $2 AND p.import <> '' GROUP BY a.bill) AS s \
         WHERE fee_bill.community = $1 AND fee_bill.id = s.bill",
        params![c, import],
    )
}

pub fn drop_allocations(c: Community, import: Id) -> Ask {
    ask(
        "DELETE FROM fee_allocation WHERE community = $1 AND payment IN \
         (SELECT id FROM fee_payment WHERE community = $1 AND import = $2 AND import <> '')",
        params![c, import],
    )
}

/// Void ones stay: a person has dealt with them.
pub fn drop_payments(c: Community, import: Id) -> Ask {
    ask(
        "DELETE FROM fee_payment WHERE community = $1 AND import = $2 AND import <> '' \
         AND state = 'received' AND refunded = 0",
        params![c, import],
    )
}

/// Money of which a part was handed back stays in the books: the rest is credit.
pub fn credit_again(c: Community, import: Id) -> Ask {
    ask(
        "UPDATE fee_payment SET credit = amount - refunded WHERE community = $1 AND import = $2 \
         AND import <> '' AND state = 'received' AND refunded > 0",
        params![c, import],
    )
}

pub fn let_payments_stay(c: Community, import: Id) -> Ask {
    ask(
        "UPDATE fee_payment SET import = '' WHERE community = $1 AND import = $2 AND import <> ''",
        params![c, import],
    )
}

pub fn drop_untouched_bills(c: Community, import: Id) -> Ask {
    ask(
        "DELETE FROM fee_bill WHERE community = $1 AND import = $2 AND import <> '' \
         AND state = 'open' AND allocated = 0 AND owed = amount AND NOT EXISTS \
         (SELECT 1 FROM fee_correction k WHERE k.community = fee_bill.community \
         AND k.bill = fee_bill.id) AND NOT EXISTS \
         (SELECT 1 FROM fee_import_bill m WHERE m.community = fee_bill.community \
         AND m.bill = fee_bill.id AND m.import <> $2)",
        params![c, import],
    )
}

pub fn bills_of_import(c: Community, import: Id) -> Ask {
    ask(
        "SELECT id FROM fee_bill WHERE community = $1 AND import = $2 AND import <> '' \
         ORDER BY id LIMIT $3",
        params![c, import, ROWS_MAX],
    )
}

pub fn let_bills_stay(c: Community, import: Id) -> Ask {
    ask(
        "UPDATE fee_bill SET import = '' WHERE community = $1 AND import = $2 AND import <> ''",
        params![c, import],
    )
}
