//! What follows: how far the ledger was read, and the trained part in force.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::params;

pub fn cursor(c: Community) -> Ask {
    ask(
        "SELECT seq FROM conduct_cursor WHERE community = $1",
        params![c],
    )
}

pub fn move_cursor(c: Community, seq: i64) -> Ask {
    ask(
        "INSERT INTO conduct_cursor (community, seq) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET seq = excluded.seq WHERE conduct_cursor.seq < excluded.seq",
        params![c, seq],
    )
}

/// How many events the compound's ledger holds.
pub fn head(c: Community) -> Ask {
    ask(
        "SELECT size FROM ledger_head WHERE community = $1",
        params![c],
    )
}

/// Number, kind and subject of the events by which words came in, after `seq`.
pub fn words_came(c: Community, kinds: [&str; 3], seq: i64, rows: i64) -> Ask {
    let [a, b, d] = kinds;
    ask(
        "SELECT seq, kind, subject FROM ledger WHERE community = $1 AND seq > $2 AND kind IN ($3, $4, $5) \
         ORDER BY seq LIMIT $6",
        params![c, seq, a, b, d, rows],
    )
}

/// How many events about `subject` came after `seq`.
pub fn happened_since(c: Community, subject: &str, seq: i64) -> Ask {
    ask(
        "SELECT COUNT(*) FROM ledger WHERE community = $1 AND subject = $2 AND seq > $3",
        params![c, subject, seq],
    )
}

/// Version and digest of the trained part in force.
pub fn model(c: Community) -> Ask {
    ask(
        "SELECT version, digest FROM conduct_model WHERE community = $1 ORDER BY version DESC LIMIT 1",
        params![c],
    )
}

pub fn model_body(c: Community, version: i64) -> Ask {
    ask(
        "SELECT body FROM conduct_model WHERE community = $1 AND version = $2",
        params![c, version],
    )
}

pub fn insert_model(
    c: Community,
    version: i64,
    now: Moment,
    digest: &str,
    body: Option<Vec<u8>>,
) -> Ask {
    ask(
        "INSERT INTO conduct_model (community, version, at, digest, body) VALUES ($1, $2, $3, $4, $5)",
        params![c, version, now, digest, body],
    )
}
