//! What the assistant hands over becomes a ticket that keeps the asker's clock, once; and whoever
//! asks how far theirs is hears it as it stands.

use super::*;
use ::assistant::asking::{self, Then};
use ::assistant::entry::{Body, Live};
use ::assistant::{editing, publishing};
use axum::http::StatusCode;
use foundation::page::words::Lang;

const OWN: &str = "我的報修到哪了";

async fn answers(d: &Counter) {
    let house = &d.w.house;
    linli::doors::handover::stand(house);
    let body = Body {
        title: OWN.into(),
        phrasings: vec!["報修進度".into(), "我報的修什麼時候來".into()],
        answer: "您的報修如下。".into(),
        live: Live::Tickets,
        ..Body::default()
    };
    let by = &d.w.specialist;
    let id = editing::begin(house, by, "repair-progress", body).await;
    publishing::publish(house, &d.w.manager, id.expect("begun"), 1)
        .await
        .expect("published");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_opens_a_ticket_that_keeps_the_askers_clock() {
    let d = Counter::new().await;
    let house = &d.w.house;
    answers(&d).await;
    let first = house.now();
    let asked = asking::ask(house, &d.owner, "頂樓能養蜜蜂嗎").await;
    let question = asked.expect("asked");
    assert!(
        listing::mine(house, &d.owner)
            .await
            .expect("read")
            .is_empty(),
        "nothing is handed over before they press"
    );
    house.clock.advance(25 * MINUTE);
    for _ in 0..2 {
        let _ = asking::then(house, &d.owner, question, Then::Hand).await;
    }
    let mine = listing::mine(house, &d.owner).await.expect("read");
    assert_eq!(mine.len(), 1, "pressed twice, it is one");
    let t = &mine[0].ticket;
    assert_eq!((t.since, t.source), (first, Source::Assistant));
    assert_eq!(t.reporter_account, d.owner.account);
    assert_eq!(t.room, Some(d.w.rooms[0]), "their only home");
    let clock = looking::readings(house, C, t).await.expect("read")[0];
    assert_eq!(clock.from, first, "the machine's words stopped no clock");
    let own = asking::own(house, &d.owner).await.expect("own");
    assert_eq!(own[0].0.ticket, t.number.to_string(), "the owner is told");
    // Danger is an emergency at once, without a press.
    asking::ask(house, &d.neighbour, "廚房着火了")
        .await
        .expect("asked");
    let theirs = listing::mine(house, &d.neighbour).await.expect("read");
    assert_eq!(theirs[0].ticket.priority, Priority::Emergency);
    assert_eq!(theirs[0].ticket.room, Some(d.w.rooms[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_ones_own_is_is_answered_live_and_never_anothers() {
    let d = Counter::new().await;
    answers(&d).await;
    let id = d.opened(d.repair()).await.id;
    let asks = |by: &Actor| {
        let router = pages::door(&d, by, Lang::ZhHant);
        async move {
            let sent = pages::post(&router, "/ask", &[("question", OWN)]).await;
            assert_eq!(sent.0, StatusCode::SEE_OTHER);
            pages::get(&router, "/ask").await.1
        }
    };
    let own = format!("/my-tickets/{id}");
    let page = asks(&d.owner).await;
    assert!(page.contains(&own) && page.contains("R-2026-000001"));
    assert!(page.contains("新建"), "{page}");
    let specialist = d.w.specialist.clone();
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    d.does(&d.technician, id, Act::Grab, Doing::default()).await;
    let page = asks(&d.owner).await;
    assert!(page.contains("已接單"), "as it stands now");
    let page = asks(&d.neighbour).await;
    assert!(!page.contains(&own) && !page.contains("R-2026-000001"));
}
