//! `linli doctor`.

use super::Outcome;
use super::installation::Installation;
use crate::keeping::doctor;

/// `linli doctor`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[arg(long)]
    json: bool,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let at = installation.strongroom_at()?;
    let health = doctor::examine(&installation.opening(), &at, installation.read_unconfined).await;
    if args.json {
        println!("{}", health.json());
    } else {
        print!("{health}");
    }
    Ok(if health.sound() {
        Outcome::Sound
    } else {
        Outcome::Wanting
    })
}
