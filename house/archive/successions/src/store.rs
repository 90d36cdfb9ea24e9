//! This room's SQL: one text for both databases.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::LISTED_MAX;
use crate::succession::Succession;

const COLUMNS: &str = "id, state, successor, building, from_room, to_room, recipient, due_day, \
                       asked_by, asked_name, asked_person, asked_at, decided_name, decided_at, \
                       dossiers, dossiers_done, documents_done, bytes_done, digest, written_at, \
                       delivered_day, delivered_at, cleared_at, version";

pub fn one(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM succession WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// The newest first.
pub fn list(c: Community) -> Ask {
    ask(
        format!(
            "SELECT {COLUMNS} FROM succession WHERE community = $1 \
             ORDER BY asked_at DESC, id DESC LIMIT $2"
        ),
        params![c, LISTED_MAX],
    )
}

pub fn insert(c: Community, s: &Succession) -> Ask {
    ask(
        format!(
            "INSERT INTO succession (community, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, \
             $8, $9, $10, $11, $12, $13, '', NULL, $14, 0, 0, 0, '', NULL, '', NULL, NULL, 1)"
        ),
        params![
            c,
            s.id,
            s.state.word(),
            s.successor.as_str(),
            s.building.as_str(),
            s.from_room.as_str(),
            s.to_room.as_str(),
            s.recipient.as_str(),
            s.due_day.as_str(),
            s.asked_by,
            s.asked_name.as_str(),
            s.asked_person.as_str(),
            s.asked_at,
            s.dossiers
        ],
    )
}

/// A second person decides, if nobody did.
pub fn decide(c: Community, id: Id, to: &'static str, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE succession SET state = $3, decided_name = $4, decided_at = $5, \
         version = version + 1 WHERE community = $1 AND id = $2 AND state = 'asked'",
        params![c, id, to, name, now],
    )
}

/// How far the bag is.
pub fn progress(c: Community, id: Id, dossiers: i64, documents: i64, bytes: i64) -> Ask {
    ask(
        "UPDATE succession SET dossiers_done = $3, documents_done = $4, bytes_done = $5 \
         WHERE community = $1 AND id = $2 AND state = 'writing'",
        params![c, id, dossiers, documents, bytes],
    )
}

pub fn written(c: Community, id: Id, digest: &str, now: Moment) -> Ask {
    ask(
        "UPDATE succession SET state = 'written', digest = $3, written_at = $4, \
         version = version + 1 WHERE community = $1 AND id = $2 AND state = 'writing'",
        params![c, id, digest, now],
    )
}

pub fn delivered(c: Community, id: Id, day: &str, now: Moment) -> Ask {
    ask(
        "UPDATE succession SET state = 'delivered', delivered_day = $3, delivered_at = $4, \
         version = version + 1 WHERE community = $1 AND id = $2 AND state = 'written'",
        params![c, id, day, now],
    )
}

pub fn cleared(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE succession SET cleared_at = $3, version = version + 1 WHERE community = $1 \
         AND id = $2 AND state IN ('written', 'delivered') AND cleared_at IS NULL",
        params![c, id, now],
    )
}
