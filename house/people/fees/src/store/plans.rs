//! Corrections and instalment plans.

use jiff::civil::Date;

use crate::money::Fen;
use crate::plans::{PLAN_PARTS_MAX, PlanPart};
use foundation::clock::Moment;
use foundation::database::{Ask, Change as _, Community, DbError, FromRow, Row, Tx, ask, list};
use foundation::ids::Id;
use foundation::params;

#[allow(clippy::too_many_arguments)] // a row has as many columns
pub fn insert_correction(
    c: Community,
    id: Id,
    bill: Id,
    kind: &'static str,
    amount: Fen,
    reason: &str,
    made_by: Option<Id>,
    at: Moment,
) -> Ask {
    let made_by = made_by.map_or_else(String::new, |i| i.to_string());
    ask(
        "INSERT INTO fee_correction (community, id, bill, kind, amount, reason, made_by, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![c, id, bill, kind, amount, reason, made_by, at],
    )
}

/// Whether a correction of this id was made.
pub fn correction(c: Community, id: Id) -> Ask {
    ask(
        "SELECT id FROM fee_correction WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

/// 0 when the room has an active plan.
pub fn insert_plan(
    tx: &mut Tx<'_>,
    id: Id,
    room: Id,
    from: Date,
    parts: &[PlanPart],
    note: &str,
    made_by: Option<Id>,
) -> Result<u64, DbError> {
    let (c, now) = (tx.community(), tx.now());
    let made_by = made_by.map_or_else(String::new, |i| i.to_string());
    let until = parts.last().map_or(from, |p| p.due);
    let added = tx.execute(ask(
        "INSERT INTO fee_plan (community, id, room, from_day, until_day, note, state, made_by, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8) ON CONFLICT DO NOTHING",
        params![
            c,
            id,
            room,
            from.to_string(),
            until.to_string(),
            note,
            made_by,
            now
        ],
    ))?;
    if added > 0 {
        let rows = parts
            .iter()
            .map(|p| params![c, id, p.due.to_string(), p.amount])
            .collect();
        tx.insert_many(
            "INSERT INTO fee_plan_part (community, plan, due, amount) VALUES",
            4,
            rows,
            "",
        )?;
    }
    Ok(added)
}

pub fn plan_room_and_state(c: Community, id: Id) -> Ask {
    ask(
        "SELECT room, state FROM fee_plan WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, id],
    )
}

pub fn mark_plan_ended(c: Community, id: Id) -> Ask {
    ask(
        "UPDATE fee_plan SET state = 'ended' WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

/// A plan whose last date has passed protects nobody, but stays until it is ended.
pub fn end_run_out_plan(c: Community, room: Id, today: Date) -> Ask {
    ask(
        "UPDATE fee_plan SET state = 'ended' \
         WHERE community = $1 AND room = $2 AND state = 'active' AND until_day < $3",
        params![c, room, today.to_string()],
    )
}

/// Which of these rooms have a plan that runs on `today`.
pub fn rooms_with_plan(c: Community, rooms: &[Id], today: Date) -> Ask {
    let mut params = params![c, today.to_string()];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64).into());
    let sql = format!(
        "SELECT room FROM fee_plan WHERE community = $1 AND state = 'active' \
         AND from_day <= $2 AND until_day >= $2 AND room IN ({members}) LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// An instalment of the plan that is active for a room.
pub struct PartOfRoom {
    pub room: Id,
    pub from: Date,
    pub part: PlanPart,
}

impl FromRow for PartOfRoom {
    fn from_row(row: &mut Row) -> Result<PartOfRoom, DbError> {
        Ok(PartOfRoom {
            room: row.next()?,
            from: super::day(row)?,
            part: PlanPart::from_row(row)?,
        })
    }
}

pub fn parts_of_rooms(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64 * PLAN_PARTS_MAX as i64).into());
    let sql = format!(
        "SELECT p.room, p.from_day, t.due, t.amount FROM fee_plan p \
         JOIN fee_plan_part t ON t.community = p.community AND t.plan = p.id \
         WHERE p.community = $1 AND p.state = 'active' AND p.room IN ({members}) \
         ORDER BY p.room, t.due LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}
