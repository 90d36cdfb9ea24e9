//! Cases: one thing said, what was found in it, and what became of it.

use super::word;
use crate::state::{CaseState, Visible};
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, Value, ask};
use foundation::ids::Id;
use foundation::params;

/// A case as it lies in the database; what was said is in `body`, sealed.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: Id,
    pub source_kind: String,
    pub source: String,
    pub place: String,
    pub author: Option<Id>,
    pub member: Option<Id>,
    pub room: Option<Id>,
    pub origin: String,
    pub state: CaseState,
    pub visible: Visible,
    pub version: i64,
    pub category: String,
    pub rule: String,
    pub severity: i64,
    pub score: i64,
    pub policy_version: i64,
    pub digest: Vec<u8>,
    pub body: Option<Vec<u8>>,
    pub about_company: bool,
    pub opened_at: Moment,
    pub claimed_by: Option<Id>,
    pub claimed_at: Option<Moment>,
    pub proposed_by: Option<Id>,
    pub proposed_rung: Option<i64>,
    pub decided_by: Option<Id>,
    pub decided_at: Option<Moment>,
    pub reason: Option<Vec<u8>>,
}

const CASE: &str = "id, source_kind, source, place, author, member, room, origin, state, visible, version, category, \
     rule, severity, score, policy_version, digest, body, about_company, opened_at, claimed_by, claimed_at, \
     proposed_by, proposed_rung, decided_by, decided_at, reason";

impl FromRow for Case {
    fn from_row(row: &mut Row) -> Result<Case, DbError> {
        Ok(Case {
            id: row.next()?,
            source_kind: row.next()?,
            source: row.next()?,
            place: row.next()?,
            author: row.next()?,
            member: row.next()?,
            room: row.next()?,
            origin: row.next()?,
            state: word(row, CaseState::from_word)?,
            visible: word(row, Visible::from_word)?,
            version: row.next()?,
            category: row.next()?,
            rule: row.next()?,
            severity: row.next()?,
            score: row.next()?,
            policy_version: row.next()?,
            digest: row.next()?,
            body: row.next()?,
            about_company: row.next()?,
            opened_at: row.next()?,
            claimed_by: row.next()?,
            claimed_at: row.next()?,
            proposed_by: row.next()?,
            proposed_rung: row.next()?,
            decided_by: row.next()?,
            decided_at: row.next()?,
            reason: row.next()?,
        })
    }
}

pub fn insert_case(c: Community, k: &Case) -> Ask {
    ask(
        "INSERT INTO conduct_case (community, id, source_kind, source, place, author, member, room, origin, state, \
         visible, version, category, rule, severity, score, policy_version, digest, body, about_company, opened_at, \
         claimed_by, claimed_at, proposed_by, proposed_rung, decided_by, decided_at, reason, before_state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         NULL, NULL, NULL, NULL, NULL, NULL, NULL, '') ON CONFLICT (community, source_kind, source) DO NOTHING",
        params![
            c,
            k.id,
            &k.source_kind,
            &k.source,
            &k.place,
            k.author,
            k.member,
            k.room,
            &k.origin,
            k.state.word(),
            k.visible.word(),
            &k.category,
            &k.rule,
            k.severity,
            k.score,
            k.policy_version,
            k.digest.clone(),
            k.body.clone(),
            k.about_company,
            k.opened_at
        ],
    )
}

pub fn case(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {CASE} FROM conduct_case WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// The case about one record, if there is one.
pub fn case_of_source(c: Community, kind: &str, source: &str) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM conduct_case WHERE community = $1 AND source_kind = $2 AND source = $3"
        ),
        params![c, kind, source],
    )
}

/// The cases that wait and say the same, by the same author: a flood.
pub fn flood(c: Community, author: Id, digest: &[u8], rows: i64) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM conduct_case WHERE community = $1 AND digest = $2 AND state = 'open' AND author = $3 \
             ORDER BY opened_at, id LIMIT $4"
        ),
        params![c, digest.to_vec(), author, rows],
    )
}

/// What an author has been looked at for, newest first.
pub fn cases_of_author(c: Community, author: Id, rows: i64) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM conduct_case WHERE community = $1 AND author = $2 AND state <> 'trial' \
             ORDER BY opened_at DESC, id LIMIT $3"
        ),
        params![c, author, rows],
    )
}

/// Every case with its text, from `after` on: for replaying a policy and for learning.
pub fn cases_after(c: Community, after: Option<Id>, rows: i64) -> Ask {
    ask(
        format!(
            "SELECT {CASE} FROM conduct_case WHERE community = $1 AND id > $2 AND body IS NOT NULL ORDER BY id LIMIT $3"
        ),
        params![c, after.map_or(String::new(), |id| id.to_string()), rows],
    )
}

/// Moves a case; the statement changes nothing when the case has another version now.
#[derive(Clone, Debug)]
pub struct Move {
    pub id: Id,
    pub version: i64,
    pub state: CaseState,
    pub visible: Visible,
    pub about_company: bool,
    pub proposed: Option<(Option<Id>, i64)>,
    pub decided: Option<Option<Id>>,
    pub reason: Option<Vec<u8>>,
}

pub fn move_case(c: Community, m: &Move, now: Moment) -> Ask {
    let (by, rung) = m
        .proposed
        .map_or((None, None), |(by, rung)| (by, Some(rung)));
    ask(
        "UPDATE conduct_case SET before_state = state, state = $4, visible = $5, about_company = $6, proposed_by = $7, \
         proposed_rung = $8, decided_by = $9, decided_at = $10, reason = $11, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3",
        params![
            c,
            m.id,
            m.version,
            m.state.word(),
            m.visible.word(),
            m.about_company,
            by,
            rung,
            m.decided.flatten(),
            m.decided.is_some().then_some(now),
            m.reason.clone()
        ],
    )
}

pub fn show_case(c: Community, id: Id, visible: Visible) -> Ask {
    ask(
        "UPDATE conduct_case SET visible = $3, version = version + 1 WHERE community = $1 AND id = $2",
        params![c, id, visible.word()],
    )
}

/// Raises what a case weighs, and opens it to people when it was only on trial.
pub fn weigh_case(c: Community, id: Id, severity: i64, visible: Visible) -> Ask {
    ask(
        "UPDATE conduct_case SET severity = $3, visible = $4, \
         state = CASE WHEN state = 'trial' THEN 'open' ELSE state END, version = version + 1 \
         WHERE community = $1 AND id = $2",
        params![c, id, severity, visible.word()],
    )
}

pub fn claim_case(c: Community, id: Id, account: Id, now: Moment) -> Ask {
    ask(
        "UPDATE conduct_case SET claimed_by = $3, claimed_at = $4 WHERE community = $1 AND id = $2",
        params![c, id, account, now],
    )
}

/// The text is gone for good (its key was destroyed with it).
pub fn forget_case(c: Community, id: Id) -> Ask {
    ask(
        "UPDATE conduct_case SET body = NULL, reason = NULL WHERE community = $1 AND id = $2 AND body IS NOT NULL",
        params![c, id],
    )
}

/// Which part of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// `None`: all that wait.
    pub state: Option<CaseState>,
    pub category: String,
    pub reported: bool,
    /// The last row of the page before.
    pub after: Option<(i64, Moment, Id)>,
}

/// The count and a page of the queue, gravest first, then oldest.
pub fn queue(c: Community, f: &QueueFilter, rows: i64) -> (Ask, Ask) {
    let mut params: Vec<Value> = params![c];
    let mut sql = String::from(" FROM conduct_case WHERE community = $1");
    match f.state {
        Some(state) => {
            params.push(state.word().into());
            sql.push_str(" AND state = $2");
        }
        None => sql.push_str(" AND state IN ('open', 'seconding')"),
    }
    if !f.category.is_empty() {
        params.push(f.category.as_str().into());
        sql.push_str(&format!(" AND category = ${}", params.len()));
    }
    if f.reported {
        sql.push_str(" AND origin = 'report'");
    }
    let count = ask(format!("SELECT COUNT(*){sql}"), params.clone());
    if let Some((severity, at, id)) = f.after {
        params.push(severity.into());
        params.push(at.into());
        params.push(id.into());
        let (s, a, i) = (params.len() - 2, params.len() - 1, params.len());
        sql.push_str(&format!(
            " AND (severity < ${s} OR (severity = ${s} AND (opened_at > ${a} OR (opened_at = ${a} AND id > ${i}))))"
        ));
    }
    params.push((rows + 1).into());
    let limit = params.len();
    let page = ask(
        format!("SELECT {CASE}{sql} ORDER BY severity DESC, opened_at, id LIMIT ${limit}"),
        params,
    );
    (count, page)
}
