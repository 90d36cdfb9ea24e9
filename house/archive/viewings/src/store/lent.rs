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
    /// Pages that it left with and came back with, counted each time.
    pub pages_out: Option<i64>,
    pub pages_back: Option<i64>,
    /// They differ, and nobody found why yet.
    pub amiss: bool,
    /// What was found, by whom, when, and in what words: these lie sealed.
    pub found: String,
    pub found_name: String,
    pub found_at: Option<Moment>,
    pub found_text: String,
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
            pages_out: row.next()?,
            pages_back: row.next()?,
            amiss: row.next()?,
            found: row.next()?,
            found_name: row.next()?,
            found_at: row.next()?,
            found_text: row.next()?,
        })
    }
}

const LOAN: &str = "id, viewing, box, label, at, by_name, due_at, rung, back_at, back_name, \
                    pages_out, pages_back, amiss, found, found_name, found_at, found_text";

/// Nothing where the box is out already.
pub fn lend(c: Community, l: &Loan) -> Ask {
    ask(
        format!(
            "INSERT INTO viewing_loan (community, {LOAN}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, NULL, '', $9, NULL, 0, '', '', NULL, '') \
             ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            l.id,
            l.viewing,
            l.one,
            l.label.as_str(),
            l.at,
            l.by_name.as_str(),
            l.due_at,
            l.pages_out
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

pub fn back(c: Community, id: Id, name: &str, pages: i64, amiss: bool, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_loan SET back_at = $4, back_name = $3, pages_back = $5, amiss = $6 \
         WHERE community = $1 AND id = $2 AND back_at IS NULL",
        params![c, id, name, now, pages, amiss],
    )
}

/// Boxes back with other pages than they left with, the first first.
pub fn amiss(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {LOAN} FROM viewing_loan WHERE community = $1 AND amiss = 1 \
             ORDER BY back_at, id LIMIT $2"
        ),
        params![c, limit],
    )
}

/// How many they are, more than a hundred being a hundred.
pub fn amiss_count(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM viewing_loan WHERE community = $1 AND amiss = 1 \
         LIMIT 100) AS few",
        params![c],
    )
}

pub fn settle(c: Community, id: Id, found: &str, name: &str, text: &str, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_loan SET amiss = 0, found = $3, found_name = $4, found_text = $5, \
         found_at = $6 WHERE community = $1 AND id = $2 AND amiss = 1",
        params![c, id, found, name, text, now],
    )
}

pub fn escalate(c: Community, id: Id, rung: i64) -> Ask {
    ask(
        "UPDATE viewing_loan SET rung = $3 \
         WHERE community = $1 AND id = $2 AND back_at IS NULL AND rung < $3",
        params![c, id, rung],
    )
}
