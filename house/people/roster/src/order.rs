//! The office's own shelf order (archive.md P5.1): what hangs on the wall wins over the rules,
//! for buildings, for units, and for the heights of floors. It is looked at by [`preview`]
//! before it is [`set`]; then the keys of all rooms are made anew, 500 to a write, by [`apply`].

mod apply;
mod preview;
mod standing;

use foundation::database::{Community, DbError, FromRow, Look, Reader, Row};
use foundation::house::House;
use foundation::jobs::{self, Job, Runner};
use foundation::ledger::{Audience, Event};
use hanzi::room::{Overrides, RoomCode};
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::json;
use std::sync::Arc;

use super::store::order as store;
use super::{RosterError, events};

pub use apply::{apply, settled, settled_in};
pub use preview::{MOVES_MAX, Move, Preview, preview};
pub use standing::{Named, Standing, standing};

/// Names in an order of a compound's own: 100 buildings with 4 units and 15 odd floors each.
pub const LISTED_MAX: usize = 2_000;
/// The last place that is given to a building or unit.
pub const PLACE_MAX: i64 = 9_999;
/// Floors stand at most so many tenths of a storey above or below the ground.
pub const HEIGHT_X10_MAX: i64 = 3_000;
/// The job that makes the keys, should whoever set the order not come to it.
pub const JOB: &str = "roster.order";

/// What an office puts in an order of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Building,
    Unit,
    Floor,
}

impl Level {
    pub fn word(self) -> &'static str {
        match self {
            Level::Building => "building",
            Level::Unit => "unit",
            Level::Floor => "floor",
        }
    }

    /// The name of this level in a code.
    fn of(self, code: &RoomCode) -> Option<RoomCode> {
        match self {
            Level::Building => code.only_building(),
            Level::Unit => code.only_unit(),
            Level::Floor => code.only_floor(),
        }
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub level: Level,
    /// As a room code names it: 3棟, 3棟2單元, 3棟3A層.
    pub name: String,
    /// Of a building or unit its place among its like, from 1; of a floor its height in tenths
    /// of a storey (2F is 20).
    pub ord: i64,
}

impl FromRow for Listed {
    fn from_row(row: &mut Row) -> Result<Listed, DbError> {
        let level = match row.next::<String>()?.as_str() {
            "building" => Level::Building,
            "unit" => Level::Unit,
            "floor" => Level::Floor,
            other => return Err(DbError::Shape(format!("a level of the order: {other}"))),
        };
        Ok(Listed {
            level,
            name: row.next()?,
            ord: row.next()?,
        })
    }
}

/// What is wrong with an order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderFault {
    #[error("no room stands in {0}")]
    NoSuch(String),
    #[error("{0} is named twice")]
    Twice(String),
    #[error("two stand at one place: {0} and {1}")]
    OnePlace(String, String),
    #[error("{0} has no place from 1 to {PLACE_MAX}, or no height within 300 storeys")]
    Place(String),
    #[error("an order has at most {LISTED_MAX} names")]
    TooMany,
}

/// The order of a compound; nothing overridden is the usual case. One question.
pub async fn of(house: &House, c: Community) -> Result<Overrides, DbError> {
    overrides(&house.db.all(store::listed(c)).await?)
}

/// As [`of`], inside a write: whoever stores a key that was made before asks whether the order
/// is still the one that it was made by.
pub fn within(look: &mut impl Look, c: Community) -> Result<Overrides, DbError> {
    overrides(&look.all::<Listed>(store::listed(c))?)
}

/// As [`within`], for rows that are staged unseen: on PostgreSQL those run beside the compound's
/// writes, so the order is held until they are in.
pub fn hold(staging: &mut Reader<'_>, c: Community) -> Result<Overrides, DbError> {
    staging.execute(store::hold(c))?;
    within(staging, c)
}

/// A code of one room in each unit (or building without units) that has any.
pub fn units(look: &mut impl Look, c: Community) -> Result<Vec<RoomCode>, DbError> {
    let found: Vec<(String,)> = look.all(store::units(c))?;
    let codes = found.iter().map(|(normal,)| {
        RoomCode::parse(normal).map_err(|e| DbError::Shape(format!("a room's code {normal}: {e}")))
    });
    codes.collect()
}

fn overrides(lines: &[Listed]) -> Result<Overrides, DbError> {
    let mut site = Overrides::new();
    for line in lines {
        let place = u32::try_from(line.ord).unwrap_or(0);
        match line.level {
            Level::Building => site.building(&line.name, place),
            Level::Unit => site.unit(&line.name, place),
            Level::Floor => site.floor(&line.name, i32::try_from(line.ord).unwrap_or(0)),
        }
        .map_err(|e| DbError::Shape(format!("{} of the order: {e}", line.name)))?;
    }
    Ok(site)
}

/// The lines with their names in the one form, in the order of their places.
///
/// # Errors
/// [`RosterError::Order`] when a name is named twice or is no room's, when two buildings or two
/// units of a building share a place, or when there are too many.
async fn checked(
    house: &House,
    c: Community,
    wanted: &[Listed],
) -> Result<Vec<Listed>, RosterError> {
    if wanted.len() > LISTED_MAX {
        return Err(OrderFault::TooMany.into());
    }
    let known = standing::names(house, c).await?;
    let mut lines: Vec<Listed> = Vec::with_capacity(wanted.len());
    for line in wanted {
        let no_such = || OrderFault::NoSuch(line.name.clone());
        let code = RoomCode::parse(&line.name).map_err(|_| no_such())?;
        // A name of more than its level (a room, a unit's building) would mean another thing.
        let named = line.level.of(&code).filter(|n| *n == code);
        let name = named.ok_or_else(no_such)?.normal();
        if !known.has(line.level, &name) {
            return Err(no_such().into());
        }
        let fits = match line.level {
            Level::Floor => line.ord.abs() <= HEIGHT_X10_MAX,
            _ => (1..=PLACE_MAX).contains(&line.ord),
        };
        if !fits {
            return Err(OrderFault::Place(line.name.clone()).into());
        }
        lines.push(Listed {
            name,
            ..line.clone()
        });
    }
    lines.sort_by(|a, b| (a.level, a.ord, &a.name).cmp(&(b.level, b.ord, &b.name)));
    let mut seen = std::collections::HashMap::new();
    let mut names = std::collections::HashSet::new();
    for line in &lines {
        if !names.insert((line.level, &line.name)) {
            return Err(OrderFault::Twice(line.name.clone()).into());
        }
        // Floors of two names may be of one height: the rules part them.
        let among = match line.level {
            Level::Building => standing::phase_of(&line.name),
            Level::Unit => standing::building_of(&line.name),
            Level::Floor => continue,
        };
        if let Some(other) = seen.insert((line.level, among, line.ord), &line.name) {
            return Err(OrderFault::OnePlace(other.clone(), line.name.clone()).into());
        }
    }
    Ok(lines)
}

/// Sets the order and makes the keys of all rooms by it; `version` is the one that was seen.
/// What breaks off is finished by a job.
///
/// # Errors
/// [`RosterError::Order`] as [`preview`]; [`RosterError::Changed`] when somebody set another
/// meanwhile.
pub async fn set(
    house: &House,
    by: &Actor,
    c: Community,
    version: i64,
    wanted: &[Listed],
) -> Result<(), RosterError> {
    begin(house, by, c, version, wanted).await?;
    apply(house, c).await?;
    Ok(())
}

/// Sets the order and leaves the keys to the job. The first half of [`set`].
pub async fn begin(
    house: &House,
    by: &Actor,
    c: Community,
    version: i64,
    wanted: &[Listed],
) -> Result<(), RosterError> {
    by.may(Permission::ArchiveSet)?;
    let lines = checked(house, c, wanted).await?;
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            let state: Option<(i64, i64)> = tx.optional(store::state(c))?;
            if state.map_or(0, |s| s.0) != version {
                return Err(RosterError::Changed);
            }
            tx.execute(store::unlist(c))?;
            for line in &lines {
                tx.execute(store::list(c, line.level.word(), &line.name, line.ord))?;
            }
            let version = version + 1;
            tx.execute(store::set_state(c, version))?;
            let now = tx.now();
            jobs::enqueue(&mut tx, JOB, &format!("{JOB}:{version}"), &json!({}), now)?;
            let of = |level| lines.iter().filter(|l| l.level == level).count() as i64;
            let event = Event::new(events::ORDER_SET)
                .to(Audience::Staff)
                .with("buildings", of(Level::Building))
                .with("units", of(Level::Unit))
                .with("floors", of(Level::Floor))
                .with("version", version);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Registers the job that finishes what a set order began.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(JOB, |house: Arc<House>, job: Job| async move {
        let done = apply(&house, job.community).await;
        done.map(|_| ()).map_err(|e| e.to_string())
    })
}
