//! A folder on this machine, as the store sees it: the dozen file operations that intake,
//! keys and a local root are made of. A trait, so that a test can crash at each of them.

mod local;
mod path;

use std::io::{self, Read, Seek, Write};

pub use local::LocalDisk;
pub use path::{join, parent, safe};

/// What a reader of the store can do: read in order and jump.
pub trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// What lies in a folder under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file and its bytes.
    File(u64),
    Folder,
    /// A link, a device, a socket: nothing that a store may hold.
    Other,
}

/// A file being written; its bytes are safe only after [`NewFile::sync`].
pub trait NewFile: Write + Send {
    /// Returns when the file's bytes are on the medium.
    fn sync(&mut self) -> io::Result<()>;
}

/// File operations below one folder. Paths are relative, of plain names joined by `/`;
/// an implementation refuses every other ([`safe`]) and follows no link.
pub trait Disk: Send + Sync {
    /// A new file; an error when the name is taken.
    fn create(&self, path: &str) -> io::Result<Box<dyn NewFile>>;
    fn open(&self, path: &str) -> io::Result<Box<dyn ReadSeek>>;
    /// `None` when nothing has that name.
    fn stat(&self, path: &str) -> io::Result<Option<Kind>>;
    /// Names in a folder, sorted; empty when the folder is absent.
    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>>;
    /// One folder; its parent is there. No error when it exists.
    fn make_folder(&self, path: &str) -> io::Result<()>;
    /// Moves a file or folder to a name that must be free.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Moves a file over another, in one step.
    fn replace(&self, from: &str, to: &str) -> io::Result<()>;
    fn remove_file(&self, path: &str) -> io::Result<()>;
    /// Only an empty folder.
    fn remove_folder(&self, path: &str) -> io::Result<()>;
    /// Returns when the bytes of these files and the entries of these folders are on the
    /// medium, all of them: many at once cost little more than one.
    fn sync(&self, files: &[String], folders: &[String]) -> io::Result<()>;
    /// Overwrites a file's bytes in place with zeros and syncs: for keys that must go.
    fn blank(&self, path: &str) -> io::Result<()>;
    /// The folder's one writer, until the guard is dropped or the process dies.
    /// `WouldBlock` when there is another.
    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>>;
}

/// Makes a folder and those above it; returns the folders whose entries changed.
pub(crate) fn make_folders(disk: &dyn Disk, path: &str) -> io::Result<Vec<String>> {
    let mut touched = Vec::new();
    let mut at = String::new();
    for name in path.split('/') {
        let above = at.clone();
        at = join(&at, name);
        if disk.stat(&at)?.is_none() {
            disk.make_folder(&at)?;
            touched.push(above);
        }
    }
    Ok(touched)
}

/// A small file whole; refuses one above `max` bytes.
pub(crate) fn read_small(disk: &dyn Disk, path: &str, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    disk.open(path)?.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("{path} has more than {max} bytes"),
        ));
    }
    Ok(bytes)
}

/// Writes a new small file; durable only after a sync.
pub(crate) fn write_small(disk: &dyn Disk, path: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk.create(path)?;
    file.write_all(bytes)?;
    file.flush()
}
