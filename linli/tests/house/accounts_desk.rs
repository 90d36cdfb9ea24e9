//! What the office does with accounts: a lost phone, acting for somebody, going over to
//! the other side, roles that end, accounts that are shut.

use accounts::{self, second_factor};
use axum::http::StatusCode;
use foundation::clock::{HOUR, MINUTE, Moment, SECOND};
use foundation::database::{Community, DbError, HOUSE, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;

use crate::accounts::{PASSWORD, PHONE, colleague, compound, member, router, session_of, sign_in};
use crate::accounts_browser::{Answer, Browser};
use crate::support::TestHouse;

const TESTED: Kind = Kind::new("test.happened", 1);

/// A compound with a manager and a supervisor at their screens.
struct Desk {
    house: TestHouse,
    router: axum::Router,
    community: Community,
    manager: Browser,
    secret: Vec<u8>,
    supervisor: Browser,
}

impl Desk {
    async fn new() -> Desk {
        let house = TestHouse::new().await;
        let community = compound(&house, 1, "chunhe").await;
        let router = router(&house);
        let by = Actor::operator(community);
        let (mut manager, mut supervisor) = (Browser::new(&router), Browser::new(&router));
        let secret = colleague(&house, &mut manager, &by, Role::Manager, "李靜").await;
        colleague(&house, &mut supervisor, &by, Role::Supervisor, "周文").await;
        Desk {
            house,
            router,
            community,
            manager,
            secret,
            supervisor,
        }
    }
}

async fn account_named(house: &House, handle: &str) -> Id {
    let row = accounts::sign_in::find(house, handle)
        .await
        .expect("the database answers");
    row.expect("they are there").id
}

/// What stands between `mark` and the next sign that is none of a secret or an id.
fn after(page: &Answer, mark: &str) -> String {
    let start = page.body.find(mark).expect("it is on the page") + mark.len();
    page.body[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect()
}

async fn ask_reset(browser: &mut Browser, name: &str) -> Answer {
    browser
        .post(
            "/c/chunhe/resets",
            &[("name", name), ("reason", "lost the phone at the lake")],
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_password_is_replaced_by_two_colleagues_and_never_by_one() {
    let mut desk = Desk::new().await;
    member(&desk.house, desk.community, Role::Owner, PHONE).await;
    let mut lost = Browser::new(&desk.router);
    sign_in(&mut lost, PHONE, PASSWORD).await;
    assert_eq!(lost.get("/me").await.status, StatusCode::OK);

    let page = ask_reset(&mut desk.manager, PHONE).await;
    assert_eq!(page.to(), "/c/chunhe/resets", "{}", page.body);
    let page = desk.supervisor.get("/c/chunhe/resets").await;
    let request = after(&page, "/c/chunhe/resets/");
    let confirm = format!("/c/chunhe/resets/{request}/confirm");
    let own = desk.manager.get("/c/chunhe/resets").await;
    assert!(!own.body.contains(&confirm), "the asker has no button");
    let page = desk.manager.post(&confirm, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(!page.body.contains("/reset/"));

    let page = desk.supervisor.post(&confirm, &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let link = format!("/reset/{}", after(&page, "http://house.test/reset/"));
    let page = desk.supervisor.post(&confirm, &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "confirmed once");
    assert_eq!(lost.get("/me").await.status, StatusCode::OK, "nothing yet");

    let new = "willow ferry 86";
    let mut owner = Browser::new(&desk.router);
    assert_eq!(owner.get(&link).await.status, StatusCode::OK);
    let page = owner.post(&link, &[("password", "123456")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = owner.post(&link, &[("password", new)]).await;
    assert_eq!(page.to(), "/", "{}", page.body);
    assert_eq!(owner.get("/me").await.status, StatusCode::OK);
    assert_eq!(lost.get("/me").await.to(), "/sign-in?to=%2Fme");
    assert_eq!(lost.get(&link).await.status, StatusCode::NOT_FOUND);
    let page = sign_in(&mut lost, PHONE, PASSWORD).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&mut lost, PHONE, new).await.to(), "/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_confirms_their_own_new_password() {
    let mut desk = Desk::new().await;
    let page = ask_reset(&mut desk.manager, "周文").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let page = desk.manager.get("/c/chunhe/resets").await;
    assert!(page.body.contains("周文"));
    let (request,): (Id,) = desk
        .house
        .db
        .one(ask("SELECT id FROM account_reset", params![]))
        .await
        .expect("one request");
    let confirm = format!("/c/chunhe/resets/{request}/confirm");
    let page = desk.supervisor.post(&confirm, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    // Asking for oneself is refused before anything is written.
    let page = ask_reset(&mut desk.manager, "李靜").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_a_new_password_lapses_after_a_day() {
    let mut desk = Desk::new().await;
    member(&desk.house, desk.community, Role::Owner, PHONE).await;
    ask_reset(&mut desk.supervisor, PHONE).await;
    let page = desk.manager.get("/c/chunhe/resets").await;
    let request = after(&page, "/c/chunhe/resets/");
    desk.house.clock.advance(24 * HOUR);
    enter(&desk.house, &mut desk.manager, "李靜", &desk.secret).await;
    let page = desk.manager.get("/c/chunhe/resets").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(&request));
    let confirm = format!("/c/chunhe/resets/{request}/confirm");
    let page = desk.manager.post(&confirm, &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

/// Signs a colleague in, second factor included, and makes it fresh.
async fn enter(house: &TestHouse, browser: &mut Browser, name: &str, secret: &[u8]) {
    sign_in(browser, name, PASSWORD).await;
    let code = second_factor::code_at(secret, house.now()).expect("a code");
    let page = browser
        .post("/second-factor", &[("code", &code), ("to", "/")])
        .await;
    assert_eq!(page.to(), "/", "{}", page.body);
}

/// A person of the roster.
async fn person(house: &House, community: Community) -> Id {
    let id = house.id();
    house
        .write::<_, DbError, _>(community, &Who::operator(), move |mut tx| {
            tx.execute(ask(
                "INSERT INTO party (community, id, kind, name, name_key, state, version, held, \
                 import, created_at) VALUES ($1, $2, 'person', '王女士', '王女士', 'alive', 1, 0, \
                 '', 0)",
                params![community, id],
            ))?;
            tx.record(Event::new(TESTED), ())
        })
        .await
        .expect("a person can be made");
    id
}

/// For whom the latest event of a kind was done, and how often there is one.
async fn latest_behalf(house: &House, kind: &str) -> (String, usize) {
    let rows: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT behalf FROM ledger WHERE kind = $1 ORDER BY community, seq DESC LIMIT 50",
            params![kind],
        ))
        .await
        .expect("the ledger can be read");
    (rows[0].0.clone(), rows.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn acting_for_an_owner_stands_in_the_ledger_and_ends_after_half_an_hour() {
    let mut desk = Desk::new().await;
    member(&desk.house, desk.community, Role::Owner, PHONE).await;
    let other = compound(&desk.house, 2, "qiushui").await;
    let (here, there) = (
        person(&desk.house, desk.community).await,
        person(&desk.house, other).await,
    );
    let begin = async |browser: &mut Browser, person: Id, reason: &str| {
        let fields = [("person", person.as_str()), ("reason", reason)];
        browser.post("/c/chunhe/behalf", &fields).await
    };
    let reason = "came to the desk without a phone";
    let page = begin(&mut desk.manager, there, reason).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "of another compound");
    let page = begin(&mut desk.manager, here, "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "no reason");
    let page = begin(&mut desk.manager, here, reason).await;
    assert_eq!(page.to(), "/c/chunhe", "{}", page.body);

    let asked = "accounts.reset_asked";
    ask_reset(&mut desk.manager, PHONE).await;
    assert_eq!(
        latest_behalf(&desk.house, asked).await,
        (here.to_string(), 1)
    );
    desk.house.clock.advance(30 * MINUTE - SECOND);
    ask_reset(&mut desk.manager, PHONE).await;
    assert_eq!(
        latest_behalf(&desk.house, asked).await,
        (here.to_string(), 2)
    );
    desk.house.clock.advance(SECOND);
    ask_reset(&mut desk.manager, PHONE).await;
    assert_eq!(latest_behalf(&desk.house, asked).await, (String::new(), 3));

    // Ended by hand, it is over at once; and a colleague's own acts are their own.
    begin(&mut desk.manager, here, reason).await;
    ask_reset(&mut desk.supervisor, PHONE).await;
    assert_eq!(latest_behalf(&desk.house, asked).await, (String::new(), 4));
    let page = desk.manager.post("/c/chunhe/behalf/end", &[]).await;
    assert_eq!(page.to(), "/c/chunhe");
    ask_reset(&mut desk.manager, PHONE).await;
    assert_eq!(latest_behalf(&desk.house, asked).await, (String::new(), 5));
}

/// The sessions of an account that have not ended: id and side.
async fn open_sessions(house: &House, account: Id) -> Vec<(Id, String)> {
    house
        .db
        .all(ask(
            "SELECT id, side FROM session WHERE account = $1 AND ended_at IS NULL ORDER BY id",
            params![account],
        ))
        .await
        .expect("sessions can be read")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_owner_and_colleague_goes_over_by_a_switch_and_a_new_session() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Owner, PHONE).await;
    let stamp = house.stamp(&Who::operator());
    house
        .db
        .write_across::<_, DbError, _>(vec![HOUSE, c], stamp, move |mut tx| {
            accounts::grant(&mut tx, c, account, Role::Specialist, None, None)?;
            tx.record(Event::new(TESTED), ())
        })
        .await
        .expect("a second role");
    let router = router(&house);
    let mut browser = Browser::new(&router);
    sign_in(&mut browser, PHONE, PASSWORD).await;
    let page = browser.get("/c/chunhe/resets").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "an owner's session");
    let page = browser.get("/places").await;
    assert!(page.body.contains("action=\"/switch\""), "{}", page.body);
    let page = browser.get("/switch").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);

    let (before, secret) = (open_sessions(&house, account).await, session_of(&browser));
    assert_eq!(before.len(), 1);
    let page = browser.post("/switch", &[("to", "/c/chunhe/resets")]).await;
    assert_eq!(page.to(), "/c/chunhe/resets");
    let after = open_sessions(&house, account).await;
    assert_eq!((after.len(), after[0].1.as_str()), (1, "staff"));
    assert_ne!(before[0].0, after[0].0, "another session");
    assert_ne!(secret, session_of(&browser), "another secret");
    let mut old = Browser::new(&router);
    old.cookies.insert("linli-session".into(), secret);
    assert_eq!(old.get("/me").await.to(), "/sign-in?to=%2Fme");
    // Going over is no second factor.
    let page = browser.get("/c/chunhe/resets").await;
    assert_eq!(page.to(), "/second-factor?to=%2Fc%2Fchunhe%2Fresets");

    member(&house, c, Role::Owner, "13900139000").await;
    let mut owner = Browser::new(&router);
    sign_in(&mut owner, "13900139000", PASSWORD).await;
    let page = owner.post("/switch", &[("to", "/")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "has only one side");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_with_a_last_day_ends_at_midnight_and_the_others_stay() {
    let mut desk = Desk::new().await;
    let mut helped = Browser::new(&desk.router);
    let by = Actor::operator(desk.community);
    let secret = colleague(&desk.house, &mut helped, &by, Role::Technician, "陳師傅").await;
    let page = helped.get("/c/chunhe/resets").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let account = account_named(&desk.house, "陳師傅").await;
    let fields = [
        ("account", account.as_str()),
        ("role", "specialist"),
        ("until", "2026-03-03"),
    ];
    let page = desk.manager.post("/c/chunhe/staff/grant", &fields).await;
    assert_eq!(page.to(), "/c/chunhe/staff", "{}", page.body);

    // 2026-03-03, 23:59:59 in Shanghai.
    let last = Moment::at_start_of(jiff::civil::date(2026, 3, 4)).0 - SECOND;
    desk.house.clock.advance(last - desk.house.now().0);
    enter(&desk.house, &mut helped, "陳師傅", &secret).await;
    let page = helped.get("/c/chunhe/resets").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    desk.house.clock.advance(SECOND);
    let page = helped.get("/c/chunhe/resets").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(helped.get("/").await.to(), "/c/chunhe", "still a colleague");
}

async fn links_made(house: &House) -> i64 {
    let (n,): (i64,) = house
        .db
        .one(ask("SELECT COUNT(*) FROM account_link", params![]))
        .await
        .expect("countable");
    n
}

/// The password and the second factor of a demo are shown by nobody: its links sign in, and
/// the page that asks for the factor tells the code.
#[tokio::test(flavor = "multi_thread")]
async fn a_demo_tells_the_code_that_its_visitor_must_show_and_no_other_house_does() {
    let house = TestHouse::new().await;
    accounts::mark_as_demo(&house)
        .await
        .expect("an empty house");
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Manager, PHONE).await;
    second_factor::enrol_demo(&house, account)
        .await
        .expect("an authenticator");
    let router = router(&house);
    let mut visitor = Browser::new(&router);
    let link = accounts::demo_link(&house, account, accounts::Side::Staff)
        .await
        .expect("a link");
    visitor.post(&link, &[]).await;
    let send = "/c/chunhe/staff/invite";
    let (name, role) = (("name", "何平"), ("role", "host"));
    for nth in 0..2 {
        let page = visitor.post(send, &[name, role]).await;
        let code = after(&page, "data-demo-code=\"");
        let sent = [name, role, ("step-up-code", &*code)];
        let page = visitor.post(send, &sent).await;
        assert!(page.body.contains("/invite/"), "{nth}: {}", page.body);
        house.clock.advance(5 * MINUTE);
    }

    let mut desk = Desk::new().await;
    let manager = account_named(&desk.house, "李靜").await;
    second_factor::enrol_demo(&desk.house, manager)
        .await
        .expect("nothing to do");
    let told = second_factor::demo_code(&desk.house, manager).await;
    assert_eq!(told.expect("an answer"), None);
    assert!(
        !desk
            .manager
            .get("/step-up")
            .await
            .body
            .contains("data-demo-code")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grave_act_asks_for_the_second_factor_on_the_way_and_keeps_what_was_typed() {
    let mut desk = Desk::new().await;
    let invite = [("name", "何 <平> & \"丁\""), ("role", "host")];
    let send = "/c/chunhe/staff/invite";
    let page = desk.manager.post(send, &invite).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    desk.house.clock.advance(5 * MINUTE);
    let page = desk.manager.post(send, &invite).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("name=\"step-up-code\""), "{}", page.body);
    assert!(page.body.contains("action=\"/c/chunhe/staff/invite\""));
    assert_eq!(page.field("role"), "host");
    assert!(!page.body.contains("<平>"), "what was typed is no markup");
    assert!(
        !page.body.contains("data-demo-code"),
        "only a demo tells it"
    );
    assert_eq!(links_made(&desk.house).await, 3, "nothing was done yet");

    let with = |code: &str| {
        let code = code.to_owned();
        let mut all = invite.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
        all.push(("step-up-code".to_owned(), code));
        all
    };
    let sent = with("000000");
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (&**n, &**v)).collect();
    let page = desk.manager.post(send, &sent).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.field("role"), "host", "kept after a mistake");
    assert!(!page.body.contains("000000"), "a code is not repeated");
    assert_eq!(links_made(&desk.house).await, 3);

    let code = second_factor::code_at(&desk.secret, desk.house.now()).expect("a code");
    let before = session_of(&desk.manager);
    let sent = with(&code);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (&**n, &**v)).collect();
    let page = desk.manager.post(send, &sent).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(
        links_made(&desk.house).await,
        4,
        "it went on as it was sent"
    );
    assert_ne!(before, session_of(&desk.manager), "another secret");
    // The same code shows nothing twice, and a fresh session is not asked.
    let page = desk.manager.post(send, &invite).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(links_made(&desk.house).await, 5);
    desk.house.clock.advance(5 * MINUTE);
    let page = desk.manager.post(send, &sent).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Never to another house.
    desk.house.clock.advance(MINUTE);
    let code = second_factor::code_at(&desk.secret, desk.house.now()).expect("a code");
    let page = desk
        .manager
        .post(
            "/step-up",
            &[("code", &code), ("to", "//elsewhere.example")],
        )
        .await;
    assert_eq!(page.to(), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_account_is_out_at_once_and_its_sessions_do_not_come_back() {
    let house = TestHouse::new().await;
    let c = compound(&house, 1, "chunhe").await;
    let account = member(&house, c, Role::Owner, PHONE).await;
    let router = router(&house);
    let mut browser = Browser::new(&router);
    sign_in(&mut browser, PHONE, PASSWORD).await;
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    let by = Actor::operator(HOUSE);
    accounts::roles::disable(&house, &by, account)
        .await
        .expect("it can be shut");
    assert_eq!(browser.get("/me").await.to(), "/sign-in?to=%2Fme");
    let mut again = Browser::new(&router);
    let page = sign_in(&mut again, PHONE, PASSWORD).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    accounts::roles::enable(&house, &by, account)
        .await
        .expect("it can be opened");
    assert_eq!(browser.get("/me").await.to(), "/sign-in?to=%2Fme");
    assert_eq!(sign_in(&mut again, PHONE, PASSWORD).await.to(), "/me");
}
