//! Accounts, as people use them.

use accounts::throttle::{Count, Held, enter};
use accounts::{self, NewAccount, links, second_factor};
use axum::http::StatusCode;
use foundation::clock::{DAY, HOUR, MINUTE, SECOND};
use foundation::database::{Community, DbError, HOUSE, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use linli::doors::web::{Settings, router_with};
use permissions::Role;
use permissions::actor::Actor;
use zeroize::Zeroizing;

use crate::accounts_browser::Browser;
use crate::support::TestHouse;

pub const PASSWORD: &str = "tulip gravel 41";
pub const PHONE: &str = "13800138000";
const TESTED: Kind = Kind::new("test.happened", 1);

pub fn router(house: &TestHouse) -> axum::Router {
    let settings = Settings {
        trusted_proxies: vec!["127.0.0.1".parse().expect("an address")],
        ..Settings::default()
    };
    router_with(house.house.clone(), accounts::routes(), settings).expect("every route is guarded")
}

pub async fn compound(house: &House, number: i64, slug: &str) -> Community {
    let slug = slug.to_owned();
    let community = Community(number);
    house
        .write::<_, DbError, _>(HOUSE, &Who::operator(), move |mut tx| {
            tx.execute(ask(
                "INSERT INTO community (number, slug, name, created_at, phone_bits, tail_bits, \
                 document_bits, settings) VALUES ($1, $2, $2, 0, 8, 8, 8, '{}')",
                params![community, slug],
            ))?;
            tx.open_log(community)?;
            tx.record(Event::new(TESTED), ())
        })
        .await
        .expect("a compound can be made");
    community
}

/// An account with a role, made as joining makes one.
pub async fn member(house: &House, community: Community, role: Role, phone: &str) -> Id {
    let prepared = accounts::prepare(
        house,
        NewAccount {
            name: "王女士".into(),
            handle: role.is_staff().then(|| format!("colleague {phone}")),
            phone: Some(phone.into()),
            password: Some(Zeroizing::new(PASSWORD.into())),
        },
    )
    .await
    .expect("fit for an account");
    let stamp = house.stamp(&Who::operator());
    house
        .db
        .write_across::<_, DbError, _>(vec![HOUSE, community], stamp, move |mut tx| {
            let id = accounts::insert(&mut tx, prepared)?;
            accounts::grant(&mut tx, community, id, role, None, None)?;
            tx.record(Event::new(TESTED), id)
        })
        .await
        .expect("an account can be made")
}

pub fn session_of(browser: &Browser) -> String {
    browser
        .cookies
        .get("linli-session")
        .cloned()
        .unwrap_or_default()
}

pub async fn sign_in(
    browser: &mut Browser,
    name: &str,
    password: &str,
) -> crate::accounts_browser::Answer {
    browser
        .post(
            "/sign-in",
            &[("name", name), ("password", password), ("to", "/me")],
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_signs_in_with_phone_and_password_and_out_again() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    let page = browser.get("/").await;
    assert_eq!(
        (page.status, page.to()),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
    let page = browser.get("/sign-in?to=/me").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("name=\"password\""));
    let page = sign_in(&mut browser, "+86 138-0013-8000", PASSWORD).await;
    assert_eq!(
        (page.status, page.to()),
        (StatusCode::SEE_OTHER, "/me"),
        "{}",
        page.body
    );
    let page = browser.get("/").await;
    assert_eq!(page.to(), "/c/chunhe");
    let page = browser.post("/sign-out", &[]).await;
    assert_eq!(page.to(), "/sign-in");
    assert_eq!(browser.get("/").await.to(), "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_elsewhere_never_locks_the_owner_out() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut guesser = Browser::new(&router).elsewhere("203.0.113.9");
    let mut last = StatusCode::OK;
    for i in 0..9 {
        last = sign_in(&mut guesser, PHONE, &format!("guess number {i}"))
            .await
            .status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // Even the right password waits there now.
    let page = sign_in(&mut guesser, PHONE, PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let mut owner = Browser::new(&router);
    assert_eq!(sign_in(&mut owner, PHONE, PASSWORD).await.to(), "/me");
    house.clock.advance(MINUTE + SECOND);
    assert_eq!(sign_in(&mut guesser, PHONE, PASSWORD).await.to(), "/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_one_name_from_many_addresses_is_slowed_and_a_known_browser_is_not() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut owner = Browser::new(&router);
    assert_eq!(sign_in(&mut owner, PHONE, PASSWORD).await.to(), "/me");
    owner.cookies.remove("linli-session");
    let held = StatusCode::TOO_MANY_REQUESTS;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let mut number = 0_u32;
    // Each guess comes from an address that nobody has seen.
    let mut guess = async |password: &str| {
        number += 1;
        let mut guesser = Browser::new(&router).elsewhere(&format!("198.18.{number}.7"));
        sign_in(&mut guesser, PHONE, password).await.status
    };
    for nth in 0..20 {
        assert_eq!(
            guess("not this one").await,
            wrong,
            "guess {nth} is looked at"
        );
    }
    assert_eq!(guess("not this one").await, held);
    assert_eq!(
        guess(PASSWORD).await,
        held,
        "the right one is not looked at either"
    );
    assert_eq!(sign_in(&mut owner, PHONE, PASSWORD).await.to(), "/me");
    owner.cookies.remove("linli-session");
    // The waits grow, and never beyond five minutes.
    let name = "+8613800138000";
    let mut waits = Vec::new();
    for _ in 20..130 {
        let began = house.now();
        while let Err(Held::Until(until)) = enter(&house, Count::Name(name)).await {
            house.clock.advance(until.0 - house.now().0);
        }
        waits.push(house.now().0 - began.0);
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!((waits[0], waits[109]), (MINUTE / 2, 5 * MINUTE));
    assert_eq!(sign_in(&mut owner, PHONE, PASSWORD).await.to(), "/me");
    house.clock.advance(5 * MINUTE + SECOND);
    let mut new_phone = Browser::new(&router).elsewhere("203.0.113.20");
    let page = sign_in(&mut new_phone, PHONE, PASSWORD).await;
    assert_eq!(page.to(), "/me", "nobody is locked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_signs_in_though_its_own_address_is_held() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut owner = Browser::new(&router);
    assert_eq!(sign_in(&mut owner, PHONE, PASSWORD).await.to(), "/me");
    owner.cookies.remove("linli-session");
    let mut neighbour = owner.elsewhere(&owner.address);
    for i in 0..9 {
        sign_in(&mut neighbour, PHONE, &format!("guess number {i}")).await;
    }
    let page = sign_in(&mut neighbour, PHONE, PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&mut owner, PHONE, PASSWORD).await.to(), "/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_has_an_account() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut answers = Vec::new();
    let by = Actor::operator(HOUSE);
    for (i, name) in [PHONE, "13900139000", "nobody at all", PHONE]
        .iter()
        .enumerate()
    {
        if i == 3 {
            accounts::roles::disable(&house, &by, account)
                .await
                .expect("it can be shut");
        }
        let password = if i == 3 { PASSWORD } else { "not the password" };
        let mut browser = Browser::new(&router).elsewhere(&format!("192.0.2.{i}"));
        let page = sign_in(&mut browser, name, password).await;
        let headers: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
        let same = page
            .body
            .replace(&format!("value=\"{name}\""), "value=\"\"");
        answers.push((page.status, headers, same));
    }
    assert_eq!(answers[0].0, StatusCode::UNPROCESSABLE_ENTITY);
    for other in &answers[1..] {
        assert_eq!(&answers[0], other);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_secret_changes_at_every_sign_in_and_the_old_one_is_void() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    sign_in(&mut browser, PHONE, PASSWORD).await;
    let first = session_of(&browser);
    assert_eq!(first.len(), 32);
    sign_in(&mut browser, PHONE, PASSWORD).await;
    assert_ne!(first, session_of(&browser));
    browser.cookies.insert("linli-session".into(), first);
    assert_eq!(browser.get("/").await.to(), "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_stay_for_thirty_days_and_staff_for_ten_hours() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    member(&house, c, Role::Owner, PHONE).await;
    member(&house, c, Role::Technician, "13900139000").await;
    let router = router(&house);
    let mut owner = Browser::new(&router);
    let mut staff = Browser::new(&router);
    sign_in(&mut owner, PHONE, PASSWORD).await;
    sign_in(&mut staff, "colleague 13900139000", PASSWORD).await;
    house.clock.advance(10 * HOUR - MINUTE);
    assert_eq!(staff.get("/").await.to(), "/c/chunhe");
    house.clock.advance(2 * MINUTE);
    assert_eq!(staff.get("/").await.to(), "/sign-in");
    house.clock.advance(29 * DAY);
    assert_eq!(owner.get("/").await.to(), "/c/chunhe");
    house.clock.advance(29 * DAY);
    assert_eq!(owner.get("/").await.to(), "/c/chunhe");
    house.clock.advance(31 * DAY);
    assert_eq!(owner.get("/").await.to(), "/sign-in");
}

/// Redeems an invitation and enrols an authenticator; the secret.
pub async fn colleague(
    house: &TestHouse,
    browser: &mut Browser,
    by: &Actor,
    role: Role,
    name: &str,
) -> Vec<u8> {
    let path = links::invite(house, by, role, name)
        .await
        .expect("an invitation");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.field("csrf"), "");
    let page = browser
        .post(&path, &[("name", name), ("password", PASSWORD)])
        .await;
    assert_eq!(
        (page.status, page.to()),
        (StatusCode::SEE_OTHER, "/"),
        "{}",
        page.body
    );
    let page = browser.get("/second-factor?to=/").await;
    assert_eq!(page.to(), "/second-factor/enrol?to=%2F");
    let page = browser.get("/second-factor/enrol?to=/").await;
    assert!(page.body.contains("<svg"), "the picture is drawn here");
    let carried = page.field("secret");
    let secret = accounts::second_factor::typed_secret(&carried).expect("a secret is offered");
    let code = second_factor::code_at(&secret, house.now()).expect("a code");
    let before = session_of(browser);
    let page = browser
        .post(
            "/second-factor/enrol",
            &[("secret", &carried), ("code", &code), ("to", "/")],
        )
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.body.matches("<li><code>").count(), 10);
    assert_ne!(
        before,
        session_of(browser),
        "a new secret after the second factor"
    );
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_led_to_a_second_factor_before_anything_else() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    let mut by = Actor::operator(HOUSE);
    by.community = c;
    let secret = colleague(&house, &mut browser, &by, Role::Specialist, "李靜").await;
    house.clock.advance(MINUTE);
    let mut again = Browser::new(&router);
    let page = sign_in(&mut again, "李 靜", PASSWORD).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = again.get("/step-up").await;
    assert_eq!(page.to(), "/second-factor?to=%2Fstep-up");
    let code = second_factor::code_at(&secret, house.now()).expect("a code");
    let before = session_of(&again);
    let page = again
        .post("/second-factor", &[("code", &code), ("to", "/step-up")])
        .await;
    assert_eq!(page.to(), "/step-up", "{}", page.body);
    assert_ne!(before, session_of(&again));
    assert_eq!(again.get("/step-up").await.status, StatusCode::OK);
    // The same code a second time, by whoever looked over the shoulder.
    let mut thief = Browser::new(&router).elsewhere("203.0.113.9");
    sign_in(&mut thief, "李靜", PASSWORD).await;
    let page = thief
        .post("/second-factor", &[("code", &code), ("to", "/")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_used_by_fifty_at_once_admits_one() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let router = router(&house);
    let mut by = Actor::operator(HOUSE);
    by.community = c;
    let path = links::invite(&house, &by, Role::Technician, "")
        .await
        .expect("an invitation");
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..50 {
        let mut browser = Browser::new(&router).elsewhere(&format!("192.0.2.{i}"));
        let path = path.clone();
        tasks.spawn(async move {
            let name = format!("technician {i}");
            let page = browser
                .post(&path, &[("name", &name), ("password", PASSWORD)])
                .await;
            page.status == StatusCode::SEE_OTHER
        });
    }
    let admitted = tasks.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(admitted, 1);
    let (accounts,): (i64,) = house
        .db
        .one(ask("SELECT COUNT(*) FROM account", params![]))
        .await
        .expect("countable");
    assert_eq!(accounts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_phone_and_no_secret_in_clear() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    sign_in(&mut browser, PHONE, PASSWORD).await;
    let secret = session_of(&browser);
    let row: (Option<Vec<u8>>, Option<i64>) = house
        .db
        .one(ask(
            "SELECT phone, phone_blind FROM account WHERE id = $1",
            params![account],
        ))
        .await
        .expect("a row");
    assert!(row.0.is_some() && row.1.is_some());
    if house.db_url.is_none() {
        for file in walk(house.folder.path()) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            for what in [PHONE, PASSWORD, secret.as_str()] {
                let found = bytes.windows(what.len()).any(|w| w == what.as_bytes());
                assert!(!found, "{what} stands in {}", file.display());
            }
        }
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            files.extend(walk(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn links_without_a_password_are_for_the_demo_only() {
    let house = TestHouse::new().await;
    accounts::mark_as_demo(&house)
        .await
        .expect("an empty house can be a demo");
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Manager, PHONE).await;
    let router = router(&house);
    let path = accounts::demo_link(&house, account, accounts::Side::Staff)
        .await
        .expect("a link");
    let mut browser = Browser::new(&router);
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    assert_eq!(browser.post(&path, &[]).await.to(), "/");
    assert_eq!(browser.get("/").await.to(), "/c/chunhe");
    assert_eq!(
        browser.clone().post(&path, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let real = TestHouse::new().await;
    let c = compound(&real, 1, "chunhe").await;
    let account = member(&real, c, Role::Manager, PHONE).await;
    assert!(accounts::mark_as_demo(&real).await.is_err());
    assert!(
        accounts::demo_link(&real, account, accounts::Side::Staff)
            .await
            .is_err()
    );
}
