//! Finding somebody among 100,000 rooms, and standing 100,000 codes in shelf order.

use std::sync::Arc;
use std::time::Instant;

use foundation::communities::Compound;
use foundation::house::House;
use permissions::Role;
use roster;

use crate::import::ROWS;
use crate::office;
use crate::roster::Home;
use crate::table::{Line, median, p99};

/// What a search may take (issue, G and P): a tenth of what a person notices.
const BAR_MS: f64 = 10.0;
/// How many of each kind are searched.
const SEARCHES: u32 = 200;

/// What is typed to find a household.
type Typed = fn(&Home) -> String;

/// A line for each kind of search, against the bar.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(
    house: &Arc<House>,
    compound: &Compound,
    database: &str,
) -> anyhow::Result<Vec<Line>> {
    let (_, by) = office::hire(house, compound, Role::Specialist).await?;
    let c = compound.number;
    let kinds: [(&str, &str, Typed); 5] = [
        ("room", "a room's code", Home::code),
        ("name", "a name", |h| h.owner.clone()),
        ("phone", "the last four of a phone", |h| {
            h.phone[7..].to_owned()
        }),
        ("phone", "a whole phone", |h| h.phone.clone()),
        ("plate", "a plate", |h| h.plate.clone()),
    ];
    let mut lines = Vec::new();
    for (why, what, typed) in kinds {
        let mut waits = Vec::new();
        for i in 0..SEARCHES {
            // Every third household has a car.
            let home = Home::nth(i * (ROWS / SEARCHES) / 3 * 3);
            let query = typed(&home);
            let begun = Instant::now();
            let hits = roster::search(house, &by, c, &query, 20).await?;
            waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
            anyhow::ensure!(hits.iter().any(|h| h.why == why), "{query}: {hits:?}");
        }
        lines.push(Line {
            what: format!("search by {what} among {ROWS} rooms, {database}, against the bar"),
            unit: "ms",
            ours: median(waits.clone()),
            bare: BAR_MS,
            note: format!("p99 {:.1} ms", p99(waits)),
        });
    }
    if database == "SQLite" {
        lines.push(shelf());
    }
    Ok(lines)
}

/// `linli shelf sort` of as many codes, against sorting the same lines as plain text.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
fn shelf() -> Line {
    // Out of order: 7,919 shares no factor with the number of rows.
    let codes: Vec<String> = (0..u64::from(ROWS))
        .map(|n| Home::nth((n * 7_919 % u64::from(ROWS)) as u32).code())
        .collect();
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..crate::ROUNDS {
        let begun = Instant::now();
        let sorted = hanzi::shelf::sort(&codes);
        ours.push(begun.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(sorted.lines.len(), codes.len());
        let mut plain = codes.clone();
        let begun = Instant::now();
        plain.sort();
        bare.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    Line {
        what: format!("shelf sort of {ROWS} codes, against sorting the same lines as text"),
        unit: "ms",
        ours: median(ours),
        bare: median(bare),
        note: String::new(),
    }
}
