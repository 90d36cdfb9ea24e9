//! The SQL of written demands.

use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;
use jiff::civil::Date;

use crate::letter::Letter;

const LETTER: &str = "id, room, year, nth, kind, issued_on, pay_by, owed_fen, items, state, \
                      delivery, delivered_on, by_name, pack";

pub fn letter(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {LETTER} FROM arrears_letter WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// A room's, the newest first.
pub fn of_room(c: Community, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {LETTER} FROM arrears_letter WHERE community = $1 AND room = $2 \
             ORDER BY issued_on DESC, nth DESC LIMIT 200"
        ),
        params![c, room],
    )
}

pub fn last_nth(c: Community, year: i64) -> Ask {
    ask(
        "SELECT COALESCE(MAX(nth), 0) FROM arrears_letter WHERE community = $1 AND year = $2",
        params![c, year],
    )
}

/// A demand that is on its way: another of its kind is not issued before it settled.
pub fn issued_of(c: Community, room: Id, kind: &str) -> Ask {
    ask(
        "SELECT id FROM arrears_letter WHERE community = $1 AND room = $2 AND kind = $3 \
         AND state = 'issued' LIMIT 1",
        params![c, room, kind],
    )
}

pub fn insert(c: Community, l: &Letter) -> Ask {
    ask(
        "INSERT INTO arrears_letter (community, id, room, year, nth, kind, issued_on, pay_by, \
         owed_fen, items, state, delivery, delivered_on, by_name, pack) VALUES ($1, $2, $3, $4, \
         $5, $6, $7, $8, $9, $10, 'issued', '', NULL, $11, $12)",
        params![
            c,
            l.id,
            l.room,
            l.year,
            l.nth,
            l.kind.word(),
            l.issued_on.to_string(),
            l.pay_by.to_string(),
            l.owed_fen,
            l.items.as_str(),
            l.by_name.as_str(),
            l.pack
        ],
    )
}

pub fn settle(c: Community, id: Id, state: &str, delivery: &str, on: Date, pay_by: Date) -> Ask {
    ask(
        "UPDATE arrears_letter SET state = $3, delivery = $4, delivered_on = $5, pay_by = $6 \
         WHERE community = $1 AND id = $2 AND state = 'issued'",
        params![c, id, state, delivery, on.to_string(), pay_by.to_string()],
    )
}
