//! What the clock does in this room: scheduled notices go out, households are told in
//! batches, those who are silent are reminded, reviews that are owed are called for,
//! festivals are proposed. Each is safe to do twice.

use std::sync::Arc;

use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::communities;
use foundation::database::{DbError, HOUSE, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, arm, cancel, enqueue};
use permissions::actor::Actor;
use serde_json::json;

use crate::notice::{Class, Notice};
use crate::{NoticeError, delivery, festivals, flow, store};

pub const PUBLISH: &str = "notices.publish";
pub const DELIVER: &str = "notices.deliver";
pub const REMIND: &str = "notices.remind";
pub const REVIEW: &str = "notices.review";
pub const GREET: &str = "notices.greet";

/// An emergency's reminders follow each other so fast, and so often at most.
const EMERGENCY_EVERY: i64 = 30 * MINUTE;
const EMERGENCY_TIMES_MAX: i64 = 6;
/// An ordinary notice is not repeated for ever: 民法典 1033 calls that harassment.
const TIMES_MAX: i64 = 3;

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner
        .on(PUBLISH, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job)?;
            settled(flow::publish_due(&house, &by, id).await)
        })
        .on(DELIVER, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job)?;
            let version = job.payload["version"].as_i64().unwrap_or(1);
            settled(delivery::deliver(&house, &by, id, version, 0).await)
        })
        .on(REMIND, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job)?;
            let number = |name: &str| job.payload[name].as_i64().unwrap_or(1);
            let (version, rung) = (number("version"), number("rung"));
            settled(delivery::deliver(&house, &by, id, version, rung).await)
        })
        .on(REVIEW, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job)?;
            settled(delivery::call_for_review(&house, &by, id).await)
        })
        .on(GREET, |house: Arc<House>, _: Job| async move {
            // Tomorrow's first: whatever fails today, it is looked at again.
            plan_greetings(&house).await.map_err(|e| e.to_string())?;
            propose(&house).await.map_err(|e| e.to_string())
        })
}

fn who(job: &Job) -> Result<(Actor, Id), String> {
    let text = job.payload["notice"].as_str().unwrap_or_default();
    let id = text
        .parse()
        .map_err(|_| "the job names no notice".to_owned())?;
    Ok((Actor::system(job.community), id))
}

/// What is done already, or was called off, is no failure of a job.
fn settled(out: Result<(), NoticeError>) -> Result<(), String> {
    match out {
        Ok(()) | Err(NoticeError::State(_) | NoticeError::NotFound | NoticeError::Changed) => {
            Ok(())
        }
        Err(e) => Err(e.to_string()),
    }
}

pub(crate) fn plan_publication(tx: &mut Tx<'_>, notice: Id, at: Moment) -> Result<(), DbError> {
    let name = format!("{PUBLISH}:{notice}:{}", at.0);
    enqueue(tx, PUBLISH, &name, &json!({ "notice": notice }), at)
}

pub(crate) fn plan_review(tx: &mut Tx<'_>, notice: Id, due: Moment) -> Result<(), DbError> {
    let name = format!("{REVIEW}:{notice}");
    enqueue(tx, REVIEW, &name, &json!({ "notice": notice }), due)
}

/// Tells the households of a version, at once.
pub(crate) fn plan_delivery(tx: &mut Tx<'_>, n: &Notice) -> Result<(), DbError> {
    let name = format!("{DELIVER}:{}:{}", n.id, n.version);
    let what = json!({ "notice": n.id, "version": n.version });
    let now = tx.now();
    enqueue(tx, DELIVER, &name, &what, now)?;
    plan_reminder(tx, n, n.version, 1)
}

/// The reminder of a rung, counted from 1, of the version that was told, if there is one.
pub(crate) fn plan_reminder(
    tx: &mut Tx<'_>,
    n: &Notice,
    told: i64,
    rung: i64,
) -> Result<(), DbError> {
    let (every, times) = match n.class {
        Class::Emergency => (EMERGENCY_EVERY, EMERGENCY_TIMES_MAX),
        _ => (n.remind_hours * HOUR, TIMES_MAX),
    };
    if every == 0 || rung > times {
        return Ok(());
    }
    let what = json!({ "notice": n.id, "version": told, "rung": rung });
    let due = tx.now().plus(every);
    enqueue(tx, REMIND, &reminder(n.id, told, rung), &what, due)
}

fn reminder(notice: Id, told: i64, rung: i64) -> String {
    format!("{REMIND}:{notice}:{told}:{rung}")
}

/// Takes back what was planned of a text that no longer stands, and what of it has not
/// been sent.
pub(crate) fn end_reminders(tx: &mut Tx<'_>, n: &Notice) -> Result<(), DbError> {
    let c = tx.community();
    let told: Option<(i64,)> = tx.optional(store::texts::told_version(c, n.id))?;
    if let Some((told,)) = told {
        for rung in 1..=EMERGENCY_TIMES_MAX {
            cancel(tx, &reminder(n.id, told, rung))?;
        }
    }
    let letters: Vec<(Id,)> = tx.all(store::households::letters(c, n.id))?;
    for (letter,) in letters {
        outbox::cancel_in(tx, letter)?;
    }
    Ok(())
}

/// Looks at the calendar every morning at eight, one job for all compounds: also for those
/// that are made later.
pub async fn plan_greetings(house: &House) -> Result<(), DbError> {
    let tomorrow = Moment::at_start_of(house.now().date()).plus(DAY + 8 * HOUR);
    let name = format!("{GREET}:{}", tomorrow.date());
    arm(&house.db, HOUSE, GREET, &name, &json!({}), tomorrow).await
}

async fn propose(house: &House) -> Result<(), NoticeError> {
    let mut after = HOUSE;
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else {
            return Ok(());
        };
        after = last.number;
        for compound in &part {
            festivals::propose(house, &Actor::system(compound.number)).await?;
        }
    }
}
