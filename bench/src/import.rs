//! An import of 100,000 rows through everything (opened, read, planned, sealed, staged,
//! applied, recorded) against a bare parse of the same file by calamine; and what
//! others feel of it, who write small things meanwhile.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use calamine::{Data, Reader as _, Xlsx};
use foundation::communities::{self, Compound};
use foundation::database::Community;
use foundation::house::House;
use permissions::Role;

use crate::table::{Line, median, p99};
use crate::{archive, census, office, postgres, roster, search, shelves, sqlite};

/// A large district.
pub const ROWS: u32 = 100_000;
/// Each takes half a minute.
const ROUNDS: usize = 3;
/// Somebody in the office, and the doors: so often somebody else writes.
const WRITE_EVERY: Duration = Duration::from_millis(10);

/// The lines for one database: the import, and in what it left the searches, the file room, the
/// shelves and the census.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(
    server: Option<&str>,
    [imports, searches, papers, boxes, surveys]: [bool; 5],
) -> anyhow::Result<Vec<Line>> {
    let book = roster::book(ROWS)?;
    let database = if server.is_some() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    let (mut ours, mut bare, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    let mut lines = Vec::new();
    let rounds = if imports { ROUNDS } else { 1 };
    for round in 1..=rounds {
        let begun = Instant::now();
        parse(&book)?;
        bare.push(begun.elapsed().as_secs_f64());

        let folder = tempfile::tempdir_in(".")?;
        let fresh = match server {
            Some(server) => Some(postgres::fresh(server).await?),
            None => None,
        };
        let url = fresh.as_ref().map(|(_, url)| url.clone());
        let (house, numbers) = sqlite::house(folder.path(), url, 1).await?;
        let compound = planned(&house).await?;
        let (stop, other) = (Arc::new(AtomicBool::new(false)), numbers[0]);
        let writing = tokio::spawn(write_on(house.clone(), compound.number, stop.clone()));
        let elsewhere = tokio::spawn(write_on(house.clone(), other, stop.clone()));
        let begun = Instant::now();
        let outcome = office::import(&house, &compound, &book).await?;
        ours.push(begun.elapsed().as_secs_f64());
        stop.store(true, Ordering::Relaxed);
        waits.extend(writing.await??);
        waits.extend(elsewhere.await??);
        anyhow::ensure!(
            outcome.rooms.added == u64::from(ROWS),
            "{:?}",
            outcome.rooms
        );
        if searches && round == rounds {
            lines.extend(search::lines(&house, &compound, database).await?);
        }
        if (papers || boxes || surveys) && round == rounds {
            let (specialist, _) = office::hire(&house, &compound, Role::Specialist).await?;
            let (_, by) = office::hire(&house, &compound, Role::Supervisor).await?;
            let desk = (specialist, &by);
            if papers {
                lines.extend(archive::lines(&house, &compound, database, desk).await?);
            }
            if boxes {
                let (_, manager) = office::hire(&house, &compound, Role::Manager).await?;
                let desk = (&by, &manager);
                lines.extend(shelves::lines(&house, &compound, database, desk).await?);
            }
            if surveys {
                lines.extend(census::lines(&house, &compound, database, desk).await?);
            }
        }
        drop(house);
        if let (Some(server), Some((name, _))) = (server, fresh) {
            postgres::drop_database(server, &name).await?;
        }
    }
    if imports {
        let most = waits.iter().copied().fold(0.0, f64::max);
        let line = Line {
            what: format!("import of {ROWS} rows, {database}, against a bare parse"),
            unit: "s",
            ours: median(ours),
            bare: median(bare),
            note: format!(
                "{} small writes of others meanwhile: p50 {:.1} ms, p99 {:.0} ms, most {most:.0} ms",
                waits.len(),
                median(waits.clone()),
                p99(waits)
            ),
        };
        lines.insert(0, line);
    }
    Ok(lines)
}

/// A compound whose blind indexes are planned for the roster.
async fn planned(house: &House) -> anyhow::Result<Compound> {
    let who = foundation::ledger::Who::operator();
    Ok(communities::create(house, &who, "春和苑", u64::from(ROWS)).await?)
}

/// Reads every cell.
fn parse(book: &[u8]) -> anyhow::Result<()> {
    let mut open: Xlsx<_> = Xlsx::new(Cursor::new(book))?;
    let range = open.worksheet_range_at(0).context("a sheet")??;
    let cells = range.cells().filter(|(_, _, c)| **c != Data::Empty).count();
    anyhow::ensure!(cells > ROWS as usize * 8, "{cells} cells");
    Ok(())
}

/// Writes small events until told to stop; how long each took, in milliseconds.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
async fn write_on(
    house: Arc<House>,
    community: Community,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<Vec<f64>> {
    let mut waits = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        sqlite::write(&house, community, waits.len() as u64).await?;
        waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
        tokio::time::sleep(WRITE_EVERY).await;
    }
    Ok(waits)
}
