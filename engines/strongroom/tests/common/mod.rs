//! What the tests share: a store on some disk, with invented documents in it.
#![allow(dead_code)]

pub mod sim;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use strongroom::disk::{Disk, LocalDisk};
use strongroom::{
    Cause, Class, Digest, Head, Heads, KeyStore, Media, ObjectId, OpaqueId, Opener, Part, Place,
    Prepared, Role, RoomError, StrongRoom,
};

/// 2026-03-01 00:00 UTC.
pub const NOW: i64 = 1_772_323_200_000;
/// Stands in every plaintext and must stand nowhere on a disk.
pub const MARK: &str = "PLAINTEXT-春和苑-3棟1801-陳小明-13800138000";

pub struct Site {
    pub key: Opener,
    pub escrow: Opener,
}

impl Site {
    pub fn new() -> Site {
        Site {
            key: Opener::generate(),
            escrow: Opener::generate(),
        }
    }

    pub fn recipients(&self) -> Vec<(Role, String)> {
        vec![
            (Role::Site, self.key.recipient()),
            (Role::Escrow, self.escrow.recipient()),
        ]
    }

    pub fn create(&self, store: Arc<dyn Disk>, keys: Arc<dyn Disk>) -> (StrongRoom, Digest) {
        let keys = KeyStore::create(keys, &self.recipients(), NOW).expect("a key store");
        let (room, digest) = StrongRoom::create(Place::on(store), keys).expect("a root");
        room.write_from(NOW).expect("the lease");
        (room, digest)
    }
}

/// Opens a store again, as after a restart.
pub fn open(store: Arc<dyn Disk>, keys: Arc<dyn Disk>) -> StrongRoom {
    let keys = KeyStore::open(keys).expect("a key store");
    let room = StrongRoom::open(Place::on(store), keys).expect("a root");
    room.write_from(NOW).expect("the lease");
    room
}

pub fn tenure(n: u32) -> ObjectId {
    format!("urn:linli:spring-court:room-{n:04}:t01")
        .parse()
        .expect("an id")
}

pub fn pdf() -> Media {
    "application/pdf".parse().expect("a media type")
}

pub fn cause() -> Cause {
    "archive.filed".parse().expect("a cause")
}

/// A document's plaintext: `len` bytes at least, the mark in them again and again.
pub fn paper(seed: u64, len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len + 128);
    let mut x = seed | 1;
    while bytes.len() < len {
        bytes.extend_from_slice(MARK.as_bytes());
        for _ in 0..4 {
            x = x
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            bytes.extend_from_slice(&x.to_le_bytes());
        }
    }
    bytes
}

/// Stages and prepares one version with one new document of each size.
pub fn stage(
    room: &StrongRoom,
    object: &ObjectId,
    papers: &[Vec<u8>],
) -> Result<(Prepared, Vec<OpaqueId>), RoomError> {
    let mut staged = room.intake(object, NOW, cause())?;
    let mut ids = Vec::new();
    for (i, paper) in papers.iter().enumerate() {
        let id = staged.document(Class::ALL[i % 10])?;
        staged.file(&id, Part::Original, pdf(), &mut paper.as_slice())?;
        ids.push(id);
    }
    staged.meta(format!(r#"{{"owner":"{MARK}"}}"#).as_bytes())?;
    Ok((
        staged.prepare(BTreeMap::from([("ledger_seq".to_owned(), 7)]))?,
        ids,
    ))
}

/// The whole of an intake.
pub fn file(room: &StrongRoom, object: &ObjectId, papers: &[Vec<u8>]) -> (Head, Vec<OpaqueId>) {
    let (prepared, ids) = stage(room, object, papers).expect("prepared");
    (room.publish(&prepared).expect("published"), ids)
}

pub fn read(
    room: &StrongRoom,
    object: &ObjectId,
    id: &OpaqueId,
    with: &Opener,
) -> Result<Vec<u8>, RoomError> {
    let mut out = Vec::new();
    room.read(object, id, Part::Original, with)?
        .read_to_end(&mut out)?;
    Ok(out)
}

pub fn heads(root: Digest, objects: impl IntoIterator<Item = (ObjectId, Head)>) -> Heads {
    Heads {
        root: Some(root),
        objects: objects.into_iter().collect(),
    }
}

/// Two local disks in a folder that goes with the guard.
pub fn local() -> (tempfile::TempDir, Arc<dyn Disk>, Arc<dyn Disk>) {
    let dir = tempfile::tempdir().expect("a folder");
    let store: Arc<dyn Disk> = Arc::new(LocalDisk::new(dir.path().join("store")).expect("a disk"));
    let keys: Arc<dyn Disk> = Arc::new(LocalDisk::new(dir.path().join("keys")).expect("a disk"));
    (dir, store, keys)
}

/// All files below a folder and their bytes.
pub fn tree(at: &std::path::Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(at).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).expect("readable"));
        }
    }
    found
}

/// Copies a folder's files.
pub fn copy(from: &std::path::Path, to: &std::path::Path) {
    for (path, bytes) in tree(from) {
        let at = to.join(path.strip_prefix(from).expect("below"));
        std::fs::create_dir_all(at.parent().expect("a folder")).expect("made");
        std::fs::write(at, bytes).expect("written");
    }
}
