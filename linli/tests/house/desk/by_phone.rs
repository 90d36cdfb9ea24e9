//! A reporter who only telephones: the number is masked until somebody is to call, the call-back
//! confirms or reopens, and the household counts like any other.

use super::*;
use ::desk::opening::by_office;
use ::desk::{category, incident};
use axum::http::StatusCode;
use foundation::page::words::Lang;

impl Counter {
    async fn rang(&self, place: Place) -> Id {
        let new = New {
            kind: Kind::Repair,
            words: "走廊往下滴水".into(),
            place,
            phone: "13900139000".into(),
            name: "李先生".into(),
            ..New::default()
        };
        let opened = by_office(&self.w.house, &self.w.specialist, new).await;
        opened.expect("taken").id
    }

    /// Rang, and was reported as done by the technician.
    async fn rang_and_done(&self) -> Id {
        let id = self.rang(Place::Room(self.w.rooms[0])).await;
        self.finish(id).await;
        id
    }

    async fn finish(&self, id: Id) {
        let t = self.ticket(id).await;
        if t.state == State::New {
            let specialist = self.w.specialist.clone();
            self.does(&specialist, id, Act::Triage, Doing::default())
                .await;
        }
        for (act, doing) in [
            (Act::Grab, Doing::default()),
            (Act::Start, Doing::default()),
            (Act::Resolve, fixed()),
        ] {
            self.does(&self.technician, id, act, doing).await;
        }
    }

    async fn owed(&self) -> Vec<Id> {
        let owed = calls::owed(&self.w.house, &self.w.specialist).await;
        owed.expect("asked").iter().map(|(t, _)| t.id).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_is_masked_and_a_look_at_it_stands_in_the_ledger_first() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let id = d.rang(Place::Room(d.w.rooms[0])).await;
    let own = format!("/desk/{id}");
    let desk = pages::door(&d, &d.w.specialist, Lang::En);
    let (_, page) = pages::get(&desk, &own).await;
    assert!(page.contains("139****9000") && !page.contains("13900139000"));
    let told = d.w.told(&format!("ticket:{id}")).await;
    assert!(!told.iter().any(|k| k == "desk.unmasked"));
    let (status, _, page) = pages::post(&desk, &format!("{own}/phone"), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("tel:13900139000"), "in clear for this once");
    let told = d.w.told(&format!("ticket:{id}")).await;
    let seen = told.iter().filter(|k| *k == "desk.unmasked").count();
    assert_eq!(seen, 1, "{told:?}");
    let (_, page) = pages::get(&desk, &own).await;
    assert!(
        !page.contains("13900139000"),
        "the next page masks it again"
    );
    // Who only reads, or could take it, sees no number; who has it does.
    let specialist = d.w.specialist.clone();
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    for by in [&d.w.host, &d.technician, &d.neighbour] {
        let shown = looking::phone(house, by, id).await;
        assert!(matches!(shown, Err(Refused::NotFound)), "{:?}", by.roles);
    }
    d.does(&d.technician, id, Act::Grab, Doing::default()).await;
    let shown = looking::phone(house, &d.technician, id).await;
    assert_eq!(shown.expect("shown"), "13900139000");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reporter_says_on_the_phone_confirms_it_and_is_the_call_back() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let id = d.rang_and_done().await;
    assert_eq!(d.owed().await, [id], "they are to be asked");
    let own = calls::record(house, &d.technician, id, Some(true), "好了").await;
    assert!(own.is_err(), "never whoever did the work: {own:?}");
    calls::record(house, &d.w.specialist, id, Some(true), "李先生說不滴了")
        .await
        .expect("heard");
    let t = d.ticket(id).await;
    assert_eq!((t.state, t.silent), (State::Confirmed, false));
    assert!(d.owed().await.is_empty(), "asked once, not twice");
    let again = calls::record(house, &d.w.supervisor, id, Some(true), "").await;
    assert!(matches!(again, Err(Refused::Again)), "{again:?}");
    // Whoever has an account says it themselves: no colleague in their place.
    let theirs = d.resolved().await;
    let done = d.act(&d.w.specialist, theirs, Act::Confirm, Doing::default());
    assert!(matches!(done.await, Err(Refused::Illegal(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_phone_it_is_reopened_for_a_reason_and_silence_still_confirms() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let id = d.rang_and_done().await;
    let by = d.w.specialist.clone();
    let bare = calls::record(house, &by, id, Some(false), " ").await;
    assert!(matches!(bare, Err(Refused::Words)), "{bare:?}");
    calls::record(house, &by, id, Some(false), "下雨又滴了")
        .await
        .expect("heard");
    let t = d.ticket(id).await;
    assert_eq!((t.state, t.reopened), (State::Reopened, 1));
    assert!(d.owed().await.is_empty());
    d.finish(id).await;
    assert_eq!(d.owed().await, [id], "done again, asked again");
    calls::record(house, &by, id, None, "無人接聽")
        .await
        .expect("written down");
    assert_eq!(d.ticket(id).await.state, State::Resolved);
    house.clock.advance(8 * DAY);
    tend::run(house, C).await.expect("tended");
    let t = d.ticket(id).await;
    assert!(t.silent && t.state == State::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_answers_itself_is_confirmed_by_another_colleague() {
    let d = Counter::new().await;
    let id = d.rang(Place::Room(d.w.rooms[0])).await;
    let (specialist, supervisor) = (d.w.specialist.clone(), d.w.supervisor.clone());
    d.does(&specialist, id, Act::Resolve, fixed()).await;
    let own = calls::record(&d.w.house, &specialist, id, Some(true), "好").await;
    assert!(matches!(own, Err(Refused::OwnWork)), "{own:?}");
    calls::record(&d.w.house, &supervisor, id, Some(true), "好")
        .await
        .expect("another may");
    assert_eq!(d.ticket(id).await.state, State::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_households_are_counted_once_each_before_and_after_it_is_declared() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let by = d.w.specialist.clone();
    let common = Place::Common {
        building: "3".into(),
        place: "2單元電梯".into(),
    };
    let parent = d.rang(common.clone()).await;
    let into = || Doing {
        into: Some(parent),
        ..Doing::default()
    };
    // Before it stands for many: the owner's common-area report, then a room that only rang.
    let first = d
        .opened(New {
            place: common.clone(),
            ..d.repair()
        })
        .await;
    d.does(&by, first.id, Act::Merge, into()).await;
    assert_eq!(d.ticket(parent).await.households, 0);
    incident::declare(house, &by, parent, "電梯主板故障")
        .await
        .expect("declared");
    assert_eq!(
        d.ticket(parent).await.households,
        1,
        "the merged one's home"
    );
    // After it: the same household again is no second one, another is.
    let again = d.opened(d.repair()).await;
    d.does(&by, again.id, Act::Merge, into()).await;
    assert_eq!(d.ticket(parent).await.households, 1);
    let rang = d.rang(Place::Room(d.w.rooms[1])).await;
    d.does(&by, rang, Act::Merge, into()).await;
    assert_eq!(d.ticket(parent).await.households, 2);
    let shown = incident::shown(house, &d.owner, parent).await;
    assert!(shown.expect("seen").joined, "counted without pressing");
    let joined = incident::join(house, &d.neighbour, parent).await;
    assert_eq!(joined.expect("counted"), 2, "their room rang already");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sorted_into_another_kind_is_counted_there() {
    let d = Counter::new().await;
    let tree = category::ready(&d.w.house, C).await.expect("read");
    let question = New {
        kind: Kind::Enquiry,
        words: "水管在滴水，找誰？".into(),
        ..New::default()
    };
    let id = d.opened(question).await.id;
    let sorted = Doing {
        category: tree.by_code("plumbing").map(|k| k.id),
        ..Doing::default()
    };
    let by = d.w.specialist.clone();
    d.does(&by, id, Act::Triage, sorted).await;
    for (kind, n) in [(Kind::Enquiry, 0), (Kind::Repair, 1)] {
        let query = listing::Query {
            kind: Some(kind),
            ..listing::Query::default()
        };
        let page = listing::page(&d.w.house, &by, &query, None).await;
        let page = page.expect("a page");
        assert_eq!((page.rows.len() as i64, page.total), (n, n), "{kind:?}");
        assert!(page.tallies.values().all(|n| *n >= 0));
    }
}
