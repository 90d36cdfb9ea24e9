//! The fonts of a machine: which files can write what. Their files are mapped into memory,
//! so that of the 18 MB of a Chinese font only what is drawn is ever read.

mod choice;
mod search;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use memmap2::Mmap;

pub use choice::{Family, Lang};
pub(crate) use choice::{Slot, order};

/// A sign that only a Chinese font has.
const CHINESE: char = '鄰';

/// One face of one font file.
pub(crate) struct Entry {
    file: usize,
    /// Its place in a collection.
    pub index: u32,
    /// Lower case, for comparing.
    pub family: String,
    pub weight: u16,
    pub italic: bool,
    /// Whether it can write Chinese.
    pub chinese: bool,
}

struct FontFile {
    path: PathBuf,
    bytes: OnceLock<Option<Mmap>>,
}

/// The fonts of a machine; each is read when a paper first needs it.
pub struct Fonts {
    files: Vec<FontFile>,
    pub(crate) entries: Vec<Entry>,
}

impl Fonts {
    /// Looks through the folders where the system keeps its fonts.
    pub fn of_system() -> Fonts {
        Fonts::in_folders(&search::system_folders())
    }

    /// Looks through folders of the caller's choice instead, with what lies below them.
    pub fn in_folders<P: AsRef<Path>>(folders: &[P]) -> Fonts {
        let mut fonts = Fonts {
            files: Vec::new(),
            entries: Vec::new(),
        };
        for path in search::font_files(folders) {
            let Some(bytes) = map(&path) else { continue };
            let file = fonts.files.len();
            let found = search::faces(&bytes, file);
            if !found.is_empty() {
                fonts.entries.extend(found);
                fonts.files.push(FontFile {
                    path,
                    bytes: OnceLock::new(),
                });
            }
        }
        fonts
    }

    /// Whether one of them can write Chinese.
    pub fn write_chinese(&self) -> bool {
        self.entries.iter().any(|e| e.chinese)
    }

    /// The bytes of a face's file, mapped at the first asking.
    pub(crate) fn bytes(&self, entry: &Entry) -> Option<&[u8]> {
        let file = &self.files[entry.file];
        file.bytes.get_or_init(|| map(&file.path)).as_deref()
    }
}

fn map(path: &Path) -> Option<Mmap> {
    let file = File::open(path).ok()?;
    // SAFETY: a mapping is unsound only while somebody shortens or rewrites the file. Fonts
    // are replaced by the system's packages, which write a new file and rename it.
    unsafe { Mmap::map(&file) }.ok()
}
