//! Writing a bag. Files of the payload are written one by one, each noted in a journal when it is
//! durable; sealing turns the journal into the manifest.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path as FilePath, PathBuf};

use sha2::{Digest as _, Sha512};

use crate::{BagError, DECLARATION, DECLARED, FILES_MAX, INFO, MANIFEST, Path, TAGS, hex};

/// Files that are done, while the bag is open: `digest bytes path`, a line each. Not part of a
/// sealed bag.
const JOURNAL: &str = "journal.partial";

/// A file of the payload that is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub bytes: u64,
    /// In hexadecimal.
    pub sha512: String,
}

/// What a sealed bag is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub files: u64,
    pub bytes: u64,
    /// SHA-512 of the tag manifest: it vouches for every byte of the bag.
    pub digest: [u8; 64],
}

/// A bag that is being written.
pub struct Bag {
    root: PathBuf,
    journal: File,
    done: BTreeMap<Path, Entry>,
}

impl Bag {
    /// Begins a bag in a folder, or takes up the one that was begun there. A file that was not
    /// noted as done is written anew.
    ///
    /// # Errors
    /// [`BagError::Sealed`] when it is one already; [`BagError::Journal`].
    pub fn open(root: &FilePath) -> Result<Bag, BagError> {
        if root.join(TAGS).exists() {
            return Err(BagError::Sealed);
        }
        fs::create_dir_all(root.join("data")).map_err(at(root))?;
        let path = root.join(JOURNAL);
        let (done, whole) = match File::open(&path) {
            Ok(file) => read_journal(file)?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => (BTreeMap::new(), 0),
            Err(e) => return Err(at(&path)(e)),
        };
        let journal = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(at(&path))?;
        // A line that a power cut left half is of a file that is written again.
        journal.set_len(whole).map_err(at(&path))?;
        sync_folder(root).map_err(at(root))?;
        Ok(Bag {
            root: root.to_owned(),
            journal,
            done,
        })
    }

    /// What is durable of a file, if it is.
    pub fn has(&self, path: &Path) -> Option<&Entry> {
        self.done.get(path)
    }

    /// The files that are durable, in order.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.done.keys()
    }

    pub fn files(&self) -> usize {
        self.done.len()
    }

    pub fn bytes(&self) -> u64 {
        self.done.values().map(|e| e.bytes).sum()
    }

    /// Writes a file of the payload. It is under its name and noted when this returns, or not at
    /// all.
    ///
    /// # Errors
    /// Whatever `write` says, as [`BagError::Io`]; [`BagError::There`]; [`BagError::TooMany`].
    pub fn put(
        &mut self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Entry, BagError> {
        if !path.is_payload() {
            return Err(crate::BadPath(path.as_str().to_owned()).into());
        }
        if self.done.contains_key(path) {
            return Err(BagError::There(path.as_str().to_owned()));
        }
        if self.done.len() >= FILES_MAX {
            return Err(BagError::TooMany);
        }
        let target = self.root.join(path.as_str());
        let folder = target.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(at(folder))?;
        let mut name = target.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let file = File::create(&partial).map_err(at(&partial))?;
        let mut out = Counted {
            out: BufWriter::with_capacity(1 << 16, file),
            digest: Sha512::new(),
            bytes: 0,
        };
        write(&mut out).map_err(at(&target))?;
        out.flush().map_err(at(&target))?;
        out.out.get_ref().sync_all().map_err(at(&target))?;
        fs::rename(&partial, &target).map_err(at(&target))?;
        sync_folder(folder).map_err(at(folder))?;
        let entry = Entry {
            bytes: out.bytes,
            sha512: hex(&out.digest.finalize()),
        };
        let line = format!("{} {} {}\n", entry.sha512, entry.bytes, path.as_str());
        self.journal
            .write_all(line.as_bytes())
            .and_then(|()| self.journal.sync_data())
            .map_err(at(&self.root.join(JOURNAL)))?;
        self.done.insert(path.clone(), entry.clone());
        Ok(entry)
    }

    /// Writes the manifests and ends the bag. `info` are lines of `bag-info.txt`; the
    /// `Payload-Oxum` is added.
    ///
    /// # Errors
    /// [`BagError::Info`]; [`BagError::Io`]. The bag stays open then.
    pub fn seal(self, info: &[(&str, &str)]) -> Result<Sealed, BagError> {
        let mut lines = String::new();
        for (label, value) in info {
            let plain = |text: &str| !text.is_empty() && !text.contains(['\n', '\r']);
            if !plain(label) || label.contains(':') || !plain(value) {
                return Err(BagError::Info(format!("{label}: {value}")));
            }
            lines.push_str(&format!("{label}: {value}\n"));
        }
        let (files, bytes) = (self.done.len() as u64, self.bytes());
        lines.push_str(&format!("Payload-Oxum: {bytes}.{files}\n"));
        let mut tags = BTreeMap::new();
        tags.insert(
            DECLARATION,
            self.tag(DECLARATION, |out| out.write_all(DECLARED.as_bytes()))?,
        );
        tags.insert(INFO, self.tag(INFO, |out| out.write_all(lines.as_bytes()))?);
        let manifest = self.tag(MANIFEST, |out| {
            for (path, entry) in &self.done {
                writeln!(out, "{}  {}", entry.sha512, path.encoded())?;
            }
            Ok(())
        })?;
        tags.insert(MANIFEST, manifest);
        // The journal goes first: a sealed bag has no file that nobody vouches for.
        let journal = self.root.join(JOURNAL);
        let list = self.tag(TAGS, |out| {
            for (name, entry) in &tags {
                writeln!(out, "{}  {name}", entry.sha512)?;
            }
            Ok(())
        })?;
        fs::remove_file(&journal).map_err(at(&journal))?;
        sync_folder(&self.root).map_err(at(&self.root))?;
        let digest = unhex(&list.sha512);
        Ok(Sealed {
            files,
            bytes,
            digest,
        })
    }

    fn tag(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Entry, BagError> {
        let target = self.root.join(name);
        let partial = self.root.join(format!("{name}.partial"));
        let file = File::create(&partial).map_err(at(&partial))?;
        let mut out = Counted {
            out: BufWriter::new(file),
            digest: Sha512::new(),
            bytes: 0,
        };
        write(&mut out)
            .and_then(|()| out.flush())
            .and_then(|()| out.out.get_ref().sync_all())
            .and_then(|()| fs::rename(&partial, &target))
            .map_err(at(&target))?;
        Ok(Entry {
            bytes: out.bytes,
            sha512: hex(&out.digest.finalize()),
        })
    }
}

impl Sealed {
    /// Of a bag that was sealed before a crash; nothing where it is still open.
    ///
    /// # Errors
    /// [`BagError::Io`].
    pub fn of(root: &FilePath) -> Result<Option<Sealed>, BagError> {
        let path = root.join(TAGS);
        let tags = match fs::read(&path) {
            Ok(tags) => tags,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(at(&path)(e)),
        };
        // What a crash between the last two steps left.
        let journal = root.join(JOURNAL);
        if journal.exists() {
            fs::remove_file(&journal).map_err(at(&journal))?;
        }
        let info = root.join(INFO);
        let text = fs::read_to_string(&info).map_err(at(&info))?;
        let oxum = text
            .lines()
            .find_map(|line| line.strip_prefix("Payload-Oxum: "))
            .and_then(|value| value.split_once('.'))
            .and_then(|(bytes, files)| Some((bytes.parse().ok()?, files.parse().ok()?)));
        let (bytes, files) = oxum.ok_or_else(|| {
            let e = io::Error::new(io::ErrorKind::InvalidData, "no Payload-Oxum");
            at(&info)(e)
        })?;
        Ok(Some(Sealed {
            files,
            bytes,
            digest: Sha512::digest(&tags).into(),
        }))
    }
}

/// Counts and digests what goes through it.
struct Counted {
    out: BufWriter<File>,
    digest: Sha512,
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        self.digest.update(&bytes[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The files that are done, and how many bytes of the journal are whole lines.
fn read_journal(file: File) -> Result<(BTreeMap<Path, Entry>, u64), BagError> {
    let mut done = BTreeMap::new();
    let mut whole = 0;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        let read = read.map_err(|e| BagError::Io(JOURNAL.to_owned(), e))?;
        if read == 0 || line.last() != Some(&b'\n') {
            break;
        }
        let text = std::str::from_utf8(&line[..read - 1]).ok();
        let parsed = text.and_then(|text| {
            let mut parts = text.splitn(3, ' ');
            let sha512 = parts.next().filter(|d| d.len() == 128)?.to_owned();
            let bytes = parts.next()?.parse().ok()?;
            Some((Path::new(parts.next()?).ok()?, Entry { bytes, sha512 }))
        });
        let (path, entry) = parsed.ok_or(BagError::Journal(number))?;
        done.insert(path, entry);
        whole += read as u64;
    }
    Ok((done, whole))
}

fn unhex(text: &str) -> [u8; 64] {
    std::array::from_fn(|at| {
        u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("our own hexadecimal")
    })
}

fn at(path: &FilePath) -> impl FnOnce(io::Error) -> BagError + use<> {
    let path = path.display().to_string();
    move |e| BagError::Io(path, e)
}

/// A name is durable when its folder is.
fn sync_folder(folder: &FilePath) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
