//! Devices of those who are away: told once, of what is for them, as they wished.

use ::group::channels;
use ::group::nudge::nudge;
use ::group::{ChannelKind, reading};
use ::outbox::devices;
use ::outbox::sender::Browser;
use ::outbox::{Level, Wish, set_wish};
use foundation::clock::MINUTE;
use foundation::database::ask;
use foundation::ids::Id;
use foundation::params;
use permissions::actor::Actor;

use super::{draft, main_of};
use crate::conduct::world::{INSULT, Street};
use crate::membership::world::C;

async fn device(s: &Street, by: &Actor) {
    let browser = Browser {
        endpoint: format!("https://push.example/{}", by.account.expect("an account")),
        p256dh: webpush::public_key(&[7; 32]).expect("a key"),
        auth: "AAAAAAAAAAAAAAAAAAAAAA".into(),
    };
    devices::add(&s.w.house, by, &browser, "Firefox")
        .await
        .expect("taken");
}

async fn wish(s: &Street, by: &Actor, level: Level) {
    let wish = Wish {
        level,
        ..Wish::default()
    };
    set_wish(&s.w.house, by, wish).await.expect("wished");
}

/// Who was told, and by which words.
async fn told(s: &Street) -> Vec<(String, String)> {
    let asked = ask(
        "SELECT i.recipient, l.text FROM outbox_item i JOIN outbox_letter l \
         ON l.community = i.community AND l.id = i.letter \
         WHERE i.community = $1 ORDER BY i.recipient, l.text",
        params![C],
    );
    s.w.house.db.all(asked).await.expect("read")
}

async fn say(s: &Street, by: &Actor, channel: Id, id: &str, text: &str) {
    ::group::speak::send(&s.w.house, by, channel, &draft(id, text))
        .await
        .expect("said");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_is_told_once_and_whoever_read_is_not() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    device(&s, &s.wang).await;
    device(&s, &s.li).await;
    say(&s, &s.wang, main, "a1", "今晚停水嗎？").await;
    say(&s, &s.wang, main, "a2", "有人知道嗎？").await;
    assert_eq!(
        nudge(house, C).await.expect("looked"),
        0,
        "the phone may be open"
    );
    s.w.house.clock.advance(MINUTE);
    assert_eq!(nudge(house, C).await.expect("told"), 1);
    assert_eq!(nudge(house, C).await.expect("told"), 0, "once");
    let li = format!("a:{}", s.li.account.expect("an account"));
    let all = told(&s).await;
    assert_eq!(all.len(), 1, "not the one who spoke: {all:?}");
    assert_eq!(all[0].0, li);
    assert!(all[0].1.contains('2'), "how many, not what: {}", all[0].1);
    assert!(!all[0].1.contains("停水"));
    // Whoever has read is not told.
    say(&s, &s.wang, main, "a3", "好了。").await;
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    reading::mark(house, &s.li, &channel, 3)
        .await
        .expect("read");
    s.w.house.clock.advance(MINUTE);
    assert_eq!(nudge(house, C).await.expect("looked"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_told_as_they_wished_and_of_nothing_that_waits_for_a_person() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    device(&s, &s.li).await;
    device(&s, &s.wang).await;
    wish(&s, &s.li, Level::Mentions).await;
    wish(&s, &s.wang, Level::Nothing).await;
    say(&s, &s.w.host, main, "h1", "各位好").await;
    s.w.house.clock.advance(MINUTE);
    assert_eq!(
        nudge(house, C).await.expect("looked"),
        0,
        "nobody was named"
    );
    say(&s, &s.w.host, main, "h2", "@所有人 明天停水").await;
    s.w.house.clock.advance(MINUTE);
    let put = nudge(house, C).await.expect("told");
    assert_eq!(
        put, 1,
        "the one who wants mentions, not the one who wants nothing"
    );
    wish(&s, &s.li, Level::All).await;
    say(&s, &s.wang, main, "w1", INSULT).await;
    s.w.house.clock.advance(MINUTE);
    assert_eq!(
        nudge(house, C).await.expect("looked"),
        0,
        "nobody learns of what is held"
    );
    // The stewards' room is not for members.
    let here = channels::of(house, &s.w.host).await.expect("channels");
    let room = here.iter().find(|one| one.kind == ChannelKind::Stewards);
    say(&s, &s.w.host, room.expect("made").id, "h3", "今晚開會").await;
    s.w.house.clock.advance(MINUTE);
    assert_eq!(nudge(house, C).await.expect("looked"), 0);
}
