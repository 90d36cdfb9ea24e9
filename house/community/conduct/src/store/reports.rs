//! Members' reports, and how often a reporter was right.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

pub fn insert_report(c: Community, case: Id, reporter: Id, reason: &str, now: Moment) -> Ask {
    ask(
        "INSERT INTO conduct_report (community, case_id, reporter, reason, at, verdict) \
         VALUES ($1, $2, $3, $4, $5, 'open') ON CONFLICT (community, case_id, reporter) DO NOTHING",
        params![c, case, reporter, reason, now],
    )
}

/// Reporter, reason, when, verdict; oldest first.
pub fn reports_of(c: Community, case: Id) -> Ask {
    ask(
        "SELECT reporter, reason, at, verdict FROM conduct_report WHERE community = $1 AND case_id = $2 \
         ORDER BY at, reporter LIMIT 200",
        params![c, case],
    )
}

pub fn count_reports_since(c: Community, reporter: Id, since: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM conduct_report WHERE community = $1 AND reporter = $2 AND at > $3",
        params![c, reporter, since],
    )
}

/// How often the reporter was right and wrong.
pub fn accuracy(c: Community, reporter: Id) -> Ask {
    ask(
        "SELECT CAST(COALESCE(SUM(CASE WHEN verdict = 'right' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN verdict = 'wrong' THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM conduct_report WHERE community = $1 AND reporter = $2",
        params![c, reporter],
    )
}

pub fn settle_reports(c: Community, case: Id, verdict: &str) -> Ask {
    ask(
        "UPDATE conduct_report SET verdict = $3 WHERE community = $1 AND case_id = $2",
        params![c, case, verdict],
    )
}

pub fn is_reporter(c: Community, case: Id, account: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM conduct_report WHERE community = $1 AND case_id = $2 AND reporter = $3",
        params![c, case, account],
    )
}
