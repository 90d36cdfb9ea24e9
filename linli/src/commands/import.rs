//! `linli import`: an office's spreadsheet, from the command line.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sheets::{Layout, Limits, guess_all};

use super::Outcome;
use super::installation::Installation;
use crate::keeping::checkpoints;
use foundation::communities::{self, Bits, Compound};
use foundation::database::{Community, HOUSE};
use imports::{self, Options};
use permissions::Permission;
use permissions::actor::Actor;

/// Faulty cells printed for a person; all of them are in the JSON.
const PRINTED_MAX: usize = 50;

/// `linli import`
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "Examples:
  linli import roster rooms.xlsx --community 春和苑 --create
  linli import roster rooms.xlsx --community 春和苑 --dry-run --json";

#[derive(Clone, Debug, clap::Subcommand)]
enum What {
    /// Rooms and their people (.xlsx, or .csv in UTF-8 or GB18030)
    Roster(FileArgs),
    /// Bills and payments of rooms that are on the roster
    Fees(FileArgs),
}

/// What to import, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct FileArgs {
    /// The spreadsheet
    pub file: PathBuf,
    /// The compound's name
    #[arg(long, value_name = "NAME")]
    pub community: String,
    /// Creates the compound when there is none of this name
    #[arg(long)]
    pub create: bool,
    /// Says what would be added and changed, and writes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Writes nothing when a single row is faulty
    #[arg(long)]
    pub all_or_nothing: bool,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args.what {
        What::Roster(args) => roster(installation, args).await,
        What::Fees(args) => fees(installation, args).await,
    }
}

async fn roster(installation: &Installation, args: FileArgs) -> anyhow::Result<Outcome> {
    let (file_name, bytes) = load(&args.file)?;
    let book = sheets::open(&bytes, &file_name, &Limits::default())
        .with_context(|| args.file.display().to_string())?;
    let book = Arc::new(book);
    let read = imports::read(&book, &guess_all(&book, Layout::Roster));
    drop(book);
    if !read.recognised {
        bail!("{}: {}", args.file.display(), imports::ImportError::NoTable);
    }
    let house = installation.open().await?;
    let options = Options {
        dry_run: args.dry_run,
        all_or_nothing: args.all_or_nothing,
    };
    let writes = !options.dry_run && (!options.all_or_nothing || read.errors.is_empty());
    let compound = match communities::by_name(&house.db, &args.community).await? {
        Some(compound) => compound,
        None if !args.create => bail!(
            "there is no compound named {}; add --create to create it",
            args.community
        ),
        None if writes => {
            let plan = imports::plan_for(&house, None, &read).await?;
            let who = Actor::operator(HOUSE).who_for(Permission::HouseOperate);
            communities::create(&house, &who, &args.community, plan.people.added).await?
        }
        // Nothing is written, so the compound is planned against as if it were empty.
        None => Compound {
            number: Community(i64::MAX),
            slug: String::new(),
            name: args.community.clone(),
            bits: Bits::plan(0),
        },
    };
    let digest = house.keys.digest("import-file", &bytes);
    drop(bytes);
    let bar = bar();
    let by = Actor::operator(compound.number);
    let outcome = imports::run(
        &house,
        &by,
        &compound,
        (&file_name, digest),
        &read,
        options,
        &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        },
    )
    .await?;
    bar.finish_and_clear();
    if !options.dry_run {
        checkpoints::sign_all(&house).await?;
    }
    if args.json {
        println!("{}", serde_json::to_string(&outcome)?);
    }
    if !args.json {
        let counted = [("rooms", outcome.rooms), ("people", outcome.people)];
        say(&counted, &outcome.errors, &outcome.warnings, options);
    }
    Ok(if outcome.errors.is_empty() {
        Outcome::Sound
    } else {
        Outcome::Wanting
    })
}

async fn fees(installation: &Installation, args: FileArgs) -> anyhow::Result<Outcome> {
    let (file_name, bytes) = load(&args.file)?;
    let book = sheets::open(&bytes, &file_name, &Limits::default())
        .with_context(|| args.file.display().to_string())?;
    let read = imports::read_fees(&book, &guess_all(&book, Layout::Fees));
    drop(book);
    let house = installation.open().await?;
    let Some(compound) = communities::by_name(&house.db, &args.community).await? else {
        bail!(
            "there is no compound named {}; import its roster first",
            args.community
        );
    };
    let digest = house.keys.digest("import-file", &bytes);
    drop(bytes);
    let options = Options {
        dry_run: args.dry_run,
        all_or_nothing: args.all_or_nothing,
    };
    let bar = bar();
    let by = Actor::operator(compound.number);
    let file = (file_name.as_str(), digest);
    let outcome = imports::run_fees(
        &house,
        &by,
        &compound,
        file,
        read,
        options,
        &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        },
    )
    .await?;
    bar.finish_and_clear();
    if !options.dry_run {
        checkpoints::sign_all(&house).await?;
    }
    if args.json {
        println!("{}", serde_json::to_string(&outcome)?);
    } else {
        let counted = [("bills", outcome.bills), ("payments", outcome.payments)];
        say(&counted, &outcome.errors, &outcome.warnings, options);
    }
    Ok(if outcome.errors.is_empty() {
        Outcome::Sound
    } else {
        Outcome::Wanting
    })
}

/// The file's name and its bytes, never more of them than are read.
fn load(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    use std::io::Read as _;
    let shown = || path.display().to_string();
    let max = Limits::default().file_bytes;
    let file = std::fs::File::open(path).with_context(shown)?;
    let size = file.metadata().with_context(shown)?.len();
    let mut bytes = Vec::new();
    if size <= max {
        file.take(max + 1)
            .read_to_end(&mut bytes)
            .with_context(shown)?;
    }
    let bytes_seen = size.max(bytes.len() as u64);
    if bytes_seen > max {
        bail!(
            "{}: {}",
            shown(),
            sheets::OpenError::TooLarge {
                bytes: bytes_seen,
                max
            }
        );
    }
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((name, bytes))
}

/// A bar on standard error where that is a terminal.
fn bar() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{bar:40} {percent}%  {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, target).with_style(style)
}

/// Says the result to a person.
fn say(
    counted: &[(&str, imports::Counts)],
    errors: &[imports::Remark],
    warnings: &[imports::Remark],
    options: Options,
) {
    let would = if options.dry_run { "would be " } else { "" };
    for (what, n) in counted {
        println!(
            "{what}: {} {would}added, {} {would}changed, {} unchanged",
            n.added, n.changed, n.unchanged
        );
    }
    for (what, list) in [("error", errors), ("warning", warnings)] {
        for remark in list.iter().take(PRINTED_MAX) {
            let at = |n: Option<u32>| n.map_or_else(|| "-".into(), |n| n.to_string());
            eprintln!(
                "{what}: {} row {} column {}: {} ({})",
                remark.sheet,
                at(remark.row),
                at(remark.column),
                remark.reason,
                remark.value
            );
        }
        if list.len() > PRINTED_MAX {
            eprintln!(
                "… and {} more of these; --json has all",
                list.len() - PRINTED_MAX
            );
        }
    }
}
