//! Finding what was said: in one's own channels alone, by words or letters, page by page,
//! and nothing that is not shown.

use ::group::search::{self, PAGE_FOUND, Query};
use ::group::speak;
use ::group::{Channel, GroupError, channels};
use foundation::clock::MINUTE;
use permissions::actor::Actor;

use super::{draft, main_of};
use crate::conduct::world::Street;
use crate::membership::world::C;

async fn found(s: &Street, by: &Actor, channel: &Channel, text: &str) -> Vec<String> {
    let query = Query::read(text).expect("long enough");
    let page = search::search(&s.w.house, by, channel, &query, None, PAGE_FOUND)
        .await
        .expect("looked");
    page.found.into_iter().map(|f| f.message.text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_found_by_words_and_by_letters_and_what_is_gone_is_not() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    for (id, text) in [
        ("a1", "今晚八點停水，請儲水"),
        ("a2", "地下車庫的燈壞了"),
        ("a3", "wifi密碼是多少"),
    ] {
        speak::send(house, &s.wang, main, &draft(id, text))
            .await
            .expect("said");
    }
    let gone = speak::send(house, &s.wang, main, &draft("a4", "停水取消"))
        .await
        .expect("said");
    assert_eq!(search::index(house, C).await.expect("indexed"), 4);
    assert_eq!(search::index(house, C).await.expect("indexed"), 0, "once");
    speak::recall(house, &s.wang, gone.id)
        .await
        .expect("taken back");
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    for (text, answers) in [
        ("停水", vec!["今晚八點停水，請儲水"]),
        ("车库 灯", vec!["地下車庫的燈壞了"]),
        ("dxck", vec!["地下車庫的燈壞了"]),
        ("WIFI", vec!["wifi密碼是多少"]),
        ("wi", vec!["wifi密碼是多少"]),
        ("取消", vec![]),
    ] {
        assert_eq!(found(&s, &s.li, &channel, text).await, answers, "{text}");
    }
    assert!(matches!(Query::read("水"), Err(GroupError::SearchTooShort)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_goes_back_page_by_page_to_the_beginning() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    for n in 0..300 {
        let text = if n % 10 == 0 {
            format!("電梯第{n}次停了")
        } else {
            format!("早上好，第{n}天")
        };
        let said = draft(&format!("n{n}"), &text);
        speak::send(house, &s.w.host, main, &said)
            .await
            .expect("said");
        if n % 20 == 19 {
            s.w.house.clock.advance(MINUTE);
        }
    }
    search::index(house, C).await.expect("indexed");
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    let query = Query::read("電梯").expect("long enough");
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = search::search(house, &s.li, &channel, &query, before, PAGE_FOUND)
            .await
            .expect("looked");
        seen.extend(page.found.iter().map(|f| f.message.seq));
        match page.before {
            Some(seq) => before = Some(seq),
            None => break,
        }
    }
    let wanted: Vec<i64> = (0..30).rev().map(|n| n * 10 + 1).collect();
    assert_eq!(seen, wanted, "each once, the newest first");
}
