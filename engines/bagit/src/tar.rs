//! A bag as one stream: a tar archive (POSIX.1-2001, pax) whose only folder is the bag (RFC 8493,
//! section 4). It is read file by file and never whole in memory; how long it becomes is known
//! before, so that who receives it sees when it was cut off.

use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path as FilePath, PathBuf};

const BLOCK: u64 = 512;
/// The largest size that the field of a header holds: eleven octal digits.
const SIZE_MAX: u64 = 0o77_777_777_777;

/// A folder that is to be streamed.
pub struct Tar {
    root: PathBuf,
    /// What the folder is called in the archive.
    name: String,
    bytes: u64,
}

/// Every file below a folder in the order of its names: its name in the archive, and its bytes.
fn walk(
    folder: &FilePath,
    name: &str,
    each: &mut dyn FnMut(&FilePath, &str, u64) -> io::Result<()>,
) -> io::Result<()> {
    let mut inside: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    inside.sort_by_key(fs::DirEntry::file_name);
    for entry in inside {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        let what = entry.metadata()?;
        if what.is_dir() {
            walk(&entry.path(), &name, each)?;
        } else {
            each(&entry.path(), &name, what.len())?;
        }
    }
    Ok(())
}

/// `length key=value\n`, the length being that of the whole record.
fn record(key: &str, value: &str) -> String {
    let rest = key.len() + value.len() + 3;
    let mut all = rest + rest.to_string().len();
    if rest + all.to_string().len() > all {
        all += 1;
    }
    format!("{all} {key}={value}\n")
}

/// What a header cannot hold: names in Chinese, long ones, large files.
fn extended(name: &str, bytes: u64) -> String {
    let size = if bytes > SIZE_MAX {
        record("size", &bytes.to_string())
    } else {
        String::new()
    };
    record("path", name) + &size
}

fn padded(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK) * BLOCK
}

/// Two headers, what is in them, and the file.
fn long(name: &str, bytes: u64) -> u64 {
    2 * BLOCK + padded(extended(name, bytes).len() as u64) + padded(bytes)
}

/// A header of 512 bytes. Readers of pax take the name from the record before it.
fn header(name: &str, bytes: u64, kind: u8) -> [u8; 512] {
    let mut head = [0u8; 512];
    let mut put = |at: usize, text: &[u8]| head[at..at + text.len()].copy_from_slice(text);
    let plain = |c: char| if c.is_ascii_graphic() { c as u8 } else { b'_' };
    let short: Vec<u8> = name.chars().map(plain).take(100).collect();
    put(0, &short);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    let size = if bytes > SIZE_MAX { 0 } else { bytes };
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = head.iter().map(|b| u32::from(*b)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head
}

fn pad(out: &mut dyn Write, bytes: u64) -> io::Result<()> {
    let wanting = (padded(bytes) - bytes) as usize;
    out.write_all(&[0u8; BLOCK as usize][..wanting])
}

impl Tar {
    /// Looks through a folder.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of(root: &FilePath, name: &str) -> io::Result<Tar> {
        let mut bytes = 2 * BLOCK;
        walk(root, name, &mut |_, name, size| {
            bytes += long(name, size);
            Ok(())
        })?;
        Ok(Tar {
            root: root.to_owned(),
            name: name.to_owned(),
            bytes,
        })
    }

    /// How long the archive is.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where a file cannot be read or is not as long as it was, and what `out` says.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        walk(&self.root, &self.name, &mut |path, name, bytes| {
            let more = extended(name, bytes);
            let length = more.len() as u64;
            out.write_all(&header(name, length, b'x'))?;
            out.write_all(more.as_bytes())?;
            pad(out, length)?;
            out.write_all(&header(name, bytes, b'0'))?;
            let copied = io::copy(&mut File::open(path)?.take(bytes), out)?;
            if copied != bytes {
                return Err(io::Error::other(format!("{name} became shorter")));
            }
            pad(out, bytes)
        })?;
        out.write_all(&[0u8; 2 * BLOCK as usize])?;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_itself() {
        for long in [1, 5, 88, 89, 90, 91, 92, 93, 984, 985, 986, 987, 988, 5000] {
            let text = record("path", &"x".repeat(long));
            let (said, _) = text.split_once(' ').expect("a length");
            assert_eq!(said.parse(), Ok(text.len()), "{long}");
        }
    }

    #[test]
    fn another_tool_unpacks_what_was_in_the_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let (from, to) = (dir.path().join("bag"), dir.path().join("to"));
        let deep = from.join("data/檔案".to_owned() + &"長".repeat(50));
        fs::create_dir_all(&deep).expect("made");
        fs::create_dir_all(&to).expect("made");
        for (name, size) in [("空", 0), ("一塊", 512), ("一塊多一", 513), ("大", 300_000)] {
            fs::write(deep.join(name), vec![7u8; size]).expect("written");
        }
        let tar = Tar::of(&from, "bag").expect("looked through");
        let mut out = Vec::new();
        tar.write(&mut out).expect("written");
        assert_eq!(out.len() as u64, tar.bytes());
        let packed = dir.path().join("bag.tar");
        fs::write(&packed, out).expect("written");
        let done = std::process::Command::new("tar")
            .args(["-xf"])
            .arg(&packed)
            .arg("-C")
            .arg(&to)
            .status()
            .expect("tar is on every machine that builds");
        assert!(done.success());
        let mut seen = 0;
        walk(&from, "bag", &mut |path, name, _| {
            assert_eq!(fs::read(path)?, fs::read(to.join(name))?);
            seen += 1;
            Ok(())
        })
        .expect("the same");
        assert_eq!(seen, 4);
    }
}
