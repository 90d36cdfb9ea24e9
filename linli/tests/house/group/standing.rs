//! A stream is one's own view: it ends with the membership or the session, and tells
//! nothing of channels in which one is not, neither by a number nor by a moment.

use std::time::Duration;

use ::group::live::Hub;
use ::group::speak;
use ::group::{ChannelKind, channels};
use membership::members::{self, Measure};

use super::{draft, heard, last_view, line, main_of, view};
use crate::conduct::world::Street;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_at_once_with_the_membership() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let hub = Hub::default();
    let mut li = line(&s, &hub, &s.li, None).await;
    let mut wang = line(&s, &hub, &s.wang, None).await;
    assert_eq!(hub.present(s.li.community), 2);
    speak::send(house, &s.wang, main, &draft("a1", "大家好"))
        .await
        .expect("said");
    assert!(heard(&mut li).await.contains("大家好"));
    let account = s.li.account.expect("an account");
    let here = members::of_account(house, s.li.community, account)
        .await
        .expect("read");
    for (by, measure) in [
        (
            &s.w.host,
            Measure::AskRemoval {
                days: 30,
                words: "長期刷屏，多次勸告".into(),
            },
        ),
        (&s.w.manager, Measure::ConfirmRemoval),
    ] {
        let now = members::of_account(house, s.li.community, account)
            .await
            .expect("read");
        members::measure(house, by, here[0].id, now[0].version, measure)
            .await
            .expect("measured");
    }
    let end = tokio::time::timeout(Duration::from_secs(5), li.next()).await;
    assert!(end.expect("at once").is_none(), "nothing more comes");
    drop(li);
    speak::send(house, &s.wang, main, &draft("a2", "還在嗎"))
        .await
        .expect("said");
    assert!(heard(&mut wang).await.contains("大家好"));
    assert_eq!(hub.present(s.li.community), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_channel_shows_in_a_view() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let here = channels::of(house, &s.w.host).await.expect("channels");
    let room = here.iter().find(|one| one.kind == ChannelKind::Stewards);
    let room = room.expect("the stewards' room").id;
    let hub = Hub::default();
    let before = view(&s, &s.li).await;
    let mut li = line(&s, &hub, &s.li, Some(&before)).await;
    for n in 0..1_100 {
        let said = draft(&format!("h{n}"), &format!("議事第{n}條"));
        speak::send(house, &s.w.host, room, &said)
            .await
            .expect("said");
    }
    assert_eq!(
        view(&s, &s.li).await,
        before,
        "a page opened anew looks the same"
    );
    let still = tokio::time::timeout(Duration::from_millis(700), li.next()).await;
    assert!(still.is_err(), "nothing comes: {still:?}");
    // More than a stale page may be behind, and all of it elsewhere: no gap.
    let mut back = line(&s, &hub, &s.li, Some(&before)).await;
    speak::send(house, &s.wang, main, &draft("a1", "大家好"))
        .await
        .expect("said");
    for line in [&mut li, &mut back] {
        let came = heard(line).await;
        assert!(
            came.contains("大家好") && !came.contains("event: gap"),
            "{came}"
        );
        assert!(!came.contains("tick"), "{came}");
        assert_eq!(last_view(&came), view(&s, &s.li).await);
    }
}
