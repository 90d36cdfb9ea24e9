//! What somebody at a keyboard tries on the doors: a session planted beforehand, methods and
//! paths that are not meant, forms too large, the same form sent at once.

use axum::http::StatusCode;
use foundation::clock::MINUTE;
use foundation::ids::Id;
use foundation::page::Frame;
use linli::doors::web::{Wrong, check};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};
use permissions::{Permission, Role};

use crate::accounts::{PASSWORD, PHONE, colleague, compound, member, router, session_of, sign_in};
use crate::accounts_browser::Browser;
use crate::support::TestHouse;

async fn works(browser: &mut Browser, session: &str) -> bool {
    browser.cookies.clear();
    let pair = ("linli-session".to_owned(), session.to_owned());
    browser.cookies.extend([pair]);
    browser.get("/me").await.status == StatusCode::OK
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_planted_or_left_behind_opens_nothing() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut victim = Browser::new(&router);
    let planted = "0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJK";
    victim
        .cookies
        .insert("linli-session".into(), planted.into());
    sign_in(&mut victim, PHONE, PASSWORD).await;
    let first = session_of(&victim);
    assert!(!first.is_empty() && first != planted);
    assert_eq!(victim.get("/me").await.status, StatusCode::OK);
    let mut attacker = Browser::new(&router);
    assert!(!works(&mut attacker, planted).await);

    // Signed in a second time over a session that lives: another secret, the first is dead.
    sign_in(&mut victim, PHONE, PASSWORD).await;
    let second = session_of(&victim);
    assert_ne!(second, first);
    assert!(works(&mut attacker, &second).await);

    // Signed out, the secret is dead wherever it was copied to.
    victim.post("/sign-out", &[]).await;
    assert!(!works(&mut attacker, &second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_up_gives_another_secret_and_the_one_before_is_dead() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let router = router(&house);
    let mut manager = Browser::new(&router);
    let by = Actor::operator(c);
    let secret = colleague(&house, &mut manager, &by, Role::Manager, "李靜").await;
    house.clock.advance(10 * MINUTE);
    let before = session_of(&manager);
    let code = accounts::second_factor::code_at(&secret, house.now()).expect("a code");
    let page = manager
        .post("/step-up", &[("code", &code), ("to", "/me")])
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let after = session_of(&manager);
    assert_ne!(before, after);
    let mut attacker = Browser::new(&router);
    assert!(works(&mut attacker, &after).await);
    assert!(!works(&mut attacker, &before).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_and_paths_that_are_not_meant_reach_nothing() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut owner = Browser::new(&router);
    sign_in(&mut owner, PHONE, PASSWORD).await;
    let session = session_of(&owner);

    // A change asked for by a method that changes nothing, or told in a header or a field.
    for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"] {
        let origin = [
            ("origin", "http://house.test"),
            ("x-http-method-override", "POST"),
        ];
        let path = "/sign-out?_method=POST";
        let answer = owner.with_headers(method, path, &origin).await;
        assert!(
            answer.status.is_client_error(),
            "{method}: {}",
            answer.status
        );
    }
    assert!(works(&mut owner, &session).await, "still signed in");

    // Other ways of writing a path lead to no other page.
    for path in [
        "/c/chunhe/../chunhe/staff",
        "/c/chunhe/./staff",
        "/c/chunhe%2Fstaff",
        "/c//staff",
        "//c/chunhe/staff",
        "/c/chunhe/staff/",
        "/c/chunhe/staff%00",
        "/c/chunhe/staff;x=1",
        "/C/chunhe/staff",
        "/c/chunhe/%73taff",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/0/../../Cargo.toml",
        "/c/%FF%FE/staff",
    ] {
        let answer = owner.get(path).await;
        assert!(
            matches!(
                answer.status,
                StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST
            ),
            "{path}: {} {}",
            answer.status,
            answer.to()
        );
    }
    // Another host in the header makes no link of ours lead there.
    let forged = [("host", "evil.test"), ("x-forwarded-host", "evil.test")];
    let answer = owner.with_headers("GET", "/sign-in", &forged).await;
    assert!(!answer.body.contains("evil.test"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_too_much_in_it_is_refused_whole() {
    let house = TestHouse::new().await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    let many: Vec<(&str, &str)> = vec![("name", "x"); 1_001];
    let long_name = "n".repeat(101);
    let cases: [(&str, Vec<(&str, &str)>); 2] = [
        ("many fields", many),
        ("a long name", vec![(&*long_name, "x")]),
    ];
    for (what, fields) in cases {
        let answer = browser.post("/sign-in", &fields).await;
        assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
        assert!(answer.body.contains("<h1"), "{what}: a page says so");
    }
    // A field as long as a form may be is dealt with like any other wrong name.
    let long = "密".repeat(20_000);
    let answer = browser
        .post("/sign-in", &[("name", &long), ("password", &long)])
        .await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    // A length that lies, in either direction, is no way in.
    for length in ["99999999999999999999", "-1", "1e3"] {
        let headers = [
            ("origin", "http://house.test"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", length),
        ];
        let answer = browser.with_headers("POST", "/sign-in", &headers).await;
        assert!(
            answer.status.is_client_error(),
            "{length}: {}",
            answer.status
        );
    }
}

async fn page(_: Frame) -> &'static str {
    "page"
}

#[test]
fn no_route_takes_files_and_loses_them_at_the_second_factor() {
    let files = Routes::new().upload(
        "/c/{c}/x",
        Needs::MayFresh(Permission::ImportRun),
        10 << 20,
        page,
    );
    let wrong = check(&files).expect_err("refused").0;
    assert_eq!(wrong, [Wrong::FilesOnTheWay("/c/{c}/x".into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_whose_role_became_grave_keep_what_they_typed_while_they_enrol() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let router = router(&house);
    let id: Id = member(&house, c, Role::Cashier, PHONE).await;
    let mut browser = Browser::new(&router);
    sign_in(&mut browser, &format!("colleague {PHONE}"), PASSWORD).await;
    let stamp = house.stamp(&foundation::ledger::Who::operator());
    let scope = vec![foundation::database::HOUSE, c];
    house
        .db
        .write_across::<_, foundation::database::DbError, _>(scope, stamp, move |mut tx| {
            accounts::grant(&mut tx, c, id, Role::Manager, None, None)?;
            let kind = foundation::ledger::Kind::new("test.granted", 1);
            tx.record(foundation::ledger::Event::new(kind), ())
        })
        .await
        .expect("granted");
    let invite = [("name", "何 <平>"), ("role", "host")];
    let way = "/c/chunhe/staff/invite";
    let asked = browser.post(way, &invite).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.to());
    assert!(asked.body.contains("/second-factor/enrol"));
    assert!(asked.body.contains("target=\"_blank\""));
    assert_eq!(asked.field("role"), "host");

    // Enrolled in another tab, which shares the cookies.
    let page = browser.get("/second-factor/enrol?to=/").await;
    let carried = page.field("secret");
    let secret = accounts::second_factor::typed_secret(&carried).expect("offered");
    let code = accounts::second_factor::code_at(&secret, house.now()).expect("a code");
    let fields = [("secret", &*carried), ("code", &code), ("to", "/")];
    let page = browser.post("/second-factor/enrol", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    // The page that waited goes on with what was typed.
    let done = browser.post(way, &invite).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(
        done.body.contains("/invite/") && !done.body.contains("step-up-code"),
        "{}",
        done.body
    );
}
