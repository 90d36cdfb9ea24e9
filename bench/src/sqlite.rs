//! Durable writes per second on SQLite: a verb's whole path (queue, savepoint, event,
//! Merkle tree, head, fsync, answer) against the same ledger row inserted by bare
//! rusqlite with group commit behind the same number of clients.

use std::path::Path;
use std::sync::Arc;

use foundation::chance::Chance;
use foundation::clock::SystemClock;
use foundation::communities;
use foundation::database::{Community, DbError};
use foundation::house::{House, Opening};
use foundation::ledger::{Event, Kind, Who};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::clients::rate;
use crate::table::{Line, median};
use crate::{CLIENTS, ROUNDS};

pub const MEASURED: Kind = Kind::new("bench.written", 1);

/// A house of its own, with so many compounds.
pub async fn house(
    folder: &Path,
    db_url: Option<String>,
    compounds: usize,
) -> anyhow::Result<(Arc<House>, Vec<Community>)> {
    let house = House::open(Opening {
        data_dir: folder.join("data"),
        db_url,
        keys_url: None,
        key_file: Some(folder.join("site.key")),
        passphrase: None,
        clock: Arc::new(SystemClock),
        chance: Arc::new(Chance::from_seed(1)),
    })
    .await?;
    let mut numbers = Vec::with_capacity(compounds);
    for i in 0..compounds {
        let made = communities::create(&house, &Who::operator(), &format!("小區{i}"), 100).await?;
        numbers.push(made.number);
    }
    Ok((Arc::new(house), numbers))
}

/// One small event through the whole path.
pub async fn write(house: &House, community: Community, n: u64) -> anyhow::Result<()> {
    let n = i64::try_from(n)?;
    let written: Result<(), DbError> = house
        .write(community, &Who::operator(), move |tx| {
            tx.record(Event::new(MEASURED).with("n", n), ())
        })
        .await;
    Ok(written?)
}

/// The line of the table.
pub async fn writes() -> anyhow::Result<Line> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir_in(".")?;
        let (house, compounds) = house(folder.path(), None, 1).await?;
        let community = compounds[0];
        let figure = rate(CLIENTS, move |_, n| {
            let house = house.clone();
            async move { write(&house, community, n).await }
        });
        ours.push(figure.await?);
        let folder = tempfile::tempdir_in(".")?;
        let queue = bare_writer(&folder.path().join("bare.sqlite"))?;
        let figure = rate(CLIENTS, move |_, n| {
            let queue = queue.clone();
            async move {
                let (answer, told) = oneshot::channel();
                queue.send((n, answer)).await?;
                Ok(told.await?)
            }
        });
        bare.push(figure.await?);
    }
    Ok(Line {
        what: format!("durable writes, SQLite, {CLIENTS} clients, one compound"),
        unit: "events/s",
        ours: median(ours),
        bare: median(bare),
        note: String::new(),
    })
}

/// The ledger's own table, without anything of ours around it.
pub const TABLE: &str = "CREATE TABLE ledger (community BIGINT NOT NULL, seq BIGINT NOT NULL, \
    at BIGINT NOT NULL, kind TEXT NOT NULL, version BIGINT NOT NULL, actor TEXT NOT NULL, \
    role TEXT NOT NULL, behalf TEXT NOT NULL, door TEXT NOT NULL, subject TEXT NOT NULL, \
    audience TEXT NOT NULL, body TEXT NOT NULL, leaf BLOB NOT NULL, PRIMARY KEY (community, seq))";
const INSERT: &str = "INSERT INTO ledger VALUES \
    (?1, ?2, ?3, 'bench.written', 1, 'operator', 'operator', '', 'cli', '', 'record', ?4, ?5)";

type Question = (u64, oneshot::Sender<()>);

/// One connection that takes what waits, at most 256, into one transaction.
fn bare_writer(path: &Path) -> anyhow::Result<mpsc::Sender<Question>> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    )?;
    conn.execute_batch(&format!("{TABLE} WITHOUT ROWID;").replace("BIGINT", "INTEGER"))?;
    let (send, mut receive) = mpsc::channel::<Question>(8_192);
    std::thread::spawn(move || -> rusqlite::Result<()> {
        let mut seq = 0i64;
        while let Some(first) = receive.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < 256 {
                match receive.try_recv() {
                    Ok(more) => batch.push(more),
                    Err(_) => break,
                }
            }
            conn.execute_batch("BEGIN IMMEDIATE")?;
            {
                let mut insert = conn.prepare_cached(INSERT)?;
                for (n, _) in &batch {
                    seq += 1;
                    let body = format!("{{\"n\":{n}}}");
                    insert.execute(rusqlite::params![
                        1,
                        seq,
                        1_772_416_800_000i64,
                        body,
                        [7u8; 32]
                    ])?;
                }
            }
            conn.execute_batch("COMMIT")?;
            for (_, answer) in batch {
                let _ = answer.send(());
            }
        }
        Ok(())
    });
    Ok(send)
}
