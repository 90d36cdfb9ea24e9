//! The desk: tying, checks as of now, unmasking, many at once; and what is destroyed.

use std::io::Cursor;

use foundation::clock::DAY;
use foundation::database::ask;
use foundation::jobs::Runner;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use membership::desk::{self, Decision, Left};
use membership::draft::{self, Answers};
use membership::pictures::PictureKind;
use membership::policy::Advice;
use membership::state::State;
use membership::texts::TextName;
use membership::unmask::{self, Column};
use membership::view::{self, QueueFilter};
use membership::{MembershipError, apply, jobs, pictures, recheck};

use permissions::actor::Actor;

use super::world::{C, World};

/// What the roster would say of 3-2-1801 under a code that it does not know.
fn unknown_room(w: &World) -> Answers {
    Answers {
        room_typed: "舊樓十八樓東戶".into(),
        room: None,
        room_code: String::new(),
        vouched: false,
        proof_later: true,
        ..w.answers(0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_of_an_unknown_room_is_tied_to_one_and_then_approved() {
    let w = World::new().await;
    let (_, id) = w.applied(unknown_room(&w)).await;
    let early = desk::decide(&w.house, &w.specialist, id, 1, Decision::Approve).await;
    assert!(
        matches!(early, Err(MembershipError::Missing("room"))),
        "{early:?}"
    );
    let none = recheck::tie(&w.house, &w.specialist, id, 1, "9-9-999").await;
    assert!(matches!(none, Err(MembershipError::UnknownRoom)));
    let advice = recheck::tie(&w.house, &w.specialist, id, 1, "3棟2單元1801").await;
    assert_eq!(advice.expect("tied"), Advice::Green);
    let late = recheck::tie(&w.house, &w.supervisor, id, 1, "3-2-1802").await;
    assert!(matches!(late, Err(MembershipError::Changed)));
    let state = desk::decide(&w.house, &w.specialist, id, 2, Decision::Approve).await;
    assert_eq!(state.expect("approved"), State::Approved);
    let told = w.told(&format!("application:{id}")).await;
    assert_eq!(told[1], "membership.tied");
    let after = recheck::tie(&w.house, &w.specialist, id, 3, "3-2-1802").await;
    assert!(matches!(after, Err(MembershipError::Decided)));
}

/// Takes the owner of 3-2-180`i` off the roster, as a correction of the office would.
async fn forget_owner(w: &World, i: usize) {
    let room = w.rooms[i];
    w.house
        .write(C, &Who::operator(), move |mut tx| {
            tx.execute(ask(
                "DELETE FROM relation WHERE community = $1 AND room = $2",
                params![C, room],
            ))?;
            tx.record(Event::new(Kind::new("test.made", 1)), ())
        })
        .await
        .expect("the roster changes");
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_are_shown_as_of_now_beside_as_of_sending() {
    let w = World::new().await;
    let (_, id) = w.applied(w.answers(0)).await;
    let record = view::record(&w.house, &w.specialist, id)
        .await
        .expect("one");
    assert_eq!(record.now.expect("undecided").checks, record.checks);
    forget_owner(&w, 0).await;
    let record = view::record(&w.house, &w.specialist, id)
        .await
        .expect("one");
    let now = record.now.expect("undecided");
    assert_eq!(record.app.advice, Advice::Green, "as it was sent");
    assert_eq!((now.advice, now.party), (Advice::Look, None), "as it is");
    assert_ne!(now.checks, record.checks);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_leaves_what_is_not_green_now_and_says_why() {
    let w = World::new().await;
    let (_, green) = w.applied(w.answers(0)).await;
    let (_, changed) = w.applied(w.answers(1)).await;
    let (_, decided) = w.applied(w.answers(2)).await;
    forget_owner(&w, 1).await;
    desk::decide(&w.house, &w.supervisor, decided, 1, Decision::Approve)
        .await
        .expect("approved");
    let bulk = desk::approve_green(&w.house, &w.specialist, &[green, changed, decided])
        .await
        .expect("done");
    assert_eq!(bulk.done, 1);
    assert_eq!(
        bulk.left,
        [
            ("3-2-1802".into(), Left::NotGreen),
            ("3-2-1803".into(), Left::Decided)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_shown_in_clear_only_after_its_reason_stands_in_the_ledger() {
    let w = World::new().await;
    let (_, id) = w.applied(w.answers(0)).await;
    let short = unmask::unmask(&w.house, &w.specialist, id, Column::Phone, " 看看 ").await;
    assert!(matches!(short, Err(MembershipError::Reason)), "{short:?}");
    let host = unmask::unmask(&w.house, &w.host, id, Column::Phone, "致電核對身份").await;
    assert!(matches!(host, Err(MembershipError::Forbidden(_))));
    assert_eq!(w.told(&format!("application:{id}")).await.len(), 1);
    let shown = unmask::unmask(&w.house, &w.specialist, id, Column::Phone, "致電核對身份").await;
    assert_eq!(shown.expect("shown").as_deref(), Some("+8613800138001"));
    let told = w.told(&format!("application:{id}")).await;
    assert_eq!(told.last().map(String::as_str), Some("membership.unmasked"));
    let record = view::record(&w.house, &w.specialist, id)
        .await
        .expect("one");
    let reasons = unmask::reasons(&w.house, C, &record.app)
        .await
        .expect("read");
    assert_eq!(reasons[0].1, "致電核對身份");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_looked_at_sees_when_and_why_and_nobody_elses() {
    let w = World::new().await;
    let (application, joined) = super::terms::member(&w, 0).await;
    let reason = "回電確認房產證編號";
    unmask::unmask(&w.house, &w.specialist, application, Column::Phone, reason)
        .await
        .expect("shown");
    let mut owner = Actor::nobody(C);
    owner.account = Some(joined.account);
    let m = membership::members::of_account(&w.house, C, joined.account).await;
    let party = m.expect("a membership")[0].party.expect("on the roster");
    owner.person = Some(party);
    let why = ["核對身份證", "寄送通知到府"];
    for one in why {
        let column = roster::Column::Documents;
        roster::unmask(&w.house, &w.manager, C, party, column, one)
            .await
            .expect("shown");
    }
    let seen = view::who_saw(&w.house, &owner).await.expect("a list");
    let told: Vec<(&str, &str, &str)> = seen
        .iter()
        .map(|(l, why)| {
            let column = l.facts["column"].as_str().expect("a column");
            (l.role.as_str(), column, why.as_str())
        })
        .collect();
    let expected = [
        ("manager", "document", why[1]),
        ("manager", "document", why[0]),
        ("specialist", "phone", reason),
    ];
    assert_eq!(told, expected);
    let (_, other) = super::terms::member(&w, 1).await;
    let mut stranger = Actor::nobody(C);
    stranger.account = Some(other.account);
    let seen = view::who_saw(&w.house, &stranger).await.expect("a list");
    assert!(seen.is_empty(), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_turns_forward_and_back_to_the_same_page() {
    let w = World::new().await;
    for i in 0..60 {
        let mut answers = w.answers(i % 4);
        answers.name = format!("王{i}");
        answers.phone = format!("139000001{i:02}");
        w.applied(answers).await;
    }
    let page = async |filter: QueueFilter| {
        let page = view::queue(&w.house, &w.specialist, &filter).await;
        page.expect("a page")
    };
    for newest_first in [false, true] {
        let of = |after, before| QueueFilter {
            newest_first,
            after,
            before,
            ..QueueFilter::default()
        };
        let first = page(of(None, None)).await;
        assert!(first.before.is_none());
        let second = page(of(first.after, None)).await;
        assert_eq!((first.rows.len(), second.rows.len()), (50, 10));
        assert!(second.after.is_none());
        let back = page(of(None, second.before)).await;
        let ids = |page: &view::QueuePage| page.rows.iter().map(|r| r.id).collect::<Vec<_>>();
        assert_eq!(ids(&back), ids(&first));
        assert!(back.before.is_none() && back.after == first.after);
    }
}

fn photo() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut out = Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Png)
        .expect("a picture");
    out.into_inner()
}

/// Sends an application with one picture of an identity document.
async fn with_identity(w: &World) -> (String, foundation::ids::Id) {
    let answers = Answers {
        vouched: false,
        identity: None,
        ..w.answers(0)
    };
    let secret = draft::begin(&w.house, C, answers).await.expect("a draft");
    pictures::add(&w.house, C, &secret, PictureKind::Identity, photo())
        .await
        .expect("taken");
    let early = apply::submit(&w.house, &w.applicant(), &secret).await;
    assert!(
        matches!(early, Err(MembershipError::Missing("consent"))),
        "an identity document needs its own consent: {early:?}"
    );
    let mut draft = draft::open(&w.house, C, &secret)
        .await
        .expect("readable")
        .expect("there");
    draft.answers.identity = Some(1);
    draft::save(&w.house, C, &draft).await.expect("kept");
    let sent = apply::submit(&w.house, &w.applicant(), &secret).await;
    (secret, sent.expect("sent").application)
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_the_consent_destroys_the_pictures_that_rested_on_it() {
    let w = World::new().await;
    let (secret, id) = with_identity(&w).await;
    let listed = pictures::list(&w.house, C, id).await.expect("listed");
    assert_eq!(listed[0].kind, PictureKind::Identity);
    apply::withdraw_consent(&w.house, &w.applicant(), &secret, TextName::Identity)
        .await
        .expect("withdrawn");
    assert!(
        pictures::list(&w.house, C, id)
            .await
            .expect("listed")
            .is_empty()
    );
    let folder = w.house.data_dir.join("pictures").join(C.to_string());
    let left = std::fs::read_dir(folder.join(id.to_string())).expect("a folder");
    assert_eq!(left.count(), 0, "the file is gone too");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_the_key_goes_and_the_phone_stays() {
    let w = World::new().await;
    let (secret, id) = with_identity(&w).await;
    let refuse = Decision::Refuse {
        why: "proof_unclear",
        words: "請重拍".into(),
    };
    desk::decide(&w.house, &w.specialist, id, 1, refuse)
        .await
        .expect("refused");
    assert!(w.house.keys.ring(C, &[id]).await.expect("a ring").has(id));
    w.house.clock.advance(30 * DAY);
    let runner = jobs(Runner::default());
    let house = w.house.house.clone();
    while runner
        .run_due(&house.db, &house, house.now())
        .await
        .expect("jobs run")
        > 0
    {}
    let ring = w.house.keys.ring(C, &[id]).await.expect("a ring");
    assert!(
        !ring.has(id),
        "what was sealed under it stays shut for good"
    );
    let record = view::record(&w.house, &w.supervisor, id)
        .await
        .expect("one");
    assert_eq!(record.phone_masked, "138****8001");
    let own = apply::Own::Review("證件是清楚的".into());
    apply::act(&w.house, &w.applicant(), &secret, own)
        .await
        .expect("asked");
    let app = apply::find(&w.house, C, &secret).await.expect("there");
    let ask_more = Decision::AskMore {
        what: "clearer",
        words: String::new(),
    };
    desk::decide(&w.house, &w.supervisor, id, app.version, ask_more)
        .await
        .expect("asked");
    let late = pictures::add(&w.house, C, &secret, PictureKind::Deed, photo()).await;
    assert!(matches!(late, Err(MembershipError::PapersOver)), "{late:?}");
}
