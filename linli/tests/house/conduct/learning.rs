//! The trained part learns from what people decided, and applicants' words are judged.

use std::process::{Command, Output};

use conduct::desk::Decision;
use conduct::judge::{self, Verdict};
use conduct::{QueueFilter, follow, learned, lessons, view};
use foundation::communities;
use foundation::database::{Chore, Community, DbError, ask};
use foundation::params;
use membership::apply::{self, Own};
use moderation::{Engine, Model, Policy, Scratch};

use super::world::{INSULT, LEAK, Street};
use crate::membership::world::C;

/// A second insult, in other words.
const OTHER: &str = "樓上的王八蛋又在半夜拖椅子";

fn linli(s: &Street, args: &[&str]) -> Output {
    let house = &s.w.house;
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .arg("conduct")
        .args(args)
        .arg("--data")
        .arg(&house.data_dir)
        .arg("--key-file")
        .arg(house.folder.path().join("site.key"))
        .env_remove("LINLI_DB")
        .env_remove("LINLI_KEYS");
    if let Some(url) = &house.db_url {
        command.arg("--db").arg(url);
    }
    command.output().expect("the program runs")
}

async fn name(s: &Street) -> String {
    let all = communities::list(&s.w.house.db, Community(0)).await;
    let all = all.expect("readable");
    all.iter()
        .find(|k| k.number == C)
        .expect("the compound")
        .name
        .clone()
}

fn score(model: &Model, text: &str) -> f32 {
    let engine = Engine::new(Policy::default())
        .expect("sound")
        .with_model(model.clone());
    engine.score(&mut Scratch::default(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_taught_by_decisions_scores_the_overturned_lower_and_the_confirmed_higher() {
    let s = Street::new().await;
    let compound = name(&s).await;
    let out = s.w.house.folder.path().join("own.model");
    let out = out.to_str().expect("a plain path");
    let train = ["train", "--own", compound.as_str(), "--out", out];

    let none = linli(&s, &train);
    assert_eq!(none.status.code(), Some(2), "nothing was decided: {none:?}");

    // One overturned on appeal, one confirmed.
    let strike = s.struck(&s.wang, "m0", 0).await;
    conduct::appeals::file(
        &s.w.house,
        &s.wang,
        strike.id,
        "我是在引用別人的話，並沒有罵人",
    )
    .await
    .expect("filed");
    let queue = conduct::appeals::waiting(&s.w.house, &s.committee).await;
    let appeal = queue.expect("a queue").remove(0).0;
    conduct::appeals::decide(
        &s.w.house,
        &s.committee,
        appeal.id,
        appeal.version,
        conduct::appeals::Outcome::Overturned,
        "確實是引用，不算罵人",
    )
    .await
    .expect("overturned");
    let case = s.case(&s.li, "m1", OTHER).await;
    let severity = 0;
    let done = s
        .decide(&s.w.host, &case, Decision::Breach { severity })
        .await;
    done.expect("confirmed");
    let texts = lessons::texts(&s.w.house, C).await.expect("lessons");
    assert_eq!(texts.len(), 2);
    assert!(texts.contains(&(INSULT.to_owned(), false)), "overturned");
    assert!(texts.contains(&(OTHER.to_owned(), true)), "confirmed");

    let taught = linli(&s, &train);
    assert_eq!(taught.status.code(), Some(0), "{taught:?}");
    let said = String::from_utf8_lossy(&taught.stderr);
    assert!(said.contains("1 confirmed, 1 not a breach"), "{said}");
    let bytes = std::fs::read(out).expect("a model");
    linli(&s, &train);
    assert_eq!(bytes, std::fs::read(out).expect("a model"), "byte for byte");
    assert_eq!(s.count("conduct.taught").await, 3, "each reading is known");

    let (own, shipped) = (
        Model::from_bytes(&bytes).expect("a model"),
        moderation::model::shipped(),
    );
    assert!(
        score(&own, INSULT) < score(shipped, INSULT),
        "overturned: lower"
    );
    assert!(
        score(&own, OTHER) > score(shipped, OTHER),
        "confirmed: higher"
    );
    let note = String::from_utf8_lossy(&bytes);
    assert!(
        !note.contains(INSULT),
        "no word of a text stands in the model"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compound_uses_its_own_model_from_the_next_text_on_and_may_go_back() {
    let s = Street::new().await;
    let compound = name(&s).await;
    // Words that no list holds: the shipped part lets them pass.
    let text = "三樓那位整天裝腔作勢，臉皮比城牆還厚";
    let said = |source| s.said(&s.wang, source, text);
    let look = async |source| {
        let judged = judge::judge(&s.w.house, C, &said(source)).await;
        judged.expect("judged").verdict
    };
    assert_eq!(look("a").await, Verdict::Pass);

    let lesson: Vec<moderation::model::Sample> = (0..20)
        .map(|_| moderation::model::Sample {
            text: text.to_owned(),
            insult: true,
            weight: 1.0,
        })
        .collect();
    let own = moderation::model::adapt(moderation::model::shipped(), &lesson, "");
    let file = s.w.house.folder.path().join("own.model");
    std::fs::write(&file, own.to_bytes()).expect("written");
    let file = file.to_str().expect("a plain path");
    let used = linli(&s, &["use", file, "--community", &compound]);
    assert_eq!(used.status.code(), Some(0), "{used:?}");
    assert_eq!(look("b").await, Verdict::Flag, "queued for a person");

    let back = linli(&s, &["use", "--shipped", "--community", &compound]);
    assert_eq!(back.status.code(), Some(0), "{back:?}");
    assert_eq!(look("c").await, Verdict::Pass);
    assert_eq!(s.count("conduct.model_set").await, 2);

    let wrong = learned::put(&s.w.house, C, Some(b"PK".to_vec())).await;
    assert!(wrong.is_err(), "what is no model is refused");
    assert_eq!(s.count("conduct.model_set").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_of_another_form_silences_nobody() {
    let s = Street::new().await;
    let own = moderation::model::shipped().to_bytes();
    learned::put(&s.w.house, C, Some(own)).await.expect("put");
    // As a program before this one left it.
    let cut = ask(
        "UPDATE conduct_model SET body = substr(body, 1, 10), digest = 'before' WHERE community = $1",
        params![C],
    );
    let house = &s.w.house;
    house
        .db
        .keep::<_, DbError, _>(Chore::Migration, C, move |r| r.execute(cut))
        .await
        .expect("cut");
    let look = async |source, text| {
        let judged = judge::judge(house, C, &s.said(&s.wang, source, text)).await;
        judged.expect("judged all the same").verdict
    };
    assert_eq!(look("a", "明天停水嗎").await, Verdict::Pass);
    assert_eq!(look("b", INSULT).await, Verdict::Hold);
}

async fn waiting(s: &Street) -> Vec<(String, String)> {
    let queue = view::queue(&s.w.house, &s.w.manager, &QueueFilter::default()).await;
    let rows = queue.expect("a queue").rows;
    rows.into_iter()
        .map(|r| (r.case.source_kind, r.body.expect("kept").text))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_applicants_write_is_judged_once_however_often_it_is_followed() {
    let s = Street::new().await;
    assert_eq!(follow::follow(&s.w.house, C).await.expect("followed"), 0);
    assert!(
        waiting(&s).await.is_empty(),
        "ordinary names wait for nobody"
    );

    let mut answers = s.w.answers(2);
    answers.note = format!("{LEAK}，{INSULT}");
    let (secret, id) = s.w.applied(answers).await;
    assert_eq!(follow::follow(&s.w.house, C).await.expect("followed"), 1);
    let found = waiting(&s).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "application.note");

    // A restart, a lost cursor, a second node: the same case.
    assert_eq!(follow::follow(&s.w.house, C).await.expect("followed"), 0);
    s.w.house
        .db
        .keep::<_, conduct::ConductError, _>(foundation::database::Chore::Cursor, C, |r| {
            r.execute(ask(
                "DELETE FROM conduct_cursor WHERE community = $1",
                params![C],
            ))?;
            Ok(())
        })
        .await
        .expect("lost");
    follow::follow(&s.w.house, C).await.expect("followed");
    assert_eq!(waiting(&s).await.len(), 1);
    let opened = s.count("conduct.held").await + s.count("conduct.found").await;
    assert_eq!(opened, 1, "one case, one event");

    // An answer to what was asked passes conduct as well.
    let ask = membership::desk::Decision::AskMore {
        what: membership::desk::ASKS[0],
        words: "請補充，別再說你這個傻逼".into(),
    };
    membership::desk::decide(&s.w.house, &s.w.specialist, id, 1, ask)
        .await
        .expect("asked");
    follow::follow(&s.w.house, C).await.expect("followed");
    assert_eq!(
        waiting(&s).await.len(),
        1,
        "what the office wrote is not the applicant's"
    );
    apply::act(
        &s.w.house,
        &s.w.applicant(),
        &secret,
        Own::Answer(OTHER.into()),
    )
    .await
    .expect("answered");
    follow::follow(&s.w.house, C).await.expect("followed");
    let kinds: Vec<String> = waiting(&s).await.into_iter().map(|w| w.0).collect();
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    assert!(kinds.contains(&"application.words".to_owned()));
}
