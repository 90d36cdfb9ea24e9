//! The ledger of a million events verified (read, encoded, hashed, held against its
//! leaf, the tree and the signed heads) against raw SHA-256 over the same bytes.

use std::sync::Arc;
use std::time::Instant;

use foundation::database::Community;
use foundation::database::{DbError, ask};
use foundation::house::House;
use foundation::ledger::{COLUMNS, Entry, Event, Who};
use foundation::params;
use linli::keeping::checkpoints;
use linli::keeping::verify::{Wanted, verify};
use sha2::{Digest as _, Sha256};

use crate::sqlite::{MEASURED, house};
use crate::table::{Line, median};

const EVENTS: i64 = 1_000_000;
/// Recorded in one write.
const TOGETHER: i64 = 1_000;
const ROUNDS: usize = 3;

#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn line() -> anyhow::Result<Line> {
    let folder = tempfile::tempdir_in(".")?;
    let (house, compounds) = house(folder.path(), None, 1).await?;
    let c = compounds[0];
    fill(&house, c).await?;
    checkpoints::tend(&house).await?;
    let (bytes, ends) = bytes(&house, c).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let report = verify(&house.db, &Wanted::default()).await?;
        ours.push(EVENTS as f64 / begun.elapsed().as_secs_f64());
        anyhow::ensure!(
            report.sound() && report.events() > EVENTS as u64,
            "not sound"
        );
        let begun = Instant::now();
        let (mut from, mut all) = (0, 0u8);
        for end in &ends {
            all ^= Sha256::digest(&bytes[from..*end])[0];
            from = *end;
        }
        std::hint::black_box(all);
        bare.push(EVENTS as f64 / begun.elapsed().as_secs_f64());
    }
    Ok(Line {
        what: format!("ledger verify of {EVENTS} events, SQLite, against raw SHA-256"),
        unit: "events/s",
        ours: median(ours),
        bare: median(bare),
        note: format!("{} bytes an event", bytes.len() / ends.len()),
    })
}

async fn fill(house: &Arc<House>, c: Community) -> anyhow::Result<()> {
    for write in 0..EVENTS / TOGETHER {
        let written: Result<(), DbError> = house
            .write(c, &Who::operator(), move |mut tx| {
                let first = write * TOGETHER;
                for n in first..first + TOGETHER - 1 {
                    tx.also(Event::new(MEASURED).with("n", n))?;
                }
                let last = Event::new(MEASURED).with("n", first + TOGETHER - 1);
                tx.record(last, ())
            })
            .await;
        written?;
    }
    Ok(())
}

/// The events as they are hashed, one after another, and where each ends.
async fn bytes(house: &House, c: Community) -> anyhow::Result<(Vec<u8>, Vec<usize>)> {
    let (mut all, mut ends) = (Vec::new(), Vec::new());
    let mut after = 0i64;
    loop {
        let entries: Vec<Entry> = house
            .db
            .all(ask(
                format!(
                    "SELECT {COLUMNS} FROM ledger WHERE community = $1 AND seq > $2 \
                     ORDER BY seq LIMIT 10000"
                ),
                params![c, after],
            ))
            .await?;
        let Some(last) = entries.last() else {
            return Ok((all, ends));
        };
        after = last.seq;
        for entry in &entries {
            all.extend(entry.bytes());
            ends.push(all.len());
        }
    }
}
