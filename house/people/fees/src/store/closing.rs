//! The cashier's closings.

use crate::closing::ByWay;
use crate::money::Fen;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// As many as there are ways to pay.
const WAYS_MAX: i64 = 10;

/// The newest closing: its number and its end.
pub fn last_closing(c: Community) -> Ask {
    ask(
        "SELECT nth, until_at FROM fee_closing WHERE community = $1 ORDER BY nth DESC LIMIT 1",
        params![c],
    )
}

/// What the desk recorded in between, without what was voided meanwhile.
pub fn taken_since(c: Community, since: Moment, until: Moment) -> Ask {
    ask(
        "SELECT way, CAST(SUM(amount) AS BIGINT), COUNT(*) FROM fee_payment \
         WHERE community = $1 AND created_at > $2 AND created_at <= $3 AND source = 'desk' \
         AND state = 'received' GROUP BY way LIMIT $4",
        params![c, since, until, WAYS_MAX],
    )
}

pub fn handed_back_since(c: Community, since: Moment, until: Moment) -> Ask {
    ask(
        "SELECT way, CAST(SUM(amount) AS BIGINT) FROM fee_refund \
         WHERE community = $1 AND at > $2 AND at <= $3 GROUP BY way LIMIT $4",
        params![c, since, until, WAYS_MAX],
    )
}

pub fn closing_open(c: Community) -> Ask {
    ask(
        "SELECT id FROM fee_closing WHERE community = $1 AND state = 'counted' \
         ORDER BY nth DESC LIMIT 1",
        params![c],
    )
}

fn json(by_way: &ByWay) -> String {
    // Six numbers are always writable.
    serde_json::to_string(by_way).unwrap_or_default()
}

pub fn insert_closing(
    c: Community,
    closing: (Id, i64),
    time: (Moment, Moment),
    sums: (&ByWay, &ByWay),
    difference: Fen,
    reason: &str,
    by: Option<Id>,
) -> Ask {
    ask(
        "INSERT INTO fee_closing (community, id, nth, from_at, until_at, expected, counted, \
         difference, reason, state, counted_by, counted_at, closed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'counted', $10, $5, '')",
        params![
            c,
            closing.0,
            closing.1,
            time.0,
            time.1,
            json(sums.0),
            json(sums.1),
            difference,
            reason,
            by.map_or_else(String::new, |i| i.to_string())
        ],
    )
}

pub fn closing_state(c: Community, id: Id) -> Ask {
    ask(
        "SELECT state, counted_by FROM fee_closing WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

pub fn close_closing(c: Community, id: Id, by: Option<Id>, at: Moment) -> Ask {
    ask(
        "UPDATE fee_closing SET state = 'closed', closed_by = $3, closed_at = $4 \
         WHERE community = $1 AND id = $2",
        params![c, id, by.map_or_else(String::new, |i| i.to_string()), at],
    )
}

/// A closing as it is kept.
pub struct ClosingRow {
    pub id: Id,
    pub nth: i64,
    pub from: Moment,
    pub until: Moment,
    pub expected: ByWay,
    pub counted: ByWay,
    pub difference: Fen,
    pub reason: String,
    pub is_closed: bool,
    pub counted_by: Option<Id>,
}

fn by_way(row: &mut Row) -> Result<ByWay, DbError> {
    serde_json::from_str(&row.next::<String>()?)
        .map_err(|_| DbError::Shape("a stored closing is damaged".into()))
}

impl FromRow for ClosingRow {
    fn from_row(row: &mut Row) -> Result<ClosingRow, DbError> {
        Ok(ClosingRow {
            id: row.next()?,
            nth: row.next()?,
            from: row.next()?,
            until: row.next()?,
            expected: by_way(row)?,
            counted: by_way(row)?,
            difference: row.next()?,
            reason: row.next()?,
            is_closed: row.next::<String>()? == "closed",
            counted_by: row.next::<String>()?.parse().ok(),
        })
    }
}

pub fn closings(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT id, nth, from_at, until_at, expected, counted, difference, reason, state, \
         counted_by FROM fee_closing WHERE community = $1 ORDER BY nth DESC LIMIT $2",
        params![c, limit],
    )
}
