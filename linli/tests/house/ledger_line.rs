//! `linli ledger`, as an auditor types it while the house is open: whatever is done to the
//! database is found by exit code, compound and number.

use std::path::Path;
use std::process::{Command, Output};

use foundation::communities;
use foundation::database::{Chore, Community, DbError, HOUSE, Value, ask};
use foundation::ledger::{Event, Who};
use foundation::params;
use linli::keeping::checkpoints;
use linli::keeping::events::VERIFIED;
use serde_json::Value as Json;

use crate::support::TestHouse;

/// Runs `linli ledger …` on the house while it is open here too.
fn ledger(house: &TestHouse, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .arg("ledger")
        .args(args)
        .arg("--data")
        .arg(&house.data_dir)
        .arg("--key-file")
        .arg(house.folder.path().join("site.key"))
        .env_remove("LINLI_DB")
        .env_remove("LINLI_KEYS");
    if let Some(url) = &house.db_url {
        command.arg("--db").arg(url);
    }
    command.output().expect("the program runs")
}

fn document(out: &Output) -> Json {
    serde_json::from_slice(&out.stdout).unwrap_or_else(|e| {
        let error = String::from_utf8_lossy(&out.stderr);
        panic!("one document and nothing else: {e}: {out:?} {error}")
    })
}

/// Exit code, and the logs that are not sound: name, number, cause.
fn verify(house: &TestHouse, more: &[&str]) -> (Option<i32>, Vec<(String, i64, String)>) {
    let out = ledger(house, &[&["verify", "--json"], more].concat());
    let all = document(&out);
    let all = all["communities"].as_array().expect("a list").clone();
    let bad = all.iter().filter(|c| c["sound"] != true).map(|c| {
        let word = |w: &Json| w.as_str().expect("a word").to_owned();
        let first = &c["first_bad"];
        let seq = first["seq"].as_i64().expect("a number");
        (word(&c["name"]), seq, word(&first["cause"]))
    });
    (out.status.code(), bad.collect())
}

async fn run(house: &TestHouse, sql: &str, values: Vec<Value>) {
    let sql = sql.to_owned();
    let changed: Result<u64, DbError> = house
        .db
        .keep(Chore::Checkpoint, HOUSE, move |r| {
            r.execute(ask(sql, values))
        })
        .await;
    assert_ne!(
        changed.expect("the rows can be changed"),
        0,
        "something changed"
    );
}

async fn write(house: &TestHouse, c: Community, n: i64) {
    let written: Result<(), DbError> = house
        .write(c, &Who::operator(), move |mut tx| {
            for i in 1..n {
                tx.also(Event::new(VERIFIED).with("events", i))?;
            }
            tx.record(Event::new(VERIFIED).with("events", n), ())
        })
        .await;
    written.expect("recorded");
}

/// Two compounds of forty events each, signed; the second one's number.
async fn two_compounds() -> (TestHouse, Community) {
    let house = TestHouse::new().await;
    let who = Who::operator();
    let mut second = HOUSE;
    for name in ["春和苑", "蘭庭"] {
        let made = communities::create(&house, &who, name, 100).await;
        second = made.expect("made").number;
        write(&house, second, 40).await;
    }
    checkpoints::sign_all(&house).await.expect("signed");
    (house, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_speaks_its_contract_while_the_house_writes() {
    let (house, second) = two_compounds().await;
    let writer = house.house.clone();
    let going = tokio::spawn(async move {
        loop {
            let wrote: Result<(), DbError> = writer
                .write(second, &Who::operator(), |tx| {
                    tx.record(Event::new(VERIFIED), ())
                })
                .await;
            wrote.expect("the house goes on");
        }
    });
    let (out, one) = tokio::task::block_in_place(|| {
        (
            ledger(&house, &["verify", "--json"]),
            ledger(&house, &["verify", "--json", "--community", "蘭庭"]),
        )
    });
    going.abort();
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let all = document(&out);
    let names: Vec<&str> = all["communities"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|c| {
            assert_eq!(
                (&c["sound"], &c["first_bad"]),
                (&Json::Bool(true), &Json::Null)
            );
            assert!(c["events"].as_i64().is_some_and(|n| n > 0) && c["late"].is_array());
            assert_eq!(c["root"].as_str().map(str::len), Some(64));
            c["name"].as_str().expect("a name")
        })
        .collect();
    assert_eq!(names, ["house", "春和苑", "蘭庭"]);
    assert_eq!(
        document(&one)["communities"].as_array().map(Vec::len),
        Some(1)
    );
    let unknown = ledger(&house, &["verify", "--json", "--community", "無此小區"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(unknown.stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wound_is_named_with_its_compound_and_number_and_exit_code_1() {
    let (house, c) = two_compounds().await;
    assert_eq!(verify(&house, &[]), (Some(0), Vec::new()));
    let set = |set: &'static str, from: i64| {
        let house = &house;
        async move {
            let sql = format!("UPDATE ledger SET {set} WHERE community = $1 AND seq = $2");
            run(house, &sql, params![c, from]).await;
        }
    };
    let found = |seq: i64, cause: &str| (Some(1), vec![("蘭庭".to_owned(), seq, cause.to_owned())]);

    // Removed, and put back.
    set("seq = 900", 7).await;
    assert_eq!(verify(&house, &[]), found(7, "missing"));
    set("seq = 7", 900).await;
    // Swapped.
    for (to, from) in [("seq = 900", 7), ("seq = 7", 8), ("seq = 8", 900)] {
        set(to, from).await;
    }
    assert_eq!(verify(&house, &[]), found(7, "reordered"));
    for (to, from) in [("seq = 900", 7), ("seq = 7", 8), ("seq = 8", 900)] {
        set(to, from).await;
    }
    // Inserted at the end.
    let copy = "INSERT INTO ledger SELECT community, 41, at, kind, version, actor, role, behalf, \
                door, subject, audience, body, leaf FROM ledger WHERE community = $1 AND seq = 5";
    run(&house, copy, params![c]).await;
    assert_eq!(verify(&house, &[]), found(41, "inserted"));
    run(
        &house,
        "DELETE FROM ledger WHERE community = $1 AND seq = 41",
        params![c],
    )
    .await;
    // Another compound's event in its place.
    set("body = '{}'", 12).await;
    assert_eq!(verify(&house, &[]), found(12, "changed"));
    // Whoever may only look finds the same, as does an export.
    let away = house.folder.path().join("away");
    let away = away.to_str().expect("UTF-8");
    let out = ledger(&house, &["export", away]);
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("event 12 of community") || said.contains("contradicts"),
        "{said}"
    );
    set(r#"body = '{"events":12}'"#, 12).await;
    assert_eq!(verify(&house, &[]), (Some(0), Vec::new()), "healed");

    // The head row.
    let head = "UPDATE ledger_head SET size = size + $2 WHERE community = $1";
    run(&house, head, params![c, 1]).await;
    assert_eq!(verify(&house, &[]), found(41, "head"));
    let out = ledger(&house, &["checkpoint", "--json", "--community", "蘭庭"]);
    assert_eq!(out.status.code(), Some(1), "never signed over: {out:?}");
    run(&house, head, params![c, -1]).await;
    // The signed heads, all of them.
    run(
        &house,
        "DELETE FROM checkpoint WHERE community = $1",
        params![c],
    )
    .await;
    assert_eq!(verify(&house, &[]), found(40, "checkpoint"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_is_found_against_a_checkpoint_that_somebody_kept() {
    let (house, c) = two_compounds().await;
    let out = ledger(&house, &["checkpoint", "--community", "蘭庭"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let yesterday: (i64, i64, Vec<u8>) = house
        .db
        .one(ask(
            "SELECT size, last_at, frontier FROM ledger_head WHERE community = $1",
            params![c],
        ))
        .await
        .expect("there");
    write(&house, c, 30).await;
    let out = ledger(&house, &["checkpoint", "--community", "蘭庭"]);
    let kept = house.folder.path().join("kept.txt");
    std::fs::write(&kept, &out.stdout).expect("writable");
    let kept = kept.to_str().expect("UTF-8");
    assert_eq!(
        verify(&house, &["--checkpoint", kept]),
        (Some(0), Vec::new())
    );

    // Set back in every table, and all that was kept beside it is gone, too.
    for (sql, values) in [
        (
            "DELETE FROM ledger WHERE community = $1 AND seq > 40",
            params![c],
        ),
        (
            "DELETE FROM checkpoint WHERE community = $1 AND size > 40",
            params![c],
        ),
        (
            "UPDATE ledger_head SET size = $2, last_at = $3, frontier = $4 WHERE community = $1",
            params![c, yesterday.0, yesterday.1, yesterday.2],
        ),
    ] {
        run(&house, sql, values).await;
    }
    let found = (
        Some(1),
        vec![("蘭庭".to_owned(), 41, "rolled_back".to_owned())],
    );
    assert_eq!(
        verify(&house, &[]),
        found,
        "the key store and the file know it"
    );
    forget(&house.data_dir, c);
    let gone: Result<u64, DbError> = house
        .keys
        .store()
        .keep(Chore::Checkpoint, HOUSE, move |r| {
            r.execute(ask(
                "DELETE FROM kept_head WHERE community = $1",
                params![c],
            ))
        })
        .await;
    assert_eq!(gone.expect("gone"), 1);
    assert_eq!(
        verify(&house, &[]),
        (Some(0), Vec::new()),
        "nobody here knows"
    );
    assert_eq!(
        verify(&house, &["--checkpoint", kept]),
        found,
        "but who kept a line does"
    );
    house.clock.advance(1);
    write(&house, c, 50).await;
    let found = (
        Some(1),
        vec![("蘭庭".to_owned(), 41, "other_history".to_owned())],
    );
    assert_eq!(verify(&house, &["--checkpoint", kept]), found);
}

fn forget(data_dir: &Path, c: Community) {
    std::fs::remove_file(checkpoints::note_file(data_dir, c)).expect("it was there");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_made_beside_the_house_is_verified_without_it() {
    let (house, _) = two_compounds().await;
    let dir = house.folder.path().join("out");
    let at = dir.to_str().expect("UTF-8");
    let out = ledger(&house, &["export", at, "--json"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    assert_eq!(
        document(&out)["communities"].as_array().map(Vec::len),
        Some(3)
    );
    let nowhere = TestHouse::new().await;
    let check = || verify(&nowhere, &["--export", at]);
    assert_eq!(check(), (Some(0), Vec::new()));
    let bundle = dir.join("2/tile/entries/000.p/40");
    let mut bytes = std::fs::read(&bundle).expect("there");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&bundle, bytes).expect("writable");
    assert_eq!(
        check(),
        (Some(1), vec![("蘭庭".to_owned(), 40, "changed".to_owned())])
    );
    assert_eq!(
        ledger(&house, &["export", at]).status.code(),
        Some(2),
        "not empty"
    );
}
