//! The SQL of renovations and breaches.

use dossiers::Kind;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask};
use foundation::ids::Id;
use foundation::params;

use crate::cases::Case;

const CASE: &str = "x.id, x.dossier, x.room, x.kind, x.year, x.nth, x.state, x.form, x.renovation, \
                    x.fields, x.fee_fen, x.deposit_fen, x.refund_fen, x.due_at, x.version, \
                    x.opened_by, x.opened_at, x.closed_at, d.code, d.number";
const CASES: &str =
    "office_case x JOIN dossier d ON d.community = x.community AND d.id = x.dossier";

pub fn case(c: Community, id: Id) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM {CASES} WHERE x.community = $1 AND x.id = $2 AND d.state <> 'sealed'"
        ),
        params![c, id],
    )
}

pub fn of_form(c: Community, form: Id) -> Ask {
    ask(
        "SELECT id FROM office_case WHERE community = $1 AND form = $2",
        params![c, form],
    )
}

/// Where the case of a form stands.
pub fn state_of_form(c: Community, form: Id) -> Ask {
    ask(
        "SELECT state FROM office_case WHERE community = $1 AND form = $2",
        params![c, form],
    )
}

pub fn of_dossier(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM {CASES} WHERE x.community = $1 AND x.dossier = $2 \
             AND d.state <> 'sealed' ORDER BY x.opened_at DESC, x.id DESC LIMIT 200"
        ),
        params![c, dossier],
    )
}

/// Open cases of a kind, the newest first, behind a place.
pub fn open(c: Community, kind: Kind, after: Option<(Moment, Id)>, limit: i64) -> Ask {
    let mut params: Vec<Value> = params![c, kind.letter()];
    let mut sql = String::new();
    if let Some((at, id)) = after {
        params.push(at.into());
        params.push(id.into());
        sql.push_str(" AND (x.opened_at, x.id) < ($3, $4)");
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {CASE} FROM {CASES} WHERE x.community = $1 AND x.kind = $2 \
             AND x.closed_at IS NULL{sql} ORDER BY x.opened_at DESC, x.id DESC LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn open_count(c: Community, kind: Kind) -> Ask {
    ask(
        "/* whole: a count of a compound's open cases */ SELECT COUNT(*) FROM office_case \
         WHERE community = $1 AND kind = $2 AND closed_at IS NULL",
        params![c, kind.letter()],
    )
}

/// Open cases whose date has passed, the longest overdue first.
pub fn overdue(c: Community, now: Moment, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM {CASES} WHERE x.community = $1 AND x.due_at < $2 \
             AND x.closed_at IS NULL ORDER BY x.due_at, x.id LIMIT $3"
        ),
        params![c, now, limit],
    )
}

/// How many they are, as the bar says it: more than a hundred are a hundred.
pub fn overdue_count(c: Community, now: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM office_case WHERE community = $1 AND due_at < $2 \
         AND closed_at IS NULL LIMIT 100) AS few",
        params![c, now],
    )
}

pub fn last_nth(c: Community, kind: Kind, year: i64) -> Ask {
    ask(
        "SELECT COALESCE(MAX(nth), 0) FROM office_case \
         WHERE community = $1 AND kind = $2 AND year = $3",
        params![c, kind.letter(), year],
    )
}

pub fn insert(c: Community, x: &Case) -> Ask {
    ask(
        "INSERT INTO office_case (community, id, dossier, room, kind, year, nth, state, form, \
         renovation, fields, fee_fen, deposit_fen, refund_fen, due_at, version, opened_by, \
         opened_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, $12, \
         1, $13, $14, NULL)",
        params![
            c,
            x.id,
            x.dossier,
            x.room,
            x.kind.letter(),
            x.year,
            x.nth,
            x.state.as_str(),
            x.form,
            x.renovation,
            x.fields.as_str(),
            x.due_at,
            x.opened_by,
            x.opened_at
        ],
    )
}

/// Where the case is after an act, if it is still the one that was read.
pub fn go_on(c: Community, x: &Case) -> Ask {
    ask(
        "UPDATE office_case SET state = $4, form = $5, fee_fen = $6, deposit_fen = $7, \
         refund_fen = $8, due_at = $9, closed_at = $10, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3",
        params![
            c,
            x.id,
            x.version,
            x.state.as_str(),
            x.form,
            x.fee,
            x.deposit,
            x.refund,
            x.due_at,
            x.closed_at
        ],
    )
}

pub fn last_step(c: Community, case: Id) -> Ask {
    ask(
        "SELECT COALESCE(MAX(n), 0) FROM office_step WHERE community = $1 AND case_id = $2",
        params![c, case],
    )
}

/// A step of a case.
pub struct NewStep<'s> {
    pub case: Id,
    pub n: i64,
    pub act: &'static str,
    pub state: &'s str,
    pub at: Moment,
    pub by_name: &'s str,
    pub fields: &'s str,
}

pub fn step(c: Community, s: &NewStep<'_>) -> Ask {
    ask(
        "INSERT INTO office_step (community, case_id, n, act, state, at, by_name, fields) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![c, s.case, s.n, s.act, s.state, s.at, s.by_name, s.fields],
    )
}

/// What was done, in order.
pub fn steps(c: Community, case: Id) -> Ask {
    ask(
        "SELECT n, act, state, at, by_name, fields FROM office_step \
         WHERE community = $1 AND case_id = $2 ORDER BY n LIMIT 1000",
        params![c, case],
    )
}

pub fn add_paper(c: Community, case: Id, document: Id, what: &str) -> Ask {
    ask(
        "INSERT INTO office_case_paper (community, case_id, document, what) \
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        params![c, case, document, what],
    )
}

/// Document and what it is.
pub fn papers(c: Community, case: Id) -> Ask {
    ask(
        "SELECT document, what FROM office_case_paper \
         WHERE community = $1 AND case_id = $2 ORDER BY what, document LIMIT 500",
        params![c, case],
    )
}

/// How many papers of a sort a case has.
pub fn papers_of(c: Community, case: Id, what: &str) -> Ask {
    ask(
        "SELECT COUNT(*) FROM office_case_paper \
         WHERE community = $1 AND case_id = $2 AND what = $3",
        params![c, case, what],
    )
}
