//! The folder of an exchange: what lies in it, ripe to be taken, and where it goes.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use fees::exchange::IN;
use foundation::clock::{MINUTE, Moment};
use foundation::house::write_durably;

/// A file that was written within this time may still be being written.
const RIPE_AFTER: i64 = MINUTE;
/// Entries of the folder that are looked at: whoever keeps more there keeps other things.
const ENTRIES_MAX: usize = 10_000;
/// The longest name that is kept; a file system takes 255 bytes, and a stamp comes before it.
const NAME_BYTES_MAX: usize = 200;
/// As often a name is tried with another number, until one is free.
const NAMES_TRIED: u32 = 1_000;

/// A file to be taken.
#[derive(Clone)]
pub(super) struct Found {
    pub path: PathBuf,
    pub name: String,
}

/// What lies in the folder.
pub(super) struct Waiting {
    /// By name: systems number or date their files.
    pub found: Vec<Found>,
    /// Still being written, or more than are taken at a time.
    pub unripe: u64,
}

/// Looks what lies in `in/`. Links, folders and hidden files are nobody's lists.
pub(super) fn waiting(folder: &Path, now: Moment, most: usize) -> io::Result<Waiting> {
    let mut found = Vec::new();
    let mut unripe = 0;
    for entry in fs::read_dir(folder.join(IN))?.take(ENTRIES_MAX) {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
        let list = matches!(ending.as_deref(), Some("csv" | "xlsx" | "txt"));
        if !list || name.starts_with(['.', '~']) || !entry.file_type()?.is_file() {
            continue;
        }
        if is_unripe(&entry.metadata()?, now) {
            unripe += 1;
            continue;
        }
        found.push(Found {
            path: entry.path(),
            name,
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    unripe += found.len().saturating_sub(most) as u64;
    found.truncate(most);
    Ok(Waiting { found, unripe })
}

fn is_unripe(meta: &fs::Metadata, now: Moment) -> bool {
    let Ok(written) = meta.modified() else {
        return false;
    };
    let ms = written
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_millis());
    let written = Moment(i64::try_from(ms).unwrap_or(i64::MAX));
    // A clock that is ahead of ours tells nothing.
    written <= now && written.plus(RIPE_AFTER) > now
}

/// The file's bytes; `None` when there are more than `most`.
pub(super) fn read(file: &Found, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(&file.path)?
        .take(most + 1)
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// Moves a file into one of the other parts under a name that is free there.
pub(super) fn shift(folder: &Path, file: &Found, to: &str, stamp: &str) -> io::Result<PathBuf> {
    // Of a name that is too long the end is kept: it says what kind of file it is.
    let mut from = file.name.len().saturating_sub(NAME_BYTES_MAX);
    while !file.name.is_char_boundary(from) {
        from += 1;
    }
    let name = &file.name[from..];
    for n in 0..NAMES_TRIED {
        let number = match n {
            0 => String::new(),
            n => format!("-{n}"),
        };
        let target = folder.join(to).join(format!("{stamp}{number}-{name}"));
        if target.exists() {
            continue;
        }
        return match fs::rename(&file.path, &target) {
            // Another node was faster; it has taken the same.
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(target),
            other => other.map(|()| target),
        };
    }
    Err(io::Error::other("no name is free for the file"))
}

/// Writes the list of faults beside a file that was moved.
pub(super) fn beside(moved: &Path, report: &[u8]) -> io::Result<()> {
    let mut name = moved.file_name().unwrap_or_default().to_owned();
    name.push(".faults.csv");
    write_durably(&moved.with_file_name(name), report)
}
