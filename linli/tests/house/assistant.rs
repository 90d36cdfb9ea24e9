//! The assistant: it answers with what the office let out and nothing else, asks back or is
//! silent, hands over with the asker's clock, and an answer expires with its source.

mod group;
mod pages;
mod sheets;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ::assistant::asking::{self, Said, Then};
use ::assistant::entry::{Body, Source, State};
use ::assistant::hand::{self, Desk, HandedOver, Mine, Taken, Ticket};
use ::assistant::work::{self, Off};
use ::assistant::{AssistantError, KEEP_MS, editing, expiry, figures, jobs, publishing};
use foundation::clock::{HOUR, MINUTE, Moment};
use foundation::database::{Community, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::ledger::Who;
use foundation::params;
use permissions::actor::Actor;

use crate::conduct::world::Street;
use crate::membership::world::C;

fn body(title: &str, phrasings: &[&str]) -> Body {
    Body {
        title: title.into(),
        phrasings: phrasings.iter().map(|&p| p.into()).collect(),
        answer: format!("**{title}**：請到前台。"),
        ..Body::default()
    }
}

/// Written by the specialist, let out by the manager.
async fn published(s: &Street, topic: &str, body: Body) -> Id {
    let house = &s.w.house;
    let id = editing::begin(house, &s.w.specialist, topic, body)
        .await
        .expect("begun");
    publishing::publish(house, &s.w.manager, id, 1)
        .await
        .expect("published");
    id
}

async fn office(s: &Street) -> (Id, Id) {
    let pay = body(
        "物業費怎麼繳",
        &["在哪裏交物業費", "管理費可以網上交嗎", "物業費能用微信付嗎"],
    );
    let card = body(
        "電梯卡補辦",
        &["電梯卡丟了怎麼補", "補辦電梯卡", "電梯卡多少錢一張"],
    );
    (
        published(s, "fee-pay", pay).await,
        published(s, "lift-card", card).await,
    )
}

#[tokio::test]
async fn an_answer_comes_from_what_was_let_out_and_nothing_else() {
    let s = Street::new().await;
    let house = &s.w.house;
    assert!(matches!(
        asking::say(house, &s.wang, "物業費怎麼繳").await,
        Ok(Said::Refuse)
    ));
    let (pay, _) = office(&s).await;
    let said = asking::say(house, &s.wang, "管理费可以网上交吗")
        .await
        .expect("said");
    let Said::Answer(shown) = said else {
        panic!("{said:?}")
    };
    assert_eq!(shown.id, pay);
    assert!(shown.answer.contains("前台"));
    for question in ["推薦一部科幻電影", "東京明天下雨嗎"] {
        let said = asking::say(house, &s.wang, question).await.expect("said");
        assert!(!matches!(said, Said::Answer(_)), "{question}: {said:?}");
    }
    // Written anew, what was let out answers on: with its own words, not the half-written ones.
    let entry = editing::one(house, &s.w.specialist, pay)
        .await
        .expect("there");
    let row = entry.row_version;
    let half = Body {
        answer: "還沒寫完".into(),
        ..entry.body
    };
    editing::save(house, &s.w.specialist, pay, row, half)
        .await
        .expect("saved");
    let said = asking::say(house, &s.wang, "物業費怎麼繳").await;
    assert!(matches!(said, Ok(Said::Answer(a)) if a.answer.contains("前台")));
    // Who writes does not publish, who asks does neither.
    let by = &s.w.specialist;
    let refused = publishing::publish(house, by, pay, row + 1).await;
    assert!(matches!(refused, Err(AssistantError::Forbidden(_))));
    assert!(matches!(
        editing::one(house, &s.wang, pay).await,
        Err(AssistantError::Forbidden(_))
    ));
    publishing::publish(house, &s.w.manager, pay, row + 1)
        .await
        .expect("the new version");
    let said = asking::say(house, &s.wang, "物業費怎麼繳").await;
    assert!(matches!(said, Ok(Said::Answer(a)) if a.answer == "還沒寫完"));
    // Back to the first version: again nothing changes for owners before it is let out.
    editing::go_back(house, &s.w.specialist, pay, row + 2, 1)
        .await
        .expect("gone back");
    let said = asking::say(house, &s.wang, "物業費怎麼繳").await;
    assert!(matches!(said, Ok(Said::Answer(a)) if a.answer == "還沒寫完"));
    let versions = editing::versions(house, &s.w.specialist, pay)
        .await
        .expect("listed");
    assert_eq!(
        versions.iter().map(|v| v.version).collect::<Vec<_>>(),
        [3, 2, 1]
    );
}

#[tokio::test]
async fn an_answer_for_others_is_not_given() {
    let s = Street::new().await;
    let house = &s.w.house;
    let elsewhere = Body {
        buildings: vec!["9棟".into()],
        ..body("九棟快遞櫃", &["九棟快遞櫃在哪裏"])
    };
    published(&s, "nine", elsewhere).await;
    assert!(matches!(
        asking::say(house, &s.wang, "九棟快遞櫃").await,
        Ok(Said::Refuse)
    ));
    let here = Body {
        buildings: vec!["3棟".into()],
        ..body("三棟外牆施工", &["三棟外牆什麼時候修好"])
    };
    published(&s, "three", here).await;
    assert!(matches!(
        asking::say(house, &s.wang, "三棟外牆施工").await,
        Ok(Said::Answer(_))
    ));
}

#[tokio::test]
async fn a_publishing_that_takes_questions_away_is_stopped_and_names_them() {
    let s = Street::new().await;
    let house = &s.w.house;
    office(&s).await;
    let thief = body(
        "在哪裏交物業費",
        &[
            "在哪裏交物業費",
            "管理費可以網上交嗎",
            "物業費能用微信付嗎",
            "物業費怎麼繳",
        ],
    );
    let id = editing::begin(house, &s.w.specialist, "a-thief", thief)
        .await
        .expect("begun");
    let stopped = publishing::publish(house, &s.w.manager, id, 1).await;
    let Err(AssistantError::Regression(told)) = stopped else {
        panic!("{stopped:?}")
    };
    assert!(told.now < told.was, "{told:?}");
    assert!(told.lost.iter().all(|q| q.contains('費')), "{told:?}");
    let entry = editing::one(house, &s.w.manager, id).await.expect("there");
    assert_eq!(entry.state, State::Draft);
    // The page of the entry shows the same, without another look.
    assert_eq!((entry.checked.version, entry.checked.now), (1, told.now));
    // What owners are answered did not move.
    let said = asking::say(house, &s.wang, "物業費怎麼繳").await;
    assert!(matches!(said, Ok(Said::Answer(a)) if a.title == "物業費怎麼繳"));
}

#[tokio::test]
async fn an_open_place_keeps_a_draft_and_the_starter_base_comes_once() {
    let s = Street::new().await;
    let house = &s.w.house;
    let open = Body {
        answer: "致電 {office_phone}".into(),
        ..body("辦公電話", &["電話多少"])
    };
    let id = editing::begin(house, &s.w.specialist, "phone", open)
        .await
        .expect("begun");
    let refused = publishing::publish(house, &s.w.manager, id, 1).await;
    assert!(matches!(refused, Err(AssistantError::Open(p)) if p == ["office_phone"]));
    let fills = [("office_phone".to_owned(), "8888 1234".to_owned())].into();
    editing::fill(house, &s.w.manager, fills)
        .await
        .expect("filled");
    publishing::publish(house, &s.w.manager, id, 1)
        .await
        .expect("published");
    let said = asking::say(house, &s.wang, "辦公電話").await.expect("said");
    assert!(matches!(said, Said::Answer(a) if a.answer == "致電 8888 1234"));
    assert!(editing::start(house, &s.w.manager).await.expect("started") >= 150);
    let again = editing::start(house, &s.w.manager).await;
    assert!(matches!(again, Err(AssistantError::TopicTaken)));
}

#[tokio::test]
async fn an_answer_expires_with_its_rules_until_somebody_confirms_it() {
    use membership::texts::{self, TextName};
    let s = Street::new().await;
    let house = &s.w.house;
    let rules = Body {
        source: Source::Rules,
        source_ref: "1".into(),
        ..body("群裏能發廣告嗎", &["可以在群裏賣東西嗎"])
    };
    let id = published(&s, "ads", rules).await;
    expiry::follow(house, C).await.expect("followed");
    let text = texts::current(house, C, TextName::Rules)
        .await
        .expect("there");
    texts::publish(
        house,
        &s.w.manager,
        TextName::Rules,
        text.zh_hant.clone(),
        format!("{} again", text.en),
    )
    .await
    .expect("a new version");
    assert_eq!(expiry::follow(house, C).await.expect("followed"), 1);
    assert_eq!(
        expiry::follow(house, C).await.expect("again"),
        0,
        "twice changes nothing"
    );
    assert!(matches!(
        asking::say(house, &s.wang, "群裏能發廣告嗎").await,
        Ok(Said::Refuse)
    ));
    let entry = editing::one(house, &s.w.manager, id).await.expect("there");
    assert_eq!(entry.state, State::Expired);
    publishing::publish(house, &s.w.manager, id, entry.row_version)
        .await
        .expect("confirmed");
    assert!(matches!(
        asking::say(house, &s.wang, "群裏能發廣告嗎").await,
        Ok(Said::Answer(_))
    ));
}

#[tokio::test]
async fn an_edit_is_looked_at_before_anybody_lets_it_out() {
    let s = Street::new().await;
    let house = &s.w.house;
    let (pay, _) = office(&s).await;
    let mut entry = editing::one(house, &s.w.specialist, pay)
        .await
        .expect("there");
    entry.body.checks = vec!["去哪交物業的錢".into()];
    editing::save(house, &s.w.specialist, pay, entry.row_version, entry.body)
        .await
        .expect("saved");
    publishing::look_at(house, C, pay).await.expect("looked at");
    let entry = editing::one(house, &s.w.specialist, pay)
        .await
        .expect("there");
    let checked = &entry.checked;
    assert_eq!(checked.version, 2);
    assert!(!checked.stops() && checked.of >= 8, "{checked:?}");
}

/// A desk that remembers what it took.
#[derive(Default)]
struct Notebook {
    took: Mutex<Vec<(bool, Moment)>>,
    closed: AtomicBool,
    over: AtomicBool,
}

impl Desk for Notebook {
    fn open<'a>(&'a self, _: &'a House, _: Community, _: Who, asked: HandedOver) -> Taken<'a> {
        if self.closed.load(Ordering::Relaxed) {
            return Box::pin(async { Err("closed".to_owned()) });
        }
        let mut took = self.took.lock().expect("whole");
        took.push((asked.urgent, asked.since));
        let number = format!("R-2026-{:06}", took.len());
        Box::pin(async { Ok(number) })
    }

    fn mine<'a>(&'a self, _: &'a House, _: &'a Actor) -> Mine<'a> {
        let ticket = |n: usize| Ticket {
            number: format!("R-2026-{n:06}"),
            title: "養蜂".into(),
            state: "assistant-got-met",
            over: self.over.load(Ordering::Relaxed),
            path: "/my/matters".into(),
        };
        let all = (1..=self.took.lock().expect("whole").len()).map(ticket);
        let all: Vec<Ticket> = all.collect();
        Box::pin(async move { Ok(all) })
    }
}

#[tokio::test]
async fn a_hand_over_keeps_the_askers_clock_and_the_assistant_is_silent_after_it() {
    let s = Street::new().await;
    let house = &s.w.house;
    office(&s).await;
    let desk = Arc::new(Notebook::default());
    hand::through(house, desk.clone());
    let first = house.now();
    asking::ask(house, &s.wang, "頂樓能養蜜蜂嗎")
        .await
        .expect("asked");
    house.clock.advance(20 * MINUTE);
    let second = asking::ask(house, &s.wang, "養蜂要申請什麼")
        .await
        .expect("asked");
    asking::then(house, &s.wang, second, Then::Hand)
        .await
        .expect("handed over");
    assert_eq!(*desk.took.lock().expect("whole"), [(false, first)]);
    // Nothing is answered while people have the word, danger is heard all the same.
    asking::ask(house, &s.wang, "物業費怎麼繳")
        .await
        .expect("asked");
    let own = asking::own(house, &s.wang).await.expect("own");
    assert_eq!(own[0].0.band, "handed");
    asking::ask(house, &s.wang, "廚房着火了")
        .await
        .expect("asked");
    assert!(desk.took.lock().expect("whole")[1].0, "an urgent ticket");
    let own = asking::own(house, &s.wang).await.expect("own");
    assert_eq!(own[0].0.ticket, "R-2026-000002", "the card can name it");
    let asked_about = asking::ask(house, &s.li, "如果着火怎麼辦")
        .await
        .expect("asked");
    assert_eq!(
        desk.took.lock().expect("whole").len(),
        2,
        "asked about: a card, no ticket"
    );
    let own = asking::own(house, &s.li).await.expect("own");
    assert_eq!(
        (own[0].0.id, own[0].0.band.as_str()),
        (asked_about, "danger")
    );
    // A desk that is closed is offered the question again, once, when it opens.
    desk.closed.store(true, Ordering::Relaxed);
    let failed = asking::ask(house, &s.li, "電梯困人了").await;
    assert!(matches!(failed, Err(AssistantError::Desk(_))), "{failed:?}");
    let own = asking::own(house, &s.li).await.expect("own");
    assert!(own[0].0.waits() && own[0].0.ticket.is_empty());
    desk.closed.store(false, Ordering::Relaxed);
    house.clock.advance(2 * MINUTE);
    for _ in 0..3 {
        let runner = jobs::jobs(Runner::default());
        runner
            .run_due(&house.db, &house.house, house.now())
            .await
            .expect("done");
    }
    let own = asking::own(house, &s.li).await.expect("own");
    assert_eq!(own[0].0.ticket, "R-2026-000003");
    assert_eq!(desk.took.lock().expect("whole").len(), 3);
    // When the tickets are over the assistant speaks again.
    desk.over.store(true, Ordering::Relaxed);
    asking::ask(house, &s.wang, "物業費怎麼繳")
        .await
        .expect("asked");
    let own = asking::own(house, &s.wang).await.expect("own");
    assert_eq!(own[0].0.band, "answer");
    assert!(own.iter().all(|(q, _)| !q.waits()));
    // Nobody touches another's question.
    let theirs = asking::then(house, &s.li, second, Then::Down).await;
    assert!(matches!(theirs, Err(AssistantError::NotFound)));
}

#[tokio::test]
async fn misses_are_grouped_adopted_counted_and_forgotten() {
    let s = Street::new().await;
    let house = &s.w.house;
    let (pay, _) = office(&s).await;
    for text in [
        "每個月的保潔錢咋給",
        "每個月的保潔錢咋給呀",
        "頂樓能養蜜蜂嗎",
    ] {
        asking::ask(house, &s.wang, text).await.expect("asked");
    }
    let groups = work::list(house, &s.w.specialist).await.expect("listed");
    assert_eq!(
        groups.iter().map(|g| g.questions.len()).max(),
        Some(2),
        "{groups:?}"
    );
    let like = groups
        .iter()
        .find(|g| g.questions.len() == 2)
        .expect("two are alike");
    let ids: Vec<Id> = like.questions.iter().map(|(q, _)| q.id).collect();
    let adopt = Off::Adopt {
        entry: pay,
        phrasing: "每個月的保潔錢咋給".into(),
    };
    work::off(house, &s.w.manager, ids, adopt)
        .await
        .expect("adopted");
    let said = asking::say(house, &s.wang, "每個月的保潔錢咋給")
        .await
        .expect("said");
    assert!(matches!(said, Said::Answer(a) if a.id == pay));
    let f = figures::figures(house, &s.w.manager)
        .await
        .expect("counted");
    assert_eq!((f.asked, f.hit1_per_mille), (3, 1_000));
    // The words lie sealed, and go when their time is over.
    let kept: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT text FROM assistant_question WHERE community = $1",
            params![C],
        ))
        .await
        .expect("read");
    assert!(
        kept.iter()
            .all(|(text,)| !text.contains('蜂') && !text.contains('潔'))
    );
    house.clock.advance(KEEP_MS + HOUR);
    jobs::night(house, C).await.expect("a night");
    assert!(asking::own(house, &s.wang).await.expect("own").is_empty());
}

#[tokio::test]
async fn who_is_no_member_asks_nothing() {
    let s = Street::new().await;
    let nobody = Actor::nobody(C);
    let refused = asking::ask(&s.w.house, &nobody, "物業費").await;
    assert!(matches!(refused, Err(AssistantError::Forbidden(_))));
}
