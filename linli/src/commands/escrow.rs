//! `linli escrow`: the archive's key on printed cards. Made where the archive is; put together
//! again anywhere, also on a machine that has nothing but this program.

use std::path::PathBuf;

use super::Outcome;
use super::installation::Installation;

mod cards;
mod drill;
mod shares;

/// `linli escrow`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Makes a key that opens the archive and splits it over five printed cards, of which any
    /// three give it back; the key itself is kept nowhere
    Cards(Cards),
    /// Puts three or more shares from standard input together, a line each, and prints the key;
    /// needs no data folder
    Combine {
        /// A new file for the key instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// A drill: says whether shares from standard input open this archive, and shows no secret
    Check,
}

#[derive(Clone, Debug, clap::Args)]
pub struct Cards {
    /// A new or empty folder for the five files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Who keeps a card, in the cards' order; printed on it and kept nowhere else
    #[arg(long = "holder", value_name = "NAME")]
    holders: Vec<String>,
    /// Replaces the cards there are: they open nothing afterwards
    #[arg(long)]
    force: bool,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Cards(args) => cards::make(installation, args).await,
        Args::Combine { out } => drill::combine(out.as_deref()),
        Args::Check => drill::check(installation),
    }
}
