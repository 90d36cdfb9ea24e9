//! Every way to damage every kind of file: verification names it, repair heals it from a
//! sound replica. And thousands of faults by chance.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::*;
use strongroom::disk::{Disk, LocalDisk};
use strongroom::{Class, Damage, DamageKind, Heads, Part, Place, StrongRoom};

struct Two {
    dir: tempfile::TempDir,
    site: Site,
    heads: Heads,
}

/// A store of three tenures, one of them with two versions, and a copy of its root.
fn two() -> Two {
    let site = Site::new();
    let (dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    let mut known = BTreeMap::new();
    for n in 1..4 {
        let papers = [paper(n.into(), 3_000), paper(9, 70_000)];
        known.insert(tenure(n), file(&room, &tenure(n), &papers).0);
    }
    let first = room
        .documents(&tenure(1))
        .expect("lists")
        .into_keys()
        .next()
        .expect("one");
    let mut staged = room.intake(&tenure(1), NOW, cause()).expect("begins");
    staged.revise(&first).expect("is there");
    staged
        .file(&first, Part::Original, pdf(), &mut &b"newer"[..])
        .expect("seals");
    let id = staged.document(Class::I).expect("a document");
    staged
        .file(&id, Part::Page(1), pdf(), &mut &b"a picture"[..])
        .expect("seals");
    let prepared = staged.prepare(BTreeMap::new()).expect("prepares");
    known.insert(tenure(1), room.publish(&prepared).expect("publishes"));
    drop(room);
    copy(
        &dir.path().join("store/root"),
        &dir.path().join("replica/root"),
    );
    Two {
        dir,
        site,
        heads: heads(root, known),
    }
}

impl Two {
    fn root(&self) -> PathBuf {
        self.dir.path().join("store/root")
    }

    fn room(&self) -> StrongRoom {
        let disk = |name: &str| -> std::sync::Arc<dyn Disk> {
            std::sync::Arc::new(LocalDisk::new(self.dir.path().join(name)).expect("a disk"))
        };
        open(disk("store"), disk("keys"))
    }

    fn replica(&self) -> Place {
        Place::folder(self.dir.path().join("replica")).expect("a place")
    }

    /// Verifies, and holds that `paths` are named and that the repair makes it whole again.
    fn found_and_healed(&self, paths: &[&str], what: &str) -> Vec<Damage> {
        let room = self.room();
        let report = room.verify(Some(&self.heads)).expect("verifies");
        for path in paths {
            let named = |d: &Damage| d.path.starts_with(path) || path.starts_with(&d.path);
            assert!(
                report.damages.iter().any(named),
                "{what}: {path} in {:?}",
                report.damages
            );
        }
        let done = room.repair(&self.heads, &self.replica()).expect("repairs");
        assert!(done.beyond_help.is_empty(), "{what}: {done:?}");
        let after = room.verify(Some(&self.heads)).expect("verifies");
        assert!(after.sound(), "{what}: {:?} after {done:?}", after.damages);
        assert!(
            contents(&self.root()) == contents(&self.dir.path().join("replica/root")),
            "{what}"
        );
        report.damages
    }
}

fn contents(root: &Path) -> BTreeMap<String, Vec<u8>> {
    tree(root)
        .into_iter()
        .map(|(path, bytes)| (relative(root, &path), bytes))
        .collect()
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .expect("below")
        .to_str()
        .expect("text")
        .to_owned()
}

#[test]
fn deleted_truncated_flipped_each_file_of_each_kind_is_named_and_healed() {
    let two = two();
    let files: Vec<PathBuf> = tree(&two.root()).into_keys().collect();
    assert!(files.len() > 40, "{}", files.len());
    // All files of one object with two versions, one other object, and the root's own.
    let third = two.root().join(tenure(3).path());
    for path in files.iter().filter(|p| !p.starts_with(&third)) {
        let name = relative(&two.root(), path);
        let bytes = std::fs::read(path).expect("readable");
        let kind = |damages: &[Damage]| {
            damages
                .iter()
                .find(|d| d.path == name)
                .map(|d| d.kind.clone())
        };
        std::fs::remove_file(path).expect("deleted");
        let missing = kind(&two.found_and_healed(&[&name], &format!("deleted {name}")));
        assert_eq!(missing, Some(DamageKind::Missing), "{name}");
        for len in [0, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(path, &bytes[..len]).expect("cut");
            let damages = two.found_and_healed(&[&name], &format!("cut {name} to {len}"));
            let cut = matches!(
                kind(&damages),
                Some(DamageKind::Truncated | DamageKind::Altered)
            );
            assert!(cut, "{name}: {damages:?}");
            let sealed = name.ends_with(".age");
            assert!(
                !sealed || kind(&damages) == Some(DamageKind::Truncated),
                "{name}"
            );
        }
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            std::fs::write(path, &flipped).expect("flipped");
            let damages = two.found_and_healed(&[&name], &format!("flipped {name} at {at}"));
            assert_eq!(kind(&damages), Some(DamageKind::Altered), "{name} at {at}");
        }
    }
}

#[test]
fn exchanged_files_are_named_with_each_other() {
    let two = two();
    let files: Vec<PathBuf> = tree(&two.root()).into_keys().collect();
    let object = two.root().join(tenure(1).path());
    let own: Vec<&PathBuf> = files.iter().filter(|p| p.starts_with(&object)).collect();
    for (i, a) in own.iter().enumerate() {
        let b = own[(i + 1) % own.len()];
        let (x, y) = (
            std::fs::read(a).expect("read"),
            std::fs::read(b).expect("read"),
        );
        if x == y {
            continue;
        }
        std::fs::write(a, &y).expect("written");
        std::fs::write(b, &x).expect("written");
        let names = [relative(&two.root(), a), relative(&two.root(), b)];
        two.found_and_healed(&[&names[0], &names[1]], &format!("exchanged {names:?}"));
    }
    // Across two objects.
    let sealed = |n: u32| {
        let at = two.root().join(tenure(n).path());
        files
            .iter()
            .find(|p| p.starts_with(&at) && p.ends_with("original.age"))
            .expect("one")
    };
    let (a, b) = (sealed(2), sealed(3));
    let (x, y) = (
        std::fs::read(a).expect("read"),
        std::fs::read(b).expect("read"),
    );
    std::fs::write(a, &y).expect("written");
    std::fs::write(b, &x).expect("written");
    let name = relative(&two.root(), a);
    let damages = two.found_and_healed(&[&name], "exchanged across objects");
    let damage = damages.iter().find(|d| d.path == name).expect("named");
    let with = relative(&two.root(), b);
    assert_eq!(damage.kind, DamageKind::Swapped { with });
}

#[test]
fn a_rollback_a_lost_version_and_a_lost_object_are_named() {
    let two = two();
    let object = two.root().join(tenure(1).path());
    let at = tenure(1).path();
    let kinds = |damages: &[Damage]| -> Vec<DamageKind> {
        damages.iter().map(|d| d.kind.clone()).collect()
    };
    // The inventory alone is put back to the older one, sidecar and all.
    for name in ["inventory.json", "inventory.json.sha512"] {
        std::fs::copy(object.join("v1").join(name), object.join(name)).expect("copied");
    }
    let damages = two.found_and_healed(&[&at], "rolled back");
    assert!(
        kinds(&damages).contains(&DamageKind::RolledBack),
        "{damages:?}"
    );
    // The whole object is what it was before: OCFL alone finds it valid.
    for name in ["inventory.json", "inventory.json.sha512"] {
        std::fs::copy(object.join("v1").join(name), object.join(name)).expect("copied");
    }
    std::fs::remove_dir_all(object.join("v2")).expect("removed");
    assert!(
        two.room().verify(None).expect("verifies").sound(),
        "without heads it looks sound"
    );
    let damages = two.found_and_healed(&[&format!("{at}/v2")], "the newest version is missing");
    assert!(
        kinds(&damages).contains(&DamageKind::RolledBack),
        "{damages:?}"
    );
    assert!(
        kinds(&damages).contains(&DamageKind::VersionMissing),
        "{damages:?}"
    );
    std::fs::remove_dir_all(object.join("v1")).expect("removed");
    let damages = two.found_and_healed(&[&format!("{at}/v1")], "the oldest version is missing");
    assert_eq!(kinds(&damages), [DamageKind::VersionMissing]);
    std::fs::remove_dir_all(&object).expect("removed");
    let damages = two.found_and_healed(&[&at], "the object is missing");
    assert!(
        kinds(&damages).contains(&DamageKind::ObjectMissing),
        "{damages:?}"
    );
}

#[test]
fn what_should_not_be_there_is_named_and_moved_aside() {
    let two = two();
    let object = two.root().join(tenure(1).path());
    let at = tenure(1).path();
    let extra = [
        ("stray.txt".to_owned(), two.root()),
        (format!("{at}/v1/content/docs/extra.age"), two.root()),
        (format!("{at}/stray"), two.root()),
        (format!("{at}/v3/inventory.json"), two.root()),
        ("abc/stray".to_owned(), two.root()),
        (format!("{}/stray", &at[..7]), two.root()),
        ("extensions/other/config.json".to_owned(), two.root()),
        (
            format!("abc/def/012/{}/inventory.json", "a".repeat(128)),
            two.root(),
        ),
    ];
    for (name, root) in &extra {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, b"{}").expect("written");
        two.found_and_healed(&[name], name);
        assert!(!path.exists());
    }
    std::fs::create_dir_all(object.join("v1/content/empty")).expect("made");
    two.found_and_healed(&[&format!("{at}/v1/content/empty")], "an empty folder");
    #[cfg(unix)]
    {
        let sealed = tree(&object)
            .into_keys()
            .find(|p| p.ends_with("original.age"))
            .expect("one");
        let elsewhere = two.dir.path().join("elsewhere");
        std::fs::rename(&sealed, &elsewhere).expect("moved");
        std::os::unix::fs::symlink(&elsewhere, &sealed).expect("linked");
        let name = relative(&two.root(), &sealed);
        let damages = two.found_and_healed(&[&name], "a link in place of a file");
        assert!(
            damages.iter().any(|d| d.kind == DamageKind::Link),
            "{damages:?}"
        );
    }
}

#[test]
fn a_damaged_file_is_refused_before_a_byte_of_it_is_read() {
    let two = two();
    let object = two.root().join(tenure(2).path());
    let room = two.room();
    let id = room
        .documents(&tenure(2))
        .expect("lists")
        .into_keys()
        .next()
        .expect("one");
    let sealed = object.join(format!("v1/content/docs/{id}/original.age"));
    let mut bytes = std::fs::read(&sealed).expect("read");
    *bytes.last_mut().expect("not empty") ^= 1;
    std::fs::write(&sealed, bytes).expect("written");
    let refused = room.read(&tenure(2), &id, Part::Original, &two.site.key);
    assert!(matches!(
        refused,
        Err(strongroom::RoomError::Damaged { .. })
    ));
}

#[test]
fn a_lost_or_broken_slot_is_named_and_brought_back_from_a_copy() {
    let two = two();
    let keys = two.dir.path().join("keys");
    copy(&keys, &two.dir.path().join("copy"));
    let slots: Vec<PathBuf> = tree(&keys.join("slots")).into_keys().collect();
    std::fs::remove_file(&slots[0]).expect("removed");
    let mut bytes = std::fs::read(&slots[1]).expect("read");
    *bytes.last_mut().expect("not empty") ^= 1;
    std::fs::write(&slots[1], bytes).expect("written");
    std::fs::copy(&slots[3], &slots[2]).expect("exchanged");
    let room = two.room();
    let report = room.verify_slots(Some(&two.site.key)).expect("verifies");
    let kinds: Vec<_> = report.damages.iter().map(|d| d.kind.clone()).collect();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
    assert!(kinds.contains(&DamageKind::SlotMissing) && kinds.contains(&DamageKind::SlotDamaged));
    let disk = LocalDisk::new(two.dir.path().join("copy")).expect("a disk");
    let copy = strongroom::KeyStore::open(std::sync::Arc::new(disk)).expect("opens");
    assert_eq!(room.keys().heal(&copy, &two.site.key).expect("heals"), 3);
    assert!(
        room.verify_slots(Some(&two.site.key))
            .expect("verifies")
            .sound()
    );
}

/// `LINLI_FAULTS=10000` for the long run.
#[test]
fn faults_by_chance_are_all_found_and_all_healed() {
    let many: u64 = std::env::var("LINLI_FAULTS").map_or(300, |n| n.parse().expect("a number"));
    let seed: u64 =
        std::env::var("LINLI_SEED").map_or(20_260_301, |n| n.parse().expect("a number"));
    let two = two();
    let sound = tree(&two.root());
    let files: Vec<&PathBuf> = sound.keys().collect();
    let mut x = seed | 1;
    let mut roll = |below: usize| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 8) as usize % below
    };
    for n in 0..many {
        let path = files[roll(files.len())];
        let name = relative(&two.root(), path);
        let bytes = &sound[path];
        let act = roll(6);
        match act {
            0 => std::fs::remove_file(path).expect("deleted"),
            1 => std::fs::write(path, &bytes[..roll(bytes.len())]).expect("cut"),
            2 => {
                let mut other = bytes.clone();
                let at = roll(other.len());
                other[at] ^= 1 << roll(8);
                std::fs::write(path, other).expect("flipped");
            }
            3 => {
                let with = files[roll(files.len())];
                if sound[with] == *bytes {
                    continue;
                }
                std::fs::write(path, &sound[with]).expect("swapped");
                std::fs::write(with, bytes).expect("swapped");
            }
            4 => {
                let mut longer = bytes.clone();
                longer.push(b'\n');
                std::fs::write(path, longer).expect("lengthened");
            }
            _ => {
                let object = two.root().join(tenure(1).path());
                for name in ["inventory.json", "inventory.json.sha512"] {
                    std::fs::copy(object.join("v1").join(name), object.join(name)).expect("copied");
                }
                if roll(2) == 0 {
                    std::fs::remove_dir_all(object.join("v2")).expect("removed");
                }
            }
        }
        let name = if act == 5 { tenure(1).path() } else { name };
        two.found_and_healed(
            &[&name],
            &format!("fault {n} of seed {seed}, kind {act}, {name}"),
        );
    }
}

#[test]
fn thirty_nights_find_strangers_too_and_each_is_mended_without_reading_the_rest() {
    let two = two();
    let room = two.room();
    // A file changed, a file that is nobody's inside a dossier's way, a dossier of nobody's.
    let object = tenure(2);
    let at = two.root().join(object.path());
    let altered = at.join("v1/content/public.json");
    let mut bytes = std::fs::read(&altered).expect("there");
    bytes[10] ^= 1;
    std::fs::write(&altered, bytes).expect("written");
    let stray = at.parent().expect("above").join("stray.txt");
    std::fs::write(&stray, "x").expect("written");
    let other = tenure(77);
    let place = two.root().join(other.path());
    std::fs::create_dir_all(&place).expect("made");
    std::fs::write(place.join("0=ocfl_object_1.1"), "ocfl_object_1.1\n").expect("written");

    let mut found = Vec::new();
    for slice in 0..strongroom::FIXITY_SLICES {
        let report = room.fixity_slice(slice, &two.heads).expect("read");
        let again = found.len();
        found.extend(report.damages);
        // What was damaged is put right at once; what the night did not touch is not looked at.
        let tonight = found[again..].to_vec();
        if !tonight.is_empty() {
            room.mend(&two.heads, &tonight, &two.replica())
                .expect("mended");
        }
    }
    let mut paths: Vec<&str> = found.iter().map(|d| d.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths.len(), 3, "each in one night: {found:?}");
    assert!(paths.iter().any(|p| p.ends_with("stray.txt")));
    assert!(paths.iter().any(|p| *p == other.path()));
    let report = room.verify(Some(&two.heads)).expect("verified");
    assert!(report.sound(), "{:?}", report.damages);
}
