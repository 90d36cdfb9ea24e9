//! The census of 100,000 rooms: making the plan, looking at it again each night, one person's
//! list of the day, and the figures above them.

use std::sync::Arc;
use std::time::Instant;

use census::work::{self, Filter, ROUND_MAX};
use census::{Quarter, coverage, plan, share};
use foundation::communities::Compound;
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use crate::import::ROWS;
use crate::table::{Line, median, p99};

/// The plan of a quarter is made in a night; half a minute leaves the night to others.
const PLAN_BAR_S: f64 = 30.0;
/// A list that somebody waits for.
const LIST_BAR_MS: f64 = 200.0;
const LISTINGS: usize = 40;

/// Planning, tending, listing.
///
/// # Errors
/// The house's.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(
    house: &Arc<House>,
    compound: &Compound,
    database: &str,
    (account, lead): (Id, &Actor),
) -> anyhow::Result<Vec<Line>> {
    let c = compound.number;
    dossiers::open::tend(house, c).await?;
    let q = Quarter::at(house.now());
    let begun = Instant::now();
    let made = plan::tend(house, lead, q).await?;
    let planned = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    plan::tend(house, lead, q).await?;
    let tended = begun.elapsed().as_secs_f64();
    share::spread(house, lead, q).await?;
    let (mut days, mut pages) = (Vec::new(), Vec::new());
    for _ in 0..LISTINGS {
        let begun = Instant::now();
        work::week(house, c, q, account).await?;
        work::round(house, lead, q, account, ROUND_MAX).await?;
        days.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let begun = Instant::now();
        let filter = Filter::default();
        work::page(house, lead, q, &filter, None).await?;
        work::count(house, lead, q, &filter).await?;
        coverage::totals(house, c, q).await?;
        coverage::by_building(house, c, q).await?;
        pages.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let list = |what: &str, waits: Vec<f64>| Line {
        what: format!("{what} among {ROWS} rooms, {database}, against the bar"),
        unit: "ms",
        ours: median(waits.clone()),
        bare: LIST_BAR_MS,
        note: format!("p99 {:.0} ms", p99(waits)),
    };
    Ok(vec![
        Line {
            what: format!(
                "a quarter's census of {ROWS} rooms planned, {database}, against the bar"
            ),
            unit: "s",
            ours: planned,
            bare: PLAN_BAR_S,
            note: format!("{} tenures; looked at again in {tended:.1} s", made.added),
        },
        list("somebody's census round", days),
        list("the census list with its figures", pages),
    ])
}
