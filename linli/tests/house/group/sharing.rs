//! Sharing: posts with what answers them, thanks, the best answer; and what neighbours
//! offer, by their consent and no longer.

use ::group::parts::Topic;
use ::group::sharing::{self, Sharing};
use ::group::speak::{self, Draft};
use ::group::{ChannelKind, GroupError, Message, MessageState, channels, follow, skills};
use conduct::desk::Decision;
use foundation::clock::DAY;
use membership::members;
use permissions::actor::Actor;

use super::{draft, main_of};
use crate::conduct::world::{INSULT, Street};
use crate::membership::world::C;

/// Somebody else's identity number: this does not go out.
const NUMBER: &str = "他身份證11010519491231002X，你們查";

fn asked(id: &str, topic: Topic, title: &str, text: &str) -> Sharing {
    Sharing {
        sent_id: id.into(),
        topic: Some(topic),
        title: title.into(),
        text: text.into(),
        attached: None,
    }
}

async fn post(s: &Street, by: &Actor, sharing: Sharing) -> Message {
    sharing::post(&s.w.house, by, sharing)
        .await
        .expect("posted")
}

async fn reply(s: &Street, by: &Actor, post: &Message, id: &str, text: &str) -> Message {
    let draft = Draft {
        reply_to: Some(post.seq),
        ..draft(id, text)
    };
    speak::send(&s.w.house, by, post.channel, &draft)
        .await
        .expect("answered")
}

async fn titles(s: &Street, by: &Actor, topic: Option<Topic>, open: bool) -> Vec<String> {
    let page = sharing::list(&s.w.house, by, topic, open, None).await;
    let posts = page.expect("listed").posts;
    let title = |one: sharing::Listed| one.message.parts.post.expect("a post").title;
    posts.into_iter().map(title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_thanked_for_and_settled() {
    let s = Street::new().await;
    let house = &s.w.house;
    let tap = post(
        &s,
        &s.wang,
        asked("p1", Topic::Ask, "水龍頭漏水找誰修", "廚房的"),
    )
    .await;
    post(&s, &s.li, asked("p2", Topic::Lend, "有梯子可借", "")).await;
    assert_eq!(
        titles(&s, &s.li, None, false).await,
        ["有梯子可借", "水龍頭漏水找誰修"]
    );
    let answer = reply(&s, &s.li, &tap, "r1", "東門五金店的師傅不錯").await;
    let lifted = ["水龍頭漏水找誰修", "有梯子可借"];
    assert_eq!(
        titles(&s, &s.li, None, false).await,
        lifted,
        "what is answered stands first"
    );
    assert_eq!(
        titles(&s, &s.li, Some(Topic::Lend), false).await,
        ["有梯子可借"]
    );

    // Thanks: once for each, taken back, none for oneself.
    let thanks = async |by: &Actor, on| {
        let m = sharing::thank(house, by, answer.id, on).await;
        m.map(|m| m.parts.thanks)
    };
    assert_eq!(thanks(&s.wang, true).await.expect("thanked"), 1);
    assert_eq!(thanks(&s.wang, true).await.expect("twice is once"), 1);
    assert_eq!(thanks(&s.w.host, true).await.expect("thanked"), 2);
    assert_eq!(thanks(&s.wang, false).await.expect("taken back"), 1);
    let own = thanks(&s.li, true).await;
    assert!(matches!(own, Err(GroupError::NotFound)), "{own:?}");

    // The best answer is the asker's to say, and an answer of this post.
    let not_hers = sharing::settle(house, &s.li, tap.id, Some(answer.seq), true).await;
    assert!(
        matches!(not_hers, Err(GroupError::NotFound)),
        "{not_hers:?}"
    );
    let no_answer = sharing::settle(house, &s.wang, tap.id, Some(tap.seq), true).await;
    assert!(
        matches!(no_answer, Err(GroupError::NotFound)),
        "{no_answer:?}"
    );
    sharing::settle(house, &s.wang, tap.id, Some(answer.seq), true)
        .await
        .expect("settled");
    let thread = sharing::thread(house, &s.li, tap.id, None)
        .await
        .expect("read");
    assert_eq!(thread.best.map(|m| m.id), Some(answer.id));
    assert!(thread.post.done);
    assert_eq!(
        titles(&s, &s.li, None, true).await,
        ["有梯子可借"],
        "open ones only"
    );
    // The host may open it again, the answer stays.
    sharing::settle(house, &s.w.host, tap.id, Some(answer.seq), false)
        .await
        .expect("opened");
    assert_eq!(titles(&s, &s.li, None, true).await, lifted);
    // An answer that was taken back does not keep its post from being settled.
    speak::recall(house, &s.li, answer.id)
        .await
        .expect("taken back");
    sharing::settle(house, &s.w.host, tap.id, Some(answer.seq), true)
        .await
        .expect("settled all the same");
    let here = sharing::thread_of(house, &s.li, answer.seq)
        .await
        .expect("found");
    assert_eq!(here, tap.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_belong_into_the_sharing_channel_and_nothing_else_does() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let here = channels::of(house, &s.wang).await.expect("channels");
    let sharing = here.iter().find(|one| one.kind == ChannelKind::Sharing);
    let room = sharing.expect("there from the first look").id;
    let talk = speak::send(house, &s.wang, room, &draft("t1", "大家好")).await;
    assert!(matches!(talk, Err(GroupError::Post)), "{talk:?}");
    let tap = post(&s, &s.wang, asked("p1", Topic::Ask, "誰有打氣筒", "")).await;
    let elsewhere = Draft {
        post: tap.parts.post.clone(),
        ..draft("t2", "換個地方")
    };
    let refused = speak::send(house, &s.wang, main, &elsewhere).await;
    assert!(matches!(refused, Err(GroupError::Post)), "{refused:?}");
    // An answer of an answer is none, nor is one of what is not there.
    let first = reply(&s, &s.li, &tap, "r1", "我有").await;
    for (id, place) in [("r2", first.seq), ("r3", 99)] {
        let nested = Draft {
            reply_to: Some(place),
            ..draft(id, "謝謝")
        };
        let refused = speak::send(house, &s.wang, room, &nested).await;
        assert!(
            matches!(refused, Err(GroupError::NotFound | GroupError::Post)),
            "{refused:?}"
        );
    }
    for title in ["", "x", &"長".repeat(41)] {
        let refused = sharing::post(house, &s.wang, asked("p2", Topic::Ask, title, "")).await;
        assert!(
            matches!(refused, Err(GroupError::Title)),
            "{title}: {refused:?}"
        );
    }
    // Sending again is sending once.
    let again = post(&s, &s.wang, asked("p1", Topic::Ask, "誰有打氣筒", "")).await;
    assert_eq!(again.id, tap.id);
    assert_eq!(titles(&s, &s.li, None, false).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_is_judged_and_what_waits_is_its_authors_alone() {
    let s = Street::new().await;
    let house = &s.w.house;
    let blocked = sharing::post(house, &s.wang, asked("p0", Topic::Ask, NUMBER, "")).await;
    assert!(
        matches!(blocked, Err(GroupError::Blocked(_))),
        "{blocked:?}"
    );
    let held = post(&s, &s.wang, asked("p1", Topic::Ask, INSULT, "")).await;
    assert_eq!(held.state, MessageState::Held);
    assert_eq!(titles(&s, &s.li, None, false).await, Vec::<String>::new());
    assert_eq!(titles(&s, &s.wang, None, false).await, [INSULT]);
    let unseen = sharing::thread(house, &s.li, held.id, None).await;
    assert!(matches!(unseen, Err(GroupError::NotFound)));

    // An answer that waits neither counts nor lifts.
    let one = post(&s, &s.li, asked("p2", Topic::Find, "找遛狗的伴", "")).await;
    post(&s, &s.li, asked("p3", Topic::Lost, "撿到鑰匙一串", "")).await;
    let waits = reply(&s, &s.wang, &one, "r1", INSULT).await;
    assert_eq!(waits.state, MessageState::Held);
    let page = sharing::list(house, &s.li, None, false, None)
        .await
        .expect("listed");
    assert_eq!(page.posts[1].message.id, one.id, "not lifted");
    assert_eq!(page.posts[1].replies, 0);
    let thread = async |by| {
        sharing::thread(house, by, one.id, None)
            .await
            .expect("read")
    };
    assert!(thread(&s.li).await.replies.is_empty());
    assert_eq!(thread(&s.wang).await.replies.len(), 1);

    // Taken back: gone from the list.
    let gone = post(&s, &s.li, asked("p4", Topic::Lend, "借電鑽", "")).await;
    speak::recall(house, &s.li, gone.id)
        .await
        .expect("taken back");
    assert!(
        !titles(&s, &s.li, None, false)
            .await
            .contains(&"借電鑽".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_is_shown_by_consent_and_ends_with_it() {
    let s = Street::new().await;
    let house = &s.w.house;
    let offer =
        async |by: &Actor, skill: &str, yes| skills::offer(house, by, skill, "週末", yes).await;
    let names = async |by: &Actor, words: &str| -> Vec<String> {
        let found = skills::list(house, by, words).await.expect("listed");
        found.into_iter().map(|one| one.skill).collect()
    };
    let refused = offer(&s.wang, "修水龍頭", false).await;
    assert!(matches!(refused, Err(GroupError::Consent)), "{refused:?}");
    let office = offer(&s.w.host, "修水龍頭", true).await;
    assert!(matches!(office, Err(GroupError::NoVoter)), "{office:?}");
    let leak = skills::offer(house, &s.wang, "找人", NUMBER, true).await;
    assert!(matches!(leak, Err(GroupError::Blocked(_))), "{leak:?}");
    let tap = offer(&s.wang, "修水龍頭", true).await.expect("offered");
    assert_eq!(
        names(&s.li, "水龙头").await,
        ["修水龍頭"],
        "in either script"
    );
    assert_eq!(names(&s.li, "日語").await, Vec::<String>::new());
    let not_hers = skills::withdraw(house, &s.li, tap.id).await;
    assert!(
        matches!(not_hers, Err(GroupError::NotFound)),
        "{not_hers:?}"
    );
    skills::withdraw(house, &s.wang, tap.id)
        .await
        .expect("taken back");
    assert!(names(&s.wang, "").await.is_empty());

    // At most five of one neighbour.
    for n in 0..skills::OF_ONE_MAX {
        offer(&s.li, &format!("手藝{n}"), true)
            .await
            .expect("offered");
    }
    let sixth = offer(&s.li, "第六樣", true).await;
    assert!(matches!(sixth, Err(GroupError::TooManySkills)), "{sixth:?}");

    // What waits is shown when a person let it pass.
    let held = skills::offer(house, &s.wang, "勸架", INSULT, true)
        .await
        .expect("waits");
    assert_eq!(held.state, MessageState::Held);
    assert!(names(&s.li, "勸架").await.is_empty());
    let case = s.case_of(&held.id.to_string()).await;
    s.decide(&s.w.host, &case, Decision::Dismiss)
        .await
        .expect("decided");
    follow::follow(house, C).await.expect("followed");
    assert_eq!(names(&s.li, "勸架").await, ["勸架"]);

    // Whoever leaves offers nothing any more.
    let account = s.li.account.expect("an account");
    let here = members::of_account(house, C, account).await.expect("read");
    members::leave(house, &s.li, here[0].id, true)
        .await
        .expect("leaving");
    s.w.house.clock.advance(31 * DAY);
    s.run_jobs().await;
    follow::follow(house, C).await.expect("followed");
    assert_eq!(names(&s.wang, "手藝").await, Vec::<String>::new());
}
