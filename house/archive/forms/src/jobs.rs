//! What the clock does in this room: it calls out what is overdue, and prepares buildings. Each
//! is safe to do twice.

use std::sync::Arc;

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner};
use permissions::actor::Actor;

use crate::cases::clock;
use crate::{FormsError, keys, preparing};

pub const KEY_DUE: &str = "forms.key_due";
pub const CASE_SOON: &str = "forms.case_soon";
pub const CASE_DUE: &str = "forms.case_due";

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    preparing::jobs(runner)
        .on(KEY_DUE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "loan")?;
            settled(keys::due(&house, &by, id).await)
        })
        .on(CASE_SOON, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "case")?;
            settled(clock::call(&house, &by, id, due(&job), false).await)
        })
        .on(CASE_DUE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "case")?;
            settled(clock::call(&house, &by, id, due(&job), true).await)
        })
}

pub(crate) fn key_due(loan: Id) -> String {
    format!("{KEY_DUE}:{loan}")
}

fn due(job: &Job) -> Moment {
    Moment(job.payload["due"].as_i64().unwrap_or_default())
}

fn who(job: &Job, what: &str) -> Result<(Actor, Id), String> {
    let text = job.payload[what].as_str().unwrap_or_default();
    let id = text
        .parse()
        .map_err(|_| format!("the job names no {what}"))?;
    Ok((Actor::system(job.community), id))
}

/// What is done already is no failure of a job.
fn settled(out: Result<(), FormsError>) -> Result<(), String> {
    match out {
        Ok(()) | Err(FormsError::NotFound | FormsError::Changed) => Ok(()),
        Err(e) => Err(e.to_string()),
    }
}
