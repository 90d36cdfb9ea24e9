//! The folder that the office's scanner writes into: what lies there is listed, handed in like any
//! other file, and taken away once it is in the strongroom. The folder itself holds papers in
//! clear; the operator puts it where only the scanner and this house reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use foundation::clock::{MINUTE, Moment, SECOND};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ledger::{Audience, Event, Who};
use permissions::Permission;
use permissions::actor::Actor;
use tokio::io::AsyncReadExt as _;

use crate::intake::{UPLOAD_BYTES_MAX, Upload};
use crate::kind::Kind;
use crate::store::installed;
use crate::{ArchiveError, events};

/// Files listed; a folder with more is shown from its oldest.
pub const LISTED_MAX: usize = 200;
/// Entries looked at in all.
const LOOKED_AT_MAX: usize = 5_000;
/// A file that changed so lately is still being written.
const SETTLED_AFTER: i64 = 5 * SECOND;
const NAME_CHARS_MAX: usize = 200;

/// A file in the folder, and what its name says: `3-2-1801_c.pdf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    pub name: String,
    pub bytes: u64,
    pub at: Moment,
    /// The room of its name, as the roster writes it.
    pub room: Option<String>,
    pub kind: Option<Kind>,
}

fn setting(c: Community) -> String {
    format!("scanner:{c}")
}

/// The folder of a compound, where the operator named one.
pub async fn folder(house: &House, c: Community) -> Result<Option<PathBuf>, DbError> {
    let kept: Option<(String,)> = house.db.optional(installed::value(&setting(c))).await?;
    Ok(kept.map(|(path,)| PathBuf::from(path)))
}

/// Names the folder of a compound, or none.
///
/// # Errors
/// [`ArchiveError::Io`] when it is no folder, or one of the house's own.
pub async fn set_folder(
    house: &House,
    by: &Who,
    c: Community,
    to: Option<&Path>,
) -> Result<(), ArchiveError> {
    let path = match to {
        Some(path) => {
            let whole = std::fs::canonicalize(path)?;
            let own = std::fs::canonicalize(&house.data_dir)?;
            let wrong = if !whole.is_dir() {
                Some("not a folder")
            } else if whole.starts_with(&own) || own.starts_with(&whole) {
                Some("the house's own data lies there")
            } else {
                None
            };
            if let Some(wrong) = wrong {
                let what = format!("{}: {wrong}", path.display());
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, what).into());
            }
            Some(whole.display().to_string())
        }
        None => None,
    };
    house
        .write(c, by, move |mut tx| {
            tx.execute(match &path {
                Some(path) => installed::set(&setting(c), path),
                None => installed::drop(&setting(c)),
            })?;
            let event = Event::new(events::SCANNER_SET)
                .to(Audience::Staff)
                .with("named", path.is_some());
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await
}

/// What lies in the folder, by name; `None` where none is named.
///
/// # Errors
/// [`ArchiveError::Io`] when the folder is gone.
pub async fn list(house: &House, by: &Actor) -> Result<Option<Vec<Scan>>, ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let Some(folder) = folder(house, c).await? else {
        return Ok(None);
    };
    let mut scans = Vec::new();
    let mut entries = tokio::fs::read_dir(&folder).await?;
    let mut seen = 0;
    while let Some(entry) = entries.next_entry().await? {
        seen += 1;
        if seen > LOOKED_AT_MAX {
            break;
        }
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        // A link would lead out of the folder.
        let facts = tokio::fs::symlink_metadata(entry.path()).await?;
        let at = facts.modified().ok().and_then(since_1970).unwrap_or(0);
        if !facts.is_file() || !is_plain(&name) || !settled(facts.len(), at, house.now()) {
            continue;
        }
        scans.push(Scan {
            name,
            bytes: facts.len(),
            at: Moment(at),
            room: None,
            kind: None,
        });
    }
    scans.sort_by(|a, b| a.name.cmp(&b.name));
    scans.truncate(LISTED_MAX);
    for scan in &mut scans {
        let (room, kind) = guessed(house, c, &scan.name).await?;
        (scan.room, scan.kind) = (room, kind);
    }
    Ok(Some(scans))
}

fn since_1970(at: std::time::SystemTime) -> Option<i64> {
    let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// Whether the scanner is done with a file; `at` is when it last changed.
fn settled(bytes: u64, at: i64, now: Moment) -> bool {
    let age = now.0 - at;
    // A scanner whose clock runs ahead says nothing by its times.
    bytes > 0 && !(-MINUTE..SETTLED_AFTER).contains(&age)
}

/// A name in this very folder and nowhere else.
fn is_plain(name: &str) -> bool {
    let short = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
    let hidden = name.starts_with(['.', '~']);
    short && !hidden && !name.contains(['/', '\\', '\0'])
}

async fn guessed(
    house: &House,
    c: Community,
    name: &str,
) -> Result<(Option<String>, Option<Kind>), ArchiveError> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut parts = stem.split(['_', ' ', '＿']);
    let code = parts.next().unwrap_or_default();
    let room = roster::find_room(house, c, code).await?.map(|r| r.code);
    let kind = parts.find_map(|part| Kind::from_letter(&part.to_lowercase()));
    Ok((room, kind))
}

/// One file of the folder, read into memory.
///
/// # Errors
/// [`ArchiveError::NotFound`] when it is not there any more, or no plain file.
pub async fn take(house: &House, by: &Actor, name: &str) -> Result<Upload, ArchiveError> {
    let path = path_of(house, by, name).await?;
    let file = tokio::fs::File::open(&path).await?;
    let max = UPLOAD_BYTES_MAX as u64;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).await?;
    if bytes.len() as u64 > max {
        let bytes = bytes.len() as u64;
        return Err(scans::Refused::Bytes { bytes, max }.into());
    }
    Ok(Upload {
        name: name.to_owned(),
        bytes: Arc::new(bytes),
        corners: None,
    })
}

/// Takes a file out of the folder, which is in the strongroom now.
///
/// # Errors
/// The folder's.
pub async fn remove(house: &House, by: &Actor, name: &str) -> Result<(), ArchiveError> {
    let path = path_of(house, by, name).await?;
    tokio::fs::remove_file(path).await?;
    Ok(())
}

async fn path_of(house: &House, by: &Actor, name: &str) -> Result<PathBuf, ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let folder = folder(house, by.community).await?;
    let folder = folder.ok_or(ArchiveError::NotFound)?;
    if !is_plain(name) {
        return Err(ArchiveError::NotFound);
    }
    let path = folder.join(name);
    let facts = tokio::fs::symlink_metadata(&path).await;
    let plain = facts.is_ok_and(|facts| facts.is_file());
    plain.then_some(path).ok_or(ArchiveError::NotFound)
}
