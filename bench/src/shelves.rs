//! The shelves of 100,000 rooms: boxes given, planned, put up, one more found its place, and what
//! the desk's page asks, with the memory that it all leaves behind.

use std::time::Instant;

use dossiers::open;
use foundation::communities::Compound;
use foundation::house::House;
use permissions::actor::Actor;
use shelves::cabinet::{self, Draft};
use shelves::selection::{self, Selection};
use shelves::{arrange, boxes, standing};

use crate::archive::resident;
use crate::import::ROWS;
use crate::table::{Line, median, p99};

/// What the desk's page may take.
const BAR_MS: f64 = 250.0;
const LOOKS: usize = 40;
/// A wall of cabinets for them: six layers of 900 mm each.
const CABINETS: i64 = 700;
/// Cabinets on the desk's page.
const SHOWN: usize = 50;

/// Milliseconds since.
fn since(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// # Errors
/// The house's.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(
    house: &House,
    compound: &Compound,
    database: &str,
    (by, manager): (&Actor, &Actor),
) -> anyhow::Result<Vec<Line>> {
    let c = compound.number;
    open::tend(house, c).await?;
    let begun = Instant::now();
    let made = boxes::tend(house, by).await?;
    eprintln!("{made} boxes in {:.0} ms, {database}", since(begun));
    for number in 1..=CABINETS {
        let draft = Draft {
            there: None,
            name: format!("{number} 號櫃"),
            ord: number,
            layers: 6,
            width: 900,
        };
        cabinet::set(house, manager, draft).await?;
    }
    let before = resident();
    let begun = Instant::now();
    let all = arrange::arrangement(house, by).await?;
    let first = since(begun);
    anyhow::ensure!(all.plan.without_place() == 0, "there is room for all");
    let begun = Instant::now();
    let moved = arrange::apply(house, by, &all.digest(), None).await?;
    eprintln!("{moved} boxes put up in {:.0} ms, {database}", since(begun));
    drop(all);
    let mut plans = Vec::new();
    let mut pages = Vec::new();
    for nth in 0..LOOKS {
        // Somebody moves a box, and the next look plans anew.
        let some = selection::choose(house, by, &Selection::default())
            .await?
            .boxes;
        let one = &some[nth * 7 % some.len()];
        standing::move_box(house, by, one.id, one.version, None).await?;
        let begun = Instant::now();
        let all = arrange::arrangement(house, by).await?;
        plans.push(since(begun));
        anyhow::ensure!(all.to_move() <= nth + 1, "{} to move", all.to_move());
        let begun = Instant::now();
        let all = arrange::arrangement(house, by).await?;
        standing::overview(house, by, &all.cabinets[..SHOWN]).await?;
        standing::nowhere(house, by).await?;
        boxes::without(house, by).await?;
        boxes::unlabelled(house, by).await?;
        pages.push(since(begun));
    }
    let begun = Instant::now();
    let outdated = Selection {
        outdated: true,
        ..Selection::default()
    };
    let chosen = selection::choose(house, by, &outdated).await?;
    let choosing = since(begun);
    let begun = Instant::now();
    let again = boxes::tend(house, by).await?;
    anyhow::ensure!(again == 0, "each has its box");
    Ok(vec![
        Line {
            what: format!("the shelves' page of {ROWS} rooms, {database}, against the bar"),
            unit: "ms",
            ours: median(pages.clone()),
            bare: BAR_MS,
            note: format!(
                "p99 {:.0} ms; labels of {} boxes chosen in {choosing:.0} ms; nothing to tend in \
                 {:.0} ms",
                p99(pages),
                chosen.count,
                since(begun)
            ),
        },
        Line {
            what: format!("a plan of {made} boxes made anew, {database}, against the first"),
            unit: "ms",
            ours: median(plans.clone()),
            bare: first,
            note: format!(
                "p99 {:.0} ms; resident {:.0} MB before the first, {:.0} MB after the last",
                p99(plans),
                before,
                resident()
            ),
        },
    ])
}
