//! Clients that ask, wait for the durable answer, and ask again.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use crate::WINDOW;

/// Answers per second that `count` clients get, over [`WINDOW`].
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn rate<F, R>(count: usize, ask: F) -> anyhow::Result<f64>
where
    F: Fn(usize, u64) -> R + Send + Sync + 'static,
    R: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let (ask, stop) = (Arc::new(ask), Arc::new(AtomicBool::new(false)));
    let answers = Arc::new(AtomicU64::new(0));
    let mut clients = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for client in 0..count {
        let (ask, stop, answers) = (ask.clone(), stop.clone(), answers.clone());
        clients.spawn(async move {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                ask(client, n).await?;
                n += 1;
                answers.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    tokio::time::sleep(WINDOW).await;
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    Ok(answers.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}
