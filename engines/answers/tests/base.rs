//! What must hold of a base of any size.

use answers::{Band, Base, Topic, measure, risk};

fn topic(id: &str, phrasings: &[&str]) -> Topic {
    Topic {
        id: id.to_owned(),
        phrasings: phrasings.iter().map(|&p| p.to_owned()).collect(),
        sentences: Vec::new(),
    }
}

fn office() -> Base {
    Base::new(vec![
        topic(
            "fee-pay",
            &[
                "物業費怎麼繳",
                "在哪裏交物業費",
                "管理費可以網上交嗎",
                "物業費能用微信付嗎",
            ],
        ),
        topic(
            "fee-this",
            &[
                "本期物業費多少",
                "這個月物業費要交多少",
                "本期賬單多少錢",
                "本期費用查詢",
            ],
        ),
        topic(
            "fee-last",
            &[
                "上期物業費多少",
                "上期賬單多少錢",
                "上期費用在哪查",
                "上期交了多少",
            ],
        ),
        topic(
            "lift-card",
            &[
                "電梯卡丟了怎麼補",
                "補辦電梯卡",
                "電梯卡多少錢一張",
                "電梯卡壞了",
            ],
        ),
        topic(
            "pool",
            &[
                "泳池幾點開",
                "游泳池開放時間",
                "泳池要門票嗎",
                "幾號開放泳池",
            ],
        ),
    ])
}

#[test]
fn script_width_and_colloquial_words_make_no_difference() {
    let base = office();
    for question in [
        "管理费点样交？",
        "請問  物業費喺邊度交",
        "物管費網上可以交嗎",
        "ｗｅｃｈａｔ 可以交管理費嗎",
    ] {
        let reply = base.ask(question);
        assert_eq!(
            base.topic(reply.best[0].topic),
            "fee-pay",
            "{question}: {reply:?}"
        );
    }
}

#[test]
fn what_nobody_here_knows_is_refused() {
    let base = office();
    for question in [
        "推薦一部科幻電影",
        "python怎樣排序",
        "",
        "？？？",
        "東京明天下雨嗎",
    ] {
        assert_eq!(base.ask(question).band, Band::Refuse, "{question}");
    }
}

#[test]
fn a_question_that_names_the_other_period_is_not_answered_with_this_one() {
    let base = office();
    let reply = base.ask("上期物業費多少");
    assert_eq!(base.topic(reply.best[0].topic), "fee-last");
    let this = base.ask_within(
        "上期物業費多少",
        |t| base.topic(t) != "fee-last",
        &mut Default::default(),
    );
    assert_ne!(this.band, Band::Answer, "{this:?}");
    assert_eq!(this.why.barred_by.as_deref(), Some("上期"));
}

#[test]
fn an_answer_says_why() {
    let reply = office().ask("游泳池開放時間");
    assert_eq!(reply.band, Band::Answer, "{reply:?}");
    assert!(
        reply
            .why
            .terms
            .iter()
            .any(|(t, part)| t.contains("泳") && *part > 0.0)
    );
    let whole: f32 = reply.why.terms.iter().map(|(_, part)| part).sum();
    assert!(
        whole > 0.5,
        "its own phrasing is nearly all of the question: {whole}"
    );
}

#[test]
fn an_empty_base_and_a_strange_text_do_no_harm() {
    let empty = Base::new(Vec::new());
    assert_eq!(empty.ask("物業費怎麼繳").band, Band::Refuse);
    assert_eq!(measure::itself(&empty).n, 0);
    proptest::proptest!(|(text in "\\PC{0,300}")| {
        let reply = office().ask(&text);
        for pair in reply.best.windows(2) {
            assert!(pair[0].score >= pair[1].score);
        }
        let _ = risk::danger(&text);
    });
}
