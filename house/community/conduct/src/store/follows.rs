//! What followed since an event, and the trained part in force.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::params;

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
