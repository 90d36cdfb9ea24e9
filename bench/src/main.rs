//! Measures linli against the bare libraries under it, in the same run on the same
//! disk, and prints one markdown table of ratios. `bench/run.sh` calls it.
//!
//! Every measure is taken in turn (ours, bare, ours, bare …) and the median of the
//! rounds stands, because machines and disks change their speed while one looks.

mod clients;
mod postgres;
mod sqlite;
mod table;

use std::time::Duration;

use table::Line;

// As in the program itself, so that both sides allocate alike.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many ask at once: an office at its busiest and its owners.
pub const CLIENTS: usize = 64;
/// How often each side is measured.
pub const ROUNDS: usize = 5;
/// How long one measure takes.
pub const WINDOW: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut lines: Vec<Line> = Vec::new();
    lines.push(sqlite::writes().await?);
    match std::env::var("LINLI_TEST_DB") {
        Ok(server) => {
            lines.push(postgres::writes(&server, 1).await?);
            lines.push(postgres::writes(&server, 100).await?);
        }
        Err(_) => eprintln!("LINLI_TEST_DB names no server: PostgreSQL is left out"),
    }
    print!("{}", table::markdown(&lines));
    Ok(())
}
