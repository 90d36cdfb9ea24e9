//! The room's SQL.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::asking::Question;
use crate::entry::{Checked, ENTRIES_MAX, Entry, State};
use crate::manner::Manner;

const ENTRY: &str = "id, topic, state, body, version, in_force, in_force_version, keeper, why, \
                     confirmed_at, changed_at, row_version, checked";
const QUESTION: &str = "id, account, whose, text, band, entry, open, down, waiting_since, met_at, \
                        at, ticket, message";

fn json<T: serde::Serialize>(plain: &T) -> String {
    serde_json::to_string(plain).expect("plain data")
}

fn in_force(e: &Entry) -> String {
    e.in_force.as_ref().map_or(String::new(), json)
}

/// What a source's end is looked up by: that of the version in force.
fn source_ref(e: &Entry) -> &str {
    e.in_force.as_ref().map_or("", |b| b.source_ref.as_str())
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
             $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            e.id,
            e.topic.as_str(),
            e.state.word(),
            json(&e.body),
            e.version,
            in_force(e),
            e.in_force_version,
            e.keeper,
            e.why.as_str(),
            e.confirmed_at,
            e.changed_at,
            e.row_version,
            json(&e.checked),
            source_ref(e)
        ],
    )
}

/// Writes the row back, if it is still the one that was read.
pub fn update(c: Community, e: &Entry, now: Moment) -> Ask {
    ask(
        "UPDATE assistant_entry SET state = $4, body = $5, version = $6, in_force = $7, \
         in_force_version = $8, keeper = $9, why = $10, confirmed_at = $11, changed_at = $12, \
         source_ref = $13, row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND row_version = $3",
        params![
            c,
            e.id,
            e.row_version,
            e.state.word(),
            json(&e.body),
            e.version,
            in_force(e),
            e.in_force_version,
            e.keeper,
            e.why.as_str(),
            e.confirmed_at,
            now,
            source_ref(e)
        ],
    )
}

/// What the regression set said; whoever reads the row to change it is not disturbed.
pub fn set_checked(c: Community, id: Id, checked: &Checked) -> Ask {
    ask(
        "UPDATE assistant_entry SET checked = $4 WHERE community = $1 AND id = $2 AND version = $3",
        params![c, id, checked.version, json(checked)],
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

/// The versions of an entry, the newest first: version, who wrote it, when.
pub fn versions(c: Community, entry: Id, limit: i64) -> Ask {
    ask(
        "SELECT version, by_account, at FROM assistant_version WHERE community = $1 \
         AND entry = $2 ORDER BY version DESC LIMIT $3",
        params![c, entry, limit],
    )
}

pub fn head(c: Community) -> Ask {
    ask(
        "SELECT edition, fills, manner, hits, hits_of FROM assistant_base WHERE community = $1",
        params![c],
    )
}

/// What came into force makes every base in memory old.
pub fn next_edition(c: Community) -> Ask {
    ask(
        "INSERT INTO assistant_base (community, edition, fills, manner, hits, hits_of) \
         VALUES ($1, 1, '{}', '{}', 0, 0) \
         ON CONFLICT (community) DO UPDATE SET edition = assistant_base.edition + 1",
        params![c],
    )
}

pub fn set_hits(c: Community, hits: i64, of: i64) -> Ask {
    ask(
        "UPDATE assistant_base SET hits = $2, hits_of = $3 WHERE community = $1",
        params![c, hits, of],
    )
}

/// The texts that are asked stay: no base grows old by this.
pub fn set_fills(c: Community, fills: &str) -> Ask {
    ask(
        "INSERT INTO assistant_base (community, edition, fills, manner, hits, hits_of) \
         VALUES ($1, 1, $2, '{}', 0, 0) \
         ON CONFLICT (community) DO UPDATE SET fills = excluded.fills",
        params![c, fills],
    )
}

pub fn set_manner(c: Community, manner: &Manner) -> Ask {
    ask(
        "INSERT INTO assistant_base (community, edition, fills, manner, hits, hits_of) \
         VALUES ($1, 1, '{}', $2, 0, 0) \
         ON CONFLICT (community) DO UPDATE SET manner = excluded.manner",
        params![c, json(manner)],
    )
}

pub fn insert_question(c: Community, q: &Question) -> Ask {
    ask(
        format!(
            "INSERT INTO assistant_question (community, {QUESTION}) VALUES ($1, $2, $3, $4, $5, \
             $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING"
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
            q.at,
            q.ticket.as_str(),
            q.message.as_str()
        ],
    )
}

pub fn question(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {QUESTION} FROM assistant_question WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// What somebody asked, the newest first; not what the office took up of their talk.
pub fn of_account(c: Community, account: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM assistant_question WHERE community = $1 AND account = $2 \
             AND band <> $4 ORDER BY at DESC, id DESC LIMIT $3"
        ),
        params![c, account, limit, crate::raised::BAND],
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

pub fn set_ticket(c: Community, id: Id, number: &str) -> Ask {
    ask(
        "UPDATE assistant_question SET ticket = $3 WHERE community = $1 AND id = $2 \
         AND ticket = ''",
        params![c, id, number],
    )
}

pub fn of_message(c: Community, message: Id) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM assistant_question WHERE community = $1 AND message = $2 \
             AND message <> ''"
        ),
        params![c, message.to_string()],
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
        "SELECT band, COUNT(*), CAST(COALESCE(SUM(down), 0) AS BIGINT), COUNT(waiting_since) \
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

pub fn put_import(c: Community, account: Id, rows: &str, now: Moment) -> Ask {
    ask(
        "INSERT INTO assistant_import (community, account, rows, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (community, account) DO UPDATE SET rows = excluded.rows, at = excluded.at",
        params![c, account, rows, now],
    )
}

pub fn import(c: Community, account: Id) -> Ask {
    ask(
        "SELECT rows FROM assistant_import WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

pub fn drop_import(c: Community, account: Id) -> Ask {
    ask(
        "DELETE FROM assistant_import WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

pub fn drop_imports_before(c: Community, before: Moment) -> Ask {
    ask(
        "DELETE FROM assistant_import WHERE community = $1 AND at < $2",
        params![c, before],
    )
}
