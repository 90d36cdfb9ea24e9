//! Doctor and the command line of keeping, as somebody at the machine sees them.

use dossiers::vault::At;
use std::process::{Command, Output};

use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::house::{House, Opening};
use linli::keeping::doctor::{Health, State, examine};

use crate::ledger::{alter, with_events};
use crate::support::{MONDAY, TestHouse};

fn opening(house: &TestHouse) -> Opening {
    Opening {
        data_dir: house.data_dir.clone(),
        db_url: house.db_url.clone(),
        keys_url: None,
        key_file: Some(house.folder.path().join("site.key")),
        passphrase: None,
        clock: std::sync::Arc::new(house.clock.clone()),
        chance: std::sync::Arc::new(Chance::from_seed(1)),
    }
}

fn state(health: &Health, name: &str) -> State {
    let check = health.checks.iter().find(|c| c.name == name);
    check.unwrap_or_else(|| panic!("{name} is looked at")).state
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_each_thing_that_is_wanting_and_says_how_to_mend_it() {
    let house = with_events(3).await;
    let health = examine(&opening(&house), &At::default(), false).await;
    for name in ["keys", "database", "time", "jobs", "fsync"] {
        assert_eq!(state(&health, name), State::Good, "{name}: {health}");
    }
    for check in &health.checks {
        assert_eq!(
            check.mend.is_empty(),
            check.state == State::Good,
            "{}",
            check.name
        );
    }
    house.clock.advance(-3_600_000);
    assert_eq!(
        state(
            &examine(&opening(&house), &At::default(), false).await,
            "time"
        ),
        State::Wanting
    );
    house.clock.advance(3_600_000);
    alter(
        &house,
        "INSERT INTO job (community, id, kind, payload, state, due_at, lease_until, attempts, last_error) \
         VALUES (1, 'j', 'mail', '{}', 'stuck', 1, 0, 10, 'no route')",
    )
    .await;
    alter(
        &house,
        "INSERT INTO installation (name, value) VALUES ('public-url', 'http://linli.example')",
    )
    .await;
    alter(
        &house,
        "INSERT INTO installation (name, value) VALUES ('ledger-alarm/1', 'set back')",
    )
    .await;
    let health = examine(&opening(&house), &At::default(), false).await;
    for name in ["jobs", "tls", "ledger"] {
        assert_eq!(state(&health, name), State::Wanting, "{name}: {health}");
    }
    assert!(!health.sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_key_within_the_data_withdraws_the_promise() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inside = || Opening {
        data_dir: folder.path().join("data"),
        db_url: None,
        keys_url: None,
        key_file: Some(folder.path().join("data/site.key")),
        passphrase: None,
        clock: std::sync::Arc::new(HandClock::at(MONDAY)),
        chance: std::sync::Arc::new(Chance::from_seed(1)),
    };
    drop(House::open(inside()).await.expect("it opens all the same"));
    let health = examine(&inside(), &At::default(), false).await;
    assert_eq!(state(&health, "keys"), State::Wanting);
    assert!(
        health.to_string().contains("does not hold here"),
        "{health}"
    );
    std::fs::remove_file(folder.path().join("data/site.key")).expect("removable");
    assert_eq!(
        state(&examine(&inside(), &At::default(), false).await, "keys"),
        State::Wanting,
        "a lost key"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_makes_nothing_where_there_is_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("none");
    let out = linli(
        &["doctor", "--json", "--data", &data.display().to_string()],
        "",
    );
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("one document");
    assert!(
        said["checks"].as_array().is_some_and(|c| c.len() > 5),
        "{said}"
    );
    assert_eq!(
        out.status.code() == Some(0),
        said["sound"] == true,
        "{said}"
    );
    assert!(!data.exists());
}

/// Runs the program as somebody at the machine would.
fn linli(args: &[&str], input: &str) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_linli"))
        .args(args)
        .env_remove("LINLI_DB")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes())
        .expect("it listens");
    child.wait_with_output().expect("it ends")
}

fn text(out: &[u8]) -> String {
    String::from_utf8_lossy(out).into_owned()
}

#[test]
fn shelf_key_is_hex_whose_byte_order_is_shelf_order() {
    let key = |code: &str| -> String {
        let out = linli(&["shelf", "key", code], "");
        assert_eq!(out.status.code(), Some(0), "{code}: {}", text(&out.stderr));
        let key = text(&out.stdout).trim().to_owned();
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        assert!(!key.is_empty() && key.bytes().all(hex), "{key}");
        key
    };
    let order = [
        "1棟1單元101",
        "2棟1單元101",
        "10棟1單元101",
        "十二號樓1單元101",
    ];
    let keys: Vec<String> = order.iter().map(|c| key(c)).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(linli(&["shelf", "key", "???"], "").status.code(), Some(2));
}

#[test]
fn shelf_sort_prints_as_typed_stable_with_unparsable_lines_last() {
    let out = linli(
        &["shelf", "sort"],
        "10-1-101\n\n3-2-1801\n???\n1-1-101\r\n１-1-101\n2-1-101\n",
    );
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(
        text(&out.stdout),
        "1-1-101\n１-1-101\n2-1-101\n3-2-1801\n10-1-101\n???\n"
    );
    assert!(
        text(&out.stderr).contains("line 4"),
        "{}",
        text(&out.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ledger_commands_keep_their_contract() {
    let house = with_events(20).await;
    if house.db_url.is_some() {
        // The same code behind another URL; the contract is shown once.
        return;
    }
    let data = house.data_dir.display().to_string();
    let key_file = house.folder.path().join("site.key").display().to_string();
    let run = |args: &[&str]| -> Output {
        let mut all = vec!["--data", &data, "--key-file", &key_file, "ledger"];
        all.extend(args);
        linli(&all, "")
    };
    // Of its tests' own kind, which the program does not know.
    let out = run(&["verify", "--json"]);
    assert_eq!(out.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("one document");
    let ours = &said["communities"][1];
    assert_eq!(ours["sound"], false);
    assert_eq!(ours["first_bad"]["seq"], 1);
    assert!(
        ours["first_bad"]["why"]
            .as_str()
            .is_some_and(|w| w.contains("test.happened")),
        "{said}"
    );
    let house = linli_house().await;
    let data = house.data_dir.display().to_string();
    let key_file = house.folder.path().join("site.key").display().to_string();
    let run = |args: &[&str]| -> Output {
        let mut all = vec!["--data", &data, "--key-file", &key_file, "ledger"];
        all.extend(args);
        linli(&all, "")
    };
    let out = run(&["verify", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stdout));
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("one document");
    let one = &said["communities"][0];
    assert_eq!(
        (&one["name"], &one["sound"]),
        (&"house".into(), &true.into())
    );
    assert_eq!(one["first_bad"], serde_json::Value::Null);
    assert!(one["late"].as_array().is_some_and(Vec::is_empty));
    let note = run(&["checkpoint", "--community", "house"]);
    assert_eq!(note.status.code(), Some(0));
    let kept = house.folder.path().join("kept.txt");
    std::fs::write(&kept, &note.stdout).expect("writable");
    let key = text(&run(&["key", "--community", "house"]).stdout)
        .trim()
        .to_owned();
    let kept = kept.display().to_string();
    let out = run(&["verify", "--checkpoint", &kept, "--key", &key]);
    assert_eq!(
        out.status.code(),
        Some(0),
        "{}{}",
        text(&out.stdout),
        text(&out.stderr)
    );
    let proof = run(&["prove", "2"]);
    assert_eq!(proof.status.code(), Some(0), "{}", text(&proof.stderr));
    let file = house.folder.path().join("p.tlog-proof");
    std::fs::write(&file, &proof.stdout).expect("writable");
    let out = run(&["check", &file.display().to_string(), "--key", &key]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let export = house.folder.path().join("export").display().to_string();
    assert_eq!(run(&["export", &export]).status.code(), Some(0));
    assert_eq!(
        run(&["verify", "--export", &export, "--json"])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(
        run(&["export", &export]).status.code(),
        Some(2),
        "never into a full folder"
    );
    for wrong in [
        &["verify", "--community", "無此小區"][..],
        &["verify", "--checkpoint", "/nowhere"],
        &["verify", "--key", "nonsense"],
        &["verify", "--export", "/nowhere"],
        &["prove", "9999"],
    ] {
        let out = run(wrong);
        assert_eq!(out.status.code(), Some(2), "{wrong:?}");
        assert!(!out.stderr.is_empty() && out.stdout.is_empty(), "{wrong:?}");
    }
}

/// A house whose events are all of known kinds.
async fn linli_house() -> TestHouse {
    use foundation::database::{DbError, HOUSE};
    use foundation::ledger::{Event, Who};
    let house = TestHouse::new().await;
    let written: Result<(), DbError> = house
        .write(HOUSE, &Who::operator(), |mut tx| {
            for i in 0..5i64 {
                tx.also(Event::new(linli::keeping::events::EXPORTED).with("n", i))?;
            }
            tx.record(Event::new(linli::keeping::events::EXPORTED), ())
        })
        .await;
    written.expect("recorded");
    house
}
