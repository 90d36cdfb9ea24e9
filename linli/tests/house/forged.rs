//! An attacker from the next compound: every colleague's role there, every door of the
//! house, every id of ours in each place of a path and in every field of a form. Made from
//! the routes themselves, so that a new door is tried without anybody thinking of it.

use accounts::Side;
use accounts::sessions::Opening;
use accounts::{Site, sign_in};
use foundation::database::{Community, HOUSE, ask};
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Kind, Who};
use foundation::params;
use linli::doors::rooms;
use linli::doors::web::router;
use permissions::Role;
use permissions::actor::Actor;

use crate::accounts::session_of;
use crate::accounts_browser::Browser;
use crate::archive::office::{Office, pdf};
use crate::membership::terms::member;
use crate::membership::world::{C, NAMES, World, employ};

const THERE: Community = Community(2);
/// Fields in which one of our forms carries an id.
const FIELDS: [&str; 39] = [
    "room",
    "party",
    "person",
    "account",
    "application",
    "member",
    "id",
    "ids",
    "bill",
    "into",
    "relation",
    "checker",
    "replaces",
    "answer",
    "appeal",
    "cabinet",
    "category",
    "channel",
    "deputy",
    "document",
    "documents",
    "dossier",
    "drop",
    "entry",
    "found",
    "item",
    "keys",
    "meter",
    "renovation",
    "reply",
    "rests",
    "row",
    "sanction",
    "stay",
    "subject",
    "team",
    "to",
    "who_1",
    "witness",
];

/// The compound next door.
async fn next_door(w: &World) {
    w.house
        .db
        .write_across(
            vec![HOUSE],
            w.house.stamp(&Who::operator()),
            move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO community (number, slug, name, company, created_at, phone_bits, \
                     tail_bits, document_bits, settings) \
                     VALUES ($1, 'qiushui', '秋水', NULL, 0, 12, 10, 12, '{}')",
                    params![THERE],
                ))?;
                tx.open_log(THERE)?;
                tx.record(Event::new(Kind::new("test.made", 1)), ())
            },
        )
        .await
        .expect("a compound is made");
}

/// Every id that our compound has, of each sort.
async fn ids(w: &World) -> Vec<Id> {
    let mut out = Vec::new();
    for table in [
        "room",
        "party",
        "relation",
        "application",
        "member",
        "invitation",
        "dossier",
        "document",
        "assistant_entry",
        "assistant_question",
        "desk_ticket",
        "desk_category",
    ] {
        let rows: Vec<(Id,)> = w
            .house
            .db
            .all(ask(
                format!("SELECT id FROM {table} WHERE community = $1 ORDER BY id LIMIT 2"),
                params![C],
            ))
            .await
            .expect("readable");
        out.extend(rows.into_iter().map(|r| r.0));
    }
    out
}

/// How much our compound has of everything, and how far its ledger is.
async fn state(w: &World) -> Vec<(&'static str, i64)> {
    let mut out = Vec::new();
    for (table, what) in [
        ("ledger", "COUNT(*)"),
        ("room", "SUM(version)"),
        ("party", "SUM(version)"),
        ("relation", "SUM(version)"),
        ("application", "SUM(version)"),
        ("member", "SUM(version)"),
        ("fee_payment", "COUNT(*)"),
        ("fee_bill", "COUNT(*)"),
        ("behalf", "COUNT(*)"),
        ("role_grant", "COUNT(*)"),
        ("dossier", "SUM(waiting + documents)"),
        ("document", "SUM(row_version)"),
        ("assistant_entry", "SUM(row_version)"),
        ("assistant_question", "SUM(open + down)"),
        ("desk_ticket", "SUM(version)"),
        ("desk_category", "SUM(version)"),
        ("desk_step", "COUNT(*)"),
    ] {
        let (n,): (i64,) = w
            .house
            .db
            .one(ask(
                format!(
                    "SELECT CAST(COALESCE({what}, 0) AS BIGINT) FROM {table} WHERE community = $1"
                ),
                params![C],
            ))
            .await
            .expect("countable");
        out.push((table, n));
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_compound_open_nothing_and_change_nothing_at_any_door() {
    let o = Office::new().await;
    o.filed(o.dossier(0).await, dossiers::Kind::Covenant, 1)
        .await;
    let paper = [("a.pdf", pdf(1, "x"))];
    o.hands_in(o.dossier(1).await, dossiers::Kind::Identity, &paper)
        .await
        .expect("taken");
    let w = o.w;
    let (_, joined) = member(&w, 0).await;
    let owner = Actor::account(joined.account, None, C, vec![Role::Owner], Door::Web);
    w.applied(w.answers(1)).await;
    let answer = assistant::entry::Body {
        title: "王小明問過的".into(),
        phrasings: vec!["門禁卡丟了怎麼補".into()],
        answer: "到前台。".into(),
        ..Default::default()
    };
    assistant::editing::begin(&w.house, &w.specialist, "card", answer)
        .await
        .expect("an answer");
    assistant::asking::ask(&w.house, &owner, "頂樓能養蜜蜂嗎")
        .await
        .expect("a question");
    let reported = desk::opening::New {
        kind: desk::Kind::Repair,
        words: "水管漏水".into(),
        place: desk::opening::Place::Room(w.rooms[0]),
        ..desk::opening::New::default()
    };
    desk::opening::by_office(&w.house, &w.specialist, reported)
        .await
        .expect("taken");
    next_door(&w).await;
    let ours = ids(&w).await;
    assert!(ours.len() >= 10, "{ours:?}");
    let before = state(&w).await;
    let routes = rooms::routes();
    let doors: Vec<(String, &'static str)> = routes
        .0
        .iter()
        .filter(|r| r.path.starts_with("/c/{c}/"))
        .map(|r| (r.method.to_string(), r.path))
        .collect();
    let router = router(w.house.house.clone(), routes).expect("every route is guarded");
    let site = Site {
        base: "http://house.test".into(),
        secure: false,
    };
    let mut tried = 0;
    for role in [Role::Manager, Role::Specialist, Role::Host, Role::Cashier] {
        let account = employ(&w.house, THERE, role)
            .await
            .account
            .expect("an account");
        let mut browser = Browser::new(&router);
        let mut opening = Opening::new(&w.house, account, Side::Staff, String::new());
        opening.second = true;
        let token = sign_in::enter(&w.house, opening, "password")
            .await
            .expect("a session");
        let set = token.cookie(&site, Side::Staff);
        let secret = set.split([';', '=']).nth(1).expect("a secret");
        browser
            .cookies
            .insert("linli-session".into(), secret.to_owned());
        for (method, pattern) in &doors {
            let holes = pattern.matches("/{").count() > 1;
            for id in &ours {
                let path: Vec<&str> = pattern
                    .split('/')
                    .map(|part| match part {
                        "{c}" => "qiushui",
                        "{act}" => "suspend",
                        part if part.starts_with('{') => id.as_str(),
                        part => part,
                    })
                    .collect();
                let path = path.join("/");
                let answer = if method == "GET" {
                    if !holes {
                        continue;
                    }
                    browser.get(&path).await
                } else {
                    let mut fields: Vec<(&str, &str)> =
                        FIELDS.iter().map(|name| (*name, id.as_str())).collect();
                    fields.extend([
                        ("act", "approve"),
                        ("version", "1"),
                        ("reason", "trying the door next to ours"),
                        ("column", "phone"),
                        ("days", "3"),
                        ("amount", "1"),
                    ]);
                    browser.post(&path, &fields).await
                };
                tried += 1;
                assert!(
                    answer.status.as_u16() < 500,
                    "{method} {path}: {}",
                    answer.status
                );
                // The first room's code is also what hints give as an example.
                for secret in NAMES.iter().copied().chain(["3-2-1802", "13800138"]) {
                    assert!(
                        !answer.body.contains(secret),
                        "{method} {path} as {} tells {secret}",
                        role.word()
                    );
                }
            }
        }
        assert!(!session_of(&browser).is_empty());
    }
    assert!(tried > 1_000, "{tried}");
    assert_eq!(state(&w).await, before);
}
