//! `linli ledger`: verify, export, sign and prove, mostly without any secret.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use super::Outcome;
use super::installation::Installation;
use crate::keeping::anchors::Sources;
use crate::keeping::exporting::ExportError;
use crate::keeping::verify::exported::verify_export;
use crate::keeping::verify::{self, Report, Wanted};
use crate::keeping::{checkpoints, exporting, proving};
use foundation::database::{Community, Database, HOUSE};
use foundation::house::House;
use foundation::ledger::checkpoint::{PublicKey, notes};
use foundation::ledger::proof::Proof;
use foundation::ledger::tree::hex;

/// The largest file of checkpoints or proofs that is read: a million events have 2 MB.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// `linli ledger`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Act {
    /// Checks every event against its hash, the head and every signed checkpoint;
    /// needs no key and works while the house is serving
    Verify(Verify),
    /// Writes the ledger as files that anybody can check
    Export {
        /// A new or empty folder
        dir: PathBuf,
        /// Only this compound (`house` for the house's own log)
        #[arg(long, value_name = "NAME")]
        community: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Prints the signed head of each ledger as it is now
    Checkpoint {
        #[arg(long, value_name = "NAME")]
        community: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Prints the public key that checks checkpoints, a line for each ledger
    Key {
        #[arg(long, value_name = "NAME")]
        community: Option<String>,
    },
    /// Prints the proof that one event stands in the ledger
    Prove {
        /// The event's number
        seq: u64,
        /// The compound; the house's own log without
        #[arg(long, value_name = "NAME", default_value = "house")]
        community: String,
    },
    /// Checks a proof made by `prove`; needs no database
    Check {
        file: PathBuf,
        /// The public key, or a file that holds it
        #[arg(long, value_name = "PUB")]
        key: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Debug, clap::Args)]
struct Verify {
    /// Only this compound (`house` for the house's own log)
    #[arg(long, value_name = "NAME")]
    community: Option<String>,
    /// Signed checkpoints that somebody kept: finds a ledger that was set back
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The public key to trust, or a file that holds it
    #[arg(long, value_name = "PUB")]
    key: Option<String>,
    /// An export instead of a database
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args.act {
        Act::Verify(args) => verify(installation, args).await,
        Act::Export {
            dir,
            community,
            json,
        } => export(installation, &dir, community, json).await,
        Act::Checkpoint { community, json } => checkpoint(installation, community, json).await,
        Act::Key { community } => {
            let house = installation.open().await?;
            let name = checkpoints::name(&house).await?;
            let key = PublicKey::of(&house.keys.signing());
            for community in chosen(&house, community).await? {
                println!("{}", key.line(&checkpoints::origin(&name, community)));
            }
            Ok(Outcome::Sound)
        }
        Act::Prove { seq, community } => {
            let house = installation.open().await?;
            let community = verify::community_called(&house.db, &community).await?;
            let proof = proving::inclusion(&house, community, seq).await?;
            print!("{}", proof.text());
            Ok(Outcome::Sound)
        }
        Act::Check { file, key, json } => check(&file, &key, json),
    }
}

async fn verify(installation: &Installation, args: Verify) -> anyhow::Result<Outcome> {
    let mut wanted = Wanted {
        community: args.community,
        kinds: Some(crate::event_kinds()),
        ..Wanted::default()
    };
    wanted.sources.key = args.key.as_deref().map(key).transpose()?;
    if let Some(file) = &args.checkpoint {
        let text = read(file)?;
        wanted.sources.given = notes(&text).into_iter().map(str::to_owned).collect();
        anyhow::ensure!(
            !wanted.sources.given.is_empty(),
            "{}: there is no checkpoint in this file",
            file.display()
        );
    }
    let report = match args.export {
        Some(dir) => {
            let run = move || verify_export(&dir, &wanted);
            tokio::task::spawn_blocking(run).await??
        }
        None => stored(installation, wanted).await?,
    };
    tell(&report, args.json);
    Ok(if report.sound() {
        Outcome::Sound
    } else {
        Outcome::Wanting
    })
}

/// Verifies the installation's database, beside its key store and its files.
async fn stored(installation: &Installation, mut wanted: Wanted) -> anyhow::Result<Report> {
    let opening = installation.opening();
    let db = Database::open_to_look(&opening.database()).await?;
    wanted.sources = Sources {
        // Without a key store beside it, only the other keepers bind.
        key_store: match Database::open_to_look(&opening.key_store()).await {
            Ok(store) => Some(store),
            Err(e) => {
                eprintln!("linli: the heads kept in the key store are not compared: {e}");
                None
            }
        },
        data_dir: Some(opening.data_dir.clone()),
        ..wanted.sources
    };
    let report = verify::verify(&db, &wanted).await?;
    if wanted.community.is_none() {
        let note = json!({ "at": opening.clock.now().0, "sound": report.sound(), "events": report.events() });
        let path = checkpoints::verified_file(&opening.data_dir);
        // For `doctor`; a folder that may only be read is verified all the same.
        if let Err(e) = foundation::house::write_durably(&path, note.to_string().as_bytes()) {
            tracing::debug!(error = %e, "the time of verifying was not noted");
        }
    }
    Ok(report)
}

fn tell(report: &Report, json: bool) {
    if json {
        println!("{}", report.json());
        return;
    }
    if let Some(bad) = &report.export_bad {
        println!("NOT SOUND: {}", bad.why);
    }
    for one in &report.communities {
        println!("{one}");
        for late in &one.late {
            println!(
                "  late: {} {} due {}",
                late.rule,
                late.subject,
                late.due.date()
            );
        }
    }
}

/// A log that contradicts what was signed of it is found wanting, and never signed over.
async fn checkpoint(
    installation: &Installation,
    community: Option<String>,
    as_json: bool,
) -> anyhow::Result<Outcome> {
    let house = installation.open().await?;
    let (mut all, mut outcome) = (Vec::new(), Outcome::Sound);
    for community in chosen(&house, community).await? {
        match checkpoints::now(&house, community).await {
            Ok(head) => {
                if !as_json {
                    print!("{}", head.note);
                }
                all.push(json!({
                    "community": community.0, "size": head.size,
                    "root": hex(&head.root), "note": head.note,
                }));
            }
            Err(checkpoints::TendError::Alarm(alarm)) => {
                eprintln!("linli: not signed: {alarm}");
                outcome = Outcome::Wanting;
            }
            Err(e) => return Err(e.into()),
        }
    }
    if as_json {
        println!("{}", json!({ "checkpoints": all }));
    }
    Ok(outcome)
}

async fn export(
    installation: &Installation,
    dir: &Path,
    community: Option<String>,
    json: bool,
) -> anyhow::Result<Outcome> {
    let house = installation.open().await?;
    let community = match community {
        Some(name) => Some(verify::community_called(&house.db, &name).await?),
        None => None,
    };
    let done = match exporting::export(&house, dir, community).await {
        Ok(done) => done,
        Err(
            e @ (ExportError::Damaged(..)
            | ExportError::Checkpoint(checkpoints::TendError::Alarm(_))),
        ) => {
            eprintln!("linli: the export is not whole: {e}");
            return Ok(Outcome::Wanting);
        }
        Err(e) => return Err(e.into()),
    };
    if json {
        let all: Vec<_> = done
            .communities
            .iter()
            .map(|(_, name, events)| json!({ "name": name, "events": events }))
            .collect();
        println!("{}", json!({ "communities": all }));
    } else {
        for (_, name, events) in &done.communities {
            println!("{name}: {events} events");
        }
        println!(
            "Check it anywhere: linli ledger verify --export {}",
            dir.display()
        );
    }
    Ok(Outcome::Sound)
}

fn check(file: &Path, key_text: &str, as_json: bool) -> anyhow::Result<Outcome> {
    let key = key(key_text)?;
    let checked = Proof::parse(&read(file)?).and_then(|p| p.check(&key));
    match checked {
        Ok((entry, head)) if as_json => {
            let out = json!({
                "sound": true, "log": head.origin, "size": head.size, "root": hex(&head.root),
                "seq": entry.seq, "at": entry.at.0, "kind": entry.kind, "actor": entry.actor,
                "role": entry.role, "behalf": entry.behalf, "door": entry.door,
                "subject": entry.subject, "audience": entry.audience, "body": entry.body,
            });
            println!("{out}");
            Ok(Outcome::Sound)
        }
        Ok((entry, head)) => {
            println!(
                "proven: event {} of {} ({} {} by {}, {}) stands in the signed ledger of {} events",
                entry.seq,
                head.origin,
                entry.kind,
                entry.subject,
                entry.actor,
                entry.body,
                head.size
            );
            Ok(Outcome::Sound)
        }
        Err(e) => {
            if as_json {
                println!("{}", json!({ "sound": false, "why": e.to_string() }));
            }
            eprintln!("linli: not proven: {e}");
            Ok(Outcome::Wanting)
        }
    }
}

async fn chosen(house: &House, name: Option<String>) -> anyhow::Result<Vec<Community>> {
    Ok(match name {
        Some(name) => vec![verify::community_called(&house.db, &name).await?],
        None => {
            let mut all = checkpoints::communities(house).await?;
            all.retain(|c| *c != HOUSE);
            all.insert(0, HOUSE);
            all
        }
    })
}

/// A public key as it is, or the first line of the file of that name.
fn key(text: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = PublicKey::parse(text) {
        return Ok(key);
    }
    let path = Path::new(text);
    anyhow::ensure!(path.is_file(), "--key is neither a public key nor a file");
    let lines = read(path)?;
    Ok(PublicKey::parse(lines.lines().next().unwrap_or(""))?)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let name = path.display().to_string();
    let size = std::fs::metadata(path).with_context(|| name.clone())?.len();
    anyhow::ensure!(size <= FILE_BYTES_MAX, "{name}: the file is too large");
    std::fs::read_to_string(path).with_context(|| name)
}
