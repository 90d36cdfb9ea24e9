//! The SQL of a notice's households and of what was done about each.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use super::audience::condition as condition_of;
use crate::audience::Audience;
use crate::coverage::{Part, Reach};
use crate::stretch::Stretches;

/// Freezes the households of an audience; those there already stay as they are.
pub fn freeze(
    c: Community,
    notice: Id,
    audience: &Audience,
    ranges: &Stretches,
    late: bool,
) -> Ask {
    let mut params = params![c, notice, late];
    let condition = condition_of(audience, ranges, &mut params);
    ask(
        format!(
            "/* whole: an audience may be every room */ INSERT INTO notice_household \
             (community, notice, room, code, sort_key, building, unit, late, stage, side, failed) \
             SELECT r.community, $2, r.id, r.code, r.sort_key, r.building, r.unit, $3, 0, '', '' \
             FROM room_seen r WHERE r.community = $1 AND {condition} ON CONFLICT DO NOTHING"
        ),
        params,
    )
}

/// How many households an audience has now, for the preview.
pub fn count_audience(c: Community, audience: &Audience, ranges: &Stretches) -> Ask {
    let mut params = params![c];
    let condition = condition_of(audience, ranges, &mut params);
    ask(
        format!(
            "/* whole: an audience may be every room */ SELECT COUNT(*) FROM room_seen r \
             WHERE r.community = $1 AND {condition}"
        ),
        params,
    )
}

/// Whether one of these rooms is in an audience now.
pub fn in_audience(c: Community, audience: &Audience, ranges: &Stretches, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let condition = condition_of(audience, ranges, &mut params);
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT r.id FROM room_seen r WHERE r.community = $1 AND {condition} AND r.id IN ({rooms})"
        ),
        params,
    )
}

/// Adds a household that came into the audience later.
pub fn add_late(c: Community, notice: Id, room: Id) -> Ask {
    ask(
        "INSERT INTO notice_household \
         (community, notice, room, code, sort_key, building, unit, late, stage, side, failed) \
         SELECT r.community, $2, r.id, r.code, r.sort_key, r.building, r.unit, 1, 0, '', '' \
         FROM room_seen r WHERE r.community = $1 AND r.id = $3 ON CONFLICT DO NOTHING",
        params![c, notice, room],
    )
}

/// How many households of some notices stand where: notice, late, side, stage, count.
pub fn tallies(c: Community, notices: &[Id]) -> Ask {
    let mut params = params![c];
    let notices = list(&mut params, notices);
    ask(
        format!(
            "/* whole: an audience may be every room */ \
             SELECT notice, late, side, stage, COUNT(*) FROM notice_household \
             WHERE community = $1 AND notice IN ({notices}) \
             GROUP BY notice, late, side, stage"
        ),
        params,
    )
}

/// The frozen households that do not know yet; a single row says that there are such.
pub fn any_open(c: Community, notice: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM notice_household WHERE community = $1 \
         AND notice = $2 AND late = 0 AND side = '' AND stage < 3 LIMIT 1) AS one",
        params![c, notice],
    )
}

const REACH: &str =
    "room, code, sort_key, late, stage, side, delivered_at, opened_at, acked_at, side_at, failed";

fn condition(part: Part, asks: bool) -> &'static str {
    match (part, asks) {
        (Part::Every, _) => "",
        (Part::Done, true) => " AND (stage = 3 OR side <> '')",
        (Part::Done, false) => " AND (stage >= 2 OR side <> '')",
        (Part::Told, true) => " AND side = '' AND stage IN (1, 2)",
        (Part::Told, false) => " AND side = '' AND stage = 1",
        (Part::Unreached, _) => " AND side = '' AND stage = 0",
        (Part::Open, true) => " AND side = '' AND stage < 3",
        (Part::Open, false) => " AND side = '' AND stage < 2",
    }
}

/// A page of households in shelf order behind `after`.
pub fn page(
    c: Community,
    notice: Id,
    part: Part,
    asks: bool,
    building: &str,
    after: &[u8],
    limit: i64,
) -> Ask {
    let mut params = params![c, notice, after];
    let mut more = condition(part, asks).to_owned();
    if !building.is_empty() {
        params.push(building.into());
        more.push_str(&format!(" AND building = ${}", params.len()));
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {REACH} FROM notice_household WHERE community = $1 AND notice = $2 \
             AND sort_key > $3{more} ORDER BY sort_key LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn one(c: Community, notice: Id, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {REACH} FROM notice_household \
             WHERE community = $1 AND notice = $2 AND room = $3"
        ),
        params![c, notice, room],
    )
}

pub fn of_rooms(c: Community, notice: Id, rooms: &[Id]) -> Ask {
    let mut params = params![c, notice];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT {REACH} FROM notice_household \
             WHERE community = $1 AND notice = $2 AND room IN ({rooms})"
        ),
        params,
    )
}

/// Moves households up to a stage; those that are as far stay.
pub fn raise(c: Community, notice: Id, rooms: &[Id], to: Reach, now: Moment) -> Ask {
    let mut params = params![c, notice, to.stage(), now];
    let rooms = list(&mut params, rooms);
    let dates = match to {
        Reach::Queued => "stage = stage",
        Reach::Delivered => "delivered_at = COALESCE(delivered_at, $4)",
        Reach::Opened => "delivered_at = COALESCE(delivered_at, $4), opened_at = $4",
        Reach::Acknowledged => {
            "delivered_at = COALESCE(delivered_at, $4), opened_at = COALESCE(opened_at, $4), \
             acked_at = $4"
        }
    };
    ask(
        format!(
            "UPDATE notice_household SET stage = $3, {dates} \
             WHERE community = $1 AND notice = $2 AND stage < $3 AND room IN ({rooms})"
        ),
        params,
    )
}

/// Notes that a person saw to a household.
pub fn side(c: Community, notice: Id, room: Id, side: &str, now: Moment) -> Ask {
    ask(
        "UPDATE notice_household SET side = $4, side_at = $5 \
         WHERE community = $1 AND notice = $2 AND room = $3",
        params![c, notice, room, side, now],
    )
}

/// Notes that a way failed for some households.
pub fn failed(c: Community, notice: Id, rooms: &[Id], way: &str) -> Ask {
    let mut params = params![c, notice, way];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "UPDATE notice_household SET failed = TRIM(failed || ' ' || $3) \
             WHERE community = $1 AND notice = $2 AND failed NOT LIKE '%' || $3 || '%' \
             AND room IN ({rooms})"
        ),
        params,
    )
}

/// The letter of a version and rung; the first one that was made stays.
pub fn insert_letter(c: Community, notice: Id, version: i64, rung: i64, letter: Id) -> Ask {
    ask(
        "INSERT INTO notice_letter (community, notice, version, rung, letter) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        params![c, notice, version, rung, letter],
    )
}

pub fn letter(c: Community, notice: Id, version: i64, rung: i64) -> Ask {
    ask(
        "SELECT letter FROM notice_letter \
         WHERE community = $1 AND notice = $2 AND version = $3 AND rung = $4",
        params![c, notice, version, rung],
    )
}

/// Those of some letters whose version is the one that was told last.
pub fn standing_letters(c: Community, letters: &[Id]) -> Ask {
    let mut params = params![c];
    let letters = list(&mut params, letters);
    ask(
        format!(
            "SELECT l.letter FROM notice_letter l WHERE l.community = $1 AND l.letter IN ({letters}) \
             AND NOT EXISTS (SELECT 1 FROM notice_text t WHERE t.community = l.community \
             AND t.notice = l.notice AND t.version > l.version AND t.material = 1)"
        ),
        params,
    )
}

/// Every letter of a notice; there are few.
pub fn letters(c: Community, notice: Id) -> Ask {
    ask(
        "SELECT letter FROM notice_letter WHERE community = $1 AND notice = $2 \
         ORDER BY version, rung LIMIT 200",
        params![c, notice],
    )
}

/// A material amendment: everybody is told and asked anew.
pub fn reset(c: Community, notice: Id) -> Ask {
    ask(
        "/* whole: an audience may be every room */ UPDATE notice_household SET stage = 0, \
         side = '', delivered_at = NULL, opened_at = NULL, acked_at = NULL, side_at = NULL, \
         failed = '' WHERE community = $1 AND notice = $2",
        params![c, notice],
    )
}

/// Something that was done about a household.
pub struct Receipt<'a> {
    pub id: Id,
    pub room: Id,
    pub version: i64,
    pub kind: &'a str,
    pub account: Option<Id>,
    pub how: &'a str,
    /// Sealed under the notice's key.
    pub whom: Option<&'a [u8]>,
    pub picture: Option<Id>,
}

pub fn insert_receipt(c: Community, notice: Id, r: &Receipt<'_>, now: Moment) -> Ask {
    ask(
        "INSERT INTO notice_receipt (community, notice, room, id, version, kind, account, how, \
         whom, picture, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            c, notice, r.room, r.id, r.version, r.kind, r.account, r.how, r.whom, r.picture, now
        ],
    )
}

/// Id, version, kind, account, how, whom, picture and time; the newest first.
pub fn receipts(c: Community, notice: Id, room: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, version, kind, account, how, whom, picture, at FROM notice_receipt \
         WHERE community = $1 AND notice = $2 AND room = $3 ORDER BY id DESC LIMIT $4",
        params![c, notice, room, limit],
    )
}

/// The notices of some rooms, the newest first: notice and room, behind a notice.
pub fn of_homes(c: Community, rooms: &[Id], after: Option<Id>, limit: i64) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    let mut more = String::new();
    if let Some(after) = after {
        params.push(after.into());
        more = format!(" AND notice < ${}", params.len());
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT notice, room, stage, side FROM notice_household \
             WHERE community = $1 AND room IN ({rooms}){more} \
             ORDER BY notice DESC, room LIMIT ${}",
            params.len()
        ),
        params,
    )
}
