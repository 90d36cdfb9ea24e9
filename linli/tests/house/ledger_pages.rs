//! The ledger's pages, asked as staff would ask them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::{Extension, Router};
use foundation::clock::DAY;
use foundation::database::{Community, DbError, HOUSE, ask};
use foundation::ledger::{Door, Event, Who};
use foundation::params;
use linli::keeping::events::{EXPORTED, VERIFIED};
use linli::keeping::lookup::{Filter, look};
use linli::keeping::{checkpoints, pages};
use permissions::Role;
use permissions::actor::Actor;
use tower::ServiceExt as _;

use crate::ledger::{COMPOUND, alter};
use crate::support::TestHouse;

fn actor(house: &TestHouse, community: Community, role: Role) -> Actor {
    Actor::account(house.id(), None, community, vec![role], Door::Web)
}

async fn ask_page(
    house: &TestHouse,
    actor: Actor,
    method: &str,
    path: &str,
) -> (StatusCode, String) {
    send_page(house, actor, method, path, "").await
}

async fn send_page(
    house: &TestHouse,
    actor: Actor,
    method: &str,
    path: &str,
    sent: &str,
) -> (StatusCode, String) {
    let mut router = Router::new();
    for route in pages::routes().0 {
        router = router.route(route.path, route.serve);
    }
    let app = router
        .layer(Extension(actor))
        .with_state(house.house.clone());
    let form = "application/x-www-form-urlencoded";
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept-language", "en")
        .header("content-type", form)
        .body(Body::from(sent.to_owned()))
        .expect("a request");
    let answer = app.oneshot(request).await.expect("answered");
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

/// A compound of known kinds only: `n` events a day for three days.
async fn three_days(n: i64) -> TestHouse {
    let house = TestHouse::new().await;
    let opened: Result<(), DbError> = house
        .write(HOUSE, &Who::operator(), |mut tx| {
            tx.open_log(COMPOUND)?;
            tx.record(Event::new(EXPORTED), ())
        })
        .await;
    opened.expect("the compound opens");
    for day in 0..3i64 {
        let id = house.id();
        let written: Result<(), DbError> = house
            .write(COMPOUND, &Who::operator(), move |mut tx| {
                for i in 1..n {
                    tx.also(Event::new(EXPORTED).with("n", day * 1_000 + i))?;
                }
                tx.record(Event::new(VERIFIED).about("day", id), ())
            })
            .await;
        written.expect("recorded");
        house.clock.advance(DAY);
    }
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_found_by_kind_day_and_record_page_by_page() {
    let house = three_days(120).await;
    let seqs = |found: &linli::keeping::lookup::Found| -> Vec<i64> {
        found.entries.iter().map(|e| e.seq).collect()
    };
    let mut filter = Filter::default();
    let mut seen = Vec::new();
    loop {
        let found = look(&house.db, COMPOUND, filter.clone())
            .await
            .expect("readable");
        seen.extend(seqs(&found));
        filter.before = found.next;
        if found.next.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=360).rev().collect::<Vec<_>>());
    let of_kind = Filter {
        kind: VERIFIED.name.into(),
        ..Filter::default()
    };
    let found = look(&house.db, COMPOUND, of_kind).await.expect("readable");
    assert_eq!((seqs(&found), found.next), (vec![360, 240, 120], None));
    let of_day = Filter {
        from: "2026-03-03".parse().ok(),
        until: "2026-03-03".parse().ok(),
        ..Filter::default()
    };
    let found = look(&house.db, COMPOUND, of_day).await.expect("readable");
    assert_eq!((seqs(&found)[0], found.next), (240, Some(191)));
    let subject = look(&house.db, COMPOUND, Filter::default())
        .await
        .expect("readable");
    let of_record = Filter {
        subject: subject.entries[0].subject.clone(),
        ..Filter::default()
    };
    let found = look(&house.db, COMPOUND, of_record)
        .await
        .expect("readable");
    assert_eq!(seqs(&found), [360]);
    let none = Filter {
        from: "2031-01-01".parse().ok(),
        ..Filter::default()
    };
    assert!(
        look(&house.db, COMPOUND, none)
            .await
            .expect("readable")
            .entries
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verify_button_says_what_it_found_and_is_itself_recorded() {
    let house = three_days(4).await;
    let manager = actor(&house, COMPOUND, Role::Manager);
    let (status, page) = ask_page(&house, manager.clone(), "POST", "/c/x/ledger").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("The ledger is sound: 12 events"), "{page}");
    let (kind,): (String,) = house
        .db
        .one(ask(
            "SELECT kind FROM ledger WHERE community = 1 AND seq = 13",
            params![],
        ))
        .await
        .expect("recorded");
    assert_eq!(kind, VERIFIED.name);
    alter(
        &house,
        "UPDATE ledger SET body = '{}' WHERE community = 1 AND seq = 5",
    )
    .await;
    let (_, page) = ask_page(&house, manager, "POST", "/c/x/ledger").await;
    assert!(page.contains("nothing from number 5 on"), "{page}");
    assert!(page.contains("An event was altered"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_read_the_ledger_verify_it_or_print_its_head() {
    let house = three_days(4).await;
    for (community, role, path, status) in [
        (COMPOUND, Role::Committee, "/c/x/ledger", StatusCode::OK),
        (
            COMPOUND,
            Role::Cashier,
            "/c/x/ledger",
            StatusCode::FORBIDDEN,
        ),
        (COMPOUND, Role::Owner, "/c/x/ledger", StatusCode::FORBIDDEN),
        (HOUSE, Role::Operator, "/house/ledger", StatusCode::OK),
        (HOUSE, Role::Manager, "/house/ledger", StatusCode::FORBIDDEN),
    ] {
        let (got, _) = ask_page(&house, actor(&house, community, role), "POST", path).await;
        assert_eq!(got, status, "{} verifies {path}", role.word());
        let head = format!("{path}/head");
        let (got, _) = ask_page(&house, actor(&house, community, role), "GET", &head).await;
        assert_eq!(got, status, "{} prints {head}", role.word());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_head_is_the_signed_one() {
    let house = three_days(4).await;
    let manager = actor(&house, COMPOUND, Role::Manager);
    let (_, page) = ask_page(&house, manager, "GET", "/c/x/ledger/head").await;
    let kept = checkpoints::now(&house, COMPOUND).await.expect("signed");
    let root = foundation::ledger::tree::hex(&kept.root[..16]);
    assert!(page.contains(&root) && page.contains("<svg"), "{page}");
    assert!(
        page.contains(kept.note.lines().next().expect("an origin")),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_lists_events_and_links_to_older_ones() {
    let house = three_days(40).await;
    let manager = actor(&house, COMPOUND, Role::Supervisor);
    let (status, page) = ask_page(&house, manager.clone(), "GET", "/c/x/ledger").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("The ledger was verified") && page.contains("before=71"),
        "{page}"
    );
    let (_, page) = ask_page(&house, manager, "GET", "/c/x/ledger?kind=import.started").await;
    assert!(page.contains("No such event"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_has_a_page_with_its_facts_and_a_proof_that_a_stranger_can_check() {
    use foundation::ledger::checkpoint::PublicKey;
    use foundation::ledger::proof::Proof;
    let house = three_days(40).await;
    let by = actor(&house, COMPOUND, Role::Committee);
    let (status, page) = ask_page(&house, by.clone(), "GET", "/c/x/ledger/77").await;
    assert_eq!(status, StatusCode::OK);
    for said in [
        "The ledger was exported",
        "signed head of 120 events",
        "{&#34;n&#34;:1037}",
        "Operator on the server",
        "Command line",
        "/ledger/78\"",
        "/ledger/76\"",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (status, text) = ask_page(&house, by.clone(), "GET", "/c/x/ledger/77/proof").await;
    assert_eq!(status, StatusCode::OK);
    let key = PublicKey::of(&house.keys.signing());
    let (entry, head) = Proof::parse(&text)
        .and_then(|p| p.check(&key))
        .expect("it holds");
    assert_eq!((entry.seq, head.size), (77, 120));
    for path in ["0", "121", "-1", "x", "99999999999999999999"] {
        let (status, _) = ask_page(&house, by.clone(), "GET", &format!("/c/x/ledger/{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        let path = format!("/c/x/ledger/{path}/proof");
        let (status, _) = ask_page(&house, by.clone(), "GET", &path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    alter(
        &house,
        "UPDATE ledger SET body = '{}' WHERE community = 1 AND seq = 77",
    )
    .await;
    let (_, page) = ask_page(&house, by, "GET", "/c/x/ledger/77").await;
    assert!(page.contains("does not fit the ledger"), "{page}");
    assert!(!page.contains("/ledger/77/proof"), "no proof is offered");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_stands_on_the_page_to_be_copied() {
    let house = three_days(4).await;
    let by = actor(&house, COMPOUND, Role::Manager);
    let (_, page) = ask_page(&house, by, "GET", "/c/x/ledger").await;
    let report = crate::ledger::verified(&house).await;
    let ours = report.communities.iter().find(|c| c.name == "1");
    let root = foundation::ledger::tree::hex(&ours.expect("there").root);
    assert!(page.contains(&format!("data-copy=\"{root}\"")), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_list_leaves_as_a_file_and_that_is_recorded() {
    let house = three_days(120).await;
    let by = actor(&house, COMPOUND, Role::Manager);
    let at = "/c/x/ledger/export?kind=ledger.verified";
    let (status, text) = send_page(&house, by.clone(), "POST", at, "shape=json").await;
    assert_eq!(status, StatusCode::OK);
    let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let seqs: Vec<i64> = all["events"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|e| e["seq"].as_i64().expect("a number"))
        .collect();
    assert_eq!(seqs, [360, 240, 120]);
    let at = "/c/x/ledger/export?from=2026-03-03&until=2026-03-03&actor=operator";
    let (status, text) = send_page(&house, by.clone(), "POST", at, "shape=csv").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        text.lines().count(),
        121,
        "a head and the events of the day"
    );
    assert!(text.starts_with('\u{feff}') && text.contains("\"{\"\"n\"\":1001}\""));
    let told: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT body FROM ledger WHERE community = 1 AND seq > 360 ORDER BY seq",
            params![],
        ))
        .await
        .expect("readable");
    let told: Vec<&str> = told.iter().map(|t| t.0.as_str()).collect();
    assert_eq!(
        told,
        [
            r#"{"events":3,"shape":"json"}"#,
            r#"{"events":120,"shape":"csv"}"#
        ]
    );
    let (status, page) = send_page(&house, by, "POST", "/c/x/ledger/export", "shape=pdf").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    for role in [Role::Operator, Role::Cashier, Role::Owner] {
        let by = actor(&house, COMPOUND, role);
        let (status, _) = send_page(&house, by, "POST", at, "shape=csv").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{}", role.word());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_ledger_says_so_and_a_stretch_without_a_match_leads_on() {
    let house = TestHouse::new().await;
    let operator = actor(&house, HOUSE, Role::Operator);
    let (_, page) = ask_page(&house, operator, "GET", "/house/ledger").await;
    assert!(page.contains("The ledger is still empty"), "{page}");
}
