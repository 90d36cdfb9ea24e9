//! Repair: what is damaged here is put right from a replica, if the replica's bytes have
//! the digest that the ledger vouches for. The damaged file is kept in the quarantine.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use serde::{Deserialize, Serialize};

use crate::describe::{self, SELF, SelfRecord, TEXT_BYTES_MAX};
use crate::digest::Digest;
use crate::disk::{Kind, join};
use crate::error::Result;
use crate::examine::{compare, examine};
use crate::inventory::{INVENTORY, SIDECAR};
use crate::names::{ObjectId, OpaqueId};
use crate::report::{Damage, DamageKind};
use crate::room::{Head, Heads, Place, StrongRoom};
use crate::storage::{Storage, read_small, walk};
use crate::truth::{self, Expected};

/// What a repair did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// Files that were written anew, by path in the root.
    pub healed: Vec<String>,
    /// What was moved out of the root: its path there, and its name in the quarantine.
    pub set_aside: Vec<(String, String)>,
    /// Files for which neither root had the right bytes.
    pub beyond_help: Vec<String>,
}

impl StrongRoom {
    /// Repairs every damage it finds, from `replica` and from what is whole here.
    ///
    /// # Errors
    /// [`crate::RoomError::Busy`] without the lease; the medium's. It can be run again.
    pub fn repair(&self, heads: &Heads, replica: &Place) -> Result<Repair> {
        self.may_write()?;
        let mut done = Repair::default();
        self.repair_root(heads.root, &*replica.storage, &mut done)?;
        for (object, head) in &heads.objects {
            if !examine(&*self.storage, object, Some(*head)).sound() {
                self.repair_object(object, *head, &*replica.storage, &mut done)?;
            }
        }
        for damage in self.verify(Some(heads))?.damages {
            // What belongs to no object that the ledger knows is moved out of the way.
            let stranger = damage
                .object
                .as_ref()
                .is_none_or(|o| !heads.objects.contains_key(o));
            let there = self.storage.stat(damage.path.trim_end_matches('/'))?;
            if stranger && there.is_some() && damage.path != SELF {
                self.set_aside(damage.path.trim_end_matches('/'), &mut done)?;
            }
        }
        Ok(done)
    }

    /// Repairs what a reading found, and reads nothing else: others may write meanwhile, save
    /// into the objects concerned, whose heads are those of now.
    ///
    /// # Errors
    /// As [`StrongRoom::repair`].
    pub fn mend(&self, heads: &Heads, found: &[Damage], replica: &Place) -> Result<Repair> {
        self.may_write()?;
        let mut done = Repair::default();
        let (of_known, others): (Vec<&Damage>, Vec<&Damage>) = found.iter().partition(|d| {
            let object = d.object.as_ref();
            object.is_some_and(|o| heads.objects.contains_key(o))
        });
        let objects: BTreeSet<&ObjectId> =
            of_known.iter().filter_map(|d| d.object.as_ref()).collect();
        for object in objects {
            let head = heads.objects[object];
            self.repair_object(object, head, &*replica.storage, &mut done)?;
        }
        if !others.is_empty() {
            self.repair_root(heads.root, &*replica.storage, &mut done)?;
        }
        for damage in others {
            let extra = matches!(
                damage.kind,
                DamageKind::Extra
                    | DamageKind::Link
                    | DamageKind::ObjectUnknown
                    | DamageKind::NoInventory
            );
            let path = damage.path.trim_end_matches('/');
            if extra && self.storage.stat(path)?.is_some() {
                self.set_aside(path, &mut done)?;
            }
        }
        Ok(done)
    }

    fn repair_root(
        &self,
        known: Option<Digest>,
        replica: &dyn Storage,
        done: &mut Repair,
    ) -> Result<()> {
        let roots: [&dyn Storage; 2] = [&*self.storage, replica];
        let right = |bytes: &Vec<u8>| known.is_none_or(|d| d == Digest::of(bytes));
        let records = roots
            .iter()
            .filter_map(|r| read_small(*r, SELF, TEXT_BYTES_MAX).ok());
        let found = records
            .filter(right)
            .find_map(|bytes| Some((serde_json::from_slice::<SelfRecord>(&bytes).ok()?, bytes)));
        let Some((record, bytes)) = found else {
            done.beyond_help.push(SELF.to_owned());
            return Ok(());
        };
        let own = Expected {
            digest: Digest::of(&bytes),
            bytes: Some(bytes),
            len: None,
        };
        self.heal(SELF, &own, replica, done)?;
        for (path, digest) in record.files {
            let bytes = describe::built_in(&path).filter(|b| Digest::of(b) == digest);
            let expected = Expected {
                digest,
                bytes: bytes.map(<[u8]>::to_vec),
                len: None,
            };
            self.heal(&path, &expected, replica, done)?;
        }
        Ok(())
    }

    fn repair_object(
        &self,
        object: &ObjectId,
        head: Head,
        replica: &dyn Storage,
        done: &mut Repair,
    ) -> Result<()> {
        let at = object.path();
        let Some(truth) = truth::find(&[&*self.storage, replica], object, Some(head)) else {
            done.beyond_help.push(join(&at, INVENTORY));
            return Ok(());
        };
        let folders: std::collections::BTreeSet<&str> =
            truth.files.keys().map(|p| crate::disk::parent(p)).collect();
        for (path, kind) in walk(&*self.storage, &at)? {
            let inside = path[at.len() + 1..].trim_end_matches('/');
            let wanted = kind != Kind::Other && truth.files.contains_key(inside);
            let emptied = kind == Kind::Folder && folders.contains(inside);
            if !wanted && !emptied && !inside.starts_with("logs/") {
                self.set_aside(path.trim_end_matches('/'), done)?;
            }
        }
        // Content first, then what speaks of it, the sidecar at the top last, as in intake.
        let mut order: Vec<(&String, &Expected)> = truth.files.iter().collect();
        order.sort_by_key(|(path, _)| match path.as_str() {
            SIDECAR => 2,
            INVENTORY => 1,
            _ => 0,
        });
        for (path, expected) in order {
            self.heal(&join(&at, path), expected, replica, done)?;
        }
        for (path, kind) in walk(&*self.storage, &at)? {
            if kind == Kind::Folder {
                self.storage.prune(path.trim_end_matches('/'))?;
            }
        }
        Ok(())
    }

    /// Puts one file right.
    fn heal(
        &self,
        path: &str,
        expected: &Expected,
        replica: &dyn Storage,
        done: &mut Repair,
    ) -> Result<()> {
        let others = BTreeMap::new();
        if compare(&*self.storage, path, expected, &others).0.is_ok() {
            return Ok(());
        }
        let mut good: Box<dyn Read> = if let Some(bytes) = &expected.bytes {
            Box::new(Cursor::new(bytes.clone()))
        } else if compare(replica, path, expected, &others).0.is_ok() {
            Box::new(replica.open(path)?)
        } else {
            done.beyond_help.push(path.to_owned());
            return Ok(());
        };
        if self.storage.stat(path)?.is_some() {
            self.set_aside(path, done)?;
        }
        self.storage.write_new(path, &mut good)?;
        done.healed.push(path.to_owned());
        Ok(())
    }

    fn set_aside(&self, path: &str, done: &mut Repair) -> Result<()> {
        let name = format!("damaged-{}", OpaqueId::fresh());
        self.storage.set_aside(path, &name)?;
        done.set_aside.push((path.to_owned(), name));
        Ok(self.storage.prune(crate::disk::parent(path))?)
    }
}
