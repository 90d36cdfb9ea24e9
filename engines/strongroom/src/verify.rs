//! Verification: every byte of the root is read and held to what the ledger vouches for.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::describe::{self, SELF, SelfRecord, TEXT_BYTES_MAX};
use crate::digest::Digest;
use crate::disk::{Kind, join};
use crate::error::Result;
use crate::examine::{compare, examine};
use crate::inventory::{INVENTORY, INVENTORY_BYTES_MAX, Inventory, number};
use crate::names::{ObjectId, is_hex};
use crate::report::{Damage, DamageKind, Report};
use crate::room::{Head, Heads, StrongRoom};
use crate::storage::{read_small, walk};
use crate::truth::Expected;

/// Slices of the rolling check: one a day, every byte within thirty days.
pub const FIXITY_SLICES: u32 = 30;

impl StrongRoom {
    /// Reads the whole root and names each damage. `heads` is what the ledger knows; without
    /// it the root vouches for itself, and neither a rollback nor a missing object is seen.
    ///
    /// # Errors
    /// Only the medium's where a folder cannot be listed; what cannot be read is a damage.
    pub fn verify(&self, heads: Option<&Heads>) -> Result<Report> {
        let mut report = self.verify_root(heads.and_then(|h| h.root))?;
        let (objects, strangers) = self.to_check(heads, None)?;
        report.damages.extend(strangers);
        report.add(self.verify_objects(&objects));
        self.name_swaps(&mut report.damages)?;
        report.damages.sort();
        Ok(report)
    }

    /// Some objects only, every byte of them, held to their heads: what a reading found wrong
    /// is read again without the rest.
    ///
    /// # Errors
    /// The medium's.
    pub fn verify_some(&self, heads: &BTreeMap<ObjectId, Head>) -> Result<Report> {
        let objects: Vec<_> = heads
            .iter()
            .map(|(id, head)| (id.clone(), Some(*head)))
            .collect();
        let mut report = self.verify_objects(&objects);
        self.name_swaps(&mut report.damages)?;
        report.damages.sort();
        Ok(report)
    }

    /// One slice of the rolling check, `slice` from 0 below [`FIXITY_SLICES`]: the objects
    /// whose id's digest falls into it, every byte of them, and what lies in the slice's
    /// folders that the ledger does not know; slice 0 also takes the root's own files.
    ///
    /// # Errors
    /// As [`StrongRoom::verify`].
    pub fn fixity_slice(&self, slice: u32, heads: &Heads) -> Result<Report> {
        let mut report = match slice {
            0 => self.verify_root(heads.root)?,
            _ => Report::default(),
        };
        let here = heads
            .objects
            .iter()
            .filter(|(id, _)| id.slice(FIXITY_SLICES) == slice);
        let objects: Vec<_> = here.map(|(id, head)| (id.clone(), Some(*head))).collect();
        report
            .damages
            .extend(self.to_check(Some(heads), Some(slice))?.1);
        report.add(self.verify_objects(&objects));
        self.name_swaps(&mut report.damages)?;
        report.damages.sort();
        Ok(report)
    }

    /// Some objects only.
    pub(crate) fn verify_objects(&self, objects: &[(ObjectId, Option<Head>)]) -> Report {
        let next = AtomicUsize::new(0);
        let whole = Mutex::new(Report::default());
        let hands = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..hands.min(objects.len()) {
                scope.spawn(|| {
                    while let Some((id, head)) = objects.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let one = examine(&*self.storage, id, *head);
                        whole.lock().expect("no examination panics").add(one);
                    }
                });
            }
        });
        whole.into_inner().expect("no examination panics")
    }

    /// The root's own files, and that nothing else stands in the way down to the objects.
    fn verify_root(&self, known: Option<Digest>) -> Result<Report> {
        let storage = &*self.storage;
        let mut report = Report::default();
        let mut damage = |path: &str, kind| {
            let (object, path) = (None, path.to_owned());
            report.damages.push(Damage {
                object,
                version: None,
                path,
                kind,
            });
        };
        let bytes = read_small(storage, SELF, TEXT_BYTES_MAX);
        let record = match &bytes {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(DamageKind::Missing),
            Err(e) => Err(DamageKind::Unreadable(e.to_string())),
            Ok(bytes) if known.is_some_and(|d| d != Digest::of(bytes)) => Err(DamageKind::Altered),
            Ok(bytes) => {
                serde_json::from_slice::<SelfRecord>(bytes).map_err(|e| match e.is_eof() {
                    true => DamageKind::Truncated,
                    false => DamageKind::Altered,
                })
            }
        };
        let mut files = match record {
            Ok(record) => record.files,
            Err(kind) => {
                damage(SELF, kind);
                describe::built_in_files()
            }
        };
        files.remove(SELF);
        let mut seen = 1;
        for (path, digest) in &files {
            seen += 1;
            let bytes = describe::built_in(path).filter(|b| Digest::of(b) == *digest);
            let len = bytes.map(|b| b.len() as u64);
            let expected = Expected {
                digest: *digest,
                bytes: None,
                len,
            };
            if let Err(kind) = compare(storage, path, &expected, &BTreeMap::new()).0 {
                damage(path, kind);
            }
        }
        files.insert(SELF.to_owned(), Digest::of(&[]));
        for (name, kind) in storage.list("")? {
            match kind {
                Kind::Folder if is_hex(&name, 3) => {}
                Kind::Folder => {
                    for (path, _) in walk(storage, &name)? {
                        if !files.contains_key(&path) {
                            damage(&path, DamageKind::Extra);
                        }
                    }
                }
                Kind::File(_) if files.contains_key(&name) => {}
                Kind::File(_) => damage(&name, DamageKind::Extra),
                Kind::Other => damage(&name, DamageKind::Link),
            }
        }
        report.files = seen;
        Ok(report)
    }

    /// The objects to check, and what lies between the root and them that should not; of one
    /// slice's folders or of all.
    fn to_check(
        &self,
        heads: Option<&Heads>,
        slice: Option<u32>,
    ) -> Result<(Vec<(ObjectId, Option<Head>)>, Vec<Damage>)> {
        let mut strangers = Vec::new();
        self.strays("", 0, slice, &mut strangers)?;
        let known: BTreeSet<String> = heads
            .iter()
            .flat_map(|h| h.objects.keys())
            .map(ObjectId::path)
            .collect();
        let mut objects: Vec<(ObjectId, Option<Head>)> = heads
            .iter()
            .flat_map(|h| &h.objects)
            .map(|(id, head)| (id.clone(), Some(*head)))
            .collect();
        for path in self.folders_of_slice(slice)? {
            if known.contains(&path) {
                continue;
            }
            let object = self.id_at(&path)?;
            let kind = match (&object, heads) {
                (Some(id), None) if id.path() == path => {
                    objects.push((id.clone(), None));
                    continue;
                }
                (None, None) => DamageKind::NoInventory,
                _ => DamageKind::ObjectUnknown,
            };
            strangers.push(Damage {
                object,
                version: None,
                path,
                kind,
            });
        }
        Ok((objects, strangers))
    }

    fn strays(
        &self,
        at: &str,
        depth: u32,
        slice: Option<u32>,
        found: &mut Vec<Damage>,
    ) -> Result<()> {
        let names = self.storage.list(at)?;
        if names.is_empty() && depth > 0 {
            let (object, path) = (None, format!("{at}/"));
            found.push(Damage {
                object,
                version: None,
                path,
                kind: DamageKind::Extra,
            });
        }
        for (name, kind) in names {
            let path = join(at, &name);
            let kind = match kind {
                Kind::Folder if depth < 3 && is_hex(&name, 3) => {
                    if depth > 0 || in_slice(&name, slice) {
                        self.strays(&path, depth + 1, slice, found)?;
                    }
                    continue;
                }
                Kind::Folder if depth == 3 && is_hex(&name, 128) => continue,
                // The top is held to the root's own record.
                _ if depth == 0 => continue,
                Kind::Other => DamageKind::Link,
                _ => DamageKind::Extra,
            };
            found.push(Damage {
                object: None,
                version: None,
                path,
                kind,
            });
        }
        Ok(())
    }

    /// Whose folder it is, by any inventory in it.
    fn id_at(&self, path: &str) -> Result<Option<ObjectId>> {
        let mut names = vec![INVENTORY.to_owned()];
        let versions = self.storage.list(path)?.into_iter().map(|(name, _)| name);
        names.extend(
            versions
                .filter(|n| number(n).is_some())
                .map(|n| join(&n, INVENTORY)),
        );
        let id = |name: &String| {
            let bytes = read_small(&*self.storage, &join(path, name), INVENTORY_BYTES_MAX).ok()?;
            Some(Inventory::parse(&bytes).ok()?.id)
        };
        Ok(names.iter().find_map(id))
    }

    /// A file with other bytes may hold those of a file of another object: says which.
    fn name_swaps(&self, damages: &mut [Damage]) -> Result<()> {
        let mut found = BTreeMap::new();
        for damage in damages.iter().filter(|d| other_bytes(&d.kind)) {
            if let Ok(mut file) = self.storage.open(&damage.path)
                && let Ok((digest, _)) = Digest::of_reader(&mut file)
            {
                found.insert(digest, String::new());
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        for at in self.object_folders()? {
            let bytes = read_small(&*self.storage, &join(&at, INVENTORY), INVENTORY_BYTES_MAX);
            let Ok(inventory) = Inventory::parse(&bytes.unwrap_or_default()) else {
                continue;
            };
            for (digest, with) in found.iter_mut().filter(|(_, with)| with.is_empty()) {
                let path = inventory
                    .manifest
                    .get(digest)
                    .and_then(|paths| paths.first());
                with.extend(path.map(|p| join(&at, p)));
            }
        }
        for damage in damages.iter_mut().filter(|d| other_bytes(&d.kind)) {
            let Ok(mut file) = self.storage.open(&damage.path) else {
                continue;
            };
            let Ok((digest, _)) = Digest::of_reader(&mut file) else {
                continue;
            };
            let with = found.get(&digest).filter(|with| !with.is_empty());
            if let Some(with) = with {
                damage.kind = DamageKind::Swapped { with: with.clone() };
            }
        }
        Ok(())
    }
}

/// Whether a folder at the top, three digits of a digest, is looked through with a slice.
pub(crate) fn in_slice(name: &str, slice: Option<u32>) -> bool {
    slice.is_none_or(|s| u32::from_str_radix(name, 16).is_ok_and(|n| n % FIXITY_SLICES == s))
}

fn other_bytes(kind: &DamageKind) -> bool {
    matches!(kind, DamageKind::Altered | DamageKind::Truncated)
}
