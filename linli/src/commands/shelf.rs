//! `linli shelf`: the order in which boxes stand on the shelf.

use super::Outcome;

/// `linli shelf`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Prints a room code's sort key in lower-case hex; byte order is shelf order
    Key {
        /// A room code as the office writes it, such as 3棟2單元1801
        code: String,
    },
    /// Sorts room codes, one per line, from standard input; prints them as typed
    Sort,
}

pub fn run(_args: Args) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
