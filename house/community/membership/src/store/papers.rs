//! Questions about drafts, pictures, consents and unmaskings: the applicant's papers.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

// Drafts.

pub fn count_drafts(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application_draft WHERE community = $1",
        params![c],
    )
}

pub fn stale_drafts(c: Community, now: Moment, limit: i64) -> Ask {
    ask(
        "SELECT id FROM application_draft WHERE community = $1 AND expires_at < $2 \
         ORDER BY expires_at LIMIT $3",
        params![c, now, limit],
    )
}

pub fn drop_draft(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM application_draft WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn insert_draft(
    c: Community,
    id: Id,
    link: &[u8],
    body: Vec<u8>,
    now: Moment,
    until: Moment,
) -> Ask {
    ask(
        "INSERT INTO application_draft (community, id, link, body, updated_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![c, id, link, body, now, until],
    )
}

pub fn draft(c: Community, link: &[u8], now: Moment) -> Ask {
    ask(
        "SELECT id, body FROM application_draft WHERE community = $1 AND link = $2 AND expires_at >= $3",
        params![c, link, now],
    )
}

pub fn draft_exists(c: Community, id: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application_draft WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn save_draft(c: Community, id: Id, body: Vec<u8>, now: Moment, until: Moment) -> Ask {
    ask(
        "UPDATE application_draft SET body = $3, updated_at = $4, expires_at = $5 \
         WHERE community = $1 AND id = $2",
        params![c, id, body, now, until],
    )
}

// Pictures.

pub fn pictures(c: Community, application: Id) -> Ask {
    ask(
        "SELECT id, kind, width, height, bytes, added_at FROM application_picture \
         WHERE community = $1 AND application = $2 AND erased_at IS NULL ORDER BY added_at, id LIMIT 50",
        params![c, application],
    )
}

#[allow(clippy::too_many_arguments)] // one row, one column each
pub fn insert_picture(
    c: Community,
    application: Id,
    id: Id,
    kind: &str,
    width: u32,
    height: u32,
    bytes: i64,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO application_picture (community, application, id, kind, width, height, bytes, added_at, erased_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
        params![c, application, id, kind, width, height, bytes, now],
    )
}

pub fn count_pictures(c: Community, application: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application_picture \
         WHERE community = $1 AND application = $2 AND erased_at IS NULL",
        params![c, application],
    )
}

pub fn drop_picture(c: Community, application: Id, id: Id) -> Ask {
    ask(
        "DELETE FROM application_picture WHERE community = $1 AND application = $2 AND id = $3",
        params![c, application, id],
    )
}

pub fn drop_pictures(c: Community, application: Id) -> Ask {
    ask(
        "DELETE FROM application_picture WHERE community = $1 AND application = $2",
        params![c, application],
    )
}

pub fn erase_pictures(c: Community, application: Id, now: Moment) -> Ask {
    ask(
        "UPDATE application_picture SET erased_at = $3 \
         WHERE community = $1 AND application = $2 AND erased_at IS NULL",
        params![c, application, now],
    )
}

pub fn erase_pictures_of_kind(c: Community, application: Id, kind: &str, now: Moment) -> Ask {
    ask(
        "UPDATE application_picture SET erased_at = $4 \
         WHERE community = $1 AND application = $2 AND kind = $3 AND erased_at IS NULL",
        params![c, application, kind, now],
    )
}

pub fn mark_erased(c: Community, application: Id, now: Moment) -> Ask {
    ask(
        "UPDATE application SET pictures_erased_at = $3, document = NULL \
         WHERE community = $1 AND id = $2 AND pictures_erased_at IS NULL",
        params![c, application, now],
    )
}

pub fn forget_document(c: Community, application: Id, now: Moment) -> Ask {
    ask(
        "UPDATE application SET document = NULL, version = version + 1, changed_at = $3 \
         WHERE community = $1 AND id = $2",
        params![c, application, now],
    )
}

// Consents.

pub fn insert_consent(
    c: Community,
    application: Id,
    purpose: &str,
    version: i64,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO membership_consent (community, application, purpose, text_version, given_at, withdrawn_at) \
         VALUES ($1, $2, $3, $4, $5, NULL) \
         ON CONFLICT (community, application, purpose) DO UPDATE \
         SET text_version = excluded.text_version, given_at = excluded.given_at, withdrawn_at = NULL",
        params![c, application, purpose, version, now],
    )
}

pub fn withdraw_consent(c: Community, application: Id, purpose: &str, now: Moment) -> Ask {
    ask(
        "UPDATE membership_consent SET withdrawn_at = $4 \
         WHERE community = $1 AND application = $2 AND purpose = $3 AND withdrawn_at IS NULL",
        params![c, application, purpose, now],
    )
}

pub fn consents(c: Community, application: Id) -> Ask {
    ask(
        "SELECT purpose, text_version, given_at, withdrawn_at FROM membership_consent \
         WHERE community = $1 AND application = $2 ORDER BY given_at, purpose LIMIT 20",
        params![c, application],
    )
}

// Unmaskings.

/// One of them.
pub struct Unmasking {
    pub id: Id,
    pub application: Id,
    pub column: &'static str,
    pub account: Option<Id>,
    pub reason: Vec<u8>,
}

pub fn insert_unmasking(c: Community, u: Unmasking, now: Moment) -> Ask {
    ask(
        "INSERT INTO application_unmasking (community, id, application, datum, account, at, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![c, u.id, u.application, u.column, u.account, now, u.reason],
    )
}

pub fn unmaskings(c: Community, application: Id) -> Ask {
    ask(
        "SELECT id, reason FROM application_unmasking WHERE community = $1 AND application = $2 \
         ORDER BY at, id LIMIT 200",
        params![c, application],
    )
}
