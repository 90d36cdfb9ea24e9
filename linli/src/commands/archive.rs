//! `linli archive`: what the operator sets for a compound's file room, and its verification.

use std::path::PathBuf;

use anyhow::Context as _;
use dossiers::scanner;
use foundation::communities;
use foundation::ledger::Who;

use super::Outcome;
use super::installation::Installation;

/// `linli archive`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Names the folder that a compound's scanner writes into; without DIR, none
    Scanner {
        /// The compound's name
        #[arg(long, value_name = "NAME")]
        community: String,
        /// A folder that only the scanner and linli reach
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Reads every byte of the archive and holds it to what the ledger vouches for, and opens
    /// every slot; works while the house is serving
    Verify {
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Scanner { community, folder } => scanner(installation, community, folder).await,
        Args::Verify { json } => super::strongroom::verify(installation, json).await,
    }
}

async fn scanner(
    installation: &Installation,
    community: String,
    folder: Option<PathBuf>,
) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let compound = communities::by_name(&house.db, &community)
        .await?
        .with_context(|| format!("there is no compound {community}"))?;
    let to = folder.as_deref();
    scanner::set_folder(&house, &Who::operator(), compound.number, to).await?;
    match folder {
        Some(path) => println!("{}: scans are taken from {}", compound.name, path.display()),
        None => println!("{}: no scanner", compound.name),
    }
    Ok(Outcome::Sound)
}
