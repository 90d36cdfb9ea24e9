//! Each morning: accounts that a month made part of the scope are told to the ledger, missed
//! follow-ups to the supervisor and then to the manager, and today's tasks to those who have
//! them, where they can be reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use foundation::clock::{DAY, HOUR, Moment};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, arm_many};
use foundation::ledger::{Audience, Event};
use foundation::page::words::Lang;
use foundation::page::{Words, key};
use jiff::ToSpan;
use outbox::{Letter, Recipient, Way};
use permissions::Role;
use permissions::actor::Actor;

use crate::policy::Policy;
use crate::{ArrearsError, events, share, store, tend};

/// The morning's job.
pub const MORNING: &str = "arrears.morning";
/// Before the office opens.
const AT: i64 = 8 * HOUR;
/// Rooms that one event names, and that one round takes.
const TOGETHER: i64 = 200;
/// A reminder that came a day late says nothing any more.
const EXPIRES_AFTER: i64 = DAY;

/// Who is told of a missed follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Supervisor,
    Manager,
}

impl Level {
    fn number(self) -> i64 {
        match self {
            Level::Supervisor => 1,
            Level::Manager => 2,
        }
    }

    fn role(self) -> Role {
        match self {
            Level::Supervisor => Role::Supervisor,
            Level::Manager => Role::Manager,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Level::Supervisor => key("arrears-told-supervisor"),
            Level::Manager => key("arrears-told-manager"),
        }
    }
}

/// Registers the job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(MORNING, |house: Arc<House>, job: Job| async move {
        // Tomorrow's first: whatever fails today, it comes again.
        plan(&house, &[job.community])
            .await
            .map_err(|e| e.to_string())?;
        run(&house, job.community).await.map_err(|e| e.to_string())
    })
}

/// Plans the next morning of some compounds.
pub async fn plan(house: &House, compounds: &[Community]) -> Result<(), DbError> {
    let today = Moment::at_start_of(house.now().date());
    let next = if house.now() < today.plus(AT) {
        today.plus(AT)
    } else {
        today.plus(DAY + AT)
    };
    let jobs = compounds
        .iter()
        .map(|c| (*c, format!("{MORNING}:{}", next.date()), next));
    arm_many(&house.db, MORNING, jobs.collect()).await
}

/// What the morning does. Twice on a day, it tells nobody twice.
pub async fn run(house: &House, c: Community) -> Result<(), ArrearsError> {
    tend::tend(house, c).await?;
    let manager_days = Policy::of(house, c).await?.manager_days;
    escalate(house, c, Level::Supervisor, 0).await?;
    escalate(house, c, Level::Manager, manager_days).await?;
    remind(house, c).await
}

/// Tells a level of every follow-up that was due more than so many days ago.
async fn escalate(
    house: &House,
    c: Community,
    level: Level,
    days: i64,
) -> Result<(), ArrearsError> {
    let today = house.now().date();
    let before = today.saturating_sub(days.days());
    let people = people(house, c, level.role()).await?;
    loop {
        let asked = store::missed(c, today, before, level.number(), TOGETHER);
        let rooms: Vec<(Id,)> = house.db.all(asked).await?;
        let rooms: Vec<Id> = rooms.into_iter().map(|r| r.0).collect();
        if rooms.is_empty() {
            return Ok(());
        }
        let full = rooms.len() as i64 == TOGETHER;
        let letter = letter(house, level.title(), rooms.len() as i64, "overdue");
        let post = reach(house, c, &people).await?;
        let (id, number) = (house.id(), level.number());
        house
            .write(c, &Actor::system(c).who(), move |mut tx| {
                tx.execute(store::set_escalated(c, &rooms, number))?;
                if !post.is_empty() {
                    outbox::letter_in(&mut tx, id, &letter)?;
                }
                let now = tx.now();
                for (way, to) in &post {
                    outbox::post_in(&mut tx, id, *way, to, now)?;
                }
                let event = Event::new(events::ESCALATED)
                    .to(Audience::Staff)
                    .with("level", number)
                    .with("rooms", rooms);
                Ok::<_, ArrearsError>(tx.record(event, ())?)
            })
            .await?;
        if !full {
            return Ok(());
        }
    }
}

/// Tells each specialist how many tasks their buildings have today; a building that is
/// nobody's is told to all.
async fn remind(house: &House, c: Community) -> Result<(), ArrearsError> {
    let today = house.now().date();
    let asked = store::lists::tasks_by_building(c, today, share::BUILDINGS_MAX);
    let tasks: Vec<(String, i64)> = house.db.all(asked).await?;
    if tasks.is_empty() {
        return Ok(());
    }
    let asked = store::shares(c, share::BUILDINGS_MAX);
    let shares: Vec<(String, Id)> = house.db.all(asked).await?;
    let shares: BTreeMap<String, Id> = shares.into_iter().collect();
    let all = people(house, c, Role::Specialist).await?;
    let mut of: BTreeMap<Id, i64> = BTreeMap::new();
    for (building, count) in &tasks {
        match shares.get(building) {
            Some(account) => *of.entry(*account).or_default() += count,
            None => {
                for account in &all {
                    *of.entry(*account).or_default() += count;
                }
            }
        }
    }
    let mut posts = Vec::new();
    for (account, count) in of {
        let letter = letter(house, key("arrears-told-tasks"), count, "");
        // The same day and person is the same letter, so a second morning tells nobody twice.
        let post = reach(house, c, &[account]).await?;
        if !post.is_empty() {
            posts.push((house.id(), letter, post));
        }
    }
    let total: i64 = tasks.iter().map(|t| t.1).sum();
    let source = format!("arrears:{today}");
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            use foundation::database::Look;
            let told: Option<(i64,)> =
                tx.optional(store::lists::reminded_since(c, Moment::at_start_of(today)))?;
            if told.is_some() {
                return Err(ArrearsError::Again);
            }
            let now = tx.now();
            let mut put = 0;
            for (id, letter, post) in &mut posts {
                letter.source = source.clone();
                outbox::letter_in(&mut tx, *id, letter)?;
                for (way, to) in post {
                    put += i64::from(outbox::post_in(&mut tx, *id, *way, to, now)?);
                }
            }
            let event = Event::new(events::REMINDED)
                .to(Audience::Staff)
                .with("tasks", total)
                .with("items", put);
            Ok(tx.record(event, ())?)
        })
        .await
        .or_else(|e| match e {
            ArrearsError::Again => Ok(()),
            e => Err(e),
        })
}

/// Who holds a role and works.
async fn people(house: &House, c: Community, role: Role) -> Result<Vec<Id>, DbError> {
    let holders = accounts::staff::holders(house, c, &[role]).await?;
    let mut ids: Vec<Id> = holders
        .into_iter()
        .filter(|h| h.active)
        .map(|h| h.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The ways on which some accounts can be reached.
async fn reach(
    house: &House,
    c: Community,
    accounts: &[Id],
) -> Result<Vec<(Way, Recipient)>, DbError> {
    let reach = outbox::reachable(house, c, accounts).await?;
    let mut out = Vec::new();
    for account in accounts {
        for way in [Way::Push, Way::Mail] {
            if reach.has(*account, way) {
                let to = Recipient {
                    account: Some(*account),
                    ..Recipient::default()
                };
                out.push((way, to));
            }
        }
    }
    Ok(out)
}

/// A count and where to look: a screen that lies on a desk tells nothing of a household.
fn letter(house: &House, title: &str, count: i64, show: &str) -> Letter {
    let words = Words::new(Lang::ZhHant);
    let path = if show.is_empty() {
        "/arrears".to_owned()
    } else {
        format!("/arrears?show={show}")
    };
    Letter {
        source: format!("arrears:{}", house.now().date()),
        title: words.one(title, "count", count).into_owned(),
        text: words.t(key("arrears-told-text")).into_owned(),
        path,
        urgent: false,
        expires_at: house.now().plus(EXPIRES_AFTER),
    }
}
