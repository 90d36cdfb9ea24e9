//! Proof that one event stands in the ledger: a short text (C2SP tlog-proof) that
//! is checked with nothing but the ledger's public key.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, NOTE_BYTES_MAX, NoteError, PublicKey};
use super::entry::Entry;
use super::tree::{self, Frontier, Hash, Subtrees};
use crate::database::{Community, DbError, Look, Reader, ask};
use crate::params;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// Leaves read at a time while a subtree is hashed.
const CHUNK: i64 = 8_192;

/// An event with its path to a signed head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// From 0; the event's `seq` is one more.
    pub index: u64,
    /// The canonical bytes of the event (the `extra` line).
    pub entry: Vec<u8>,
    pub path: Vec<Hash>,
    /// The signed checkpoint, word for word.
    pub checkpoint: String,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("this is not a ledger proof")]
    Form,
    #[error("the checkpoint in the proof: {0}")]
    Checkpoint(#[from] NoteError),
    #[error("the event in the proof cannot be read")]
    Entry,
    #[error("the event does not stand under the signed head")]
    Path,
}

impl Proof {
    pub fn text(&self) -> String {
        let mut out = format!(
            "{FIRST_LINE}\nextra {}\nindex {}\n",
            STANDARD.encode(&self.entry),
            self.index
        );
        for hash in &self.path {
            let _ = writeln!(out, "{}", STANDARD.encode(hash));
        }
        out.push('\n');
        out.push_str(&self.checkpoint);
        out
    }

    pub fn parse(text: &str) -> Result<Proof, ProofError> {
        let form = || ProofError::Form;
        if text.len() > NOTE_BYTES_MAX {
            return Err(form());
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(form)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(form());
        }
        let mut field = |name| {
            lines
                .next()
                .and_then(|l| l.strip_prefix(name))
                .ok_or_else(form)
        };
        let entry = STANDARD.decode(field("extra ")?).map_err(|_| form())?;
        let digits = field("index ")?;
        let index: u64 = digits.parse().map_err(|_| form())?;
        if index.to_string() != digits {
            return Err(form());
        }
        let path = lines
            .map(|l| STANDARD.decode(l).ok().and_then(|h| h.try_into().ok()))
            .collect::<Option<Vec<Hash>>>()
            .ok_or_else(form)?;
        Ok(Proof {
            index,
            entry,
            path,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// The event and the signed head that it stands under.
    pub fn check(&self, key: &PublicKey) -> Result<(Entry, Checkpoint), ProofError> {
        let head = Checkpoint::open(&self.checkpoint, key)?;
        let entry = Entry::from_bytes(&self.entry).ok_or(ProofError::Entry)?;
        let leaf = tree::leaf(&self.entry);
        let stands = tree::check_inclusion(&leaf, self.index, head.size, &self.path, &head.root)
            && u64::try_from(entry.seq) == Ok(self.index + 1);
        if stands {
            Ok((entry, head))
        } else {
            Err(ProofError::Path)
        }
    }
}

/// The subtrees of a stored log, hashed from the leaves in its rows; the leaves of
/// one subtree are read in parts and never held together.
pub struct StoredLog<'a, 'r> {
    pub reader: &'a mut Reader<'r>,
    pub community: Community,
    /// The first failure of the database, if any.
    pub failed: Option<DbError>,
}

impl StoredLog<'_, '_> {
    fn root(&mut self, start: u64, end: u64) -> Result<Option<Hash>, DbError> {
        let mut frontier = Frontier::default();
        let mut at = start as i64;
        while (at as u64) < end {
            let leaves: Vec<(Vec<u8>,)> = self.reader.all(ask(
                "SELECT leaf FROM ledger WHERE community = $1 AND seq > $2 AND seq <= $3 \
                 ORDER BY seq LIMIT $4",
                params![self.community, at, end as i64, CHUNK],
            ))?;
            if leaves.is_empty() {
                return Ok(None);
            }
            at += leaves.len() as i64;
            for (leaf,) in leaves {
                let Ok(leaf) = leaf.try_into() else {
                    return Ok(None);
                };
                frontier.push(leaf);
            }
        }
        Ok((frontier.size == end - start).then(|| frontier.root()))
    }
}

impl Subtrees for StoredLog<'_, '_> {
    fn subtree(&mut self, level: u32, index: u64) -> Option<Hash> {
        match self.root(index << level, (index + 1) << level) {
            Ok(root) => root,
            Err(e) => {
                self.failed.get_or_insert(e);
                None
            }
        }
    }
}
