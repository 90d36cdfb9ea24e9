//! The pages of arrears, asked through the room's own routes.

use accounts::Site;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use foundation::page::words::{Lang, Words};
use foundation::page::{Compound, Frame};
use jiff::civil::date;
use permissions::actor::Actor;
use tower::ServiceExt as _;

use super::Desk;

pub fn door(d: &Desk, actor: &Actor, lang: Lang) -> Router {
    let mut router = Router::new();
    for route in arrears::pages::routes().0 {
        router = router.route(route.path, route.serve);
    }
    layered(d, actor, lang, router)
}

/// Routes as `actor` reaches them.
pub fn layered(
    d: &Desk,
    actor: &Actor,
    lang: Lang,
    router: Router<std::sync::Arc<foundation::house::House>>,
) -> Router {
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
    router
        .layer(Extension(actor.clone()))
        .layer(Extension(site))
        .layer(Extension(frame))
        .with_state(d.s.house.house.clone())
}

async fn sent(router: &Router, request: Request<Body>) -> (StatusCode, String) {
    let answer = router.clone().oneshot(request).await.expect("infallible");
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 8 << 20).await;
    let body = body.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

pub async fn get_bytes(router: &Router, path: &str) -> (StatusCode, Vec<u8>) {
    let request = Request::builder().uri(format!("/c/chunheyuan{path}"));
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("infallible");
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 32 << 20).await;
    (status, body.expect("a body").to_vec())
}

pub async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(format!("/c/chunheyuan{path}"));
    sent(router, request.body(Body::empty()).expect("a request")).await
}

pub async fn post(router: &Router, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let text = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::builder()
        .method("POST")
        .uri(format!("/c/chunheyuan{path}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(text));
    sent(router, request.expect("a request")).await
}

/// A form with files, without any.
pub async fn upload(router: &Router, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let mut text = String::new();
    for (name, value) in fields {
        text.push_str(&format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    text.push_str("--edge--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri(format!("/c/chunheyuan{path}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(text));
    sent(router, request.expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_specialist_finds_a_household_and_records_a_call_on_the_phone() {
    let d = Desk::new().await;
    d.on(date(2025, 3, 3));
    d.follow().await;
    let desk = door(&d, &d.specialist, Lang::ZhHant);
    let (status, page) = get(&desk, "/arrears").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("3-2-1001") && page.contains("逾期未跟蹤"));
    let room = format!("/arrears/{}", d.room);
    let (status, page) = get(&desk, &room).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("2025-03-02") && page.contains("民法典 201"));
    let form = format!("{room}/contact");
    assert_eq!(get(&desk, &form).await.0, StatusCode::OK);
    let mut fields = vec![
        ("way", "phone"),
        ("reached", "owner"),
        ("result", "promised"),
        ("on", "2025-03-03"),
        ("time", "10:05"),
        ("promised_on", "2025-03-10"),
        ("promised", "300"),
        ("said", "再不繳就停電"),
        ("answered", "下週一繳"),
    ];
    let (status, page) = upload(&desk, &form, &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("民法典 944"), "the article is shown");
    assert!(page.contains("下週一繳"), "what was typed is kept");
    fields[7].1 = "請問什麼時候方便繳";
    let (status, page) = upload(&desk, &form, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, page) = get(&desk, &room).await;
    assert!(page.contains("下週一繳") && page.contains("2025-03-18"));
    for lang in [Lang::En, Lang::ZhHans] {
        let desk = door(&d, &d.specialist, lang);
        for path in [
            "/arrears",
            room.as_str(),
            "/arrears-holds",
            "/arrears?show=held",
        ] {
            assert_eq!(get(&desk, path).await.0, StatusCode::OK, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_the_own_arrears_objects_and_the_manager_answers() {
    let d = Desk::new().await;
    d.on(date(2025, 3, 3));
    d.follow().await;
    let owner = d.s.owner_of(d.room).await;
    let phone = door(&d, &owner, Lang::ZhHant);
    let (status, page) = get(&phone, "/my-arrears").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("300.00") && page.contains("不影響"));
    let to = format!("/my-arrears/{}", d.room);
    let (status, page) = post(&phone, &to, &[("why", ""), ("note", "抄表錯了")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("抄表錯了"), "what was typed is kept");
    let said = [("why", "dispute"), ("note", "抄表錯了")];
    assert_eq!(post(&phone, &to, &said).await.0, StatusCode::SEE_OTHER);
    let others = format!("/my-arrears/{}", d.s.rooms[1]);
    assert_eq!(post(&phone, &others, &said).await.0, StatusCode::NOT_FOUND);
    let desk = door(&d, &d.manager, Lang::ZhHant);
    let (_, page) = get(&desk, "/arrears-holds").await;
    assert!(page.contains("抄表錯了") && page.contains("業主提出"));
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_drawn_and_the_terms_are_set() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    d.contact(d.call()).await.expect("recorded");
    let desk = door(&d, &d.specialist, Lang::ZhHant);
    let room = format!("/arrears/{}", d.room);
    let issue = format!("{room}/letters");
    assert_eq!(
        post(&desk, &issue, &[("kind", "demand")]).await.0,
        StatusCode::SEE_OTHER
    );
    let story = arrears::looking::story(&d.s.house, &d.specialist, d.room).await;
    let letter = story.expect("told").letters[0].id;
    for path in [
        format!("/arrears-letters/{letter}/letter.pdf"),
        format!("{room}/evidence.pdf"),
    ] {
        let (status, pdf) = get(&desk, &path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(pdf.starts_with("%PDF-"), "{path}");
    }
    assert!(d.has_told(arrears::events::EVIDENCE_DRAWN).await);
    let set = door(&d, &d.supervisor, Lang::ZhHant);
    let terms = [("term", "14"), ("manager", "7"), ("version", "0")];
    let (status, page) = post(&set, "/arrears-settings", &terms).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("15"));
    let terms = [("term", "20"), ("manager", "5"), ("version", "0")];
    assert_eq!(
        post(&set, "/arrears-settings", &terms).await.0,
        StatusCode::SEE_OTHER
    );
    let to = d.specialist.account.expect("an account").to_string();
    let draft = roster::RoomDraft::default();
    roster::add_room(&d.s.house, &d.manager, d.s.community, "3-2-1809", &draft)
        .await
        .expect("a building");
    let share = [("building", "3"), ("account", to.as_str())];
    let given = post(&set, "/arrears-settings/buildings", &share).await;
    assert_eq!(given.0, StatusCode::SEE_OTHER);
    let (_, page) = get(&desk, "/arrears?building=mine").await;
    assert!(page.contains("我負責的樓棟"));
}
