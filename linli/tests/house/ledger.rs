//! The ledger as a stranger sees it: verified, signed, exported, proven.

use foundation::database::{Community, Database, DbError, HOUSE, ask};
use foundation::ids::Id;
use foundation::ledger::checkpoint::{Checkpoint, PublicKey, notes};
use foundation::ledger::proof::{Proof, ProofError};
use foundation::ledger::{Event, Kind, TIMELINE_MAX, Who, timeline, tree};
use foundation::params;
use linli::keeping::anchors::Sources;
use linli::keeping::checkpoints::{self, Contradiction};
use linli::keeping::verify::exported::verify_export;
use linli::keeping::verify::{Report, VerifyError, Wanted, Why, verify};
use linli::keeping::{exporting, proving};

use crate::support::TestHouse;

pub const TESTED: Kind = Kind::new("test.happened", 1);
/// 春和苑, the compound of these tests.
pub const COMPOUND: Community = Community(1);

/// Writes `n` events into a log, a few of them in one act.
pub async fn fill(house: &TestHouse, community: Community, n: i64) {
    let written: Result<(), DbError> = house
        .write(community, &Who::operator(), move |mut tx| {
            for i in 1..n {
                tx.also(Event::new(TESTED).with("n", i))?;
            }
            tx.record(Event::new(TESTED).with("n", n), ())
        })
        .await;
    written.expect("the events are recorded");
}

/// What verifying holds against this house from outside its database.
pub fn sources(house: &TestHouse) -> Sources {
    Sources {
        key_store: Some(house.keys.store().clone()),
        data_dir: Some(house.data_dir.clone()),
        ..Sources::default()
    }
}

pub async fn verified(house: &TestHouse) -> Report {
    let wanted = Wanted {
        sources: sources(house),
        ..Wanted::default()
    };
    verify(&house.db, &wanted)
        .await
        .expect("it can be verified")
}

/// A house with a compound, `n` events in each log.
pub async fn with_events(n: i64) -> TestHouse {
    let house = TestHouse::new().await;
    house.open_compound(COMPOUND).await;
    fill(&house, COMPOUND, n).await;
    fill(&house, HOUSE, n - 1).await;
    house
}

async fn tend(house: &TestHouse) -> checkpoints::Tended {
    checkpoints::tend(house).await.expect("heads can be signed")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_ledger_is_sound_before_and_after_it_is_signed() {
    let house = with_events(300).await;
    let first = verified(&house).await;
    assert!(first.sound(), "{:?}", first);
    let names: Vec<_> = first
        .communities
        .iter()
        .map(|c| (c.name.as_str(), c.events))
        .collect();
    assert_eq!(names, [("house", 300), ("1", 300)]);
    assert_eq!(first.communities[1].signed_to, 0);
    let signed = tend(&house).await.signed;
    assert_eq!(signed, [(HOUSE, 300), (COMPOUND, 300)]);
    let second = verified(&house).await;
    assert!(second.sound(), "{:?}", second);
    assert_eq!(second.communities[1].signed_to, 300);
    assert_eq!(first.communities[1].root, second.communities[1].root);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_kind_is_named() {
    let house = with_events(3).await;
    let wanted = Wanted {
        kinds: Some(linli::event_kinds()),
        ..Wanted::default()
    };
    let report = verify(&house.db, &wanted)
        .await
        .expect("it can be verified");
    let bad = report.communities[1].first_bad.clone().expect("found");
    assert_eq!((bad.seq, bad.why.word()), (1, "unknown_kind"));
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_are_signed_after_256_events_or_ten_minutes_and_not_before() {
    let house = with_events(5).await;
    assert_eq!(tend(&house).await.signed.len(), 2);
    assert!(tend(&house).await.signed.is_empty());
    fill(&house, COMPOUND, 255).await;
    assert!(tend(&house).await.signed.is_empty());
    fill(&house, COMPOUND, 1).await;
    assert_eq!(tend(&house).await.signed, [(COMPOUND, 261)]);
    fill(&house, COMPOUND, 1).await;
    house.clock.advance(checkpoints::INTERVAL);
    assert_eq!(tend(&house).await.signed, [(COMPOUND, 262)]);
    house.clock.advance(checkpoints::INTERVAL);
    assert!(
        tend(&house).await.signed.is_empty(),
        "nothing happened since"
    );
    let file = std::fs::read_to_string(checkpoints::note_file(&house.data_dir, COMPOUND));
    let file = file.expect("the notes are kept in a file");
    let key = PublicKey::of(&house.keys.signing());
    let sizes: Vec<u64> = notes(&file)
        .into_iter()
        .map(|n| Checkpoint::open(n, &key).expect("signed").size)
        .collect();
    assert_eq!(sizes, [5, 261, 262]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_cut_short_by_a_crash_is_taken_away_before_the_next() {
    let house = with_events(5).await;
    tend(&house).await;
    let file = checkpoints::note_file(&house.data_dir, COMPOUND);
    let whole = std::fs::read_to_string(&file).expect("there");
    std::fs::write(&file, format!("{whole}{}", &whole[..30])).expect("writable");
    assert!(verified(&house).await.sound());
    fill(&house, COMPOUND, 300).await;
    tend(&house).await;
    let text = std::fs::read_to_string(&file).expect("there");
    assert_eq!(notes(&text).len(), 2);
    assert!(verified(&house).await.sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_event_is_never_signed_over() {
    let house = with_events(5).await;
    tend(&house).await;
    fill(&house, COMPOUND, 300).await;
    alter(
        &house,
        "UPDATE ledger SET body = '{}' WHERE community = 1 AND seq = 77",
    )
    .await;
    let done = tend(&house).await;
    assert_eq!(done.signed, []);
    assert_eq!(done.alarms[0].why, Contradiction::Changed(77));
    assert!(tend(&house).await.signed.is_empty(), "nor later");
    let standing = checkpoints::alarms(&house).await.expect("readable");
    assert_eq!(standing.len(), 1);
    let told: (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community = 0 AND kind = 'ledger.alarm'",
            params![],
        ))
        .await
        .expect("readable");
    assert_eq!(told, (1,), "the house log is told once");
}

/// Changes rows as somebody would who has the database in their hands.
pub async fn alter(house: &TestHouse, sql: &str) {
    let sql = sql.to_owned();
    let changed: Result<u64, DbError> = house
        .db
        .keep(foundation::database::Chore::Checkpoint, HOUSE, move |r| {
            r.execute(ask(sql, params![]))
        })
        .await;
    assert_ne!(changed.expect("the rows can be changed"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_checkpoint_holds_the_ledger_to_its_past() {
    let house = with_events(20).await;
    let kept = checkpoints::now(&house, COMPOUND).await.expect("signed");
    fill(&house, COMPOUND, 20).await;
    let wanted = |note: String| Wanted {
        sources: Sources {
            given: vec![note],
            ..Sources::default()
        },
        ..Wanted::default()
    };
    let report = verify(&house.db, &wanted(kept.note.clone()))
        .await
        .expect("verified");
    assert!(report.sound());
    let key = house.keys.signing();
    let other = Checkpoint {
        root: tree::leaf(b"another past"),
        ..Checkpoint::open(&kept.note, &PublicKey::of(&key)).expect("signed")
    };
    let report = verify(&house.db, &wanted(other.sign(&key)))
        .await
        .expect("verified");
    let bad = report.communities[1].first_bad.clone().expect("found");
    assert_eq!((bad.seq, bad.why.word()), (1, "other_history"));
    let foreign = Checkpoint {
        origin: "linli/elsewhere/1".into(),
        ..other
    };
    let refused = verify(&house.db, &wanted(foreign.sign(&key))).await;
    assert!(matches!(refused, Err(VerifyError::OtherLedger(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_proven_with_two_kilobytes_and_a_key() {
    let house = with_events(700).await;
    let key = PublicKey::of(&house.keys.signing());
    let proof = proving::inclusion(&house, COMPOUND, 513)
        .await
        .expect("proven");
    let text = proof.text();
    assert!(text.len() <= 2_048, "{} bytes", text.len());
    let (entry, head) = Proof::parse(&text)
        .and_then(|p| p.check(&key))
        .expect("it holds");
    assert_eq!(
        (entry.seq, entry.community, head.size),
        (513, COMPOUND, 700)
    );
    let other = Proof {
        index: 513,
        ..proof.clone()
    };
    assert_eq!(other.check(&key).expect_err("no proof"), ProofError::Path);
    let all = text.as_bytes();
    for at in (0..all.len()).step_by(7) {
        let mut bytes = all.to_vec();
        bytes[at] ^= 1;
        let held = String::from_utf8(bytes)
            .ok()
            .and_then(|t| Proof::parse(&t).ok());
        assert!(held.is_none_or(|p| p.check(&key).is_err()), "byte {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_heads_are_proven_to_be_one_history() {
    let house = with_events(90).await;
    let old = checkpoints::now(&house, COMPOUND).await.expect("signed");
    fill(&house, COMPOUND, 47).await;
    let new = checkpoints::now(&house, COMPOUND).await.expect("signed");
    let path = proving::consistency(&house, COMPOUND, 90, 137)
        .await
        .expect("proven");
    let root = |bytes: Vec<u8>| bytes.try_into().expect("32 bytes");
    assert!(tree::check_consistency(
        90,
        137,
        &path,
        &root(old.root),
        &root(new.root)
    ));
}

fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for item in std::fs::read_dir(dir).expect("a folder") {
        let path = item.expect("readable").path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_sound_and_any_changed_byte_of_it_is_found() {
    let house = with_events(300).await;
    let dir = house.folder.path().join("export");
    let done = exporting::export(&house, &dir, None)
        .await
        .expect("written");
    let sizes: Vec<_> = done.communities.iter().map(|c| c.2).collect();
    assert_eq!(
        sizes,
        [301, 300],
        "the export itself is an event of the house"
    );
    let wanted = Wanted::default();
    let check = |why: &str| -> bool {
        match verify_export(&dir, &wanted) {
            Ok(report) => report.sound(),
            Err(VerifyError::Export(_) | VerifyError::Note(_)) => false,
            Err(e) => panic!("{why}: {e}"),
        }
    };
    assert!(check("untouched"), "{:?}", verify_export(&dir, &wanted));
    for path in files(&dir) {
        let whole = std::fs::read(&path).expect("readable");
        let shown = path.display().to_string();
        for at in [0, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let mut other = whole.clone();
            other[at] ^= 1;
            std::fs::write(&path, &other).expect("writable");
            assert!(!check(&shown), "{shown}: byte {at} changed");
        }
        std::fs::write(&path, &whole[..whole.len() - 1]).expect("writable");
        assert!(!check(&shown), "{shown}: cut short");
        std::fs::write(&path, [whole.as_slice(), b"x"].concat()).expect("writable");
        assert!(!check(&shown), "{shown}: longer");
        std::fs::remove_file(&path).expect("removable");
        assert!(!check(&shown), "{shown}: gone");
        std::fs::write(&path, &whole).expect("writable");
    }
    let (a, b) = (dir.join("0/tile/0/000"), dir.join("1/tile/0/000"));
    let swap = || {
        let (one, two) = (std::fs::read(&a).expect("a"), std::fs::read(&b).expect("b"));
        std::fs::write(&a, two).expect("writable");
        std::fs::write(&b, one).expect("writable");
    };
    swap();
    assert!(!check("swapped"));
    swap();
    std::fs::write(dir.join("more"), b"").expect("writable");
    assert!(!check("a file too many"));
    std::fs::remove_file(dir.join("more")).expect("removable");
    assert!(check("healed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_to_any_file_of_a_log_in_an_export_is_said_of_that_log_alone() {
    let house = with_events(300).await;
    house.open_compound(Community(2)).await;
    fill(&house, Community(2), 260).await;
    let dir = house.folder.path().join("export");
    exporting::export(&house, &dir, None)
        .await
        .expect("written");
    let has_python = python();
    for path in files(&dir) {
        let whole = std::fs::read(&path).expect("readable");
        let file = path.strip_prefix(&dir).expect("inside").to_owned();
        let log = file.iter().next().filter(|_| file.iter().count() > 1);
        let log = log.map(|l| l.to_string_lossy().into_owned());
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        let short = whole[..whole.len() - 1].to_vec();
        for (wound, bytes) in [
            ("flipped", Some(flipped)),
            ("cut", Some(short)),
            ("gone", None),
        ] {
            match bytes {
                Some(bytes) => std::fs::write(&path, bytes).expect("writable"),
                None => std::fs::remove_file(&path).expect("removable"),
            }
            let shown = format!("{} {wound}", file.display());
            match verify_export(&dir, &Wanted::default()) {
                Ok(report) => {
                    assert!(!report.sound(), "{shown}");
                    let bad: Vec<usize> =
                        (0..3).filter(|i| !report.communities[*i].sound()).collect();
                    let named: Vec<usize> = match &log {
                        Some(log) => vec![log.parse().expect("a log")],
                        // Under another key no signature holds.
                        None if file.ends_with("ledger.pub") && bad.len() == 3 => bad.clone(),
                        None => Vec::new(),
                    };
                    assert_eq!(bad, named, "{shown}: {:?}", report.json());
                    assert_eq!(report.export_bad.is_some(), log.is_none(), "{shown}");
                }
                Err(VerifyError::Export(_) | VerifyError::Note(_)) if log.is_none() => {}
                Err(e) => panic!("{shown}: {e}"),
            }
            // A run of Python takes half a second: one wound a file, and no inner tiles.
            if has_python && wound == "flipped" && !shown.contains("tile/1") {
                let (code, out) = script(&dir);
                assert_ne!(code, Some(0), "{shown}: {out}");
                let names = log.as_ref().map(|l| format!("log {l}, event"));
                assert!(out.contains(&names.unwrap_or_default()), "{shown}: {out}");
                assert!(log.is_some() || !out.contains("log "), "{shown}: {out}");
            }
            std::fs::write(&path, &whole).expect("writable");
        }
    }
    std::fs::write(dir.join("2/tile/more"), b"").expect("writable");
    let report = verify_export(&dir, &Wanted::default()).expect("read");
    let sound: Vec<bool> = report.communities.iter().map(|c| c.sound()).collect();
    assert_eq!((sound, report.export_bad), (vec![true, true, false], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_changed_in_an_export_is_named_by_its_number() {
    let house = with_events(300).await;
    let dir = house.folder.path().join("export");
    exporting::export(&house, &dir, Some(COMPOUND))
        .await
        .expect("written");
    let path = dir.join("1/tile/entries/001.p/44");
    let mut bytes = std::fs::read(&path).expect("readable");
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).expect("writable");
    let report = verify_export(&dir, &Wanted::default()).expect("read");
    let bad = report.communities[0].first_bad.clone().expect("found");
    assert_eq!((bad.seq, bad.why), (300, Why::Changed));
    if python() {
        let (code, out) = script(&dir);
        assert_eq!(code, Some(1), "{out}");
        assert!(out.contains("event 300"), "{out}");
    }
}

fn python() -> bool {
    std::process::Command::new("python3")
        .arg("--version")
        .output()
        .is_ok()
}

fn script(dir: &std::path::Path) -> (Option<i32>, String) {
    let out = std::process::Command::new("python3")
        .args(["-B", "../docs/formats/verify_ledger.py"])
        .arg(dir)
        .output()
        .expect("python3 runs");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    (
        out.status.code(),
        text + &String::from_utf8_lossy(&out.stderr),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_script_comes_to_the_same_verdict() {
    if !python() {
        return;
    }
    let house = with_events(600).await;
    let dir = house.folder.path().join("export");
    exporting::export(&house, &dir, None)
        .await
        .expect("written");
    let (code, out) = script(&dir);
    assert_eq!(code, Some(0), "{out}");
    let report = verify_export(&dir, &Wanted::default()).expect("read");
    for one in &report.communities {
        assert!(out.contains(&tree::hex(&one.root)), "{out}");
    }
    for path in files(&dir) {
        let whole = std::fs::read(&path).expect("readable");
        let mut other = whole.clone();
        other[whole.len() / 2] ^= 4;
        std::fs::write(&path, &other).expect("writable");
        let (code, out) = script(&dir);
        assert_ne!(code, Some(0), "{}: {out}", path.display());
        assert!(!out.contains("Traceback"), "{out}");
        std::fs::write(&path, &whole).expect("writable");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_ledger_is_said_to_be_none() {
    let house = with_events(3).await;
    let dir = house.folder.path();
    let text = dir.join("notes.txt");
    std::fs::write(&text, "a shopping list, and no database at all").expect("writable");
    let opened = Database::open_to_look(&text.display().to_string()).await;
    let Err(said) = opened.map(|_| ()) else {
        panic!("a text is no database");
    };
    assert!(said.to_string().contains("not a database"), "{said}");
    let absent = dir.join("absent.sqlite");
    assert!(
        Database::open_to_look(&absent.display().to_string())
            .await
            .is_err()
    );
    assert!(!absent.exists(), "looking makes nothing");
    alter(&house, "DELETE FROM migrations").await;
    let keys = Database::open_to_look(
        &house
            .data_dir
            .join("keys/keys.sqlite")
            .display()
            .to_string(),
    )
    .await
    .expect("a database");
    let refused = verify(&keys, &Wanted::default()).await;
    assert!(matches!(refused, Err(VerifyError::NoLedger(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_tells_its_own_story_in_order() {
    let house = with_events(3).await;
    let id: Id = house.id();
    let other: Id = house.id();
    for i in 0..5i64 {
        let about = if i == 2 { other } else { id };
        let told: Result<(), DbError> = house
            .write(COMPOUND, &Who::operator(), move |tx| {
                tx.record(
                    Event::new(TESTED).about("application", about).with("n", i),
                    (),
                )
            })
            .await;
        told.expect("recorded");
    }
    let story = timeline(&house.db, COMPOUND, "application", id, TIMELINE_MAX)
        .await
        .expect("readable");
    let bodies: Vec<_> = story.iter().map(|e| e.body.as_str()).collect();
    assert_eq!(bodies, ["{\"n\":0}", "{\"n\":1}", "{\"n\":3}", "{\"n\":4}"]);
}
