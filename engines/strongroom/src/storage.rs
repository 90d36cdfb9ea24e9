//! Where the root lies: a folder, or a bucket. Paths are those inside the OCFL root.

mod folder;
#[cfg(feature = "s3")]
mod s3;

use std::io::{self, Read};

use crate::disk::{Disk, Kind, ReadSeek};

pub use folder::FolderStorage;
#[cfg(feature = "s3")]
pub use s3::{S3Config, S3Storage};

/// A lease on being the one writer of a root.
pub struct Lease {
    /// Until when it holds, in milliseconds since 1970; `None`: as long as the process lives.
    pub until: Option<i64>,
    pub(crate) _guard: Box<dyn Send + Sync>,
}

/// The few things that are done to a root. None replaces or removes a content file; what
/// is in the way is moved aside into the quarantine.
pub trait Storage: Send + Sync {
    fn open(&self, path: &str) -> io::Result<Box<dyn ReadSeek>>;
    /// `None` when nothing has that name.
    fn stat(&self, path: &str) -> io::Result<Option<Kind>>;
    /// Names in a folder, sorted; empty when it is absent.
    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>>;
    /// Makes the folders above a path that is to come, if the storage knows folders. Gives
    /// those whose entries changed; they are settled before anything is put into them, or
    /// a crash could keep what came and lose the way to it.
    fn make_way(&self, path: &str) -> io::Result<Vec<String>>;
    /// Puts a folder staged in `work` at `path`, where nothing may be. In a bucket the files
    /// arrive one by one, `inventory.json` and then its sidecar last.
    /// Gives the folders whose entries changed, for [`Storage::settle`].
    fn adopt(&self, work: &dyn Disk, staged: &str, path: &str) -> io::Result<Vec<String>>;
    /// A new file, durable when it returns; an error when the name is taken.
    fn write_new(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()>;
    /// Replaces a small file in one step; only inventories at an object's top and their
    /// sidecars are ever replaced.
    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Returns when what was adopted or replaced in these folders is on the medium.
    fn settle(&self, folders: &[String]) -> io::Result<()>;
    /// Moves a file or folder out of the root into the quarantine, under `name`.
    fn set_aside(&self, path: &str, name: &str) -> io::Result<()>;
    /// Removes folders without content, upwards from `path`; OCFL allows none (E073).
    fn prune(&self, path: &str) -> io::Result<()>;
    /// Becomes the one writer. `WouldBlock` when there is another.
    fn lease(&self, now: i64) -> io::Result<Lease>;
    /// Holds a lease that ends for longer.
    fn renew(&self, lease: &mut Lease, now: i64) -> io::Result<()>;
    /// Ends a lease: the next may write at once.
    fn release(&self, lease: Lease) -> io::Result<()>;
}

/// All files below a folder, in order, and what is neither file nor folder; an empty folder
/// stands with a `/` at its end.
pub(crate) fn walk(storage: &dyn Storage, folder: &str) -> io::Result<Vec<(String, Kind)>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        let names = storage.list(&at)?;
        if names.is_empty() && at != folder {
            found.push((format!("{at}/"), Kind::Folder));
        }
        for (name, kind) in names {
            let path = crate::disk::join(&at, &name);
            match kind {
                Kind::Folder => open.push(path),
                _ => found.push((path, kind)),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A small file whole.
pub(crate) fn read_small(storage: &dyn Storage, path: &str, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    storage.open(path)?.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("{path} has more than {max} bytes"),
        ));
    }
    Ok(bytes)
}

/// The folders above a path, the top (`""`) last.
pub(crate) fn above(path: &str) -> Vec<String> {
    let mut folders = Vec::new();
    let mut at = path;
    while !at.is_empty() {
        at = crate::disk::parent(at);
        folders.push(at.to_owned());
    }
    folders
}
