//! What goes out in the nightly exchange: the bills that are owed or recent, in the shape
//! in which the importer reads them, and each room's balance. No name and no phone: the
//! other system knows its own people.

use std::collections::HashMap;

use jiff::ToSpan;

use super::{FeesError, Fen, Period, store};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;

/// Months whose settled bills go out as well: a year and the month it began in.
const MONTHS_OUT: i32 = 12;
/// Rooms read at a time.
const ROOMS: i64 = 200;
/// Bills of one part: 200 rooms with ten items a month for 100 months.
const BILLS_MAX: i64 = 200_000;

/// The heads of the two lists; the first five columns of the bills are the importer's own.
pub const BILLS_HEAD: [&str; 10] = [
    "房號",
    "收費項目",
    "所屬期",
    "應收金額",
    "到期日",
    "鄰里：調整",
    "鄰里：核銷",
    "鄰里：已付",
    "鄰里：欠費",
    "鄰里：日期",
];
pub const BALANCES_HEAD: [&str; 5] = ["房號", "欠費", "其中已逾期", "預收", "截至"];

/// One part of both lists, row by row as text.
#[derive(Default)]
pub struct Part {
    pub bills: Vec<[String; 10]>,
    pub balances: Vec<[String; 5]>,
    /// Where the next part begins; `None` after the last.
    pub next: Option<(Vec<u8>, String)>,
}

/// Reads the part of the lists that begins after `after` in shelf order.
pub async fn part(
    house: &House,
    c: Community,
    after: &(Vec<u8>, String),
) -> Result<Part, FeesError> {
    let today = house.now().date();
    let since = Period::of(today.saturating_sub(MONTHS_OUT.months()));
    let rooms: Vec<store::OutRoom> = house.db.all(store::rooms_out(c, after, ROOMS)).await?;
    let Some(last) = rooms.last() else {
        return Ok(Part::default());
    };
    let mut part = Part {
        next: Some((last.sort_key.clone(), last.id.to_string())),
        ..Part::default()
    };
    let ids: Vec<Id> = rooms.iter().map(|r| r.id).collect();
    let ask = store::bills_out(c, &ids, &since.to_string(), BILLS_MAX);
    let mut of_room: HashMap<Id, Vec<store::OutBill>> = HashMap::new();
    for bill in house.db.all::<store::OutBill>(ask).await? {
        of_room.entry(bill.room).or_default().push(bill);
    }
    let credits: Vec<(Id, Fen)> = house.db.all(store::credits_out(c, &ids)).await?;
    let credits: HashMap<Id, Fen> = credits.into_iter().collect();
    let (today, now) = (today.to_string(), today.to_string());
    for room in rooms {
        let bills = of_room.remove(&room.id).unwrap_or_default();
        let owed = Fen::sum(bills.iter().map(|b| b.owed))?;
        let late = bills.iter().filter(|b| b.due < today).map(|b| b.owed);
        let overdue = Fen::sum(late)?;
        let credit = credits.get(&room.id).copied().unwrap_or_default();
        if !bills.is_empty() || credit.0 > 0 {
            part.balances.push([
                room.code.clone(),
                owed.to_string(),
                overdue.to_string(),
                credit.to_string(),
                now.clone(),
            ]);
        }
        for b in bills {
            let period = match b.period == b.period_last {
                true => b.period,
                false => format!("{}至{}", b.period, b.period_last),
            };
            part.bills.push([
                room.code.clone(),
                b.item,
                period,
                b.amount.to_string(),
                b.due,
                b.adjusted.to_string(),
                b.written_off.to_string(),
                b.allocated.to_string(),
                b.owed.to_string(),
                now.clone(),
            ]);
        }
    }
    Ok(part)
}

impl From<std::io::Error> for FeesError {
    fn from(e: std::io::Error) -> FeesError {
        FeesError::Database(DbError::Full(e.to_string()))
    }
}
