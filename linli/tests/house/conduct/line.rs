//! `linli conduct replay`, run as an operator runs it while the house is open.

use std::process::{Command, Output};

use conduct::desk::Decision;
use foundation::communities;
use foundation::database::Community;

use super::world::{INSULT, Street};
use crate::membership::world::C;

/// Runs it with a policy file of this text.
fn replay(s: &Street, community: &str, policy: &str) -> Output {
    let house = &s.w.house;
    let file = house.folder.path().join("policy.toml");
    std::fs::write(&file, policy).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .args(["conduct", "replay", "--json", "--community", community])
        .arg("--policy")
        .arg(&file)
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

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_file_is_tried_and_a_wrong_one_is_named_before_anything_is_recorded() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m0", INSULT).await;
    let done = s.decide(&s.w.host, &case, Decision::Dismiss).await;
    done.expect("dismissed");
    let all = communities::list(&s.w.house.db, Community(0)).await;
    let all = all.expect("readable");
    let here = all.iter().find(|k| k.number == C).expect("the compound");

    for (policy, said) in [
        ("[speech.modes]\ninsult_strong = \"nuke\"", "nuke"),
        ("spech = 1", "spech"),
        ("[speech]\nword = []", "speech.word"),
        ("= 1", "policy.toml"),
    ] {
        let out = replay(&s, &here.name, policy);
        let told = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{policy}: {told}");
        assert!(told.contains(said), "{policy}: {told}");
    }
    let out = replay(&s, "無此小區", "");
    assert_eq!(out.status.code(), Some(2));
    assert_eq!(s.count("conduct.replayed").await, 0);

    let policy = "[speech.modes]\ninsult_strong = \"block\"";
    let out = replay(&s, &here.name, policy);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).expect("a document");
    assert_eq!(told["texts"], 1);
    assert_eq!(told["moves"]["hold>block"], 1);
    assert_eq!(told["acted_on_dismissed"], 1);
    assert_eq!(told["changed"][0], case.id.to_string());
    assert!(!String::from_utf8_lossy(&out.stdout).contains(INSULT));
    assert_eq!(s.count("conduct.replayed").await, 1);
}
