//! The SQL of what the installation keeps for the archive, and of what its events say.

use foundation::database::{Ask, Community, ask};
use foundation::params;

pub fn value(name: &str) -> Ask {
    ask(
        "SELECT value FROM installation WHERE name = $1",
        params![name],
    )
}

/// The last stands.
pub fn set(name: &str, value: &str) -> Ask {
    ask(
        "INSERT INTO installation (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )
}

/// The first stands.
pub fn keep(name: &str, value: &str) -> Ask {
    ask(
        "INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        params![name, value],
    )
}

/// Name and value of two of them.
pub fn values(one: &str, other: &str) -> Ask {
    ask(
        "SELECT name, value FROM installation WHERE name IN ($1, $2) ORDER BY name LIMIT 2",
        params![one, other],
    )
}

/// Puts a value in the place of another, if that is still there.
pub fn change(name: &str, from: &str, to: &str) -> Ask {
    ask(
        "UPDATE installation SET value = $3 WHERE name = $1 AND value = $2",
        params![name, from, to],
    )
}

pub fn drop(name: &str) -> Ask {
    ask("DELETE FROM installation WHERE name = $1", params![name])
}

/// What events of a kind say, behind a place in a log: seq and body.
pub fn events_after(c: Community, kind: &str, after: i64, limit: i64) -> Ask {
    ask(
        "SELECT seq, body FROM ledger WHERE community = $1 AND seq > $3 AND kind = $2 \
         ORDER BY seq LIMIT $4",
        params![c, kind, after, limit],
    )
}

/// What the newest event of a kind says, in the house's own log.
pub fn newest_event(house: Community, kind: &str) -> Ask {
    ask(
        "SELECT body FROM ledger WHERE community = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1",
        params![house, kind],
    )
}
