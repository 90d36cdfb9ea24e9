//! What an object should be, byte for byte: from the newest inventory's digest, which the
//! ledger keeps, everything else follows. Sought in several roots, so that a replica can
//! tell what this one has lost.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::disk::join;
use crate::inventory::{
    DECLARATION, DECLARATION_TEXT, INVENTORY, INVENTORY_BYTES_MAX, Inventory, SIDECAR, sidecar,
    version_name,
};
use crate::names::ObjectId;
use crate::records::{DIGEST, DocumentRecord, META, PUBLIC, PublicRecord, RECORD_BYTES_MAX};
use crate::room::Head;
use crate::storage::{Storage, read_small};

/// What a file should be.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub digest: Digest,
    /// The bytes, where they follow from something else.
    pub bytes: Option<Vec<u8>>,
    /// How many, where a record says.
    pub len: Option<u64>,
}

/// An object as it should be: paths inside the object, and what lies there.
pub(crate) struct Truth {
    pub head: Head,
    pub files: BTreeMap<String, Expected>,
    /// Digests of the inventories of all versions, as far as the chain could be followed.
    pub inventories: BTreeMap<u32, Digest>,
}

/// Finds an object's truth. Without a head, the newest inventory with a right sidecar counts.
pub(crate) fn find(roots: &[&dyn Storage], object: &ObjectId, head: Option<Head>) -> Option<Truth> {
    let at = object.path();
    let (bytes, inventory) = match head {
        Some(head) => by_digest(roots, &at, head)?,
        None => by_sidecar(roots, &at)?,
    };
    if inventory.id != *object || head.is_some_and(|h| h.version != inventory.head_number()) {
        return None;
    }
    let head = Head {
        version: inventory.head_number(),
        inventory_sha512: Digest::of(&bytes),
    };
    let mut files = BTreeMap::new();
    for (digest, paths) in &inventory.manifest {
        for path in paths {
            let expected = Expected {
                digest: *digest,
                bytes: None,
                len: None,
            };
            files.insert(path.clone(), expected);
        }
    }
    sizes(roots, &at, &mut files);
    exact(
        &mut files,
        DECLARATION.to_owned(),
        DECLARATION_TEXT.to_vec(),
    );
    exact(
        &mut files,
        SIDECAR.to_owned(),
        sidecar(head.inventory_sha512),
    );
    exact(&mut files, INVENTORY.to_owned(), bytes);
    let inventories = chain(roots, &at, head, &files);
    for (version, digest) in &inventories {
        let folder = version_name(*version);
        exact(&mut files, join(&folder, SIDECAR), sidecar(*digest));
        let path = join(&folder, INVENTORY);
        let bytes = files[INVENTORY]
            .bytes
            .clone()
            .filter(|_| *digest == head.inventory_sha512);
        files.insert(
            path,
            Expected {
                digest: *digest,
                bytes,
                len: None,
            },
        );
    }
    Some(Truth {
        head,
        files,
        inventories,
    })
}

fn exact(files: &mut BTreeMap<String, Expected>, path: String, bytes: Vec<u8>) {
    let (digest, len) = (Digest::of(&bytes), Some(bytes.len() as u64));
    files.insert(
        path,
        Expected {
            digest,
            bytes: Some(bytes),
            len,
        },
    );
}

fn by_digest(roots: &[&dyn Storage], at: &str, head: Head) -> Option<(Vec<u8>, Inventory)> {
    let inside = join(&version_name(head.version), INVENTORY);
    for root in roots {
        for name in [INVENTORY, &inside] {
            let bytes = read_small(*root, &join(at, name), INVENTORY_BYTES_MAX);
            let right = bytes
                .ok()
                .filter(|b| Digest::of(b) == head.inventory_sha512);
            if let Some(bytes) = right {
                let inventory = Inventory::parse(&bytes).ok()?;
                return Some((bytes, inventory));
            }
        }
    }
    None
}

fn by_sidecar(roots: &[&dyn Storage], at: &str) -> Option<(Vec<u8>, Inventory)> {
    let mut best: Option<(Vec<u8>, Inventory)> = None;
    for root in roots {
        let mut folders = vec![at.to_owned()];
        folders.extend(
            root.list(at)
                .ok()?
                .into_iter()
                .map(|(name, _)| join(at, &name)),
        );
        for folder in folders {
            let Ok(bytes) = read_small(*root, &join(&folder, INVENTORY), INVENTORY_BYTES_MAX)
            else {
                continue;
            };
            let beside = read_small(*root, &join(&folder, SIDECAR), 1_024).unwrap_or_default();
            let Ok(inventory) = Inventory::parse(&bytes) else {
                continue;
            };
            let newer = best
                .as_ref()
                .is_none_or(|b| b.1.head_number() < inventory.head_number());
            if beside == sidecar(Digest::of(&bytes)) && newer {
                best = Some((bytes, inventory));
            }
        }
    }
    best
}

/// Follows `public.json` from version to version: each tells the inventory before it.
fn chain(
    roots: &[&dyn Storage],
    at: &str,
    head: Head,
    files: &BTreeMap<String, Expected>,
) -> BTreeMap<u32, Digest> {
    let mut found = BTreeMap::from([(head.version, head.inventory_sha512)]);
    for version in (2..=head.version).rev() {
        let path = format!("{}/content/{PUBLIC}", version_name(version));
        let record = files
            .get(&path)
            .and_then(|e| record::<PublicRecord>(roots, at, &path, e));
        // A lost record breaks the chain here; the older sidecars then speak for themselves.
        let Some(previous) = record.and_then(|r| r.previous) else {
            break;
        };
        found.insert(version - 1, previous);
    }
    found
}

/// Fills in the lengths that the clear records tell.
fn sizes(roots: &[&dyn Storage], at: &str, files: &mut BTreeMap<String, Expected>) {
    let mut known = Vec::new();
    for (path, expected) in files.iter() {
        let Some((folder, name)) = path.rsplit_once('/') else {
            continue;
        };
        if name == DIGEST {
            let record = record::<DocumentRecord>(roots, at, path, expected);
            for (part, sealed) in record.into_iter().flat_map(|r| r.parts) {
                known.push((join(folder, &part.file_name()), sealed.stored));
            }
        } else if name == PUBLIC {
            let record = record::<PublicRecord>(roots, at, path, expected);
            let stored = record.and_then(|r| r.meta).map(|m| m.stored);
            known.extend(stored.map(|n| (join(folder, META), n)));
        }
    }
    for (path, len) in known {
        if let Some(expected) = files.get_mut(&path) {
            expected.len = Some(len);
        }
    }
}

fn record<T: serde::de::DeserializeOwned>(
    roots: &[&dyn Storage],
    at: &str,
    path: &str,
    expected: &Expected,
) -> Option<T> {
    roots.iter().find_map(|root| {
        let bytes = read_small(*root, &join(at, path), RECORD_BYTES_MAX).ok()?;
        (Digest::of(&bytes) == expected.digest).then(|| serde_json::from_slice(&bytes).ok())?
    })
}
