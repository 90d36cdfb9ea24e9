//! What the clock does in this room: each night answers whose day is over expire and questions
//! that were kept long enough are thrown away; edits are looked at, and questions that the desk
//! did not take are offered to it again.

use std::sync::Arc;

use foundation::clock::DAY;
use foundation::communities;
use foundation::database::{Chore, Community, HOUSE};
use foundation::house::House;
use foundation::jobs::{Job, Runner, arm};
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use serde_json::json;

use crate::{AssistantError, KEEP_MS, events, expiry, hand, publishing, store};

pub const NIGHT: &str = "assistant.night";

pub fn jobs(runner: Runner<House>) -> Runner<House> {
    let runner = runner
        .on(publishing::CHECK, publishing::check)
        .on(hand::HAND, hand::again);
    runner.on(NIGHT, |house: Arc<House>, _: Job| async move {
        // Tomorrow's first: whatever fails today, it is looked at again.
        plan(&house).await.map_err(|e| e.to_string())?;
        let mut after = Community(0);
        loop {
            let part = communities::list(&house.db, after)
                .await
                .map_err(|e| e.to_string())?;
            let Some(last) = part.last() else {
                return Ok(());
            };
            after = last.number;
            for one in &part {
                night(&house, one.number).await.map_err(|e| e.to_string())?;
            }
        }
    })
}

/// Arms the next night; twice is once.
pub async fn plan(house: &House) -> Result<(), AssistantError> {
    let tomorrow = house.now().plus(DAY).date();
    let at = foundation::clock::Moment::at_start_of(tomorrow).plus(DAY / 8);
    let id = format!("assistant-night-{tomorrow}");
    arm(&house.db, HOUSE, NIGHT, &id, &json!({}), at).await?;
    Ok(())
}

/// One compound's night.
pub async fn night(house: &House, c: Community) -> Result<(), AssistantError> {
    expiry::of_the_day(house, c).await?;
    let stale = house.now().plus(-DAY);
    house
        .db
        .keep::<_, AssistantError, _>(Chore::Staging, c, move |r| {
            r.execute(store::drop_imports_before(c, stale))?;
            Ok(())
        })
        .await?;
    let before = house.now().plus(-KEEP_MS);
    let (old,): (i64,) = house.db.one(store::count_old(c, before)).await?;
    if old == 0 {
        return Ok(());
    }
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let gone = tx.execute(store::forget(c, before))?;
            let event = Event::new(events::FORGOTTEN).to(Audience::Record);
            Ok(tx.record(event.with("count", gone as i64), ())?)
        })
        .await
}
