//! What is counted: lessons, precision of a rule, the quarter.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

pub fn learn(c: Community, case: Id, category: &str, rule: &str, breach: bool, now: Moment) -> Ask {
    ask(
        "INSERT INTO conduct_lesson (community, case_id, category, rule, breach, at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (community, case_id) DO UPDATE SET breach = excluded.breach, at = excluded.at",
        params![c, case, category, rule, breach, now],
    )
}

/// An undone decision teaches nothing.
pub fn unlearn(c: Community, case: Id) -> Ask {
    ask(
        "DELETE FROM conduct_lesson WHERE community = $1 AND case_id = $2",
        params![c, case],
    )
}

/// Case and label, from `after` on.
pub fn lessons(c: Community, after: Option<Id>, rows: i64) -> Ask {
    ask(
        "SELECT case_id, breach FROM conduct_lesson WHERE community = $1 AND case_id > $2 ORDER BY case_id LIMIT $3",
        params![c, after.map_or(String::new(), |id| id.to_string()), rows],
    )
}

/// Rule, confirmed, all decided, since `since`: how far a rule can be trusted.
pub fn precision(c: Community, since: Moment) -> Ask {
    ask(
        "SELECT rule, CAST(SUM(breach) AS BIGINT), COUNT(*) FROM conduct_lesson WHERE community = $1 AND at >= $2 \
         GROUP BY rule ORDER BY rule LIMIT 200",
        params![c, since],
    )
}

/// Rule and how many strikes were issued in a span, and how many of these were overruled.
pub fn strikes_by_rule(c: Community, from: Moment, to: Moment) -> Ask {
    ask(
        "SELECT category, rule, COUNT(*), CAST(SUM(CASE WHEN state = 'overruled' THEN 1 ELSE 0 END) AS BIGINT) \
         FROM conduct_strike WHERE community = $1 AND issued_at >= $2 AND issued_at < $3 \
         GROUP BY category, rule ORDER BY COUNT(*) DESC, rule LIMIT 200",
        params![c, from, to],
    )
}

/// Sanction kind and how many began in a span.
pub fn sanctions_by_kind(c: Community, from: Moment, to: Moment) -> Ask {
    ask(
        "SELECT kind, COUNT(*) FROM conduct_sanction WHERE community = $1 AND starts_at >= $2 AND starts_at < $3 \
         AND state NOT IN ('proposed', 'lapsed') GROUP BY kind ORDER BY kind LIMIT 10",
        params![c, from, to],
    )
}

/// State and how many appeals were decided in a span.
pub fn appeals_by_outcome(c: Community, from: Moment, to: Moment) -> Ask {
    ask(
        "SELECT state, COUNT(*) FROM conduct_appeal WHERE community = $1 AND decided_at >= $2 AND decided_at < $3 \
         GROUP BY state ORDER BY state LIMIT 10",
        params![c, from, to],
    )
}

/// How long each case decided in a span had waited, in ms, shortest first.
pub fn waits(c: Community, from: Moment, to: Moment) -> Ask {
    ask(
        "SELECT decided_at - opened_at FROM conduct_case WHERE community = $1 AND decided_at >= $2 AND decided_at < $3 \
         ORDER BY 1 LIMIT 100000",
        params![c, from, to],
    )
}

/// As [`waits`], of appeals.
pub fn appeal_waits(c: Community, from: Moment, to: Moment) -> Ask {
    ask(
        "SELECT decided_at - filed_at FROM conduct_appeal WHERE community = $1 AND decided_at >= $2 AND decided_at < $3 \
         ORDER BY 1 LIMIT 100000",
        params![c, from, to],
    )
}

/// State and how many cases were decided in a span.
pub fn cases_by_outcome(c: Community, from: Moment, to: Moment) -> Ask {
    ask(
        "SELECT state, COUNT(*) FROM conduct_case WHERE community = $1 AND decided_at >= $2 AND decided_at < $3 \
         GROUP BY state ORDER BY state LIMIT 10",
        params![c, from, to],
    )
}

pub fn insert_quarter(
    c: Community,
    quarter: i64,
    account: Option<Id>,
    body: &str,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO conduct_quarter (community, quarter, at, account, body) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, quarter) DO UPDATE SET at = excluded.at, account = excluded.account, \
         body = excluded.body",
        params![c, quarter, now, account, body],
    )
}

/// Quarter, when published, counts; newest first.
pub fn quarters(c: Community) -> Ask {
    ask(
        "SELECT quarter, at, body FROM conduct_quarter WHERE community = $1 ORDER BY quarter DESC LIMIT 40",
        params![c],
    )
}
