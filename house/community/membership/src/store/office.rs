//! Questions about invitations, the policy, and as far as this room looks there itself,
//! the roster, the accounts and the ledger.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;
use permissions::Role;

// Invitations.

pub fn next_number(c: Community) -> Ask {
    ask(
        "SELECT COALESCE((SELECT number FROM invitation WHERE community = $1 \
         ORDER BY number DESC LIMIT 1), 0) + 1",
        params![c],
    )
}

pub fn end_invitations(c: Community, application: Id, state: &str, now: Moment) -> Ask {
    ask(
        "UPDATE invitation SET state = $3, ended_at = $4 \
         WHERE community = $1 AND application = $2 AND state = 'open'",
        params![c, application, state, now],
    )
}

#[allow(clippy::too_many_arguments)] // one row, one column each
pub fn insert_invitation(
    c: Community,
    id: Id,
    application: Id,
    link: &[u8],
    number: i64,
    by: Option<Id>,
    now: Moment,
    until: Moment,
) -> Ask {
    ask(
        "INSERT INTO invitation (community, id, application, link, number, state, issued_by, issued_at, expires_at, ended_at) \
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, NULL)",
        params![c, id, application, link, number, by, now, until],
    )
}

pub fn invitation_by_link(c: Community, link: &[u8]) -> Ask {
    ask(
        "SELECT id, application, number, state, expires_at FROM invitation WHERE community = $1 AND link = $2",
        params![c, link],
    )
}

pub fn invitation(c: Community, id: Id) -> Ask {
    ask(
        "SELECT id, application, number, state, expires_at FROM invitation WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn open_invitation(c: Community, application: Id) -> Ask {
    ask(
        "SELECT id, application, number, state, expires_at FROM invitation \
         WHERE community = $1 AND application = $2 AND state = 'open'",
        params![c, application],
    )
}

pub fn use_invitation(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE invitation SET state = 'used', ended_at = $3 \
         WHERE community = $1 AND id = $2 AND state = 'open'",
        params![c, id, now],
    )
}

// Policy.

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT version, body FROM membership_policy WHERE community = $1 ORDER BY version DESC LIMIT 1",
        params![c],
    )
}

pub fn insert_policy(c: Community, version: i64, now: Moment, by: Option<Id>, body: &str) -> Ask {
    ask(
        "INSERT INTO membership_policy (community, version, at, account, body) VALUES ($1, $2, $3, $4, $5)",
        params![c, version, now, by, body],
    )
}

// The roster, the accounts and the ledger.

/// Those who stand in the room now.
pub fn standing_names(c: Community, room: Id) -> Ask {
    ask(
        "SELECT DISTINCT p.name FROM relation_seen r \
         JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         WHERE r.community = $1 AND r.room = $2 AND r.ended_at IS NULL ORDER BY p.name LIMIT 50",
        params![c, room],
    )
}

/// Those who did once.
pub fn former_names(c: Community, room: Id) -> Ask {
    ask(
        "SELECT DISTINCT p.name FROM relation_seen r \
         JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         WHERE r.community = $1 AND r.room = $2 AND r.ended_at IS NOT NULL ORDER BY p.name LIMIT 200",
        params![c, room],
    )
}

pub fn count_able(c: Community, roles: &[Role], now: Moment) -> Ask {
    let mut params: Vec<Value> = params![c, now];
    let words: Vec<&str> = roles.iter().map(|r| r.word()).collect();
    let members = list(&mut params, &words);
    ask(
        format!(
            "SELECT COUNT(DISTINCT account) FROM role_grant WHERE community = $1 \
             AND (until_at IS NULL OR until_at > $2) AND role IN ({members})"
        ),
        params,
    )
}

pub fn count_ownership(c: Community, room: Id, party: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM relation_seen WHERE community = $1 AND room = $2 AND party = $3 \
         AND kind IN ('owner', 'co_owner') AND ended_at IS NULL",
        params![c, room, party],
    )
}

/// What happened to a record, oldest first.
pub fn story(c: Community, subject: &str) -> Ask {
    ask(
        "SELECT seq, at, kind, actor, role, body FROM ledger WHERE community = $1 AND subject = $2 \
         ORDER BY seq LIMIT 200",
        params![c, subject],
    )
}

/// The latest events of a kind about one thing, the latest first.
pub fn latest_of_kind(c: Community, subject: &str, kind: &str, most: i64) -> Ask {
    ask(
        "SELECT seq, at, kind, actor, role, body FROM ledger WHERE community = $1 AND subject = $2 \
         AND kind = $3 ORDER BY seq DESC LIMIT $4",
        params![c, subject, kind, most],
    )
}

/// A text as part of a LIKE pattern whose escape is `!`.
pub fn like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out
}

/// Every home with its people, for the comparison with a member list.
pub fn homes(c: Community) -> Ask {
    ask(
        "SELECT m.normal, m.code, p.name, r.kind, r.ended_at FROM room_seen m \
         LEFT JOIN relation_seen r ON r.community = m.community AND r.room = m.id \
         LEFT JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         WHERE m.community = $1 ORDER BY m.sort_key, m.normal, p.id LIMIT 200000",
        params![c],
    )
}
