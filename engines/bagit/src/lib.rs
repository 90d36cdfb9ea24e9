//! Bags after BagIt 1.0 (RFC 8493): a folder with what is handed over, and a digest of each file
//! in it, so that whoever receives it sees that all came and nothing changed.
//!
//! A bag is written file by file, each durable before the next, and never whole in memory; what a
//! crash cut off is taken up by [`Bag::open`] again. [`validate`] checks any bag with SHA-512
//! manifests, as a stranger's tool would; a bag that wants files fetched from elsewhere is
//! refused, for nothing here asks the network.

mod names;
mod tar;
mod validate;
mod write;

use std::io;

pub use names::{BadPath, Path};
pub use tar::Tar;
pub use validate::{Fault, Valid, validate};
pub use write::{Bag, Entry, Sealed};

/// Files of one bag: a compound of 20,000 dossiers with a hundred papers each.
pub const FILES_MAX: usize = 2_000_000;
/// Bytes of one manifest or tag file that is read into memory; lines are read one by one.
pub const LINE_BYTES_MAX: usize = 8_192;

const DECLARATION: &str = "bagit.txt";
const INFO: &str = "bag-info.txt";
const MANIFEST: &str = "manifest-sha512.txt";
const TAGS: &str = "tagmanifest-sha512.txt";
/// As the standard gives it, to the byte.
const DECLARED: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// What can stand in the way of a bag.
#[derive(Debug, thiserror::Error)]
pub enum BagError {
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
    #[error(transparent)]
    Path(#[from] BadPath),
    /// A file of this name is in the bag.
    #[error("{0} is in the bag already")]
    There(String),
    /// The bag is sealed: nothing goes in any more.
    #[error("the bag is sealed")]
    Sealed,
    #[error("a bag has at most {FILES_MAX} files")]
    TooMany,
    /// A label or value of `bag-info.txt` that is no line.
    #[error("{0:?} cannot stand in bag-info.txt")]
    Info(String),
    /// What was noted of the files that are done cannot be read.
    #[error("the bag's journal is damaged at line {0}")]
    Journal(usize),
}

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
