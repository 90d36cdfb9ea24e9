//! What pages show: a room's account, the day book, the ageing list and its totals.

use jiff::civil::Date;

use super::payments::way;
use super::{day, parse_day, word};
use crate::account::{BillView, CorrectionView, PaymentView, PlanView};
use crate::ageing::{AgeingQuery, Bucket, Search, Sort, Totals};
use crate::items::ItemKind;
use crate::money::Fen;
use crate::plans::{PLAN_PARTS_MAX, PlanPart};
use foundation::database::{Ask, Community, DbError, FromRow, Row, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

/// A person owns a handful of rooms; a developer's unsold ones are not read here.
const OWN_ROOMS_MAX: i64 = 100;
/// Owners named beside a room in a list.
const OWNERS_PER_ROOM_MAX: i64 = 8;

/// Buildings that a form offers: more than any compound has.
const BUILDINGS_MAX: i64 = 1_000;

pub fn room_head(c: Community, room: Id) -> Ask {
    ask(
        "SELECT code, area FROM room_seen WHERE community = $1 AND id = $2 LIMIT 1",
        params![c, room],
    )
}

pub fn owed_by(c: Community, room: Id) -> Ask {
    ask(
        "SELECT COALESCE(CAST(SUM(owed) AS BIGINT), 0) FROM fee_bill_seen \
         WHERE community = $1 AND room = $2 AND owed > 0",
        params![c, room],
    )
}

impl FromRow for BillView {
    fn from_row(row: &mut Row) -> Result<BillView, DbError> {
        Ok(BillView {
            id: row.next()?,
            item: row.next()?,
            item_name: row.next()?,
            kind: word(row, ItemKind::from_word)?,
            period: row.next()?,
            period_last: row.next()?,
            amount: row.next()?,
            adjusted: row.next()?,
            written_off: row.next()?,
            allocated: row.next()?,
            owed: row.next()?,
            due: day(row)?,
            state: row.next()?,
            void_reason: row.next()?,
            days: row.next()?,
        })
    }
}

pub fn bills_of_room(c: Community, room: Id, limit: i64) -> Ask {
    ask(
        "SELECT b.id, b.item, i.name, i.kind, b.period, b.period_last, b.amount, b.adjusted, \
         b.written_off, b.allocated, b.owed, b.due, b.state, b.void_reason, b.days FROM fee_bill_seen b \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.room = $2 ORDER BY b.due DESC, b.id DESC LIMIT $3",
        params![c, room, limit],
    )
}

pub fn room_of_bill(c: Community, bill: Id) -> Ask {
    ask(
        "SELECT r.id, r.code FROM fee_bill_seen b JOIN room_seen r \
         ON r.community = b.community AND r.id = b.room \
         WHERE b.community = $1 AND b.id = $2 LIMIT 1",
        params![c, bill],
    )
}

pub fn bill_view(c: Community, bill: Id) -> Ask {
    ask(
        "SELECT b.id, b.item, i.name, i.kind, b.period, b.period_last, b.amount, b.adjusted, \
         b.written_off, b.allocated, b.owed, b.due, b.state, b.void_reason, b.days FROM fee_bill_seen b \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.id = $2 LIMIT 1",
        params![c, bill],
    )
}

pub fn corrections_of_bill(c: Community, bill: Id, limit: i64) -> Ask {
    ask(
        "SELECT k.bill, i.name, b.period, k.kind, k.amount, k.reason, k.at FROM fee_bill_seen b \
         JOIN fee_correction k ON k.community = b.community AND k.bill = b.id \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.id = $2 ORDER BY k.at DESC, k.id DESC LIMIT $3",
        params![c, bill, limit],
    )
}

impl FromRow for PaymentView {
    fn from_row(row: &mut Row) -> Result<PaymentView, DbError> {
        Ok(PaymentView {
            id: row.next()?,
            room: row.next()?,
            room_code: row.next()?,
            paid_on: day(row)?,
            way: way(row)?,
            amount: row.next()?,
            credit: row.next()?,
            receipt: row.next()?,
            payer: row.next()?,
            note: row.next()?,
            state: row.next()?,
            void_reason: row.next()?,
        })
    }
}

const PAYMENT_VIEW: &str = "SELECT p.id, p.room, r.code, p.paid_on, p.way, p.amount, p.credit, \
    p.receipt, p.payer, p.note, p.state, p.void_reason FROM fee_payment_seen p \
    JOIN room_seen r ON r.community = p.community AND r.id = p.room";

pub fn payment_view(c: Community, id: Id) -> Ask {
    ask(
        format!("{PAYMENT_VIEW} WHERE p.community = $1 AND p.id = $2 LIMIT 1"),
        params![c, id],
    )
}

/// The rooms of a building in shelf order; an empty name is all of them.
pub fn rooms_of_building(c: Community, building: &str, limit: i64) -> Ask {
    ask(
        "SELECT id FROM room_seen WHERE community = $1 AND building = $2 \
         ORDER BY sort_key, id LIMIT $3",
        params![c, building, limit],
    )
}

/// The buildings of rooms, in the order of their shelves; the first of each name, because not
/// every database has a MIN of bytes.
pub fn building_names(c: Community) -> Ask {
    ask(
        "SELECT p.name FROM place p WHERE p.community = $1 AND p.level = 'building' AND EXISTS \
         (SELECT 1 FROM room_seen r WHERE r.community = $1 AND r.building = p.name) AND NOT EXISTS \
         (SELECT 1 FROM place e WHERE e.community = $1 AND e.level = 'building' AND e.name = p.name \
         AND (e.sort_key < p.sort_key OR (e.sort_key = p.sort_key AND e.key < p.key))) \
         ORDER BY p.sort_key, p.key LIMIT $2",
        params![c, BUILDINGS_MAX],
    )
}

pub fn payments_of_room(c: Community, room: Id, limit: i64) -> Ask {
    ask(
        format!(
            "{PAYMENT_VIEW} WHERE p.community = $1 AND p.room = $2 \
             ORDER BY p.paid_on DESC, p.id DESC LIMIT $3"
        ),
        params![c, room, limit],
    )
}

pub fn payments_of_day(c: Community, date: Date, limit: i64) -> Ask {
    ask(
        format!("{PAYMENT_VIEW} WHERE p.community = $1 AND p.paid_on = $2 ORDER BY p.id LIMIT $3"),
        params![c, date.to_string(), limit],
    )
}

impl FromRow for CorrectionView {
    fn from_row(row: &mut Row) -> Result<CorrectionView, DbError> {
        Ok(CorrectionView {
            bill: row.next()?,
            item_name: row.next()?,
            period: row.next()?,
            is_write_off: row.next::<String>()? == "write_off",
            amount: row.next()?,
            reason: row.next()?,
            at_ms: row.next()?,
        })
    }
}

pub fn corrections_of_room(c: Community, room: Id, limit: i64) -> Ask {
    ask(
        "SELECT k.bill, i.name, b.period, k.kind, k.amount, k.reason, k.at FROM fee_bill_seen b \
         JOIN fee_correction k ON k.community = b.community AND k.bill = b.id \
         JOIN fee_item i ON i.community = b.community AND i.id = b.item \
         WHERE b.community = $1 AND b.room = $2 ORDER BY k.at DESC, k.id DESC LIMIT $3",
        params![c, room, limit],
    )
}

impl FromRow for PlanView {
    fn from_row(row: &mut Row) -> Result<PlanView, DbError> {
        Ok(PlanView {
            id: row.next()?,
            from: day(row)?,
            until: day(row)?,
            note: row.next()?,
            parts: Vec::new(),
        })
    }
}

pub fn active_plan(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id, from_day, until_day, note FROM fee_plan \
         WHERE community = $1 AND room = $2 AND state = 'active' LIMIT 1",
        params![c, room],
    )
}

impl FromRow for PlanPart {
    fn from_row(row: &mut Row) -> Result<PlanPart, DbError> {
        Ok(PlanPart {
            due: day(row)?,
            amount: row.next()?,
        })
    }
}

pub fn plan_parts(c: Community, plan: Id) -> Ask {
    ask(
        "SELECT due, amount FROM fee_plan_part WHERE community = $1 AND plan = $2 \
         ORDER BY due LIMIT $3",
        params![c, plan, PLAN_PARTS_MAX as i64],
    )
}

/// Tenants and family do not see the owner's bills.
pub fn rooms_owned_by(c: Community, person: Id, today: Date) -> Ask {
    ask(
        "SELECT DISTINCT r.id, r.code, r.sort_key FROM relation_seen w \
         JOIN room_seen r ON r.community = w.community AND r.id = w.room \
         WHERE w.community = $1 AND w.party = $2 AND w.kind IN ('owner', 'co_owner') \
         AND w.ended_at IS NULL AND (w.until_day IS NULL OR w.until_day >= $3) \
         ORDER BY r.sort_key LIMIT $4",
        params![c, person, today.to_string(), OWN_ROOMS_MAX],
    )
}

pub fn owners_of_rooms(c: Community, rooms: &[Id], today: Date) -> Ask {
    let mut params = params![c, today.to_string()];
    let members = list(&mut params, rooms);
    params.push((rooms.len() as i64 * OWNERS_PER_ROOM_MAX).into());
    let sql = format!(
        "SELECT w.room, p.name FROM relation_seen w \
         JOIN party_seen p ON p.community = w.community AND p.id = w.party \
         WHERE w.community = $1 AND w.kind IN ('owner', 'co_owner') AND w.ended_at IS NULL \
         AND (w.until_day IS NULL OR w.until_day >= $2) AND w.room IN ({members}) \
         ORDER BY w.room, w.id LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

/// A room in arrears, as the list reads it.
pub struct Aged {
    pub room: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
    pub overdue: Fen,
    pub oldest_due: Date,
    pub bills: i64,
}

impl FromRow for Aged {
    fn from_row(row: &mut Row) -> Result<Aged, DbError> {
        Ok(Aged {
            room: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            overdue: row.next()?,
            oldest_due: day(row)?,
            bills: row.next()?,
        })
    }
}

impl Aged {
    /// Where the next page begins, for the address.
    pub fn cursor(&self, sort: Sort) -> String {
        let key = match sort {
            Sort::Oldest => self.oldest_due.to_string(),
            Sort::Amount => self.overdue.0.to_string(),
            Sort::Room => self.sort_key.iter().map(|b| format!("{b:02x}")).collect(),
        };
        format!("{key}.{}", self.room)
    }
}

fn read_cursor(sort: Sort, cursor: &str) -> Option<(Value, Id)> {
    let (key, room) = cursor.rsplit_once('.')?;
    let room: Id = room.parse().ok()?;
    let key = match sort {
        Sort::Oldest => Value::Text(parse_day(key).ok()?.to_string()),
        Sort::Amount => Value::Int(key.parse().ok()?),
        Sort::Room => {
            let digits: Option<Vec<u8>> = (0..key.len())
                .step_by(2)
                .map(|i| u8::from_str_radix(key.get(i..i + 2)?, 16).ok())
                .collect();
            Value::Blob(digits?)
        }
    };
    Some((key, room))
}

/// The rooms of the filter with their overdue sums: the common part of page and total.
fn aged(c: Community, today: Date, query: &AgeingQuery, search: &Search) -> (String, Vec<Value>) {
    let mut params = params![c, today.to_string()];
    let mut place = |value: Value| {
        params.push(value);
        format!("${}", params.len())
    };
    let mut inner = String::new();
    if let Some(item) = query.item {
        inner = format!(" AND b.item = {}", place(item.into()));
    }
    let mut outer = String::new();
    if let Some((first, last)) = query.bucket.map(|b| b.dates(today)) {
        let (first, last) = (
            place(first.to_string().into()),
            place(last.to_string().into()),
        );
        outer.push_str(&format!(" AND g.oldest >= {first} AND g.oldest <= {last}"));
    }
    if let Some(building) = &query.building {
        outer.push_str(&format!(" AND r.building = {}", place(building.into())));
    }
    match search {
        Search::Nothing => {}
        Search::Room(normal) => {
            outer.push_str(&format!(" AND r.normal = {}", place(normal.into())));
        }
        Search::Tail(tail) => {
            outer.push_str(&format!(" AND r.tail = {}", place(tail.into())));
        }
        Search::Name(key) => outer.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM relation_seen w JOIN party_seen p \
             ON p.community = w.community AND p.id = w.party WHERE w.community = r.community \
             AND w.room = r.id AND w.ended_at IS NULL AND p.name_key = {})",
            place(key.into())
        )),
    }
    let sql = format!(
        "FROM (SELECT b.room AS room, CAST(SUM(b.owed) AS BIGINT) AS overdue, \
         MIN(b.due) AS oldest, COUNT(*) AS bills FROM fee_bill_seen b \
         WHERE b.community = $1 AND b.owed > 0 AND b.due < $2{inner} GROUP BY b.room) g \
         JOIN room_seen r ON r.community = $1 AND r.id = g.room WHERE 1 = 1{outer}"
    );
    (sql, params)
}

pub fn ageing_total(c: Community, today: Date, query: &AgeingQuery, search: &Search) -> Ask {
    let (from, params) = aged(c, today, query, search);
    let sql = format!("SELECT COUNT(*), COALESCE(CAST(SUM(g.overdue) AS BIGINT), 0) {from}");
    ask(sql, params)
}

pub fn ageing_page(
    c: Community,
    today: Date,
    query: &AgeingQuery,
    search: &Search,
    limit: usize,
) -> Ask {
    let (from, mut params) = aged(c, today, query, search);
    let (column, direction, beyond) = match query.sort {
        Sort::Oldest => ("g.oldest", "ASC", ">"),
        Sort::Amount => ("g.overdue", "DESC", "<"),
        Sort::Room => ("r.sort_key", "ASC", ">"),
    };
    let mut keyset = String::new();
    if let Some((key, room)) = query
        .after
        .as_deref()
        .and_then(|a| read_cursor(query.sort, a))
    {
        params.push(key);
        let k = params.len();
        params.push(room.into());
        keyset = format!(
            " AND ({column} {beyond} ${k} OR ({column} = ${k} AND g.room > ${}))",
            k + 1
        );
    }
    params.push((limit as i64).into());
    let sql = format!(
        "SELECT g.room, r.code, r.sort_key, g.overdue, g.oldest, g.bills {from}{keyset} \
         ORDER BY {column} {direction}, g.room LIMIT ${}",
        params.len()
    );
    ask(sql, params)
}

impl FromRow for Totals {
    fn from_row(row: &mut Row) -> Result<Totals, DbError> {
        Ok(Totals {
            not_due: row.next()?,
            buckets: [row.next()?, row.next()?, row.next()?, row.next()?],
            ..Totals::default()
        })
    }
}

/// One pass over the open bills' own index.
pub fn totals(c: Community, today: Date) -> Ask {
    let mut params = params![c, today.to_string()];
    let mut sums = String::new();
    for bucket in Bucket::ALL {
        let (first, last) = bucket.dates(today);
        params.push(first.to_string().into());
        params.push(last.to_string().into());
        let n = params.len();
        sums.push_str(&format!(
            ", COALESCE(CAST(SUM(CASE WHEN due >= ${} AND due <= ${n} THEN owed ELSE 0 END) AS BIGINT), 0)",
            n - 1
        ));
    }
    let sql = format!(
        "SELECT COALESCE(CAST(SUM(CASE WHEN due >= $2 THEN owed ELSE 0 END) AS BIGINT), 0){sums} \
         FROM fee_bill_seen WHERE community = $1 AND owed > 0"
    );
    ask(sql, params)
}

pub fn rooms_overdue(c: Community, today: Date) -> Ask {
    ask(
        "SELECT COUNT(DISTINCT room) FROM fee_bill_seen \
         WHERE community = $1 AND owed > 0 AND due < $2",
        params![c, today.to_string()],
    )
}

pub fn credit_of_all(c: Community) -> Ask {
    ask(
        "SELECT COALESCE(CAST(SUM(credit) AS BIGINT), 0) FROM fee_payment_seen \
         WHERE community = $1 AND credit > 0",
        params![c],
    )
}
