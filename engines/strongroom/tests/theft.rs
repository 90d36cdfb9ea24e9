//! What a thief, a hostile name and a large file do not get.

mod common;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::*;
use strongroom::disk::{Disk, LocalDisk};
use strongroom::{Class, Media, ObjectId, OpaqueId, Opener, Part, Reason};

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

#[test]
fn root_and_keys_together_open_nothing_without_a_key() {
    let site = Site::new();
    let (dir, store, keys) = local();
    let (room, _) = site.create(store, keys);
    let papers = [paper(1, 400), paper(2, 200_000)];
    let (_, ids) = file(&room, &tenure(1), &papers);
    // Not a word of it stands anywhere on the disk.
    // The root's own texts speak of keys and belong to nobody.
    let texts = |path: &Path| path.extension().is_some_and(|e| e == "md" || e == "py");
    for (path, bytes) in tree(dir.path()) {
        if texts(&path) {
            continue;
        }
        for word in [MARK, "陳小明", "13800138000", "AGE-SECRET-KEY", "room-0001"] {
            // The object's id has no person in it and stands in its inventory.
            let inventory = word == "room-0001" && path.extension().is_some_and(|e| e == "json");
            assert!(
                inventory || !holds(&bytes, word.as_bytes()),
                "{word} in {}",
                path.display()
            );
        }
        let name = path.to_string_lossy().into_owned();
        assert!(!name.contains("room-0001"), "{name}");
    }
    // Whatever identity the thief has, and every public one that lies about, opens nothing.
    for _ in 0..20 {
        let thief = Opener::generate();
        assert!(read(&room, &tenure(1), &ids[0], &thief).is_err());
        assert!(room.meta(&tenure(1), &thief).is_err());
    }
    // A document's identity never stands in the root, and opens one document only.
    let all = tree(&dir.path().join("store"))
        .into_iter()
        .filter(|(path, _)| !texts(path));
    let all: Vec<u8> = all.flat_map(|(_, bytes)| bytes).collect();
    assert!(
        !holds(&all, b"age1"),
        "not even a recipient stands in the root"
    );
}

/// Gives bytes without having them, and counts how many were taken.
struct Endless(u64, Arc<AtomicU64>);

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = (out.len() as u64).min(self.0);
        self.0 -= n;
        self.1.fetch_add(n, Ordering::Relaxed);
        out[..n as usize].fill(7);
        Ok(n as usize)
    }
}

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, _) = site.create(store, keys);
    let big = 256 << 20;
    let mut staged = room.intake(&tenure(1), NOW, cause()).expect("begins");
    let id = staged.document(Class::G).expect("a document");
    let taken = Arc::new(AtomicU64::new(0));
    // The other tests of this binary hold less than this between them.
    let before = resident_kb();
    let size = staged
        .file(&id, Part::Original, pdf(), &mut Endless(big, taken.clone()))
        .expect("seals");
    assert_eq!((size, taken.load(Ordering::Relaxed)), (big, big));
    let prepared = staged.prepare(Default::default()).expect("prepares");
    room.publish(&prepared).expect("publishes");
    let mut opened = room
        .read(&tenure(1), &id, Part::Original, &site.key)
        .expect("opens");
    let passed = std::io::copy(&mut opened, &mut std::io::sink()).expect("reads");
    assert_eq!(passed, big);
    let grown = resident_kb().saturating_sub(before);
    assert!(grown < 64 * 1_024, "{grown} kB for a file of 256 MB");
}

#[test]
fn a_reader_that_fails_leaves_nothing_that_could_be_published() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the upload broke off"))
        }
    }
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, _) = site.create(store.clone(), keys);
    let mut staged = room.intake(&tenure(1), NOW, cause()).expect("begins");
    let id = staged.document(Class::A).expect("a document");
    let half = &mut b"half".chain(Broken);
    assert!(staged.file(&id, Part::Original, pdf(), half).is_err());
    assert!(staged.prepare(Default::default()).is_err());
    let done = room.recover(&[], &Default::default()).expect("recovers");
    assert_eq!(done.quarantined.len(), 1);
    assert!(room.verify(None).expect("verifies").sound());
    assert!(store.list("work/staging").expect("lists").is_empty());
}

#[test]
fn hostile_names_lead_nowhere() {
    for id in ["", "a\0b", "a\nb"] {
        assert!(id.parse::<ObjectId>().is_err(), "{id:?}");
    }
    // Any other text is a name and no path: only its digest is seen.
    let climbing: ObjectId = "../../etc/passwd".parse().expect("a text");
    assert!(
        climbing
            .path()
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || b == b'/')
    );
    for id in [
        "../../../../../../x",
        "0123456789abcdefghjkmnpqr/",
        "ABCDEFGHJKMNPQRSTVWXYZ0123",
    ] {
        assert!(id.parse::<OpaqueId>().is_err(), "{id}");
    }
    for part in [
        "../original",
        "original.age",
        "page-1",
        "page-99999",
        "page-0001/x",
        "",
    ] {
        assert!(part.parse::<Part>().is_err(), "{part}");
    }
    for media in ["", "pdf", "a/b/c", "text/plain; name=陳", "text/\"x\""] {
        assert!(media.parse::<Media>().is_err(), "{media}");
    }
    assert!("陳小明 asked".parse::<Reason>().is_err());
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_out_of_the_store() {
    let dir = tempfile::tempdir().expect("a folder");
    let outside = dir.path().join("outside");
    std::fs::create_dir(&outside).expect("made");
    std::fs::write(outside.join("secret"), b"secret").expect("written");
    let disk = LocalDisk::new(dir.path().join("store")).expect("a disk");
    let link = |to: &Path, at: &str| {
        std::os::unix::fs::symlink(to, dir.path().join("store").join(at)).expect("linked");
    };
    link(&outside, "folder");
    link(&outside.join("secret"), "file");
    assert!(disk.open("folder/secret").is_err());
    assert!(disk.open("file").is_err());
    assert!(disk.create("folder/new").is_err());
    assert!(disk.list("folder").is_err());
    assert!(disk.blank("file").is_err());
    assert!(disk.rename("file", "folder/elsewhere").is_err());
    for path in ["../outside/secret", "/etc/passwd", "a/../../outside/secret"] {
        assert!(disk.open(path).is_err(), "{path}");
    }
    assert_eq!(
        std::fs::read(outside.join("secret")).expect("there"),
        b"secret"
    );
    assert_eq!(std::fs::read_dir(&outside).expect("there").count(), 1);
}
