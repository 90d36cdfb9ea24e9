//! The assistant's pages, asked through the room's own routes as the guard hands a request on.

use ::assistant::entry::{Body, Live, Source};
use ::assistant::{editing, pages};
use axum::body;
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use foundation::page::words::{Lang, Words};
use foundation::page::{Compound, Frame};
use permissions::actor::Actor;
use tower::ServiceExt as _;

use super::{body as entry, office, published};
use crate::conduct::world::Street;

fn door(s: &Street, actor: &Actor, lang: Lang) -> Router {
    let frame = Frame {
        words: Words::new(lang),
        compound: Some(Compound {
            name: "蘭庭".into(),
            slug: "lanting".into(),
        }),
        ..Frame::default()
    };
    let mut router = Router::new();
    for route in pages::routes().0 {
        router = router.route(route.path, route.serve);
    }
    router
        .layer(Extension(actor.clone()))
        .layer(Extension(frame))
        .with_state(s.w.house.house.clone())
}

async fn ask(router: &Router, path: &str, form: Option<&[(&str, &str)]>) -> (StatusCode, String) {
    let mut request = Request::builder().uri(format!("/c/lanting{path}"));
    let sent = match form {
        None => body::Body::empty(),
        Some(fields) => {
            request = request
                .method("POST")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let text = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            body::Body::from(text)
        }
    };
    let request = request.body(sent).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("infallible");
    let status = answer.status();
    let bytes = body::to_bytes(answer.into_body(), 4 << 20).await;
    let bytes = bytes.expect("a body");
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_page_shows_source_and_day_and_tells_the_truth_about_danger() {
    let s = Street::new().await;
    office(&s).await;
    let rules = Body {
        source: Source::Rules,
        source_ref: "1".into(),
        ..entry("群裏能發廣告嗎", &["可以在群裏賣東西嗎"])
    };
    published(&s, "ads", rules).await;
    let hours = Body {
        live: Live::Hours,
        ..entry("我欠多少", &["查我的欠費"])
    };
    published(&s, "mine", hours).await;
    let fills = [("office_hours".to_owned(), "8:30–18:00".to_owned())].into();
    editing::fill(&s.w.house, &s.w.manager, fills)
        .await
        .expect("filled");
    let owner = door(&s, &s.wang, Lang::ZhHant);
    let said = |question: &'static str| {
        let owner = owner.clone();
        async move {
            let sent = ask(&owner, "/ask", Some(&[("question", question)])).await;
            assert_eq!(sent.0, StatusCode::SEE_OTHER, "{question}");
            ask(&owner, "/ask", None).await.1
        }
    };
    let page = said("群裏能發廣告嗎").await;
    assert!(
        page.contains("群規第 1 版") && page.contains("確認"),
        "{page}"
    );
    let page = said("我欠多少").await;
    assert!(page.contains("只給您看的"), "{page}");
    // Asked about: advice, and nobody was told.
    let page = said("如果着火怎麼辦").await;
    assert!(
        page.contains("tel:119") && page.contains("還沒有人收到"),
        "{page}"
    );
    // Happening, without a desk: on the list, and the page says that nobody may be looking.
    let page = said("廚房着火了").await;
    assert!(
        page.contains("不一定正在看") && !page.contains("R-20"),
        "{page}"
    );
    // Too long: what was typed stays.
    let long = "長".repeat(600);
    let (status, page) = ask(&owner, "/ask", Some(&[("question", &long)])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(&long));
    let english = door(&s, &s.wang, Lang::En);
    let (status, page) = ask(&english, "/ask", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("call at once"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_keeps_what_was_typed_and_shows_what_stands_in_the_way() {
    let s = Street::new().await;
    let (pay, _) = office(&s).await;
    let house = &s.w.house;
    let manager = door(&s, &s.w.manager, Lang::ZhHant);
    let fields = [
        ("row", "2"),
        ("title", "物業費怎麼繳"),
        ("phrasings", "在哪裏交物業費"),
        ("answer", "打 {office_phone}"),
        ("valid_to", "2026-02-31"),
    ];
    let path = format!("/assistant/{pay}");
    let (status, page) = ask(&manager, &path, Some(&fields)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("打 {office_phone}"), "{page}");
    let (status, _) = ask(&manager, &path, Some(&fields[..4])).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = ask(&manager, &path, None).await;
    assert!(
        page.contains("有未發布的新版") && page.contains("office_phone"),
        "{page}"
    );
    let publish = format!("{path}/publish");
    let row = editing::one(house, &s.w.manager, pay)
        .await
        .expect("there")
        .row_version
        .to_string();
    let (status, page) = ask(&manager, &publish, Some(&[("row", &row)])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("先填寫"), "{page}");
    // Another saved meanwhile: told so, with what was typed.
    let (status, page) = ask(&manager, &path, Some(&fields[..4])).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("打 {office_phone}"));
    for path in [
        "/assistant",
        "/assistant?q=%E9%9B%BB%E6%A2%AF&sort=-changed",
        "/assistant/new",
        "/assistant-work",
        "/assistant-figures",
        "/assistant-places",
        "/assistant-manner",
        "/assistant-import",
    ] {
        let (status, _) = ask(&manager, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}");
    }
    let (_, page) = ask(&manager, "/assistant-places", None).await;
    assert!(
        page.contains("管理處和常用電話") && page.contains("已填 0/1") && page.contains("open"),
        "{page}"
    );
    let long = "長".repeat(201);
    let (status, page) = ask(
        &manager,
        "/assistant-places",
        Some(&[("fill-office_phone", &long)]),
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(&long), "what was typed stays");
    let (status, _) = ask(
        &manager,
        "/assistant-places",
        Some(&[("fill-office_phone", "62345600")]),
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = ask(&manager, "/assistant-places", None).await;
    assert!(page.contains("已填 1/1"), "{page}");
    let (status, _) = ask(&manager, "/assistant-export", Some(&[])).await;
    assert_eq!(status, StatusCode::OK);
}
