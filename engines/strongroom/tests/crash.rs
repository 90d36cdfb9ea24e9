//! The power goes, or the disk is full, at every single operation of an intake: afterwards
//! the store is valid, what was acknowledged is there, and no half document is seen.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::sim::{Fault, SimDisk};
use common::*;
use strongroom::disk::Disk;
use strongroom::{Head, Heads, ObjectId, OpaqueId, Opener, Place, Prepared, Role, StrongRoom};

/// What the caller's ledger would hold after a crash.
#[derive(Clone, Default)]
struct Ledger {
    prepared: Vec<Prepared>,
    committed: BTreeMap<ObjectId, Head>,
    documents: BTreeMap<ObjectId, Vec<OpaqueId>>,
}

struct World {
    site: Site,
    store: SimDisk,
    keys: SimDisk,
    root: strongroom::Digest,
    ledger: Ledger,
}

fn arc(disk: &SimDisk) -> Arc<dyn Disk> {
    Arc::new(disk.clone())
}

fn world() -> World {
    let site = Site::new();
    let (store, keys) = (SimDisk::new(), SimDisk::new());
    let (room, root) = site.create(arc(&store), arc(&keys));
    let mut ledger = Ledger::default();
    intake(&room, &mut ledger, &[1], 1).expect("a first version");
    drop(room);
    World {
        site,
        store,
        keys,
        root,
        ledger,
    }
}

/// One intake by the protocol, its ledger events where they belong.
fn intake(
    room: &StrongRoom,
    ledger: &mut Ledger,
    tenures: &[u32],
    seed: u64,
) -> Result<(), strongroom::RoomError> {
    let mut batch = Vec::new();
    for n in tenures {
        let (prepared, ids) = stage(room, &tenure(*n), &[paper(seed, 40), paper(seed + 1, 200)])?;
        ledger.prepared.push(prepared.clone());
        ledger.documents.entry(tenure(*n)).or_default().extend(ids);
        batch.push(prepared);
    }
    for (one, head) in batch.iter().zip(room.publish_all(&batch)?) {
        ledger.committed.insert(one.object.clone(), head);
    }
    Ok(())
}

/// Starts again on what the crash left, and holds the store to the ledger.
fn after(world: &World, store: &SimDisk, keys: &SimDisk, mut ledger: Ledger, what: &str) -> usize {
    let room = open(arc(store), arc(keys));
    let open: Vec<Prepared> = ledger
        .prepared
        .iter()
        .filter(|p| {
            ledger
                .committed
                .get(&p.object)
                .is_none_or(|h| h.version < p.version)
        })
        .cloned()
        .collect();
    let done = room
        .recover(&open, &ledger.committed)
        .unwrap_or_else(|e| panic!("{what}: {e}"));
    for one in &done.finished {
        let head = Head {
            version: one.version,
            inventory_sha512: one.inventory_sha512,
        };
        ledger.committed.insert(one.object.clone(), head);
    }
    let heads = Heads {
        root: Some(world.root),
        objects: ledger.committed.clone(),
    };
    let report = room
        .verify(Some(&heads))
        .unwrap_or_else(|e| panic!("{what}: {e}"));
    assert!(
        report.sound(),
        "{what}: {:?} after {done:?}",
        report.damages
    );
    let slots = room.verify_slots(Some(&world.site.key)).expect("verifies");
    assert!(slots.sound(), "{what}: {:?}", slots.damages);
    // Each document that is seen is whole, and none is seen that was given up.
    for object in ledger.committed.keys() {
        for id in room.documents(object).expect("lists").keys() {
            assert!(ledger.documents[object].contains(id), "{what}");
            read(&room, object, id, &world.site.key).unwrap_or_else(|e| panic!("{what}: {e}"));
        }
    }
    // Nothing stays in the way: the next intake comes in.
    assert!(
        store.list("work/staging").expect("lists").is_empty(),
        "{what}"
    );
    intake(&room, &mut ledger, &[1, 2, 3], 90).unwrap_or_else(|e| panic!("{what}: {e}"));
    let again = room.recover(&[], &ledger.committed).expect("recovers");
    assert_eq!(again, strongroom::Recovery::default(), "{what}");
    done.finished.len()
}

fn each_fault(fault: Fault, on_keys: bool, seeds: &[u64]) {
    let world = world();
    let (mut at, mut finished) = (0, 0);
    loop {
        let mut ended = false;
        for seed in seeds {
            let (store, keys) = (world.store.fork(), world.keys.fork());
            let mut ledger = world.ledger.clone();
            let room = open(arc(&store), arc(&keys));
            let hit = if on_keys { &keys } else { &store };
            hit.arm(at, fault);
            // A second version of one object and first ones of two more, in one batch.
            let result = intake(&room, &mut ledger, &[1, 2, 3], 50);
            ended = hit.count() <= at;
            // A full disk hinders only what writes; the last steps may be removals.
            let unnoticed = result.is_ok() && !ended && fault == Fault::Crash;
            assert!(
                !unnoticed && (result.is_ok() || !ended),
                "a fault at {at} passed unnoticed"
            );
            drop(room);
            let what = format!("{fault:?} at {at} (keys: {on_keys}, seed {seed})");
            match fault {
                Fault::Crash => {
                    store.restart(*seed);
                    keys.restart(seed.wrapping_mul(31));
                }
                Fault::Full => hit.relieve(),
            }
            finished += after(&world, &store, &keys, ledger, &what);
        }
        if ended {
            break;
        }
        at += 1;
    }
    assert!(
        at > if on_keys { 10 } else { 60 },
        "only {at} operations were tried"
    );
    assert!(
        on_keys || finished > 0,
        "no crash left a version to be finished"
    );
}

#[test]
fn the_power_goes_at_each_operation_of_an_intake() {
    // Each seed is another choice of what the medium kept; LINLI_CRASHES=50 takes many.
    let many: u64 = std::env::var("LINLI_CRASHES").map_or(2, |n| n.parse().expect("a number"));
    each_fault(
        Fault::Crash,
        false,
        &(0..many).map(|n| n * 77 + 1).collect::<Vec<_>>(),
    );
}

#[test]
fn the_power_goes_at_each_operation_on_the_keys() {
    each_fault(Fault::Crash, true, &[3]);
}

/// Key store and root, made at their first use or opened.
fn found(
    site: &Site,
    store: &SimDisk,
    keys: &SimDisk,
    known: bool,
) -> Result<(StrongRoom, Option<strongroom::Digest>), strongroom::RoomError> {
    let to = site.recipients();
    StrongRoom::found(Place::on(arc(store)), arc(keys), &to, known, NOW)
}

fn each_fault_of_the_first_making(fault: Fault, on_keys: bool) {
    let site = Site::new();
    for at in 0.. {
        let (store, keys) = (SimDisk::new(), SimDisk::new());
        let hit = if on_keys { &keys } else { &store };
        hit.arm(at, fault);
        let first = found(&site, &store, &keys, false);
        let ended = hit.count() <= at;
        drop(first);
        match fault {
            Fault::Crash => {
                store.restart(at as u64 * 13 + 1);
                keys.restart(at as u64 * 7 + 3);
            }
            Fault::Full => hit.relieve(),
        }
        let what = format!("{fault:?} at {at} (keys: {on_keys})");
        let (room, root) =
            found(&site, &store, &keys, false).unwrap_or_else(|e| panic!("{what}: {e}"));
        let root = root.unwrap_or_else(|| panic!("{what}: nobody told the ledger"));
        room.write_from(NOW).expect("the lease");
        let (head, ids) = file(&room, &tenure(1), &[paper(9, 300)]);
        let known = heads(root, [(tenure(1), head)]);
        let report = room.verify(Some(&known)).expect("verifies");
        assert!(report.sound(), "{what}: {:?}", report.damages);
        assert!(
            room.verify_slots(Some(&site.key))
                .expect("verifies")
                .sound(),
            "{what}"
        );
        read(&room, &tenure(1), &ids[0], &site.escrow).expect("reads");
        assert!(store.list("work/new").expect("lists").is_empty(), "{what}");
        let half = |(name, _): &(String, _)| name.ends_with(".new");
        assert!(!keys.list("").expect("lists").iter().any(half), "{what}");
        drop(room);
        let (_, again) =
            found(&site, &store, &keys, true).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(again, None, "{what}: the ledger knows it");
        if ended {
            let least = if on_keys { 8 } else { 40 };
            assert!(at > least, "only {at} operations were tried");
            break;
        }
    }
}

#[test]
fn a_first_making_that_was_cut_off_goes_on_by_itself() {
    for fault in [Fault::Crash, Fault::Full] {
        each_fault_of_the_first_making(fault, false);
        each_fault_of_the_first_making(fault, true);
    }
}

#[test]
fn what_was_there_and_is_gone_is_never_made_anew() {
    use strongroom::RoomError as E;
    let world = world();
    let empty = SimDisk::new;
    let gone = |r: Result<_, E>| matches!(r, Err(E::Gone(_)));
    // The ledger knows it: an empty root or key store in its place would hide the loss.
    assert!(gone(found(&world.site, &empty(), &world.keys, true)));
    assert!(gone(found(&world.site, &world.store, &empty(), true)));
    // And documents without their keys are told even where the ledger is as empty.
    assert!(gone(found(&world.site, &world.store, &empty(), false)));
    assert!(found(&world.site, &world.store, &world.keys, true).is_ok());
}

#[test]
fn the_disk_is_full_at_each_write() {
    each_fault(Fault::Full, false, &[1]);
    each_fault(Fault::Full, true, &[1]);
}

#[test]
fn the_power_goes_at_each_operation_of_a_recovery() {
    let world = world();
    let (store, keys) = (world.store.fork(), world.keys.fork());
    let mut ledger = world.ledger.clone();
    let room = open(arc(&store), arc(&keys));
    for n in [1, 2, 3] {
        let (prepared, ids) = stage(&room, &tenure(n), &[paper(5, 50)]).expect("prepares");
        ledger.prepared.push(prepared);
        ledger.documents.entry(tenure(n)).or_default().extend(ids);
    }
    drop(room);
    for at in 0.. {
        let (store, keys) = (store.fork(), keys.fork());
        let room = open(arc(&store), arc(&keys));
        store.arm(at, Fault::Crash);
        let open: Vec<_> = ledger.prepared[1..].to_vec();
        let done = room.recover(&open, &ledger.committed);
        drop(room);
        store.restart(at as u64 + 5);
        let finished = after(
            &world,
            &store,
            &keys,
            ledger.clone(),
            &format!("recovery at {at}"),
        );
        assert_eq!(finished, 3, "all three were prepared and durable");
        if done.is_ok() {
            assert!(at > 20);
            break;
        }
    }
}

#[test]
fn the_power_goes_at_each_operation_of_a_rotation_and_of_a_shredding() {
    let world = world();
    let next = Opener::generate();
    for at in 0.. {
        let keys = world.keys.fork();
        let room = open(arc(&world.store.fork()), arc(&keys));
        keys.arm(at, Fault::Crash);
        let done = room.keys().rotate(&world.site.key, &next, NOW).is_ok();
        drop(room);
        keys.restart(at as u64 * 7 + 1);
        let room = open(arc(&world.store.fork()), arc(&keys));
        let again = room
            .keys()
            .rotate(&world.site.key, &next, NOW)
            .expect("again");
        assert!(again.damaged.is_empty(), "at {at}: {again:?}");
        assert!(
            room.verify_slots(Some(&next)).expect("verifies").sound(),
            "at {at}"
        );
        assert!(
            room.verify_slots(Some(&world.site.escrow))
                .expect("verifies")
                .sound()
        );
        assert_eq!(
            room.keys()
                .keys()
                .iter()
                .filter(|k| k.role == Role::Site && k.retired.is_none())
                .count(),
            1
        );
        if done {
            break;
        }
    }
    let id = world.ledger.documents[&tenure(1)][0].clone();
    let reason = "court-order".parse().expect("a code");
    for at in 0.. {
        let keys = world.keys.fork();
        let room = open(arc(&world.store.fork()), arc(&keys));
        keys.arm(at, Fault::Crash);
        let done = room.shred(&tenure(1), &id, &reason, NOW).is_ok();
        drop(room);
        keys.restart(at as u64 * 3 + 1);
        let room = open(arc(&world.store.fork()), arc(&keys));
        room.shred(&tenure(1), &id, &reason, NOW).expect("again");
        assert!(read(&room, &tenure(1), &id, &world.site.key).is_err());
        assert!(
            room.verify_slots(Some(&world.site.key))
                .expect("verifies")
                .sound(),
            "at {at}"
        );
        if done {
            break;
        }
    }
}

#[test]
fn the_power_goes_at_each_operation_of_a_change_of_cards() {
    let world = world();
    let (next, site) = (Opener::generate(), &world.site);
    for at in 0.. {
        let keys = world.keys.fork();
        let room = open(arc(&world.store.fork()), arc(&keys));
        keys.arm(at, Fault::Crash);
        let entrusted = room.keys().entrust(&site.key, &next.recipient(), NOW);
        drop(room);
        keys.restart(at as u64 * 5 + 1);
        let room = open(arc(&world.store.fork()), arc(&keys));
        let sound = |with: &Opener| room.verify_slots(Some(with)).expect("verifies").sound();
        let list = room.keys().keys();
        let listed = |r: &str| list.iter().any(|k| k.recipient == r && k.retired.is_none());
        assert!(
            sound(&site.key),
            "the site opens all at any moment, at {at}"
        );
        if listed(&site.escrow.recipient()) && room.keys().entrusting().expect("asks").is_none() {
            assert!(sound(&site.escrow), "nothing was begun, at {at}");
        } else if !listed(&site.escrow.recipient()) {
            assert!(
                sound(&next),
                "the old cards go when the new ones are good, at {at}"
            );
        }
        // Whoever has the site key ends it, without the cards; or it was not begun.
        let ended = room.keys().finish_entrusting(&site.key, NOW).expect("ends");
        let begun = entrusted.is_ok() || ended.is_some() || !listed(&site.escrow.recipient());
        let (good, useless) = match begun {
            true => (&next, &site.escrow),
            false => (&site.escrow, &next),
        };
        assert!(sound(good) && !sound(useless), "at {at}");
        // A new try with other cards is possible whatever happened.
        let third = Opener::generate();
        let again = room.keys().entrust(&site.key, &third.recipient(), NOW);
        assert!(again.expect("again").damaged.is_empty(), "at {at}");
        assert!(sound(&third) && sound(&site.key) && !sound(good));
        if entrusted.is_ok() {
            assert!(at > 10, "only {at} operations were tried");
            break;
        }
    }
}

#[test]
fn no_plaintext_is_ever_written() {
    let site = Site::new();
    let (store, keys) = (SimDisk::new(), SimDisk::new());
    let (room, _) = site.create(arc(&store), arc(&keys));
    let papers = [paper(1, 10), paper(2, 300_000)];
    let (_, ids) = file(&room, &tenure(1), &papers);
    read(&room, &tenure(1), &ids[1], &site.key).expect("reads");
    room.keys()
        .rotate(&site.key, &Opener::generate(), NOW)
        .expect("rotates");
    for written in [store.written(), keys.written()] {
        assert!(!written.is_empty());
        assert!(
            !holds(&written, MARK.as_bytes()),
            "a plaintext touched the disk"
        );
        assert!(!holds(&written, "春和苑".as_bytes()));
        assert!(!holds_secret_key(&written), "a secret key touched the disk");
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

/// An age secret key; the format's page in each root writes the prefix alone.
fn holds_secret_key(bytes: &[u8]) -> bool {
    const PREFIX: &[u8] = b"AGE-SECRET-KEY-1";
    bytes
        .windows(PREFIX.len() + 1)
        .any(|w| w.starts_with(PREFIX) && w[PREFIX.len()].is_ascii_alphanumeric())
}
