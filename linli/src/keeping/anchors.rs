//! What a log is held against: the heads that were signed earlier, from the database,
//! the key store, the files beside it and whoever kept one.

use std::collections::HashSet;
use std::path::PathBuf;

use super::verify::{Finding, Why};
use super::{checkpoints, store};
use foundation::database::{Community, Database, DbError, Reader};
use foundation::ledger::checkpoint::{Checkpoint, PublicKey, notes};
use foundation::ledger::tree::Hash;

/// Where an earlier head was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeper {
    Database,
    KeyStore,
    File,
    Given,
}

impl std::fmt::Display for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Keeper::Database => "the database",
            Keeper::KeyStore => "the key store",
            Keeper::File => "the checkpoint file",
            Keeper::Given => "the given checkpoint",
        })
    }
}

/// An earlier head, its signature checked where a key is known.
#[derive(Clone, Debug)]
pub struct Anchor {
    pub size: u64,
    pub root: Hash,
    pub keeper: Keeper,
}

/// Where earlier heads may be found, apart from the database itself.
#[derive(Clone, Default)]
pub struct Sources {
    pub key_store: Option<Database>,
    pub data_dir: Option<PathBuf>,
    /// Notes that somebody kept (`--checkpoint FILE`).
    pub given: Vec<String>,
    /// The key to trust (`--key`); else the one beside the data, else the database's.
    pub key: Option<PublicKey>,
}

/// All heads that one log is held against.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    pub good: Vec<Anchor>,
    /// Heads that are not what they say.
    pub findings: Vec<Finding>,
    key: Option<PublicKey>,
    origin: Option<String>,
}

impl Anchors {
    /// Gathers what lies outside the database. It is read before the database, so
    /// that it is never ahead of it.
    ///
    /// `name` is the ledgers' name where known.
    pub async fn outside(
        sources: &Sources,
        key: Option<PublicKey>,
        name: Option<&str>,
        community: Community,
    ) -> Result<Anchors, DbError> {
        let mut anchors = Anchors {
            key,
            origin: name.map(|n| checkpoints::origin(n, community)),
            ..Anchors::default()
        };
        if let Some(keys) = &sources.key_store {
            let kept: Option<store::KeptHead> = keys.optional(store::kept(community)).await?;
            if let Some(kept) = kept {
                anchors.add(&kept.note, Some((kept.size, &kept.root)), Keeper::KeyStore);
            }
        }
        if let Some(dir) = &sources.data_dir {
            let text = std::fs::read_to_string(checkpoints::note_file(dir, community));
            let text = text.unwrap_or_default();
            let all = notes(&text);
            for (i, note) in all.iter().enumerate() {
                // A crash may have cut the newest note short; it says nothing then.
                let torn = i + 1 == all.len() && !(note.contains("\n\n") && note.ends_with('\n'));
                if !torn {
                    anchors.add(note, None, Keeper::File);
                }
            }
        }
        for note in &sources.given {
            let ours = Checkpoint::read(note).is_ok_and(|c| anchors.is_ours(&c));
            if ours {
                anchors.add(note, None, Keeper::Given);
            }
        }
        Ok(anchors)
    }

    /// Adds the heads kept in the database itself.
    pub fn read_stored(&mut self, r: &mut Reader<'_>, community: Community) -> Result<(), DbError> {
        let mut stored = HashSet::new();
        store::each_stored_note(r, community, |size, root, note| {
            stored.insert(size.max(0) as u64);
            self.add(&note, Some((size.max(0) as u64, &root)), Keeper::Database);
        })?;
        // A head is written to its file after the database, so each of the file was there.
        let gone = |a: &&Anchor| a.keeper == Keeper::File && !stored.contains(&a.size);
        if let Some(first) = self.good.iter().filter(gone).map(|a| a.size).min() {
            self.findings.push(Finding {
                seq: (first as i64).max(1),
                why: Why::LostCheckpoint { size: first },
            });
        }
        self.good.sort_by_key(|a| (a.size, a.keeper));
        Ok(())
    }

    /// Whether a given note names this log.
    fn is_ours(&self, checkpoint: &Checkpoint) -> bool {
        self.origin.as_ref().is_none_or(|o| *o == checkpoint.origin)
    }

    pub fn newest(&self) -> u64 {
        self.good.iter().map(|a| a.size).max().unwrap_or(0)
    }

    fn add(&mut self, note: &str, beside: Option<(u64, &Vec<u8>)>, keeper: Keeper) {
        let opened = match &self.key {
            Some(key) => Checkpoint::open(note, key),
            // Nobody has signed anything yet, or the key is lost: the head still binds.
            None => Checkpoint::read(note),
        };
        let size_beside = beside.map_or(0, |(size, _)| size);
        let fault = match &opened {
            Err(e) => Some(e.to_string()),
            Ok(c) if !self.is_ours(c) => Some("it is of another log".to_owned()),
            Ok(c) => beside
                .filter(|(size, root)| *size != c.size || **root != c.root)
                .map(|_| "the columns beside it say something else".to_owned()),
        };
        match (opened, fault) {
            (Ok(c), None) => self.good.push(Anchor {
                size: c.size,
                root: c.root,
                keeper,
            }),
            (opened, fault) => {
                let size = opened.map_or(size_beside, |c| c.size);
                self.findings.push(Finding {
                    seq: (size as i64).max(1),
                    why: Why::FalseCheckpoint {
                        size,
                        keeper,
                        fault: fault.unwrap_or_default(),
                    },
                });
            }
        }
    }
}
