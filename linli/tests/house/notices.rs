//! Notices: who may publish, whom they reach, and that an emergency stays open until the
//! last household knows.

use ::notices::audience::{Audience, Whom};
use ::notices::coverage::{self, Part, Tally};
use ::notices::draft::{self, Draft};
use ::notices::flow;
use ::notices::receipts::{self, Act};
use ::notices::{Class, Notice, NoticeError, State, Ways, festivals, questions, reading, summary};
use foundation::clock::{DAY, HOUR, MINUTE};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::params;
use foundation::pictures;
use permissions::Role;
use permissions::actor::Actor;

use crate::conduct::world::{INSULT, LEAK, Street};
use crate::membership::world::{C, employ};

mod telling;

fn text(class: Class) -> Draft {
    Draft {
        class,
        title: "清洗水箱停水".into(),
        body: "週六九點到十二點停水，請提前儲水。".into(),
        audience: Audience::default(),
        ways: Ways {
            sms: true,
            push: true,
            ..Ways::default()
        },
        asks: true,
        remind_hours: 0,
        publish_at: None,
        replaces: None,
    }
}

async fn one(s: &Street, id: Id) -> Notice {
    draft::one(&s.w.house, &s.w.manager, id)
        .await
        .expect("there")
}

async fn tally(s: &Street, id: Id) -> Tally {
    let n = one(s, id).await;
    coverage::tally(&s.w.house, C, &n).await.expect("counted")
}

/// Written by the specialist, approved by the manager.
async fn published(s: &Street, draft: &Draft) -> Id {
    let house = &s.w.house;
    let id = draft::begin(house, &s.w.specialist, draft)
        .await
        .expect("drafted");
    let row = one(s, id).await.row_version;
    flow::submit(house, &s.w.specialist, id, row)
        .await
        .expect("handed in");
    let row = one(s, id).await.row_version;
    flow::approve(house, &s.w.manager, id, row)
        .await
        .expect("approved");
    id
}

fn door_picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Png)
        .expect("encoded");
    out.into_inner()
}

async fn run_jobs(s: &Street) {
    let runner = ::notices::jobs::jobs(Runner::default());
    let house = s.w.house.house.clone();
    while runner
        .run_due(&house.db, &house, house.now())
        .await
        .expect("jobs")
        > 0
    {}
}

async fn queued(s: &Street, way: &str, fate: &str) -> i64 {
    let asked = ask(
        "SELECT COUNT(*) FROM outbox_item WHERE community = $1 AND way = $2 AND fate = $3",
        params![C, way, fate],
    );
    let (n,): (i64,) = s.w.house.db.one(asked).await.expect("counted");
    n
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_does_not_approve_and_the_list_is_frozen_when_it_goes_out() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = draft::begin(house, &s.w.manager, &text(Class::Important))
        .await
        .expect("drafted");
    let row = one(&s, id).await.row_version;
    assert!(matches!(
        flow::approve(house, &s.w.manager, id, row).await,
        Err(NoticeError::State(State::Draft))
    ));
    flow::submit(house, &s.w.manager, id, row)
        .await
        .expect("handed in");
    let row = one(&s, id).await.row_version;
    assert!(
        matches!(
            flow::approve(house, &s.w.manager, id, row).await,
            Err(NoticeError::OwnText)
        ),
        "the host could approve"
    );
    assert!(
        flow::approve(house, &s.w.specialist, id, row)
            .await
            .is_err()
    );
    let stale = flow::approve(house, &s.w.host, id, row - 1).await;
    assert!(matches!(stale, Err(NoticeError::Changed)));
    flow::approve(house, &s.w.host, id, row)
        .await
        .expect("approved");
    let n = one(&s, id).await;
    assert_eq!(
        (n.state, n.households as usize),
        (State::Published, s.w.rooms.len())
    );
    // A room that comes later is no household of this notice.
    let t = tally(&s, id).await;
    assert_eq!((t.households, t.unreached), (n.households, n.households));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wrote_the_words_last_does_not_let_them_out() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = draft::begin(house, &s.w.specialist, &text(Class::Important))
        .await
        .expect("drafted");
    let row = one(&s, id).await.row_version;
    let mut other = text(Class::Important);
    other.body = "改了時間：十點到十三點停水。".into();
    draft::edit(house, &s.w.manager, id, row, &other)
        .await
        .expect("written anew");
    let n = one(&s, id).await;
    assert_eq!(Some(n.author), s.w.manager.account, "whose words it bears");
    flow::submit(house, &s.w.specialist, id, n.row_version)
        .await
        .expect("handed in");
    let row = one(&s, id).await.row_version;
    let own = flow::approve(house, &s.w.manager, id, row).await;
    assert!(matches!(own, Err(NoticeError::OwnText)), "{own:?}");
    flow::approve(house, &s.w.host, id, row)
        .await
        .expect("by another");
    // An emergency that somebody amends is not reviewed by them.
    let on_duty = employ(house, C, Role::OnDuty).await;
    let id = flow::emergency(house, &on_duty, &text(Class::Ordinary))
        .await
        .expect("out");
    let change = flow::Amendment {
        title: "爆管停水".into(),
        body: "三棟爆管，請關閉水閥。".into(),
        material: true,
        words: "地點有誤".into(),
    };
    let row = one(&s, id).await.row_version;
    flow::amend(house, &s.w.manager, id, row, &change)
        .await
        .expect("amended");
    let row = one(&s, id).await.row_version;
    let own = flow::review_after(house, &s.w.manager, id, row).await;
    assert!(matches!(own, Err(NoticeError::OwnText)), "{own:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_member_cannot_fill_the_questions_under_a_notice() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Ordinary)).await;
    for n in 0..questions::QUESTIONS_OF_ONE_MAX {
        questions::ask(house, &s.wang, id, &format!("第{n}件：幾點恢復？"))
            .await
            .expect("asked");
    }
    let more = questions::ask(house, &s.wang, id, "還有一件").await;
    assert!(matches!(more, Err(NoticeError::TooMany)), "{more:?}");
    questions::ask(house, &s.li, id, "我家也停嗎？")
        .await
        .expect("another may");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_reads_and_confirms_once_for_the_household() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Important)).await;
    let waiting = reading::waiting(house, &s.wang).await.expect("read");
    assert_eq!(waiting.len(), 1);
    let mine = reading::open(house, &s.wang, id).await.expect("opened");
    assert!(!mine.done);
    let t = tally(&s, id).await;
    assert_eq!((t.told, t.done), (1, 0), "read is not confirmed");
    receipts::acknowledge(house, &s.wang, id)
        .await
        .expect("confirmed");
    receipts::acknowledge(house, &s.wang, id)
        .await
        .expect("again is nothing new");
    let t = tally(&s, id).await;
    assert_eq!((t.told, t.done, t.acknowledged), (0, 1, 1));
    assert!(
        reading::waiting(house, &s.wang)
            .await
            .expect("read")
            .is_empty()
    );
    let told = s.w.told(&format!("notice:{id}")).await;
    let confirmed = told.iter().filter(|k| *k == "notices.acknowledged").count();
    assert_eq!(confirmed, 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_others_is_not_there() {
    let s = Street::new().await;
    let house = &s.w.house;
    let mut draft = text(Class::Ordinary);
    draft.audience.rooms = vec![s.w.rooms[0]];
    let id = published(&s, &draft).await;
    assert_eq!(one(&s, id).await.households, 1);
    reading::open(house, &s.wang, id)
        .await
        .expect("the first home's");
    for act in [
        reading::open(house, &s.li, id).await.map(|_| ()),
        receipts::acknowledge(house, &s.li, id).await,
        questions::ask(house, &s.li, id, "這是什麼？").await,
    ] {
        assert!(matches!(act, Err(NoticeError::NotFound)), "{act:?}");
    }
    let (list, _) = reading::list(house, &s.li, None).await.expect("read");
    assert!(list.is_empty());
    // Tenants only: an owner is not meant.
    let mut draft = text(Class::Ordinary);
    draft.audience.whom = Whom::Tenants;
    let id = draft::begin(house, &s.w.specialist, &draft)
        .await
        .expect("drafted");
    let row = one(&s, id).await.row_version;
    let out = flow::submit(house, &s.w.specialist, id, row).await;
    assert!(matches!(out, Err(NoticeError::Nobody)), "no home is let");
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_typed_as_an_office_types_them() {
    let s = Street::new().await;
    let house = &s.w.house;
    let code = roster::room(house, C, s.w.rooms[0])
        .await
        .expect("read")
        .expect("there")
        .at
        .code;
    let whole = Audience::default()
        .places(house, C, "  \n")
        .await
        .expect("empty");
    assert!(whole.is_whole());
    let one_room = Audience::default()
        .places(house, C, &code)
        .await
        .expect("a code");
    assert_eq!(one_room.rooms, [s.w.rooms[0]]);
    let count = draft::preview(house, &s.w.specialist, &one_room)
        .await
        .expect("counted");
    assert_eq!(count, 1);
    for strange in ["99棟", "沒有這個地方", "3-1-1802～3-1-0101"] {
        let out = Audience::default().places(house, C, strange).await;
        assert!(matches!(out, Err(NoticeError::Audience(_))), "{strange}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_stays_open_until_the_last_household_knows() {
    let s = Street::new().await;
    let house = &s.w.house;
    let on_duty = employ(house, C, Role::OnDuty).await;
    let id = flow::emergency(house, &on_duty, &text(Class::Ordinary))
        .await
        .expect("out without review");
    let n = one(&s, id).await;
    assert_eq!(
        (n.class, n.state, n.asks),
        (Class::Emergency, State::Published, true)
    );
    assert!(n.review_due.is_some() && n.is_open_emergency());
    let archived = flow::archive(house, &s.w.manager, id, n.row_version).await;
    assert!(
        matches!(archived, Err(NoticeError::State(_))),
        "nobody tires of it"
    );
    receipts::acknowledge(house, &s.wang, id)
        .await
        .expect("confirmed");
    let mut rest = s.w.rooms.clone();
    rest.remove(0);
    let last = rest.pop().expect("several rooms");
    for room in rest {
        let act = Act::Reached {
            how: "phone",
            whom: "業主母親".into(),
        };
        receipts::by_hand(house, &on_duty, id, room, act)
            .await
            .expect("recorded");
    }
    assert!(one(&s, id).await.is_open_emergency(), "one home is left");
    let picture = pictures::take(door_picture()).await.expect("a picture");
    receipts::by_hand(house, &on_duty, id, last, Act::Posted { picture })
        .await
        .expect("posted");
    let n = one(&s, id).await;
    assert!(n.covered_at.is_some(), "every household knows");
    let t = tally(&s, id).await;
    assert_eq!((t.done, t.unreached, t.told), (t.households, 0, 0));
    let done = receipts::of_household(house, &on_duty, id, last)
        .await
        .expect("read");
    let picture = done[0].picture.expect("the door's picture");
    let jpeg = receipts::picture(house, &on_duty, id, picture)
        .await
        .expect("opens");
    assert!(jpeg.starts_with(&[0xff, 0xd8]));
    let told = s.w.told(&format!("notice:{id}")).await;
    assert_eq!(told.iter().filter(|k| *k == "notices.covered").count(), 1);
    // Who was spoken to lies sealed: the office reads it, a dump does not.
    let spoken = receipts::of_household(house, &on_duty, id, s.w.rooms[1])
        .await
        .expect("read");
    assert_eq!(spoken[0].whom, "業主母親");
    let rows: Vec<(Option<Vec<u8>>,)> = house
        .db
        .all(ask(
            "SELECT whom FROM notice_receipt WHERE community = $1",
            params![C],
        ))
        .await
        .expect("read");
    let clear = "業主母親".as_bytes();
    let open = |whom: &Vec<u8>| whom.windows(clear.len()).any(|w| w == clear);
    assert!(!rows.iter().flat_map(|r| &r.0).any(open));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_without_review_is_called_for_after_a_day() {
    let s = Street::new().await;
    let house = &s.w.house;
    let on_duty = employ(house, C, Role::OnDuty).await;
    let late = flow::emergency(house, &on_duty, &text(Class::Emergency))
        .await
        .expect("out");
    let timely = flow::emergency(house, &on_duty, &text(Class::Emergency))
        .await
        .expect("out");
    let row = one(&s, timely).await.row_version;
    flow::review_after(house, &s.w.manager, timely, row)
        .await
        .expect("reviewed");
    s.w.house.clock.advance(DAY + MINUTE);
    run_jobs(&s).await;
    run_jobs(&s).await;
    let overdue = |told: Vec<String>| {
        told.iter()
            .filter(|k| *k == "notices.review_overdue")
            .count()
    };
    assert_eq!(overdue(s.w.told(&format!("notice:{late}")).await), 1);
    assert_eq!(overdue(s.w.told(&format!("notice:{timely}")).await), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_judged_as_all_speech_and_answered_where_they_were_asked() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Important)).await;
    questions::ask(house, &s.wang, id, "高層區也停嗎？")
        .await
        .expect("asked");
    let held = questions::ask(house, &s.wang, id, INSULT).await;
    assert!(held.is_ok() || matches!(held, Err(NoticeError::Blocked)));
    let leak = questions::ask(house, &s.li, id, LEAK).await;
    assert!(leak.is_ok() || matches!(leak, Err(NoticeError::Blocked)));
    let seen = questions::of_notice(house, &s.li, id).await.expect("read");
    let others: Vec<_> = seen
        .iter()
        .filter(|q| Some(q.account) != s.li.account)
        .collect();
    assert_eq!(others.len(), 1, "the insult is not shown to a neighbour");
    let open = questions::open(house, &s.w.specialist).await.expect("read");
    let first = open.first().expect("one waits").id;
    questions::answer(house, &s.w.specialist, id, first, "高層區不停。")
        .await
        .expect("answered");
    let seen = questions::of_notice(house, &s.li, id).await.expect("read");
    assert!(seen.iter().any(|q| q.answer == "高層區不停。"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_proposes_each_festival_once_and_sends_nothing() {
    let s = Street::new().await;
    let house = &s.w.house;
    ::notices::jobs::plan_greetings(house).await.expect("armed");
    for _ in 0..400 {
        s.w.house.clock.advance(DAY);
        run_jobs(&s).await;
    }
    let asked = ask(
        "SELECT festival, state FROM notice WHERE community = $1 ORDER BY festival",
        params![C],
    );
    let rows: Vec<(String, String)> = house.db.all(asked).await.expect("read");
    assert!(rows.len() >= 22, "a year of festivals: {}", rows.len());
    assert!(rows.iter().all(|r| r.1 == "draft"), "a person sends");
    let coming = festivals::coming(house, &s.w.specialist)
        .await
        .expect("read");
    assert!(!coming.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_counts_what_the_ledger_says() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Important)).await;
    questions::ask(house, &s.wang, id, "高層區也停嗎？")
        .await
        .expect("asked");
    let open = questions::open(house, &s.w.specialist).await.expect("read");
    s.w.house.clock.advance(2 * HOUR);
    questions::answer(house, &s.w.specialist, id, open[0].id, "不停。")
        .await
        .expect("answered");
    s.w.house.clock.advance(8 * DAY);
    let f = summary::figures(house, &s.w.manager, summary::Period::Week)
        .await
        .expect("counted");
    assert_eq!((f.asked, f.answered, f.published, f.open), (1, 1, 1, 0));
    assert_eq!(f.median_ms, Some(2 * HOUR));
    assert_eq!(f.joined, 2);
    s.w.house.clock.advance(7 * DAY);
    let f = summary::figures(house, &s.w.manager, summary::Period::Week)
        .await
        .expect("counted");
    assert_eq!((f.asked, f.joined), (0, 0), "another week");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_are_for_those_who_follow_up() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Important)).await;
    let n = one(&s, id).await;
    let refused: Vec<&Actor> = vec![&s.wang, &s.steward, &s.committee];
    for by in refused {
        let out = coverage::page(house, by, &n, Part::Open, "", &[], 10).await;
        assert!(matches!(out, Err(NoticeError::Forbidden(_))));
    }
    let (all, more) = coverage::page(house, &s.w.host, &n, Part::Every, "", &[], 2)
        .await
        .expect("read");
    assert_eq!((all.len(), more), (2, s.w.rooms.len() > 2));
    let sheet = coverage::sheet(house, &s.w.host, &n, "")
        .await
        .expect("taken");
    assert_eq!(sheet.len(), s.w.rooms.len());
    let told = s.w.told(&format!("notice:{id}")).await;
    assert!(
        told.iter().any(|k| k == "notices.listed"),
        "that it was taken is known"
    );
}
