//! What this room asks about compounds, and what it notes of the installation.

use super::PER_ACCOUNT_MAX;
use foundation::database::{Ask, Community, ask};
use foundation::params;

/// Name and slug of a compound.
pub fn community(number: Community) -> Ask {
    ask(
        "SELECT name, slug FROM community WHERE number = $1",
        params![number],
    )
}

/// The compounds of the house, by name: what an operator chooses from.
pub fn communities() -> Ask {
    ask(
        "/* whole: an operator chooses among all */ \
         SELECT number, name, slug FROM community ORDER BY name, number LIMIT $1",
        params![PER_ACCOUNT_MAX],
    )
}

/// The number of the compound with this name or slug.
pub fn community_named(name: &str) -> Ask {
    ask(
        "SELECT number FROM community WHERE name = $1 OR slug = $1 LIMIT 1",
        params![name],
    )
}

/// The first two compounds: enough to know whether there is only one.
pub fn first_two_communities() -> Ask {
    ask(
        "SELECT number FROM community ORDER BY number LIMIT 2",
        params![],
    )
}

/// Notes that the installation is a demo.
pub fn set_demo() -> Ask {
    ask(
        "INSERT INTO installation (name, value) VALUES ('demo', 'yes') \
         ON CONFLICT (name) DO NOTHING",
        params![],
    )
}

/// `yes` where the installation is a demo.
pub fn demo() -> Ask {
    ask(
        "SELECT value FROM installation WHERE name = 'demo'",
        params![],
    )
}
