//! What concerns many: an incident that households join, and a complaint that goes outside.

use super::*;
use ::desk::{Outside, incident, outside};

fn common(building: &str) -> New {
    New {
        kind: Kind::Repair,
        words: "電梯停了".into(),
        place: Place::Common {
            building: building.into(),
            place: "2單元電梯".into(),
        },
        ..New::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_joins_an_incident_once_and_sees_how_far_it_is() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let id = d.opened(common("3")).await.id;
    let before = incident::shown(house, &d.neighbour, id).await;
    assert!(
        matches!(before, Err(Refused::NotFound)),
        "one's own until it is declared"
    );
    let specialist = d.w.specialist.clone();
    // Said to whoever reported it, before it was everybody's.
    let private = Saying {
        words: "1801 王女士：電話 4321 已記下".into(),
        public: true,
        shows: Shows::Before,
        pictures: Vec::new(),
        sent_id: String::new(),
    };
    work::say(house, &specialist, id, private)
        .await
        .expect("said to one");
    let bare = incident::declare(house, &specialist, id, " ").await;
    assert!(matches!(bare, Err(Refused::Words)));
    incident::declare(house, &specialist, id, "電梯主板故障，廠家今天到場")
        .await
        .expect("declared");
    let around = incident::around(house, &d.neighbour).await.expect("asked");
    assert_eq!(around.iter().map(|t| t.id).collect::<Vec<_>>(), [id]);
    assert_eq!(
        incident::join(house, &d.neighbour, id)
            .await
            .expect("joined"),
        2
    );
    assert_eq!(
        incident::join(house, &d.neighbour, id)
            .await
            .expect("again"),
        2
    );
    assert_eq!(
        incident::join(house, &d.owner, id).await.expect("counted"),
        2
    );
    let saying = Saying {
        words: "配件已換，試運行中".into(),
        public: true,
        shows: Shows::Before,
        pictures: Vec::new(),
        sent_id: String::new(),
    };
    work::say(house, &specialist, id, saying)
        .await
        .expect("said");
    let shown = incident::shown(house, &d.neighbour, id)
        .await
        .expect("seen");
    let said: Vec<&str> = shown.steps.iter().map(|s| s.words.as_str()).collect();
    assert!(
        said.contains(&"配件已換，試運行中") && shown.joined,
        "{said:?}"
    );
    assert!(!said.iter().any(|s| s.contains("王女士")), "{said:?}");
    let whole = looking::ticket(house, &d.neighbour, id).await;
    assert!(whole.is_err(), "what the first reporter wrote stays theirs");
    // A home of one's own is no incident, and another building's is not seen.
    let own = d.opened(d.repair()).await.id;
    let done = incident::declare(house, &specialist, own, "大家都有").await;
    assert!(matches!(done, Err(Refused::Room)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_about_the_company_goes_from_body_to_body_and_never_to_it() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let committee = employ(house, C, Role::Committee).await;
    let new = New {
        kind: Kind::Complaint,
        words: "公共收益沒有公示".into(),
        about_company: true,
        ..New::default()
    };
    let id = d.opened(new).await.id;
    let t = d.ticket(id).await;
    assert_eq!(t.outside, Some(Outside::Committee));
    for by in [&d.w.manager, &d.w.supervisor, &d.neighbour] {
        let done = outside::forward(house, by, id, "").await;
        assert!(matches!(done, Err(Refused::NotFound)));
    }
    let next = outside::forward(house, &committee, id, "請居委會協調").await;
    assert_eq!(next.expect("forwarded"), Outside::Neighbourhood);
    let next = outside::forward(house, &d.owner, id, "仍未答覆").await;
    assert_eq!(next.expect("forwarded"), Outside::Authority);
    let over = outside::forward(house, &d.owner, id, "").await;
    assert!(over.is_err(), "there is nobody behind it");
    let fixed = Doing {
        outcome: Some(Outcome::Fixed),
        ..because("已責成公示，見公告欄")
    };
    d.does(&committee, id, Act::Resolve, fixed).await;
    d.does(&d.owner, id, Act::Confirm, Doing::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_company_leaves_unanswered_is_seen_outside() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let committee = employ(house, C, Role::Committee).await;
    let new = New {
        kind: Kind::Complaint,
        words: "保潔三週沒來".into(),
        ..New::default()
    };
    let id = d.opened(new).await.id;
    assert!(looking::ticket(house, &committee, id).await.is_err());
    house.clock.advance(30 * DAY);
    tend::run(house, C).await.expect("tended");
    let t = looking::ticket(house, &committee, id)
        .await
        .expect("seen now");
    assert!(t.outside.is_some());
    let done = d.act(&committee, id, Act::Resolve, fixed()).await;
    assert!(done.is_err(), "the answer is still the company's to give");
    let handed = listing::handed_outside(house, &committee).await;
    let handed = handed.expect("listed");
    assert_eq!(handed.len(), 1, "and found on their page");
    assert_eq!(handed[0].ticket.id, id);
    let refused = listing::handed_outside(house, &d.w.manager).await;
    assert!(matches!(refused, Err(Refused::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_late_repair_those_outside_learn_the_number_alone() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let committee = employ(house, C, Role::Committee).await;
    let id = d.opened(d.repair()).await.id;
    let late = async || {
        tend::run(house, C).await.expect("tended");
        listing::late_outside(house, &committee).await
    };
    assert_eq!(late().await.expect("listed").len(), 0);
    house.clock.advance(60 * DAY);
    let found = late().await.expect("listed");
    assert_eq!(found.iter().map(|t| t.id).collect::<Vec<_>>(), [id]);
    assert!(looking::ticket(house, &committee, id).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feedback_summary_says_what_came_what_is_done_and_what_is_under_way() {
    use ::notices::summary::{self, Period};
    let d = Counter::new().await;
    let (house, manager) = (&d.w.house, &d.w.manager);
    let done = d.resolved().await;
    d.does(&d.owner, done, Act::Confirm, Doing::default()).await;
    let specialist = d.w.specialist.clone();
    let declined = d.opened(d.repair()).await.id;
    d.does(&specialist, declined, Act::Decline, because("不屬物業"))
        .await;
    let again = d.resolved().await;
    d.does(&d.owner, again, Act::Reopen, because("又滴了"))
        .await;
    d.opened(d.repair()).await;
    house.clock.advance(7 * DAY);
    let f = summary::figures(house, manager, Period::Week).await;
    let f = f.expect("counted");
    assert_eq!(
        (f.tickets, f.resolved, f.confirmed, f.silent, f.undone),
        (4, 2, 1, 0, 2),
        "the reopened one is under way again"
    );
    house.clock.advance(7 * DAY);
    let f = summary::figures(house, manager, Period::Week).await;
    assert_eq!(f.expect("counted").tickets, 0, "each week stands alone");
}
