//! The rolling reading: each night a thirtieth of the strongroom, every byte of it within thirty
//! days. Damage is named in the house's log, put right from the replica that the operator named,
//! and told until it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::database::{Database, DbError, HOUSE};
use foundation::house::House;
use foundation::jobs::{Job, Runner, arm};
use foundation::ledger::{Event, Who};
use permissions::actor::Actor;
use serde::{Deserialize, Serialize};
use serde_json::json;
use strongroom::FIXITY_SLICES;

use crate::store::installed;
use crate::upkeep::{self, Found, Part};
use crate::vault::Vault;
use crate::{ArchiveError, events};

/// The nightly job.
pub const READ: &str = "archive.fixity";
/// Where the last reading, and the folder of the replica, stand in the installation's table.
const LAST: &str = "strongroom-fixity";
const REPLICA: &str = "strongroom-replica";
/// At half past two: before the office comes, after what runs at midnight.
const AT: i64 = 2 * HOUR + 30 * MINUTE;
/// A reading that is older means that nights were missed.
pub const STALE_AFTER: i64 = 2 * DAY;

/// The last night's reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    pub slice: u32,
    pub objects: u64,
    pub files: u64,
    pub bytes: u64,
    /// Slots of the key store that were opened.
    #[serde(default)]
    pub slots: u64,
    /// Paths of what does not fit and could not be put right, at most [`NAMED_MAX`].
    pub damages: Vec<String>,
    pub healed: usize,
}

/// Damages that are named one by one; the ledger has their number.
pub const NAMED_MAX: usize = 100;

/// Registers the job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(READ, |house: Arc<House>, _: Job| async move {
        // Tomorrow's first: whatever fails tonight, it is read again.
        plan(&house).await.map_err(|e| e.to_string())?;
        match read(&house).await {
            // Another node keeps the strongroom, and reads it.
            Ok(_) | Err(ArchiveError::Elsewhere) => Ok(()),
            Err(e) => Err(e.to_string()),
        }
    })
}

/// Plans the next night's reading, one for the whole house.
pub async fn plan(house: &House) -> Result<(), DbError> {
    let today = Moment::at_start_of(house.now().date());
    let next = if house.now() < today.plus(AT) {
        today.plus(AT)
    } else {
        today.plus(DAY + AT)
    };
    let name = format!("{READ}:{}", next.date());
    arm(&house.db, HOUSE, READ, &name, &json!({}), next).await
}

/// Reads the slice of tonight, and those of nights that were missed; `None` where there is no strongroom yet.
pub async fn read(house: &House) -> Result<Option<Reading>, ArchiveError> {
    if !Vault::is_made(house) {
        return Ok(None);
    }
    // The next after the last; after missed nights as many as were missed, up to all of them.
    let last = last(house).await?;
    let slices = FIXITY_SLICES;
    let (first, nights) = match &last {
        Some(last) => {
            let nights = (house.now().0 - last.at + DAY / 2).div_euclid(DAY);
            let nights = nights.clamp(1, i64::from(slices));
            (last.slice + 1, u32::try_from(nights).unwrap_or(1))
        }
        None => (0, 1),
    };
    let these: Vec<u32> = (0..nights).map(|n| (first + n) % slices).collect();
    let slice = these.last().copied().unwrap_or(0);
    let found = read_slices(house, &these).await?;
    let mut reading = Reading {
        at: house.now().0,
        slice,
        objects: found.root.objects,
        files: found.root.files,
        bytes: found.root.bytes,
        slots: found.slots.files,
        ..Reading::default()
    };
    let damages = found.damages().count();
    let mut left = damages;
    if left > 0 {
        tracing::error!(damages, slice, "the strongroom is damaged");
        if let Some(root) = replica(house).await? {
            let by = Actor::system(HOUSE).who();
            match upkeep::mend(house, &by, &root, &found).await {
                Ok(done) => reading.healed = done.root.healed.len(),
                Err(e) => tracing::error!(error = %e, "the replica did not help"),
            }
            let again = read_slices(house, &these).await?;
            left = again.damages().count();
            reading.damages = named(&again);
        } else {
            reading.damages = named(&found);
        }
    }
    let (files, slots) = (found.root.files as i64, found.slots.files as i64);
    let found = damages as i64;
    let kept = serde_json::to_string(&reading).unwrap_or_default();
    house
        .write(HOUSE, &Actor::system(HOUSE).who(), move |mut tx| {
            tx.execute(installed::set(LAST, &kept))?;
            let event = Event::new(events::FIXITY_READ)
                .with("slice", slice)
                .with("files", files)
                .with("slots", slots)
                .with("damages", found)
                .with("left", left as i64);
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await?;
    Ok(Some(reading))
}

async fn read_slices(house: &House, these: &[u32]) -> Result<Found, ArchiveError> {
    let mut all = Found::default();
    for slice in these {
        let found = upkeep::verify(house, Part::Slice(*slice)).await?;
        all.add(found.unwrap_or_default());
    }
    Ok(all)
}

fn named(found: &Found) -> Vec<String> {
    let paths = found.damages().take(NAMED_MAX);
    paths.map(|d| d.path.clone()).collect()
}

/// The last night's reading.
pub async fn last(house: &House) -> Result<Option<Reading>, DbError> {
    last_of(&house.db).await
}

/// The same of a database that is only looked at.
pub async fn last_of(db: &Database) -> Result<Option<Reading>, DbError> {
    let kept: Option<(String,)> = db.optional(installed::value(LAST)).await?;
    Ok(kept.and_then(|(kept,)| serde_json::from_str(&kept).ok()))
}

/// Names the folder that holds a copy of the strongroom (`root/` in it), or none.
///
/// # Errors
/// [`ArchiveError::Io`] when no copy lies there.
pub async fn set_replica(house: &House, by: &Who, to: Option<&Path>) -> Result<(), ArchiveError> {
    if let Some(path) = to
        && !path.join("root").is_dir()
    {
        let what = format!("{} holds no root/", path.display());
        return Err(std::io::Error::new(std::io::ErrorKind::NotFound, what).into());
    }
    let path = to.map(|p| p.display().to_string());
    house
        .write(HOUSE, by, move |mut tx| {
            tx.execute(match &path {
                Some(path) => installed::set(REPLICA, path),
                None => installed::drop(REPLICA),
            })?;
            let event = Event::new(events::REPLICA_SET).with("named", path.is_some());
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await
}

/// The folder that holds a copy of the strongroom, where the operator named one.
pub async fn replica(house: &House) -> Result<Option<PathBuf>, DbError> {
    let kept: Option<(String,)> = house.db.optional(installed::value(REPLICA)).await?;
    Ok(kept.map(|(path,)| PathBuf::from(path)))
}
