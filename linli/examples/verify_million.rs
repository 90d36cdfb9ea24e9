//! Measures verifying: fills a ledger with a million events (or as many as asked),
//! verifies it, and hashes the same bytes raw, in one run.
//!
//! `cargo run --profile dist -p linli --example verify_million [EVENTS]`

// A measurement is the one thing that must look at the machine's own clock.
#![allow(clippy::disallowed_methods)]

use std::sync::Arc;
use std::time::Instant;

use foundation::chance::Chance;
use foundation::clock::SystemClock;
use foundation::database::{DbError, HOUSE, Look, ask};
use foundation::house::{House, Opening};
use foundation::ledger::{COLUMNS, Entry, Event, Who};
use foundation::params;
use linli::keeping::anchors::Sources;
use linli::keeping::checkpoints;
use linli::keeping::events::EXPORTED;
use linli::keeping::verify::{Wanted, verify};
use sha2::{Digest, Sha256};

/// Events of one write: as many as an import's chunk.
const TOGETHER: i64 = 10_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let wanted: i64 = std::env::args()
        .nth(1)
        .map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let house = House::open(Opening {
        data_dir: folder.path().join("data"),
        db_url: std::env::var("LINLI_DB").ok(),
        keys_url: None,
        key_file: Some(folder.path().join("site.key")),
        passphrase: None,
        clock: Arc::new(SystemClock),
        chance: Arc::new(Chance::from_seed(1)),
    })
    .await?;
    let start = Instant::now();
    let mut written = 0;
    while written < wanted {
        let n = TOGETHER.min(wanted - written);
        let ids: Vec<_> = (0..n).map(|_| house.id()).collect();
        house
            .write::<_, DbError, _>(HOUSE, &Who::operator(), move |mut tx| {
                for id in &ids[1..] {
                    tx.also(Event::new(EXPORTED).about("application", *id).with("n", n))?;
                }
                tx.record(Event::new(EXPORTED).about("application", ids[0]), ())
            })
            .await?;
        checkpoints::tend(&house).await?;
        written += n;
    }
    println!(
        "written   {written} events in {:.1} s",
        start.elapsed().as_secs_f64()
    );

    let options = Wanted {
        kinds: Some(linli::event_kinds()),
        sources: Sources {
            key_store: Some(house.keys.store().clone()),
            data_dir: Some(house.data_dir.clone()),
            ..Sources::default()
        },
        ..Wanted::default()
    };
    let start = Instant::now();
    let report = verify(&house.db, &options).await?;
    let verifying = start.elapsed().as_secs_f64();
    anyhow::ensure!(report.sound(), "{:?}", report.communities[0].first_bad);
    println!("verified  {} events in {verifying:.2} s", report.events());

    let entries = house
        .db
        .reading::<_, DbError, _>(|r| {
            let mut all: Vec<Vec<u8>> = Vec::new();
            let rows = format!("SELECT {COLUMNS} FROM ledger ORDER BY community, seq");
            r.each::<Entry>(ask(rows, params![]), |e| {
                all.push(e.bytes());
                Ok(true)
            })?;
            Ok(all)
        })
        .await?;
    let bytes: usize = entries.iter().map(Vec::len).sum();
    let start = Instant::now();
    let mut last = [0u8; 32];
    for entry in &entries {
        // What any verifier must do at least: one leaf and one node for each event.
        let leaf: [u8; 32] = Sha256::digest(entry).into();
        let mut node = Sha256::new();
        node.update(last);
        node.update(leaf);
        last = node.finalize().into();
    }
    let hashing = start.elapsed().as_secs_f64();
    println!("raw SHA-256 of the same {bytes} bytes and as many nodes in {hashing:.2} s");
    println!("ratio     {:.1}", verifying / hashing);
    Ok(())
}
