//! A building is prepared for its handover: the forms of each home are made and got ready for
//! signature, some homes at a time, in the name of whoever asked. What was cut off goes on behind
//! the homes that are done; nothing is made twice.

use std::sync::Arc;

use accounts::{Side, roles};
use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, enqueue};
use foundation::ledger::{Audience, Door, Event};
use foundation::page::{Lang, Words};
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::json;
use tokio::sync::Mutex;

use crate::filled::{Head, State};
use crate::store::preparing as store;
use crate::{FormsError, events, fill, handover};

/// The job that prepares some homes.
pub const PREPARE: &str = "forms.prepare";
/// Homes of one go: some seconds, well within a job's lease.
pub const SLICE: usize = 25;

/// A building that is or was prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparing {
    pub id: Id,
    pub building: String,
    /// In whose name.
    pub account: Id,
    pub lang: String,
    pub asked_at: Moment,
    /// Behind which home it goes on, in shelf order.
    pub mark: (Vec<u8>, String),
    /// Homes when it was asked, those gone through, and papers that are ready.
    pub homes: i64,
    pub done: i64,
    pub ready: i64,
    pub ended_at: Option<Moment>,
}

impl FromRow for Preparing {
    fn from_row(row: &mut Row) -> Result<Preparing, DbError> {
        Ok(Preparing {
            id: row.next()?,
            building: row.next()?,
            account: row.next()?,
            lang: row.next()?,
            asked_at: row.next()?,
            mark: (row.next()?, row.next()?),
            homes: row.next()?,
            done: row.next()?,
            ready: row.next()?,
            ended_at: row.next()?,
        })
    }
}

/// A home, and its key in shelf order.
struct Home {
    head: Head,
    key: Vec<u8>,
}

impl FromRow for Home {
    fn from_row(row: &mut Row) -> Result<Home, DbError> {
        Ok(Home {
            head: Head::from_row(row)?,
            key: row.next()?,
        })
    }
}

/// One slice at a time in this process.
#[derive(Default)]
struct Hand(Mutex<()>);

/// Registers the job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(PREPARE, |house: Arc<House>, job: Job| async move {
        let id = job.payload["preparing"].as_str().unwrap_or_default();
        let id: Id = id
            .parse()
            .map_err(|_| "the job names nothing to prepare".to_owned())?;
        match go_on(&house, job.community, id, SLICE).await {
            Ok(_) | Err(FormsError::NotFound | FormsError::Changed) => Ok(()),
            Err(e) => Err(e.to_string()),
        }
    })
}

/// The newest preparation of a building.
pub async fn newest(
    house: &House,
    by: &Actor,
    building: &str,
) -> Result<Option<Preparing>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::newest(by.community, building);
    Ok(house.db.optional(asked).await?)
}

/// Asks that a building is prepared; one that is being prepared is left to it.
///
/// # Errors
/// [`FormsError::NotFound`] where the building has no homes.
pub async fn ask(house: &House, by: &Actor, building: &str, lang: Lang) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    by.may(Permission::PersonUnmask)?;
    let c = by.community;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let (homes,): (i64,) = house.db.one(store::count(c, building)).await?;
    if homes == 0 {
        return Err(FormsError::NotFound);
    }
    let before = newest(house, by, building).await?;
    if before.is_some_and(|p| p.ended_at.is_none()) {
        return Ok(());
    }
    let new = Preparing {
        id: house.id(),
        building: building.to_owned(),
        account,
        lang: lang.tag().to_owned(),
        asked_at: house.now(),
        mark: Default::default(),
        homes,
        done: 0,
        ready: 0,
        ended_at: None,
    };
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            // Another may have asked for the same in this moment.
            if tx.execute(store::insert(c, &new))? == 0 {
                return Err(FormsError::Changed);
            }
            let now = tx.now();
            plan(&mut tx, new.id, 0, now)?;
            let event = Event::new(events::PREPARING)
                .about("preparing", new.id)
                .to(Audience::Staff)
                .with("homes", homes);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Plans the slice that begins behind so many homes.
fn plan(tx: &mut Tx<'_>, id: Id, done: i64, now: Moment) -> Result<(), DbError> {
    let name = format!("{PREPARE}:{id}:{done}");
    enqueue(tx, PREPARE, &name, &json!({ "preparing": id }), now)
}

/// Prepares the next homes, at most so many; whether that was all.
///
/// # Errors
/// Whatever stops it: the same call goes on where it stopped.
pub async fn go_on(house: &House, c: Community, id: Id, most: usize) -> Result<bool, FormsError> {
    let hand: Arc<Hand> = house.kept();
    let _turn = hand.0.lock().await;
    let found: Option<Preparing> = house.db.optional(store::one(c, id)).await?;
    let p = found.ok_or(FormsError::NotFound)?;
    if p.ended_at.is_some() {
        return Ok(true);
    }
    let by = roles::actor(house, p.account, Side::Staff, c, Door::Clock).await?;
    let may = by.has(Permission::ArchiveFile) && by.has(Permission::PersonUnmask);
    let homes: Vec<Home> = if may {
        let asked = store::homes_after(c, &p.building, &p.mark, most as i64);
        house.db.all(asked).await?
    } else {
        // Whoever asked has another task by now: nothing more is done in that name.
        Vec::new()
    };
    let words = Words::new(Lang::from_tag(&p.lang).unwrap_or_default());
    let mut ready = 0;
    for one in &homes {
        ready += home(house, &by, one.head.dossier, &words).await?;
    }
    let last = homes.len() < most;
    let mark = homes.last().map_or_else(
        || p.mark.clone(),
        |h| (h.key.clone(), h.head.dossier.to_string()),
    );
    went_on(house, c, &p, homes.len() as i64, ready, mark, last).await?;
    Ok(last)
}

/// The forms of one home; how many are ready for signature.
async fn home(house: &House, by: &Actor, dossier: Id, words: &Words) -> Result<i64, FormsError> {
    match handover::begin(house, by, dossier, words).await {
        // Its tenure ended meanwhile.
        Err(FormsError::Ended | FormsError::NotFound) => return Ok(0),
        begun => begun?,
    }
    let mut ready = 0;
    let there = handover::one(house, by, dossier).await?;
    for form in there.forms.iter().filter(|f| f.open_to(by.account)) {
        match form.state {
            State::Printed => ready += 1,
            _ => match fill::print(house, by, form.id, form.version).await {
                Ok(()) => ready += 1,
                // A home without an owner on the roster is filled in by hand first; one that
                // somebody works on at this moment is theirs.
                Err(FormsError::Missing(_) | FormsError::Changed | FormsError::State(_)) => {}
                Err(e) => return Err(e),
            },
        }
    }
    Ok(ready)
}

/// Notes how far it is, and plans what is left.
async fn went_on(
    house: &House,
    c: Community,
    p: &Preparing,
    homes: i64,
    ready: i64,
    mark: (Vec<u8>, String),
    last: bool,
) -> Result<(), FormsError> {
    let (id, before) = (p.id, p.done);
    let (done, papers) = (p.done + homes, p.ready + ready);
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let ended = last.then_some(now);
            let far = store::went_on(c, id, before, (done, papers), &mark, ended);
            if tx.execute(far)? == 0 {
                return Err(FormsError::Changed);
            }
            if !last {
                plan(&mut tx, id, done, now)?;
            }
            let event = Event::new(events::PREPARED)
                .about("preparing", id)
                .to(Audience::Staff)
                .with("homes", done)
                .with("papers", papers)
                .with("last", last);
            Ok(tx.record(event, ())?)
        })
        .await
}
