//! The work of a quarter: everybody's households in shelf order, one person's week and round.

use foundation::database::DbError;
use foundation::house::House;
use foundation::ids::Id;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::rule::{self, Quarter};
use crate::task::{State, Task};
use crate::{CensusError, store};

/// Households on one page of the list.
pub const PAGE: i64 = 50;
/// Households of one round: more cannot be visited in a day, and one page holds their forms.
pub const ROUND_MAX: i64 = 30;

/// Homes that stand in no building (shops along the street), as addresses and forms have them.
pub const NO_BUILDING: &str = "-";

/// What a list shows; empty says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<State>,
    /// A building, or [`NO_BUILDING`].
    pub building: String,
    pub unit: String,
    /// An account, or empty text for those without anybody.
    pub assignee: Option<String>,
    pub late: bool,
}

/// A place in shelf order, to go on behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub key: Vec<u8>,
    pub id: Id,
}

/// A page of a quarter's households, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    q: Quarter,
    filter: &Filter,
    after: Option<&Spot>,
) -> Result<(Vec<Task>, bool), CensusError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::page(by.community, q, filter, after, PAGE + 1);
    let mut found: Vec<Task> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// All that a filter finds, at most so many: for a paper.
pub(crate) async fn some(
    house: &House,
    by: &Actor,
    q: Quarter,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Task>, CensusError> {
    let asked = store::page(by.community, q, filter, None, limit);
    Ok(house.db.all(asked).await?)
}

/// How many a filter finds.
pub async fn count(
    house: &House,
    by: &Actor,
    q: Quarter,
    filter: &Filter,
) -> Result<i64, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(store::count(by.community, q, filter)).await?;
    Ok(n)
}

/// One household.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Task, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let found: Option<Task> = house.db.optional(store::task(by.community, id)).await?;
    found.ok_or(CensusError::NotFound)
}

/// A home's quarters, the newest first, at most five years.
pub async fn quarters_of(house: &House, by: &Actor, task: &Task) -> Result<Vec<Task>, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::of_dossier(by.community, task.dossier, 20);
    Ok(house.db.all(asked).await?)
}

/// The household of a room however its code is typed.
pub async fn find(
    house: &House,
    by: &Actor,
    q: Quarter,
    typed: &str,
) -> Result<Option<Task>, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let Some(room) = roster::find_room(house, c, typed).await? else {
        return Ok(None);
    };
    Ok(house.db.optional(store::of_room(c, q, room.id)).await?)
}

/// Somebody's week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Theirs without a record, in the whole quarter.
    pub open: i64,
    /// What this week has, and what of it is settled.
    pub quota: i64,
    pub done: i64,
    pub weeks: i64,
    pub target: Date,
}

impl Week {
    /// `3 / 12`
    pub fn text(&self) -> String {
        format!("{} / {}", self.done, self.quota)
    }

    pub fn left(&self) -> i64 {
        (self.quota - self.done).clamp(0, self.open)
    }
}

/// How somebody's week stands: its quota was set on its Monday and does not move with the work.
pub async fn week(
    house: &House,
    c: foundation::database::Community,
    q: Quarter,
    account: Id,
) -> Result<Week, DbError> {
    let today = house.now().date();
    let from = rule::monday(today).max(q.first());
    let (open,): (i64,) = house.db.one(store::open_of(c, q, account)).await?;
    let since = store::done_since(c, q, account, &from.to_string());
    let (done,): (i64,) = house.db.one(since).await?;
    Ok(Week {
        open,
        quota: rule::weekly_quota(q, from, open + done),
        done,
        weeks: rule::weeks_left(q, today),
        target: q.target(),
    })
}

/// The households that somebody visits next, in shelf order: of this week's, or where that is
/// done and more are wanted, of the next; who was visited lately comes last.
pub async fn round(
    house: &House,
    by: &Actor,
    q: Quarter,
    account: Id,
    most: i64,
) -> Result<Vec<Task>, CensusError> {
    by.may(Permission::CensusVisit)?;
    let c = by.community;
    let today = house.now().date().to_string();
    let most = most.clamp(0, ROUND_MAX);
    let asked = store::waiting(c, q, account, &today, true, most);
    let mut found: Vec<Task> = house.db.all(asked).await?;
    let left = most - found.len() as i64;
    if left > 0 {
        let asked = store::waiting(c, q, account, &today, false, left);
        let others: Vec<Task> = house.db.all(asked).await?;
        found.extend(others);
        found.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    }
    Ok(found)
}
