//! The room's SQL.

use foundation::database::{Ask, Community, ask, list};
use foundation::params;

pub fn cursor(c: Community) -> Ask {
    ask(
        "SELECT seq FROM supervision_cursor WHERE community = $1",
        params![c],
    )
}

pub fn move_cursor(c: Community, seq: i64) -> Ask {
    ask(
        "INSERT INTO supervision_cursor (community, seq) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET seq = excluded.seq",
        params![c, seq],
    )
}

/// How many events the compound's ledger has.
pub fn head(c: Community) -> Ask {
    ask(
        "SELECT size FROM ledger_head WHERE community = $1",
        params![c],
    )
}

/// Events of persons behind a place, up to another: when, what, who.
pub fn deeds(c: Community, kinds: &[&str], after: i64, until: i64) -> Ask {
    let mut params = params![c, after, until];
    let kinds = list(&mut params, kinds);
    ask(
        format!(
            "SELECT at, kind, actor FROM ledger WHERE community = $1 AND seq > $2 AND seq <= $3 \
             AND kind IN ({kinds}) ORDER BY seq"
        ),
        params,
    )
}

pub fn add(c: Community, day: &str, account: &str, measure: &str, n: i64) -> Ask {
    ask(
        "INSERT INTO supervision_tally (community, day, account, measure, n) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, day, account, measure) \
         DO UPDATE SET n = supervision_tally.n + excluded.n",
        params![c, day, account, measure, n],
    )
}

pub fn forget(c: Community) -> Ask {
    ask(
        "DELETE FROM supervision_tally WHERE community = $1",
        params![c],
    )
}

/// The first day on which anybody did something.
pub fn first_day(c: Community) -> Ask {
    ask(
        "SELECT day FROM supervision_tally WHERE community = $1 ORDER BY day LIMIT 1",
        params![c],
    )
}

/// What each did from a day up to, but not on, another: account, measure, how often.
pub fn sums(c: Community, from: &str, until: &str, limit: i64) -> Ask {
    ask(
        "SELECT account, measure, CAST(SUM(n) AS BIGINT) FROM supervision_tally \
         WHERE community = $1 AND day >= $2 AND day < $3 \
         GROUP BY account, measure ORDER BY account, measure LIMIT $4",
        params![c, from, until, limit],
    )
}
