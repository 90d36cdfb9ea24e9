//! Checking a bag, complete and valid as the standard has it (RFC 8493, section 3).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path as FilePath;

use sha2::{Digest as _, Sha512};

use crate::{BagError, DECLARATION, FILES_MAX, INFO, LINE_BYTES_MAX, MANIFEST, Path, TAGS, hex};

/// A bag of which every byte is vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valid {
    pub files: u64,
    pub bytes: u64,
}

/// What is wrong with a bag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("bagit.txt does not declare a bag of version 1.0 or 0.97 in UTF-8")]
    Declaration,
    #[error("there is no manifest of SHA-512")]
    NoManifest,
    /// It would have files fetched from elsewhere.
    #[error("it has a fetch.txt")]
    Fetch,
    #[error("{0}: line {1} is none of a manifest")]
    Line(&'static str, usize),
    #[error("{0} is named twice")]
    Twice(String),
    #[error("{0} is missing")]
    Missing(String),
    #[error("{0} is in no manifest")]
    Stranger(String),
    #[error("{0} was changed")]
    Changed(String),
    /// A link or a device: what it holds is not in the bag.
    #[error("{0} is no plain file")]
    NoFile(String),
    #[error("Payload-Oxum says {said}, there are {found}")]
    Oxum { said: String, found: String },
    #[error("a name that is no text, or leads out of the bag")]
    Name,
    #[error("more than {FILES_MAX} files")]
    TooMany,
}

/// Faults of one bag that are named; the first say enough.
const FAULTS_MAX: usize = 100;

/// Checks a bag byte by byte.
///
/// # Errors
/// [`BagError::Io`] where the medium fails. Faults are the answer: at most a hundred.
pub fn validate(root: &FilePath) -> Result<Result<Valid, Vec<Fault>>, BagError> {
    let mut faults = Vec::new();
    if !declared(root) {
        faults.push(Fault::Declaration);
    }
    if root.join("fetch.txt").exists() {
        faults.push(Fault::Fetch);
    }
    let Some(manifest) = listed(root, MANIFEST, &mut faults)? else {
        faults.push(Fault::NoManifest);
        return Ok(Err(faults));
    };
    let mut found = BTreeMap::new();
    walk(root, "data", &mut found, &mut faults)?;
    let (mut files, mut bytes) = (0u64, 0u64);
    for (path, digest) in &manifest {
        if faults.len() >= FAULTS_MAX {
            break;
        }
        let name = || path.as_str().to_owned();
        match found.remove(path) {
            None => faults.push(Fault::Missing(name())),
            Some(size) => {
                files += 1;
                bytes += size;
                if digest_of(root, path)? != *digest {
                    faults.push(Fault::Changed(name()));
                }
            }
        }
    }
    let strangers = found.keys().map(|p| Fault::Stranger(p.as_str().to_owned()));
    faults.extend(strangers.take(FAULTS_MAX));
    tags(root, &mut faults)?;
    if let Some(said) = oxum(root)? {
        let counted = format!("{bytes}.{files}");
        if said != counted && faults.is_empty() {
            faults.push(Fault::Oxum {
                said,
                found: counted,
            });
        }
    }
    faults.truncate(FAULTS_MAX);
    Ok(if faults.is_empty() {
        Ok(Valid { files, bytes })
    } else {
        Err(faults)
    })
}

fn declared(root: &FilePath) -> bool {
    let mut text = String::new();
    let read = File::open(root.join(DECLARATION))
        .and_then(|file| file.take(LINE_BYTES_MAX as u64).read_to_string(&mut text));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    read.is_ok()
        && matches!(
            lines.first(),
            Some(&"BagIt-Version: 1.0" | &"BagIt-Version: 0.97")
        )
        && lines.get(1) == Some(&"Tag-File-Character-Encoding: UTF-8")
        && lines.len() == 2
}

/// Names and digests of a manifest; nothing where it is not there.
fn listed(
    root: &FilePath,
    name: &'static str,
    faults: &mut Vec<Fault>,
) -> Result<Option<BTreeMap<Path, String>>, BagError> {
    let file = match File::open(root.join(name)) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(BagError::Io(name.to_owned(), e)),
    };
    let mut all = BTreeMap::new();
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        // One byte more than a line may have, so that a longer one is seen.
        let mut limited = (&mut reader).take(LINE_BYTES_MAX as u64 + 1);
        let read = limited.read_until(b'\n', &mut line);
        if read.map_err(|e| BagError::Io(name.to_owned(), e))? == 0 {
            break;
        }
        let entry = std::str::from_utf8(&line).ok().and_then(parsed);
        match entry {
            Some((path, digest)) => {
                let named = path.as_str().to_owned();
                if all.insert(path, digest).is_some() {
                    faults.push(Fault::Twice(named));
                }
            }
            None => faults.push(Fault::Line(name, number)),
        }
        if all.len() > FILES_MAX {
            faults.push(Fault::TooMany);
        }
        if faults.len() >= FAULTS_MAX || all.len() > FILES_MAX {
            break;
        }
    }
    Ok(Some(all))
}

fn parsed(line: &str) -> Option<(Path, String)> {
    let line = line.trim_end_matches(['\n', '\r']);
    let (digest, path) = line.split_once([' ', '\t'])?;
    let path = path.trim_start_matches([' ', '\t']);
    // Some tools mark binary files as `sha512sum -b` does.
    let path = path.strip_prefix('*').unwrap_or(path);
    let path = path.strip_prefix("./").unwrap_or(path);
    let hex = digest.len() == 128 && digest.bytes().all(|b| b.is_ascii_hexdigit());
    Some((Path::decoded(path)?, hex.then(|| digest.to_lowercase())?))
}

/// All plain files below a folder of the bag, with their sizes.
fn walk(
    root: &FilePath,
    folder: &str,
    found: &mut BTreeMap<Path, u64>,
    faults: &mut Vec<Fault>,
) -> Result<(), BagError> {
    let at = |e| BagError::Io(folder.to_owned(), e);
    let inside = match fs::read_dir(root.join(folder)) {
        Ok(inside) => inside,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(at(e)),
    };
    for entry in inside {
        let entry = entry.map_err(at)?;
        let name = entry.file_name();
        let path = name
            .to_str()
            .and_then(|n| Path::read(&format!("{folder}/{n}")));
        let Some(path) = path else {
            faults.push(Fault::Name);
            continue;
        };
        let kind = entry.file_type().map_err(at)?;
        if kind.is_dir() {
            walk(root, path.as_str(), found, faults)?;
        } else if kind.is_file() {
            found.insert(path, entry.metadata().map_err(at)?.len());
        } else {
            faults.push(Fault::NoFile(path.as_str().to_owned()));
        }
        if found.len() > FILES_MAX || faults.len() >= FAULTS_MAX {
            faults.push(Fault::TooMany);
            break;
        }
    }
    Ok(())
}

/// The tag manifest vouches for the rest; a bag may be without one.
fn tags(root: &FilePath, faults: &mut Vec<Fault>) -> Result<(), BagError> {
    let Some(listed) = listed(root, TAGS, faults)? else {
        return Ok(());
    };
    for (path, digest) in &listed {
        let name = path.as_str().to_owned();
        match digest_of(root, path) {
            Ok(is) if is == *digest => {}
            Ok(_) => faults.push(Fault::Changed(name)),
            Err(BagError::Io(_, e)) if e.kind() == io::ErrorKind::NotFound => {
                faults.push(Fault::Missing(name));
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

fn oxum(root: &FilePath) -> Result<Option<String>, BagError> {
    let file = match File::open(root.join(INFO)) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(BagError::Io(INFO.to_owned(), e)),
    };
    let mut text = String::new();
    file.take(1 << 20)
        .read_to_string(&mut text)
        .map_err(|e| BagError::Io(INFO.to_owned(), e))?;
    let found = text
        .lines()
        .find_map(|line| line.strip_prefix("Payload-Oxum:"));
    Ok(found.map(|value| value.trim().to_owned()))
}

fn digest_of(root: &FilePath, path: &Path) -> Result<String, BagError> {
    let at = |e| BagError::Io(path.as_str().to_owned(), e);
    let mut file = File::open(root.join(path.as_str())).map_err(at)?;
    let mut digest = Sha512::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut piece).map_err(at)?;
        if read == 0 {
            return Ok(hex(&digest.finalize()));
        }
        digest.update(&piece[..read]);
    }
}
