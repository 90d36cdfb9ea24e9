//! Acting for somebody else: the visit, and the session that it is done in.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

/// Whether a person stands in a compound's roster: a row or none.
pub fn person(community: Community, person: Id) -> Ask {
    ask(
        "SELECT 1 FROM party WHERE community = $1 AND id = $2",
        params![community, person],
    )
}

/// One visit at the desk.
pub struct NewBehalf {
    pub community: Community,
    pub id: Id,
    pub account: Id,
    pub person: Id,
    pub reason: String,
    pub until: Moment,
}

pub fn insert_behalf(new: &NewBehalf, now: Moment) -> Ask {
    ask(
        "INSERT INTO behalf (community, id, account, person, reason, from_at, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            new.community,
            new.id,
            new.account,
            new.person,
            &new.reason,
            now,
            new.until
        ],
    )
}

/// A live session acts for a person until a moment.
pub fn set_behalf(session: Id, community: Community, person: Id, until: Moment) -> Ask {
    ask(
        "UPDATE session SET behalf_community = $2, behalf_person = $3, behalf_until = $4 \
         WHERE id = $1 AND ended_at IS NULL",
        params![session, community, person, until],
    )
}

/// A session acts for nobody else.
pub fn clear_behalf(session: Id) -> Ask {
    ask(
        "UPDATE session SET behalf_community = NULL, behalf_person = NULL, \
         behalf_until = NULL WHERE id = $1",
        params![session],
    )
}
