//! The SQL of boxes on loan.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// A box on loan.
#[derive(Clone, Debug)]
pub struct Loan {
    pub id: Id,
    pub viewing: Id,
    pub one: Id,
    /// What stands on its label.
    pub label: String,
    pub at: Moment,
    pub by_name: String,
    pub due_at: Moment,
    pub rung: i64,
    pub back_at: Option<Moment>,
    pub back_name: String,
}

impl FromRow for Loan {
    fn from_row(row: &mut Row) -> Result<Loan, DbError> {
        Ok(Loan {
            id: row.next()?,
            viewing: row.next()?,
            one: row.next()?,
            label: row.next()?,
            at: row.next()?,
            by_name: row.next()?,
            due_at: row.next()?,
            rung: row.next()?,
            back_at: row.next()?,
            back_name: row.next()?,
        })
    }
}

const LOAN: &str = "id, viewing, box, label, at, by_name, due_at, rung, back_at, back_name";

/// Nothing where the box is out already.
pub fn lend(c: Community, l: &Loan) -> Ask {
    ask(
        format!(
            "INSERT INTO viewing_loan (community, {LOAN}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, NULL, '') ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            l.id,
            l.viewing,
            l.one,
            l.label.as_str(),
            l.at,
            l.by_name.as_str(),
            l.due_at
        ],
    )
}

pub fn loan(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {LOAN} FROM viewing_loan WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn of_viewing(c: Community, viewing: Id) -> Ask {
    ask(
        format!(
            "SELECT {LOAN} FROM viewing_loan WHERE community = $1 AND viewing = $2 \
             ORDER BY at, id LIMIT 100"
        ),
        params![c, viewing],
    )
}

/// The loan that a box is out under.
pub fn of_box(c: Community, one: Id) -> Ask {
    ask(
        format!(
            "SELECT {LOAN} FROM viewing_loan WHERE community = $1 AND box = $2 AND back_at IS NULL"
        ),
        params![c, one],
    )
}

/// Boxes that are out, the first due first.
pub fn out(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {LOAN} FROM viewing_loan WHERE community = $1 AND back_at IS NULL \
             ORDER BY due_at, id LIMIT $2"
        ),
        params![c, limit],
    )
}

/// The window ended early: they are due now.
pub fn due_now(c: Community, viewing: Id, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_loan SET due_at = $3 WHERE community = $1 AND viewing = $2 \
         AND back_at IS NULL AND due_at > $3",
        params![c, viewing, now],
    )
}

pub fn back(c: Community, id: Id, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_loan SET back_at = $4, back_name = $3 \
         WHERE community = $1 AND id = $2 AND back_at IS NULL",
        params![c, id, name, now],
    )
}

pub fn escalate(c: Community, id: Id, rung: i64) -> Ask {
    ask(
        "UPDATE viewing_loan SET rung = $3 \
         WHERE community = $1 AND id = $2 AND back_at IS NULL AND rung < $3",
        params![c, id, rung],
    )
}
