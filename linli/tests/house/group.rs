//! The group: who reads and who speaks where, what goes out and what does not, and that
//! nothing acknowledged is lost, doubled or out of order.

mod acting;
mod carried;
mod finding;
mod nudge;
mod polls;
mod sharing;
mod soak;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use ::group::channels::{self, Settings};
use ::group::live::{Hub, Line};
use ::group::reading::Part;
use ::group::speak::{self, Draft};
use ::group::{ChannelKind, GroupError, Message, MessageState, follow, reading};
use conduct::desk::Decision;
use foundation::clock::{HOUR, MINUTE, SECOND};
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use crate::conduct::world::{INSULT, Street};
use crate::membership::world::C;

fn draft(id: &str, text: &str) -> Draft {
    Draft {
        sent_id: id.into(),
        text: text.into(),
        ..Draft::default()
    }
}

async fn main_of(house: &House, by: &Actor) -> Id {
    let here = channels::of(house, by).await.expect("channels");
    let main = here.iter().find(|one| one.kind == ChannelKind::Main);
    main.expect("the main channel is made at the first look").id
}

async fn page(house: &House, by: &Actor, channel: Id) -> Vec<Message> {
    let channel = channels::one(house, by, channel).await.expect("theirs");
    let history = reading::history(house, by, &channel, Part::Newest).await;
    history.expect("read").messages
}

async fn set(s: &Street, channel: Id, settings: Settings) {
    let house = &s.w.house;
    let one = channels::one(house, &s.w.host, channel)
        .await
        .expect("there");
    channels::set(house, &s.w.host, channel, one.version, settings)
        .await
        .expect("set");
}

/// What comes down a line within a moment.
async fn heard(line: &mut Line) -> String {
    let bytes = tokio::time::timeout(Duration::from_secs(10), line.next()).await;
    let bytes = bytes.expect("something comes").expect("the line stands");
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// A line from the beginning, as of a page that was opened before anything was said.
async fn line(s: &Street, hub: &Hub, by: &Actor, after: Option<&str>) -> Line {
    let house: &Arc<House> = &s.w.house.house;
    Line::open(house, hub, by, None, after)
        .await
        .expect("a line")
}

/// What a page of this moment hands to its device.
async fn view(s: &Street, by: &Actor) -> String {
    reading::view(&s.w.house, by).await.expect("a view")
}

/// The view that came with the last event.
fn last_view(heard: &str) -> String {
    let id = heard.lines().rev().find_map(|l| l.strip_prefix("id: "));
    id.expect("an event has an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_read_by_the_neighbours_once_and_in_order() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let first = speak::send(house, &s.wang, main, &draft("a1", " 今晚停水嗎？\u{202e} "))
        .await
        .expect("said");
    assert_eq!((first.seq, first.text.as_str()), (1, "今晚停水嗎？"));
    let again = speak::send(house, &s.wang, main, &draft("a1", "今晚停水嗎？"))
        .await
        .expect("sending again is sending once");
    assert_eq!(again.id, first.id);
    let mut answer = draft("b1", "通知說九點以後");
    answer.reply_to = Some(1);
    let second = speak::send(house, &s.li, main, &answer)
        .await
        .expect("said");
    assert_eq!((second.seq, second.reply_to), (2, Some(1)));
    let seen = page(house, &s.li, main).await;
    let seqs: Vec<i64> = seen.iter().map(|m| m.seq).collect();
    assert_eq!(seqs, [1, 2]);
    assert!(
        seen[0].byline.contains('*'),
        "a name is masked: {}",
        seen[0].byline
    );
    let here = channels::of(house, &s.li).await.expect("channels");
    let unread = reading::unread(house, &s.li, &here).await.expect("counted");
    assert_eq!(unread.iter().find(|u| u.0 == main).map(|u| u.1), Some(2));
    reading::mark(house, &s.li, &here[0], 2)
        .await
        .expect("marked");
    reading::mark(house, &s.li, &here[0], 1)
        .await
        .expect("a mark moves forward only");
    let unread = reading::unread(house, &s.li, &here).await.expect("counted");
    assert_eq!(unread.iter().find(|u| u.0 == main).map(|u| u.1), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_sendings_at_once_take_fifty_places_without_holes() {
    let s = Street::new().await;
    let house = s.w.house.house.clone();
    let main = main_of(&house, &s.wang).await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..50 {
        // Each of 25 messages is sent twice, by a phone that lost the answer.
        let (house, by) = (
            house.clone(),
            if n % 2 == 0 {
                s.wang.clone()
            } else {
                s.li.clone()
            },
        );
        all.spawn(async move {
            let id = format!("n{}", n % 10);
            speak::send(&house, &by, main, &draft(&id, &format!("第{}句話", n % 10))).await
        });
    }
    while let Some(done) = all.join_next().await {
        done.expect("no panic").expect("said");
    }
    let seen = page(&house, &s.li, main).await;
    let seqs: Vec<i64> = seen.iter().map(|m| m.seq).collect();
    assert_eq!(
        seqs,
        (1..=10).collect::<Vec<i64>>(),
        "ten messages, whoever sent them again"
    );
    let ticks: Vec<i64> = seen.iter().map(|m| m.tick).collect();
    assert!(ticks.is_sorted(), "one order for all: {ticks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insult_waits_for_a_person_and_nobody_else_learns_of_it() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let hub = Hub::default();
    let before = view(&s, &s.li).await;
    let mut neighbour = line(&s, &hub, &s.li, Some(&before)).await;
    let held = speak::send(house, &s.wang, main, &draft("a1", INSULT))
        .await
        .expect("kept");
    assert_eq!(held.state, MessageState::Held);
    assert_eq!(
        page(house, &s.wang, main).await.len(),
        1,
        "its author sees where it stands"
    );
    assert!(page(house, &s.li, main).await.is_empty());
    speak::send(house, &s.li, main, &draft("b1", "大家晚安"))
        .await
        .expect("said");
    let came = heard(&mut neighbour).await;
    assert!(
        came.contains("大家晚安") && !came.contains(&held.id.to_string()),
        "{came}"
    );
    assert_eq!(last_view(&came), view(&s, &s.li).await);

    // A person lets it pass: now it goes out, to those who are connected too.
    let case = s.case_of(&held.id.to_string()).await;
    s.decide(&s.w.host, &case, Decision::Dismiss)
        .await
        .expect("decided");
    assert_eq!(follow::follow(house, C).await.expect("followed"), 1);
    assert_eq!(follow::follow(house, C).await.expect("followed"), 0, "once");
    let came = heard(&mut neighbour).await;
    assert!(came.contains(&held.id.to_string()), "{came}");
    assert_eq!(page(house, &s.li, main).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breach_is_hidden_and_a_mute_closes_the_group_alone() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let held = speak::send(house, &s.wang, main, &draft("a1", INSULT))
        .await
        .expect("kept");
    let case = s.case_of(&held.id.to_string()).await;
    s.decide(&s.w.host, &case, Decision::Breach { severity: 1_000 })
        .await
        .expect("decided");
    follow::follow(house, C).await.expect("followed");
    let own = page(house, &s.wang, main).await;
    assert_eq!(
        (own[0].state, own[0].text.as_str()),
        (MessageState::Hidden, "")
    );
    let refused = speak::send(house, &s.wang, main, &draft("a2", "大家好")).await;
    let Err(GroupError::Silenced { until: Some(until) }) = refused else {
        panic!("muted for a day: {refused:?}");
    };
    s.w.house.clock.set(until.plus(SECOND));
    speak::send(house, &s.wang, main, &draft("a2", "大家好"))
        .await
        .expect("a mute ends by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_somebody_else_does_not_go_out_and_nothing_is_kept() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let text = "他身份證11010519491231002X，你們查";
    let sent = speak::send(house, &s.wang, main, &draft("a1", text)).await;
    match sent {
        Err(GroupError::Blocked(found)) => assert_eq!(found[0].category, "privacy"),
        Ok(kept) => assert_eq!(kept.state, MessageState::Held, "at least it waits"),
        Err(e) => panic!("{e}"),
    }
    assert!(page(house, &s.li, main).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_takes_back_ones_own_within_two_minutes() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let said = speak::send(house, &s.wang, main, &draft("a1", "說錯了"))
        .await
        .expect("said");
    let other = speak::recall(house, &s.li, said.id).await;
    assert!(matches!(other, Err(GroupError::NotFound)), "{other:?}");
    speak::recall(house, &s.wang, said.id)
        .await
        .expect("taken back");
    let seen = page(house, &s.li, main).await;
    assert_eq!(
        (seen[0].state, seen[0].text.as_str()),
        (MessageState::Recalled, "")
    );
    s.w.house.clock.advance(3 * MINUTE);
    speak::recall(house, &s.wang, said.id)
        .await
        .expect("done is done, however late it is asked again");
    let late = speak::send(house, &s.wang, main, &draft("a2", "又說錯了"))
        .await
        .expect("said");
    s.w.house.clock.advance(2 * MINUTE + SECOND);
    let refused = speak::recall(house, &s.wang, late.id).await;
    assert!(
        matches!(refused, Err(GroupError::RecallOver)),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_says_who_may_speak_when() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let say = async |by: &Actor, id: &str| speak::send(house, by, main, &draft(id, id)).await;

    set(
        &s,
        main,
        Settings {
            announce_only: true,
            ..Settings::default()
        },
    )
    .await;
    assert!(matches!(
        say(&s.wang, "a1").await,
        Err(GroupError::AnnouncementsOnly)
    ));
    say(&s.w.host, "h1").await.expect("the host announces");

    set(
        &s,
        main,
        Settings {
            slow_seconds: 60,
            ..Settings::default()
        },
    )
    .await;
    say(&s.wang, "a2").await.expect("the first");
    let refused = say(&s.wang, "a3").await;
    assert!(matches!(refused, Err(GroupError::TooFast { wait_ms }) if wait_ms <= 60_000));
    say(&s.w.host, "h2").await.expect("the host is not slowed");
    s.w.house.clock.advance(61 * SECOND);
    say(&s.wang, "a3").await.expect("after a minute");

    // The clock of the test stands at ten in the morning.
    let quiet = Settings {
        quiet_from: 9 * 60,
        quiet_until: 12 * 60,
        ..Settings::default()
    };
    set(&s, main, quiet).await;
    assert!(matches!(
        say(&s.li, "b1").await,
        Err(GroupError::Quiet { until_minute: 720 })
    ));
    s.w.house.clock.advance(3 * HOUR);
    say(&s.li, "b1").await.expect("after the quiet hours");

    let until = house.now().plus(10 * MINUTE);
    set(
        &s,
        main,
        Settings {
            hushed_until: Some(until),
            ..Settings::default()
        },
    )
    .await;
    assert!(matches!(say(&s.li, "b2").await, Err(GroupError::Hushed { until: u }) if u == until));
    s.w.house.clock.advance(11 * MINUTE);
    say(&s.li, "b2").await.expect("it ends by itself");
    let asks = channels::open(house, &s.li, "團購", "").await;
    assert!(matches!(asks, Err(GroupError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_in_a_channel_cannot_find_it() {
    let s = Street::new().await;
    let house = &s.w.house;
    let here = channels::of(house, &s.w.host).await.expect("channels");
    let room = here.iter().find(|one| one.kind == ChannelKind::Stewards);
    let room = room.expect("the host is in the stewards' room").id;
    let other = channels::open(house, &s.w.host, "九棟", "九九")
        .await
        .expect("opened");
    let told = speak::send(house, &s.w.host, room, &draft("h1", "內部議事")).await;
    told.expect("said");
    for closed in [room, other, house.id()] {
        let looked = channels::one(house, &s.li, closed).await;
        assert!(matches!(looked, Err(GroupError::NotFound)), "{looked:?}");
        let spoke = speak::send(house, &s.li, closed, &draft("b1", "大家好")).await;
        assert!(matches!(spoke, Err(GroupError::NotFound)), "{spoke:?}");
    }
    let hub = Hub::default();
    let before = view(&s, &s.li).await;
    let mut neighbour = line(&s, &hub, &s.li, Some(&before)).await;
    let main = main_of(house, &s.li).await;
    speak::send(house, &s.wang, main, &draft("a1", "大家好"))
        .await
        .expect("said");
    let came = heard(&mut neighbour).await;
    assert!(
        came.contains("大家好") && !came.contains("內部議事"),
        "{came}"
    );
    // Somebody of another compound is nobody here.
    let stranger = Actor::account(
        house.id(),
        None,
        C,
        vec![permissions::Role::Owner],
        foundation::ledger::Door::Web,
    );
    let looked = channels::one(house, &stranger, main).await;
    assert!(matches!(looked, Err(GroupError::NotFound)), "{looked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_hears_all_since_and_is_told_of_a_gap() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let beginning = view(&s, &s.wang).await;
    speak::send(house, &s.wang, main, &draft("a1", "第一句"))
        .await
        .expect("said");
    let after_first = view(&s, &s.li).await;
    let second = speak::send(house, &s.li, main, &draft("b1", "第二句"))
        .await
        .expect("said");
    let hub = Hub::default();
    let mut back = line(&s, &hub, &s.li, Some(&after_first)).await;
    let came = heard(&mut back).await;
    assert!(
        came.contains("第二句") && !came.contains("第一句"),
        "{came}"
    );
    // Both come as they stand now: a message that was taken back meanwhile comes without words.
    speak::recall(house, &s.li, second.id)
        .await
        .expect("taken back");
    let mut late = line(&s, &hub, &s.wang, Some(&beginning)).await;
    let came = heard(&mut late).await;
    assert!(came.contains("第一句") && came.contains("recalled") && !came.contains("第二句"));
    let mut lost = line(&s, &hub, &s.wang, Some("0123456789abc")).await;
    assert!(
        heard(&mut lost).await.contains("event: gap"),
        "a view of another database"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_makes_a_case_and_one_alone_hides_nothing() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let said = speak::send(house, &s.wang, main, &draft("a1", "物業費又漲了"))
        .await
        .expect("said");
    reading::report(house, &s.li, said.id, "insult")
        .await
        .expect("reported");
    let twice = reading::report(house, &s.li, said.id, "insult").await;
    assert!(twice.is_err(), "once each");
    let own = reading::report(house, &s.wang, said.id, "spam").await;
    assert!(own.is_err(), "not one's own");
    let case = s.case_of(&said.id.to_string()).await;
    assert_eq!(case.origin, "report");
    follow::follow(house, C).await.expect("followed");
    assert_eq!(page(house, &s.li, main).await[0].state, MessageState::Shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_of_the_rules_is_accepted_before_one_speaks() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let say = async |by: &Actor, id: &str| speak::send(house, by, main, &draft(id, "大家好")).await;
    say(&s.wang, "a1").await.expect("accepted at joining");
    let new = || "一、說話有禮。二、不發廣告。".to_owned();
    membership::texts::publish(
        house,
        &s.w.manager,
        membership::texts::TextName::Rules,
        new(),
        new(),
    )
    .await
    .expect("published");
    let refused = say(&s.wang, "a2").await;
    assert!(matches!(refused, Err(GroupError::RulesDue)), "{refused:?}");
    say(&s.w.host, "h1")
        .await
        .expect("the office has them by its contract");
    let due = conduct::rules::due(house, &s.wang).await.expect("asked");
    let version = due.expect("a newer one").version;
    conduct::rules::accept(house, &s.wang, version)
        .await
        .expect("accepted");
    say(&s.wang, "a2").await.expect("accepted");
}
