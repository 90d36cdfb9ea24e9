//! Meters, their readings, and what of them was billed.

use jiff::civil::Date;

use super::{day, parse_day, word};
use crate::meters::billing::{Dial, Shared};
use crate::meters::dial::Stand;
use crate::meters::{MeterQuery, MeterRow as Line, NewMeter, Read, ReadState, ReadingView};
use foundation::clock::Moment;
use foundation::database::{Ask, Change, Community, DbError, FromRow, Row, Tx, Value, ask, list};
use foundation::ids::Id;
use foundation::params;
use hanzi::room::RoomCode;

/// Shared meters of a compound: a few a building.
const SHARED_MAX: i64 = 4_000;
/// Meters of one item in a room, with those that were replaced.
const OF_ITEM_MAX: i64 = 20;

fn optional_day(row: &mut Row) -> Result<Option<Date>, DbError> {
    let text: Option<String> = row.next()?;
    text.map(|t| parse_day(&t)).transpose()
}

/// A meter as verbs see it.
pub struct MeterRow {
    pub id: Id,
    pub item: Id,
    pub room: Option<Id>,
    pub building: String,
    pub digits: i64,
    pub installed_on: Date,
    pub start: i64,
    pub removed_on: Option<Date>,
    pub total: i64,
}

impl FromRow for MeterRow {
    fn from_row(row: &mut Row) -> Result<MeterRow, DbError> {
        Ok(MeterRow {
            id: row.next()?,
            item: row.next()?,
            room: row.next::<String>()?.parse().ok(),
            building: row.next()?,
            digits: row.next()?,
            installed_on: day(row)?,
            start: row.next()?,
            removed_on: optional_day(row)?,
            total: row.next()?,
        })
    }
}

pub fn meter(c: Community, id: Id) -> Ask {
    ask(
        "SELECT id, item, room, building, digits, installed_on, start, removed_on, total \
         FROM fee_meter WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

/// 0 when the item has a meter of this number.
pub fn insert_meter(
    tx: &mut impl Change,
    id: Id,
    new: &NewMeter,
    number: &str,
) -> Result<u64, DbError> {
    let (c, now) = (tx.community(), tx.now());
    tx.execute(ask(
        "INSERT INTO fee_meter (community, id, item, room, building, number, digits, installed_on, \
         start, total, billed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10) \
         ON CONFLICT (community, item, number) DO NOTHING",
        params![
            c,
            id,
            new.item,
            new.room.map_or_else(String::new, |r| r.to_string()),
            new.building.trim(),
            number,
            new.digits,
            new.installed_on.to_string(),
            new.start,
            now
        ],
    ))
}

pub fn take_meter_out(c: Community, id: Id, on: Date) -> Ask {
    ask(
        "UPDATE fee_meter SET removed_on = $3 WHERE community = $1 AND id = $2",
        params![c, id, on.to_string()],
    )
}

pub fn set_total(c: Community, id: Id, total: i64) -> Ask {
    ask(
        "UPDATE fee_meter SET total = $3 WHERE community = $1 AND id = $2",
        params![c, id, total],
    )
}

impl FromRow for Stand {
    fn from_row(row: &mut Row) -> Result<Stand, DbError> {
        Ok(Stand {
            day: day(row)?,
            value: row.next()?,
            total: row.next()?,
            reckoned: word(row, Read::from_word)? == Read::Reckoned,
        })
    }
}

/// The taken readings of a meter, the newest first.
pub fn stands(c: Community, meter: Id, limit: i64) -> Ask {
    ask(
        "SELECT day, value, total, way FROM fee_reading \
         WHERE community = $1 AND meter = $2 AND state = 'taken' ORDER BY day DESC, id DESC LIMIT $3",
        params![c, meter, limit],
    )
}

#[allow(clippy::too_many_arguments)] // a row has as many columns
pub fn insert_reading(
    c: Community,
    id: Id,
    meter: Id,
    day: Date,
    value: i64,
    total: i64,
    how: (Read, ReadState),
    by: Option<Id>,
    at: Moment,
) -> Ask {
    ask(
        "INSERT INTO fee_reading (community, id, meter, day, value, total, way, state, read_by, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            c,
            id,
            meter,
            day.to_string(),
            value,
            total,
            how.0.word(),
            how.1.word(),
            by.map_or_else(String::new, |i| i.to_string()),
            at
        ],
    )
}

/// A reading as verbs see it.
pub struct ReadingRow {
    pub meter: Id,
    pub day: Date,
    pub value: i64,
    pub total: i64,
    pub state: ReadState,
}

impl FromRow for ReadingRow {
    fn from_row(row: &mut Row) -> Result<ReadingRow, DbError> {
        Ok(ReadingRow {
            meter: row.next()?,
            day: day(row)?,
            value: row.next()?,
            total: row.next()?,
            state: word(row, ReadState::from_word)?,
        })
    }
}

pub fn reading(c: Community, id: Id) -> Ask {
    ask(
        "SELECT meter, day, value, total, state FROM fee_reading \
         WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

pub fn newest_reading(c: Community, meter: Id) -> Ask {
    ask(
        "SELECT id FROM fee_reading WHERE community = $1 AND meter = $2 AND state = 'taken' \
         ORDER BY day DESC, id DESC LIMIT 1",
        params![c, meter],
    )
}

pub fn settle_reading(c: Community, id: Id, state: ReadState, total: i64) -> Ask {
    ask(
        "UPDATE fee_reading SET state = $3, total = $4 WHERE community = $1 AND id = $2",
        params![c, id, state.word(), total],
    )
}

impl FromRow for ReadingView {
    fn from_row(row: &mut Row) -> Result<ReadingView, DbError> {
        Ok(ReadingView {
            id: row.next()?,
            day: day(row)?,
            value: row.next()?,
            total: row.next()?,
            read: word(row, Read::from_word)?,
            state: word(row, ReadState::from_word)?,
            used: 0,
            pictured: row.next::<i64>()? > 0,
        })
    }
}

/// The meter of a reading, and whether a picture came with it.
pub fn picture_of(c: Community, reading: Id) -> Ask {
    ask(
        "SELECT meter, picture FROM fee_reading WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, reading],
    )
}

pub fn mark_picture(c: Community, reading: Id) -> Ask {
    ask(
        "UPDATE fee_reading SET picture = 1 WHERE community = $1 AND id = $2",
        params![c, reading],
    )
}

pub fn readings(c: Community, meter: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, day, value, total, way, state, picture FROM fee_reading \
         WHERE community = $1 AND meter = $2 ORDER BY day DESC, id DESC LIMIT $3",
        params![c, meter, limit],
    )
}

const LINE: &str = "m.id, i.name, m.number, m.room, COALESCE(r.code, ''), m.building, \
    m.removed_on, (SELECT x.day FROM fee_reading x WHERE x.community = m.community \
    AND x.meter = m.id AND x.state = 'taken' ORDER BY x.day DESC, x.id DESC LIMIT 1), \
    (SELECT x.value FROM fee_reading x WHERE x.community = m.community \
    AND x.meter = m.id AND x.state = 'taken' ORDER BY x.day DESC, x.id DESC LIMIT 1), \
    (SELECT COUNT(*) FROM fee_reading x WHERE x.community = m.community AND x.meter = m.id \
    AND x.state = 'asked'), m.total, m.billed";
const FROM: &str = "FROM fee_meter m JOIN fee_item i ON i.community = m.community \
    AND i.id = m.item LEFT JOIN room r ON r.community = m.community AND r.id = m.room";

impl FromRow for Line {
    fn from_row(row: &mut Row) -> Result<Line, DbError> {
        Ok(Line {
            id: row.next()?,
            item_name: row.next()?,
            number: row.next()?,
            room: row.next::<String>()?.parse().ok(),
            code: row.next()?,
            building: row.next()?,
            removed_on: optional_day(row)?,
            last_day: optional_day(row)?,
            last_value: row.next()?,
            asked: row.next::<i64>()? > 0,
            total: row.next()?,
            billed: row.next()?,
        })
    }
}

fn filtered(c: Community, query: &MeterQuery) -> (String, Vec<Value>) {
    let mut params = params![c];
    let mut sql = String::new();
    let mut place = |value: Value| {
        params.push(value);
        format!("${}", params.len())
    };
    if let Some(item) = query.item {
        sql.push_str(&format!(" AND m.item = {}", place(item.into())));
    }
    let search = query.search.trim();
    if !search.is_empty() {
        let from = place(search.to_owned().into());
        let until = place(format!("{search}\u{10ffff}").into());
        let number = format!("m.number >= {from} AND m.number < {until}");
        match RoomCode::parse(search) {
            Ok(code) => {
                let normal = place(code.normal().into());
                sql.push_str(&format!(" AND (r.normal = {normal} OR ({number}))"));
            }
            Err(_) => sql.push_str(&format!(" AND {number}")),
        }
    }
    if let Some(period) = query.unread_in {
        let first = place(period.day(1).to_string().into());
        sql.push_str(&format!(
            " AND m.removed_on IS NULL AND NOT EXISTS (SELECT 1 FROM fee_reading x \
             WHERE x.community = m.community AND x.meter = m.id AND x.state = 'taken' \
             AND x.day >= {first})"
        ));
    }
    if query.asked {
        sql.push_str(
            " AND EXISTS (SELECT 1 FROM fee_reading x WHERE x.community = m.community \
             AND x.meter = m.id AND x.state = 'asked')",
        );
    }
    (sql, params)
}

pub fn meters_count(c: Community, query: &MeterQuery) -> Ask {
    let (sql, params) = filtered(c, query);
    ask(
        format!(
            "/* whole: a count of a compound's meters */ SELECT COUNT(*) {FROM} WHERE m.community = $1{sql}"
        ),
        params,
    )
}

pub fn meters_page(c: Community, query: &MeterQuery, limit: i64) -> Ask {
    let (mut sql, mut params) = filtered(c, query);
    if let Some(after) = &query.after {
        params.push(after.clone().into());
        sql.push_str(&format!(" AND m.id > ${}", params.len()));
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {LINE} {FROM} WHERE m.community = $1{sql} ORDER BY m.id LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn meter_line(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {LINE} {FROM} WHERE m.community = $1 AND m.id = $2 LIMIT 1"),
        params![c, id],
    )
}

pub fn meters_of_room(c: Community, room: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {LINE} {FROM} WHERE m.community = $1 AND m.room = $2 \
             ORDER BY m.item, m.id LIMIT $3"
        ),
        params![c, room, limit],
    )
}

pub fn meter_by_number(c: Community, number: &str) -> Ask {
    ask(
        "SELECT id FROM fee_meter WHERE community = $1 AND number = $2 AND removed_on IS NULL \
         ORDER BY id LIMIT 2",
        params![c, number],
    )
}

/// A room's meter with how it stands at the end of a month.
pub struct DialRow {
    pub room: Id,
    pub dial: Dial,
}

impl FromRow for DialRow {
    fn from_row(row: &mut Row) -> Result<DialRow, DbError> {
        Ok(DialRow {
            room: row.next()?,
            dial: Dial {
                meter: row.next()?,
                billed: row.next()?,
                until: row.next()?,
                read: row.next::<i64>()? > 0,
            },
        })
    }
}

pub fn dials(c: Community, item: Id, rooms: &[Id], first: Date, last: Date) -> Ask {
    let mut params = params![c, item, first.to_string(), last.to_string()];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64 * OF_ITEM_MAX).into());
    let sql = format!(
        "SELECT m.room, m.id, m.billed, (SELECT x.total FROM fee_reading x \
         WHERE x.community = m.community AND x.meter = m.id AND x.state = 'taken' AND x.day <= $4 \
         ORDER BY x.day DESC, x.id DESC LIMIT 1), \
         CASE WHEN (m.removed_on IS NOT NULL AND m.removed_on <= $4) OR EXISTS (SELECT 1 \
         FROM fee_reading x WHERE x.community = m.community AND x.meter = m.id \
         AND x.state = 'taken' AND x.day >= $3 AND x.day <= $4) THEN 1 ELSE 0 END \
         FROM fee_meter m WHERE m.community = $1 AND m.item = $2 AND m.room IN ({members}) \
         AND m.installed_on <= $4 AND (m.removed_on IS NULL OR m.total <> m.billed) \
         ORDER BY m.room, m.id LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// What these rooms were billed of a metered item in the other months of the year.
pub fn metered_in_year(c: Community, item: Id, rooms: &[Id], period: crate::money::Period) -> Ask {
    let year = period.number() / 100;
    let (first, last) = (format!("{year:04}-01"), format!("{year:04}-12"));
    let mut params = params![c, item, first, last, period];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64).into());
    let sql = format!(
        "SELECT b.room, CAST(SUM(x.until_total - x.from_total) AS BIGINT) FROM fee_bill b \
         JOIN fee_metered x ON x.community = b.community AND x.bill = b.id \
         WHERE b.community = $1 AND b.item = $2 AND b.period >= $3 AND b.period <= $4 \
         AND b.period <> $5 AND b.room IN ({members}) GROUP BY b.room LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// The lines of new bills, and the meters' marks moved on to them.
pub fn insert_metered(tx: &mut Tx<'_>, lines: &[(Id, (Id, i64, i64))]) -> Result<(), DbError> {
    let c = tx.community();
    let rows = lines
        .iter()
        .map(|(bill, (meter, from, until))| params![c, *bill, *meter, *from, *until])
        .collect();
    tx.insert_many(
        "INSERT INTO fee_metered (community, bill, meter, from_total, until_total) VALUES",
        5,
        rows,
        "",
    )?;
    let meters: Vec<Id> = lines.iter().map(|(_, (meter, _, _))| *meter).collect();
    for part in meters.chunks(foundation::database::LIST_MAX) {
        let mut params = params![c];
        let members = list(&mut params, part);
        tx.execute(ask(
            format!(
                "UPDATE fee_meter SET billed = (SELECT x.until_total FROM fee_metered x \
                 WHERE x.community = fee_meter.community AND x.meter = fee_meter.id \
                 ORDER BY x.bill DESC LIMIT 1) WHERE community = $1 AND id IN ({members})"
            ),
            params,
        ))?;
    }
    Ok(())
}

/// Moves the meters' marks back to before these bills, where they stand at their ends.
pub fn give_back(c: Community, bills: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, bills);
    ask(
        format!(
            "UPDATE fee_meter SET billed = x.from_total FROM fee_metered x \
             WHERE x.community = $1 AND x.bill IN ({members}) AND fee_meter.community = $1 \
             AND fee_meter.id = x.meter AND fee_meter.billed = x.until_total"
        ),
        params,
    )
}

pub fn forget_metered(c: Community, bills: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, bills);
    ask(
        format!("DELETE FROM fee_metered WHERE community = $1 AND bill IN ({members})"),
        params,
    )
}

/// Meters of the batch that a later bill went on from.
pub fn meters_gone_on(c: Community, run: Id) -> Ask {
    ask(
        "SELECT (SELECT COUNT(*) FROM fee_bill b JOIN fee_metered x ON x.community = b.community \
         AND x.bill = b.id JOIN fee_meter m ON m.community = x.community AND m.id = x.meter \
         WHERE b.community = $1 AND b.run = $2 AND b.run <> '' AND m.billed <> x.until_total) \
         + (SELECT COUNT(*) FROM fee_shared s JOIN fee_meter m ON m.community = s.community \
         AND m.id = s.meter WHERE s.community = $1 AND s.run = $2 AND m.billed <> s.until_total)",
        params![c, run],
    )
}

pub fn metered_lines(c: Community, bills: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, bills);
    params.push((bills.len() as i64 * OF_ITEM_MAX).into());
    let sql = format!(
        "SELECT x.bill, m.number, x.until_total - x.from_total FROM fee_metered x \
         JOIN fee_meter m ON m.community = x.community AND m.id = x.meter \
         WHERE x.community = $1 AND x.bill IN ({members}) ORDER BY x.bill, x.meter LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// A shared meter with what it has to part.
pub struct SharedRow {
    pub meter: Id,
    pub building: String,
    pub from: i64,
    pub until: Option<i64>,
}

impl FromRow for SharedRow {
    fn from_row(row: &mut Row) -> Result<SharedRow, DbError> {
        Ok(SharedRow {
            meter: row.next()?,
            building: row.next()?,
            from: row.next()?,
            until: row.next()?,
        })
    }
}

pub fn shared_meters(c: Community, item: Id, last: Date) -> Ask {
    ask(
        "SELECT m.id, m.building, m.billed, (SELECT x.total FROM fee_reading x \
         WHERE x.community = m.community AND x.meter = m.id AND x.state = 'taken' AND x.day <= $3 \
         ORDER BY x.day DESC, x.id DESC LIMIT 1) FROM fee_meter m \
         WHERE m.community = $1 AND m.room = '' AND m.item = $2 ORDER BY m.id LIMIT $4",
        params![c, item, last.to_string(), SHARED_MAX],
    )
}

pub fn shared_of_run(c: Community, run: Id, item: Id) -> Ask {
    ask(
        "SELECT s.meter, m.building, s.from_total, s.until_total FROM fee_shared s \
         JOIN fee_meter m ON m.community = s.community AND m.id = s.meter \
         WHERE s.community = $1 AND s.run = $2 AND m.item = $3 ORDER BY s.meter LIMIT $4",
        params![c, run, item, SHARED_MAX],
    )
}

pub fn insert_shared(tx: &mut Tx<'_>, run: Id, shares: &[Shared]) -> Result<(), DbError> {
    let c = tx.community();
    let rows = shares
        .iter()
        .map(|s| params![c, run, s.meter, s.from, s.until])
        .collect();
    tx.insert_many(
        "INSERT INTO fee_shared (community, run, meter, from_total, until_total) VALUES",
        5,
        rows,
        "",
    )?;
    for s in shares {
        tx.execute(ask(
            "UPDATE fee_meter SET billed = $3 WHERE community = $1 AND id = $2",
            params![c, s.meter, s.until],
        ))?;
    }
    Ok(())
}

pub fn give_back_shared(c: Community, run: Id) -> Ask {
    ask(
        "UPDATE fee_meter SET billed = s.from_total FROM fee_shared s \
         WHERE s.community = $1 AND s.run = $2 AND fee_meter.community = $1 \
         AND fee_meter.id = s.meter AND fee_meter.billed = s.until_total",
        params![c, run],
    )
}

pub fn forget_shared(c: Community, run: Id) -> Ask {
    ask(
        "DELETE FROM fee_shared WHERE community = $1 AND run = $2",
        params![c, run],
    )
}

/// The area of the rooms that share, or of those up to `until` in the order of ids.
pub fn area_of(c: Community, building: &str, purpose: &str, until: Option<&str>) -> Ask {
    let mut params = params![c, building, purpose];
    let mut sql = "/* whole: a shared meter is parted over all of these homes */ SELECT COALESCE(CAST(SUM(area) AS BIGINT), 0) FROM room_seen \
         WHERE community = $1 AND ($2 = '' OR building = $2) AND ($3 = '' OR purpose = $3)"
        .to_owned();
    if let Some(until) = until {
        params.push(until.into());
        sql.push_str(" AND id <= $4");
    }
    ask(sql, params)
}

/// The room of a normal code.
pub fn room_by_code(c: Community, normal: &str) -> Ask {
    ask(
        "SELECT id FROM room_seen WHERE community = $1 AND normal = $2 LIMIT 1",
        params![c, normal],
    )
}
