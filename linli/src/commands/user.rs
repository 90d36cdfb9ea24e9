//! `linli user`.

use super::Outcome;
use super::installation::Installation;

/// `linli user`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {}

pub async fn run(_installation: &Installation, _args: Args) -> anyhow::Result<Outcome> {
    anyhow::bail!("not built yet")
}
