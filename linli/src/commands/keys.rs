//! `linli keys`: rotating the keys that people's keys are wrapped under.

use super::Outcome;
use super::installation::Installation;
use foundation::ledger::Who;

/// `linli keys`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Puts a new wrapping key in force and moves every person's key under it; the
    /// house may go on serving meanwhile
    Rotate {
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let Args::Rotate { json } = args;
    let house = installation.open().await?;
    let bar = indicatif::ProgressBar::new_spinner();
    let (number, moved) = rights::rotate_keys(&house, &Who::operator(), |n| {
        bar.set_message(format!("{n} keys moved"));
    })
    .await?;
    bar.finish_and_clear();
    if json {
        println!(
            "{}",
            serde_json::json!({ "number": number, "moved": moved })
        );
    } else {
        println!("wrapping key {number} is in force; {moved} keys were moved under it");
    }
    Ok(Outcome::Sound)
}
