//! Arrears: what is owed past its due date, and since when. A due date is payable
//! until its 24:00; a bill is overdue from the next day (spec archive P4).

use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use super::items::ItemKind;
use super::money::Fen;
use super::store;
use foundation::database::{Community, DbError, LIST_MAX};
use foundation::house::House;
use foundation::ids::Id;

/// Nothing that the house keeps is older, so counting months ends here.
const MONTHS_MAX: i32 = 12 * 150;

/// The arrears of one room on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrears {
    /// Overdue only; bills not yet due are no arrears.
    pub total: Fen,
    /// The due date of the earliest overdue bill: the anchor of every clock in P4.
    pub oldest_due: Option<Date>,
    /// Whole months past the oldest due date: a month is complete at 24:00 of the
    /// same day of a later month, clamped to that month's end, counted from the
    /// anchor and never chained.
    pub months_overdue: i32,
    /// Days past the oldest due date; 1 on the day after it.
    pub days: i32,
    /// An instalment plan is agreed and its last date has not passed.
    pub has_plan: bool,
    pub by_item: Vec<ItemArrears>,
}

impl Arrears {
    pub fn none(&self) -> bool {
        self.oldest_due.is_none()
    }

    pub fn total_fen(&self) -> i64 {
        self.total.0
    }
}

/// The part of one fee item in a room's arrears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemArrears {
    pub item: Id,
    pub name: String,
    pub kind: ItemKind,
    pub total: Fen,
    pub oldest_due: Date,
}

/// An open bill as arrears see it.
#[derive(Clone, Debug)]
pub struct OpenBill {
    pub item: Id,
    pub name: String,
    pub kind: ItemKind,
    pub due: Date,
    pub owed: Fen,
}

/// `date` moved by whole months, clamped to the month's end (民法典 202).
pub fn months_later(date: Date, months: i32) -> Date {
    date.saturating_add(months.months())
}

/// Whole months that have passed by `today` since `due` passed; see [`Arrears::months_overdue`].
pub fn months_between(due: Date, today: Date) -> i32 {
    if today <= due {
        return 0;
    }
    let guess = (i32::from(today.year()) - i32::from(due.year())) * 12 + i32::from(today.month())
        - i32::from(due.month());
    // The guess is right or one too many: the last month may not be complete.
    let guess = guess.clamp(0, MONTHS_MAX);
    if guess > 0 && months_later(due, guess) >= today {
        guess - 1
    } else {
        guess
    }
}

/// Whole days from `due` to `today`; 0 until the due date's 24:00.
pub fn days_between(due: Date, today: Date) -> i32 {
    due.until(today).map_or(0, |span| span.get_days().max(0))
}

/// Adds up open bills. `credit` is money of the room not yet set against a bill;
/// it pays the oldest first, as the next settling will.
pub fn add_up(mut bills: Vec<OpenBill>, credit: Fen, has_plan: bool, today: Date) -> Arrears {
    bills.sort_by_key(|b| b.due);
    let mut credit = credit.0.max(0);
    let mut out = Arrears {
        has_plan,
        ..Arrears::default()
    };
    let mut items: BTreeMap<Id, ItemArrears> = BTreeMap::new();
    for bill in bills {
        let paid = credit.min(bill.owed.0);
        credit -= paid;
        let owed = bill.owed.0 - paid;
        if owed <= 0 || bill.due >= today {
            continue;
        }
        out.total.0 = out.total.0.saturating_add(owed);
        out.oldest_due.get_or_insert(bill.due);
        let part = items.entry(bill.item).or_insert_with(|| ItemArrears {
            item: bill.item,
            name: bill.name,
            kind: bill.kind,
            total: Fen::ZERO,
            oldest_due: bill.due,
        });
        part.total.0 = part.total.0.saturating_add(owed);
    }
    if let Some(due) = out.oldest_due {
        out.months_overdue = months_between(due, today);
        out.days = days_between(due, today);
    }
    out.by_item = items.into_values().collect();
    out.by_item.sort_by_key(|i| (i.oldest_due, i.item));
    out
}

/// The arrears of one room on `today`.
///
/// For rooms' own use (membership's fee check, followers); it asks nobody's
/// permission, so whoever shows it must.
pub async fn arrears_of(
    house: &House,
    c: Community,
    room: Id,
    today: Date,
) -> Result<Arrears, DbError> {
    let mut all = arrears_of_rooms(house, c, &[room], today).await?;
    Ok(all.remove(&room).unwrap_or_default())
}

/// As [`arrears_of`] for a page of rooms, in three questions however many there
/// are. Every room asked for is in the answer.
pub async fn arrears_of_rooms(
    house: &House,
    c: Community,
    rooms: &[Id],
    today: Date,
) -> Result<HashMap<Id, Arrears>, DbError> {
    let mut out = HashMap::with_capacity(rooms.len());
    for part in rooms.chunks(LIST_MAX) {
        let mut bills: HashMap<Id, Vec<OpenBill>> = HashMap::new();
        for (room, bill) in store::read_open_bills(&house.db, c, part).await? {
            bills.entry(room).or_default().push(bill);
        }
        let credits: HashMap<Id, Fen> = house
            .db
            .all::<(Id, Fen)>(store::credits_of_rooms(c, part))
            .await?
            .into_iter()
            .collect();
        let planned: std::collections::HashSet<Id> = house
            .db
            .all::<(Id,)>(store::rooms_with_plan(c, part, today))
            .await?
            .into_iter()
            .map(|(room,)| room)
            .collect();
        for room in part {
            let arrears = add_up(
                bills.remove(room).unwrap_or_default(),
                credits.get(room).copied().unwrap_or_default(),
                planned.contains(room),
                today,
            );
            out.insert(*room, arrears);
        }
    }
    Ok(out)
}
