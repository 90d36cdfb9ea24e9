//! The SQL of what the installation keeps for the archive.

use foundation::database::{Ask, ask};
use foundation::params;

pub fn value(name: &str) -> Ask {
    ask(
        "SELECT value FROM installation WHERE name = $1",
        params![name],
    )
}

/// The first stands.
pub fn keep(name: &str, value: &str) -> Ask {
    ask(
        "INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        params![name, value],
    )
}
