//! Tags: put on one room and on many, found by, bounded, ended; whom a notice reaches by them.

use axum::http::StatusCode;
use foundation::database::ask;
use foundation::ids::Id;
use foundation::params;
use notices::audience::Audience;
use notices::draft;
use roster::{self, RoomDraft, RosterError, add_room, end_tag, set_tags, tag_rooms, tags, tags_of};

use crate::membership::world::C;
use crate::roster::{compound, specialist};
use crate::roster_pages::{door, get, post};
use crate::support::TestHouse;

async fn names(house: &TestHouse, c: foundation::database::Community, room: Id) -> Vec<String> {
    let tags = tags_of(house, c, room).await.expect("read");
    tags.into_iter().map(|t| t.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_tags_rooms_finds_them_by_it_and_ends_the_tag() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let by = specialist(&house, c);
    let mut rooms = Vec::new();
    for code in ["3-2-1801", "3-2-1802", "5-1-101"] {
        let room = add_room(&house, &by, c, code, &RoomDraft::default()).await;
        rooms.push(room.expect("added"));
    }
    let desk = door(&house, roster::routes(), &by);
    let own = format!("/rooms/{}/tags", rooms[0]);

    let (status, _, page) = post(&desk, &own, &[("tags", "三期、王13800138000")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("value=\"三期、王13800138000\""),
        "input is kept"
    );
    assert!(names(&house, c, rooms[0]).await.is_empty());

    let (status, to, _) = post(&desk, &own, &[("tags", "三期、#臨街，三期")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(to.starts_with(&format!("/rooms/{}", rooms[0])));
    let page = get(&desk, &format!("/rooms/{}", rooms[0])).await;
    assert!(page.contains(">三期<") && page.contains(">臨街<"), "{page}");

    let strange = [("tags", "三期"), ("rooms", "3-2-1802\n9-9-909")];
    let (status, _, page) = post(&desk, "/roster/tags", &strange).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("9-9-909"), "{page}");
    assert!(
        names(&house, c, rooms[1]).await.is_empty(),
        "all or nothing"
    );
    let many = [("tags", "三期"), ("rooms", "3棟2單元1802、3-2-1801")];
    let (status, ..) = post(&desk, "/roster/tags", &many).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(names(&house, c, rooms[0]).await.len(), 2);
    assert_eq!(names(&house, c, rooms[1]).await, ["三期"]);

    let all = tags(&house, c).await.expect("read");
    let third = all.iter().find(|t| t.name == "三期").expect("kept").id;
    let page = get(&desk, &format!("/roster?tag={third}")).await;
    assert!(page.contains("1801") && page.contains("1802") && !page.contains("5-1-101"));
    // No word of the office's stands in the ledger.
    let bodies: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT body FROM ledger WHERE community = $1 AND kind LIKE 'roster.%' ORDER BY seq",
            params![c],
        ))
        .await
        .expect("read");
    assert!(bodies.iter().any(|b| b.0.contains(third.as_str())));
    assert!(!bodies.iter().any(|b| b.0.contains("三期")));

    let end = format!("/tags/{third}/end");
    assert!(get(&desk, &end).await.contains("三期"));
    let (status, ..) = post(&desk, &end, &[]).await;
    assert_eq!(status, StatusCode::OK, "it asks first");
    let (status, ..) = post(&desk, &end, &[("sure", "yes")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(names(&house, c, rooms[0]).await, ["臨街"]);
    assert!(names(&house, c, rooms[1]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_bounded_and_a_compounds_own() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let other = compound(&house, "秋實里").await.number;
    let (by, stranger) = (specialist(&house, c), specialist(&house, other));
    let room = add_room(&house, &by, c, "3-2-1801", &RoomDraft::default())
        .await
        .expect("added");
    let theirs = add_room(&house, &stranger, other, "3-2-1801", &RoomDraft::default())
        .await
        .expect("added");
    let ten: Vec<String> = (0..10).map(|n| format!("標籤{n}")).collect();
    let set = set_tags(&house, &by, c, room, ten.clone()).await;
    set.expect("ten are taken");
    let one_more = tag_rooms(&house, &by, c, "又一個".into(), vec![room]).await;
    assert!(matches!(one_more, Err(RosterError::TooManyTags)));
    let eleven = [ten.clone(), vec!["又一個".into()]].concat();
    let too_many = set_tags(&house, &by, c, room, eleven).await;
    assert!(matches!(too_many, Err(RosterError::TooManyTags)));
    assert_eq!(
        tags(&house, c).await.expect("read").len(),
        10,
        "none half made"
    );
    // Put on twice, it stays once.
    let again = tag_rooms(&house, &by, c, "標籤0".into(), vec![room, room]).await;
    assert_eq!(again.expect("nothing to do"), 0);

    let mine = tags(&house, c).await.expect("read")[0].id;
    let not = end_tag(&house, &stranger, other, mine).await;
    assert!(matches!(not, Err(RosterError::NoSuchTag)));
    let not = tag_rooms(&house, &by, c, "標籤0".into(), vec![theirs]).await;
    assert!(matches!(not, Err(RosterError::NoSuchRoom)));
    assert!(tags(&house, other).await.expect("read").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_to_the_rooms_of_a_tag_alone() {
    let s = crate::conduct::world::Street::new().await;
    let house = &s.w.house;
    let tagged = &s.w.rooms[..2];
    tag_rooms(house, &s.w.specialist, C, "臨街".into(), tagged.to_vec())
        .await
        .expect("tagged");
    let tag = tags(house, C).await.expect("read").remove(0);
    let by_tag = Audience {
        tags: vec![(tag.id, tag.name.clone())],
        ..Audience::default()
    };
    let count = draft::preview(house, &s.w.specialist, &by_tag).await;
    assert_eq!(count.expect("counted"), 2);

    let desk = door(house, notices::pages::routes(), &s.w.specialist);
    let fields = [
        ("class", "ordinary"),
        ("title", "外牆清洗"),
        ("body", "臨街一側請關窗。"),
        ("whom", "everyone"),
        ("way", "group"),
        ("tag", tag.id.as_str()),
    ];
    let (status, to, page) = post(&desk, "/notices", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let shown = get(&desk, &to).await;
    assert!(shown.contains("#臨街"), "{shown}");
    let form = get(&desk, &format!("{to}/edit")).await;
    let checked = form
        .split("<input")
        .any(|i| i.contains(tag.id.as_str()) && i.contains("checked"));
    assert!(checked, "{form}");
    // A tag that was ended meanwhile is not silently the whole compound.
    end_tag(house, &s.w.specialist, C, tag.id)
        .await
        .expect("ended");
    let (status, ..) = post(&desk, "/notices", &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let count = draft::preview(house, &s.w.specialist, &by_tag).await;
    assert_eq!(count.expect("counted"), 0);
}
