//! What the summary counts in the ledger.

use foundation::database::{Ask, Community, ask};
use foundation::params;

/// When an event was written.
pub fn instant(c: Community, seq: i64) -> Ask {
    ask(
        "SELECT at FROM ledger WHERE community = $1 AND seq = $2",
        params![c, seq],
    )
}

/// How many events there are.
pub fn size(c: Community) -> Ask {
    ask(
        "SELECT size FROM ledger_head WHERE community = $1",
        params![c],
    )
}

/// How many of each kind from one event up to another.
pub fn counts(c: Community, first: i64, end: i64) -> Ask {
    ask(
        "/* whole: a month of events */ SELECT kind, COUNT(*) FROM ledger \
         WHERE community = $1 AND seq >= $2 AND seq < $3 GROUP BY kind",
        params![c, first, end],
    )
}

/// The facts of a kind's events from one event up to another.
pub fn bodies(c: Community, kind: &str, first: i64, end: i64, limit: i64) -> Ask {
    ask(
        "SELECT body FROM ledger WHERE community = $1 AND seq >= $2 AND seq < $3 \
         AND kind = $4 ORDER BY seq LIMIT $5",
        params![c, first, end, kind, limit],
    )
}

/// What a kind's events are about, with their facts, in order.
pub fn about(c: Community, kind: &str, first: i64, end: i64, limit: i64) -> Ask {
    ask(
        "SELECT subject, body FROM ledger WHERE community = $1 AND seq >= $2 AND seq < $3 \
         AND kind = $4 AND subject IS NOT NULL ORDER BY seq LIMIT $5",
        params![c, first, end, kind, limit],
    )
}
