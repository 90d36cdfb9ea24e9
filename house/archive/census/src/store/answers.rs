//! The SQL of answers, attempts and links.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::answer::Answer;

const ANSWER: &str = "a.id, a.sent_id, a.task, a.dossier, a.method, a.fields, a.state, \
                      a.sent_name, a.at, a.settled_at, a.settled_name, t.code, t.state";
const JOINED: &str =
    "census_answer a JOIN census_task t ON t.community = a.community AND t.id = a.task";

pub fn answer(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {ANSWER} FROM {JOINED} WHERE a.community = $1 AND a.id = $2"),
        params![c, id],
    )
}

/// What came under a device's own name before.
pub fn by_sent_id(c: Community, sent_id: &str) -> Ask {
    ask(
        format!("SELECT {ANSWER} FROM {JOINED} WHERE a.community = $1 AND a.sent_id = $2"),
        params![c, sent_id],
    )
}

pub fn of_task(c: Community, task: Id) -> Ask {
    ask(
        format!(
            "SELECT {ANSWER} FROM {JOINED} WHERE a.community = $1 AND a.task = $2 \
             ORDER BY a.at DESC LIMIT 50"
        ),
        params![c, task],
    )
}

/// Answers in a state, the oldest first, behind a place.
pub fn page(c: Community, state: &str, after: Option<(Moment, Id)>, limit: i64) -> Ask {
    let (at, id) = after.map_or((Moment(-1), String::new()), |(at, id)| (at, id.to_string()));
    ask(
        format!(
            "SELECT {ANSWER} FROM {JOINED} WHERE a.community = $1 AND a.state = $2 \
             AND (a.at, a.id) > ($3, $4) ORDER BY a.at, a.id LIMIT $5"
        ),
        params![c, state, at, id, limit],
    )
}

/// How many wait for a person; beyond a bound it is many.
pub fn waiting(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM census_answer WHERE community = $1 \
         AND state IN ('waiting', 'conflict') LIMIT $2) w",
        params![c, limit],
    )
}

pub fn insert(c: Community, a: &Answer, sent_by: &str) -> Ask {
    ask(
        "INSERT INTO census_answer (community, id, sent_id, task, dossier, method, fields, \
         state, sent_by, sent_name, at, settled_at, settled_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            c,
            a.id,
            &a.sent_id,
            a.task,
            a.dossier,
            a.method.word(),
            &a.fields,
            a.state.word(),
            sent_by,
            &a.sent_name,
            a.at,
            a.settled_at,
            &a.settled_name
        ],
    )
}

/// Settles an answer that waits. What was said is not kept: what was taken over stands on the
/// roster, and the rest is nobody's business any more (PIPL 19).
pub fn settle(c: Community, id: Id, state: &str, now: Moment, name: &str) -> Ask {
    ask(
        "UPDATE census_answer SET state = $3, settled_at = $4, settled_name = $5, fields = '' \
         WHERE community = $1 AND id = $2 AND state IN ('waiting', 'conflict')",
        params![c, id, state, now, name],
    )
}

/// The attempts at a household: when, part of the day, by whom.
pub fn attempts(c: Community, task: Id) -> Ask {
    ask(
        "SELECT at, part, by_name FROM census_attempt WHERE community = $1 AND task = $2 \
         ORDER BY n LIMIT 20",
        params![c, task],
    )
}

pub fn insert_attempt(c: Community, task: Id, n: i64, at: Moment, part: &str, name: &str) -> Ask {
    ask(
        "INSERT INTO census_attempt (community, task, n, at, part, by_name) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![c, task, n, at, part, name],
    )
}

/// A link by its secret's digest: task, end, used, void.
pub fn link(c: Community, digest: &str) -> Ask {
    ask(
        "SELECT task, expires_at, used_at, voided_at FROM census_link \
         WHERE community = $1 AND digest = $2",
        params![c, digest],
    )
}

/// The newest link of a household: made, by whom, end, used.
pub fn link_of(c: Community, task: Id) -> Ask {
    ask(
        "SELECT made_at, made_name, expires_at, used_at FROM census_link \
         WHERE community = $1 AND task = $2 ORDER BY made_at DESC LIMIT 1",
        params![c, task],
    )
}

/// Earlier links of a household lead nowhere from now on.
pub fn void_links(c: Community, task: Id, now: Moment) -> Ask {
    ask(
        "UPDATE census_link SET voided_at = $3 WHERE community = $1 AND task = $2 \
         AND used_at IS NULL AND voided_at IS NULL",
        params![c, task, now],
    )
}

pub fn insert_link(
    c: Community,
    digest: &str,
    task: Id,
    now: Moment,
    name: &str,
    until: Moment,
) -> Ask {
    ask(
        "INSERT INTO census_link (community, digest, task, made_at, made_name, expires_at, \
         used_at, voided_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)",
        params![c, digest, task, now, name, until],
    )
}

/// Uses a link that still leads somewhere.
pub fn use_link(c: Community, digest: &str, now: Moment) -> Ask {
    ask(
        "UPDATE census_link SET used_at = $3 WHERE community = $1 AND digest = $2 \
         AND used_at IS NULL AND voided_at IS NULL AND expires_at > $3",
        params![c, digest, now],
    )
}
