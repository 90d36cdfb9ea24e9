//! Polls and names: one answer for each home, changed until the end, counted for all and
//! told of nobody; and who is called when somebody is named.

use ::group::polls::{self, Asked};
use ::group::speak::{self, Draft};
use ::group::{GroupError, channels, reading};
use foundation::clock::HOUR;
use foundation::database::ask;
use foundation::params;

use super::{draft, main_of, page};
use crate::conduct::world::Street;
use crate::membership::world::C;

fn asked(s: &Street, several: bool) -> Draft {
    Draft {
        sent_id: format!("p{several}"),
        text: "團購哪天取貨？".into(),
        poll: Some(Asked {
            options: vec!["週六".into(), "週日".into(), "都可以".into(), String::new()],
            several,
            by_home: true,
            until: s.w.house.now().plus(HOUR),
        }),
        ..Draft::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_answers_once_changes_its_answer_and_nobody_sees_whose_it_is() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let poll = speak::send(house, &s.wang, main, &asked(&s, false))
        .await
        .expect("asked");
    let counts = async |by, chosen: &[i64]| {
        let voted = polls::vote(house, by, poll.id, chosen)
            .await
            .expect("answered");
        let poll = voted.parts.poll.expect("a poll");
        (poll.counts, poll.voters)
    };
    assert_eq!(counts(&s.wang, &[0]).await, (vec![1, 0, 0], 1));
    assert_eq!(counts(&s.li, &[1]).await, (vec![1, 1, 0], 2));
    assert_eq!(
        counts(&s.wang, &[1]).await,
        (vec![0, 2, 0], 2),
        "changed, not added"
    );
    assert_eq!(counts(&s.li, &[]).await, (vec![0, 1, 0], 1), "taken back");
    for wrong in [vec![3], vec![-1], vec![0, 1]] {
        let refused = polls::vote(house, &s.li, poll.id, &wrong).await;
        assert!(
            matches!(refused, Err(GroupError::Options)),
            "{wrong:?}: {refused:?}"
        );
    }
    let office = polls::vote(house, &s.w.host, poll.id, &[0]).await;
    assert!(matches!(office, Err(GroupError::NoVoter)), "{office:?}");
    let own = polls::own(house, &s.wang, &page(house, &s.wang, main).await).await;
    assert_eq!(own.expect("read"), [(poll.id, 1)]);

    // The ledger knows who took part and never what they chose.
    let told: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT body FROM ledger WHERE community = $1 AND kind = 'group.voted' LIMIT 9",
            params![C],
        ))
        .await
        .expect("readable");
    assert_eq!(told.len(), 4);
    assert!(
        told.iter()
            .all(|(body,)| !body.contains("choice") && body == &told[0].0)
    );

    s.w.house.clock.advance(2 * HOUR);
    let late = polls::vote(house, &s.li, poll.id, &[0]).await;
    assert!(matches!(late, Err(GroupError::PollOver)), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_answers_are_several_counts_of_one_home() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let poll = speak::send(house, &s.wang, main, &asked(&s, true))
        .await
        .expect("asked");
    let voted = polls::vote(house, &s.li, poll.id, &[0, 2, 2])
        .await
        .expect("answered");
    let now = voted.parts.poll.expect("a poll");
    assert_eq!((now.counts, now.voters), (vec![1, 0, 1], 1));
    let other = polls::end(house, &s.li, poll.id).await;
    assert!(
        matches!(other, Err(GroupError::NotFound)),
        "not theirs to end"
    );
    polls::end(house, &s.wang, poll.id).await.expect("ended");
    let late = polls::vote(house, &s.li, poll.id, &[1]).await;
    assert!(matches!(late, Err(GroupError::PollOver)), "{late:?}");
    assert_eq!(s.count("group.poll_ended").await, 1);
    for options in [
        vec!["一個".to_owned()],
        vec!["同".to_owned(), "同".to_owned()],
    ] {
        let mut bad = asked(&s, true);
        bad.sent_id = options.concat().len().to_string();
        bad.poll.as_mut().expect("a poll").options = options;
        let refused = speak::send(house, &s.wang, main, &bad).await;
        assert!(matches!(refused, Err(GroupError::Options)), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_named_by_hand_or_from_the_list_is_told() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let li = s.li.account.expect("an account");
    for (id, text, words) in [
        ("a1", "@3-2-1802 李 您家漏水嗎", Some("@3-2-1802 李")),
        ("a2", "＠3棟2單元1802 請看", Some("＠3棟2單元1802")),
        ("a3", "請@3-2-1802 李*看一下", Some("@3-2-1802 李*")),
        ("a4", "寫信到 a@b.example", None),
        ("a5", "@所有人 開會", None),
        ("a6", "@3-2-1802李女士，謝謝", Some("@3-2-1802李")),
    ] {
        let said = speak::send(house, &s.wang, main, &draft(id, text))
            .await
            .expect("said");
        let named: Vec<(foundation::ids::Id, &str)> = said
            .parts
            .mentions
            .iter()
            .map(|m| (m.account, m.words.as_str()))
            .collect();
        assert_eq!(
            named,
            words.map(|w| (li, w)).into_iter().collect::<Vec<_>>(),
            "{text}"
        );
        assert!(
            said.parts.all.is_empty(),
            "a member does not call everybody"
        );
    }
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    let called = reading::mentioned(house, &s.li, &channel)
        .await
        .expect("read");
    assert_eq!(called, [1, 2, 3, 6]);
    let own = reading::mentioned(house, &s.wang, &channel)
        .await
        .expect("read");
    assert!(own.is_empty());
    speak::recall(house, &s.wang, page(house, &s.li, main).await[0].id)
        .await
        .expect("taken back");
    speak::send(house, &s.w.host, main, &draft("h1", "@所有人 今晚停水"))
        .await
        .expect("said");
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    let called = reading::mentioned(house, &s.li, &channel)
        .await
        .expect("read");
    assert_eq!(called, [2, 3, 6, 7], "what was taken back calls nobody");
    reading::mark(house, &s.li, &channel, 7)
        .await
        .expect("read");
    let called = reading::mentioned(house, &s.li, &channel)
        .await
        .expect("read");
    assert!(called.is_empty());
}
