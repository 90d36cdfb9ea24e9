//! What doctor looks at of the owner archive: who reads strangers' files, when the strongroom was
//! last read, and whether its key lies with people as well.

use dossiers::vault::{At, Root};
use dossiers::{fixity, reader};
use foundation::clock::{DAY, Moment};
use foundation::communities;
use foundation::database::{Community, Database, DbError};
use foundation::house::Opening;
use scans::jail::{Jail, Worker};
use strongroom::{KeyRecord, Role};

use super::super::store;
use super::Check;

/// The step that made the archive: an older database has no tables to look at.
const ARCHIVE_STEP: i64 = 17;

/// How well the child that reads scans is confined on this machine.
///
/// `anyway` where the operator said that files are read whether it is or not.
pub fn reading(anyway: bool) -> Check {
    const NAME: &str = "scans";
    let Ok(program) = std::env::current_exe() else {
        return Check::wanting(
            NAME,
            "linli cannot find its own binary",
            "start it by its path",
        );
    };
    confined(&Worker::new(program, [reader::SUBCOMMAND.into()]), anyway)
}

fn confined(worker: &Worker, anyway: bool) -> Check {
    const NAME: &str = "scans";
    match worker.facts() {
        Err(e) => Check::wanting(
            NAME,
            format!("files of strangers cannot be read: {e}"),
            "let linli start its own binary; look at what the service manager forbids",
        ),
        Ok(jail) if reader::holds(&jail) => Check::good(
            NAME,
            if jail.landlock {
                "read by a child without files, network or further programs"
            } else {
                "read by a child without files, network or further programs (no Landlock here)"
            },
        ),
        Ok(jail) if anyway => Check::advice(NAME, loose(&jail), "use a kernel with seccomp"),
        Ok(jail) => Check::wanting(
            NAME,
            format!("{}: no files are taken", loose(&jail)),
            "use a kernel with seccomp; or, where only trusted scanners hand files in, \
             serve with --read-unconfined",
        ),
    }
}

fn loose(jail: &Jail) -> String {
    format!(
        "the child that reads scans is not confined: system calls {}, limits {}",
        word(jail.calls),
        word(jail.limits)
    )
}

fn word(holds: bool) -> &'static str {
    if holds { "held" } else { "free" }
}

/// The step that made the accounts of arrears.
const ARREARS_STEP: i64 = 25;

/// Whether each compound's accounts of arrears say what its fees say.
pub async fn arrears(db: &Database) -> Result<Check, DbError> {
    const NAME: &str = "arrears";
    let (step,): (i64,) = db.one(store::newest_step()).await?;
    if step < ARREARS_STEP {
        return Ok(Check::good(NAME, "nobody is followed up yet"));
    }
    let mut after = Community(0);
    let (mut stale, mut worst) = (0, String::new());
    loop {
        let part = communities::list(db, after).await?;
        let Some(last) = part.last() else { break };
        after = last.number;
        for compound in &part {
            let found = arrears::tend::stale(db, compound.number).await?;
            if found > 0 {
                worst.clone_from(&compound.name);
            }
            stale += found;
        }
    }
    Ok(match stale {
        0 => Check::good(NAME, "each account says what the fees say"),
        // A running house is a moment behind its fees.
        _ => Check::advice(
            NAME,
            format!("{stale} accounts differ from the fees ({worst})"),
            "a running house catches up by itself; else linli arrears rebuild --community NAME",
        ),
    })
}

/// The strongroom's last reading and its cards.
pub async fn checks(db: &Database, opening: &Opening, at: &At) -> Result<Vec<Check>, DbError> {
    let (step,): (i64,) = db.one(store::newest_step()).await?;
    if step < ARCHIVE_STEP || !at.is_made(&opening.data_dir) {
        return Ok(vec![Check::good("strongroom", "nothing was filed yet")]);
    }
    let last = fixity::last_of(db).await?;
    Ok(vec![
        place(opening, at).await,
        read(last.as_ref(), opening.clock.now()),
        cards(opening, at),
    ])
}

/// Whether the root can be reached where it is said to lie.
async fn place(opening: &Opening, at: &At) -> Check {
    const NAME: &str = "strongroom place";
    let keys = at.keys(&opening.data_dir).display().to_string();
    let lies = match &at.root {
        Root::Bucket(name, _) => name.clone(),
        Root::Data | Root::Folder(_) => at.folder(&opening.data_dir).display().to_string(),
    };
    let (at, data) = (at.clone(), opening.data_dir.clone());
    let looked = tokio::task::spawn_blocking(move || at.is_whole(&data)).await;
    match looked {
        Ok(Ok(true)) => Check::good(NAME, format!("{lies}, its keys in {keys}")),
        Ok(Ok(false)) => Check::wanting(
            NAME,
            format!("{lies} holds no strongroom"),
            "name its place with --strongroom; restore it from its copy",
        ),
        Ok(Err(e)) => Check::wanting(
            NAME,
            format!("{lies} cannot be reached: {e}"),
            "look at the line, the endpoint and the credentials",
        ),
        Err(e) => Check::wanting(NAME, e.to_string(), "ask again"),
    }
}

fn read(last: Option<&fixity::Reading>, now: Moment) -> Check {
    const NAME: &str = "strongroom";
    const MEND: &str = "linli strongroom verify; linli strongroom repair --replica DIR";
    let Some(last) = last else {
        return Check::advice(NAME, "not read yet: the first night will", MEND);
    };
    let days = (now.0 - last.at) / DAY;
    match last.damages.len() {
        0 if now.0 - last.at <= fixity::STALE_AFTER => {
            let found = format!("{} files read last night, sound", last.files);
            Check::good(NAME, found)
        }
        0 => Check::wanting(
            NAME,
            format!("last read {days} days ago"),
            "keep linli serving at night; linli strongroom verify reads all of it now",
        ),
        n => Check::wanting(NAME, format!("{n} files are damaged"), MEND),
    }
}

fn cards(opening: &Opening, at: &At) -> Check {
    const NAME: &str = "escrow";
    const MEND: &str = "linli escrow cards --out DIR; hand the five cards to five people";
    // Read as it lies: opening the store would make what a copy came without.
    let kept = std::fs::read(at.keys(&opening.data_dir).join("keys.json"));
    let keys = kept
        .map_err(|e| e.to_string())
        .and_then(|bytes| serde_json::from_slice::<KeyList>(&bytes).map_err(|e| e.to_string()));
    match keys {
        Err(e) => Check::wanting(
            NAME,
            format!("the archive's key store does not open: {e}"),
            "restore keys/strongroom from its copy; linli strongroom repair --key-copy DIR",
        ),
        Ok(list) => {
            let cards = |k: &KeyRecord| k.role == Role::Escrow && k.retired.is_none();
            if list.keys.iter().any(cards) {
                Check::good(NAME, "the archive opens with three of five cards as well")
            } else {
                let found = "without the site key nobody opens the archive: there are no cards";
                Check::advice(NAME, found, MEND)
            }
        }
    }
}

/// As much of the key store's list as is looked at.
#[derive(serde::Deserialize)]
struct KeyList {
    keys: Vec<KeyRecord>,
}
