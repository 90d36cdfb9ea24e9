//! Meters as pages show them.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{Read, ReadState, quantity_text};
use crate::account::my_rooms;
use crate::money::Period;
use crate::{FeesError, store};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// Rows of one page.
pub const ROWS_MAX: usize = 50;
/// Readings that a meter's page shows: five years of months.
const READINGS_MAX: i64 = 60;
/// Meters of one room: water and electricity, and those that stood there before.
const OF_ROOM_MAX: i64 = 40;

/// A meter in a list.
#[derive(Clone, Debug)]
pub struct MeterRow {
    pub id: Id,
    pub item_name: String,
    pub number: String,
    pub room: Option<Id>,
    /// The room's code; empty for a shared one.
    pub code: String,
    pub building: String,
    pub removed_on: Option<Date>,
    pub last_day: Option<Date>,
    pub last_value: Option<i64>,
    /// A reading that waits for a person.
    pub asked: bool,
    /// Of the day that [`MeterQuery::unread_in`] asked about.
    pub total: i64,
    pub billed: i64,
}

impl MeterRow {
    /// What went through and was not billed yet.
    pub fn unbilled(&self) -> i64 {
        self.total - self.billed
    }

    /// The last dial, as people write it.
    pub fn dial(&self) -> Option<String> {
        self.last_value.map(quantity_text)
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct MeterQuery {
    pub item: Option<Id>,
    /// The beginning of a meter's number, or a whole room code.
    pub search: String,
    /// Only meters in place that have no reading since the first of this month.
    pub unread_in: Option<Period>,
    /// Only meters with a reading that waits for a person.
    pub asked: bool,
    pub after: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct MeterPage {
    pub rows: Vec<MeterRow>,
    pub total: u64,
    pub after: Option<String>,
}

/// One page of the meters, by number.
pub async fn meters_page(
    house: &House,
    by: &Actor,
    query: &MeterQuery,
) -> Result<MeterPage, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let (total,): (i64,) = house.db.one(store::meters_count(c, query)).await?;
    let mut rows: Vec<MeterRow> = house
        .db
        .all(store::meters_page(c, query, ROWS_MAX as i64 + 1))
        .await?;
    let more = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    Ok(MeterPage {
        after: rows.last().filter(|_| more).map(|r| r.id.to_string()),
        rows,
        total: total.max(0) as u64,
    })
}

/// A reading as a meter's page shows it.
#[derive(Clone, Debug)]
pub struct ReadingView {
    pub id: Id,
    pub day: Date,
    pub value: i64,
    pub total: i64,
    pub read: Read,
    pub state: ReadState,
    /// What went through since the taken reading before.
    pub used: i64,
    /// A picture of the dial came with it.
    pub pictured: bool,
}

/// One meter with its readings, the newest first.
#[derive(Clone, Debug)]
pub struct MeterView {
    pub row: MeterRow,
    pub digits: i64,
    pub installed_on: Date,
    pub start: i64,
    pub readings: Vec<ReadingView>,
}

/// A meter for the desk.
pub async fn meter(house: &House, by: &Actor, id: Id) -> Result<MeterView, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let kept: store::MeterRow = house
        .db
        .optional(store::meter(c, id))
        .await?
        .ok_or(FeesError::NoSuchMeter)?;
    let row: MeterRow = house.db.one(store::meter_line(c, id)).await?;
    let mut readings: Vec<ReadingView> = house.db.all(store::readings(c, id, READINGS_MAX)).await?;
    // Oldest first: what each adds to the taken one before it.
    let mut before = 0;
    for one in readings.iter_mut().rev() {
        one.used = one.total - before;
        if one.state == ReadState::Taken {
            before = one.total;
        }
    }
    Ok(MeterView {
        row,
        digits: kept.digits,
        installed_on: kept.installed_on,
        start: kept.start,
        readings,
    })
}

/// The meters in a room, for the desk and for whoever owns it.
pub async fn meters_of_room(
    house: &House,
    by: &Actor,
    room: Id,
) -> Result<Vec<MeterRow>, FeesError> {
    if !by.has(Permission::FeesRead) {
        by.may(Permission::HomeRead)?;
        let mine = my_rooms(house, by).await?;
        if !mine.iter().any(|(id, _)| *id == room) {
            return Err(FeesError::NoSuchRoom);
        }
    }
    let lines = store::meters_of_room(by.community, room, OF_ROOM_MAX);
    Ok(house.db.all(lines).await?)
}

/// From where to where the meters of these bills were billed, by bill.
pub(crate) async fn metered_lines(
    house: &House,
    c: foundation::database::Community,
    bills: &[Id],
) -> Result<HashMap<Id, Vec<(String, i64)>>, FeesError> {
    let mut out: HashMap<Id, Vec<(String, i64)>> = HashMap::new();
    for part in bills.chunks(foundation::database::LIST_MAX) {
        let rows: Vec<(Id, String, i64)> = house.db.all(store::metered_lines(c, part)).await?;
        for (bill, number, used) in rows {
            out.entry(bill).or_default().push((number, used));
        }
    }
    Ok(out)
}

/// The meter in place that has this number.
///
/// # Errors
/// [`FeesError::NoSuchMeter`] also where several items have such a number.
pub async fn meter_by_number(house: &House, by: &Actor, number: &str) -> Result<Id, FeesError> {
    by.may(Permission::FeesRead)?;
    let found: Vec<(Id,)> = house
        .db
        .all(store::meter_by_number(by.community, number))
        .await?;
    match found.as_slice() {
        [(one,)] => Ok(*one),
        _ => Err(FeesError::NoSuchMeter),
    }
}
