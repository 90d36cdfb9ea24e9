//! Who owes, how much and since when: the list that the office follows arrears by,
//! and its totals. In questions whose number does not grow with the rows.

use hanzi::fold;
use hanzi::room::RoomCode;
use jiff::ToSpan;
use jiff::civil::Date;

use super::arrears::{days_between, months_between};
use super::money::Fen;
use super::{FeesError, store};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// Rows of one page.
pub const ROWS_MAX: usize = 50;

/// The order of the list; each is total, because the room stands behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The longest overdue first.
    #[default]
    Oldest,
    /// The largest sum first.
    Amount,
    /// As on the shelf.
    Room,
}

/// How long the oldest overdue bill of a room has been overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    Days30,
    Days60,
    Days90,
    Older,
}

impl Bucket {
    pub const ALL: [Bucket; 4] = [
        Bucket::Days30,
        Bucket::Days60,
        Bucket::Days90,
        Bucket::Older,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Bucket::Days30 => "30",
            Bucket::Days60 => "60",
            Bucket::Days90 => "90",
            Bucket::Older => "older",
        }
    }

    pub fn from_word(word: &str) -> Option<Bucket> {
        Bucket::ALL.into_iter().find(|b| b.word() == word)
    }

    /// The first and the last due date that belong to it on `today`.
    pub fn dates(self, today: Date) -> (Date, Date) {
        let back = |days: i32| today.saturating_sub(days.days());
        match self {
            Bucket::Days30 => (back(30), back(1)),
            Bucket::Days60 => (back(60), back(31)),
            Bucket::Days90 => (back(90), back(61)),
            Bucket::Older => (Date::MIN.max(Date::constant(1, 1, 1)), back(91)),
        }
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct AgeingQuery {
    pub sort: Sort,
    pub bucket: Option<Bucket>,
    /// Only bills of this item.
    pub item: Option<Id>,
    pub building: Option<String>,
    /// A room code, the end of one, or an owner's name.
    pub search: String,
    /// The cursor of the page before, from [`AgeingPage::after`].
    pub after: Option<String>,
}

/// A room in arrears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeingRow {
    pub room: Id,
    pub code: String,
    /// The owners' names, joined; empty where the roster has none.
    pub owners: String,
    pub overdue: Fen,
    pub bills: i64,
    pub oldest_due: Date,
    pub days: i32,
    pub months: i32,
    pub has_plan: bool,
}

#[derive(Clone, Debug, Default)]
pub struct AgeingPage {
    pub rows: Vec<AgeingRow>,
    /// All rooms of the filter, and their sum.
    pub rooms: u64,
    pub overdue: Fen,
    /// The cursor for what comes after; none on the last page.
    pub after: Option<String>,
}

/// Sums over the compound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Open bills not due yet.
    pub not_due: Fen,
    /// Overdue, by the age of each bill, in the order of [`Bucket::ALL`].
    pub buckets: [Fen; 4],
    /// Rooms with at least one overdue bill.
    pub rooms: i64,
    /// Paid ahead and not yet set against a bill.
    pub credit: Fen,
}

impl Totals {
    pub fn overdue(&self) -> Fen {
        Fen(self.buckets.iter().map(|b| b.0).sum())
    }
}

/// The compound's totals today.
pub async fn totals(house: &House, by: &Actor) -> Result<Totals, FeesError> {
    by.may(Permission::FeesRead)?;
    let (c, today) = (by.community, house.now().date());
    let mut totals: Totals = house.db.one(store::totals(c, today)).await?;
    let (rooms,) = house
        .db
        .one::<(i64,)>(store::rooms_overdue(c, today))
        .await?;
    let (credit,) = house.db.one::<(Fen,)>(store::credit_of_all(c)).await?;
    totals.rooms = rooms;
    totals.credit = credit;
    Ok(totals)
}

/// What a search text means.
pub(super) enum Search {
    Nothing,
    /// The normal form of a whole code.
    Room(String),
    /// The last part of a code.
    Tail(String),
    /// A folded name.
    Name(String),
}

fn meaning(text: &str) -> Search {
    let text = text.trim();
    let key = fold::key(text);
    if key.is_empty() {
        return Search::Nothing;
    }
    if key.chars().all(|c| c.is_ascii_alphanumeric()) && key.chars().any(|c| c.is_ascii_digit()) {
        // 1801 alone is the end of a code; 3-2-1801 has lost its strokes in the key.
        if text.chars().all(char::is_alphanumeric) {
            return Search::Tail(key.to_ascii_uppercase());
        }
    }
    match RoomCode::parse(text) {
        Ok(code) => Search::Room(code.normal()),
        Err(_) => Search::Name(key),
    }
}

/// One page of the list.
pub async fn ageing(
    house: &House,
    by: &Actor,
    query: &AgeingQuery,
) -> Result<AgeingPage, FeesError> {
    by.may(Permission::FeesRead)?;
    let (c, today) = (by.community, house.now().date());
    let search = meaning(&query.search);
    let (rooms, overdue) = house
        .db
        .one::<(i64, Fen)>(store::ageing_total(c, today, query, &search))
        .await?;
    let mut found: Vec<store::Aged> = house
        .db
        .all(store::ageing_page(c, today, query, &search, ROWS_MAX + 1))
        .await?;
    let more = found.len() > ROWS_MAX;
    found.truncate(ROWS_MAX);
    let ids: Vec<Id> = found.iter().map(|a| a.room).collect();
    let mut rows = Vec::with_capacity(found.len());
    if !ids.is_empty() {
        let planned: std::collections::HashSet<Id> = house
            .db
            .all::<(Id,)>(store::rooms_with_plan(c, &ids, today))
            .await?
            .into_iter()
            .map(|(room,)| room)
            .collect();
        let mut owners: std::collections::HashMap<Id, Vec<String>> = Default::default();
        let named: Vec<(Id, String)> = house.db.all(store::owners_of_rooms(c, &ids, today)).await?;
        for (room, name) in named {
            owners.entry(room).or_default().push(name);
        }
        for aged in &found {
            rows.push(AgeingRow {
                room: aged.room,
                code: aged.code.clone(),
                owners: owners.remove(&aged.room).unwrap_or_default().join("、"),
                overdue: aged.overdue,
                bills: aged.bills,
                oldest_due: aged.oldest_due,
                days: days_between(aged.oldest_due, today),
                months: months_between(aged.oldest_due, today),
                has_plan: planned.contains(&aged.room),
            });
        }
    }
    Ok(AgeingPage {
        rows,
        rooms: rooms.max(0) as u64,
        overdue,
        after: found.last().filter(|_| more).map(|a| a.cursor(query.sort)),
    })
}
