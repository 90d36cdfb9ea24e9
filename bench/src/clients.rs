//! Clients that ask, wait for the durable answer, and ask again.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::WINDOW;

/// Answers per second that `count` clients get, over [`WINDOW`].
pub async fn rate<F, R>(count: usize, ask: F) -> anyhow::Result<f64>
where
    F: Fn(usize, u64) -> R + Send + Sync + 'static,
    R: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    Ok(timed(count, ask).await?.0)
}

/// Answers per second, and how long each was waited for in milliseconds.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn timed<F, R>(count: usize, ask: F) -> anyhow::Result<(f64, Vec<f64>)>
where
    F: Fn(usize, u64) -> R + Send + Sync + 'static,
    R: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let (ask, stop) = (Arc::new(ask), Arc::new(AtomicBool::new(false)));
    let mut clients = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for client in 0..count {
        let (ask, stop) = (ask.clone(), stop.clone());
        clients.spawn(async move {
            let mut n = 0;
            let mut waits = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let asked = Instant::now();
                ask(client, n).await?;
                waits.push(asked.elapsed().as_secs_f64() * 1_000.0);
                n += 1;
            }
            anyhow::Ok(waits)
        });
    }
    tokio::time::sleep(WINDOW).await;
    stop.store(true, Ordering::Relaxed);
    let mut waits = Vec::new();
    while let Some(ended) = clients.join_next().await {
        waits.extend(ended??);
    }
    Ok((waits.len() as f64 / begun.elapsed().as_secs_f64(), waits))
}
