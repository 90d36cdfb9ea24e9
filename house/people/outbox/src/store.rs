//! The outbox's SQL.

pub mod people;
pub mod queue;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::{Letter, Way};

pub fn insert_letter(c: Community, id: Id, l: &Letter, now: Moment) -> Ask {
    ask(
        "INSERT INTO outbox_letter (community, id, source, title, text, path, urgent, \
         expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT DO NOTHING",
        params![
            c,
            id,
            l.source.as_str(),
            l.title.as_str(),
            l.text.as_str(),
            l.path.as_str(),
            l.urgent,
            l.expires_at,
            now
        ],
    )
}

/// `urgent` is taken from the letter.
pub fn insert_item(
    c: Community,
    letter: Id,
    way: Way,
    recipient: &str,
    room: Option<Id>,
    due: Moment,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO outbox_item (community, letter, way, recipient, room, fate, urgent, due_at, \
         expires_at, lease_until, attempts, why, at, settled) \
         SELECT l.community, l.id, $3, $4, $5, 'queued', l.urgent, $6, l.expires_at, 0, 0, '', $7, NULL \
         FROM outbox_letter l WHERE l.community = $1 AND l.id = $2 ON CONFLICT DO NOTHING",
        params![c, letter, way.word(), recipient, room, due, now],
    )
}

pub fn cancel(c: Community, letter: Id, now: Moment) -> Ask {
    ask(
        "UPDATE outbox_item SET fate = 'cancelled', at = $3 \
         WHERE community = $1 AND letter = $2 AND fate = 'queued'",
        params![c, letter, now],
    )
}

pub fn outcomes(c: Community, letter: Id, after: Option<(Way, String)>, limit: i64) -> Ask {
    let (way, recipient) = after.map_or(("", String::new()), |(w, r)| (w.word(), r));
    ask(
        "SELECT way, recipient, room, fate, at, attempts, why FROM outbox_item \
         WHERE community = $1 AND letter = $2 AND (way, recipient) > ($3, $4) \
         ORDER BY way, recipient LIMIT $5",
        params![c, letter, way, recipient, limit],
    )
}

pub fn settled_after(c: Community, cursor: i64, limit: i64) -> Ask {
    ask(
        "SELECT i.settled, i.letter, l.source, i.way, i.recipient, i.room, i.fate, i.at \
         FROM outbox_item i JOIN outbox_letter l \
         ON l.community = i.community AND l.id = i.letter \
         WHERE i.community = $1 AND i.settled > $2 ORDER BY i.settled LIMIT $3",
        params![c, cursor, limit],
    )
}
