//! What the clock does: each night plans are tended, at a quarter's start the new one is made and
//! the old one closed, and on Fridays whoever is behind is told. All of it safe to do twice.

use std::sync::Arc;

use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::communities;
use foundation::database::{Community, DbError, HOUSE};
use foundation::house::House;
use foundation::jobs::{Job, Runner, arm};
use foundation::ledger::{Audience, Event};
use jiff::civil::Weekday;
use permissions::actor::Actor;
use serde_json::json;

use crate::rule::Quarter;
use crate::{CensusError, coverage, events, plan, work};

/// The nightly job.
pub const NIGHT: &str = "census.night";
/// At ten past one: after midnight's quarter, before the office comes.
const AT: i64 = HOUR + 10 * MINUTE;
/// Whoever has done less of the week's quota by Friday is behind.
const BY_FRIDAY_PERCENT: i64 = 80;

/// Registers this room's job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(NIGHT, |house: Arc<House>, _: Job| async move {
        // Tomorrow's first: whatever fails tonight is done then.
        plan_next(&house).await.map_err(|e| e.to_string())?;
        night(&house).await.map_err(|e| e.to_string())
    })
}

/// Plans the next night, one for the whole house: at each start of it.
pub async fn plan_next(house: &House) -> Result<(), DbError> {
    let today = Moment::at_start_of(house.now().date());
    let next = if house.now() < today.plus(AT) {
        today.plus(AT)
    } else {
        today.plus(DAY + AT)
    };
    let name = format!("{NIGHT}:{}", next.date());
    arm(&house.db, HOUSE, NIGHT, &name, &json!({}), next).await
}

/// One night in every compound.
pub async fn night(house: &House) -> Result<(), CensusError> {
    let mut after = HOUSE;
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else {
            return Ok(());
        };
        after = last.number;
        for compound in &part {
            if let Err(error) = tend(house, compound.number).await {
                // One compound's trouble is not the next one's.
                tracing::warn!(%error, community = %compound.number, "a census was not tended");
            }
        }
    }
}

/// One compound's night.
pub async fn tend(house: &House, c: Community) -> Result<(), CensusError> {
    let by = Actor::system(c);
    let q = Quarter::at(house.now());
    match plan::close(house, &by, q.previous()).await {
        Ok(()) | Err(CensusError::Changed) => {}
        Err(e) => return Err(e),
    }
    plan::tend(house, &by, q).await?;
    if house.now().date().weekday() == Weekday::Friday {
        remind(house, &by, q).await?;
    }
    Ok(())
}

/// Tells who is behind the week's quota.
pub async fn remind(house: &House, by: &Actor, q: Quarter) -> Result<(), CensusError> {
    let c = by.community;
    for part in coverage::by_person(house, c, q).await? {
        let Some(account) = part.account else {
            continue;
        };
        let week = work::week(house, c, q, account).await?;
        if week.open == 0 || week.done * 100 >= week.quota * BY_FRIDAY_PERCENT {
            continue;
        }
        let event = Event::new(events::BEHIND)
            .to(Audience::Account(account))
            .with("quarter", q.number())
            .with("account", account)
            .with("quota", week.quota)
            .with("done", week.done)
            .with("open", week.open);
        house
            .write(c, &by.who(), move |tx| {
                Ok::<_, CensusError>(tx.record(event, ())?)
            })
            .await?;
    }
    Ok(())
}
