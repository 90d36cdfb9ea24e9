//! The desk's forms over the roster, asked through the room's own routes as the guard
//! hands a request on: filled in, checked, done; faults beside their field.

use accounts::Site;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use foundation::database::Community;
use foundation::page::words::{Lang, Words};
use foundation::page::{Compound, Frame};
use permissions::actor::Actor;
use permissions::routes::Routes;
use roster::{self, people_of_room};
use tower::ServiceExt as _;

use crate::roster::{compound, specialist};
use crate::support::TestHouse;

/// A room's routes as `actor` reaches them.
pub fn door(house: &TestHouse, routes: Routes, actor: &Actor) -> Router {
    let frame = Frame {
        words: Words::new(Lang::ZhHant),
        compound: Some(Compound {
            name: "春和苑".into(),
            slug: "chunheyuan".into(),
        }),
        ..Frame::default()
    };
    let site = Site {
        base: "http://house.test".into(),
        secure: false,
    };
    let mut router = Router::new();
    for route in routes.0 {
        router = router.route(route.path, route.serve);
    }
    router
        .layer(Extension(actor.clone()))
        .layer(Extension(site))
        .layer(Extension(frame))
        .with_state(house.house.clone())
}

/// Status, where it leads, and the page.
pub async fn send(
    router: &Router,
    path: &str,
    kind: &str,
    body: Option<Vec<u8>>,
) -> (StatusCode, String, String) {
    let (status, to, body) = fetch(router, path, kind, body).await;
    (status, to, String::from_utf8_lossy(&body).into_owned())
}

/// As [`send`], the answer as its bytes.
pub async fn fetch(
    router: &Router,
    path: &str,
    kind: &str,
    body: Option<Vec<u8>>,
) -> (StatusCode, String, Vec<u8>) {
    let mut request = Request::builder().uri(format!("/c/chunheyuan{path}"));
    if body.is_some() {
        request = request.method("POST").header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(body.map_or_else(Body::empty, Body::from));
    let answer = router
        .clone()
        .oneshot(request.expect("a request"))
        .await
        .expect("infallible");
    let status = answer.status();
    let to = answer.headers().get(header::LOCATION);
    let to = to.map_or("", |v| v.to_str().expect("ASCII"));
    let to = to.trim_start_matches("/c/chunheyuan").to_owned();
    let body = axum::body::to_bytes(answer.into_body(), 16 << 20).await;
    (status, to, body.expect("a body").to_vec())
}

pub async fn get(router: &Router, path: &str) -> String {
    let (status, _, page) = send(router, path, "", None).await;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

pub async fn post(
    router: &Router,
    path: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let text = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let kind = "application/x-www-form-urlencoded";
    send(router, path, kind, Some(text.into_bytes())).await
}

/// Sends a form, sees its check page, and confirms it; where it leads.
async fn done(router: &Router, path: &str, fields: &[(&str, &str)]) -> String {
    let (status, _, page) = post(router, path, fields).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("請核對"), "{page}");
    let mut sure = fields.to_vec();
    sure.push(("sure", "yes"));
    let (status, to, page) = post(router, path, &sure).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    to
}

async fn standing(house: &TestHouse, c: Community, room: &str) -> Vec<(String, String)> {
    let room = room.rsplit('/').next().expect("an id");
    let people = people_of_room(house, c, room.parse().expect("an id")).await;
    let stand = people
        .expect("read")
        .into_iter()
        .filter(|p| p.relation.stands);
    stand
        .map(|p| (p.relation.id.to_string(), p.party.to_string()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_adds_a_room_and_its_people_hands_it_over_and_merges_doubles() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let desk = door(&house, roster::routes(), &specialist(&house, c));

    let wrong = [("code", "在樓上"), ("area", "很大")];
    let (status, _, page) = post(&desk, "/rooms/new", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("value=\"在樓上\"") && page.contains("value=\"很大\""),
        "input is kept"
    );
    let room = done(
        &desk,
        "/rooms/new",
        &[("code", "3棟2單元1801"), ("area", "89.5")],
    )
    .await;
    let (status, _, page) = post(&desk, "/rooms/new", &[("code", "3-2-1801")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("名冊裡已有這間房屋"), "{page}");
    let second = done(&desk, "/rooms/new", &[("code", "3-2-1802")]).await;
    let page = get(&desk, &room).await;
    assert!(
        page.contains("89.50") && page.contains("新增房屋"),
        "{page}"
    );

    let wang = [
        ("name", "王小明"),
        ("kind", "person"),
        ("tie", "owner"),
        ("phone", "12"),
        ("share", "三分"),
    ];
    let (status, _, page) = post(&desk, &format!("{room}/people"), &wang).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("看不出是電話號碼") && page.contains("value=\"三分\""),
        "{page}"
    );
    let wang = [
        ("name", "王小明"),
        ("kind", "person"),
        ("tie", "owner"),
        ("phone", "13700001234"),
        ("share", "1/2"),
    ];
    done(&desk, &format!("{room}/people"), &wang).await;
    // The same name in another room: the desk says whether it is the same person.
    let (_, _, page) = post(&desk, &format!("{second}/people"), &wang).await;
    assert!(
        page.contains("是不是名冊裡已有的人") && page.contains("137****1234"),
        "{page}"
    );
    let mut sure = wang.to_vec();
    sure.push(("sure", "yes"));
    let (status, ..) = post(&desk, &format!("{second}/people"), &sure).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sure.push(("who", "new"));
    let (status, ..) = post(&desk, &format!("{second}/people"), &sure).await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    let day = house.now().date().to_string();
    // Who owns it from now on is said in the guided transfer, and nowhere else.
    let page = get(&desk, &room).await;
    assert!(page.contains("/transfers?room="), "{page}");
    let id = room.trim_start_matches("/rooms/").parse().expect("a room");
    let new = |name: &str| roster::NewOwner::New {
        person: Box::new(roster::PersonDraft {
            name: Some(name.into()),
            ..roster::PersonDraft::default()
        }),
        share: None,
    };
    let owners = [new("李娜"), new("陳偉")];
    let by = specialist(&house, c);
    crate::support::transfer(&house, &by, c, id, &owners, &day)
        .await
        .expect("sold");
    assert_eq!(standing(&house, c, &room).await.len(), 2);
    let page = get(&desk, &room).await;
    assert!(
        page.contains("過戶") && page.contains("（已結束）"),
        "{page}"
    );

    let (relation, party) = standing(&house, c, &room).await.remove(0);
    let fields = [("day", day.as_str()), ("why", "mistaken")];
    done(&desk, &format!("/relations/{relation}/end"), &fields).await;
    assert_eq!(standing(&house, c, &room).await.len(), 1);
    done(
        &desk,
        &format!("/people/{party}/phones"),
        &[("phone", "13700005678")],
    )
    .await;
    let page = get(&desk, &format!("/people/{party}")).await;
    assert!(
        page.contains("137****5678") && page.contains("修改資料"),
        "{page}"
    );

    let (_, keep) = standing(&house, c, &second).await.remove(0);
    let page = get(&desk, &format!("/people/{keep}/merge")).await;
    let other = page
        .split("name=\"gone\" value=\"")
        .nth(1)
        .expect("offered");
    let other = other.split('"').next().expect("quoted").to_owned();
    done(&desk, &format!("/people/{keep}/merge"), &[("gone", &other)]).await;
    let page = get(&desk, &format!("/people/{keep}")).await;
    assert!(
        page.contains("3棟2單元1801") && page.contains("3-2-1802"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vehicle_is_registered_by_hand_found_by_its_plate_and_taken_off() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let by = specialist(&house, c);
    let desk = door(&house, roster::routes(), &by);
    let room = done(&desk, "/rooms/new", &[("code", "3-2-1801")]).await;
    let room = &room[room.find("/rooms/").expect("a room")..];
    let at = format!("{room}/vehicles");
    let (status, _, page) = post(&desk, &at, &[("plate", "甲A12345")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"甲A12345\"") && page.contains("不是有效的車牌號"));
    done(&desk, &at, &[("plate", "粵b·12345")]).await;
    let twice = [("plate", "粤B12345"), ("sure", "yes")];
    let (status, _, page) = post(&desk, &at, &twice).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("已登記在這間房屋"), "{page}");
    let found = async |plate: &str| {
        let hits = roster::search(&house, &by, c, plate, 20).await;
        hits.expect("searched")
            .iter()
            .filter(|h| h.why == "plate")
            .count()
    };
    assert_eq!((found("粤B12345").await, found("12345").await), (1, 1));
    let wang = [("name", "王小明"), ("kind", "person"), ("tie", "owner")];
    done(&desk, &format!("{room}/people"), &wang).await;
    let page = get(&desk, room).await;
    let whose = page.split("href=\"").filter_map(|s| s.split('"').next());
    let whose = whose.into_iter().find(|a| a.contains("/people/"));
    let whose = whose.expect("the owner's page").to_owned();
    let whose = &whose[whose.find("/people/").expect("a person")..];
    let theirs = get(&desk, whose).await;
    assert!(
        theirs.contains("粤B12345"),
        "a household's vehicle: {theirs}"
    );
    let end = page.split("href=\"").filter_map(|s| s.split('"').next());
    let end = end
        .into_iter()
        .find(|a| a.contains("/vehicles/"))
        .expect("a way");
    let end = &end[end.find("/vehicles/").expect("a vehicle")..];
    let back = [("sure", "yes"), ("edit", "yes")];
    assert_eq!(post(&desk, end, &back).await.0, StatusCode::SEE_OTHER);
    assert_eq!(found("粤B12345").await, 1, "thought better of");
    assert!(get(&desk, end).await.contains("粤B12345"));
    let (status, ..) = post(&desk, end, &[("sure", "yes")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(found("粤B12345").await, 0);
    let (status, ..) = post(&desk, end, &[("sure", "yes")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it has gone already");
    let other = compound(&house, "秋實苑").await.number;
    let elsewhere = door(&house, roster::routes(), &specialist(&house, other));
    let (status, ..) = post(&elsewhere, &at, &[("plate", "粤B54321"), ("sure", "yes")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
