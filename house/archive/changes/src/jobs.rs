//! What the clock does in this room: each night ended tenures are looked at, each morning whoever
//! checks is told what waits.

use std::sync::Arc;

use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::communities;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::jobs::{Job, Runner, arm_many};

use crate::{sealing, tell};

/// The nightly job.
pub const SEAL: &str = "changes.seal";
/// After the fixity reading of the night has begun, before anybody works.
const AT: i64 = 3 * HOUR + 30 * MINUTE;
/// Tells whoever checks.
pub const TELL: &str = "changes.tell";
/// When the office opens.
const TELL_AT: i64 = 9 * HOUR;

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner
        .on(SEAL, |house: Arc<House>, job: Job| async move {
            // Tomorrow's first: whatever fails tonight, it is looked at again.
            plan_of(&house, &[job.community])
                .await
                .map_err(|e| e.to_string())?;
            let looked = sealing::look(&house, job.community).await;
            looked.map(|_| ()).map_err(|e| e.to_string())
        })
        .on(TELL, |house: Arc<House>, job: Job| async move {
            plan_of(&house, &[job.community])
                .await
                .map_err(|e| e.to_string())?;
            let told = tell::tell(&house, job.community).await;
            told.map(|_| ()).map_err(|e| e.to_string())
        })
}

/// Plans the next night's look, one for each compound; again changes nothing.
pub async fn plan(house: &House) -> Result<(), DbError> {
    let mut after = Community(0);
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else {
            return Ok(());
        };
        after = last.number;
        let numbers: Vec<Community> = part.iter().map(|c| c.number).collect();
        plan_of(house, &numbers).await?;
    }
}

/// The next night's look and the next morning's telling of a compound that was just made, too.
pub async fn plan_of(house: &House, compounds: &[Community]) -> Result<(), DbError> {
    let today = Moment::at_start_of(house.now().date());
    for (kind, at) in [(SEAL, AT), (TELL, TELL_AT)] {
        let next = if house.now() < today.plus(at) {
            today.plus(at)
        } else {
            today.plus(DAY + at)
        };
        let name = format!("{kind}:{}", next.date());
        let jobs = compounds.iter().map(|c| (*c, name.clone(), next)).collect();
        arm_many(&house.db, kind, jobs).await?;
    }
    Ok(())
}
