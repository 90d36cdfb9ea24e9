//! The review desk: who may decide what, and what follows.

use conduct::ConductError;
use conduct::channels::SanctionKind;
use conduct::desk::{self, Decision};
use conduct::judge::{self, Verdict};
use conduct::report::{self, REPORTS_A_DAY_MAX};
use conduct::state::{CaseState, SanctionState, Visible};
use conduct::{removal, view};
use foundation::clock::{DAY, HOUR, MINUTE};
use foundation::database::ask;
use foundation::ledger::Door;
use foundation::params;
use membership::state::State;
use permissions::Role;
use permissions::actor::Actor;

use super::world::{INSULT, LEAK, Street};
use crate::membership::world::{C, employ};

#[tokio::test(flavor = "multi_thread")]
async fn four_breaches_climb_the_ladder_and_the_fifth_proposes_removal() {
    let s = Street::new().await;
    let ladder = [0, 1_000, 2_000, 3_000, 4_000];
    let mut ends = Vec::new();
    for (i, severity) in ladder.into_iter().enumerate() {
        let case = s.case(&s.wang, &format!("m{i}"), INSULT).await;
        let whole = view::whole(&s.w.house, &s.w.host, case.id)
            .await
            .expect("whole");
        assert_eq!(whole.rung.severity, severity, "the ladder's own rung");
        s.decide(&s.w.host, &case, Decision::Breach { severity })
            .await
            .expect("decided");
        let account = s.wang.account.expect("a member");
        let mine = view::mine(&s.w.house, C, account).await.expect("mine");
        let sanction = mine[0].sanctions[0].clone();
        ends.push((sanction.kind, sanction.state, sanction.ends_at));
        s.w.house.clock.advance(MINUTE);
    }
    let start = crate::support::MONDAY;
    assert_eq!(ends[0].0, SanctionKind::Warning);
    assert_eq!(
        ends[1].2,
        Some(start.plus(MINUTE + 24 * HOUR)),
        "to the millisecond"
    );
    assert_eq!(ends[2].2, Some(start.plus(2 * MINUTE + 7 * DAY)));
    assert_eq!(ends[3].2, Some(start.plus(3 * MINUTE + 30 * DAY)));
    assert_eq!(ends[4].0, SanctionKind::Removal);
    assert_eq!(
        ends[4].1,
        SanctionState::Proposed,
        "one person removes nobody"
    );
    assert_eq!(s.count("membership.removed").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rungs_at_once_are_refused() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", INSULT).await;
    let out = s
        .decide(&s.w.host, &case, Decision::Breach { severity: 2_000 })
        .await;
    assert!(matches!(out, Err(ConductError::BeyondLimits)), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_about_themselves_their_home_or_what_they_reported() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", INSULT).await;
    let steward = |account| Actor::account(account, None, C, vec![Role::Steward], Door::Web);
    let himself = steward(s.wang.account.expect("a member"));
    let out = s.decide(&himself, &case, Decision::Dismiss).await;
    assert!(matches!(out, Err(ConductError::Party)), "{out:?}");

    report::report(&s.w.house, &s.li, &s.said(&s.wang, "m1", INSULT), "insult")
        .await
        .expect("reported");
    let case = s.case_of("m1").await;
    let reporter = steward(s.li.account.expect("a member"));
    let out = s.decide(&reporter, &case, Decision::Dismiss).await;
    assert!(matches!(out, Err(ConductError::Party)), "{out:?}");

    // Somebody of the same home: 李娜's account gets a membership with 王小明's room.
    let (c, li, room) = (C, s.li.account, s.w.rooms[0]);
    s.w.house
        .write(c, &foundation::ledger::Who::operator(), move |mut tx| {
            tx.execute(ask(
                "UPDATE member SET room = $3 WHERE community = $1 AND account = $2",
                params![c, li, room],
            ))?;
            tx.execute(ask(
                "DELETE FROM conduct_report WHERE community = $1",
                params![c],
            ))?;
            let kind = foundation::ledger::Kind::new("test.made", 1);
            Ok::<_, ConductError>(tx.record(foundation::ledger::Event::new(kind), ())?)
        })
        .await
        .expect("moved in");
    let out = s.decide(&reporter, &case, Decision::Dismiss).await;
    assert!(matches!(out, Err(ConductError::Party)), "{out:?}");
    assert_eq!(s.count("conduct.dismissed").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_steward_mutes_for_a_day_and_no_longer() {
    let s = Street::new().await;
    s.struck(&s.wang, "m1", 0).await;
    let case = s.case(&s.wang, "m2", INSULT).await;
    s.decide(&s.steward, &case, Decision::Breach { severity: 1_000 })
        .await
        .expect("a day is a steward's");
    let case = s.case(&s.wang, "m3", INSULT).await;
    let out = s
        .decide(&s.steward, &case, Decision::Breach { severity: 2_000 })
        .await;
    assert!(matches!(out, Err(ConductError::BeyondLimits)), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn removal_takes_a_second_person_and_leaves_everything_but_speech() {
    let s = Street::new().await;
    for (i, severity) in [0, 1_000, 2_000, 3_000, 4_000].into_iter().enumerate() {
        s.struck(&s.wang, &format!("m{i}"), severity).await;
    }
    let waiting = removal::waiting(&s.w.house, &s.w.manager)
        .await
        .expect("a list");
    assert_eq!(waiting.len(), 1);
    let out = removal::confirm(&s.w.house, &s.w.host, waiting[0].id).await;
    assert!(
        matches!(out, Err(ConductError::Involved)),
        "the first is not the second"
    );
    let out = removal::confirm(&s.w.house, &s.steward, waiting[0].id).await;
    assert!(matches!(out, Err(ConductError::Forbidden(_))), "{out:?}");
    removal::confirm(&s.w.house, &s.w.manager, waiting[0].id)
        .await
        .expect("confirmed");
    let account = s.wang.account.expect("a member");
    let members = membership::members::of_account(&s.w.house, C, account)
        .await
        .expect("readable");
    assert_eq!(members[0].state, State::Removed);
    assert!(members[0].notice_only, "notices stay");
    assert!(s.is_silent(&s.wang).await);
    let roles: Vec<(String,)> =
        s.w.house
            .db
            .all(ask(
                "SELECT role FROM role_grant WHERE community = $1 AND account = $2",
                params![C, account],
            ))
            .await
            .expect("readable");
    assert_eq!(roles, [("owner".to_owned(),)], "the owner stays an owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_nobody_confirms_lapses() {
    let s = Street::new().await;
    for (i, severity) in [0, 1_000, 2_000, 3_000, 4_000].into_iter().enumerate() {
        s.struck(&s.wang, &format!("m{i}"), severity).await;
    }
    s.w.house.clock.advance(7 * DAY + 1);
    s.run_jobs().await;
    assert_eq!(s.count("conduct.removal_lapsed").await, 1);
    let waiting = removal::waiting(&s.w.house, &s.w.manager)
        .await
        .expect("a list");
    assert!(waiting.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_company_does_not_judge_criticism_of_itself_alone() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", "物業的傻逼又不修電梯").await;
    assert!(case.about_company, "seen by its words");
    let breach = Decision::Breach { severity: 0 };
    let decide = |by: Actor, version| {
        let house = s.w.house.house.clone();
        async move {
            desk::decide(
                &house,
                &by,
                case.id,
                version,
                breach,
                true,
                "罵人，不是批評",
            )
            .await
        }
    };
    let state = decide(s.w.host.clone(), case.version)
        .await
        .expect("proposed");
    assert_eq!(state, CaseState::Seconding);
    assert_eq!(s.count("conduct.struck").await, 0, "nothing follows yet");
    let out = decide(s.w.manager.clone(), case.version + 1).await;
    assert!(matches!(out, Err(ConductError::NeedsOwnerSide)), "{out:?}");
    let state = decide(s.steward.clone(), case.version + 1)
        .await
        .expect("agreed");
    assert_eq!(state, CaseState::Violation);
    assert_eq!(s.count("conduct.struck").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_reviewers_at_once_are_told() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", INSULT).await;
    assert_eq!(
        desk::claim(&s.w.house, &s.w.host, case.id)
            .await
            .expect("taken"),
        None
    );
    let other = desk::claim(&s.w.house, &s.w.manager, case.id)
        .await
        .expect("told");
    assert_eq!(other, s.w.host.account);
    s.w.house.clock.advance(5 * MINUTE + 1);
    assert_eq!(
        desk::claim(&s.w.house, &s.w.manager, case.id)
            .await
            .expect("free"),
        None
    );
    s.decide(&s.w.host, &case, Decision::Dismiss)
        .await
        .expect("decided");
    let out = s
        .decide(&s.w.manager, &case, Decision::Breach { severity: 0 })
        .await;
    assert!(matches!(out, Err(ConductError::Changed)), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_can_be_taken_back_for_ten_minutes_by_whoever_made_it() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    let case = s.case(&s.wang, "m1", INSULT).await;
    s.decide(&s.w.host, &case, Decision::Breach { severity: 1_000 })
        .await
        .expect("decided");
    assert!(s.is_silent(&s.wang).await);
    let out = desk::undo(&s.w.house, &s.w.manager, case.id, case.version + 1).await;
    assert!(matches!(out, Err(ConductError::UndoOver(_))), "{out:?}");
    desk::undo(&s.w.house, &s.w.host, case.id, case.version + 1)
        .await
        .expect("taken back");
    assert!(!s.is_silent(&s.wang).await);
    let again = s.case_of("m1").await;
    assert_eq!(
        (again.state, again.visible),
        (CaseState::Open, Visible::Held)
    );
    s.decide(&s.w.host, &again, Decision::Dismiss)
        .await
        .expect("decided anew");
    s.w.house.clock.advance(10 * MINUTE + 1);
    let out = desk::undo(&s.w.house, &s.w.host, case.id, again.version + 1).await;
    assert!(matches!(out, Err(ConductError::UndoOver(10))), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_one_breach_decided_at_once() {
    let s = Street::new().await;
    for i in 0..5 {
        s.case(&s.wang, &format!("m{i}"), INSULT).await;
    }
    let first = s.case_of("m0").await;
    let done = desk::decide_flood(
        &s.w.house,
        &s.w.host,
        first.id,
        Decision::Breach { severity: 0 },
        false,
        "同一句話刷了五次",
    )
    .await
    .expect("decided");
    assert_eq!(done, 5);
    assert_eq!(s.count("conduct.struck").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_reporters_with_a_good_record_hide_and_the_case_stands_in_the_queue() {
    let s = Street::new().await;
    let said = s.said(&s.wang, "m1", "聽說樓下那家天天打孩子");
    let mut reporters = Vec::new();
    for _ in 0..3 {
        reporters.push(employ(&s.w.house, C, Role::OnDuty).await);
    }
    // Each was right nine times before.
    for by in &reporters {
        let (c, account) = (C, by.account);
        s.w.house
            .write(c, &foundation::ledger::Who::operator(), move |mut tx| {
                for i in 0..9 {
                    tx.execute(ask(
                        "INSERT INTO conduct_report (community, case_id, reporter, reason, at, verdict) \
                         VALUES ($1, $2, $3, 'insult', 0, 'right')",
                        params![c, format!("old{i}"), account],
                    ))?;
                }
                let kind = foundation::ledger::Kind::new("test.made", 1);
                Ok::<_, ConductError>(tx.record(foundation::ledger::Event::new(kind), ())?)
            })
            .await
            .expect("a record");
    }
    for (i, by) in reporters.iter().enumerate() {
        report::report(&s.w.house, by, &said, "insult")
            .await
            .expect("reported");
        let case = s.case_of("m1").await;
        let hidden = case.visible == Visible::Held;
        assert_eq!(hidden, i == 2, "after {} reports", i + 1);
        assert!(
            case.state.is_waiting(),
            "whoever is hidden stands in the queue"
        );
    }
    let out = report::report(&s.w.house, &reporters[0], &said, "insult").await;
    assert!(
        matches!(out, Err(ConductError::NotPending)),
        "once each: {out:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reports_more_than_twenty_times_a_day() {
    let s = Street::new().await;
    for i in 0..REPORTS_A_DAY_MAX {
        let said = s.said(&s.wang, &format!("m{i}"), "今天真熱");
        report::report(&s.w.house, &s.li, &said, "spam")
            .await
            .expect("reported");
    }
    let said = s.said(&s.wang, "one more", "今天真熱");
    let out = report::report(&s.w.house, &s.li, &said, "spam").await;
    assert!(
        matches!(out, Err(ConductError::TooManyReports(_))),
        "{out:?}"
    );
    s.w.house.clock.advance(DAY + 1);
    report::report(&s.w.house, &s.li, &said, "spam")
        .await
        .expect("a new day");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_blocked_is_stored_nowhere_and_what_is_held_lies_sealed() {
    let s = Street::new().await;
    let blocked = s.said(&s.wang, "m1", "身份證 110101190001010014");
    let judged = judge::judge(&s.w.house, C, &blocked).await;
    let judged = judged.expect("judged");
    assert_eq!(judged.verdict, Verdict::Block);
    assert!(!judged.opens_a_case(), "nothing is kept of it");
    let held = s.case(&s.wang, "m2", LEAK).await;
    assert_eq!(held.visible, Visible::Held);
    let rows: Vec<(String, Option<Vec<u8>>)> =
        s.w.house
            .db
            .all(ask(
                "SELECT rule, body FROM conduct_case WHERE community = $1",
                params![C],
            ))
            .await
            .expect("readable");
    assert_eq!(rows.len(), 1, "the blocked one left nothing");
    let body = rows[0].1.clone().expect("sealed");
    assert!(
        !body.windows(11).any(|w| w == b"13800138000"),
        "no number in clear"
    );
    let (n,): (i64,) =
        s.w.house
            .db
            .one(ask(
                "SELECT COUNT(*) FROM ledger WHERE body LIKE '%13800138000%'",
                params![],
            ))
            .await
            .expect("readable");
    assert_eq!(n, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_compound_sees_no_case() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", INSULT).await;
    let stranger = Actor::account(
        s.w.manager.account.expect("staff"),
        None,
        foundation::database::Community(2),
        vec![Role::Manager],
        Door::Web,
    );
    let out = view::whole(&s.w.house, &stranger, case.id).await;
    assert!(matches!(out, Err(ConductError::NotFound)));
    s.w.house
        .open_compound(foundation::database::Community(2))
        .await;
    let out = s.decide(&stranger, &case, Decision::Dismiss).await;
    assert!(matches!(out, Err(ConductError::NotFound)), "{out:?}");
}
