//! `linli assistant`, as somebody types it who weighs a base of answers: no installation, the
//! contract's keys, and a fault that names the file and the column.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

const ENTRIES: &str = "answer_id,text\n\
    fee,物業費怎麼繳\nfee,管理費在哪裏交\nfee,物業服務費可以用微信付嗎\n\
    card,門禁卡丟了怎麼補辦\ncard,門卡不見了要重新辦\ncard,補一張IC卡多少錢\n\
    lift,電梯壞了找誰\nlift,電梯停了多久修好\nlift,電梯維修電話\n";

const QUERIES: &str = "query,answer_id\n\
    物业费怎么缴,fee\n門禁卡丟了怎麼補辦,card\n電梯壞了找誰,lift\n紅燒肉怎麼做才好吃,\n";

fn assistant(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.arg("assistant").args(args).env_remove("LINLI_DB");
    command.output().expect("the program runs")
}

fn written(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("a plain path").to_owned()
}

fn document(out: &Output) -> Json {
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    serde_json::from_slice(&out.stdout).expect("one document and nothing else")
}

#[test]
fn a_base_is_measured_by_the_contracts_keys() {
    let dir = tempfile::tempdir().expect("a folder");
    let entries = written(dir.path(), "entries.csv", ENTRIES);
    // As Excel saves it: with a mark before the header.
    let queries = written(dir.path(), "queries.csv", &format!("\u{feff}{QUERIES}"));
    let told = document(&assistant(&[
        "eval",
        &queries,
        "--entries",
        &entries,
        "--json",
    ]));
    assert_eq!(told["n"], 4);
    assert_eq!(
        told["hit1"], 1.0,
        "its own phrasings, whatever the script: {told}"
    );
    assert_eq!(told["hit3"], 1.0);
    assert_eq!(told["mrr10"], 1.0);
    assert_eq!(told["wrong_rate"], 0.0);
    assert_eq!(told["refused_out_of_scope"], 1.0, "{told}");
    assert!(told["clarified"].is_number());
    let plain = document(&assistant(&[
        "eval",
        &queries,
        "--entries",
        &entries,
        "--plain",
        "--json",
    ]));
    assert_eq!(plain["n"], 4);
}

#[test]
fn a_word_of_danger_is_told_before_any_score() {
    let dir = tempfile::tempdir().expect("a folder");
    let entries = written(dir.path(), "entries.csv", ENTRIES);
    let told = document(&assistant(&[
        "ask",
        "有人困在電梯裏",
        "--entries",
        &entries,
        "--json",
    ]));
    assert_eq!(told["danger"]["happening"], true, "{told}");
    let told = document(&assistant(&[
        "ask",
        "電梯壞了找誰",
        "--entries",
        &entries,
        "--json",
    ]));
    assert_eq!(told["danger"], Json::Null);
    assert_eq!(told["best"][0]["id"], "lift");
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_measured() {
    let dir = tempfile::tempdir().expect("a folder");
    let entries = written(dir.path(), "entries.csv", "id,text\na,b\n");
    let queries = written(dir.path(), "queries.csv", QUERIES);
    let out = assistant(&["eval", &queries, "--entries", &entries, "--json"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(out.stdout.is_empty());
    let why = String::from_utf8_lossy(&out.stderr);
    assert!(
        why.contains("entries.csv") && why.contains("answer_id"),
        "{why}"
    );
}
