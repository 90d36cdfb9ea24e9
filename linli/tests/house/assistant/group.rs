//! The assistant in the owners' group: called, or sure; silent where people speak; never a word
//! of one home.

use ::assistant::asking::{self, Then};
use ::assistant::entry::{Body, Live};
use ::assistant::listening;
use ::assistant::manner::{self, InGroup, Manner};
use ::assistant::{AssistantError, figures, raised, work};
use ::group::channels::{self, ChannelKind};
use ::group::reading::{self, Part};
use ::group::speak::{self, Draft};
use ::group::{Message, answering};
use foundation::clock::MINUTE;
use foundation::ids::Id;
use permissions::actor::Actor;

use super::{body, office, published};
use crate::conduct::world::Street;
use crate::membership::world::C;

async fn main_of(s: &Street) -> Id {
    let here = channels::of(&s.w.house, &s.w.host).await.expect("channels");
    let main = here.iter().find(|one| one.kind == ChannelKind::Main);
    main.expect("the main channel").id
}

async fn says(s: &Street, by: &Actor, id: &str, text: &str) -> Message {
    let draft = Draft {
        sent_id: id.into(),
        text: text.into(),
        ..Draft::default()
    };
    let channel = main_of(s).await;
    speak::send(&s.w.house, by, channel, &draft)
        .await
        .expect("said")
}

/// What the assistant said in the main channel, the oldest first.
async fn answers(s: &Street) -> Vec<Message> {
    let house = &s.w.house;
    listening::follow(house, C).await.expect("followed");
    let channel = channels::one(house, &s.wang, main_of(s).await)
        .await
        .expect("theirs");
    let history = reading::history(house, &s.wang, &channel, Part::Newest).await;
    let mut said = history.expect("read").messages;
    said.retain(|m| m.badge == answering::BADGE);
    said
}

async fn behaves(s: &Street, group: InGroup) {
    let manner = Manner {
        group,
        reword: false,
    };
    manner::set(&s.w.house, &s.w.manager, manner)
        .await
        .expect("set");
}

#[tokio::test]
async fn called_by_its_name_it_answers_once_and_uncalled_it_is_silent() {
    let s = Street::new().await;
    let house = &s.w.house;
    office(&s).await;
    says(&s, &s.wang, "a", "@助手 物業費怎麼繳").await;
    assert!(answers(&s).await.is_empty(), "off until somebody says so");
    behaves(&s, InGroup::Called).await;
    says(&s, &s.wang, "b", "物業費怎麼繳").await;
    assert!(answers(&s).await.is_empty(), "not called");
    let asked = says(&s, &s.wang, "c", "@助手 物業費怎麼繳").await;
    let said = answers(&s).await;
    assert_eq!(said.len(), 1);
    assert!(said[0].text.contains("前台"), "{}", said[0].text);
    assert_eq!(said[0].reply_to, Some(asked.seq));
    assert_eq!(
        answers(&s).await.len(),
        1,
        "following again says nothing twice"
    );
    // It is kept as the asker's own question, sealed, and can be handed over.
    let own = asking::own(house, &s.wang).await.expect("own");
    assert_eq!(own[0].0.message, asked.id.to_string());
    assert_eq!(own[0].1, "物業費怎麼繳");
    asking::then(house, &s.wang, own[0].0.id, Then::Hand)
        .await
        .expect("handed over");
    says(&s, &s.wang, "d", "@助手 補辦電梯卡").await;
    assert_eq!(answers(&s).await.len(), 1, "people have the word");
    // Others are answered meanwhile.
    says(&s, &s.li, "e", "@助手 補辦電梯卡").await;
    assert_eq!(answers(&s).await.len(), 2);
}

#[tokio::test]
async fn a_person_of_the_office_speaks_first_and_it_is_silent() {
    let s = Street::new().await;
    let house = &s.w.house;
    office(&s).await;
    behaves(&s, InGroup::Sure).await;
    says(&s, &s.wang, "a", "@助手 補辦電梯卡").await;
    says(&s, &s.w.host, "b", "帶身份證到前台就行").await;
    assert!(answers(&s).await.is_empty());
    says(&s, &s.li, "c", "物業費怎麼繳").await;
    assert!(answers(&s).await.is_empty(), "somebody is there");
    house.clock.advance(11 * MINUTE);
    says(&s, &s.li, "d", "物業費怎麼繳").await;
    assert_eq!(answers(&s).await.len(), 1, "sure, and nobody is there");
    says(&s, &s.li, "e", "今天天氣真好").await;
    assert_eq!(answers(&s).await.len(), 1, "not sure");
}

#[tokio::test]
async fn what_is_for_one_home_or_some_is_not_said_to_all() {
    let s = Street::new().await;
    let fees = Body {
        live: Live::Fees,
        ..body("我欠多少物業費", &["我的費用", "查我的欠費"])
    };
    published(&s, "my-fees", fees).await;
    let some = Body {
        buildings: vec!["3棟".into()],
        ..body("三棟外牆施工", &["三棟外牆什麼時候修好"])
    };
    published(&s, "three", some).await;
    behaves(&s, InGroup::Called).await;
    says(&s, &s.wang, "a", "@助手 查我的欠費").await;
    says(&s, &s.wang, "b", "@助手 三棟外牆施工").await;
    let said = answers(&s).await;
    assert_eq!(said.len(), 2);
    assert!(said[0].text.contains("問一問"), "{}", said[0].text);
    assert!(!said[0].text.contains('¥') && !said[0].text.contains("元"));
    assert!(!said[1].text.contains("施工"), "{}", said[1].text);
}

#[tokio::test]
async fn danger_that_is_happening_is_answered_whoever_speaks() {
    let s = Street::new().await;
    behaves(&s, InGroup::Called).await;
    says(&s, &s.w.host, "a", "早上好").await;
    says(&s, &s.wang, "b", "我家廚房着火了").await;
    let said = answers(&s).await;
    assert_eq!(said.len(), 1);
    assert!(said[0].text.contains("119"), "{}", said[0].text);
    let own = asking::own(&s.w.house, &s.wang).await.expect("own");
    assert!(own[0].0.waits(), "on the office's list, first");
}

#[tokio::test]
async fn what_was_said_is_taken_up_by_a_tap_and_waits_to_become_a_phrasing() {
    let s = Street::new().await;
    let house = &s.w.house;
    office(&s).await;
    let said = says(&s, &s.wang, "r", "舊沙發能放樓道裡嗎").await;
    for _ in 0..2 {
        raised::raise(house, &s.w.specialist, said.id)
            .await
            .expect("taken up");
    }
    let waits = work::list(house, &s.w.specialist).await.expect("listed");
    let texts: Vec<&str> = waits
        .iter()
        .flat_map(|g| &g.questions)
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(texts, ["舊沙發能放樓道裡嗎"], "once");
    // Who said it did not ask the assistant, and no figure says so.
    assert!(asking::own(house, &s.wang).await.expect("own").is_empty());
    let figures = figures::figures(house, &s.w.specialist).await;
    assert_eq!(figures.expect("counted").asked, 0);
    let refused = raised::raise(house, &s.wang, said.id).await;
    assert!(matches!(refused, Err(AssistantError::Forbidden(_))));
}
