//! A zip as a container of an office's format, read strictly: what its table says must be what
//! lies in it, entry behind entry without gaps, so that every reader sees the same.

use crate::inflate::inflate;
use crate::limits::Purse;
use crate::refused::{Foreign, Part};
use crate::walk::Walk;
use crate::{Kind, Refused};

const KIND: Kind = Kind::Ofd;
/// Entries of an OFD: pages, signatures, pictures. 500 pages have about 2,000.
const ENTRIES_MAX: u64 = 20_000;

/// One entry, its content not yet unpacked.
pub(crate) struct Entry<'a> {
    pub name: String,
    data: &'a [u8],
    deflated: bool,
    pub len: u64,
    crc: u32,
}

/// The entries in the order of the table.
pub(crate) struct Zip<'a> {
    pub entries: Vec<Entry<'a>>,
}

impl<'a> Zip<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refused> {
        let broken = || Refused::Broken {
            kind: KIND,
            part: Part::Structure,
        };
        let walk = Walk::little(bytes);
        let end = bytes
            .len()
            .checked_sub(22)
            .ok_or(Refused::Truncated(KIND))? as u64;
        // No comment: it is where a second file would hide.
        if walk.slice(end, 4) != Some(b"PK\x05\x06") {
            return Err(match crate::walk::zip_at_end(bytes) {
                Some(_) => Refused::Polyglot {
                    kind: KIND,
                    at: end,
                },
                None => Refused::Truncated(KIND),
            });
        }
        let read = || {
            Some((
                walk.u16(end + 10)?,
                walk.u32(end + 12)?,
                walk.u32(end + 16)?,
            ))
        };
        let (count, size, start) = read().ok_or_else(broken)?;
        if start.checked_add(size) != Some(end) || walk.u32(end + 4) != Some(0) {
            return Err(broken());
        }
        if count > ENTRIES_MAX {
            return Err(Refused::Parts(KIND));
        }
        let mut at = start;
        let mut entries = Vec::new();
        let mut stretches = Vec::new();
        for _ in 0..count {
            let (entry, stretch, next) = entry(&walk, at, start)?;
            at = next;
            entries.push(entry);
            stretches.push(stretch);
        }
        if at != end {
            return Err(broken());
        }
        // Overlapping entries are how a small zip unpacks to petabytes; a gap hides things.
        stretches.sort_unstable();
        let mut reached = 0;
        for (from, to) in stretches {
            if from != reached {
                return Err(Refused::Polyglot {
                    kind: KIND,
                    at: reached.min(from),
                });
            }
            reached = to;
        }
        if reached != start {
            return Err(Refused::Polyglot {
                kind: KIND,
                at: reached,
            });
        }
        let mut names: Vec<_> = entries.iter().map(|e| e.name.to_lowercase()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
            return Err(Refused::Entry {
                name: twice[0].clone(),
            });
        }
        Ok(Self { entries })
    }

    pub fn find(&self, name: &str) -> Option<&Entry<'a>> {
        let name = name.trim_start_matches('/');
        self.entries.iter().find(|e| e.name == name)
    }

    /// What sort of zip it is when it is no OFD.
    pub fn foreign(&self) -> Foreign {
        let has = |name: &str| {
            self.entries
                .iter()
                .any(|e| e.name.eq_ignore_ascii_case(name))
        };
        let ends = |tail: &str| {
            self.entries
                .iter()
                .any(|e| e.name.to_lowercase().ends_with(tail))
        };
        if has("[Content_Types].xml") {
            Foreign::Office {
                macros: ends("vbaproject.bin"),
            }
        } else if has("mimetype") && has("content.xml") {
            Foreign::OpenDocument
        } else if has("META-INF/MANIFEST.MF") || has("AndroidManifest.xml") {
            Foreign::Executable
        } else {
            Foreign::Archive
        }
    }
}

impl Entry<'_> {
    /// Unpacks the entry, paying for it and checking its sum.
    pub fn unpack(&self, purse: &mut Purse<'_>, picture: bool) -> Result<Vec<u8>, Refused> {
        let broken = |part| Refused::Broken { kind: KIND, part };
        if self.len > purse.left(picture) {
            return Err(purse.overflow(picture));
        }
        let bytes = if self.deflated {
            let out = inflate(self.data, false, self.len);
            if out.damaged || out.more {
                return Err(broken(Part::Compressed));
            }
            out.bytes
        } else {
            self.data.to_vec()
        };
        purse.pay(bytes.len() as u64, self.data.len() as u64, picture)?;
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        if bytes.len() as u64 != self.len || crc.sum() != self.crc {
            return Err(broken(Part::Checksum));
        }
        Ok(bytes)
    }
}

/// Reads a table entry and its local head, which must agree.
fn entry<'a>(
    walk: &Walk<'a>,
    at: u64,
    table: u64,
) -> Result<(Entry<'a>, (u64, u64), u64), Refused> {
    let broken = || Refused::Broken {
        kind: KIND,
        part: Part::Structure,
    };
    let read = |at, len| walk.uint(at, len).ok_or_else(broken);
    if walk.slice(at, 4) != Some(b"PK\x01\x02") {
        return Err(broken());
    }
    let (flags, method) = (read(at + 8, 2)?, read(at + 10, 2)?);
    let (crc, packed, len) = (read(at + 16, 4)?, read(at + 20, 4)?, read(at + 24, 4)?);
    let (name_len, extra, comment) = (read(at + 28, 2)?, read(at + 30, 2)?, read(at + 32, 2)?);
    let (mode, local) = (read(at + 38, 4)? >> 16, read(at + 42, 4)?);
    let raw = walk.slice(at + 46, name_len).ok_or_else(broken)?;
    let name = String::from_utf8_lossy(raw).into_owned();
    let bad = || Refused::Entry { name: name.clone() };
    // Bits 0, 6 and 13: encryption in one form or another.
    if flags & 0x2041 != 0 {
        return Err(Refused::Encrypted);
    }
    // 0o120000 is a symbolic link, 0o060000 and the like are devices.
    if !sound(&name) || !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000) {
        return Err(bad());
    }
    if !matches!(method, 0 | 8) || (method == 0 && packed != len) {
        return Err(broken());
    }
    if walk.slice(local, 4) != Some(b"PK\x03\x04") || read(local + 26, 2)? != name_len {
        return Err(broken());
    }
    if walk.slice(local + 30, name_len) != Some(raw)
        || read(local + 8, 2)? != method
        || read(local + 6, 2)? & 0x2041 != 0
    {
        return Err(bad());
    }
    let from = local + 30 + name_len + read(local + 28, 2)?;
    let data = walk.slice(from, packed).ok_or_else(broken)?;
    let mut to = from + packed;
    // Bit 3: lengths and sum follow the data, with or without a mark.
    if flags & 8 != 0 {
        to += if walk.slice(to, 4) == Some(b"PK\x07\x08") {
            16
        } else {
            12
        };
    }
    if to > table {
        return Err(broken());
    }
    let entry = Entry {
        name,
        data,
        deflated: method == 8,
        len,
        crc: crc as u32,
    };
    Ok((entry, (local, to), at + 46 + name_len + extra + comment))
}

/// Whether a name stays where it is unpacked, on every system.
fn sound(name: &str) -> bool {
    let parts = || name.split('/');
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', '\0', ':', '\u{fffd}'])
        && name.len() <= 512
        && parts().all(|p| p != ".." && p != ".")
}
