//! Appeals, and the path of illegal content.

use super::word;
use crate::state::AppealState;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// An appeal as it lies in the database.
#[derive(Clone, Debug)]
pub struct Appeal {
    pub id: Id,
    pub strike: Id,
    pub case: Id,
    pub account: Id,
    pub level: i64,
    pub state: AppealState,
    pub version: i64,
    pub words: Vec<u8>,
    pub reasons: Option<Vec<u8>>,
    pub filed_at: Moment,
    pub due_at: Moment,
    pub assigned_to: Option<Id>,
    pub decided_by: Option<Id>,
    pub decided_at: Option<Moment>,
}

const APPEAL: &str = "id, strike, case_id, account, level, state, version, words, reasons, filed_at, due_at, \
     assigned_to, decided_by, decided_at";

impl FromRow for Appeal {
    fn from_row(row: &mut Row) -> Result<Appeal, DbError> {
        Ok(Appeal {
            id: row.next()?,
            strike: row.next()?,
            case: row.next()?,
            account: row.next()?,
            level: row.next()?,
            state: word(row, AppealState::from_word)?,
            version: row.next()?,
            words: row.next()?,
            reasons: row.next()?,
            filed_at: row.next()?,
            due_at: row.next()?,
            assigned_to: row.next()?,
            decided_by: row.next()?,
            decided_at: row.next()?,
        })
    }
}

/// One appeal a level; a second one of the same level changes nothing.
pub fn insert_appeal(c: Community, a: &Appeal) -> Ask {
    ask(
        "INSERT INTO conduct_appeal (community, id, strike, case_id, account, level, state, version, words, reasons, \
         filed_at, due_at, assigned_to, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'filed', 1, $7, NULL, $8, $9, NULL, NULL, NULL) \
         ON CONFLICT (community, strike, level) DO NOTHING",
        params![
            c,
            a.id,
            a.strike,
            a.case,
            a.account,
            a.level,
            a.words.clone(),
            a.filed_at,
            a.due_at
        ],
    )
}

pub fn appeal(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {APPEAL} FROM conduct_appeal WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn appeals_of_strike(c: Community, strike: Id) -> Ask {
    ask(
        format!(
            "SELECT {APPEAL} FROM conduct_appeal WHERE community = $1 AND strike = $2 ORDER BY level LIMIT 10"
        ),
        params![c, strike],
    )
}

/// Those that wait, soonest due first.
pub fn open_appeals(c: Community, rows: i64) -> Ask {
    ask(
        format!(
            "SELECT {APPEAL} FROM conduct_appeal WHERE community = $1 AND state IN ('filed', 'assigned', 'escalated') \
             ORDER BY due_at, id LIMIT $2"
        ),
        params![c, rows],
    )
}

pub fn assign_appeal(c: Community, id: Id, version: i64, to: Id) -> Ask {
    ask(
        "UPDATE conduct_appeal SET state = 'assigned', assigned_to = $4, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state IN ('filed', 'assigned', 'escalated')",
        params![c, id, version, to],
    )
}

pub fn escalate_appeal(c: Community, id: Id) -> Ask {
    ask(
        "UPDATE conduct_appeal SET state = 'escalated', version = version + 1 \
         WHERE community = $1 AND id = $2 AND state IN ('filed', 'assigned')",
        params![c, id],
    )
}

pub fn decide_appeal(
    c: Community,
    id: Id,
    version: i64,
    state: AppealState,
    by: Option<Id>,
    reasons: Option<Vec<u8>>,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE conduct_appeal SET state = $4, decided_by = $5, decided_at = $6, reasons = $7, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state IN ('filed', 'assigned', 'escalated')",
        params![c, id, version, state.word(), by, now, reasons],
    )
}

/// Illegal content: state, hidden, reported, to whom, number, closed.
pub fn illegal(c: Community, case: Id) -> Ask {
    ask(
        "SELECT state, hidden_at, reported_at, reported_to, report_number, closed_at FROM conduct_illegal \
         WHERE community = $1 AND case_id = $2",
        params![c, case],
    )
}

pub fn insert_illegal(c: Community, case: Id, now: Moment) -> Ask {
    ask(
        "INSERT INTO conduct_illegal (community, case_id, state, hidden_at, reported_at, reported_to, report_number, \
         closed_at, closed_by) VALUES ($1, $2, 'hidden', $3, NULL, '', '', NULL, NULL) \
         ON CONFLICT (community, case_id) DO NOTHING",
        params![c, case, now],
    )
}

/// Closes the path with the number that the authority gave.
pub fn close_illegal(
    c: Community,
    case: Id,
    to: &str,
    number: &str,
    by: Option<Id>,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE conduct_illegal SET state = 'closed', reported_at = $3, reported_to = $4, report_number = $5, \
         closed_at = $3, closed_by = $6 WHERE community = $1 AND case_id = $2 AND state = 'hidden'",
        params![c, case, now, to, number, by],
    )
}
