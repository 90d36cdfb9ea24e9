//! One object, or one file, held to what it should be.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::disk::{Kind, join};
use crate::inventory::{INVENTORY, INVENTORY_BYTES_MAX, number, version_name};
use crate::names::ObjectId;
use crate::report::{Damage, DamageKind, Report};
use crate::room::Head;
use crate::storage::{Storage, read_small, walk};
use crate::truth::{self, Expected, Truth};

/// Holds one object to its truth.
pub(crate) fn examine(storage: &dyn Storage, object: &ObjectId, head: Option<Head>) -> Report {
    let at = object.path();
    let mut report = Report {
        objects: 1,
        ..Report::default()
    };
    let mut damage = |path: &str, kind| {
        let version = path.split('/').next().and_then(number);
        let path = join(&at, path);
        report.damages.push(Damage {
            object: Some(object.clone()),
            version,
            path,
            kind,
        });
    };
    let present = match walk(storage, &at) {
        Ok(present) => present,
        Err(e) => {
            damage("", DamageKind::Unreadable(e.to_string()));
            return report;
        }
    };
    if present.is_empty() {
        damage("", DamageKind::ObjectMissing);
        return report;
    }
    let truth = truth::find(&[storage], object, head);
    // The newest inventory is nowhere: what is there is held to the newest that is sound.
    let (truth, lost) = match truth {
        Some(truth) => (Some(truth), false),
        None => (truth::find(&[storage], object, None), true),
    };
    let Some(truth) = truth else {
        damage(INVENTORY, DamageKind::NoInventory);
        return report;
    };
    if let (true, Some(head)) = (lost, head) {
        match truth.head.version {
            v if v < head.version => {
                damage(INVENTORY, DamageKind::RolledBack);
                for gone in v + 1..=head.version {
                    damage(&version_name(gone), DamageKind::VersionMissing);
                }
            }
            v if v > head.version => damage(&version_name(v), DamageKind::Unrecorded),
            _ => damage(INVENTORY, DamageKind::Altered),
        }
    }
    let gone = missing_versions(&truth, &present, &at);
    for version in &gone {
        damage(&version_name(*version), DamageKind::VersionMissing);
    }
    let others: BTreeMap<Digest, &str> = truth
        .files
        .iter()
        .map(|(path, e)| (e.digest, path.as_str()))
        .collect();
    let (mut files, mut bytes) = (0, 0);
    for (path, expected) in &truth.files {
        if path
            .split('/')
            .next()
            .and_then(number)
            .is_some_and(|v| gone.contains(&v))
        {
            continue;
        }
        let (found, len) = compare(storage, &join(&at, path), expected, &others);
        files += 1;
        bytes += len;
        if let Err(kind) = found {
            damage(
                path,
                rolled_back(storage, &at, path, &truth).unwrap_or(kind),
            );
        }
    }
    for (path, kind) in &present {
        let inside = &path[at.len() + 1..];
        let unknown_version = inside.split('/').next().and_then(number);
        let newer = unknown_version.is_some_and(|v| v > truth.head.version);
        match kind {
            Kind::Other => damage(inside, DamageKind::Link),
            // OCFL keeps this folder free for records of what was done.
            _ if inside.starts_with("logs/") || truth.files.contains_key(inside) => {}
            _ if newer && head.is_some() && !lost => damage(inside, DamageKind::Unrecorded),
            _ => damage(inside, DamageKind::Extra),
        }
    }
    report.files = files;
    report.bytes = bytes;
    report
}

/// Versions of which not one file is there.
fn missing_versions(truth: &Truth, present: &[(String, Kind)], at: &str) -> BTreeSet<u32> {
    let there: BTreeSet<u32> = present
        .iter()
        .filter_map(|(path, _)| path[at.len() + 1..].split('/').next().and_then(number))
        .collect();
    (1..=truth.head.version)
        .filter(|v| !there.contains(v))
        .collect()
}

/// Whether the inventory at the top is a sound one of an older version.
fn rolled_back(storage: &dyn Storage, at: &str, path: &str, truth: &Truth) -> Option<DamageKind> {
    if path != INVENTORY {
        return None;
    }
    let bytes = read_small(storage, &join(at, path), INVENTORY_BYTES_MAX).ok()?;
    let digest = Digest::of(&bytes);
    let older = truth
        .inventories
        .iter()
        .any(|(v, d)| *v < truth.head.version && *d == digest);
    older.then_some(DamageKind::RolledBack)
}

/// Reads one file and says what is wrong with it; also gives how many bytes were read.
pub(crate) fn compare(
    storage: &dyn Storage,
    path: &str,
    expected: &Expected,
    others: &BTreeMap<Digest, &str>,
) -> (std::result::Result<(), DamageKind>, u64) {
    match storage.stat(path) {
        Ok(None) => return (Err(DamageKind::Missing), 0),
        Ok(Some(Kind::File(_))) => {}
        Ok(Some(_)) => return (Err(DamageKind::Link), 0),
        Err(e) => return (Err(DamageKind::Unreadable(e.to_string())), 0),
    }
    let read = storage
        .open(path)
        .and_then(|mut file| Digest::of_reader(&mut file));
    let (digest, len) = match read {
        Ok(read) => read,
        Err(e) => return (Err(DamageKind::Unreadable(e.to_string())), 0),
    };
    let kind = if digest == expected.digest {
        return (Ok(()), len);
    } else if let Some(with) = others.get(&digest) {
        DamageKind::Swapped {
            with: (*with).to_owned(),
        }
    } else if len == 0
        || expected
            .len
            .map_or_else(|| cut_short(storage, path), |l| len < l)
    {
        DamageKind::Truncated
    } else {
        DamageKind::Altered
    };
    (Err(kind), len)
}

/// Whether a JSON file ends before its end.
fn cut_short(storage: &dyn Storage, path: &str) -> bool {
    let bytes = read_small(storage, path, INVENTORY_BYTES_MAX).unwrap_or_default();
    path.ends_with(".json")
        && serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_err_and(|e| e.is_eof())
}
