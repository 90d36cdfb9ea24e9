//! The root in a bucket. `tests/s3.sh` starts a server on this machine and names it in
//! `LINLI_S3`; without one there is nothing to talk to, and the test says so.
#![cfg(feature = "s3")]

mod common;

use std::sync::Arc;

use common::*;
use strongroom::disk::LocalDisk;
use strongroom::storage::{S3Config, S3Storage, Storage};
use strongroom::{KeyStore, LEASE_MS, OpaqueId, Place, RoomError, StrongRoom};

fn config() -> Option<S3Config> {
    let Ok(endpoint) = std::env::var("LINLI_S3") else {
        eprintln!("LINLI_S3 is not set: run engines/strongroom/tests/s3.sh");
        return None;
    };
    Some(S3Config {
        endpoint,
        region: "us-east-1".to_owned(),
        bucket: "archive".to_owned(),
        prefix: format!("test-{}", OpaqueId::fresh()),
        access_key: "test".to_owned(),
        secret_key: "test".to_owned(),
        allow_http: true,
    })
}

fn bucket(config: &S3Config) -> Arc<S3Storage> {
    Arc::new(S3Storage::new(config).expect("a storage"))
}

#[test]
fn a_root_in_a_bucket_is_written_read_verified_and_recovered() {
    let Some(config) = config() else { return };
    let site = Site::new();
    let dir = tempfile::tempdir().expect("a folder");
    let work = Arc::new(LocalDisk::new(dir.path().join("work")).expect("a disk"));
    let keys = Arc::new(LocalDisk::new(dir.path().join("keys")).expect("a disk"));
    let place = Place::apart(bucket(&config), work);
    let store = KeyStore::create(keys.clone(), &site.recipients(), NOW).expect("keys");
    let (room, root) = StrongRoom::create(place.clone(), store).expect("a root");
    room.write_from(NOW).expect("the lease");
    let papers = [paper(1, 100), paper(2, 9 << 20)];
    let (_, ids) = file(&room, &tenure(1), &papers);
    for (id, paper) in ids.iter().zip(&papers) {
        assert_eq!(
            read(&room, &tenure(1), id, &site.key).expect("reads"),
            *paper
        );
    }
    let (head, _) = file(&room, &tenure(1), &[paper(3, 100)]);
    assert_eq!(head.version, 2);
    let known = heads(root, [(tenure(1), head)]);
    let report = room.verify(Some(&known)).expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
    // Prepared and never published, and published by halves: recovery finishes both.
    let (third, _) = stage(&room, &tenure(1), &[paper(4, 100)]).expect("prepares");
    let (other, _) = stage(&room, &tenure(2), &[paper(5, 100)]).expect("prepares");
    let half = format!("{}/v1/content/docs/half.age", tenure(2).path());
    bucket(&config)
        .write_new(&half, &mut &b"half"[..])
        .expect("written");
    let done = room
        .recover(&[third, other], &known.objects)
        .expect("recovers");
    assert_eq!(
        (done.finished.len(), done.given_up.len()),
        (2, 0),
        "{done:?}"
    );
    let report = room
        .verify(Some(&room.heads().expect("heads")))
        .expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
    assert_eq!(report.objects, 2);
    // A damage is healed from a replica on a disk.
    let replica = Place::folder(dir.path().join("replica")).expect("a place");
    let target = strongroom::storage::FolderStorage::new(Arc::new(
        LocalDisk::new(dir.path().join("replica")).expect("a disk"),
    ));
    let s3 = bucket(&config);
    for path in all(&*s3, "") {
        target
            .write_new(&path, &mut s3.open(&path).expect("opens"))
            .expect("copied");
    }
    let victim = all(&*s3, "")
        .into_iter()
        .find(|p| p.ends_with("original.age"))
        .expect("one");
    // Somebody with the bucket's credentials does it: only a holder of the lease replaces.
    assert!(s3.replace(&victim, b"other bytes").is_err());
    room.let_go().expect("let go");
    let lease = s3.lease(NOW).expect("nobody writes");
    s3.replace(&victim, b"other bytes").expect("damaged");
    s3.release(lease).expect("let go");
    room.write_from(NOW).expect("the lease");
    let known = room.heads().expect("heads");
    assert!(!room.verify(Some(&known)).expect("verifies").sound());
    let repaired = room.repair(&known, &replica).expect("repairs");
    assert_eq!(repaired.healed, [victim]);
    assert!(room.verify(Some(&known)).expect("verifies").sound());
}

fn all(storage: &dyn Storage, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, kind) in storage.list(at).expect("lists") {
        let path = strongroom::disk::join(at, &name);
        match kind {
            strongroom::disk::Kind::Folder => found.extend(all(storage, &path)),
            _ => found.push(path),
        }
    }
    found
}

#[test]
fn a_key_is_never_put_twice_and_one_writes_at_a_time() {
    let Some(config) = config() else { return };
    let (one, two) = (bucket(&config), bucket(&config));
    one.write_new("a", &mut &b"first"[..]).expect("new");
    one.write_new("a", &mut &b"first"[..])
        .expect("the same again is no other");
    assert!(one.write_new("a", &mut &b"second"[..]).is_err());
    let mut lease = one.lease(NOW).expect("the lease");
    assert!(two.lease(NOW + LEASE_MS - 1).is_err(), "held by another");
    one.renew(&mut lease, NOW + 1_000).expect("renewed");
    assert!(two.lease(NOW + LEASE_MS + 500).is_err(), "renewed");
    two.lease(NOW + LEASE_MS + 1_001).expect("it ended");
    assert!(
        one.renew(&mut lease, NOW + LEASE_MS + 1_002).is_err(),
        "lost"
    );
}

#[test]
fn a_large_file_arrives_in_pieces_whole_and_only_once() {
    let Some(config) = config() else { return };
    let storage = bucket(&config);
    let large: Vec<u8> = (0..(65 << 20) + 7u32).map(|n| (n / 251) as u8).collect();
    storage.write_new("大/案", &mut &large[..]).expect("new");
    let mut got = Vec::new();
    let mut file = storage.open("大/案").expect("opens");
    std::io::Read::read_to_end(&mut file, &mut got).expect("reads");
    assert!(got == large);
    let again = storage.write_new("大/案", &mut &large[..]);
    assert_eq!(
        again.expect_err("taken").kind(),
        std::io::ErrorKind::AlreadyExists
    );
}

/// Has no bytes, and puts another file at the place while it is asked for them.
struct Quicker(Arc<S3Storage>);

impl std::io::Read for Quicker {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.write_new("place", &mut &b"quicker"[..])?;
        Ok(0)
    }
}

#[test]
fn a_large_file_does_not_replace_what_came_while_it_was_sent() {
    let Some(config) = config() else { return };
    let storage = bucket(&config);
    let large = vec![7; (64 << 20) + 1];
    let mut slow = std::io::Read::chain(&large[..], Quicker(bucket(&config)));
    let late = storage.write_new("place", &mut slow);
    assert_eq!(
        late.expect_err("too late").kind(),
        std::io::ErrorKind::AlreadyExists
    );
    assert_eq!(storage.list("").expect("lists").len(), 1);
    let mut got = Vec::new();
    let mut file = storage.open("place").expect("opens");
    std::io::Read::read_to_end(&mut file, &mut got).expect("reads");
    assert_eq!(got, b"quicker");
}

#[test]
fn of_two_nodes_one_writes_and_one_that_slept_too_long_does_not_go_on() {
    let Some(config) = config() else { return };
    let site = Site::new();
    let dir = tempfile::tempdir().expect("a folder");
    let keys = Arc::new(LocalDisk::new(dir.path().join("keys")).expect("a disk"));
    let node = |name: &str, known: bool| {
        let work = Arc::new(LocalDisk::new(dir.path().join(name)).expect("a disk"));
        let place = Place::apart(bucket(&config), work);
        StrongRoom::found(place, keys.clone(), &site.recipients(), known, NOW)
    };
    // Both begin at the same time: one makes the root, the other is told to wait.
    let (one, root) = node("one", false).expect("made");
    assert!(root.is_some());
    let busy = |r: Result<_, RoomError>| matches!(r, Err(RoomError::Busy));
    assert!(busy(node("two", false).map(|_| ())));
    one.let_go().expect("let go");
    let (two, again) = node("two", true).expect("opened");
    assert_eq!(again, None);

    two.write_from(NOW).expect("nobody writes");
    assert!(busy(one.write_from(NOW)), "while the other does");
    let (_, ids) = file(&two, &tenure(1), &[paper(1, 100)]);
    two.let_go().expect("let go");
    one.write_from(NOW).expect("at once");
    read(&one, &tenure(1), &ids[0], &site.key).expect("what the other filed");

    // One makes a version ready and sleeps longer than its lease; the other writes meanwhile.
    let holding = one.holding();
    let (stale, _) = stage(&one, &tenure(1), &[paper(2, 100)]).expect("prepares");
    let later = NOW + LEASE_MS + 1;
    two.write_from(later).expect("the lease ran out");
    let (head, _) = file(&two, &tenure(1), &[paper(3, 100)]);
    assert!(
        busy(one.stay(holding, later)),
        "it is not one's own any more"
    );
    assert!(one.publish(&stale).is_err());
    two.let_go().expect("let go");
    // And neither in a later holding of its own.
    one.write_from(later).expect("nobody writes");
    assert!(busy(one.stay(holding, later)));
    assert!(one.publish(&stale).is_err(), "the place is another's");
    let known = heads(root.expect("made"), [(tenure(1), head)]);
    let report = two.verify(Some(&known)).expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
}
