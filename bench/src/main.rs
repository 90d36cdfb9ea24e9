//! Measures linli against the bare libraries under it, in the same run on the same
//! disk, and prints one markdown table of ratios. `bench/run.sh` calls it.
//!
//! Every measure is taken in turn (ours, bare, ours, bare …) and the median of the
//! rounds stands, because machines and disks change their speed while one looks.

use bench::table::Line;
use bench::{bills, channel, import, messages, pages, postgres, sqlite, table, verify};

// As in the program itself, so that both sides allocate alike.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The parts that can be asked for.
const PARTS: [&str; 11] = [
    "writes", "messages", "import", "search", "archive", "shelves", "census", "bills", "pages",
    "channel", "verify",
];

/// What was measured so far, each said at once on standard error: the whole takes long.
#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, lines: impl IntoIterator<Item = Line>) {
        for line in lines {
            eprintln!("{}", table::row(&line));
            self.0.push(line);
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|a| !PARTS.contains(&a.as_str())) {
        anyhow::bail!("{unknown} is none of {}", PARTS.join(", "));
    }
    let wanted = |part: &str| asked.is_empty() || asked.iter().any(|a| a == part);
    let server = std::env::var("LINLI_TEST_DB").ok();
    if server.is_none() {
        eprintln!("LINLI_TEST_DB names no server: PostgreSQL is left out");
    }
    let mut lines = Lines::default();
    if wanted("writes") {
        lines.add([sqlite::writes().await?]);
        if let Some(server) = &server {
            lines.add([postgres::writes(server, 1).await?]);
            lines.add([postgres::writes(server, 100).await?]);
        }
    }
    if wanted("messages") {
        lines.add([messages::line().await?]);
    }
    let asked = ["import", "search", "archive", "shelves", "census"].map(wanted);
    if asked.contains(&true) {
        lines.add(import::lines(None, asked).await?);
        if let Some(server) = &server {
            lines.add(import::lines(Some(server), asked).await?);
        }
    }
    if wanted("bills") {
        lines.add(bills::lines(None).await?);
        if let Some(server) = &server {
            lines.add(bills::lines(Some(server)).await?);
        }
    }
    if wanted("pages") {
        lines.add(pages::lines().await?);
    }
    if wanted("channel") {
        lines.add(channel::lines().await?);
    }
    if wanted("verify") {
        lines.add([verify::line().await?]);
    }
    print!("{}", table::markdown(&lines.0));
    Ok(())
}
