//! The desk's pages, asked through the room's own routes.

use accounts::Site;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use foundation::page::words::{Lang, Words};
use foundation::page::{Compound, Frame};
use tower::ServiceExt as _;

use super::*;

pub fn door(d: &Counter, actor: &Actor, lang: Lang) -> Router {
    let frame = Frame {
        words: Words::new(lang),
        compound: Some(Compound {
            name: "蘭庭".into(),
            slug: "lanting1".into(),
        }),
        ..Frame::default()
    };
    let site = Site {
        base: "http://house.test".into(),
        secure: false,
    };
    let mut router = Router::new();
    let asks = ::assistant::pages::routes().0;
    let finds = linli::doors::find::routes().0;
    let all = ::desk::pages::routes().0.into_iter();
    for route in all.chain(asks).chain(finds) {
        router = router.route(route.path, route.serve);
    }
    router
        .layer(Extension(actor.clone()))
        .layer(Extension(site))
        .layer(Extension(frame))
        .with_state(d.w.house.house.clone())
}

async fn sent(router: &Router, request: Request<Body>) -> (StatusCode, String, String) {
    let answer = router.clone().oneshot(request).await.expect("infallible");
    let status = answer.status();
    let to = answer.headers().get(header::LOCATION);
    let to = to.and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let body = axum::body::to_bytes(answer.into_body(), 8 << 20).await;
    let body = body.expect("a body");
    (status, to, String::from_utf8_lossy(&body).into_owned())
}

pub async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(format!("/c/lanting1{path}"));
    let (status, _, body) = sent(router, request.body(Body::empty()).expect("a request")).await;
    (status, body)
}

pub async fn post(
    router: &Router,
    path: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let text = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::builder()
        .method("POST")
        .uri(format!("/c/lanting1{path}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(text));
    sent(router, request.expect("a request")).await
}

/// A form with a picture of one grey pixel in each of its files.
async fn upload(
    router: &Router,
    path: &str,
    fields: &[(&str, &str)],
    pictures: &[&[u8]],
) -> (StatusCode, String, String) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    for bytes in pictures {
        body.extend_from_slice(
            b"--edge\r\nContent-Disposition: form-data; name=\"pictures\"; filename=\"a.png\"\r\n\
              Content-Type: image/png\r\n\r\n",
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri(format!("/c/lanting1{path}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body));
    sent(router, request.expect("a request")).await
}

fn png() -> Vec<u8> {
    let mut out = Vec::new();
    let grey = image::RgbImage::from_pixel(8, 8, image::Rgb([90, 90, 90]));
    image::DynamicImage::ImageRgb8(grey)
        .write_to(&mut std::io::Cursor::new(&mut out), image::ImageFormat::Png)
        .expect("a picture");
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_reports_with_pictures_and_follows_it_to_the_end() {
    let d = Counter::new().await;
    let owner = door(&d, &d.owner, Lang::ZhHant);
    let (status, page) = get(&owner, "/my-tickets/new?kind=repair").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("3-2-1801") && page.contains("公共區域"));
    let room = d.w.rooms[0].to_string();
    let fields = [
        ("kind", "repair"),
        ("words", ""),
        ("place", room.as_str()),
        ("sent_id", "p1"),
    ];
    let (status, _, page) = upload(&owner, "/my-tickets/new", &fields, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("請寫明內容"), "it says how to mend it");
    let mut said = fields;
    said[1].1 = "水龍頭滴水";
    let (status, to, _) = upload(&owner, "/my-tickets/new", &said, &[&png(), &png()]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, again, _) = upload(&owner, "/my-tickets/new", &said, &[&png()]).await;
    assert_eq!(to, again, "sent twice by a poor network, it is one");
    let matter = to.strip_prefix("/c/lanting1").expect("our own");
    let (status, page) = get(&owner, matter).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("R-2026-000001") && page.contains("水龍頭滴水"));
    assert_eq!(
        page.matches("/pictures/").count(),
        4,
        "two, each with its link"
    );
    let at = page.find(&format!("{to}/pictures/")).expect("a picture");
    let picture = page[at..].split('"').next().expect("quoted").to_owned();
    let picture = picture.strip_prefix("/c/lanting1").expect("our own");
    assert_eq!(get(&owner, picture).await.0, StatusCode::OK);
    let neighbour = door(&d, &d.neighbour, Lang::ZhHant);
    assert_eq!(get(&neighbour, picture).await.0, StatusCode::NOT_FOUND);
    assert_eq!(get(&neighbour, matter).await.0, StatusCode::NOT_FOUND);
    let (_, mine) = get(&owner, "/my-tickets").await;
    assert!(mine.contains("水龍頭滴水"));

    // The office sorts it and gives it to the technician, who does it on the phone.
    let id = matter.rsplit('/').next().expect("an id");
    let desk = door(&d, &d.w.specialist, Lang::En);
    let (_, list) = get(&desk, "/desk").await;
    assert!(list.contains("R-2026-000001"));
    let (_, ticket) = get(&desk, &format!("/desk/{id}")).await;
    assert!(ticket.contains("First response") && ticket.contains("水龍頭滴水"));
    let to = d.technician.account.expect("an account").to_string();
    let act = format!("/desk/{id}/act");
    let give = [("act", "assign"), ("to", to.as_str())];
    assert_eq!(post(&desk, &act, &give).await.0, StatusCode::SEE_OTHER);
    let wrong = [("act", "resolve"), ("outcome", "fixed"), ("words", "好")];
    let (status, _, page) = post(&desk, &act, &wrong).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("is not possible"));
    let phone = door(&d, &d.technician, Lang::ZhHant);
    let (_, list) = get(&phone, "/desk").await;
    assert!(list.contains("R-2026-000001"), "their own list comes first");
    for step in [
        vec![("act", "accept")],
        vec![("act", "start")],
        vec![
            ("act", "resolve"),
            ("outcome", "fixed"),
            ("words", "換了閥芯"),
        ],
    ] {
        let (status, _, page) = post(&phone, &act, &step).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{step:?} {page}");
    }
    let (_, page) = get(&owner, matter).await;
    assert!(page.contains("這件事辦好了嗎") && page.contains("換了閥芯"));
    let done = [("act", "confirm"), ("rating", "4")];
    let (status, ..) = post(&owner, &format!("{matter}/act"), &done).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, calls) = get(&desk, "/desk-calls").await;
    assert!(calls.contains("R-2026-000001"));
    let yes = [("content", "yes"), ("words", "業主滿意")];
    let (status, ..) = post(&desk, &format!("/desk/{id}/call"), &yes).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_takes_a_call_and_sets_its_terms() {
    let d = Counter::new().await;
    let desk = door(&d, &d.w.specialist, Lang::ZhHant);
    let fields = [
        ("kind", "repair"),
        ("words", "走廊燈不亮"),
        ("place", "room"),
        ("room", "9-9-999"),
        ("source", "phone"),
        ("phone", "13800138009"),
    ];
    let (status, _, page) = upload(&desk, "/desk/new", &fields, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("13800138009"), "what was typed is kept");
    let mut right = fields;
    right[3].1 = "3棟2單元1801";
    let (status, to, page) = upload(&desk, "/desk/new", &right, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, page) = get(&desk, to.strip_prefix("/c/lanting1").expect("ours")).await;
    assert!(page.contains("3-2-1801") && page.contains("電話"));
    let ticket = to.clone();
    for typed in ["R-2026-000001", "r1"] {
        let (_, page) = get(&desk, &format!("/find?q={typed}")).await;
        assert!(page.contains(&ticket), "{typed} finds it: {page}");
    }
    // A complaint that the counter took is out of its sight.
    let complaint = [
        ("kind", "complaint"),
        ("words", "保安不理人"),
        ("place", "none"),
        ("source", "counter"),
    ];
    let (status, to, _) = upload(&desk, "/desk/new", &complaint, &[]).await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/c/lanting1/desk")
    );

    let manager = door(&d, &d.w.manager, Lang::ZhHant);
    let (status, page) = get(&manager, "/desk-settings").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("行業慣例") && page.contains("電梯困人"));
    let tree = ::desk::category::ready(&d.w.house, C).await.expect("read");
    let lamp = tree.by_code("lamp").expect("proposed");
    let path = format!("/desk-categories/{}", lamp.id);
    let version = lamp.version.to_string();
    let mut terms = [
        ("first", "abc"),
        ("resolve", "420"),
        ("version", version.as_str()),
    ];
    let (status, ..) = post(&manager, &path, &terms).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    terms[0].1 = "45";
    let (status, ..) = post(&manager, &path, &terms).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let tree = ::desk::category::ready(&d.w.house, C).await.expect("read");
    let lamp = tree.by_code("lamp").expect("there");
    assert_eq!((lamp.first, lamp.resolve), (Some(45), Some(420)));
    assert_eq!(lamp.set_by, "manager");
    let (_, page) = get(&manager, "/desk-settings").await;
    assert!(page.contains("manager 於"), "its origin is shown");
    let (status, ..) = post(&manager, &path, &terms).await;
    assert_eq!(status, StatusCode::CONFLICT, "another set it meanwhile");
}
