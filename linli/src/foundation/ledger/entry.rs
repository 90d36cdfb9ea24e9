//! An event as it lies in the ledger, and the canonical bytes that the tree is made of.

use crate::foundation::clock::Moment;
use crate::foundation::database::{Community, DbError, FromRow, Row};

/// The version of the canonical bytes; see docs/formats/ledger.md.
pub const ENTRY_VERSION: i64 = 1;

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
