//! Lines of a bank's lists.

use jiff::civil::Date;

use super::day;
use crate::bank::BankView;
use crate::money::Fen;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

pub fn bank_line_by_key(c: Community, key: &str) -> Ask {
    ask(
        "SELECT id FROM fee_bank_line WHERE community = $1 AND source_key = $2 LIMIT 1",
        params![c, key],
    )
}

pub fn insert_bank_line(
    c: Community,
    id: Id,
    key: &str,
    what: (Date, Fen),
    text: &str,
    guess: Option<Id>,
    at: Moment,
) -> Ask {
    ask(
        "INSERT INTO fee_bank_line (community, id, source_key, paid_on, amount, text, guess, \
         state, at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)",
        params![
            c,
            id,
            key,
            what.0.to_string(),
            what.1,
            text,
            guess.map_or_else(String::new, |i| i.to_string()),
            at
        ],
    )
}

/// Rooms that owe exactly so much; two are as good as many.
pub fn rooms_that_owe(c: Community, amount: Fen) -> Ask {
    ask(
        "SELECT room FROM fee_bill_seen WHERE community = $1 AND owed > 0 \
         GROUP BY room HAVING CAST(SUM(owed) AS BIGINT) = $2 ORDER BY room LIMIT 2",
        params![c, amount],
    )
}

/// A line as verbs see it.
pub struct BankRow {
    pub paid_on: Date,
    pub amount: Fen,
    pub text: String,
    pub state: String,
}

impl FromRow for BankRow {
    fn from_row(row: &mut Row) -> Result<BankRow, DbError> {
        Ok(BankRow {
            paid_on: day(row)?,
            amount: row.next()?,
            text: row.next()?,
            state: row.next()?,
        })
    }
}

pub fn bank_line(c: Community, id: Id) -> Ask {
    ask(
        "SELECT paid_on, amount, text, state FROM fee_bank_line \
         WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

pub fn settle_bank_line(c: Community, id: Id, state: &'static str) -> Ask {
    ask(
        "UPDATE fee_bank_line SET state = $3 WHERE community = $1 AND id = $2",
        params![c, id, state],
    )
}

impl FromRow for BankView {
    fn from_row(row: &mut Row) -> Result<BankView, DbError> {
        Ok(BankView {
            id: row.next()?,
            paid_on: day(row)?,
            amount: row.next()?,
            text: row.next()?,
            guess: row.next()?,
        })
    }
}

/// How many lines wait, up to a hundred.
pub fn bank_lines_few(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM fee_bank_line WHERE community = $1 \
         AND state = 'waiting' LIMIT 100) AS few",
        params![c],
    )
}

pub fn bank_lines(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT l.id, l.paid_on, l.amount, l.text, COALESCE(r.code, '') FROM fee_bank_line l \
         LEFT JOIN room r ON r.community = l.community AND r.id = l.guess \
         WHERE l.community = $1 AND l.state = 'waiting' ORDER BY l.id LIMIT $2",
        params![c, limit],
    )
}
