//! The SQL of tags.

use super::rows::many;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

pub fn all(c: Community) -> Ask {
    ask(
        "SELECT id, name FROM tag WHERE community = $1 ORDER BY name LIMIT 100",
        params![c],
    )
}

pub fn of_room(c: Community, room: Id) -> Ask {
    ask(
        "SELECT g.id, g.name FROM room_tag t JOIN tag g ON g.community = t.community AND g.id = t.tag \
         WHERE t.community = $1 AND t.room = $2 ORDER BY g.name LIMIT 100",
        params![c, room],
    )
}

/// Rooms that an undone import took away carry nothing.
pub fn counts(c: Community) -> Ask {
    ask(
        "SELECT t.tag, COUNT(*) FROM room_tag t JOIN room_seen r \
         ON r.community = t.community AND r.id = t.room \
         WHERE t.community = $1 GROUP BY t.tag ORDER BY t.tag LIMIT 100",
        params![c],
    )
}

pub fn rooms_seen(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    ask(
        format!("SELECT id FROM room_seen WHERE community = $1 AND id IN ({members}) LIMIT 500"),
        params,
    )
}

/// How many tags each of these rooms carries, and whether this one is among them.
pub fn carried(c: Community, tag: Id, rooms: &[Id]) -> Ask {
    let mut params = params![c, tag];
    let members = list(&mut params, rooms);
    ask(
        format!(
            "SELECT room, COUNT(*), MAX(CASE WHEN tag = $2 THEN 1 ELSE 0 END) FROM room_tag \
             WHERE community = $1 AND room IN ({members}) GROUP BY room LIMIT 500"
        ),
        params,
    )
}

/// A tag on rooms that do not carry it.
pub fn put_on<'a>(c: Community, tag: Id, rooms: impl Iterator<Item = &'a Id>) -> Vec<Ask> {
    many(
        "INSERT INTO room_tag (community, tag, room) VALUES",
        rooms.map(|room| params![c, tag, *room]).collect(),
    )
}

pub fn make(c: Community, id: Id, name: &str) -> Ask {
    ask(
        "INSERT INTO tag (community, id, name) VALUES ($1, $2, $3)",
        params![c, id, name],
    )
}

pub fn put(c: Community, tag: Id, room: Id) -> Ask {
    ask(
        "INSERT INTO room_tag (community, tag, room) VALUES ($1, $2, $3) \
         ON CONFLICT (community, tag, room) DO NOTHING",
        params![c, tag, room],
    )
}

pub fn take(c: Community, tag: Id, room: Id) -> Ask {
    ask(
        "DELETE FROM room_tag WHERE community = $1 AND tag = $2 AND room = $3",
        params![c, tag, room],
    )
}

pub fn take_all(c: Community, tag: Id) -> Ask {
    ask(
        "DELETE FROM room_tag WHERE community = $1 AND tag = $2",
        params![c, tag],
    )
}

pub fn end(c: Community, tag: Id) -> Ask {
    ask(
        "DELETE FROM tag WHERE community = $1 AND id = $2",
        params![c, tag],
    )
}
