//! The exchange of files: its settings, and what was taken.

use crate::exchange::{Ended, Exchange, Synced, Taken, Tally};
use crate::money::Fen;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask, list};
use foundation::ids::Id;
use foundation::params;

fn tally(row: &mut Row) -> Result<Tally, DbError> {
    let text: String = row.next()?;
    serde_json::from_str(&text).map_err(|e| DbError::Shape(format!("an exchange's counts: {e}")))
}

fn counts(tally: &Tally) -> String {
    serde_json::to_string(tally).unwrap_or_default()
}

impl FromRow for Exchange {
    fn from_row(row: &mut Row) -> Result<Exchange, DbError> {
        let folder: String = row.next()?;
        let (minute, active): (i64, i64) = (row.next()?, row.next()?);
        let (at, ended): (Option<Moment>, String) = (row.next()?, row.next()?);
        Ok(Exchange {
            folder: folder.into(),
            minute,
            active: active == 1,
            last: at.zip(Ended::from_word(&ended)),
            why: row.next()?,
            tally: tally(row)?,
        })
    }
}

pub fn exchange(c: Community) -> Ask {
    ask(
        "SELECT folder, minute, active, synced_at, outcome, why, counts FROM fee_exchange \
         WHERE community = $1 LIMIT 1",
        params![c],
    )
}

/// The compounds after one that exchange files, with the minute of the day.
pub fn exchanges(after: Community) -> Ask {
    ask(
        "SELECT community, minute FROM fee_exchange WHERE active = 1 AND community > $1 \
         ORDER BY community LIMIT 1000",
        params![after],
    )
}

/// A job whose id begins so and that is not done yet.
pub fn waiting_job(c: Community, begins: &str) -> Ask {
    ask(
        "SELECT id FROM job WHERE community = $1 AND id >= $2 AND id < $3 \
         AND state = 'waiting' LIMIT 1",
        params![c, begins, format!("{begins}~")],
    )
}

pub fn put_exchange(c: Community, folder: &str, minute: i64, active: bool) -> Ask {
    ask(
        "INSERT INTO fee_exchange (community, folder, minute, active, synced_at, outcome, why, \
         counts) VALUES ($1, $2, $3, $4, NULL, '', '', '{}') ON CONFLICT (community) DO UPDATE \
         SET folder = excluded.folder, minute = excluded.minute, active = excluded.active",
        params![c, folder, minute, i64::from(active)],
    )
}

pub fn put_synced(c: Community, at: Moment, synced: &Synced) -> Ask {
    ask(
        "UPDATE fee_exchange SET synced_at = $2, outcome = $3, why = $4, counts = $5 \
         WHERE community = $1",
        params![
            c,
            at,
            synced.ended.word(),
            synced.why,
            counts(&synced.tally)
        ],
    )
}

/// A file as the page shows it.
#[derive(Clone, Debug)]
pub struct TakenRow {
    pub at: Moment,
    pub file_name: String,
    pub ended: Ended,
    pub why: String,
    pub tally: Tally,
}

impl FromRow for TakenRow {
    fn from_row(row: &mut Row) -> Result<TakenRow, DbError> {
        Ok(TakenRow {
            at: row.next()?,
            file_name: row.next()?,
            ended: super::word(row, Ended::from_word)?,
            why: row.next()?,
            tally: tally(row)?,
        })
    }
}

pub fn taken_files(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT at, file_name, outcome, why, counts FROM fee_exchange_file \
         WHERE community = $1 ORDER BY id DESC LIMIT $2",
        params![c, limit],
    )
}

/// A file of these bytes of which everything was taken.
pub fn taken_before(c: Community, digest: &[u8; 32]) -> Ask {
    ask(
        "SELECT id FROM fee_exchange_file WHERE community = $1 AND digest = $2 \
         AND outcome = 'good' LIMIT 1",
        params![c, digest.as_slice()],
    )
}

pub fn put_taken(c: Community, taken: &Taken) -> Ask {
    ask(
        "INSERT INTO fee_exchange_file (community, id, at, file_name, digest, outcome, why, counts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        params![
            c,
            taken.id,
            taken.at,
            &taken.file_name,
            taken.digest.as_slice(),
            taken.ended.word(),
            taken.why,
            counts(&taken.tally)
        ],
    )
}

/// A room of the list that goes out, in shelf order.
pub struct OutRoom {
    pub id: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
}

impl FromRow for OutRoom {
    fn from_row(row: &mut Row) -> Result<OutRoom, DbError> {
        Ok(OutRoom {
            id: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
        })
    }
}

/// Rooms behind a place on the shelf and an id.
pub fn rooms_out(c: Community, after: &(Vec<u8>, String), limit: i64) -> Ask {
    ask(
        "SELECT id, code, sort_key FROM room_seen WHERE community = $1 \
         AND (sort_key, id) > ($2, $3) ORDER BY sort_key, id LIMIT $4",
        params![c, after.0.as_slice(), &after.1, limit],
    )
}

/// A bill of the list that goes out.
pub struct OutBill {
    pub room: Id,
    pub item: String,
    pub period: String,
    pub period_last: String,
    pub amount: Fen,
    pub adjusted: Fen,
    pub written_off: Fen,
    pub allocated: Fen,
    pub owed: Fen,
    pub due: String,
}

impl FromRow for OutBill {
    fn from_row(row: &mut Row) -> Result<OutBill, DbError> {
        Ok(OutBill {
            room: row.next()?,
            item: row.next()?,
            period: row.next()?,
            period_last: row.next()?,
            amount: row.next()?,
            adjusted: row.next()?,
            written_off: row.next()?,
            allocated: row.next()?,
            owed: row.next()?,
            due: row.next()?,
        })
    }
}

/// Bills of these rooms that are owed, or whose month is not before `since`.
pub fn bills_out(c: Community, rooms: &[Id], since: &str, limit: i64) -> Ask {
    let mut params = params![c, since];
    let members = list(&mut params, rooms);
    params.push(limit.into());
    let sql = format!(
        "SELECT b.room, i.name, b.period, b.period_last, b.amount, b.adjusted, b.written_off, \
         b.allocated, b.owed, b.due FROM fee_bill_seen b JOIN fee_item i \
         ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.state <> 'void' AND (b.owed > 0 OR b.period >= $2) \
         AND b.room IN ({members}) ORDER BY b.room, b.period, b.id LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// What these rooms have paid ahead.
pub fn credits_out(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    ask(
        format!(
            "SELECT room, CAST(SUM(credit) AS BIGINT) FROM fee_payment_seen \
             WHERE community = $1 AND credit > 0 AND room IN ({members}) GROUP BY room"
        ),
        params,
    )
}
