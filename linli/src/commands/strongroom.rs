//! `linli strongroom`: the archive's storage verified, repaired, and given a new key.

mod shred;

use std::path::PathBuf;

use anyhow::bail;
use dossiers::upkeep::{self, Found, Replica};
use dossiers::{ArchiveError, fixity, rotation};
use foundation::ledger::Who;
use serde_json::json;
use strongroom::{Damage, DamageKind};

use super::Outcome;
use super::installation::Installation;

/// `linli strongroom`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Reads every byte and holds it to what the ledger vouches for, and opens every slot;
    /// works while the house is serving
    Verify {
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Puts right what is damaged, from a copy
    Repair {
        /// A folder that holds a copy of `root/`
        #[arg(long, value_name = "DIR")]
        replica: PathBuf,
        /// A copy of the key store, for slots that are gone
        #[arg(long, value_name = "DIR")]
        key_copy: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Names the folder from which the nightly reading puts damage right; without DIR, none
    Replica {
        /// A folder that holds a copy of `root/`, kept up to date by your own means
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Makes a new key that opens the archive; the old one opens nothing afterwards
    Rotate {
        #[arg(long)]
        json: bool,
    },
    /// Destroys the keys of one document, for ever: two persons who decide in the compound
    /// each type a code of their authenticator
    Shred(shred::Args),
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Verify { json } => verify(installation, json).await,
        Args::Repair {
            replica,
            key_copy,
            json,
        } => {
            let from = Replica {
                root: replica,
                keys: key_copy,
            };
            repair(installation, from, json).await
        }
        Args::Replica { folder } => replica(installation, folder).await,
        Args::Rotate { json } => rotate(installation, json).await,
        Args::Shred(args) => shred::run(installation, args).await,
    }
}

pub(super) async fn verify(installation: &Installation, as_json: bool) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let found = upkeep::verify(&house, upkeep::Part::Whole).await?;
    let outcome = outcome(found.as_ref().is_none_or(Found::sound));
    let made = found.is_some();
    let found = found.unwrap_or_default();
    let (root, slots) = (&found.root, &found.slots);
    if as_json {
        let damages: Vec<&Damage> = found.damages().collect();
        let document = json!({
            "sound": found.sound(), "made": made, "objects": root.objects, "files": root.files,
            "bytes": root.bytes, "slots": slots.files, "damages": damages,
        });
        println!("{document}");
        return Ok(outcome);
    }
    for damage in found.damages() {
        println!("NOT SOUND: {}", told(damage));
    }
    match (made, found.sound()) {
        (false, _) => println!("nothing was filed yet: there is no strongroom"),
        (true, true) => println!(
            "sound: {} dossiers, {} files, {} bytes, {} slots",
            root.objects, root.files, root.bytes, slots.files
        ),
        (true, false) => println!("{} damages", found.damages().count()),
    }
    Ok(outcome)
}

async fn replica(installation: &Installation, folder: Option<PathBuf>) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let folder = folder.map(std::path::absolute).transpose()?;
    fixity::set_replica(&house, &Who::operator(), folder.as_deref()).await?;
    match folder {
        Some(path) => println!("damage is put right from {}", path.display()),
        None => println!("there is no replica"),
    }
    Ok(Outcome::Sound)
}

async fn repair(
    installation: &Installation,
    from: Replica,
    as_json: bool,
) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let done = upkeep::repair(&house, &Who::operator(), from).await;
    let done = done.or_else(elsewhere)?;
    let left = upkeep::verify(&house, upkeep::Part::Whole)
        .await?
        .unwrap_or_default();
    if as_json {
        let damages: Vec<&Damage> = left.damages().collect();
        let document = json!({
            "sound": left.sound(), "healed": done.root.healed, "set_aside": done.root.set_aside,
            "beyond_help": done.root.beyond_help, "slots": done.slots, "damages": damages,
        });
        println!("{document}");
        return Ok(outcome(left.sound()));
    }
    for path in &done.root.healed {
        println!("healed: {path}");
    }
    for (path, name) in &done.root.set_aside {
        println!("set aside: {path}, now quarantine/{name}");
    }
    for path in &done.root.beyond_help {
        println!("beyond help: {path}");
    }
    for damage in left.damages() {
        println!("NOT SOUND: {}", told(damage));
    }
    println!(
        "{} files and {} slots healed, {} damages left",
        done.root.healed.len(),
        done.slots,
        left.damages().count()
    );
    Ok(outcome(left.sound()))
}

async fn rotate(installation: &Installation, as_json: bool) -> anyhow::Result<Outcome> {
    let house = installation.open_made().await?;
    let done = rotation::rotate(&house, &Who::operator()).await;
    let done = done.or_else(elsewhere)?;
    let sound = done.damaged.is_empty();
    if as_json {
        let document = json!({
            "complete": sound, "rewritten": done.rewritten, "already": done.already,
            "damaged": done.damaged,
        });
        println!("{document}");
        return Ok(outcome(sound));
    }
    for path in &done.damaged {
        println!("NOT SOUND: {path}: no key at hand opens it");
    }
    let slots = done.rewritten + done.already;
    if sound {
        println!("a new key is in force; {slots} slots are for it, and the old one opens nothing");
    } else {
        println!("{slots} slots are for the new key; the old one is kept until the others are");
        println!(
            "healed: linli strongroom repair --key-copy DIR, and then linli strongroom rotate again"
        );
    }
    Ok(outcome(sound))
}

fn outcome(sound: bool) -> Outcome {
    if sound {
        Outcome::Sound
    } else {
        Outcome::Wanting
    }
}

/// Says what is to be done when another process writes.
fn elsewhere<T>(e: ArchiveError) -> anyhow::Result<T> {
    match e {
        ArchiveError::Elsewhere => bail!("{e}: stop the service for the moment"),
        e => Err(e.into()),
    }
}

/// A damage in a line: where, and what.
pub(super) fn told(damage: &Damage) -> String {
    use DamageKind as K;
    let what = match &damage.kind {
        K::Missing => "missing".to_owned(),
        K::Truncated => "cut short".to_owned(),
        K::Altered => "altered".to_owned(),
        K::Swapped { with } => format!("exchanged with {with}"),
        K::Extra => "should not be there".to_owned(),
        K::Link => "a link, or no file at all".to_owned(),
        K::RolledBack => "set back to an older version".to_owned(),
        K::VersionMissing => "a version is gone".to_owned(),
        K::Unrecorded => "a version that the ledger does not know".to_owned(),
        K::ObjectMissing => "a whole dossier is gone".to_owned(),
        K::ObjectUnknown => "a dossier that the ledger does not know".to_owned(),
        K::Unreadable(why) => format!("cannot be read: {why}"),
        K::NoInventory => "no sound inventory".to_owned(),
        K::SlotMissing => "its key is gone".to_owned(),
        K::SlotDamaged => "its key does not open".to_owned(),
        K::SlotAlive => "shredded, and its key is still there".to_owned(),
    };
    match &damage.object {
        Some(object) => format!("{object}: {}: {what}", damage.path),
        None => format!("{}: {what}", damage.path),
    }
}
