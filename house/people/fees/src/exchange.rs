//! The nightly exchange of files with the office's own fee system (SOP 4.7): a folder per
//! compound that the operator names. Files that the other system lays into `in/` are taken
//! through the importer of fees and moved to `done/` or, with a list of what was not
//! taken, to `failed/`; bills and balances go out into `out/`.
//!
//! This room keeps the settings and what came of each night; the imports room does the
//! taking, because it knows the importer.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::imported::Counts;
use super::{FeesError, events, store};
use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{Chore, Community, DbError, HOUSE, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// The job that exchanges files; done by the imports room.
pub const EXCHANGE: &str = "fees.exchange";
/// The longest path of a folder: what Linux takes.
pub const FOLDER_BYTES_MAX: usize = 4_096;
/// Taken files that the page shows: two months of nights.
pub const FILES_SHOWN: i64 = 60;
/// The subfolders, in the order in which a file meets them.
pub const IN: &str = "in";
pub const OUT: &str = "out";
pub const DONE: &str = "done";
pub const FAILED: &str = "failed";

/// How an exchange, or one file of it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All was taken.
    Good,
    /// Some rows were not taken; they are listed beside the file.
    Faults,
    /// Nothing was taken.
    Failed,
    /// The very same file was taken before.
    Again,
}

impl Ended {
    /// As stored, and in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Ended::Good => "good",
            Ended::Faults => "faults",
            Ended::Failed => "failed",
            Ended::Again => "again",
        }
    }

    pub fn from_word(word: &str) -> Option<Ended> {
        let all = [Ended::Good, Ended::Faults, Ended::Failed, Ended::Again];
        all.into_iter().find(|e| e.word() == word)
    }
}

/// What was taken in, or laid out, in counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    pub files: u64,
    /// Files of which something was not taken.
    pub faulty: u64,
    /// Files that were still being written, or too many for one night.
    pub waiting: u64,
    pub bills: u64,
    pub payments: u64,
    /// Cells that were not taken.
    pub faults: u64,
    /// Bills laid out.
    pub out: u64,
}

impl Tally {
    /// Adds what a file brought.
    pub fn add(&mut self, bills: Counts, payments: Counts, faults: u64) {
        self.bills += bills.added + bills.changed;
        self.payments += payments.added + payments.changed;
        self.faults += faults;
    }
}

/// A compound's exchange as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub folder: PathBuf,
    /// Minutes after midnight.
    pub minute: i64,
    pub active: bool,
    /// The last one and how it ended.
    pub last: Option<(Moment, Ended)>,
    /// Why it failed: one of [`WHYS`], or empty.
    pub why: String,
    pub tally: Tally,
}

/// Why an exchange, or a file of it, failed.
pub const WHYS: [&str; 5] = ["folder", "file", "table", "large", "busy"];

/// A file that was taken, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub id: Id,
    pub at: Moment,
    pub file_name: String,
    pub digest: [u8; 32],
    pub ended: Ended,
    pub why: &'static str,
    pub tally: Tally,
}

/// What an exchange did.
#[derive(Clone, Debug)]
pub struct Synced {
    pub ended: Ended,
    pub why: &'static str,
    pub tally: Tally,
}

/// The exchange of the actor's compound, where one was set; for whoever reads fees or sets it.
pub async fn exchange(house: &House, by: &Actor) -> Result<Option<Exchange>, FeesError> {
    if !by.has(Permission::FeesRead) && !by.has(Permission::ImportRun) {
        by.may(Permission::HouseOperate)?;
    }
    Ok(house.db.optional(store::exchange(by.community)).await?)
}

/// The files of the last nights, newest first, at most [`FILES_SHOWN`].
pub async fn taken_files(house: &House, by: &Actor) -> Result<Vec<store::TakenRow>, FeesError> {
    if !by.has(Permission::ImportRun) {
        by.may(Permission::FeesRead)?;
    }
    let ask = store::taken_files(by.community, FILES_SHOWN);
    Ok(house.db.all(ask).await?)
}

/// Sets the folder and the hour; the folder and its four parts are made if they are not there.
///
/// # Errors
/// [`FeesError::Folder`] when it is no absolute path, lies in the house's own data, or
/// cannot be written.
pub async fn set_exchange(
    house: &House,
    by: &Actor,
    folder: &str,
    minute: i64,
    active: bool,
) -> Result<(), FeesError> {
    by.may(Permission::HouseOperate)?;
    if !(0..DAY / MINUTE).contains(&minute) {
        return Err(FeesError::Hour);
    }
    let (own, wanted) = (house.data_dir.clone(), folder.to_owned());
    let made = tokio::task::spawn_blocking(move || prepared(&own, &wanted)).await;
    let folder = made.map_err(|_| FeesError::Folder)??;
    let text = folder.to_str().ok_or(FeesError::Folder)?.to_owned();
    let now = house.now();
    let due = next_night(now, minute);
    let who = by.who_for(Permission::HouseOperate);
    let c = by.community;
    house
        .write::<_, FeesError, _>(c, &who, move |mut tx| {
            tx.execute(store::put_exchange(c, &text, minute, active))?;
            if active {
                let id = job_of(due.date());
                jobs::enqueue(&mut tx, EXCHANGE, &id, &serde_json::json!({}), due)?;
            }
            let event = Event::new(events::EXCHANGE_SET)
                .to(Audience::Staff)
                .with("active", active)
                .with("minute", minute);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Lets the exchange run now, besides its hour. Asked for again before it is done, it runs
/// once; who asked stands in the ledger each time.
///
/// # Errors
/// [`FeesError::NoExchange`] where none was set.
pub async fn exchange_now(house: &House, by: &Actor) -> Result<(), FeesError> {
    by.may(Permission::ImportRun)?;
    exchange(house, by).await?.ok_or(FeesError::NoExchange)?;
    let c = by.community;
    let id = format!("{ASKED}{}", house.id());
    let who = by.who_for(Permission::ImportRun);
    house
        .write::<_, FeesError, _>(c, &who, move |mut tx| {
            let waits: Option<(String,)> = tx.optional(store::waiting_job(c, ASKED))?;
            if waits.is_none() {
                let now = tx.now();
                jobs::enqueue(&mut tx, EXCHANGE, &id, &serde_json::json!({}), now)?;
            }
            let event = Event::new(events::EXCHANGE_ASKED)
                .to(Audience::Staff)
                .with("again", waits.is_some());
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Begins the ids of jobs that people asked for.
const ASKED: &str = "fees.exchange:now:";

/// The job of a night.
fn job_of(night: Date) -> String {
    format!("{EXCHANGE}:{night}")
}

/// The next time that it is `minute` after midnight.
pub fn next_night(now: Moment, minute: i64) -> Moment {
    let today = Moment::at_start_of(now.date()).plus(minute * MINUTE);
    if today > now { today } else { today.plus(DAY) }
}

/// Sees to it that the next night's exchange waits in every compound that has one set: at
/// each start of the house.
pub async fn arm_all(house: &House) -> Result<(), FeesError> {
    let now = house.now();
    let mut after = HOUSE;
    loop {
        let set: Vec<(Community, i64)> = house.db.all(store::exchanges(after)).await?;
        let Some((last, _)) = set.last() else {
            return Ok(());
        };
        after = *last;
        let nights = set.into_iter().map(|(c, minute)| {
            let due = next_night(now, minute);
            (c, job_of(due.date()), due)
        });
        jobs::arm_many(&house.db, EXCHANGE, nights.collect()).await?;
    }
}

/// Sees to it that the next night's exchange is waiting, where one is set: at each exchange,
/// so that one that fails for good ends nothing.
pub async fn arm(house: &House, c: Community) -> Result<(), FeesError> {
    let set: Option<Exchange> = house.db.optional(store::exchange(c)).await?;
    if let Some(set) = set.filter(|s| s.active) {
        let due = next_night(house.now(), set.minute);
        let id = job_of(due.date());
        jobs::arm(&house.db, c, EXCHANGE, &id, &serde_json::json!({}), due).await?;
    }
    Ok(())
}

/// Whether the very same file was taken whole before.
pub async fn was_taken(house: &House, c: Community, digest: &[u8; 32]) -> Result<bool, FeesError> {
    let found: Option<(Id,)> = house.db.optional(store::taken_before(c, digest)).await?;
    Ok(found.is_some())
}

/// Remembers a file at once, so that whoever dies after it does not take it again.
pub async fn remember_file(house: &House, c: Community, taken: Taken) -> Result<(), FeesError> {
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::put_taken(c, &taken))
        })
        .await?;
    Ok(())
}

/// Records what an exchange did.
pub async fn synced(house: &House, by: &Actor, synced: Synced) -> Result<(), FeesError> {
    by.may(Permission::ImportRun)?;
    let c = by.community;
    house
        .write::<_, FeesError, _>(c, &by.who_for(Permission::ImportRun), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::put_synced(c, now, &synced))? == 0 {
                return Err(FeesError::NoExchange);
            }
            let tally = synced.tally;
            let event = Event::new(events::EXCHANGED)
                .to(Audience::Staff)
                .with("ended", synced.ended.word())
                .with("files", tally.files as i64)
                .with("bills", tally.bills as i64)
                .with("payments", tally.payments as i64)
                .with("faults", tally.faults as i64)
                .with("out", tally.out as i64);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The folder as the machine knows it, with its parts made.
fn prepared(own: &Path, folder: &str) -> Result<PathBuf, FeesError> {
    let folder = folder.trim();
    let path = Path::new(folder);
    if folder.len() > FOLDER_BYTES_MAX || !path.is_absolute() || path.parent().is_none() {
        return Err(FeesError::Folder);
    }
    // The way to it must be there; the folder itself may be new.
    let above = path.parent().ok_or(FeesError::Folder)?;
    let name = path.file_name().ok_or(FeesError::Folder)?;
    let mut whole = above.canonicalize().map_err(|_| FeesError::Folder)?;
    whole.push(name);
    if whole.exists() {
        whole = whole.canonicalize().map_err(|_| FeesError::Folder)?;
    }
    // Nobody fetches the house's own files by naming their folder.
    let own = own.canonicalize();
    if own.is_ok_and(|own| whole.starts_with(&own) || own.starts_with(&whole)) {
        return Err(FeesError::Folder);
    }
    for part in [IN, OUT, DONE, FAILED] {
        std::fs::create_dir_all(whole.join(part)).map_err(|_| FeesError::Folder)?;
    }
    Ok(whole)
}
