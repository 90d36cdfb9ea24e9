//! The same on PostgreSQL, for one compound and for a hundred at once, against bare
//! tokio-postgres: connections that take what waits, at most 256, into one
//! transaction of pipelined inserts.

use std::sync::Arc;

use futures_util::future::try_join_all;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::NoTls;

use crate::clients::rate;
use crate::sqlite::{TABLE, house, write};
use crate::table::{Line, median};
use crate::{CLIENTS, ROUNDS};

/// As many connections as the house's own writers hold.
const CONNECTIONS: usize = 8;
/// With a hundred compounds more people ask at once.
const CLIENTS_OF_MANY: usize = 256;
const INSERT: &str = "INSERT INTO ledger VALUES \
    ($1, $2, $3, 'bench.written', 1, 'operator', 'operator', '', 'cli', '', 'record', $4, $5)";

/// The line of the table for so many compounds.
pub async fn writes(server: &str, compounds: usize) -> anyhow::Result<Line> {
    let clients = if compounds == 1 {
        CLIENTS
    } else {
        CLIENTS_OF_MANY
    };
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir_in(".")?;
        let (name, url) = fresh(server).await?;
        let (house, numbers) = house(folder.path(), Some(url), compounds).await?;
        let asked = house.clone();
        let figure = rate(clients, move |client, n| {
            let (house, community) = (asked.clone(), numbers[client % compounds]);
            async move { write(&house, community, n).await }
        });
        ours.push(figure.await?);
        drop(house);
        drop_database(server, &name).await?;

        let (name, url) = fresh(server).await?;
        let queues = bare_writers(&url, CONNECTIONS.min(compounds)).await?;
        let figure = rate(clients, move |client, n| {
            let compound = client % compounds;
            let queue = queues[compound % queues.len()].clone();
            async move {
                let (answer, told) = oneshot::channel();
                queue.send((compound as i64, n, answer)).await?;
                Ok(told.await?)
            }
        });
        bare.push(figure.await?);
        drop_database(server, &name).await?;
    }
    let many = if compounds == 1 {
        "one compound".into()
    } else {
        format!("{compounds} compounds")
    };
    Ok(Line {
        what: format!("durable writes, PostgreSQL, {clients} clients, {many}"),
        unit: "events/s",
        ours: median(ours),
        bare: median(bare),
        note: String::new(),
    })
}

type Question = (i64, u64, oneshot::Sender<()>);

async fn bare_writers(url: &str, count: usize) -> anyhow::Result<Arc<[mpsc::Sender<Question>]>> {
    let setup = connect(url).await?;
    setup.batch_execute(&TABLE.replace("BLOB", "BYTEA")).await?;
    let mut queues = Vec::with_capacity(count);
    for writer in 0..count {
        let client = connect(url).await?;
        let insert = client.prepare(INSERT).await?;
        let (send, mut receive) = mpsc::channel::<Question>(8_192);
        queues.push(send);
        tokio::spawn(async move {
            // Numbers of one writer never meet another's.
            let mut seq = writer as i64 * 1_000_000_000;
            while let Some(first) = receive.recv().await {
                let mut batch = vec![first];
                while batch.len() < 256 {
                    match receive.try_recv() {
                        Ok(more) => batch.push(more),
                        Err(_) => break,
                    }
                }
                client.batch_execute("BEGIN").await?;
                let rows: Vec<(i64, i64, String)> = batch
                    .iter()
                    .map(|(compound, n, _)| {
                        seq += 1;
                        (*compound, seq, format!("{{\"n\":{n}}}"))
                    })
                    .collect();
                let leaf = [7u8; 32];
                try_join_all(rows.iter().map(|(compound, seq, body)| {
                    let (client, insert) = (&client, &insert);
                    async move {
                        client
                            .execute(
                                insert,
                                &[compound, seq, &1_772_416_800_000i64, body, &leaf.as_slice()],
                            )
                            .await
                    }
                }))
                .await?;
                client.batch_execute("COMMIT").await?;
                for (_, _, answer) in batch {
                    let _ = answer.send(());
                }
            }
            anyhow::Ok(())
        });
    }
    Ok(queues.into())
}

async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A new, empty database: its name and its URL.
pub async fn fresh(server: &str) -> anyhow::Result<(String, String)> {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = format!("linli_bench_{}_{number}", std::process::id());
    connect(server)
        .await?
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await?;
    let mut url = url::Url::parse(server)?;
    url.set_path(&name);
    Ok((name, url.to_string()))
}

/// Removes it, whoever is still connected.
pub async fn drop_database(server: &str, name: &str) -> anyhow::Result<()> {
    connect(server)
        .await?
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await?;
    Ok(())
}
