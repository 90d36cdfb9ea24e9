//! Proving one event to somebody who has nothing but the ledger's public key.

use std::collections::HashMap;

use super::checkpoints::{self, TendError};
use super::store::{self, KeptHead, Line};
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ledger::proof::{Proof, StoredLog};
use foundation::ledger::tree::{self, Hash, Subtrees, consistency_proof, inclusion_proof};

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Checkpoint(#[from] TendError),
    #[error("the ledger has {0} events; there is none of that number")]
    NoEvent(u64),
    #[error("event {0} is damaged: run `linli ledger verify`")]
    Damaged(u64),
}

/// The proof that event `seq` stands under the head as it is signed now.
pub async fn inclusion(house: &House, community: Community, seq: u64) -> Result<Proof, ProveError> {
    let head: KeptHead = checkpoints::now(house, community).await?;
    if seq == 0 || seq > head.size {
        return Err(ProveError::NoEvent(head.size));
    }
    let size = head.size;
    let (entry, path) = house
        .db
        .reading::<_, ProveError, _>(move |r| {
            let line: Option<Line> = r.optional(store::line(community, seq as i64))?;
            let whole = |l: &Line| l.entry.as_ref().map(|e| e.leaf()) == l.leaf;
            let entry = line.filter(whole).and_then(|l| l.entry);
            let entry = entry.ok_or(ProveError::Damaged(seq))?;
            let mut log = StoredLog {
                reader: r,
                community,
                failed: None,
            };
            let path = inclusion_proof(&mut log, seq - 1, size);
            match (path, log.failed) {
                (_, Some(e)) => Err(e.into()),
                (None, None) => Err(ProveError::Damaged(seq)),
                (Some(path), None) => Ok((entry, path)),
            }
        })
        .await?;
    Ok(Proof {
        index: seq - 1,
        entry: entry.bytes(),
        path,
        checkpoint: head.note,
    })
}

/// The proofs of several events under one signed head, in the order of `seqs`; each subtree is
/// hashed once for all of them.
pub async fn inclusions(
    house: &House,
    community: Community,
    head: &KeptHead,
    seqs: Vec<u64>,
) -> Result<Vec<Proof>, ProveError> {
    let (size, note) = (head.size, head.note.clone());
    house
        .db
        .reading::<_, ProveError, _>(move |r| {
            let mut proofs = Vec::with_capacity(seqs.len());
            let mut known = HashMap::new();
            for seq in seqs {
                if seq == 0 || seq > size {
                    return Err(ProveError::NoEvent(size));
                }
                let line: Option<Line> = r.optional(store::line(community, seq as i64))?;
                let whole = |l: &Line| l.entry.as_ref().map(|e| e.leaf()) == l.leaf;
                let entry = line.filter(whole).and_then(|l| l.entry);
                let entry = entry.ok_or(ProveError::Damaged(seq))?;
                let log = StoredLog {
                    reader: r,
                    community,
                    failed: None,
                };
                let mut log = Remembered { log, known };
                let path = inclusion_proof(&mut log, seq - 1, size);
                known = log.known;
                match (path, log.log.failed) {
                    (_, Some(e)) => return Err(e.into()),
                    (None, None) => return Err(ProveError::Damaged(seq)),
                    (Some(path), None) => proofs.push(Proof {
                        index: seq - 1,
                        entry: entry.bytes(),
                        path,
                        checkpoint: note.clone(),
                    }),
                }
            }
            Ok(proofs)
        })
        .await
}

/// A log that remembers each subtree, and puts large ones together from smaller ones.
struct Remembered<'a, 'r> {
    log: StoredLog<'a, 'r>,
    known: HashMap<(u32, u64), Hash>,
}

/// Subtrees up to this level are hashed from their leaves in one reading.
const AT_ONCE: u32 = 12;

impl Subtrees for Remembered<'_, '_> {
    fn subtree(&mut self, level: u32, index: u64) -> Option<Hash> {
        if let Some(known) = self.known.get(&(level, index)) {
            return Some(*known);
        }
        let root = if level <= AT_ONCE {
            self.log.subtree(level, index)?
        } else {
            let left = self.subtree(level - 1, index * 2)?;
            tree::node(&left, &self.subtree(level - 1, index * 2 + 1)?)
        };
        self.known.insert((level, index), root);
        Some(root)
    }
}

/// The proof that the log of `old` events is a beginning of that of `new` events.
pub async fn consistency(
    house: &House,
    community: Community,
    old: u64,
    new: u64,
) -> Result<Vec<[u8; 32]>, ProveError> {
    house
        .db
        .reading::<_, ProveError, _>(move |r| {
            let mut log = StoredLog {
                reader: r,
                community,
                failed: None,
            };
            let path = consistency_proof(&mut log, old, new);
            match (path, log.failed) {
                (_, Some(e)) => Err(e.into()),
                (None, None) => Err(ProveError::NoEvent(old)),
                (Some(path), None) => Ok(path),
            }
        })
        .await
}
