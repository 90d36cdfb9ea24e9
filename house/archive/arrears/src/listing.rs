//! The day's list: what is to be followed up, by urgency, sum or shelf; by building or one's own.

use foundation::database::{Community, DbError, FromRow, Row, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::account::Account;
use crate::{ArrearsError, events, share, store};

/// Rows on one page.
pub const PAGE: i64 = 50;

/// Which accounts are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Everything that is to be done: ahead, due, overdue, promised.
    #[default]
    Today,
    Overdue,
    Due,
    Ahead,
    Promised,
    Escalated,
    /// Nobody was reached for 45 days: a written demand is owed.
    Unreached,
    /// The limitation period ends within 180 days.
    Lapsing,
    Held,
    Scope,
    /// Overdue, but not yet for a month.
    Month,
}

impl Show {
    pub const ALL: [Show; 11] = [
        Show::Today,
        Show::Overdue,
        Show::Due,
        Show::Ahead,
        Show::Promised,
        Show::Escalated,
        Show::Unreached,
        Show::Lapsing,
        Show::Held,
        Show::Scope,
        Show::Month,
    ];

    /// As it stands in the address.
    pub fn word(self) -> &'static str {
        match self {
            Show::Today => "",
            Show::Overdue => "overdue",
            Show::Due => "due",
            Show::Ahead => "ahead",
            Show::Promised => "promised",
            Show::Escalated => "escalated",
            Show::Unreached => "unreached",
            Show::Lapsing => "lapsing",
            Show::Held => "held",
            Show::Scope => "scope",
            Show::Month => "month",
        }
    }

    pub fn from_word(word: &str) -> Show {
        let found = Show::ALL.into_iter().find(|s| s.word() == word);
        found.unwrap_or_default()
    }
}

/// The order of the list; each is total, because the room stands behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Deadline,
    Amount,
    Room,
}

impl Sort {
    pub fn from_word(word: &str) -> Sort {
        match word {
            "amount" => Sort::Amount,
            "room" => Sort::Room,
            _ => Sort::Deadline,
        }
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub show: Show,
    pub sort: Sort,
    /// Only these buildings.
    pub buildings: Option<Vec<String>>,
    pub room: Option<Id>,
}

/// Where a page begins.
#[derive(Clone, Debug)]
pub struct Place {
    pub key: Value,
    pub room: Id,
}

impl Place {
    /// Behind an account, as it stands in the address.
    pub fn mark(sort: Sort, a: &Account) -> String {
        let key = match sort {
            Sort::Deadline => a.deadline.to_string(),
            Sort::Amount => a.bills_fen.to_string(),
            Sort::Room => a.sort_key.iter().map(|b| format!("{b:02x}")).collect(),
        };
        format!("{key}.{}", a.room)
    }

    pub fn read(sort: Sort, mark: &str) -> Option<Place> {
        let (key, room) = mark.rsplit_once('.')?;
        let key = match sort {
            Sort::Deadline => Value::Text(key.parse::<Date>().ok()?.to_string()),
            Sort::Amount => Value::Int(key.parse().ok()?),
            Sort::Room => {
                let bytes: Option<Vec<u8>> = (0..key.len().min(400))
                    .step_by(2)
                    .map(|i| u8::from_str_radix(key.get(i..i + 2)?, 16).ok())
                    .collect();
                Value::Blob(bytes?)
            }
        };
        Some(Place {
            key,
            room: room.parse().ok()?,
        })
    }
}

/// How many accounts each filter shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([i64; Show::ALL.len()]);

impl Counts {
    pub fn of(&self, show: Show) -> i64 {
        let at = Show::ALL.iter().position(|s| *s == show);
        at.map_or(0, |at| self.0[at])
    }
}

impl FromRow for Counts {
    fn from_row(row: &mut Row) -> Result<Counts, DbError> {
        let mut counts = Counts::default();
        for count in &mut counts.0 {
            *count = row.next()?;
        }
        Ok(counts)
    }
}

/// A page of the list with what all filters count.
pub struct Page {
    pub accounts: Vec<Account>,
    /// What is overdue of each, in fen.
    pub overdue: Vec<i64>,
    pub counts: Counts,
    pub more: bool,
}

/// The day's list.
pub async fn page(
    house: &House,
    by: &Actor,
    query: &Query,
    after: Option<&Place>,
) -> Result<Page, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    let (c, today) = (by.community, house.now().date());
    let asked = store::lists::page(c, today, query, after, PAGE + 1);
    let mut accounts: Vec<Account> = house.db.all(asked).await?;
    let more = accounts.len() as i64 > PAGE;
    accounts.truncate(PAGE as usize);
    let counts = house.db.one(store::lists::counts(c, today, query)).await?;
    let rooms: Vec<Id> = accounts.iter().map(|a| a.room).collect();
    let owed = fees::arrears_of_rooms(house, c, &rooms, today).await?;
    let overdue = rooms
        .iter()
        .map(|room| owed.get(room).map_or(0, fees::Arrears::total_fen));
    Ok(Page {
        overdue: overdue.collect(),
        accounts,
        counts,
        more,
    })
}

/// Accounts of one file.
pub const TAKE_MAX: i64 = 5_000;

/// The list for a file, with the filters of the page; its leaving is in the ledger before a row is
/// read.
///
/// # Errors
/// [`ArrearsError::TooMany`] above [`TAKE_MAX`] accounts.
pub async fn take(
    house: &House,
    by: &Actor,
    query: &Query,
    shape: &'static str,
) -> Result<Vec<(Account, i64)>, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    by.may(Permission::ExportRun)?;
    let (c, today) = (by.community, house.now().date());
    let counts: Counts = house.db.one(store::lists::counts(c, today, query)).await?;
    let total = counts.of(query.show);
    if total > TAKE_MAX {
        return Err(ArrearsError::TooMany);
    }
    house
        .write::<_, ArrearsError, _>(c, &by.who_for(Permission::ExportRun), move |tx| {
            let event = Event::new(events::LIST_TAKEN)
                .to(Audience::Staff)
                .with("shape", shape)
                .with("rows", total);
            Ok(tx.record(event, ())?)
        })
        .await?;
    let asked = store::lists::page(c, today, query, None, TAKE_MAX);
    let accounts: Vec<Account> = house.db.all(asked).await?;
    let rooms: Vec<Id> = accounts.iter().map(|a| a.room).collect();
    let owed = fees::arrears_of_rooms(house, c, &rooms, today).await?;
    let overdue = |a: &Account| owed.get(&a.room).map_or(0, fees::Arrears::total_fen);
    Ok(accounts
        .into_iter()
        .map(|a| {
            let fen = overdue(&a);
            (a, fen)
        })
        .collect())
}

/// The buildings that are one's own.
pub async fn mine(house: &House, by: &Actor) -> Result<Vec<String>, ArrearsError> {
    let all = share::all(house, by).await?.into_iter();
    let own = all.filter(|(_, account)| by.account == Some(*account));
    Ok(own.map(|(building, _)| building).collect())
}

/// How many follow-ups are past their deadline, a thousand at most. Whoever calls has asked for
/// the right.
pub async fn overdue(house: &House, c: Community) -> Result<u32, DbError> {
    let today = house.now().date();
    let (n,): (i64,) = house.db.one(store::lists::overdue(c, today)).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}

/// How many tasks wait, for the bar; a hundred at most. Whoever calls has asked for the right.
pub async fn waiting(house: &House, by: &Actor) -> Result<u32, DbError> {
    let (c, today) = (by.community, house.now().date());
    let (mut n,): (i64,) = house.db.one(store::lists::waiting(c, today)).await?;
    if by.has(Permission::ArrearsDecide) {
        let (asked,): (i64,) = house.db.one(store::said::holds_waiting(c)).await?;
        n += asked;
    }
    Ok(u32::try_from(n).unwrap_or(0))
}
