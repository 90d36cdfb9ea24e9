//! The demo: a believable compound of 1,200 rooms with a year of life, made by running
//! the same importers and verbs that an office uses, under a clock turned by hand. All
//! names and numbers are invented.

mod board;
mod census;
mod changing;
mod counter;
mod desk;
mod looks;
mod money;
mod names;
mod neighbours;
mod owing;
mod papers;
mod questions;
mod scenes;
pub mod sheet;
mod speech;
mod staff;
mod talk;
mod year;

use std::sync::Arc;

use anyhow::Context as _;
use sheets::{Layout, Limits, guess_all};

use foundation::clock::{DAY, HOUR, HandClock, Moment};
use foundation::communities::{self, Compound};
use foundation::database::HOUSE;
use foundation::house::House;
use imports::{self, Options};
use permissions::Permission;
use permissions::actor::Actor;

/// The demo compound's name.
pub const NAME: &str = "春和苑";
/// About so many people stand on its roster: the blind indexes are planned for it.
const PEOPLE: u64 = 1_400;

/// Fills an empty house. `clock` is turned from a year ago to today as the story goes.
pub async fn fill(
    house: &Arc<House>,
    clock: &HandClock,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<()> {
    crate::doors::handover::stand(house);
    let end = house.now();
    // What is told below as of now goes on for more than an hour: nothing lies ahead of it.
    let today = end.plus(-2 * HOUR);
    clock.set(today.plus(-365 * DAY));
    accounts::mark_as_demo(house).await?;
    let who = Actor::operator(HOUSE).who_for(Permission::HouseOperate);
    let compound = communities::create(house, &who, NAME, PEOPLE).await?;

    say("the roster, as a clerk keeps it");
    let rooms = sheet::rooms(&house.chance);
    let book = sheet::roster(&rooms)?;
    roster(house, &compound, &book).await?;

    say("the office");
    let office = staff::hire(house, &compound).await?;

    say("a year of joining");
    let story = year::Story {
        house,
        clock,
        compound: &compound,
        office: &office,
    };
    let owners = year::joining(&story, &rooms, today).await?;

    say("twelve months of fees");
    fees(house, &compound, &rooms, today).await?;

    say("papers for the file room");
    papers::filed(&story).await?;
    papers::cabinets(&story).await?;
    say("what went over the counter");
    counter::weeks(&story).await?;
    changing::week(&story).await?;
    say("reports, repairs and complaints");
    desk::days(&story, &owners, today.plus(-5 * DAY)).await?;

    say("what lies on the desk this morning");
    year::this_week(&story, &rooms, today).await?;
    staff::honour(house, &compound, &owners).await?;
    speech::year(&story, &owners, today).await?;
    say("what the office tells the households");
    board::this_week(&story, &owners).await?;
    say("what neighbours say to each other");
    talk::week(&story, &owners, today).await?;
    neighbours::days(&story, &owners, today).await?;
    looks::asked(&story, &owners, today).await?;
    say("what the assistant was asked");
    questions::week(&story, &owners).await?;
    say("meters, bills and the till");
    money::weeks(&story).await?;
    papers::morning(&story, today).await?;
    papers::succession(&story).await?;
    census::morning(&story, today).await?;
    desk::morning(&story, &owners, end).await?;
    clock.set(end);
    say("who owes, and what was said");
    owing::morning(&story).await?;
    Ok(())
}

async fn roster(house: &House, compound: &Compound, book: &[u8]) -> anyhow::Result<()> {
    let open = Arc::new(sheets::open(book, "業主名冊.xlsx", &Limits::default())?);
    let read = imports::read(&open, &guess_all(&open, Layout::Roster));
    let digest = house.keys.digest("import-file", book);
    let by = Actor::operator(compound.number);
    let file = ("業主名冊.xlsx", digest);
    imports::run(
        house,
        &by,
        compound,
        file,
        &read,
        Options::default(),
        &|_, _| (),
    )
    .await
    .context("the demo's own roster")?;
    Ok(())
}

/// The finance office's list of the last twelve months, as it exports it.
async fn fees(
    house: &House,
    compound: &Compound,
    rooms: &[sheet::DemoRoom],
    today: Moment,
) -> anyhow::Result<()> {
    let this = today.date();
    let months: Vec<(i16, i8)> = (1..=12)
        .rev()
        .map(|back| this.saturating_sub(jiff::Span::new().months(back)))
        .map(|day| (day.year(), day.month()))
        .collect();
    let book = sheet::fees(rooms, &months, &house.chance)?;
    let open = sheets::open(&book, "物業費.xlsx", &Limits::default())?;
    let read = imports::read_fees(&open, &guess_all(&open, Layout::Fees));
    let digest = house.keys.digest("import-file", &book);
    let by = Actor::operator(compound.number);
    let file = ("物業費.xlsx", digest);
    imports::run_fees(
        house,
        &by,
        compound,
        file,
        read,
        Options::default(),
        &|_, _| (),
    )
    .await
    .context("the demo's own fee list")?;
    Ok(())
}
