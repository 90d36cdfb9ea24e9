//! Batches of a month's bills.

use crate::billing::Billed;
use crate::money::{Fen, Period};
use crate::runs::RunState;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask, list};
use foundation::ids::Id;
use foundation::params;

use super::word;

/// A batch as verbs see it.
#[derive(Clone, Debug)]
pub struct RunRow {
    pub id: Id,
    pub period: Period,
    pub items: Vec<Id>,
    pub state: RunState,
    pub item_place: usize,
    pub after_room: String,
    pub bills: i64,
    pub total: Fen,
    pub created_at: Moment,
    /// Sealed under the batch's own key.
    pub undone_why: String,
}

impl FromRow for RunRow {
    fn from_row(row: &mut Row) -> Result<RunRow, DbError> {
        Ok(RunRow {
            id: row.next()?,
            period: row.next()?,
            items: row
                .next::<String>()?
                .split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect(),
            state: word(row, RunState::from_word)?,
            item_place: usize::try_from(row.next::<i64>()?).unwrap_or(0),
            after_room: row.next()?,
            bills: row.next()?,
            total: row.next()?,
            created_at: row.next()?,
            undone_why: row.next()?,
        })
    }
}

const COLUMNS: &str = "id, period, items, state, item_place, after_room, bills, fen, created_at, \
                       undone_why";

pub fn insert_run(
    c: Community,
    id: Id,
    period: Period,
    items: &[Id],
    made_by: Option<Id>,
    at: Moment,
) -> Ask {
    let items: Vec<String> = items.iter().map(Id::to_string).collect();
    ask(
        "INSERT INTO fee_run (community, id, period, items, state, item_place, after_room, bills, \
         fen, made_by, created_at, undone_why) VALUES ($1, $2, $3, $4, 'running', 0, '', 0, 0, $5, \
         $6, '')",
        params![
            c,
            id,
            period,
            items.join(" "),
            made_by.map_or_else(String::new, |i| i.to_string()),
            at
        ],
    )
}

pub fn run(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM fee_run WHERE community = $1 AND id = $2 LIMIT 1"),
        params![c, id],
    )
}

pub fn runs(c: Community, limit: i64) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM fee_run WHERE community = $1 ORDER BY id DESC LIMIT $2"),
        params![c, limit],
    )
}

/// Two that go on with one batch may move its mark back: what was billed is then only looked
/// at again.
pub fn move_run(c: Community, id: Id, place: i64, after: &str, made: Billed) -> Ask {
    ask(
        "UPDATE fee_run SET item_place = $3, after_room = $4, bills = bills + $5, fen = fen + $6 \
         WHERE community = $1 AND id = $2",
        params![c, id, place, after, made.bills as i64, made.total],
    )
}

pub fn end_run(c: Community, id: Id, state: RunState, at: Moment) -> Ask {
    ask(
        "UPDATE fee_run SET state = $3, ended_at = $4 WHERE community = $1 AND id = $2",
        params![c, id, state.word(), at],
    )
}

/// Begins to take a batch back, for a reason that is kept.
pub fn undo_run(c: Community, id: Id, why: &str, at: Moment) -> Ask {
    ask(
        "UPDATE fee_run SET state = 'undoing', undone_why = $3, ended_at = $4 \
         WHERE community = $1 AND id = $2",
        params![c, id, why, at],
    )
}

/// How many of these bills are in the books, and their sum.
pub fn sum_of(c: Community, bills: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, bills);
    ask(
        format!(
            "SELECT COUNT(*), COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_bill \
             WHERE community = $1 AND id IN ({members})"
        ),
        params,
    )
}

/// Bills of the batch that were voided, corrected, or paid by money that came after it began.
pub fn touched_of_run(c: Community, run: Id, began: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM fee_bill b WHERE b.community = $1 AND b.run = $2 AND b.run <> '' \
         AND (b.state = 'void' OR b.amount <> b.owed + b.allocated \
         OR EXISTS (SELECT 1 FROM fee_correction k WHERE k.community = b.community AND k.bill = b.id) \
         OR (b.allocated > 0 AND EXISTS (SELECT 1 FROM fee_allocation a JOIN fee_payment p \
         ON p.community = a.community AND p.id = a.payment WHERE a.community = b.community \
         AND a.bill = b.id AND p.created_at > $3)))",
        params![c, run, began],
    )
}

pub fn bills_of_run(c: Community, run: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, room, allocated FROM fee_bill \
         WHERE community = $1 AND run = $2 AND run <> '' ORDER BY id LIMIT $3",
        params![c, run, limit],
    )
}

/// To be called when nothing is allocated to them any more.
pub fn delete_bills(c: Community, bills: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, bills);
    ask(
        format!("DELETE FROM fee_bill WHERE community = $1 AND id IN ({members})"),
        params,
    )
}
