//! The outbox: whatever happens to a way or a runner, every item ends exactly once.

mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use ::notices::audience::Audience;
use ::notices::coverage::{self, Part};
use ::notices::draft::Draft;
use ::notices::{Class, Ways, delivery, flow};
use ::outbox::post::Post;
use ::outbox::sender::{Answer, Why};
use ::outbox::senders::http::Reach;
use ::outbox::senders::mail::{Line, MailSettings};
use ::outbox::senders::sms::{Shape, SmsSettings};
use ::outbox::ways::{self, AsSetUp};
use ::outbox::{Level, OutboxError, Way, Wish, devices, mailbox, set_wish};
use foundation::clock::{DAY, MINUTE};
use foundation::database::{HOUSE, ask};
use foundation::jobs::Runner;
use foundation::ledger::Door;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;

use crate::membership::world::{C, World, employ};
use world::{Mood, count, fakes, homes, letter, most_attempts, run_down, settled};

const NOWHERE: &str = "http://127.0.0.1:9/push";

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_by_three_ways_end_once_each_though_one_is_down_one_slow_one_flapping() {
    let w = World::new().await;
    let house = &w.house;
    let all = homes(house, 1_000, NOWHERE).await;
    letter(house, &all, &Way::ALL, false).await;
    let (carriers, [push, sms, mail]) = fakes(Mood::Flapping, Mood::Slow, Mood::Down);
    let post = Post::new(house.house.clone(), carriers, "");
    let turns = run_down(house, &post, &[Way::Push, Way::Sms], 150).await;
    println!("push and messages were done after {turns} turns");
    assert_eq!(count(house, Way::Sms, "sent").await, 1_000);
    assert_eq!(sms.times(), vec![1; 1_000]);
    assert_eq!(count(house, Way::Push, "sent").await, 1_000);
    assert_eq!(push.times(), vec![1; 1_000]);
    // The way that is down was hardly asked, and no item lost a try.
    assert_eq!(count(house, Way::Mail, "queued").await, 1_000);
    assert_eq!(most_attempts(house, Way::Mail).await, 0);
    let asked = mail.asked.load(std::sync::atomic::Ordering::SeqCst);
    assert!(asked < 150, "asked {asked} times");
    // It comes back: all go, each once.
    mail.becomes(Mood::Up);
    house.clock.advance(15 * MINUTE);
    run_down(house, &post, &Way::ALL, 60).await;
    assert_eq!(mail.times(), vec![1; 1_000]);
    let places = settled(house, C).await;
    assert_eq!(places.len(), 3_000);
    assert!(places.windows(2).all(|p| p[0] < p[1]), "in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_runner_held_when_it_died_is_sent_after_its_lease() {
    let w = World::new().await;
    let house = &w.house;
    let all = homes(house, 20, NOWHERE).await;
    letter(house, &all, &[Way::Sms], false).await;
    let (carriers, [_, sms, _]) = fakes(Mood::Up, Mood::Hangs, Mood::Up);
    let dying = Arc::new(Post::new(house.house.clone(), carriers.clone(), ""));
    let turn = tokio::spawn({
        let dying = dying.clone();
        async move { dying.turn_of(Way::Sms).await }
    });
    while sms.in_hand.lock().expect("whole").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    turn.abort();
    let _ = turn.await;
    sms.becomes(Mood::Up);
    sms.in_hand.lock().expect("whole").clear();
    let second = Post::new(house.again().await, carriers, "");
    assert_eq!(second.turn().await.expect("a turn"), 0, "it is held");
    house.clock.advance(2 * MINUTE);
    run_down(house, &second, &[Way::Sms], 3).await;
    assert_eq!(sms.times(), vec![1; 20]);
    assert_eq!(settled(house, C).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runners_never_hold_the_same() {
    let w = World::new().await;
    let house = &w.house;
    let all = homes(house, 300, NOWHERE).await;
    letter(house, &all, &Way::ALL, false).await;
    let (carriers, every) = fakes(Mood::Slow, Mood::Slow, Mood::Slow);
    let one = Post::new(house.house.clone(), carriers.clone(), "");
    // Several nodes share a server, never a file.
    let node = match &house.db_url {
        Some(_) => house.again().await,
        None => house.house.clone(),
    };
    let other = Post::new(node, carriers, "");
    for _ in 0..60 {
        let (a, b) = tokio::join!(one.turn(), other.turn());
        if a.expect("a turn") + b.expect("a turn") == 0 {
            break;
        }
    }
    for fake in every {
        assert!(!fake.twice_at_once.load(std::sync::atomic::Ordering::SeqCst));
        assert_eq!(fake.times(), vec![1; 300]);
    }
    assert_eq!(settled(house, C).await.len(), 900);
}

#[tokio::test(flavor = "multi_thread")]
async fn urgent_goes_first_and_through_quiet_hours_and_nothing_leaves_too_late() {
    let w = World::new().await;
    let house = &w.house;
    let all = homes(house, 3, NOWHERE).await;
    let owner = Actor::account(all[0].account, None, C, vec![Role::Owner], Door::Web);
    // Now is ten in the morning; it is quiet from nine to eleven.
    let wish = Wish {
        level: Level::All,
        quiet_from: 9 * 60,
        quiet_until: 11 * 60,
    };
    set_wish(house, &owner, wish).await.expect("set");
    letter(house, &all, &[Way::Push], false).await;
    letter(house, &all, &[Way::Push], true).await;
    let (carriers, [push, ..]) = fakes(Mood::Up, Mood::Up, Mood::Up);
    let post = Post::new(house.house.clone(), carriers, "");
    post.turn().await.expect("a turn");
    assert_eq!(
        *push.order.lock().expect("whole"),
        [true, true, true, false, false]
    );
    assert_eq!(
        most_attempts(house, Way::Push).await,
        1,
        "waiting is no try"
    );
    house.clock.advance(60 * MINUTE);
    post.turn().await.expect("a turn");
    assert_eq!(count(house, Way::Push, "sent").await, 6);
    // Too late: it expires, whatever its way is like.
    letter(house, &all, &[Way::Push], true).await;
    push.becomes(Mood::Down);
    house.clock.advance(3 * DAY);
    post.turn().await.expect("a turn");
    assert_eq!(count(house, Way::Push, "expired").await, 3);
    let none = ::outbox::reachable(house, C, &[all[0].account, house.id()])
        .await
        .expect("asked");
    assert!(none.has(all[0].account, Way::Push) && none.has(all[0].account, Way::Mail));
    let nothing = Wish {
        level: Level::Nothing,
        ..Wish::default()
    };
    set_wish(house, &owner, nothing).await.expect("set");
    let reach = ::outbox::reachable(house, C, &[all[0].account])
        .await
        .expect("asked");
    assert!(!reach.has(all[0].account, Way::Push));
}

fn sms_at(url: &str) -> SmsSettings {
    SmsSettings {
        method: "POST".into(),
        url: format!("{url}/send"),
        headers: "Authorization: Bearer s3cret".into(),
        shape: Shape::Json,
        template: r#"{"to":"{phone}","say":"{text}","id":"{id}"}"#.into(),
        yes: "ok".into(),
    }
}

fn mail_at(port: u16) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".into(),
        port,
        line: Line::Plain,
        user: String::new(),
        password: String::new(),
        from: "office@lanting.example".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_reaches_a_thousand_households_whatever_the_ways_are_like() {
    let w = World::new().await;
    let house = &w.house;
    let operator = Actor::operator(HOUSE);
    // Push flaps, messages are slow, and nobody answers for mail.
    let (push, pushed) = world::web(|n, _| (if n % 4 == 0 { 503 } else { 201 }, 0)).await;
    let (sms, said) = world::web(|_, _| (200, 25)).await;
    ways::push_key(house, "https://lanting.example")
        .await
        .expect("a key");
    ways::set_sms(house, &operator, &sms_at(&sms), 60_000)
        .await
        .expect("set up");
    ways::set_mail(house, &operator, &mail_at(9), 60_000)
        .await
        .expect("set up");
    let all = homes(house, 1_000, &push).await;
    // Ten homes that nothing leads to.
    let dark: BTreeSet<_> = all[..10].iter().map(|h| h.room).collect();
    for table in ["party_phone", "outbox_device", "outbox_mail"] {
        for h in &all[..10] {
            let (column, whose) = match table {
                "party_phone" => ("party", h.party),
                _ => ("account", h.account),
            };
            let gone = ask(
                format!("DELETE FROM {table} WHERE community = $1 AND {column} = $2"),
                params![C, whose],
            );
            let chore = foundation::database::Chore::Migration;
            let done: Result<u64, foundation::database::DbError> =
                house.db.keep(chore, C, move |r| r.execute(gone)).await;
            done.expect("gone");
        }
    }
    let on_duty = employ(house, C, Role::OnDuty).await;
    let draft = Draft {
        class: Class::Emergency,
        title: "燃氣洩漏".into(),
        body: "請立即離開三棟，不要開燈。".into(),
        audience: Audience::default(),
        ways: Ways::ALL,
        asks: true,
        remind_hours: 0,
        publish_at: None,
        replaces: None,
    };
    let id = flow::emergency(house, &on_duty, &draft).await.expect("out");
    let runner = ::notices::jobs::jobs(Runner::default());
    let arc = house.house.clone();
    while runner
        .run_due(&arc.db, &arc, arc.now())
        .await
        .expect("jobs")
        > 0
    {}
    let set_up = AsSetUp {
        push: Reach::PublicOrHere,
    };
    let post = Post::new(arc.clone(), set_up, "https://lanting.example");
    let turns = run_down(house, &post, &[Way::Push, Way::Sms], 150).await;
    assert!(turns > 0, "something was sent");
    delivery::follow(house, C).await.expect("followed");
    let n = ::notices::draft::one(house, &w.manager, id)
        .await
        .expect("there");
    let t = coverage::tally(house, C, &n).await.expect("counted");
    assert_eq!((t.households, t.told, t.unreached), (1_004, 994, 10));
    let (left, more) = coverage::page(house, &on_duty, &n, Part::Unreached, "", &[], 100)
        .await
        .expect("a list");
    let left: BTreeSet<_> = left.iter().map(|h| h.room).collect();
    assert_eq!((left, more), (dark, false));
    // Four homes are the roster's own. Each phone and each browser heard it once.
    let bodies: BTreeSet<String> = {
        let said = said.lock().expect("whole");
        assert_eq!(said.len(), 994);
        said.iter().map(|s| s.1.clone()).collect()
    };
    assert_eq!(bodies.len(), 994);
    assert!(
        bodies
            .iter()
            .all(|b| b.contains("燃氣洩漏") && b.contains("/c/lanting1/my/notices/"))
    );
    let paths: BTreeSet<String> = {
        let pushed = pushed.lock().expect("whole");
        assert_eq!(pushed.len(), 990);
        assert!(pushed.iter().all(|p| p.0.contains("urgency: high")));
        let path = |p: &(String, String)| p.0.lines().next().unwrap_or("").to_owned();
        pushed.iter().map(path).collect()
    };
    assert_eq!(paths.len(), 990);
    // Mail is down: nothing is lost until it is worth nothing.
    assert_eq!(count(house, Way::Mail, "queued").await, 990);
    house.clock.advance(4 * DAY);
    for _ in 0..6 {
        post.turn().await.expect("a turn");
    }
    assert_eq!(count(house, Way::Mail, "expired").await, 990);
    assert_eq!(settled(house, C).await.len(), 994 + 990 + 990);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ways_are_set_up_sealed_tried_and_told_of() {
    let w = World::new().await;
    let house = &w.house;
    let operator = Actor::operator(HOUSE);
    let (port, heard) = world::mail_server().await;
    assert!(
        ways::set_mail(house, &w.manager, &mail_at(port), 600)
            .await
            .is_err()
    );
    let mut far = mail_at(port);
    far.host = "mail.example".into();
    assert!(
        ways::set_mail(house, &operator, &far, 600).await.is_err(),
        "in clear"
    );
    ways::set_mail(house, &operator, &mail_at(port), 600)
        .await
        .expect("set up");
    let tried = |to: &'static str| {
        ways::try_out(&house.house, &operator, Way::Mail, to, "試發", "能看到就好")
    };
    let sent = tried("one@lanting.example").await.expect("tried");
    assert_eq!(sent, Answer::Sent);
    assert!(heard.lock().expect("whole")[0].contains("one@lanting.example"));
    let refused = tried("nobody@lanting.example").await.expect("tried");
    assert_eq!(refused, Answer::Never { why: Why::Refused });
    // Down: told without an address.
    ways::set_sms(house, &operator, &sms_at("http://127.0.0.1:9"), 600)
        .await
        .expect("set up");
    let down = ways::try_out(&house.house, &operator, Way::Sms, "+8613800138000", "", "x")
        .await
        .expect("tried");
    assert_eq!(down, Answer::later(Why::Unreachable));
    let (kept,): (String,) = house
        .db
        .one(ask(
            "SELECT sealed FROM outbox_way WHERE way = 'sms'",
            params![],
        ))
        .await
        .expect("kept");
    assert!(!kept.contains("s3cret") && !kept.contains("127.0.0.1"));
    let states = ways::states(house).await.expect("read");
    assert!(states.iter().any(|s| s.way == Way::Mail && s.set_up));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_no_more_is_taken_off_the_list() {
    let w = World::new().await;
    let house = &w.house;
    let (push, _) = world::web(|_, head| (if head.contains("/0 ") { 410 } else { 201 }, 0)).await;
    ways::push_key(house, "").await.expect("a key");
    let all = homes(house, 2, &push).await;
    letter(house, &all, &[Way::Push], true).await;
    let set_up = AsSetUp {
        push: Reach::PublicOrHere,
    };
    let post = Post::new(house.house.clone(), set_up, "");
    post.turn().await.expect("a turn");
    assert_eq!(count(house, Way::Push, "sent").await, 1);
    assert_eq!(count(house, Way::Push, "failed").await, 1);
    let gone = devices::list(house, C, all[0].account).await.expect("read");
    let stays = devices::list(house, C, all[1].account).await.expect("read");
    assert_eq!((gone.len(), stays.len()), (0, 1));
    // Without leave for tests, nobody's browser leads to this machine.
    letter(house, &all[1..], &[Way::Push], true).await;
    let strict = Post::new(house.house.clone(), AsSetUp::default(), "");
    strict.turn().await.expect("a turn");
    assert_eq!(count(house, Way::Push, "failed").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_counts_once_its_link_was_followed_and_goes_with_the_person() {
    let w = World::new().await;
    let house = &w.house;
    let account = house.id();
    let owner = Actor::account(account, None, C, vec![Role::Owner], Door::Web);
    let has = async || {
        let reach = ::outbox::reachable(house, C, &[account]).await;
        reach.expect("asked").has(account, Way::Mail)
    };
    let bad = mailbox::set(house, &owner, "no address").await;
    assert!(matches!(bad, Err(OutboxError::Address)));
    let first = mailbox::set(house, &owner, "wang@lanting.example")
        .await
        .expect("set");
    let second = mailbox::set(house, &owner, "wang@lanting.example")
        .await
        .expect("set again");
    assert!(!has().await);
    let old = mailbox::confirm(house, &owner, &first).await;
    assert!(
        matches!(old, Err(OutboxError::NotFound)),
        "another was mailed"
    );
    let other = Actor::account(house.id(), None, C, vec![Role::Owner], Door::Web);
    assert!(mailbox::confirm(house, &other, &second).await.is_err());
    mailbox::confirm(house, &owner, &second)
        .await
        .expect("confirmed");
    assert!(has().await);
    assert!(
        mailbox::confirm(house, &owner, &second).await.is_err(),
        "once"
    );
    // Three a day, also when the address was taken away meanwhile; a day later anew.
    mailbox::remove(house, &owner).await.expect("removed");
    assert!(!has().await);
    let third = mailbox::set(house, &owner, "wang@lanting.example")
        .await
        .expect("the third");
    let fourth = mailbox::set(house, &owner, "wang@lanting.example").await;
    assert!(matches!(fourth, Err(OutboxError::Wait)));
    house.clock.advance(DAY + MINUTE);
    assert!(
        mailbox::confirm(house, &owner, &third).await.is_err(),
        "late"
    );
    let fresh = mailbox::set(house, &owner, "wang@lanting.example")
        .await
        .expect("another day");
    mailbox::confirm(house, &owner, &fresh)
        .await
        .expect("confirmed");
    let asked = || {
        ask(
            "SELECT COUNT(*) FROM outbox_mail WHERE community = $1",
            params![C],
        )
    };
    let (kept,): (i64,) = house.db.one(asked()).await.expect("counted");
    assert_eq!(kept, 1);
    rights::erase(house, &Actor::system(C), account, rights::Ground::Asked)
        .await
        .expect("erased");
    let (kept,): (i64,) = house.db.one(asked()).await.expect("counted");
    assert_eq!(kept, 0);
    let again = mailbox::set(house, &owner, "wang@lanting.example").await;
    assert!(
        matches!(again, Err(OutboxError::Keys(_))),
        "erased is erased"
    );
}
