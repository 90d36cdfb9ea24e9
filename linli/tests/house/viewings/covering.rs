//! Covering a person's own file: one covers, another releases, neither is whose file it is.

use super::own::{is_covered, owner};
use super::*;
use axum::http::StatusCode;
use foundation::ledger::Event;
use viewings::own_area::Area;
use viewings::{deputy, own, own_cover, pages};

use crate::roster_pages::{door, fetch, get, post};

/// An own file of three pages that was approved.
async fn approved(d: &Desk) -> (Actor, Id) {
    let owner = owner(d).await;
    let v = own::ask(d.house(), &owner, d.dossier).await.expect("asked");
    decide::approve(d.house(), &d.o.w.manager, v.id, v.asked, None, true)
        .await
        .expect("approved");
    (owner, v.id)
}

fn area() -> Area {
    Area::new(0, 0, 1000, 150).expect("an area")
}

/// Goes through all pages and hands them over.
async fn offered(d: &Desk, by: &Actor, id: Id) {
    for page in 1..=3 {
        own_cover::cover(d.house(), by, id, d.document, page, &[area()])
            .await
            .expect("covered");
    }
    own_cover::offer(d.house(), by, id)
        .await
        .expect("handed over");
}

async fn sees(d: &Desk, by: &Actor, id: Id) {
    for page in 1..=3 {
        own_cover::see(d.house(), by, id, d.document, page)
            .await
            .expect("seen");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_covered_whole_by_one_and_released_by_another_who_saw_it() {
    let d = Desk::new().await;
    let (house, one, other) = (d.house(), &d.o.w.specialist, &d.o.checker);
    let (owner, id) = approved(&d).await;
    let supervisor = own_cover::cover(house, &d.asker, id, d.document, 1, &[area()]).await;
    assert_eq!(guard(supervisor), Guard::Registers);
    own_cover::cover(house, one, id, d.document, 1, &[area()])
        .await
        .expect("covered");
    let half = own_cover::offer(house, one, id).await;
    assert_eq!(guard(half), Guard::Whole);
    offered(&d, one, id).await;
    let alone = own_cover::release(house, one, id).await;
    assert_eq!(guard(alone), Guard::OtherCover);
    let looks = own_cover::see(house, one, id, d.document, 1).await;
    assert_eq!(guard(looks), Guard::OtherCover);
    let unseen = own_cover::release(house, other, id).await;
    assert_eq!(guard(unseen), Guard::CoverSeen);
    let manager = own_cover::vouch(house, &d.o.w.manager, id, true).await;
    assert_eq!(guard(manager), Guard::CoverAlone);
    sees(&d, other, id).await;
    // Sent back and handed over again: what was seen before is not what lies there.
    own_cover::send_back(house, other, id, "第二頁下方還讀得出鄰居的電話")
        .await
        .expect("sent back");
    let story = viewings::listing::story(house, one, id)
        .await
        .expect("there");
    assert!(story.texts.cover.contains("鄰居"));
    d.o.house().clock.advance(MINUTE);
    offered(&d, one, id).await;
    let before = own_cover::release(house, other, id).await;
    assert_eq!(guard(before), Guard::CoverSeen);
    sees(&d, other, id).await;
    // Two covered: neither releases.
    own_cover::send_back(house, other, id, "第三頁還要再遮一處，我來改")
        .await
        .expect("sent back");
    own_cover::cover(house, other, id, d.document, 3, &[])
        .await
        .expect("covered");
    own_cover::offer(house, one, id).await.expect("handed over");
    let both = own_cover::release(house, other, id).await;
    assert_eq!(guard(both), Guard::OtherCover);
    let third = employ(d.o.house(), C, Role::Specialist).await;
    sees(&d, &third, id).await;
    own_cover::release(house, &third, id)
        .await
        .expect("released");
    register::register(house, one, id, "身份證尾號 2415", true)
        .await
        .expect("registered");
    opening::activate(house, &owner, id, true)
        .await
        .expect("open");
    assert!(is_covered(&d.read(&owner, id, 1).await.expect("read")));
    let report = rule::report(&d).await;
    assert!(report.sound(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_one_specialist_is_alone_the_manager_or_a_deputy_releases() {
    for deputed in [false, true] {
        let d = Desk::new().await;
        let (house, one) = (d.house(), &d.o.w.specialist);
        persons::leave(&d, &d.o.checker).await;
        let (_, id) = approved(&d).await;
        offered(&d, one, id).await;
        let by = if deputed {
            let host = d.o.w.host.account.expect("an account");
            let named = deputy::name(house, &d.o.w.manager, host, 2).await;
            deputy::confirm(house, &d.o.w.supervisor, named.expect("named"))
                .await
                .expect("confirmed");
            &d.o.w.host
        } else {
            &d.o.w.manager
        };
        let unseen = own_cover::vouch(house, by, id, true).await;
        assert_eq!(guard(unseen), Guard::CoverSeen);
        sees(&d, by, id).await;
        let stale = own_cover::vouch(house, by, id, false).await;
        assert_eq!(guard(stale), Guard::Fresh);
        let as_other = own_cover::release(house, by, id).await;
        assert!(as_other.is_err(), "no specialist");
        let v = own_cover::vouch(house, by, id, true)
            .await
            .expect("released");
        assert_eq!(v.state, State::Released);
        let told = d.told().await;
        assert_eq!(
            told.last().map(String::as_str),
            Some("viewings.cover_vouched")
        );
        let report = rule::report(&d).await;
        assert!(report.sound(), "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_whose_file_it_is_nor_who_lives_there_covers_or_releases() {
    let d = Desk::new().await;
    let (owner, id) = approved(&d).await;
    let house = d.house();
    // The owner as a specialist: roles change, persons do not.
    let mut mine = owner.clone();
    mine.roles = vec![Role::Specialist];
    let seen = own_cover::see(house, &mine, id, d.document, 1).await;
    assert_eq!(guard(seen), Guard::NotAsker);
    let covered = own_cover::cover(house, &mine, id, d.document, 1, &[]).await;
    assert_eq!(guard(covered), Guard::NotAsker);
    // A specialist who is of that home.
    let near = employ(d.o.house(), C, Role::Specialist).await;
    persons::lives(&d, &near, d.o.w.rooms[0]).await;
    let seen = own_cover::see(house, &near, id, d.document, 1).await;
    assert_eq!(guard(seen), Guard::NotNear);
    offered(&d, &d.o.w.specialist, id).await;
    let seen = own_cover::see(house, &near, id, d.document, 1).await;
    assert_eq!(guard(seen), Guard::NotNear);
    let other = d.asker.clone();
    let seen = own_cover::see(house, &other, id, d.document, 1).await;
    assert_eq!(guard(seen), Guard::Releases);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_release_or_page_is_a_breach() {
    for case in 0..3 {
        let d = Desk::new().await;
        let (_, id) = approved(&d).await;
        offered(&d, &d.o.w.specialist, id).await;
        assert!(rule::report(&d).await.sound());
        let about = |kind| Event::new(kind).about("viewing", id);
        let one = d.o.w.specialist.account.expect("an account");
        let event = match case {
            // By who covered, by who saw nothing, and vouched for where another is there.
            0 => about(viewings::events::COVER_RELEASED).with("person_as", one),
            1 => about(viewings::events::COVER_RELEASED).with("person_as", d.house().id()),
            _ => about(viewings::events::COVER_VOUCHED).with("person_as", d.house().id()),
        };
        let by = if case == 2 {
            &d.o.w.manager
        } else {
            &d.o.checker
        };
        rule::forge(&d, by, event).await;
        let report = rule::report(&d).await;
        assert!(!report.sound(), "case {case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_through_its_pages_by_fields_alone() {
    let d = Desk::new().await;
    let (owner, id) = approved(&d).await;
    let desk = |by: &Actor| door(d.o.house(), pages::routes(), by);
    let (one, other) = (desk(&d.o.w.specialist), desk(&d.o.checker));
    let at = format!("/viewings/{id}");
    let cover = get(&one, &format!("{at}/cover")).await;
    let picture = format!("{at}/cover/{}/1", d.document);
    assert!(
        cover.contains(&picture) && cover.contains("0 / 3"),
        "{cover}"
    );
    let (status, _, bytes) = fetch(&one, &picture, "", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(bytes.starts_with(b"\xff\xd8\xff"));
    let document = d.document.to_string();
    let send = async |page: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("document", document.as_str()), ("page", page)];
        all.extend_from_slice(fields);
        post(&one, &format!("{at}/cover"), &all).await
    };
    // What is amiss is said beside its line, and what was typed stays.
    let short = [("left_2", "10"), ("top_2", "20"), ("width_2", "990")];
    let (status, _, page) = send("1", &short).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("第 2 個區域") && page.contains("value=\"990\""),
        "{page}"
    );
    let (status, _, page) = send("1", &[("act", "keep")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("至少畫一個區域"), "{page}");
    let whole = [
        ("left_1", "0"),
        ("top_1", "0"),
        ("width_1", "1000"),
        ("height_1", "150"),
    ];
    let (status, next, page) = send("1", &whole).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(next.contains("page=2"), "on to the next page: {next}");
    for page in ["2", "3"] {
        let (status, ..) = send(page, &[("act", "none")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    let done = get(&one, &format!("{at}/cover?document={document}&page=1")).await;
    assert!(
        done.contains("height=\"150\"") && done.contains("/offer"),
        "{done}"
    );
    let (status, ..) = post(&one, &format!("{at}/offer"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, ..) = fetch(&one, &format!("{at}/release"), "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "not by who covered");
    let release = get(&other, &format!("{at}/release")).await;
    assert!(!release.contains(&format!("action=\"/c/chunheyuan{at}/release\"")));
    for page in 1..=3 {
        let path = format!("{at}/release/{document}/{page}");
        let (status, _, bytes) = fetch(&other, &path, "", None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(is_covered(&bytes), page == 1);
    }
    let (status, _, page) = post(&other, &format!("{at}/send-back"), &[("why", "短")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("至少 10 個字"), "{page}");
    let (status, _, page) = post(&other, &format!("{at}/release"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let mine = desk(&owner);
    let page = get(&mine, &format!("/my/files/viewings/{id}")).await;
    assert!(page.contains("請帶身份證件"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_keeps_its_code_for_the_same_eyes_for_a_while_and_each_look_its_event() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    let codes = async || {
        let found: Vec<(i64, i64)> = d
            .house()
            .db
            .all(ask(
                "SELECT code, times FROM viewing_page WHERE community = $1 AND viewing = $2 \
                 ORDER BY at, code LIMIT 100",
                params![C, v.id],
            ))
            .await
            .expect("readable");
        found
    };
    for _ in 0..3 {
        d.read(&d.asker, v.id, 1).await.expect("read");
        d.o.house().clock.advance(MINUTE / 2);
    }
    let first = codes().await;
    assert_eq!(first.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [3]);
    d.read(&d.asker, v.id, 2).await.expect("another page");
    d.o.house().clock.advance(10 * MINUTE);
    d.read(&d.asker, v.id, 1).await.expect("later");
    assert_eq!(codes().await.len(), 3, "another page, and a while later");
    let told = d.told().await;
    let looks = told.iter().filter(|k| *k == "viewings.page_read").count();
    assert_eq!((looks, d.now(v.id).await.pages), (5, 5));
    let found = viewings::trace::find(d.house(), C, first[0].0, 1.0).await;
    let shown = found.expect("readable").expect("its page").shown;
    assert_eq!((shown.page, shown.times), (1, 3));
}
