//! What the clock does: ends once, expiries, forgetting, the quarter, replay.

use conduct::desk::Decision;
use conduct::lessons;
use conduct::policy::{Policy, policy_of, set_policy};
use conduct::quarter::{self, Quarter};
use conduct::replay;
use conduct::{ConductError, rules, view};
use foundation::clock::{DAY, HOUR};
use foundation::database::Community;

use super::world::{INSULT, Street};
use crate::membership::world::C;

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_ends_at_its_millisecond_and_is_told_once() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    s.struck(&s.wang, "m1", 1_000).await;
    s.w.house.clock.advance(24 * HOUR - 1);
    assert!(s.is_silent(&s.wang).await);
    s.w.house.clock.advance(1);
    assert!(!s.is_silent(&s.wang).await, "before any job ran");
    s.run_jobs().await;
    s.run_jobs().await;
    // A second node that does the same job, or one that died before its tick.
    let account = s.wang.account.expect("a member");
    let sanction = view::mine(&s.w.house, C, account).await.expect("mine")[0].sanctions[0].id;
    let by = permissions::actor::Actor::system(C);
    let again = conduct::jobs::end(&s.w.house, &by, sanction).await;
    assert!(matches!(again, Err(ConductError::NotPending)), "{again:?}");
    assert_eq!(s.count("conduct.served").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strike_expires_after_a_hundred_and_eighty_days() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    s.w.house.clock.advance(180 * DAY);
    s.run_jobs().await;
    assert_eq!(s.count("conduct.strike_expired").await, 1);
    let case = s.case(&s.wang, "m1", INSULT).await;
    let whole = view::whole(&s.w.house, &s.w.host, case.id)
        .await
        .expect("whole");
    assert_eq!(
        (whole.open, whole.rung.severity),
        (0, 0),
        "the ladder begins anew"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_forgotten_with_its_key_and_the_record_stays() {
    let s = Street::new().await;
    let strike = s.struck(&s.wang, "m0", 0).await;
    s.w.house.clock.advance(201 * DAY);
    s.run_jobs().await;
    assert_eq!(s.count("conduct.forgotten").await, 1);
    let mine = view::mine(&s.w.house, C, strike.account)
        .await
        .expect("mine");
    assert_eq!(mine[0].text, None);
    assert_eq!(
        mine[0].strike.rule, "insult_strong",
        "which rule it was is still told"
    );
    assert!(
        lessons::texts(&s.w.house, C)
            .await
            .expect("read")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_is_counted_and_published_when_it_is_over() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    s.w.house.clock.advance(HOUR);
    s.struck(&s.wang, "m1", 1_000).await;
    let case = s.case(&s.li, "m2", INSULT).await;
    s.w.house.clock.advance(2 * HOUR);
    s.decide(&s.w.host, &case, Decision::Dismiss)
        .await
        .expect("dismissed");
    let quarter = Quarter::of(s.w.house.now());
    let early = quarter::publish(&s.w.house, &s.w.manager, quarter).await;
    assert!(matches!(early, Err(ConductError::NotPending)), "{early:?}");
    s.w.house.clock.advance(60 * DAY);
    let figures = quarter::publish(&s.w.house, &s.w.manager, quarter)
        .await
        .expect("published");
    assert_eq!(
        (figures.strikes, figures.dismissed, figures.mutes),
        (2, 1, 1)
    );
    assert_eq!(figures.median_ms, Some(0), "of 0, 0 and two hours");
    let out = quarter::publish(&s.w.house, &s.w.host, quarter).await;
    assert!(matches!(out, Err(ConductError::Forbidden(_))));
    let told = quarter::published(&s.w.house, C).await.expect("readable");
    assert_eq!(told[0].2, figures);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_tried_on_what_was_said_before_it_is_switched_on() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m0", INSULT).await;
    s.decide(&s.w.host, &case, Decision::Dismiss)
        .await
        .expect("dismissed");
    let (version, mut policy) = policy_of(&s.w.house, C).await.expect("a policy");
    policy
        .speech
        .modes
        .insert("insult_strong".into(), "block".into());
    let tried = replay::replay_for(&s.w.house, &s.w.manager, &policy)
        .await
        .expect("tried");
    assert_eq!(tried.texts, 1);
    assert_eq!(tried.moves.get("hold>block"), Some(&1));
    assert_eq!(
        tried.acted_on_dismissed, 1,
        "it would block what people let pass"
    );
    set_policy(&s.w.house, &s.w.manager, version, policy.clone())
        .await
        .expect("set");
    let stale = set_policy(&s.w.house, &s.w.manager, version, policy).await;
    assert!(matches!(stale, Err(ConductError::Changed)), "{stale:?}");
    let other = policy_of(&s.w.house, Community(9)).await.expect("a policy");
    assert_eq!(other, (0, Policy::default()), "of one compound only");
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_teach_and_a_rule_that_is_often_wrong_is_doubted() {
    let s = Street::new().await;
    for i in 0..10 {
        let case = s.case(&s.wang, &format!("m{i}"), INSULT).await;
        s.decide(&s.w.host, &case, Decision::Dismiss)
            .await
            .expect("dismissed");
    }
    let records = lessons::records(&s.w.house, &s.w.manager)
        .await
        .expect("records");
    assert_eq!((records[0].confirmed, records[0].decided), (0, 10));
    assert!(records[0].is_doubtful());
    let texts = lessons::texts(&s.w.house, C).await.expect("texts");
    assert_eq!(texts.len(), 10);
    assert!(texts.iter().all(|(text, breach)| text == INSULT && !breach));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_are_accepted_at_the_next_entry() {
    let s = Street::new().await;
    assert!(
        rules::due(&s.w.house, &s.wang)
            .await
            .expect("asked")
            .is_none()
    );
    let text = || "群規第二版".to_owned();
    membership::texts::publish(
        &s.w.house,
        &s.w.manager,
        membership::texts::TextName::Rules,
        text(),
        text(),
    )
    .await
    .expect("published");
    let due = rules::due(&s.w.house, &s.wang)
        .await
        .expect("asked")
        .expect("due");
    assert_eq!(due.version, 2);
    let old = rules::accept(&s.w.house, &s.wang, 1).await;
    assert!(matches!(old, Err(ConductError::Changed)), "{old:?}");
    rules::accept(&s.w.house, &s.wang, 2)
        .await
        .expect("accepted");
    assert!(
        rules::due(&s.w.house, &s.wang)
            .await
            .expect("asked")
            .is_none()
    );
    assert!(
        rules::due(&s.w.house, &s.li)
            .await
            .expect("asked")
            .is_some()
    );
}
