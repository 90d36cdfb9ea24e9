//! `linli strongroom shred`: one document's keys destroyed, by two persons.

use std::io::BufRead as _;

use accounts::{Side, roles, second_factor, sign_in};
use anyhow::{Context as _, bail};
use dossiers::{ArchiveError, shred};
use foundation::communities;
use foundation::database::Community;
use foundation::house::House;
use foundation::ledger::Door;
use permissions::actor::Actor;
use serde_json::json;

use super::super::Outcome;
use super::super::installation::Installation;

/// `linli strongroom shred`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The compound's name
    #[arg(long, value_name = "NAME")]
    community: String,
    /// The file's number, or its room
    #[arg(long, value_name = "NUMBER")]
    file: String,
    /// The document in it, such as i-001
    #[arg(long, value_name = "LABEL")]
    document: String,
    /// On what basis: 个人信息保护法 47, a court's order, or a paper that is not the owner's
    #[arg(long, value_name = "BASIS", value_parser = shred::REASONS)]
    reason: String,
    /// Who asks: the sign-in name of a manager or supervisor
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Who confirms: another of them
    #[arg(long, value_name = "NAME")]
    with: String,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let compound = communities::by_name(&house.db, &args.community)
        .await?
        .with_context(|| format!("there is no compound {}", args.community))?;
    let c = compound.number;
    let d = shred::find(&house, c, &args.file, &args.document).await;
    let d = d.with_context(|| format!("{} {}: no such document", args.file, args.document))?;
    eprintln!(
        "{} {} of {} will never be opened again, by anybody.",
        args.file, args.document, compound.name
    );
    let by = proven(&house, c, &args.by).await?;
    let with = proven(&house, c, &args.with).await?;
    let slots = match shred::shred(&house, &by, &with, d.id, &args.reason).await {
        Err(ArchiveError::OwnDocument) => {
            bail!("two persons decide this: name another with --with")
        }
        Err(ArchiveError::Elsewhere) => bail!("another process writes: it is done within minutes"),
        done => done?,
    };
    if args.json {
        let document = json!({
            "file": args.file, "document": args.document, "reason": args.reason, "slots": slots,
        });
        println!("{document}");
    } else {
        println!("shredded: {slots} keys destroyed");
        println!("copies of the key store made before open it still: they go with the backups");
    }
    Ok(Outcome::Sound)
}

/// Somebody who has just typed a code of their authenticator.
async fn proven(house: &House, c: Community, name: &str) -> anyhow::Result<Actor> {
    let account = sign_in::find(house, name).await?;
    let account = account.with_context(|| format!("nobody signs in as {name}"))?;
    eprint!("{name}, the code of your authenticator: ");
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let code = line.await??;
    second_factor::prove(house, account.id, code.trim())
        .await
        .with_context(|| name.to_owned())?;
    Ok(roles::actor(house, account.id, Side::Staff, c, Door::Cli).await?)
}
