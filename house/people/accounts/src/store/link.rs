//! Single-use links.

use crate::links::{NewLink, Purpose};
use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::params;
use permissions::Role;

/// A link that was not used and has not run out.
pub fn open_link(digest: Vec<u8>, purpose: Purpose, now: Moment) -> Ask {
    ask(
        "SELECT community, role, name, account, expires_at FROM account_link \
         WHERE digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
        params![digest, purpose.word(), now],
    )
}

/// Uses a link up; 0 rows when somebody else did.
pub fn use_link(digest: Vec<u8>, now: Moment) -> Ask {
    ask(
        "UPDATE account_link SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
        params![digest, now],
    )
}

pub fn insert_link(digest: Vec<u8>, new: &NewLink, now: Moment) -> Ask {
    ask(
        "INSERT INTO account_link (digest, purpose, community, role, name, account, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            digest,
            new.purpose.word(),
            new.community,
            new.role.map_or("", Role::word),
            &new.name,
            new.account,
            now,
            new.expires_at
        ],
    )
}

/// Makes every unused link for a role in a compound void.
pub fn void_links(community: Community, role: Role, now: Moment) -> Ask {
    ask(
        "UPDATE account_link SET used_at = $3 WHERE community = $1 AND role = $2 \
         AND used_at IS NULL",
        params![community, role.word(), now],
    )
}
