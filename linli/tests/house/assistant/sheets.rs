//! Entries from a spreadsheet and back; and an answer in other words.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::assistant::asking::{self, Said};
use ::assistant::entry::State;
use ::assistant::reword::{self, Endpoint};
use ::assistant::{AssistantError, bringing, editing};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::office;
use crate::conduct::world::Street;

const CSV: &str = "代號,主題,問法,答覆\n\
    fee-pay,物業費怎麼繳,在哪裏交物業費,改成到二樓。\n\
    bees,養蜂,頂樓能養蜜蜂嗎,不可以。\n\
    bees,,可以養蜂嗎,\n\
    broken,沒有答案,怎麼問,\n";

#[tokio::test]
async fn a_file_is_looked_at_then_taken_over_as_drafts_and_comes_back_as_it_was() {
    let s = Street::new().await;
    let house = &s.w.house;
    let by = &s.w.specialist;
    let (pay, _) = office(&s).await;
    let none = bringing::look(house, by, "a.xlsx", b"not a workbook \xff\xfe".to_vec()).await;
    assert!(matches!(
        none,
        Err(AssistantError::File | AssistantError::Columns)
    ));
    bringing::look(house, by, "a.csv", CSV.as_bytes().to_vec())
        .await
        .expect("read");
    let seen = bringing::seen(house, by)
        .await
        .expect("seen")
        .expect("kept");
    assert_eq!((seen.new.len(), seen.changed.len()), (1, 1));
    assert_eq!(seen.read.faults.len(), 1, "{:?}", seen.read.faults);
    assert_eq!(seen.read.faults[0].row, 5);
    // A preview changes nothing, and nobody else sees it.
    assert_eq!(
        editing::list(house, by, State::ALL, "")
            .await
            .expect("all")
            .len(),
        2
    );
    assert!(
        bringing::seen(house, &s.w.manager)
            .await
            .expect("asked")
            .is_none()
    );
    assert_eq!(bringing::take(house, by).await.expect("taken"), 2);
    let drafts = editing::list(house, by, &[State::Draft], "")
        .await
        .expect("drafts");
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].body.phrasings.len(), 2);
    let entry = editing::one(house, by, pay).await.expect("there");
    assert!(entry.is_ahead() && entry.body.answer == "改成到二樓。");
    let said = asking::say(house, &s.wang, "物業費怎麼繳").await;
    assert!(matches!(said, Ok(Said::Answer(a)) if a.answer.contains("前台")));
    // Taken out and brought back nothing is different.
    let file = bringing::export(house, by, "蘭庭").await.expect("written");
    bringing::look(house, by, "answers.xlsx", file)
        .await
        .expect("read");
    let seen = bringing::seen(house, by)
        .await
        .expect("seen")
        .expect("kept");
    assert!(seen.read.faults.is_empty(), "{:?}", seen.read.faults);
    assert_eq!((seen.writes(), seen.same), (0, 3), "{seen:?}");
    assert!(matches!(
        bringing::look(house, &s.wang, "a.csv", CSV.as_bytes().to_vec()).await,
        Err(AssistantError::Forbidden(_))
    ));
}

/// An endpoint that says the same to everybody; how often it was asked, and with what.
async fn endpoint(says: &'static str) -> (Endpoint, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!(
        "http://{}/v1/chat/completions",
        listener.local_addr().expect("bound")
    );
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let mut read = vec![0; 16_384];
            let _ = stream.read(&mut read).await;
            let told = serde_json::json!({ "choices": [{ "message": { "content": says } }] });
            let told = told.to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n",
                told.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(told.as_bytes()).await;
        }
    });
    let endpoint = Endpoint {
        url: url.parse().expect("an address"),
        key: "secret".into(),
        model: "small".into(),
    };
    (endpoint, asked)
}

#[tokio::test]
async fn an_answer_is_reworded_only_by_what_adds_nothing() {
    const ANSWER: &str = "致電 8888 1234，三天內答覆。";
    let s = Street::new().await;
    let house = &s.w.house;
    assert!(
        reword::reworded(house, ANSWER).await.is_none(),
        "none is named"
    );
    let (good, asked) = endpoint("請打 8888 1234，三天內會回覆您。").await;
    reword::through(house, good);
    let said = reword::reworded(house, ANSWER).await.expect("reworded");
    assert!(said.starts_with("請打"));
    reword::reworded(house, ANSWER).await.expect("kept");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "asked once for one text");
    // The same words for another answer would add a phone: they are dropped.
    assert!(reword::reworded(house, "請到前台辦理。").await.is_none());

    let other = Street::new().await;
    let (gone, _) = endpoint("").await;
    reword::through(&other.w.house, gone);
    assert!(
        reword::reworded(&other.w.house, ANSWER).await.is_none(),
        "falls back"
    );
}
