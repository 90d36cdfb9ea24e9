//! How many tickets stand where: a list's total is read, not counted. A ticket is counted for
//! every set of filters that finds it, so that each set has one row for a state and a kind.

use std::sync::LazyLock;

use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

/// What stands in a row where it counts whatever the ticket says.
pub const ANY: &str = "*";

const COLUMNS: &str = "community, veil, priority, building, category, team, state, kind";

/// The sixteen rows at which the ticket `$2` is counted as it is kept, and `more` beside each.
fn places(more: &str) -> String {
    let mut sets = Vec::with_capacity(16);
    for set in 0..16_u8 {
        let bit = |n: u8| (set >> n) & 1;
        sets.push(format!("({}, {}, {}, {})", bit(0), bit(1), bit(2), bit(3)));
    }
    let of = |n: u8, column: &str| {
        format!("CASE m.column{n} WHEN 1 THEN COALESCE(t.{column}, '') ELSE '{ANY}' END")
    };
    format!(
        "SELECT t.community, t.veil, {}, {}, {}, {}, t.state, t.kind{more} \
         FROM desk_ticket t CROSS JOIN (VALUES {}) m WHERE t.community = $1 AND t.id = $2",
        of(1, "priority"),
        of(2, "building"),
        of(3, "category"),
        of(4, "team"),
        sets.join(", "),
    )
}

static COUNT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO desk_tally ({COLUMNS}, tickets) {} ON CONFLICT ({COLUMNS}) \
         DO UPDATE SET tickets = desk_tally.tickets + excluded.tickets",
        places(", CAST($3 AS BIGINT)")
    )
});

static FORGET: LazyLock<String> = LazyLock::new(|| {
    format!(
        "DELETE FROM desk_tally WHERE tickets = 0 AND ({COLUMNS}) IN ({})",
        places("")
    )
});

/// Counts a ticket as it is kept, or (by -1) no longer.
pub fn count(c: Community, ticket: Id, by: i64) -> Ask {
    ask(COUNT.as_str(), params![c, ticket, by])
}

/// Forgets the counts at which a ticket was the last.
pub fn forget(c: Community, ticket: Id) -> Ask {
    ask(FORGET.as_str(), params![c, ticket])
}
