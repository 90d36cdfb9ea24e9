//! A stranger without this program: a kept archive opens for ever, with our code, with
//! `verify.py`, and with `age` alone.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{copy, read};
use strongroom::{Escrow, Heads, KeyStore, ObjectId, Opener, Place, Share, StrongRoom};

fn fixture() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1"),
        dir.path(),
    );
    let at = dir.path().to_owned();
    (dir, at)
}

fn object() -> ObjectId {
    "urn:linli:spring-court:03-01-1801:t01"
        .parse()
        .expect("an id")
}

fn text(path: PathBuf) -> String {
    std::fs::read_to_string(path).expect("readable")
}

#[test]
fn an_archive_of_the_first_format_opens_with_site_key_and_cards() {
    let (_dir, at) = fixture();
    let disk =
        std::sync::Arc::new(strongroom::disk::LocalDisk::new(at.join("keys")).expect("a disk"));
    let place = Place::folder(at.join("store")).expect("a place");
    let room = StrongRoom::open(place, KeyStore::open(disk).expect("keys")).expect("a root");
    let heads: Heads = serde_json::from_str(&text(at.join("heads.json"))).expect("heads");
    let report = room.verify(Some(&heads)).expect("verifies");
    assert!(report.sound(), "{:?}", report.damages);
    assert_eq!(room.heads().expect("heads"), heads);
    let site: Opener = text(at.join("site.key")).parse().expect("a key");
    let cards: Vec<Share> = [5, 2, 3]
        .map(|n| Share::parse(&text(at.join(format!("card-{n}.txt")))).expect("a card"))
        .to_vec();
    let escrow = Escrow::join(&cards).expect("three cards");
    let documents = room.documents(&object()).expect("lists");
    assert_eq!(documents.len(), 4);
    for id in documents.keys() {
        let plain = read(&room, &object(), id, &site).expect("the site opens it");
        assert!(plain.starts_with(b"document "));
        assert_eq!(
            read(&room, &object(), id, &escrow).expect("the cards open it"),
            plain
        );
    }
}

fn python(at: &Path, args: &[&str]) -> (bool, String) {
    let done = Command::new("python3")
        .arg(at.join("store/root/verify.py"))
        .args(args)
        .output()
        .expect("python3 is there");
    let said = [done.stdout, done.stderr].concat();
    (
        done.status.success(),
        String::from_utf8(said).expect("text"),
    )
}

#[test]
fn verify_py_finds_what_is_damaged_and_nothing_else() {
    let (_dir, at) = fixture();
    let heads = at.join("heads.json");
    let check = || python(&at, &["check", "--heads", heads.to_str().expect("text")]);
    let (sound, said) = check();
    assert!(sound, "{said}");
    let object = at.join("store/root").join(object().path());
    for path in common::tree(&object).into_keys() {
        let bytes = std::fs::read(&path).expect("readable");
        let mut other = bytes.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        std::fs::write(&path, other).expect("damaged");
        let (sound, said) = check();
        assert!(!sound, "{} passed: {said}", path.display());
        std::fs::write(&path, bytes).expect("mended");
    }
    std::fs::remove_dir_all(object.join("v2")).expect("removed");
    for name in ["inventory.json", "inventory.json.sha512"] {
        std::fs::copy(object.join("v1").join(name), object.join(name)).expect("copied");
    }
    assert!(python(&at, &["check"]).0, "alone it looks sound");
    let (sound, said) = check();
    assert!(!sound && said.contains("rolled back"), "{said}");
}

/// Needs Debian's `age`, which `scripts/test` installs.
#[test]
fn a_stranger_opens_a_room_with_cards_python_and_age() {
    let (_dir, at) = fixture();
    let cards: Vec<String> = [1, 4, 5]
        .map(|n| text(at.join(format!("card-{n}.txt"))))
        .to_vec();
    let (good, key) = python(&at, &["combine", &cards[0], &cards[1], &cards[2]]);
    assert!(good && key.starts_with("AGE-SECRET-KEY-1"), "{key}");
    let (good, said) = python(&at, &["combine", &cards[0], &cards[0], &cards[2]]);
    assert!(!good && said.contains("twice"), "{said}");
    std::fs::write(at.join("escrow.key"), &key).expect("written");
    let age = Command::new("age").arg("--version").output();
    assert!(age.is_ok(), "age is not installed: apt-get install age");
    let at_text = |name: &str| at.join(name).to_str().expect("text").to_owned();
    let (keys, key, out) = (at_text("keys"), at_text("escrow.key"), at_text("out"));
    let args = [
        "open",
        object().as_str(),
        "--keys",
        &keys,
        "--key",
        &key,
        "--out",
        &out,
    ]
    .map(str::to_owned);
    let (good, said) = python(&at, &args.each_ref().map(String::as_str));
    assert!(good, "{said}");
    assert!(text(at.join("out/meta.json")).contains("陳小明"));
    let opened = common::tree(&at.join("out"));
    assert_eq!(opened.len(), 9, "{said}");
    assert!(opened.values().any(|b| b == b"document i of version 2"));
    // With age alone: a slot, then the document.
    let slot = common::tree(&at.join("keys/slots"))
        .into_keys()
        .next()
        .expect("one");
    let identity = Command::new("age")
        .args(["-d", "-i", &key])
        .arg(&slot)
        .output()
        .expect("age");
    assert!(
        String::from_utf8(identity.stdout)
            .expect("text")
            .contains("\nAGE-SECRET-KEY-1")
    );
}
