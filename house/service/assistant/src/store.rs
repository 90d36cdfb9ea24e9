//! The room's SQL.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::asking::Question;
use crate::entry::{Body, ENTRIES_MAX, Entry, State};

const ENTRY: &str = "id, topic, state, body, version, keeper, why, confirmed_at, changed_at, \
                     row_version";
const QUESTION: &str =
    "id, account, whose, text, band, entry, open, down, waiting_since, met_at, at";

fn json(body: &Body) -> String {
    serde_json::to_string(body).expect("a body is plain data")
}

pub fn entry(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {ENTRY} FROM assistant_entry WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn of_topic(c: Community, topic: &str) -> Ask {
    ask(
        format!("SELECT {ENTRY} FROM assistant_entry WHERE community = $1 AND topic = $2"),
        params![c, topic],
    )
}

/// Entries in some states, by topic.
pub fn entries(c: Community, states: &[State]) -> Ask {
    let mut params = params![c, ENTRIES_MAX];
    let words: Vec<&str> = states.iter().map(|s| s.word()).collect();
    let states = list(&mut params, &words);
    ask(
        format!(
            "SELECT {ENTRY} FROM assistant_entry WHERE community = $1 AND state IN ({states}) \
             ORDER BY topic LIMIT $2"
        ),
        params,
    )
}

pub fn of_source(c: Community, source: &str) -> Ask {
    ask(
        format!(
            "SELECT {ENTRY} FROM assistant_entry WHERE community = $1 AND source_ref = $2 \
             AND source_ref <> '' ORDER BY id LIMIT $3"
        ),
        params![c, source, ENTRIES_MAX],
    )
}

pub fn count_entries(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM assistant_entry WHERE community = $1",
        params![c],
    )
}

/// Inserts nothing where the topic is there.
pub fn insert(c: Community, e: &Entry) -> Ask {
    ask(
        format!(
            "INSERT INTO assistant_entry (community, {ENTRY}, source_ref) VALUES ($1, $2, $3, $4, \
             $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            e.id,
            e.topic.as_str(),
            e.state.word(),
            json(&e.body),
            e.version,
            e.keeper,
            e.why.as_str(),
            e.confirmed_at,
            e.changed_at,
            e.row_version,
            e.body.source_ref.as_str()
        ],
    )
}

/// Writes the row back, if it is still the one that was read.
pub fn update(c: Community, e: &Entry, now: Moment) -> Ask {
    ask(
        "UPDATE assistant_entry SET state = $4, body = $5, version = $6, keeper = $7, why = $8, \
         confirmed_at = $9, changed_at = $10, source_ref = $11, row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND row_version = $3",
        params![
            c,
            e.id,
            e.row_version,
            e.state.word(),
            json(&e.body),
            e.version,
            e.keeper,
            e.why.as_str(),
            e.confirmed_at,
            now,
            e.body.source_ref.as_str()
        ],
    )
}

pub fn insert_version(c: Community, e: &Entry, by: Option<Id>, now: Moment) -> Ask {
    ask(
        "INSERT INTO assistant_version (community, entry, version, body, by_account, at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        params![c, e.id, e.version, json(&e.body), by, now],
    )
}

pub fn version(c: Community, entry: Id, version: i64) -> Ask {
    ask(
        "SELECT body FROM assistant_version WHERE community = $1 AND entry = $2 AND version = $3",
        params![c, entry, version],
    )
}

pub fn head(c: Community) -> Ask {
    ask(
        "SELECT edition, fills FROM assistant_base WHERE community = $1",
        params![c],
    )
}

/// What came into force makes every base in memory old.
pub fn next_edition(c: Community) -> Ask {
    ask(
        "INSERT INTO assistant_base (community, edition, fills) VALUES ($1, 1, '{}') \
         ON CONFLICT (community) DO UPDATE SET edition = assistant_base.edition + 1",
        params![c],
    )
}

pub fn set_fills(c: Community, fills: &str) -> Ask {
    ask(
        "INSERT INTO assistant_base (community, edition, fills) VALUES ($1, 1, $2) \
         ON CONFLICT (community) DO UPDATE SET edition = assistant_base.edition + 1, \
         fills = excluded.fills",
        params![c, fills],
    )
}

pub fn insert_question(c: Community, q: &Question) -> Ask {
    ask(
        format!(
            "INSERT INTO assistant_question (community, {QUESTION}) VALUES ($1, $2, $3, $4, $5, \
             $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            c,
            q.id,
            q.account,
            q.whose,
            q.text.as_str(),
            q.band.as_str(),
            q.entry.as_str(),
            q.open,
            q.down,
            q.waiting_since,
            q.met_at,
            q.at
        ],
    )
}

pub fn question(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {QUESTION} FROM assistant_question WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn of_account(c: Community, account: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM assistant_question WHERE community = $1 AND account = $2 \
             ORDER BY at DESC, id DESC LIMIT $3"
        ),
        params![c, account, limit],
    )
}

pub fn set_question(c: Community, q: &Question) -> Ask {
    ask(
        "UPDATE assistant_question SET entry = $3, open = $4, down = $5, waiting_since = $6, \
         met_at = $7 WHERE community = $1 AND id = $2",
        params![
            c,
            q.id,
            q.entry.as_str(),
            q.open,
            q.down,
            q.waiting_since,
            q.met_at
        ],
    )
}

pub fn open_questions(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM assistant_question WHERE community = $1 AND open = 1 \
             ORDER BY at DESC, id DESC LIMIT $2"
        ),
        params![c, limit],
    )
}

pub fn count_open(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM assistant_question WHERE community = $1 AND open = 1",
        params![c],
    )
}

/// What was asked since then: how often each band, with down-votes and hand-overs.
pub fn tally(c: Community, since: Moment) -> Ask {
    ask(
        "SELECT band, COUNT(*), COALESCE(SUM(down), 0), COUNT(waiting_since) \
         FROM assistant_question WHERE community = $1 AND at >= $2 GROUP BY band ORDER BY band",
        params![c, since],
    )
}

pub fn forget(c: Community, before: Moment) -> Ask {
    ask(
        "DELETE FROM assistant_question WHERE community = $1 AND at < $2",
        params![c, before],
    )
}

pub fn count_old(c: Community, before: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM assistant_question WHERE community = $1 AND at < $2",
        params![c, before],
    )
}
