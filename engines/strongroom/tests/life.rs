//! A document's life: taken in, read, revised, its keys changed, shredded.

mod common;

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};

use common::*;
use strongroom::{Class, KeyStore, Opener, Part, Place, Reason, Role, RoomError, StrongRoom};

#[test]
fn what_was_taken_in_is_read_again_with_either_key_and_with_no_other() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    let papers = [
        paper(1, 0),
        paper(2, 100),
        paper(3, 65_536),
        paper(4, 300_001),
    ];
    let (head, ids) = file(&room, &tenure(1), &papers);
    for (id, paper) in ids.iter().zip(&papers) {
        assert_eq!(
            read(&room, &tenure(1), id, &site.key).expect("site"),
            *paper
        );
        assert_eq!(
            read(&room, &tenure(1), id, &site.escrow).expect("escrow"),
            *paper
        );
        let refused = read(&room, &tenure(1), id, &Opener::generate());
        assert!(
            matches!(refused, Err(RoomError::DoesNotOpen(_))),
            "{refused:?}"
        );
    }
    let meta = room
        .meta(&tenure(1), &site.key)
        .expect("opens")
        .expect("is there");
    assert!(meta.starts_with(b"{\"owner\""));
    let report = room
        .verify(Some(&heads(root, [(tenure(1), head)])))
        .expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
    assert!(
        room.verify_slots(Some(&site.key))
            .expect("verifies")
            .sound()
    );
    assert_eq!(
        room.heads().expect("heads"),
        heads(root, [(tenure(1), head)])
    );
}

#[test]
fn a_reader_jumps_into_a_large_file() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, _) = site.create(store, keys);
    let whole = paper(9, 9 << 20);
    let (_, ids) = file(&room, &tenure(1), std::slice::from_ref(&whole));
    let mut opened = room
        .read(&tenure(1), &ids[0], Part::Original, &site.key)
        .expect("opens");
    assert_eq!(opened.size(), whole.len() as u64);
    for at in [0, 65_535, 65_536, 1_234_567, whole.len() - 5] {
        opened.seek(SeekFrom::Start(at as u64)).expect("jumps");
        let mut five = [0; 5];
        opened.read_exact(&mut five).expect("reads");
        assert_eq!(five, whole[at..at + 5]);
    }
}

#[test]
fn a_revision_keeps_the_old_bytes_and_shows_the_new() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    let (_, ids) = file(&room, &tenure(1), &[paper(1, 5_000), paper(2, 5_000)]);
    let mut staged = room.intake(&tenure(1), NOW + 1, cause()).expect("begins");
    staged.revise(&ids[0]).expect("is there");
    let newer = paper(3, 6_000);
    staged
        .file(&ids[0], Part::Original, pdf(), &mut newer.as_slice())
        .expect("seals");
    staged
        .file(&ids[0], Part::Page(1), pdf(), &mut &b"a picture"[..])
        .expect("seals");
    let third = staged.document(Class::I).expect("a document");
    staged
        .file(&third, Part::Original, pdf(), &mut &b"copy"[..])
        .expect("seals");
    let prepared = staged.prepare(BTreeMap::new()).expect("prepares");
    assert_eq!(prepared.version, 2);
    let head = room.publish(&prepared).expect("publishes");
    assert_eq!(
        read(&room, &tenure(1), &ids[0], &site.key).expect("reads"),
        newer
    );
    assert_eq!(
        read(&room, &tenure(1), &ids[1], &site.key).expect("reads"),
        paper(2, 5_000)
    );
    let documents = room.documents(&tenure(1)).expect("lists");
    assert_eq!(documents.len(), 3);
    assert_eq!(documents[&ids[0]].parts.len(), 2);
    // The metadata of the first version is still the newest.
    assert!(room.meta(&tenure(1), &site.key).expect("opens").is_some());
    let report = room
        .verify(Some(&heads(root, [(tenure(1), head)])))
        .expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
}

#[test]
fn a_new_site_key_opens_all_the_old_one_nothing_and_no_content_changes() {
    let site = Site::new();
    let (dir, store, keys) = local();
    let (room, _) = site.create(store, keys.clone());
    let (before, ids) = file(&room, &tenure(1), &[paper(1, 10), paper(2, 10)]);
    let content = tree(&dir.path().join("store/root"));
    let next = Opener::generate();
    let done = room
        .keys()
        .rotate(&site.key, &next, NOW + 5)
        .expect("rotates");
    assert_eq!(
        (done.rewritten, done.already, done.damaged.len()),
        (3, 0, 0)
    );
    assert_eq!(tree(&dir.path().join("store/root")), content);
    for id in &ids {
        assert!(read(&room, &tenure(1), id, &next).is_ok());
        assert!(read(&room, &tenure(1), id, &site.escrow).is_ok());
        assert!(matches!(
            read(&room, &tenure(1), id, &site.key),
            Err(RoomError::DoesNotOpen(_))
        ));
    }
    // What comes now is for the new key, also after a restart; running it again does nothing.
    let reopened = KeyStore::open(keys).expect("opens");
    assert_eq!(
        reopened
            .keys()
            .iter()
            .filter(|k| k.retired.is_none())
            .count(),
        2
    );
    let again = reopened.rotate(&site.key, &next, NOW + 6).expect("rotates");
    assert_eq!((again.rewritten, again.already), (0, 3));
    let (after, _) = file(&room, &tenure(1), &[paper(3, 10)]);
    assert_eq!(after.version, before.version + 1);
    assert!(room.verify_slots(Some(&next)).expect("verifies").sound());
}

#[test]
fn a_new_escrow_key_opens_all_there_is_and_will_be_and_the_one_before_nothing() {
    let site = Site::new();
    let (dir, store, keys) = local();
    let (room, _) = site.create(store, keys.clone());
    let (_, mut ids) = file(&room, &tenure(1), &[paper(1, 10), paper(2, 10)]);
    let content = tree(&dir.path().join("store/root"));
    let next = Opener::generate();
    let done = room.keys().entrust(&site.key, &next.recipient(), NOW + 5);
    let done = done.expect("entrusts");
    assert_eq!((done.rewritten, done.damaged.len()), (3, 0));
    assert_eq!(tree(&dir.path().join("store/root")), content);
    assert_eq!(room.keys().entrusting().expect("none"), None);
    ids.extend(file(&room, &tenure(1), &[paper(3, 10)]).1);
    for id in &ids {
        assert!(read(&room, &tenure(1), id, &site.key).is_ok());
        assert!(read(&room, &tenure(1), id, &next).is_ok());
        assert!(matches!(
            read(&room, &tenure(1), id, &site.escrow),
            Err(RoomError::DoesNotOpen(_))
        ));
    }
    let reopened = KeyStore::open(keys).expect("opens");
    let active: Vec<String> = reopened
        .keys()
        .into_iter()
        .filter(|k| k.retired.is_none())
        .map(|k| k.recipient)
        .collect();
    assert_eq!(active, [site.key.recipient(), next.recipient()]);
    for used in [&site.escrow, &next, &site.key] {
        let refused = reopened.entrust(&site.key, &used.recipient(), NOW);
        assert!(matches!(refused, Err(RoomError::BadKey)), "{refused:?}");
    }
}

#[test]
fn a_store_without_cards_gets_them_later_and_a_damaged_slot_keeps_the_old_ones_good() {
    let site = Site::new();
    let (dir, store, keys) = local();
    let recipients = [(Role::Site, site.key.recipient())];
    let keys = KeyStore::create(keys, &recipients, NOW).expect("a key store");
    let (room, _) = StrongRoom::create(Place::on(store), keys).expect("a root");
    room.write_from(NOW).expect("the lease");
    let (_, ids) = file(&room, &tenure(1), &[paper(1, 10), paper(2, 10)]);
    let entrust = |to: &Opener| room.keys().entrust(&site.key, &to.recipient(), NOW);
    assert_eq!(entrust(&site.escrow).expect("entrusts").rewritten, 3);
    assert!(read(&room, &tenure(1), &ids[0], &site.escrow).is_ok());
    // A slot that nobody opens: both sets of cards stay good until it is healed.
    let name = format!("{}.key.age", ids[0]);
    let slots = tree(&dir.path().join("keys/slots"));
    let (path, whole) = slots.iter().find(|(p, _)| p.ends_with(&name)).expect("it");
    std::fs::write(path, &whole[..whole.len() / 2]).expect("damaged");
    let next = Opener::generate();
    let done = entrust(&next).expect("as far as it goes");
    assert_eq!((done.rewritten, done.damaged.len()), (2, 1));
    assert_eq!(
        room.keys().entrusting().expect("one"),
        Some(next.recipient())
    );
    let active = |store: &KeyStore| store.keys().iter().filter(|k| k.retired.is_none()).count();
    assert_eq!(active(room.keys()), 3);
    std::fs::write(path, whole).expect("healed");
    let done = room.keys().finish_entrusting(&site.key, NOW + 1);
    let done = done.expect("finishes").expect("it was begun");
    assert_eq!((done.rewritten, done.damaged.len()), (3, 0));
    assert_eq!(active(room.keys()), 2);
    let none = room.keys().finish_entrusting(&site.key, NOW + 2);
    assert_eq!(none.expect("asked"), None);
    assert!(read(&room, &tenure(1), &ids[0], &next).is_ok());
    assert!(read(&room, &tenure(1), &ids[0], &site.escrow).is_err());
}

#[test]
fn while_keys_change_the_new_one_and_the_former_open_all_together() {
    let site = Site::new();
    let (dir, store, keys) = local();
    let (room, _) = site.create(store, keys);
    let (_, ids) = file(&room, &tenure(1), &[paper(1, 10)]);
    let (_, more) = file(&room, &tenure(2), &[paper(2, 10)]);
    let before = dir.path().join("before");
    copy(&dir.path().join("keys"), &before);
    let next = Opener::generate();
    room.keys().rotate(&site.key, &next, NOW).expect("rotates");
    // As if it had stopped half way: one object's slots are still for the old key.
    let at = room.keys().keys();
    assert_eq!(at.len(), 3);
    let digest = strongroom::Digest::of(tenure(2).as_str().as_bytes());
    let folder = format!("slots/{digest}");
    copy(
        &before.join(&folder),
        &dir.path().join("keys").join(&folder),
    );
    let both = next.clone().or_former(&site.key);
    assert_eq!(both.recipient(), next.recipient());
    for (object, id) in [(tenure(1), &ids[0]), (tenure(2), &more[0])] {
        assert!(read(&room, &object, id, &both).is_ok());
    }
    assert!(read(&room, &tenure(2), &more[0], &next).is_err());
}

#[test]
fn who_becomes_the_writer_makes_slots_for_the_keys_of_now() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    drop(site.create(store.clone(), keys.clone()));
    // Opened before somebody else changes the keys, and writing after.
    let late = StrongRoom::open(
        Place::on(store.clone()),
        KeyStore::open(keys.clone()).expect("keys"),
    );
    let late = late.expect("a root");
    let next = Opener::generate();
    let room = open(store, keys);
    let done = room.keys().entrust(&site.key, &next.recipient(), NOW);
    assert!(done.expect("entrusts").damaged.is_empty());
    drop(room);
    late.write_from(NOW + 1).expect("the lease");
    let (_, ids) = file(&late, &tenure(1), &[paper(1, 10)]);
    assert!(read(&late, &tenure(1), &ids[0], &next).is_ok());
    assert!(read(&late, &tenure(1), &ids[0], &site.escrow).is_err());
}

#[test]
fn a_shredded_document_opens_nowhere_and_the_store_stays_valid() {
    let site = Site::new();
    let (dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    let (head, ids) = file(&room, &tenure(1), &[paper(1, 10), paper(2, 10)]);
    let backup = dir.path().join("backup");
    copy(&dir.path().join("keys"), &backup);
    let reason: Reason = "pipl-47".parse().expect("a code");
    let stones = room
        .shred(&tenure(1), &ids[0], &reason, NOW + 9)
        .expect("shreds");
    assert_eq!(stones.len(), 1);
    for key in [&site.key, &site.escrow] {
        let refused = read(&room, &tenure(1), &ids[0], key);
        assert!(
            matches!(refused, Err(RoomError::Shredded { .. })),
            "{refused:?}"
        );
    }
    assert!(read(&room, &tenure(1), &ids[1], &site.key).is_ok());
    let known = heads(root, [(tenure(1), head)]);
    assert!(room.verify(Some(&known)).expect("verifies").sound());
    assert!(
        room.verify_slots(Some(&site.key))
            .expect("verifies")
            .sound()
    );
    // A restored copy of the key store is shredded again before anybody reads.
    let old = std::sync::Arc::new(strongroom::disk::LocalDisk::new(&backup).expect("a disk"));
    let restored = KeyStore::open(old).expect("opens");
    let list = room.keys().shred_list().expect("a list");
    assert_eq!(restored.replay(&list).expect("replays"), 1);
    assert_eq!(restored.replay(&list).expect("again"), 0);
    assert_eq!(restored.shred_list().expect("a list"), list);
    assert_eq!(restored.heal(room.keys(), &site.key).expect("heals"), 0);
}

#[test]
fn what_was_said_before_is_destroyed_and_the_newest_stays() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    file(&room, &tenure(1), &[paper(1, 10)]);
    let (head, ids) = file(&room, &tenure(1), &[paper(2, 10)]);
    let reason: Reason = "pipl-47".parse().expect("a code");
    let stones = || room.keys().shred_list().expect("a list").len();
    for _ in 0..2 {
        let older = room.shred_older_meta(&tenure(1), &reason, NOW + 9);
        assert_eq!((older.expect("destroyed"), stones()), (1, 1));
    }
    assert!(room.meta(&tenure(1), &site.key).expect("opens").is_some());
    assert!(read(&room, &tenure(1), &ids[0], &site.key).is_ok());
    let known = heads(root, [(tenure(1), head)]);
    assert!(room.verify(Some(&known)).expect("verifies").sound());
    let slots = room.verify_slots(Some(&site.key)).expect("verifies");
    assert!(slots.sound());
}

#[test]
fn one_writes_at_a_time_and_a_dead_writer_stops_nobody() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, _) = site.create(store.clone(), keys.clone());
    let other = strongroom::StrongRoom::open(Place::on(store), KeyStore::open(keys).expect("keys"))
        .expect("opens for reading");
    assert!(matches!(other.write_from(NOW), Err(RoomError::Busy)));
    assert!(matches!(
        other.intake(&tenure(1), NOW, cause()),
        Err(RoomError::Busy)
    ));
    drop(room);
    other
        .write_from(NOW)
        .expect("the lease went with its holder");
}

#[test]
fn two_versions_for_one_place_do_not_both_come_in() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, _) = site.create(store, keys);
    for round in 1..3 {
        let (one, _) = stage(&room, &tenure(1), &[paper(1, 10)]).expect("prepares");
        let (two, _) = stage(&room, &tenure(1), &[paper(2, 10)]).expect("prepares");
        assert_eq!(room.publish(&one).expect("comes in").version, round);
        assert!(matches!(
            room.publish(&two),
            Err(RoomError::Conflict { .. })
        ));
        let done = room
            .recover(std::slice::from_ref(&two), &BTreeMap::new())
            .expect("recovers");
        assert_eq!((done.finished.len(), done.given_up), (0, vec![two]));
        assert!(room.verify(None).expect("verifies").sound());
    }
}

#[test]
fn many_small_objects_come_in_together() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    let mut known = BTreeMap::new();
    for round in 1..3 {
        let prepared: Vec<_> = (0..20)
            .map(|n| {
                stage(&room, &tenure(n), &[paper(n.into(), 500)])
                    .expect("prepares")
                    .0
            })
            .collect();
        for (one, head) in prepared
            .iter()
            .zip(room.publish_all(&prepared).expect("publishes"))
        {
            assert_eq!(head.version, round);
            known.insert(one.object.clone(), head);
        }
    }
    let report = room.verify(Some(&heads(root, known))).expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
    assert_eq!(report.objects, 20);
}

#[test]
fn thirty_slices_are_the_whole_root() {
    let site = Site::new();
    let (_dir, store, keys) = local();
    let (room, root) = site.create(store, keys);
    let known = (0..40).map(|n| (tenure(n), file(&room, &tenure(n), &[paper(1, 10)]).0));
    let known = heads(root, known.collect::<Vec<_>>());
    let slices: Vec<_> = (0..strongroom::FIXITY_SLICES)
        .map(|n| room.fixity_slice(n, &known).expect("reads"))
        .collect();
    let whole = room.verify(Some(&known)).expect("verifies");
    assert_eq!(slices.iter().map(|s| s.files).sum::<u64>(), whole.files);
    assert_eq!(slices.iter().map(|s| s.bytes).sum::<u64>(), whole.bytes);
    assert!(slices.iter().filter(|s| s.objects > 0).count() > 10);
}
