//! The pages of fees, asked through the room's own routes, as the guard hands a
//! request on: with an actor, a site and a frame.

use std::net::Ipv4Addr;

use accounts::Site;
use accounts::site::ClientAddress;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use axum::{Extension, Router};
use fees::{Fen, account, bill_month, routes};
use foundation::clock::DAY;
use foundation::page::words::{Lang, Words};
use foundation::page::{Compound, Frame};
use permissions::actor::Actor;
use tower::ServiceExt as _;

use super::street::{Street, march};

/// The room's routes as `actor` reaches them.
pub fn door(s: &Street, actor: &Actor, lang: Lang) -> Router {
    let frame = Frame {
        words: Words::new(lang),
        compound: Some(Compound {
            name: "春和園".into(),
            slug: "chunheyuan".into(),
        }),
        ..Frame::default()
    };
    let site = Site {
        base: "http://house.test".into(),
        secure: false,
    };
    let mut router = Router::new();
    for route in routes().0 {
        router = router.route(route.path, route.serve);
    }
    router
        .layer(Extension(actor.clone()))
        .layer(Extension(ClientAddress(Ipv4Addr::LOCALHOST.into())))
        .layer(Extension(site))
        .layer(Extension(frame))
        .with_state(s.house.house.clone())
}

pub async fn ask(
    router: &Router,
    path: &str,
    form: Option<&[(&str, &str)]>,
) -> (StatusCode, String) {
    let mut request = Request::builder().uri(format!("/c/chunheyuan{path}"));
    let body = match form {
        None => Body::empty(),
        Some(fields) => {
            request = request
                .method("POST")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let text = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            Body::from(text)
        }
    };
    let answer: Response<Body> = router
        .clone()
        .oneshot(request.body(body).expect("a request"))
        .await
        .expect("infallible");
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 4 << 20).await;
    (
        status,
        String::from_utf8_lossy(&body.expect("a body")).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_bills_a_month_takes_money_and_prints_the_statement() {
    let s = Street::new().await;
    let desk = door(&s, &s.manager, Lang::ZhHant);
    let room = format!("/fees/rooms/{}", s.rooms[1]);
    let (status, page) = ask(&desk, "/fees/month?period=2026-03", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("¥896.65") && page.contains("3-2-1003"),
        "{page}"
    );
    let unknown = format!("href=\"/c/chunheyuan/rooms/{}\"", s.rooms[2]);
    assert!(
        page.contains(&unknown) && page.contains("面積不明") && page.contains("/imports"),
        "a room without an area leads to where it is mended: {page}"
    );
    let property = s.property.to_string();
    let form = [("period", "2026-03"), ("item", property.as_str())];
    let (status, _) = ask(&desk, "/fees/month", Some(&form)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    let (_, page) = ask(&desk, &room, None).await;
    assert!(
        page.contains("¥342.00") && page.contains("登記收款"),
        "{page}"
    );
    let fields = [
        ("amount", "１00.5元"),
        ("way", "cash"),
        ("paid_on", "2026-03-02"),
    ];
    let (status, page) = ask(&desk, &format!("{room}/payments"), Some(&fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let fields = [
        ("amount", "五"),
        ("way", "shells"),
        ("paid_on", "2026-03-02"),
    ];
    let (status, page) = ask(&desk, &format!("{room}/payments"), Some(&fields)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"五\""), "what was typed is kept");
    let (status, page) = ask(&desk, &format!("{room}/statement"), None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("¥241.50") && page.contains("2026-000001"),
        "{page}"
    );

    s.house.clock.advance(60 * DAY);
    let (status, page) = ask(&desk, "/fees", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("3-2-1002") && page.contains("¥241.50"),
        "{page}"
    );
    let (_, page) = ask(&desk, "/fees?q=3-2-9999", None).await;
    assert!(page.contains("沒有符合的欠費"));
    for path in ["/fees/day?date=2026-03-02", "/fees/items"] {
        assert_eq!(ask(&desk, path, None).await.0, StatusCode::OK, "{path}");
    }
    let (status, page) = ask(&desk, &format!("/fees/items/{property}"), None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("value=\"2.85\""), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_are_the_managers_and_ask_for_a_reason() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let bill = s.bill_of(s.rooms[1]).await;
    let at = format!("/fees/bills/{bill}");
    let desk = door(&s, &s.manager, Lang::En);
    let (status, page) = ask(&desk, &at, None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Write this off"), "{page}");
    let (status, page) = ask(
        &desk,
        &format!("{at}/write-off"),
        Some(&[("off", "5"), ("reason", "")]),
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Please give a reason"));
    let form = [("off", "5"), ("reason", "hardship")];
    let (status, _) = ask(&desk, &format!("{at}/write-off"), Some(&form)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let form = [("adjust", "-2.00"), ("reason", "lift out of order")];
    assert_eq!(
        ask(&desk, &format!("{at}/adjust"), Some(&form)).await.0,
        StatusCode::SEE_OTHER
    );
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!(view.owed, Fen(34_200 - 500 - 200));

    let till = door(&s, &s.cashier, Lang::En);
    let (_, page) = ask(&till, &at, None).await;
    assert!(!page.contains("Write this off"));
    let (status, _) = ask(&till, &format!("{at}/write-off"), Some(&form)).await;
    assert_ne!(status, StatusCode::SEE_OTHER);
    let stranger = door(&s, &s.other, Lang::En);
    assert_eq!(ask(&stranger, &at, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        ask(&desk, "/fees/bills/forged", None).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_reads_the_own_fees_and_nobody_elses() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let owner = s.owner_of(s.rooms[1]).await;
    for (lang, word) in [
        (Lang::ZhHant, "待繳"),
        (Lang::ZhHans, "待缴"),
        (Lang::En, "To pay"),
    ] {
        let (status, page) = ask(&door(&s, &owner, lang), "/my-fees", None).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("3-2-1002") && page.contains("¥342.00") && page.contains(word),
            "{page}"
        );
        assert!(!page.contains("3-2-1001"));
        assert!(page.len() < 100_000, "an owner's page stays small");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_sent_several_times_at_once_is_made_once() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let view = account(&s.house, &s.manager, s.rooms[0]).await;
    let bill = view.expect("readable").bills[0].id;
    let desk = door(&s, &s.manager, Lang::ZhHant);
    let at = format!("/fees/bills/{bill}");
    let (_, page) = ask(&desk, &at, None).await;
    let mark = "name=\"once\" value=\"";
    let once = page.split(mark).nth(1).and_then(|p| p.split('"').next());
    let once = once.expect("the form has an id of its own").to_owned();
    let fields = [
        ("amount", "-1"),
        ("adjust", "-1"),
        ("reason", "停梯"),
        ("once", &*once),
    ];
    let path = format!("{at}/adjust");
    let send = || ask(&desk, &path, Some(&fields));
    let (a, b, c) = tokio::join!(send(), send(), send());
    for (status, page) in [a, b, c] {
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    let view = account(&s.house, &s.manager, s.rooms[0]).await;
    let view = view.expect("readable");
    assert_eq!(view.corrections.len(), 1);
    assert_eq!(view.corrections[0].amount, Fen(-100));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offices_other_pages_open_and_keep_what_was_typed() {
    let s = Street::new().await;
    for lang in [Lang::ZhHant, Lang::ZhHans, Lang::En] {
        let desk = door(&s, &s.manager, lang);
        for path in [
            "meters", "bank", "till", "balance", "wishes", "rules", "month",
        ] {
            let (status, page) = ask(&desk, &format!("/fees/{path}"), None).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(
                !page.contains(">fees-"),
                "a word is missing on {path}: {page}"
            );
        }
    }
    let desk = door(&s, &s.manager, Lang::En);
    let form = [
        ("name", "水費"),
        ("kind", "water"),
        ("basis", "metered"),
        ("rate", "3"),
        ("part_month", "whole"),
        ("due_day", "25"),
        ("due_months", "0"),
        ("from", "2026-01"),
    ];
    let (status, page) = ask(&desk, "/fees/items", Some(&form)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, page) = ask(&desk, "/fees/meters", None).await;
    let item = page.split("<option value=\"").find(|o| o.contains("水費"));
    let item = item
        .and_then(|o| o.split('"').next())
        .expect("the item")
        .to_owned();
    let meter = |room: &'static str| {
        [
            ("item", item.clone()),
            ("number", "W-1".to_owned()),
            ("room", room.to_owned()),
            ("digits", "5".to_owned()),
            ("installed_on", "2026-01-01".to_owned()),
            ("start", "0".to_owned()),
        ]
    };
    let sent = |fields: [(&'static str, String); 6]| {
        let desk = desk.clone();
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            ask(&desk, "/fees/meters", Some(&fields)).await
        }
    };
    let (status, page) = sent(meter("9-9-9999")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("There is no such room") && page.contains("value=\"9-9-9999\""));
    assert_eq!(sent(meter("3-2-1001")).await.0, StatusCode::SEE_OTHER);
    let lines = [("readings", "W-1 12.5 2026-02-28\nW-9 3\nW-1 13 2026-02-01")];
    let (status, page) = ask(&desk, "/fees/readings", Some(&lines)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("No meter has this number") && page.contains("12.5"),
        "{page}"
    );
    let counted = [("cash", "5")];
    let (status, page) = ask(&desk, "/fees/till", Some(&counted)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("please say why") && page.contains("value=\"5\""));
}
