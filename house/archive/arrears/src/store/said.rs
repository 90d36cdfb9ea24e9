//! The SQL of contacts and holds.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask, list};
use foundation::ids::Id;
use foundation::params;
use jiff::civil::Date;

use super::some_day;
use crate::account::Seen;
use crate::contact::Contact;
use crate::hold::Hold;

/// Follow-ups of a room that are shown or counted: ten years of every week.
pub const OF_ROOM_MAX: i64 = 600;

/// A follow-up as the rules see it.
pub struct SeenRow {
    pub room: Id,
    pub seen: Seen,
}

impl FromRow for SeenRow {
    fn from_row(row: &mut Row) -> Result<SeenRow, DbError> {
        let (room, on, reached, arrived, promised): (Id, String, String, bool, Option<String>) = (
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
        );
        Ok(SeenRow {
            room,
            seen: Seen {
                on: super::parse_day(&on)?,
                reached: reached != "nobody",
                arrived,
                promised: promised.map(|p| super::parse_day(&p)).transpose()?,
            },
        })
    }
}

/// What counts of some rooms' follow-ups: corrected ones do not.
pub fn seen(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64 * OF_ROOM_MAX).into());
    ask(
        format!(
            "SELECT room, on_day, reached, arrived, promised_on FROM arrears_contact \
             WHERE community = $1 AND room IN ({members}) AND corrected_by IS NULL \
             AND result <> 'mistake' ORDER BY room, on_day LIMIT ${}",
            params.len()
        ),
        params,
    )
}

const CONTACT: &str = "id, room, on_day, minute, way, reached, incoming, arrived, shown_fen, \
    result, said, answered, promised_on, promised_fen, edition, document, letter, corrects, \
    corrected_by, by_name, logged_at";

/// All follow-ups of a room, the newest first.
pub fn of_room(c: Community, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {CONTACT} FROM arrears_contact WHERE community = $1 AND room = $2 \
             ORDER BY on_day DESC, minute DESC, id DESC LIMIT {OF_ROOM_MAX}"
        ),
        params![c, room],
    )
}

pub fn contact(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {CONTACT} FROM arrears_contact WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn insert(c: Community, k: &Contact, by: Id) -> Ask {
    ask(
        "INSERT INTO arrears_contact (community, id, room, on_day, minute, way, reached, \
         incoming, arrived, shown_fen, result, said, answered, promised_on, promised_fen, \
         edition, document, letter, corrects, corrected_by, by_account, by_name, logged_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, NULL, $20, $21, $22)",
        params![
            c,
            k.id,
            k.room,
            k.on.to_string(),
            k.minute,
            k.way.word(),
            k.reached.word(),
            k.incoming,
            k.arrived,
            k.shown_fen,
            k.result.word(),
            k.said.as_str(),
            k.answered.as_str(),
            some_day(k.promise.map(|p| p.0)),
            k.promise.map(|p| p.1.0),
            k.edition,
            k.document,
            k.letter,
            k.corrects,
            by,
            k.by_name.as_str(),
            k.logged_at
        ],
    )
}

/// Marks a follow-up as corrected, once.
pub fn correct(c: Community, id: Id, by: Id) -> Ask {
    ask(
        "UPDATE arrears_contact SET corrected_by = $3 WHERE community = $1 AND id = $2 \
         AND corrected_by IS NULL AND result <> 'mistake'",
        params![c, id, by],
    )
}

/// Days on which the office called on a room by itself, in a span.
pub fn called_between(c: Community, room: Id, first: Date, last: Date) -> Ask {
    ask(
        "SELECT DISTINCT on_day FROM arrears_contact WHERE community = $1 AND room = $2 \
         AND on_day >= $3 AND on_day <= $4 AND incoming = 0 AND corrected_by IS NULL \
         AND result <> 'mistake' ORDER BY on_day LIMIT 20",
        params![c, room, first.to_string(), last.to_string()],
    )
}

/// Last days of holds of some rooms: room, until, why.
pub fn last_days_held(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64 * 100).into());
    ask(
        format!(
            "SELECT room, until_day, why FROM arrears_hold WHERE community = $1 \
             AND room IN ({members}) AND state IN ('granted', 'lifted') \
             AND until_day IS NOT NULL ORDER BY room, asked_at LIMIT ${}",
            params.len()
        ),
        params,
    )
}

const HOLD: &str = "h.id, h.room, r.code, h.why, h.note, h.answer, h.state, h.from_day, \
    h.until_day, h.asked_by, h.asked_name, h.asked_person, h.by_owner, h.asked_at, \
    h.decided_name, h.decided_at";
const HOLDS: &str =
    "arrears_hold h JOIN room_seen r ON r.community = h.community AND r.id = h.room";

pub fn hold(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {HOLD} FROM {HOLDS} WHERE h.community = $1 AND h.id = $2"),
        params![c, id],
    )
}

pub fn holds_of(c: Community, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {HOLD} FROM {HOLDS} WHERE h.community = $1 AND h.room = $2 \
             ORDER BY h.asked_at DESC, h.id DESC LIMIT 100"
        ),
        params![c, room],
    )
}

/// Holds in a state, the longest waiting first, behind a place.
pub fn holds_in(c: Community, state: &str, after: Option<(Moment, Id)>, limit: i64) -> Ask {
    let mut params = params![c, state, limit];
    let mut behind = "";
    if let Some((at, id)) = after {
        params.push(at.into());
        params.push(id.into());
        behind = " AND (h.asked_at, h.id) > ($4, $5)";
    }
    ask(
        format!(
            "SELECT {HOLD} FROM {HOLDS} WHERE h.community = $1 AND h.state = $2{behind} \
             ORDER BY h.asked_at, h.id LIMIT $3"
        ),
        params,
    )
}

/// How many wait for the manager; more than a hundred are a hundred.
pub fn holds_waiting(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM arrears_hold WHERE community = $1 \
         AND state = 'asked' LIMIT 100) AS few",
        params![c],
    )
}

pub fn insert_hold(c: Community, h: &Hold) -> Ask {
    ask(
        "INSERT INTO arrears_hold (community, id, room, why, note, answer, state, from_day, \
         until_day, asked_by, asked_name, asked_person, by_owner, asked_at, decided_name, \
         decided_at) VALUES ($1, $2, $3, $4, $5, '', 'asked', NULL, NULL, $6, $7, $8, $9, $10, \
         '', NULL)",
        params![
            c,
            h.id,
            h.room,
            h.why.word(),
            h.note.as_str(),
            h.asked_by,
            h.asked_name.as_str(),
            h.asked_person,
            h.by_owner,
            h.asked_at
        ],
    )
}

/// What a decision leaves of a hold, if it still stands in `was`.
pub struct Decision<'d> {
    pub id: Id,
    pub was: &'static str,
    pub state: &'static str,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub answer: &'d str,
    pub by_name: &'d str,
    pub at: Moment,
}

pub fn decide(c: Community, d: &Decision<'_>) -> Ask {
    ask(
        "UPDATE arrears_hold SET state = $4, from_day = COALESCE($5, from_day), \
         until_day = COALESCE($6, until_day), answer = CASE WHEN $7 = '' THEN answer ELSE $7 END, \
         decided_name = $8, decided_at = $9 WHERE community = $1 AND id = $2 AND state = $3",
        params![
            c,
            d.id,
            d.was,
            d.state,
            some_day(d.from),
            some_day(d.until),
            d.answer,
            d.by_name,
            d.at
        ],
    )
}
