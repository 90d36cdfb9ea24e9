//! Requests for a new password, decided by two.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, HOUSE, ask};
use foundation::ids::Id;
use foundation::keys::TextColumn;
use foundation::params;

/// What a request's reason is sealed for.
pub const RESET_REASON: &str = "reset.reason";
/// What the reason of acting for somebody is sealed for.
pub const BEHALF_REASON: &str = "behalf.reason";

/// Where colleagues' own words lie.
pub const TEXTS: [TextColumn; 2] = [
    TextColumn {
        table: "account_reset",
        text: "reason",
        whose: "account",
        sealed_for: RESET_REASON,
        keys_of: Some(HOUSE),
    },
    TextColumn {
        table: "behalf",
        text: "reason",
        whose: "person",
        sealed_for: BEHALF_REASON,
        keys_of: None,
    },
];

/// Open requests on the desk's page.
const OPEN_MAX: i64 = 100;

pub fn insert_reset_request(
    community: Community,
    id: Id,
    account: Id,
    asker: Id,
    now: Moment,
    reason: &str,
) -> Ask {
    ask(
        "INSERT INTO account_reset (community, id, account, asked_by, asked_at, reason) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![community, id, account, asker, now, reason],
    )
}

/// Requests made after a moment that nobody confirmed, the oldest first.
pub fn open_reset_requests(community: Community, after: Moment) -> Ask {
    ask(
        "SELECT r.id, r.account, a.name, r.asked_by, b.name, r.asked_at, r.reason \
         FROM account_reset r JOIN account a ON a.id = r.account \
         JOIN account b ON b.id = r.asked_by \
         WHERE r.community = $1 AND r.confirmed_at IS NULL AND r.asked_at > $2 \
         ORDER BY r.asked_at, r.id LIMIT $3",
        params![community, after, OPEN_MAX],
    )
}

/// How many of these wait for a colleague who neither asked nor is the person.
pub fn count_reset_requests_for(community: Community, colleague: Id, after: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM account_reset WHERE community = $1 AND confirmed_at IS NULL \
         AND asked_at > $2 AND asked_by <> $3 AND account <> $3",
        params![community, after, colleague],
    )
}

/// Whose request it is, who asked and when; none once it is confirmed.
pub fn unconfirmed_reset_request(community: Community, id: Id) -> Ask {
    ask(
        "SELECT account, asked_by, asked_at FROM account_reset \
         WHERE community = $1 AND id = $2 AND confirmed_at IS NULL",
        params![community, id],
    )
}

/// Whose request it is, confirmed or not.
pub fn account_of_reset_request(community: Community, id: Id) -> Ask {
    ask(
        "SELECT account FROM account_reset WHERE community = $1 AND id = $2",
        params![community, id],
    )
}

pub fn confirm_reset_request(community: Community, id: Id, confirmer: Id, now: Moment) -> Ask {
    ask(
        "UPDATE account_reset SET confirmed_by = $3, confirmed_at = $4 \
         WHERE community = $1 AND id = $2",
        params![community, id, confirmer, now],
    )
}
