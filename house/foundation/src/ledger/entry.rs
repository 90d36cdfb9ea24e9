//! An event as it lies in the ledger, and the canonical bytes that the tree is made of.

use crate::clock::Moment;
use crate::database::{Community, DbError, FromRow, Row};

/// The version of the canonical bytes; see docs/formats/ledger.md.
pub const ENTRY_VERSION: i64 = 1;

/// The longest entry: C2SP entry bundles carry their lengths in 16 bits.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// One line of the ledger. Every column that is stored is hashed, so that no byte
/// of it can change unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub community: Community,
    /// Counted from 1, without gaps.
    pub seq: i64,
    pub at: Moment,
    pub kind: String,
    pub version: i64,
    pub actor: String,
    pub role: String,
    pub behalf: String,
    pub door: String,
    pub subject: String,
    pub audience: String,
    /// Canonical JSON of the facts.
    pub body: String,
}

impl Entry {
    /// Deterministic CBOR (RFC 8949 section 4.2.1): an array of thirteen.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(160 + self.body.len());
        head(&mut out, 4, 13);
        int(&mut out, ENTRY_VERSION);
        int(&mut out, self.community.0);
        int(&mut out, self.seq);
        int(&mut out, self.at.0);
        text(&mut out, &self.kind);
        int(&mut out, self.version);
        text(&mut out, &self.actor);
        text(&mut out, &self.role);
        text(&mut out, &self.behalf);
        text(&mut out, &self.door);
        text(&mut out, &self.subject);
        text(&mut out, &self.audience);
        text(&mut out, &self.body);
        out
    }

    /// Reads what [`bytes`](Self::bytes) wrote, and nothing else: any other way of
    /// writing the same entry is refused, so that one entry has one hash.
    pub fn from_bytes(bytes: &[u8]) -> Option<Entry> {
        let mut rest = bytes;
        if take_head(&mut rest)? != (4, 13) || take_int(&mut rest)? != ENTRY_VERSION {
            return None;
        }
        let entry = Entry {
            community: Community(take_int(&mut rest)?),
            seq: take_int(&mut rest)?,
            at: Moment(take_int(&mut rest)?),
            kind: take_text(&mut rest)?,
            version: take_int(&mut rest)?,
            actor: take_text(&mut rest)?,
            role: take_text(&mut rest)?,
            behalf: take_text(&mut rest)?,
            door: take_text(&mut rest)?,
            subject: take_text(&mut rest)?,
            audience: take_text(&mut rest)?,
            body: take_text(&mut rest)?,
        };
        (rest.is_empty() && entry.bytes() == bytes).then_some(entry)
    }

    /// The leaf of the Merkle tree (RFC 6962 section 2.1).
    pub fn leaf(&self) -> super::tree::Hash {
        super::tree::leaf(&self.bytes())
    }
}

/// The columns of table `ledger`, in the order of [`Entry`]'s reading.
pub const COLUMNS: &str =
    "community, seq, at, kind, version, actor, role, behalf, door, subject, audience, body";

impl FromRow for Entry {
    fn from_row(row: &mut Row) -> Result<Entry, DbError> {
        Ok(Entry {
            community: row.next()?,
            seq: row.next()?,
            at: row.next()?,
            kind: row.next()?,
            version: row.next()?,
            actor: row.next()?,
            role: row.next()?,
            behalf: row.next()?,
            door: row.next()?,
            subject: row.next()?,
            audience: row.next()?,
            body: row.next()?,
        })
    }
}

fn head(out: &mut Vec<u8>, major: u8, n: u64) {
    let m = major << 5;
    match n {
        0..=23 => out.push(m | n as u8),
        24..=0xff => out.extend([m | 24, n as u8]),
        0x100..=0xffff => {
            out.push(m | 25);
            out.extend((n as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            out.push(m | 26);
            out.extend((n as u32).to_be_bytes());
        }
        _ => {
            out.push(m | 27);
            out.extend(n.to_be_bytes());
        }
    }
}

fn int(out: &mut Vec<u8>, n: i64) {
    match u64::try_from(n) {
        Ok(n) => head(out, 0, n),
        Err(_) => head(out, 1, !(n as u64)),
    }
}

fn text(out: &mut Vec<u8>, s: &str) {
    head(out, 3, s.len() as u64);
    out.extend(s.as_bytes());
}

fn take_head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let (first, more) = rest.split_first()?;
    let width = match first & 31 {
        n @ 0..=23 => {
            *rest = more;
            return Some((first >> 5, n.into()));
        }
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (number, more) = more.split_at_checked(width)?;
    *rest = more;
    let number = number.iter().fold(0, |n, b| n << 8 | u64::from(*b));
    Some((first >> 5, number))
}

fn take_int(rest: &mut &[u8]) -> Option<i64> {
    let (major, n) = take_head(rest)?;
    let n = i64::try_from(n).ok()?;
    match major {
        0 => Some(n),
        1 => Some(!n),
        _ => None,
    }
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let (3, length) = take_head(rest)? else {
        return None;
    };
    let (text, more) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = more;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            community: Community(3),
            seq: 70_000,
            at: Moment(1_772_416_800_000),
            kind: "membership.approved".into(),
            version: 1,
            actor: "a:01jq".into(),
            role: "specialist".into(),
            behalf: String::new(),
            door: "web".into(),
            subject: "application:01jr".into(),
            audience: "staff".into(),
            body: "{\"n\":-5}".into(),
        }
    }

    #[test]
    fn an_entry_comes_back_from_its_bytes_and_from_no_others() {
        let bytes = entry().bytes();
        assert_eq!(Entry::from_bytes(&bytes), Some(entry()));
        for at in 0..bytes.len() {
            assert_ne!(Entry::from_bytes(&bytes[..at]), Some(entry()));
            for flip in [1, 0x20, 0x80] {
                let mut other = bytes.clone();
                other[at] ^= flip;
                assert_ne!(Entry::from_bytes(&other), Some(entry()), "byte {at}");
            }
        }
        // The same text with its length written in two bytes is not canonical.
        let mut longer = bytes.clone();
        let at = bytes
            .windows(4)
            .position(|w| w == b"\x63web")
            .expect("the door");
        longer.splice(at..=at, [0x78, 3]);
        assert_eq!(Entry::from_bytes(&longer), None);
    }
}
