//! The archive's storage from the command line: damage named and mended, and the key changed
//! under a house that goes on reading.

use std::path::{Path, PathBuf};

use dossiers::vault::{self, Vault};
use foundation::communities;
use foundation::database::{DbError, ask};
use foundation::ledger::{Event, Who};
use foundation::params;
use serde_json::Value as Json;

use super::{
    archive, cards, change, copy, document, file, file_as, linli, read_with, reads, said,
    shares_in, told, with_age,
};
use crate::support::TestHouse;

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_named_and_mended_from_a_replica() {
    let (house, c, papers) = archive().await;
    let empty = TestHouse::new().await;
    let out = linli(&empty, &["strongroom", "verify", "--json"], "");
    assert_eq!(
        (out.status.code(), &document(&out)["made"]),
        (Some(0), &false.into())
    );
    assert!(
        !empty.data_dir.join("strongroom").exists(),
        "looking makes none"
    );

    let replica = house.folder.path().join("replica");
    copy(
        &house.data_dir.join("strongroom/root"),
        &replica.join("root"),
    );
    let key_copy = house.folder.path().join("key-copy");
    copy(&house.data_dir.join("keys/strongroom"), &key_copy);
    let verify = || {
        let out = linli(&house, &["strongroom", "verify", "--json"], "");
        let found = document(&out);
        let damages = found["damages"].as_array().expect("a list").clone();
        assert_eq!(found["sound"], damages.is_empty());
        (out.status.code(), damages)
    };
    assert_eq!(verify(), (Some(0), Vec::new()));

    // A flipped byte, a dossier that is gone, a slot that is gone.
    let root = house.data_dir.join("strongroom/root");
    let object = |n: usize| vault::object(c, papers[n].dossier);
    let content = format!(
        "{}/v1/content/docs/{}/original.age",
        object(0).path(),
        papers[0].id
    );
    let mut bytes = std::fs::read(root.join(&content)).expect("there");
    *bytes.last_mut().expect("not empty") ^= 1;
    std::fs::write(root.join(&content), bytes).expect("damaged");
    std::fs::remove_dir_all(root.join(object(1).path())).expect("gone");
    let slots = house.data_dir.join(format!(
        "keys/strongroom/slots/{}",
        strongroom::Digest::of(object(2).as_str().as_bytes())
    ));
    let slot = slots.join(format!("{}.key.age", papers[2].id));
    std::fs::remove_file(&slot).expect("gone");

    let (code, damages) = verify();
    assert_eq!(code, Some(1));
    let named = |object: &str, kind: &str| {
        let one = |d: &&Json| d["object"] == object && d["kind"] == kind;
        assert!(damages.iter().any(|d| one(&d)), "{kind}: {damages:?}");
    };
    named(object(0).as_str(), "altered");
    named(object(1).as_str(), "object_missing");
    named(object(2).as_str(), "slot_missing");
    let (code, words) = said(&linli(&house, &["strongroom", "verify"], ""));
    assert_eq!(code, Some(1));
    assert!(words.contains(&format!("{content}: altered")), "{words}");

    let repair = |from: &Path, more: &[&str]| {
        let from = from.to_str().expect("text");
        let args = [&["strongroom", "repair", "--replica", from], more].concat();
        linli(&house, &args, "")
    };
    let nowhere = house.folder.path().join("nowhere");
    let (code, words) = said(&repair(&nowhere, &[]));
    assert_eq!(code, Some(2), "{words}");
    assert!(!nowhere.exists());
    // Without a copy of the keys the slot stays gone, and is said to be.
    let (code, words) = said(&repair(&replica, &[]));
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("its key is gone"), "{words}");
    let out = repair(
        &replica,
        &["--key-copy", key_copy.to_str().expect("text"), "--json"],
    );
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    assert_eq!(document(&out)["slots"], 1);
    assert_eq!(verify(), (Some(0), Vec::new()));
    for paper in &papers {
        assert_eq!(reads(&house, c, paper).await, paper.text);
    }
    assert_eq!(told(&house, "archive.strongroom_repaired").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_root_is_damage_and_no_empty_one_takes_its_place() {
    let (house, _, papers) = archive().await;
    let away = house.folder.path().join("away");
    std::fs::rename(house.data_dir.join("strongroom"), &away).expect("moved");
    let out = linli(&house, &["strongroom", "verify", "--json"], "");
    assert_eq!(out.status.code(), Some(1));
    let damages = document(&out)["damages"].as_array().expect("a list").len();
    assert_eq!(damages, papers.len() + 1);
    let (out, dir) = cards(&house, "cards", &[]);
    assert_eq!(out.status.code(), Some(2), "{:?}", said(&out));
    assert!(!dir.exists() && !house.data_dir.join("strongroom").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_in_is_no_damage_and_what_was_cut_off_is() {
    let (house, c, _) = archive().await;
    let paper = file_as(&house, c, "正在入庫", "prepared").await;
    let verifying = {
        let house = house.house.clone();
        tokio::spawn(async move {
            dossiers::upkeep::verify(&house, dossiers::upkeep::Part::Whole).await
        })
    };
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let published = ask(
        "UPDATE strongroom_version SET state = 'published' \
         WHERE community = $1 AND dossier = $2",
        params![c, paper.dossier],
    );
    change(&house, published).await;
    let found = verifying.await.expect("no panic").expect("verifies");
    let found = found.expect("there is one");
    assert!(found.sound(), "{:?}", found.root.damages);
    assert_eq!(found.root.objects, 4);
    // Nobody ends this one: the ledger does not know it.
    let paper = file_as(&house, c, "入庫中斷", "prepared").await;
    let out = linli(&house, &["strongroom", "verify", "--json"], "");
    assert_eq!(out.status.code(), Some(1));
    let damages = document(&out)["damages"].clone();
    assert_eq!(damages[0]["kind"], "object_unknown");
    assert_eq!(
        damages[0]["object"],
        vault::object(c, paper.dossier).as_str()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_walk_every_compound_and_know_the_root() {
    let (house, c, mut papers) = archive().await;
    let made = communities::create(&house, &Who::operator(), "蘭庭", 100).await;
    let second = made.expect("made").number;
    papers.push(file(&house, second, "蘭庭 1-1-101").await);
    let opened = Vault::of(&house).open(&house).await.expect("opens");
    let heads = dossiers::heads(&house).await.expect("heads");
    assert_eq!(heads, opened.room.heads().expect("the root's own"));
    assert!(heads.root.is_some());
    assert_eq!(heads.objects.len(), 4);
    assert!(
        heads
            .objects
            .contains_key(&vault::object(c, papers[0].dossier))
    );
    // A newer version that was given up is no head; one that was published is.
    let row = |version: i64, state: &str| {
        ask(
            "INSERT INTO strongroom_version \
             (community, dossier, version, inventory, document, state, at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0)",
            params![
                c,
                papers[0].dossier,
                version,
                "00".repeat(64),
                papers[0].dossier,
                state
            ],
        )
    };
    change(&house, row(2, "given_up")).await;
    assert_eq!(dossiers::heads(&house).await.expect("heads"), heads);
    change(&house, row(3, "published")).await;
    let newer = dossiers::heads(&house).await.expect("heads");
    let object = vault::object(c, papers[0].dossier);
    assert_eq!(newer.objects[&object].version, 3);
    let out = linli(&house, &["strongroom", "verify"], "");
    let (code, words) = said(&out);
    assert_eq!(code, Some(1));
    assert!(words.contains(object.as_str()), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_leaves_documents_readable_and_the_old_one_useless() {
    let (house, c, papers) = archive().await;
    let (_, dir) = cards(&house, "cards", &[]);
    // The house has the archive open, and goes on reading.
    assert_eq!(reads(&house, c, &papers[0]).await, papers[0].text);
    let opened = Vault::of(&house).open(&house).await.expect("opens");
    let old = opened.opener.clone();
    let out = linli(&house, &["strongroom", "rotate", "--json"], "");
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    assert_eq!(document(&out)["rewritten"], 6);
    for paper in &papers {
        assert_eq!(reads(&house, c, paper).await, paper.text);
        assert!(read_with(&opened, c, paper, &old).is_err());
    }
    let key = house.folder.path().join("old");
    std::fs::write(&key, old.secret().as_bytes()).expect("written");
    assert_eq!(with_age(&house, c, &papers[0], &key), None);
    // The cards stay good, and what comes later is for the new key.
    let later = file(&house, c, "事後補交").await;
    assert_eq!(reads(&house, c, &later).await, later.text);
    let shares = shares_in(&dir);
    let out = linli(&house, &["escrow", "check"], &shares[..3].join("\n"));
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    let out = linli(&house, &["strongroom", "verify"], "");
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    assert_eq!(told(&house, "archive.key_changing").await.len(), 1);
    let changed = told(&house, "archive.key_changed").await;
    assert_eq!(changed[0]["slots"], 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_was_changed_with_the_disk_does_not_deceive_a_verification() {
    let (house, c, papers) = archive().await;
    let heads = dossiers::heads(&house).await.expect("heads");
    for paper in &papers {
        let head = heads.objects[&vault::object(c, paper.dossier)];
        let (dossier, document) = (paper.dossier, house.id());
        let recorded: Result<(), DbError> = house
            .write(c, &Who::operator(), move |tx| {
                let event = Event::new(dossiers::events::RECEIVED)
                    .about("document", document)
                    .with("dossier", dossier)
                    .with("version", i64::from(head.version))
                    .with("inventory", head.inventory_sha512.0);
                tx.record(event, ())
            })
            .await;
        recorded.expect("recorded");
    }
    assert_eq!(dossiers::heads(&house).await.expect("heads"), heads);
    // One dossier vanishes from disk and table, another gets another inventory in both.
    let object = |n: usize| vault::object(c, papers[n].dossier);
    let root = house.data_dir.join("strongroom/root");
    std::fs::remove_dir_all(root.join(object(0).path())).expect("gone");
    let dropped = ask(
        "DELETE FROM strongroom_version WHERE community = $1 AND dossier = $2",
        params![c, papers[0].dossier],
    );
    change(&house, dropped).await;
    let inventory = root.join(object(1).path()).join("inventory.json");
    let text = std::fs::read_to_string(&inventory).expect("there");
    let forged = text.replace("archive.received", "archive.forged");
    assert_ne!(text, forged);
    let digest = strongroom::Digest::of(forged.as_bytes()).to_string();
    for folder in [
        root.join(object(1).path()),
        root.join(object(1).path()).join("v1"),
    ] {
        std::fs::write(folder.join("inventory.json"), &forged).expect("written");
        let sidecar = format!("{digest} inventory.json\n");
        std::fs::write(folder.join("inventory.json.sha512"), sidecar).expect("written");
    }
    let replaced = ask(
        "UPDATE strongroom_version SET inventory = $3 WHERE community = $1 AND dossier = $2",
        params![c, papers[1].dossier, digest],
    );
    change(&house, replaced).await;
    assert_eq!(dossiers::heads(&house).await.expect("heads"), heads);
    let out = linli(&house, &["strongroom", "verify", "--json"], "");
    assert_eq!(out.status.code(), Some(1));
    let found = document(&out);
    for n in [0, 1] {
        let of = |d: &&Json| d["object"] == object(n).as_str();
        let damages = found["damages"].as_array().expect("a list");
        assert!(damages.iter().any(|d| of(&d)), "dossier {n}: {damages:?}");
    }
}

/// What lies sealed under a name.
async fn sealed(house: &TestHouse, name: &str) -> Option<String> {
    let asked = ask(
        "SELECT value FROM installation WHERE name = $1",
        params![name],
    );
    let found: Option<(String,)> = house.db.optional(asked).await.expect("asked");
    found.map(|(value,)| value)
}

/// Puts the house back to the middle of a rotation that the power cut off: both keys are
/// sealed, and the slots of some dossiers are still for the old one.
async fn half_way(house: &TestHouse, before: &Path, old: &str, slots: &[PathBuf]) {
    let new = sealed(house, "strongroom-key").await.expect("a key");
    let put = |name: &str, value: &str| {
        ask(
            "INSERT INTO installation (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )
    };
    change(house, put("strongroom-key", old)).await;
    change(house, put("strongroom-key-next", &new)).await;
    let keys = house.data_dir.join("keys/strongroom");
    for folder in slots {
        copy(&before.join(folder), &keys.join(folder));
    }
    // The old key is retired last.
    let list = std::fs::read_to_string(keys.join("keys.json")).expect("there");
    let mut list: Json = serde_json::from_str(&list).expect("JSON");
    for key in list["keys"].as_array_mut().expect("a list") {
        key["retired"] = Json::Null;
    }
    std::fs::write(keys.join("keys.json"), list.to_string()).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_cut_off_leaves_all_readable_and_is_ended_by_the_next() {
    let (house, c, papers) = archive().await;
    let before = house.folder.path().join("before");
    let folder = |n: usize| {
        let object = vault::object(c, papers[n].dossier);
        let digest = strongroom::Digest::of(object.as_str().as_bytes());
        PathBuf::from(format!("slots/{digest}"))
    };
    for by_recovery in [false, true] {
        let old_sealed = sealed(&house, "strongroom-key").await.expect("a key");
        let opened = Vault::of(&house).open(&house).await.expect("opens");
        let old = opened.opener.clone();
        let _ = std::fs::remove_dir_all(&before);
        copy(&house.data_dir.join("keys/strongroom"), &before);
        let out = linli(&house, &["strongroom", "rotate"], "");
        assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
        half_way(&house, &before, &old_sealed, &[folder(0)]).await;
        // A house that had it open, and one that starts now, read all of it.
        let started = house.again().await;
        for paper in &papers {
            assert_eq!(reads(&house, c, paper).await, paper.text);
            assert_eq!(reads(&started, c, paper).await, paper.text);
        }
        drop(started);
        let out = linli(&house, &["strongroom", "verify"], "");
        assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
        if by_recovery {
            let started = house.again().await;
            dossiers::recovery::recover(&started)
                .await
                .expect("recovers");
        } else {
            let out = linli(&house, &["strongroom", "rotate", "--json"], "");
            assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
            let done = document(&out);
            assert_eq!(
                (&done["rewritten"], &done["already"]),
                (&2.into(), &4.into())
            );
        }
        assert_eq!(sealed(&house, "strongroom-key-next").await, None);
        for paper in &papers {
            assert_eq!(reads(&house, c, paper).await, paper.text);
            assert!(read_with(&opened, c, paper, &old).is_err());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_slot_keeps_both_keys_until_it_is_healed() {
    let (house, c, papers) = archive().await;
    let keys = house.data_dir.join("keys/strongroom");
    let copied = house.folder.path().join("key-copy");
    copy(&keys, &copied);
    let object = vault::object(c, papers[0].dossier);
    let slot = format!(
        "slots/{}/{}.key.age",
        strongroom::Digest::of(object.as_str().as_bytes()),
        papers[0].id
    );
    std::fs::write(keys.join(&slot), b"nothing").expect("damaged");
    let (code, words) = said(&linli(&house, &["strongroom", "rotate"], ""));
    assert_eq!(code, Some(1));
    assert!(words.contains(&slot), "{words}");
    assert!(told(&house, "archive.key_changed").await.is_empty());
    // The copy is for the old key, which is still there to heal with.
    let replica = house.data_dir.join("strongroom");
    let copied = copied.to_str().expect("text");
    let args = [
        "strongroom",
        "repair",
        "--replica",
        replica.to_str().expect("text"),
    ];
    let out = linli(&house, &[&args[..], &["--key-copy", copied]].concat(), "");
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    let out = linli(&house, &["strongroom", "rotate"], "");
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    for paper in &papers {
        assert_eq!(reads(&house, c, paper).await, paper.text);
    }
}
