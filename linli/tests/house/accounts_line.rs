//! `linli user`, as whoever runs the machine sees it.

use std::process::{Command, Output};

use axum::http::StatusCode;
use permissions::Role;
use serde_json::Value as Json;

use crate::accounts::{PASSWORD, PHONE, compound, member, router, sign_in};
use crate::accounts_browser::Browser;
use crate::support::TestHouse;

/// Runs `linli user …` on the house while it is open here too.
fn user(house: &TestHouse, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .arg("user")
        .args(args)
        .arg("--data")
        .arg(&house.data_dir)
        .arg("--key-file")
        .arg(house.folder.path().join("site.key"))
        .env_remove("LINLI_DB")
        .env_remove("LINLI_KEYS")
        .env_remove("LINLI_PUBLIC_URL");
    if let Some(url) = &house.db_url {
        command.arg("--db").arg(url);
    }
    command.output().expect("the program runs")
}

/// The one document on stdout of a command that went well.
fn said(house: &TestHouse, args: &[&str]) -> Json {
    let out = user(house, args);
    let error = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{args:?}: {error}");
    serde_json::from_slice(&out.stdout).expect("one document and nothing else")
}

/// What a command that could not run says; nothing of it stands on stdout.
fn refused(house: &TestHouse, args: &[&str]) -> String {
    let out = user(house, args);
    assert_eq!(out.status.code(), Some(2), "{args:?}");
    assert!(out.stdout.is_empty(), "{args:?}");
    String::from_utf8_lossy(&out.stderr).into_owned()
}

/// Role and last day of everybody with this name, as `list` says it.
fn roles(house: &TestHouse, id: &str) -> Vec<(String, Json)> {
    let all = said(house, &["list", "--community", "chunhe", "--json"]);
    let users = all["users"].as_array().expect("a list");
    users
        .iter()
        .filter(|one| one["id"] == id)
        .map(|one| {
            let role = one["role"].as_str().expect("a role");
            (role.to_owned(), one["until"].clone())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_from_the_command_line_opens_once_in_a_browser() {
    let house = TestHouse::new().await;
    compound(&house, 1, "chunhe").await;
    let base = ["invite", "--role", "manager", "--name", "李靜", "--json"];
    let document = said(
        &house,
        &[&base[..], &["--public-url", "https://linli.example/"]].concat(),
    );
    assert_eq!(document["role"], "manager");
    assert_eq!(document["name"], "李靜");
    assert_eq!(document["days"], 7);
    let link = document["link"].as_str().expect("a link");
    let path = link
        .strip_prefix("https://linli.example")
        .expect("a whole link");
    let mut browser = Browser::new(&router(&house));
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("李靜"));

    // Without --json the link alone is on stdout, ready to be piped on.
    let out = user(&house, &base[..5]);
    let text = String::from_utf8_lossy(&out.stdout);
    assert_eq!(text.lines().count(), 1);
    assert!(
        text.starts_with("http://127.0.0.1:8080/invite/"),
        "no secret in a test's log"
    );

    // Two compounds: which of them must be said.
    compound(&house, 2, "qiushui").await;
    let why = refused(&house, &base);
    assert!(why.contains("--community"), "{why}");
    let named = [&base[..], &["--community", "qiushui"]].concat();
    said(&house, &named);
    let nowhere = [&base[..], &["--community", "nowhere"]].concat();
    assert!(refused(&house, &nowhere).contains("nowhere"));
    // The house's own people need none.
    let operator = ["invite", "--role", "operator", "--name", "何平", "--json"];
    assert_eq!(said(&house, &operator)["days"], 1);
    assert!(refused(&house, &["invite", "--role", "king", "--name", "x"]).contains("manager"));
    refused(&house, &["invite", "--role", "manager"]);
    refused(
        &house,
        &[
            "invite",
            "--role",
            "owner",
            "--name",
            "x",
            "--community",
            "chunhe",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_given_taken_and_listed_from_the_command_line() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let id = member(&house, c, Role::Host, PHONE).await.to_string();
    let all = said(&house, &["list", "--json"]);
    assert_eq!(all["users"].as_array().map(Vec::len), Some(1));
    let one = &all["users"][0];
    assert_eq!(one["id"], id.as_str());
    assert_eq!(one["name"], "王女士");
    assert_eq!(one["role"], "host");
    assert_eq!(one["community"], 1);
    assert_eq!(one["active"], true);
    let handle = format!("colleague {PHONE}");
    let cashier = ["--role", "cashier", "--account"];
    // By phone, by sign-in name, by id: the same person.
    let grant = [&["grant"], &cashier[..]].concat();
    let document = said(
        &house,
        &[&grant[..], &[PHONE, "--until", "2999-12-31", "--json"]].concat(),
    );
    assert_eq!(document["granted"], "cashier");
    let host = ("host".to_owned(), Json::Null);
    let until = Json::from("2999-12-31");
    assert_eq!(
        roles(&house, &id),
        [("cashier".to_owned(), until), host.clone()]
    );
    said(&house, &[&grant[..], &[&handle, "--json"]].concat());
    assert_eq!(
        roles(&house, &id),
        [("cashier".to_owned(), Json::Null), host.clone()]
    );
    let revoke = [&["revoke"], &cashier[..]].concat();
    let document = said(&house, &[&revoke[..], &[&id, "--json"]].concat());
    assert_eq!(document["revoked"], "cashier");
    assert_eq!(roles(&house, &id), [host]);
    refused(&house, &[&revoke[..], &[&id]].concat());
    refused(&house, &[&grant[..], &["nobody at all"]].concat());
    refused(
        &house,
        &[&grant[..], &[PHONE, "--until", "tomorrow"]].concat(),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_shut_from_the_command_line_is_out_at_once() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    sign_in(&mut browser, PHONE, PASSWORD).await;
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    let document = said(&house, &["disable", "--account", PHONE, "--json"]);
    assert_eq!(document["disabled"], account.to_string().as_str());
    assert_eq!(browser.get("/me").await.to(), "/sign-in?to=%2Fme");
    let all = said(&house, &["list", "--json"]);
    assert_eq!(all["users"][0]["active"], false);
    refused(&house, &["disable", "--account", PHONE]);
}
