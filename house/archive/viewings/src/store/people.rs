//! The SQL of deputies and of who is frozen.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::deputy::Deputy;

const DEPUTY: &str = "id, account, person, name, from_at, until_at, named_as, named_name, \
                      confirmed_name, confirmed_at, ended_at";

pub fn insert_deputy(c: Community, d: &Deputy) -> Ask {
    ask(
        format!(
            "INSERT INTO viewing_deputy (community, {DEPUTY}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', NULL, NULL)"
        ),
        params![
            c,
            d.id,
            d.account,
            d.person,
            d.name.as_str(),
            d.from_at,
            d.until_at,
            d.named_as,
            d.named_name.as_str()
        ],
    )
}

pub fn deputy(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {DEPUTY} FROM viewing_deputy WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// Deputies whose time is not over, the first to end first.
pub fn deputies(c: Community, now: Moment) -> Ask {
    ask(
        format!(
            "SELECT {DEPUTY} FROM viewing_deputy WHERE community = $1 AND until_at > $2 \
             ORDER BY until_at, id LIMIT 20"
        ),
        params![c, now],
    )
}

pub fn confirm_deputy(c: Community, id: Id, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_deputy SET confirmed_name = $3, confirmed_at = $4 \
         WHERE community = $1 AND id = $2 AND confirmed_at IS NULL AND ended_at IS NULL",
        params![c, id, name, now],
    )
}

pub fn end_deputy(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_deputy SET ended_at = $3 \
         WHERE community = $1 AND id = $2 AND ended_at IS NULL",
        params![c, id, now],
    )
}

pub fn freeze(c: Community, person: Id, viewing: Id, now: Moment) -> Ask {
    ask(
        "INSERT INTO viewing_frozen (community, person, viewing, since_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        params![c, person, viewing, now],
    )
}

pub fn thaw(c: Community, person: Id, viewing: Id) -> Ask {
    ask(
        "DELETE FROM viewing_frozen WHERE community = $1 AND person = $2 AND viewing = $3",
        params![c, person, viewing],
    )
}

pub fn is_frozen(c: Community, person: Id) -> Ask {
    ask(
        "SELECT 1 FROM viewing_frozen WHERE community = $1 AND person = $2 LIMIT 1",
        params![c, person],
    )
}

/// Everybody who is frozen: person, viewing, since when.
pub fn frozen(c: Community) -> Ask {
    ask(
        "SELECT person, viewing, since_at FROM viewing_frozen WHERE community = $1 \
         ORDER BY person, viewing LIMIT 100",
        params![c],
    )
}
