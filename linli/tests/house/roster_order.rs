//! The office's own shelf order: what hangs on the wall wins, for rooms, files and boxes alike,
//! and nothing that was meant for a household misses it.

use crate::support::transfer;
use ::notices::audience::Audience as To;
use ::notices::draft::{self, Draft};
use ::notices::{Class, Ways, flow};
use axum::http::StatusCode;
use dossiers::listing::{self, Show};
use foundation::database::{Community, HOUSE, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;
use roster::order::{self, Level, Listed, OrderFault};
use roster::{Filter, NewOwner, PersonDraft, RosterError, Spot, rooms_page};
use shelves::cabinet::{self, Apart};

use crate::imports::{counts, csv, import};
use crate::membership::world::employ;
use crate::roster_pages::{door, get, post};
use crate::shelves::Stage;

fn line(level: Level, name: &str, ord: i64) -> Listed {
    Listed {
        level,
        name: name.into(),
        ord,
    }
}

fn building(name: &str, ord: i64) -> Listed {
    line(Level::Building, name, ord)
}

/// The first rooms of the roster, as the shelf has them.
async fn shelf(house: &House, by: &Actor, c: Community) -> Vec<String> {
    let (rows, _) = rooms_page(house, by, c, &Filter::default(), &Spot::default())
        .await
        .expect("a page");
    rows.into_iter().map(|r| r.room.at.code).collect()
}

async fn run_jobs(house: &std::sync::Arc<House>) {
    let runner = order::jobs(Runner::default());
    while runner
        .run_due(&house.db, house, house.now())
        .await
        .expect("jobs")
        > 0
    {}
}

const FIVE: &[&str] = &["1-1-101", "1-1-102", "2-1-101", "甲-101", "甲-102"];

#[tokio::test(flavor = "multi_thread")]
async fn a_building_is_put_first_and_the_preview_says_what_setting_it_does() {
    let s = Stage::with(FIVE).await;
    assert_eq!(shelf(&s.house, &s.by, s.c).await, FIVE);
    let wanted = [building("甲棟", 1)];
    let told = order::preview(&s.house, &s.manager, s.c, &wanted)
        .await
        .expect("compared");
    assert_eq!((told.rooms, told.changed, told.carried), (5, 5, 2));
    assert_eq!(shelf(&s.house, &s.by, s.c).await, FIVE, "nothing was done");
    let by = &s.manager;
    order::set(&s.house, by, s.c, 0, &wanted)
        .await
        .expect("set");
    let now = shelf(&s.house, &s.by, s.c).await;
    assert_eq!(now, ["甲-101", "甲-102", "1-1-101", "1-1-102", "2-1-101"]);
    for m in &told.moves {
        let (before, after) = (m.before as usize - 1, m.after as usize - 1);
        assert_eq!((FIVE[before], &now[after]), (&*m.code, &m.code));
    }
    let buildings = roster::buildings(&s.house, s.c).await.expect("read");
    assert_eq!(buildings, ["甲", "1", "2"]);
    assert_eq!(s.told("roster.order_set").await.0, 1);
    let (applied, facts) = s.told("roster.order_applied").await;
    assert!(applied == 1 && facts.contains("\"rooms\":2"), "{facts}");
    // A room that is added now stands where the order says.
    s.room("甲-103", "residence").await;
    assert_eq!(shelf(&s.house, &s.by, s.c).await[2], "甲-103");
    // Nothing overridden is the rules' order again, to the byte.
    order::set(&s.house, by, s.c, 1, &[]).await.expect("set");
    let keys: Vec<(String, Vec<u8>)> = s
        .house
        .db
        .all(ask(
            "SELECT normal, sort_key FROM room WHERE community = $1",
            params![s.c],
        ))
        .await
        .expect("read");
    for (normal, key) in keys {
        let code = hanzi::room::RoomCode::parse(&normal).expect("a code");
        assert_eq!(key, code.sort_key(), "{normal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn units_and_floors_have_their_places_too() {
    let rooms = ["1-1-101", "1-1-3A01", "1-1-501", "1-2-101"];
    let s = Stage::with(&rooms).await;
    let wanted = [
        line(Level::Unit, "1棟2單元", 1),
        line(Level::Floor, "1棟3A層", 5),
    ];
    order::set(&s.house, &s.manager, s.c, 0, &wanted)
        .await
        .expect("set");
    let now = shelf(&s.house, &s.by, s.c).await;
    assert_eq!(now, ["1-2-101", "1-1-3A01", "1-1-101", "1-1-501"]);
    let stands = order::standing(&s.house, &s.manager, s.c, "1栋")
        .await
        .expect("read");
    assert_eq!((stands.version, stands.making), (1, false));
    let units: Vec<_> = stands.units.iter().map(|u| (&*u.word, u.ord)).collect();
    assert_eq!(units, [("2", Some(1)), ("1", None)]);
    let floors: Vec<_> = stands
        .floors
        .iter()
        .map(|f| (&*f.word, f.ord, f.height_x10))
        .collect();
    assert_eq!(
        floors,
        [
            ("3A", Some(5), Some(31)),
            ("1", None, Some(10)),
            ("5", None, Some(50))
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_none_is_refused_and_so_is_who_may_not() {
    let s = Stage::with(FIVE).await;
    let fault =
        async |wanted: &[Listed]| match order::preview(&s.house, &s.manager, s.c, wanted).await {
            Err(RosterError::Order(fault)) => fault,
            other => panic!("{other:?}"),
        };
    for name in ["9棟", "1-1-101", "1棟1單元", "？"] {
        let found = fault(&[building(name, 1)]).await;
        assert_eq!(found, OrderFault::NoSuch(name.into()));
    }
    let twice = fault(&[building("1棟", 1), building("一號樓", 2)]).await;
    assert_eq!(twice, OrderFault::Twice("1栋".into()));
    let one = fault(&[building("1棟", 1), building("甲座", 1)]).await;
    assert!(matches!(one, OrderFault::OnePlace(..)), "{one:?}");
    let odd = fault(&[building("1棟", 0)]).await;
    assert_eq!(odd, OrderFault::Place("1棟".into()));
    let wanted = [building("甲棟", 1)];
    let refused = order::set(&s.house, &s.by, s.c, 0, &wanted).await;
    assert!(matches!(refused, Err(RosterError::Forbidden(_))));
    let stale = order::set(&s.house, &s.manager, s.c, 7, &wanted).await;
    assert!(matches!(stale, Err(RosterError::Changed)), "{stale:?}");
    assert_eq!(shelf(&s.house, &s.by, s.c).await, FIVE);
    assert_eq!(s.told("roster.order_set").await.0, 0);
}

async fn reached(s: &Stage, by: &Actor, places: &str) -> (i64, Vec<String>) {
    let to = To::default()
        .places(&s.house, s.c, places)
        .await
        .expect("read");
    let counted = draft::preview(&s.house, by, &to).await.expect("counted");
    let text = Draft {
        class: Class::Emergency,
        title: "三樓水管破裂".into(),
        body: "請關好水閥，維修人員十分鐘內到。".into(),
        audience: to,
        ways: Ways::default(),
        asks: true,
        remind_hours: 0,
        publish_at: None,
        replaces: None,
    };
    let id = flow::emergency(&s.house, by, &text).await.expect("sent");
    let rows: Vec<(String,)> = s
        .house
        .db
        .all(ask(
            "SELECT code FROM notice_household WHERE community = $1 AND notice = $2 ORDER BY code",
            params![s.c, id],
        ))
        .await
        .expect("read");
    (counted, rows.into_iter().map(|(code,)| code).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_to_a_range_reaches_the_same_households_before_and_after() {
    let rooms = [
        "1-1-101", "1-1-301", "1-1-3A01", "1-1-501", "1-2-101", "2-1-101", "3-1-101", "甲-101",
    ];
    let s = Stage::with(&rooms).await;
    let by = employ(&s.house, s.c, Role::Manager).await;
    let ranges = ["1-1-102～1-1-501", "1-1-301～3-1-101", "2-1-101～甲-101"];
    let mut before = Vec::new();
    for range in ranges {
        before.push(reached(&s, &by, range).await);
    }
    assert_eq!(before[0].1, ["1-1-301", "1-1-3A01", "1-1-501"]);
    assert_eq!(before[1].0, 6);
    // 甲 hangs before 1, 3 before 2, unit 2 before unit 1.
    let wanted = [
        building("甲棟", 1),
        building("3棟", 2),
        building("1棟", 3),
        line(Level::Unit, "1棟2單元", 1),
    ];
    // Set, and not applied: who sends a notice finishes it.
    order::begin(&s.house, &s.manager, s.c, 0, &wanted)
        .await
        .expect("begun");
    for (range, before) in ranges.into_iter().zip(before) {
        assert_eq!(reached(&s, &by, range).await, before, "{range}");
    }
    assert_eq!(s.told("roster.order_applied").await.0, 1);
    // What runs backwards by the rules runs as it hangs.
    let (_, own) = reached(&s, &by, "甲-101～3-1-101").await;
    assert_eq!(own, ["3-1-101", "甲-101"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_after_it_sorts_by_it_and_reads_the_offices_names() {
    let s = Stage::with(&["1-1-101", "甲-101", "B1座101"]).await;
    let all = foundation::communities::list(&s.house.db, Community(0))
        .await
        .expect("read");
    let here = all.iter().find(|h| h.number == s.c).expect("there");
    let wanted = [building("甲棟", 1), building("B1座", 2)];
    order::set(&s.house, &s.manager, s.c, 0, &wanted)
        .await
        .expect("set");
    let file = csv(&[
        "甲-102,王女士,,,,業主,",
        "1-1-102,王女士,,,,業主,",
        "B1-023,王女士,,,,業主,",
    ]);
    let told = import(&s.house, here, &file).await;
    assert_eq!(told.rooms, counts(3, 0, 0));
    let again = import(&s.house, here, &file).await;
    assert_eq!(
        again.rooms,
        counts(0, 0, 3),
        "the same file finds its rooms"
    );
    let now = shelf(&s.house, &s.by, s.c).await;
    assert_eq!(
        now,
        [
            "甲-101", "甲-102", "B1-023", "B1座101", "1-1-101", "1-1-102"
        ]
    );
    let found = roster::find_room(&s.house, s.c, "B1-023").await;
    let found = found.expect("read").expect("there");
    assert_eq!(
        (&*found.code, found.normal.contains('栋')),
        ("B1-023", true)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_off_between_two_writes_is_finished_by_the_job() {
    let s = Stage::with(&["甲-101"]).await;
    let all = foundation::communities::list(&s.house.db, Community(0))
        .await
        .expect("read");
    let here = all.iter().find(|h| h.number == s.c).expect("there");
    let rows: Vec<String> = (1..=42)
        .flat_map(|floor| (1..=50).map(move |flat| format!("2-1-{floor}{flat:02},王女士,,,,業主,")))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    import(&s.house, here, &csv(&rows)).await;
    let wanted = [building("2棟", 2), building("甲棟", 1)];
    order::begin(&s.house, &s.manager, s.c, 0, &wanted)
        .await
        .expect("begun");
    // A room whose code cannot be read stands in the way, behind 2,000 others.
    let (last, normal): (Id, String) = s
        .house
        .db
        .one(ask(
            "SELECT id, normal FROM room WHERE community = $1 ORDER BY id DESC LIMIT 1",
            params![s.c],
        ))
        .await
        .expect("read");
    let spell = async |text: String| {
        let c = s.c;
        s.house
            .db
            .keep::<_, foundation::database::DbError, _>(
                foundation::database::Chore::Staging,
                HOUSE,
                move |r| {
                    r.execute(ask(
                        "UPDATE room SET normal = $3 WHERE community = $1 AND id = $2",
                        params![c, last, &text],
                    ))
                },
            )
            .await
            .expect("spelt");
    };
    spell("？".into()).await;
    let broke = order::apply(&s.house, s.c).await;
    assert!(matches!(broke, Err(RosterError::Database(_))), "{broke:?}");
    let keyed = s.told("roster.order_keyed").await.0;
    assert!(keyed >= 3, "{keyed} writes were made before it broke off");
    assert_eq!(s.told("roster.order_applied").await.0, 0);
    let stands = order::standing(&s.house, &s.manager, s.c, "")
        .await
        .expect("read");
    assert!(stands.making);
    spell(normal).await;

    let again = s.house.again().await;
    run_jobs(&again).await;
    let (applied, facts) = s.told("roster.order_applied").await;
    assert_eq!(applied, 1);
    assert!(!facts.contains("\"rooms\":0"), "{facts}");
    let site = order::settled(&again, s.c).await.expect("settled");
    let keys: Vec<(String, Vec<u8>)> = again
        .db
        .all(ask(
            "SELECT normal, sort_key FROM room WHERE community = $1",
            params![s.c],
        ))
        .await
        .expect("read");
    assert_eq!(keys.len(), 2_101);
    for (normal, key) in keys {
        let code = hanzi::room::RoomCode::parse(&normal).expect("a code");
        assert_eq!(key, code.sort_key_with(&site), "{normal}");
    }
    assert_eq!(order::apply(&again, s.c).await.expect("nothing left"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_boxes_and_the_catalog_stand_in_the_new_order_former_owners_too() {
    let s = Stage::with(FIVE).await;
    dossiers::follow::follow(&s.house, s.c)
        .await
        .expect("followed");
    let room = roster::find_room(&s.house, s.c, "甲-101").await;
    let room = room.expect("read").expect("there").id;
    let new = NewOwner::New {
        person: Box::new(PersonDraft {
            name: Some("李女士".into()),
            ..PersonDraft::default()
        }),
        share: Some((1, 1)),
    };
    transfer(&s.house, &s.by, s.c, room, &[new], "2026-03-02")
        .await
        .expect("handed over");
    s.tend().await;
    s.cabinet("A櫃", 1, 2, 800).await;
    cabinet::set_apart(&s.house, &s.manager, Apart::None)
        .await
        .expect("set");
    s.arrange().await;
    let wanted = [building("甲棟", 1)];
    order::set(&s.house, &s.manager, s.c, 0, &wanted)
        .await
        .expect("set");
    dossiers::follow::follow(&s.house, s.c)
        .await
        .expect("followed");
    let want = [
        ("甲-101", 1),
        ("甲-101", 2),
        ("甲-102", 1),
        ("1-1-101", 1),
        ("1-1-102", 1),
        ("2-1-101", 1),
    ];
    let filter = listing::Filter {
        show: Show::Shelf,
        ..listing::Filter::default()
    };
    let (files, _) = listing::page(&s.house, &s.by, &filter, None)
        .await
        .expect("listed");
    let files: Vec<_> = files
        .iter()
        .map(|f| (&*f.dossier.code, f.dossier.tenure))
        .collect();
    assert_eq!(files, want);
    let boxes = s.boxes().await;
    let boxes: Vec<_> = boxes.iter().map(|b| (&*b.code, b.tenure)).collect();
    assert_eq!(boxes, want);
    // The three boxes of 甲 are carried to the front, and no other.
    assert_eq!(s.plan().await.to_move(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_what_moves_before_it_is_set() {
    let s = Stage::with(FIVE).await;
    let set = door(&s.house, roster::routes(), &s.manager);
    let page = get(&set, "/roster/order").await;
    assert!(page.contains("building:甲栋") && page.contains("甲 棟"));
    assert!(!page.contains("王"), "no names");
    let version = ("version", "0");
    let odd = [version, ("building:甲栋", "0"), ("building:1栋", "x")];
    let (status, _, page) = post(&set, "/roster/order", &odd).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("1 到 9999") && page.contains("value=\"x\""));
    let same = [version, ("building:甲栋", "1"), ("building:1栋", "1")];
    let (status, _, page) = post(&set, "/roster/order", &same).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("同一個次序"));

    let wanted = [version, ("building:甲栋", "1")];
    let (status, _, page) = post(&set, "/roster/order", &wanted).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("最少搬動 2 間") && page.contains("甲-102"));
    assert_eq!(
        shelf(&s.house, &s.by, s.c).await,
        FIVE,
        "nothing is kept yet"
    );
    let sure = [version, ("building:甲栋", "1"), ("sure", "yes")];
    let (_, to, _) = post(&set, "/roster/order", &sure).await;
    assert_eq!(to, "/roster/order");
    assert_eq!(shelf(&s.house, &s.by, s.c).await[0], "甲-101");
    let (status, ..) = post(&set, "/roster/order", &sure).await;
    assert_eq!(
        status,
        StatusCode::CONFLICT,
        "it was seen before the last setting"
    );

    // Units and floors of one building; what is set elsewhere stays.
    let page = get(&set, "/roster/order?building=1%E6%A0%8B").await;
    assert!(page.contains("unit:1栋1单元") && page.contains("floor:1-1层"));
    let floor = [
        ("version", "1"),
        ("building", "1栋"),
        ("building:甲栋", "1"),
        ("floor:1-1层", "1.5"),
        ("sure", "yes"),
    ];
    let (_, to, _) = post(&set, "/roster/order", &floor).await;
    assert!(to.starts_with("/roster/order?building="), "{to}");
    let next = [("version", "2"), ("building:甲栋", "1"), ("sure", "yes")];
    post(&set, "/roster/order", &next).await;
    let stands = order::standing(&s.house, &s.manager, s.c, "1栋")
        .await
        .expect("read");
    assert_eq!((stands.version, stands.floors[0].ord), (3, Some(15)));
    assert_eq!(stands.listed.len(), 2);
}
