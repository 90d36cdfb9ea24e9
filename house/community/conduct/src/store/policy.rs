//! The policy's versions, and who accepted which rules.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT version, body FROM conduct_policy WHERE community = $1 ORDER BY version DESC LIMIT 1",
        params![c],
    )
}

pub fn insert_policy(
    c: Community,
    version: i64,
    now: Moment,
    account: Option<Id>,
    body: &str,
) -> Ask {
    ask(
        "INSERT INTO conduct_policy (community, version, at, account, body) VALUES ($1, $2, $3, $4, $5)",
        params![c, version, now, account, body],
    )
}

/// The newest version of the rules that an account accepted after joining.
pub fn accepted(c: Community, account: Id) -> Ask {
    ask(
        "SELECT MAX(rules_version) FROM conduct_acceptance WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

/// The newest version of the rules that an account accepted when it joined.
pub fn accepted_at_joining(c: Community, account: Id) -> Ask {
    ask(
        "SELECT MAX(k.text_version) FROM membership_consent k JOIN member m \
         ON m.community = k.community AND m.application = k.application \
         WHERE m.community = $1 AND m.account = $2 AND k.purpose = 'rules' AND k.withdrawn_at IS NULL",
        params![c, account],
    )
}

pub fn accept(c: Community, account: Id, version: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO conduct_acceptance (community, account, rules_version, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (community, account, rules_version) DO NOTHING",
        params![c, account, version, now],
    )
}

/// How many accounts have a role, other than `but`.
pub fn count_roles(c: Community, role: &str, but: Option<Id>) -> Ask {
    ask(
        "SELECT COUNT(*) FROM role_grant WHERE community = $1 AND role = $2 AND account <> $3",
        params![c, role, but.map_or(String::new(), |id| id.to_string())],
    )
}

/// Whether two accounts live in one home: whoever decides is nobody's neighbour at table.
pub fn same_household(c: Community, one: Id, other: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM member a JOIN member b ON b.community = a.community AND b.room = a.room \
         WHERE a.community = $1 AND a.account = $2 AND b.account = $3",
        params![c, one, other],
    )
}
