//! The web door: what it lets in and what every answer carries.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use foundation::page::{Frame, onward};
use linli::doors::web::{CannotGuard, Settings, Wrong, check, router, router_with};
use permissions::routes::{Needs, Routes};
use permissions::{Permission, Role};

use crate::accounts::{compound, member};
use crate::accounts_browser::{Answer, Browser};
use crate::support::TestHouse;

const PHONE: &str = "13800138000";
const PASSWORD: &str = "tulip gravel 41";

async fn page(_: Frame) -> &'static str {
    "page"
}

async fn broken(_: Frame) -> &'static str {
    panic!("on purpose")
}

async fn act(_: Frame) -> Response {
    onward::done("/done/a \"b\"", "It is done.")
}

async fn told(frame: Frame) -> String {
    frame.flash.iter().map(|f| f.text.as_str()).collect()
}

fn trusting() -> Settings {
    Settings {
        trusted_proxies: vec!["127.0.0.1".parse().expect("an address")],
        ..Settings::default()
    }
}

fn wrong(routes: Routes) -> Vec<Wrong> {
    match check(&routes) {
        Ok(()) => Vec::new(),
        Err(CannotGuard(list)) => list,
    }
}

#[test]
fn the_server_does_not_start_with_a_route_that_cannot_be_guarded() {
    let may = Needs::May(Permission::RosterRead);
    let cases = [
        (Routes::new().get("/rooms", may, page), "no compound"),
        (
            Routes::new().get("/c/{c}/x", Needs::House(Permission::HouseOperate), page),
            "in compound",
        ),
        (
            Routes::new().get("/c/{c}/x", Needs::Link, page),
            "no secret",
        ),
        (
            Routes::new().get("/x", may, page).get("/x", may, page),
            "twice",
        ),
        (
            Routes::new()
                .get("/c/{c}/{a}", may, page)
                .post("/c/{c}/{b}", may, page),
            "names",
        ),
        (Routes::new().get("/x/", Needs::Nothing, page), "a path"),
    ];
    for (routes, why) in cases {
        assert!(!wrong(routes).is_empty(), "{why}");
    }
    let fine = Routes::new()
        .get("/c/{c}/x", may, page)
        .post("/c/{c}/x", may, page);
    assert_eq!(wrong(fine), Vec::new());
    assert_eq!(wrong(accounts::routes()), Vec::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_two_routes_at_one_address_refuses_to_start() {
    let house = TestHouse::new().await;
    let twice = accounts::routes().get("/me", Needs::Nothing, page);
    assert!(router(house.house.clone(), twice).is_err());
}

fn assert_guarded(headers: &HeaderMap, what: &str) {
    let value = |name: &str| {
        headers
            .get(name)
            .unwrap_or_else(|| panic!("{what} has no {name}"))
            .to_str()
            .expect("ASCII")
            .to_owned()
    };
    let policy = value("content-security-policy");
    for part in [
        "default-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}");
    assert_eq!(value("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(value("referrer-policy"), "same-origin", "{what}");
    assert_eq!(value("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(value("permissions-policy").contains("camera=()"), "{what}");
    assert!(!value("cache-control").is_empty(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_guard_its_reader() {
    let house = TestHouse::new().await;
    let routes = accounts::routes().get("/broken", Needs::Nothing, broken);
    let paths: Vec<(String, String)> = routes
        .0
        .iter()
        .map(|r| (r.method.to_string(), r.path.to_owned()))
        .collect();
    let router = router_with(house.house.clone(), routes, trusting()).expect("guarded");
    let mut browser = Browser::new(&router);
    let more = [
        "/healthz",
        "/readyz",
        "/nothing/here",
        "/assets/0/linli.css",
    ];
    let more = more.iter().map(|p| ("GET".to_owned(), (*p).to_owned()));
    for (method, path) in paths
        .into_iter()
        .chain(more)
        .chain([("DELETE".into(), "/me".into())])
    {
        let body = (method == "POST").then(String::new);
        let answer = browser.send(&method, &path, body).await;
        assert_guarded(&answer.headers, &format!("{method} {path}"));
        assert!(answer.headers.get("strict-transport-security").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_browsers_are_told_to_stay_and_cookies_are_bound() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let settings = Settings {
        public_url: Some("https://house.test".parse().expect("a URL")),
        ..trusting()
    };
    let router = router_with(house.house.clone(), accounts::routes(), settings).expect("guarded");
    let mut browser = Browser::new(&router);
    browser.origin = Some("https://house.test".into());
    let answer = browser
        .post("/sign-in", &[("name", PHONE), ("password", PASSWORD)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.headers.contains_key("strict-transport-security"));
    let cookies: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_answers_with_a_page_and_harms_no_other() {
    let house = TestHouse::new().await;
    let routes = accounts::routes().get("/broken", Needs::Nothing, broken);
    let router = router_with(house.house.clone(), routes, trusting()).expect("guarded");
    let mut browser = Browser::new(&router);
    let answer = browser.get("/broken").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("<h1>"), "{}", answer.body);
    assert!(!answer.body.contains("on purpose"));
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_act_has_to_tell_is_told_once_by_the_next_page() {
    let house = TestHouse::new().await;
    let routes = accounts::routes().post("/act", Needs::Nothing, act).get(
        "/done/{what}",
        Needs::Nothing,
        told,
    );
    let router = router_with(house.house.clone(), routes, trusting()).expect("guarded");
    let mut browser = Browser::new(&router);
    let answer = browser.post("/act", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.to(), "/done/a%20%22b%22");
    let to = answer.to().to_owned();
    assert_eq!(browser.get(&to).await.body, "It is done.");
    assert_eq!(browser.get(&to).await.body, "", "told once");
    // An act after an act: the next page tells of the later one, and is not made to forget it.
    browser.post("/act", &[]).await;
    browser.post("/act", &[]).await;
    assert_eq!(browser.get(&to).await.body, "It is done.");
    // Nobody but this house makes what a page begins with.
    browser.post("/act", &[]).await;
    let flash = browser.cookies.get_mut("linli-flash").expect("a flash");
    flash.replace_range(0..1, "A");
    assert_eq!(browser.get(&to).await.body, "");
}

async fn forged(browser: &Browser, headers: &[(&str, &str)]) -> StatusCode {
    browser
        .with_headers("POST", "/sign-out", headers)
        .await
        .status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_another_site_asked_for_is_refused() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router_with(house.house.clone(), accounts::routes(), trusting()).expect("guarded");
    let mut browser = Browser::new(&router);
    let answer: Answer = browser
        .post("/sign-in", &[("name", PHONE), ("password", PASSWORD)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let refused: &[&[(&str, &str)]] = &[
        &[],
        &[("origin", "http://evil.test")],
        &[("origin", "null")],
        &[("origin", "http://house.test:81")],
        &[("origin", "http://house.test.evil.test")],
        &[("sec-fetch-site", "cross-site")],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://house.test"),
        ],
        &[("sec-fetch-site", "none")],
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://evil.test"),
        ],
        &[("referer", "http://evil.test/house.test")],
        &[("x-csrf", "")],
        &[("x-csrf", "00000000")],
    ];
    for headers in refused {
        assert_eq!(
            forged(&browser, headers).await,
            StatusCode::FORBIDDEN,
            "{headers:?}"
        );
    }
    assert_eq!(browser.get("/").await.to(), "/c/chunhe", "still signed in");
    let taken = forged(&browser, &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!(taken, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_back_leads_only_to_our_own_pages() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router_with(house.house.clone(), accounts::routes(), trusting()).expect("guarded");
    for to in [
        "//evil.test",
        "http://evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "/a\r\nb",
    ] {
        let mut browser = Browser::new(&router);
        let fields = [("name", PHONE), ("password", PASSWORD), ("to", to)];
        assert_eq!(browser.post("/sign-in", &fields).await.to(), "/", "{to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_anyone_can_write_is_believed_from_our_proxy_only() {
    let house = TestHouse::new().await;
    let untrusting = router_with(house.house.clone(), accounts::routes(), Settings::default());
    let router = untrusting.expect("guarded");
    let mut last = StatusCode::OK;
    // Each pretends to come from elsewhere; they are one address all the same.
    for i in 0..450 {
        let browser = Browser::new(&router).elsewhere(&format!("203.0.113.{}", i % 250));
        let headers = [
            ("origin", "http://house.test"),
            ("content-type", "text/plain"),
        ];
        last = browser
            .with_headers("POST", "/sign-in", &headers)
            .await
            .status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_larger_than_its_route_takes_is_refused() {
    let house = TestHouse::new().await;
    let router = router_with(house.house.clone(), accounts::routes(), trusting()).expect("guarded");
    let mut browser = Browser::new(&router);
    let big = "x".repeat(300 * 1024);
    let answer = browser
        .post("/sign-in", &[("name", &big), ("password", "x")])
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
