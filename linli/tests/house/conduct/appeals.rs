//! Appeals: who hears them, and that a success undoes every effect.

use conduct::appeals::{self, Outcome};
use conduct::channels::SanctionKind;
use conduct::desk::Decision;
use conduct::state::{AppealState, SanctionState, StrikeState, Visible};
use conduct::{ConductError, illegal, removal, view};
use foundation::clock::{DAY, HOUR, MINUTE};
use foundation::ids::Id;
use membership::state::State;
use permissions::Role;
use permissions::actor::Actor;

use super::world::{INSULT, Street};
use crate::membership::world::{C, employ};

const WHY: &str = "那是歌詞，不是罵人";

async fn filed(s: &Street, by: &Actor, strike: Id) -> Id {
    appeals::file(&s.w.house, by, strike, WHY)
        .await
        .expect("filed")
}

async fn outcome(
    s: &Street,
    by: &Actor,
    appeal: Id,
    version: i64,
    outcome: Outcome,
) -> AppealState {
    appeals::decide(&s.w.house, by, appeal, version, outcome, "引用歌詞，屬實")
        .await
        .expect("decided")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_successful_appeal_undoes_every_effect_at_once() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    let strike = s.struck(&s.wang, "m1", 1_000).await;
    assert!(s.is_silent(&s.wang).await);
    let appeal = filed(&s, &s.wang, strike.id).await;
    let state = outcome(&s, &s.steward, appeal, 1, Outcome::Overturned).await;
    assert_eq!(state, AppealState::Overturned);
    assert!(!s.is_silent(&s.wang).await);
    let mine = view::mine(&s.w.house, C, strike.account)
        .await
        .expect("mine");
    let that = mine
        .iter()
        .find(|m| m.strike.id == strike.id)
        .expect("it is told");
    assert_eq!(that.strike.state, StrikeState::Overruled);
    assert!(
        that.sanctions
            .iter()
            .all(|x| x.state == SanctionState::Reversed)
    );
    let case = view::whole(&s.w.house, &s.w.manager, strike.case)
        .await
        .expect("whole");
    assert_eq!(case.row.case.visible, Visible::Shown, "it is seen again");
    assert_eq!(case.open, 1, "an overruled strike counts nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_had_a_hand_in_it_does_not_hear_the_appeal() {
    let s = Street::new().await;
    let strike = s.struck(&s.wang, "m1", 0).await;
    let appeal = filed(&s, &s.wang, strike.id).await;
    let out = appeals::decide(
        &s.w.house,
        &s.w.host,
        appeal,
        1,
        Outcome::Upheld,
        "維持原來的決定",
    )
    .await;
    assert!(matches!(out, Err(ConductError::Involved)), "{out:?}");
    let himself = Actor::account(
        s.wang.account.expect("a member"),
        None,
        C,
        vec![Role::Steward],
        foundation::ledger::Door::Web,
    );
    let out = appeals::decide(
        &s.w.house,
        &himself,
        appeal,
        1,
        Outcome::Overturned,
        "我沒有罵任何人",
    )
    .await;
    assert!(matches!(out, Err(ConductError::Party)), "{out:?}");
    let list = appeals::waiting(&s.w.house, &s.w.host)
        .await
        .expect("a list");
    assert!(
        matches!(list[0].1, Err(ConductError::Involved)),
        "the list says so"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_member_appeals_by_the_link_and_comes_back() {
    let s = Street::new().await;
    let mut last = None;
    for (i, severity) in [0, 1_000, 2_000, 3_000, 4_000].into_iter().enumerate() {
        last = Some(s.struck(&s.wang, &format!("m{i}"), severity).await);
    }
    let strike = last.expect("five");
    let waiting = removal::waiting(&s.w.house, &s.w.manager)
        .await
        .expect("a list");
    removal::confirm(&s.w.house, &s.w.manager, waiting[0].id)
        .await
        .expect("removed");
    let secret = appeals::secret(&s.w.house, C, strike.id);
    let found = appeals::by_secret(&s.w.house, C, &secret)
        .await
        .expect("the link opens");
    assert_eq!(found.id, strike.id);
    let mut forged = secret.clone();
    forged.pop();
    forged.push(if secret.ends_with('0') { '1' } else { '0' });
    let out = appeals::by_secret(&s.w.house, C, &forged).await;
    assert!(matches!(out, Err(ConductError::NotFound)));
    let appeal = filed(&s, &s.w.applicant(), found.id).await;
    outcome(&s, &s.steward, appeal, 1, Outcome::Overturned).await;
    let members = membership::members::of_account(&s.w.house, C, strike.account)
        .await
        .expect("readable");
    assert_eq!(members[0].state, State::Active);
    assert!(!members[0].notice_only);
    assert_eq!(s.count("membership.reinstated").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_sanction_that_had_counted_the_fallen_strike_becomes_milder() {
    let s = Street::new().await;
    let first = s.struck(&s.wang, "m0", 0).await;
    s.w.house.clock.advance(HOUR);
    let second = s.struck(&s.wang, "m1", 1_000).await;
    s.w.house.clock.advance(HOUR);
    let third = s.struck(&s.wang, "m2", 2_000).await;
    let appeal = filed(&s, &s.wang, first.id).await;
    outcome(&s, &s.steward, appeal, 1, Outcome::Overturned).await;
    let mine = view::mine(&s.w.house, C, first.account)
        .await
        .expect("mine");
    let of = |id: Id| {
        let m = mine.iter().find(|m| m.strike.id == id).expect("told");
        m.sanctions[0].clone()
    };
    assert_eq!(
        of(second.id).kind,
        SanctionKind::Warning,
        "it would have been the first"
    );
    let milder = of(third.id);
    assert_eq!(
        milder.ends_at,
        Some(milder.starts_at.plus(24 * HOUR)),
        "from seven days to one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_that_a_longer_one_replaced_stands_again_when_that_falls() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    let day = s.struck(&s.wang, "m1", 1_000).await;
    let week = s.struck(&s.wang, "m2", 2_000).await;
    let appeal = filed(&s, &s.wang, week.id).await;
    s.w.house.clock.advance(HOUR);
    outcome(&s, &s.steward, appeal, 1, Outcome::Overturned).await;
    assert!(s.is_silent(&s.wang).await, "the day still runs");
    s.w.house.clock.advance(23 * HOUR);
    assert!(!s.is_silent(&s.wang).await);
    let _ = day;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecided_appeal_pauses_the_sanction_after_seven_days_and_goes_up() {
    let s = Street::new().await;
    for (i, severity) in [0, 1_000, 2_000].into_iter().enumerate() {
        s.struck(&s.wang, &format!("m{i}"), severity).await;
    }
    s.w.house.clock.advance(MINUTE);
    let strike = s.struck(&s.wang, "m3", 3_000).await;
    let appeal = filed(&s, &s.wang, strike.id).await;
    s.w.house.clock.advance(7 * DAY - MINUTE);
    s.run_jobs().await;
    assert_eq!(
        s.count("conduct.appeal_escalated").await,
        0,
        "not a minute early"
    );
    s.w.house.clock.advance(MINUTE);
    s.run_jobs().await;
    s.run_jobs().await;
    assert_eq!(s.count("conduct.appeal_escalated").await, 1, "once");
    assert!(!s.is_silent(&s.wang).await, "paused");
    let state = outcome(&s, &s.steward, appeal, 2, Outcome::Upheld).await;
    assert_eq!(state, AppealState::Upheld);
    assert!(s.is_silent(&s.wang).await, "it runs on to its own end");
}

#[tokio::test(flavor = "multi_thread")]
async fn appeals_close_after_twenty_days_and_the_second_level_is_the_committees_once() {
    let s = Street::new().await;
    let late = s.struck(&s.li, "m9", 0).await;
    let strike = s.struck(&s.wang, "m1", 0).await;
    let appeal = filed(&s, &s.wang, strike.id).await;
    let out = appeals::file(&s.w.house, &s.wang, strike.id, WHY).await;
    assert!(matches!(out, Err(ConductError::AlreadyAppealed)), "{out:?}");
    outcome(&s, &s.steward, appeal, 1, Outcome::Upheld).await;
    let second = filed(&s, &s.wang, strike.id).await;
    let out = appeals::decide(
        &s.w.house,
        &s.w.manager,
        second,
        1,
        Outcome::Upheld,
        "維持原來的決定",
    )
    .await;
    assert!(matches!(out, Err(ConductError::Forbidden(_))), "{out:?}");
    outcome(&s, &s.committee, second, 1, Outcome::Upheld).await;
    let out = appeals::file(&s.w.house, &s.wang, strike.id, WHY).await;
    assert!(matches!(out, Err(ConductError::AlreadyAppealed)), "{out:?}");
    s.w.house.clock.advance(20 * DAY + 1);
    let out = appeals::file(&s.w.house, &s.li, late.id, WHY).await;
    assert!(matches!(out, Err(ConductError::TooLate(20))), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn illegal_content_stays_hidden_whatever_an_appeal_says() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", "網上賭場開戶送彩金").await;
    s.decide(&s.w.host, &case, Decision::Illegal { severity: 0 })
        .await
        .expect("decided");
    let path = illegal::path_of(&s.w.house, &s.w.manager, case.id)
        .await
        .expect("asked");
    assert!(!path.expect("it is one").closed);
    let strike = s.strike(&s.wang).await;
    let appeal = filed(&s, &s.wang, strike.id).await;
    outcome(&s, &s.steward, appeal, 1, Outcome::Overturned).await;
    let whole = view::whole(&s.w.house, &s.w.manager, case.id)
        .await
        .expect("whole");
    assert_eq!(whole.row.case.visible, Visible::Hidden);
    assert_eq!(
        whole.sanctions[0].state,
        SanctionState::Reversed,
        "the sanction fell"
    );
    illegal::close(&s.w.house, &s.w.manager, case.id, "派出所", "2026-114")
        .await
        .expect("closed by its number");
    let out = illegal::close(&s.w.house, &s.w.manager, case.id, "派出所", "2026-115").await;
    assert!(matches!(out, Err(ConductError::NotPending)), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_may_end_with_a_milder_sanction() {
    let s = Street::new().await;
    s.struck(&s.wang, "m0", 0).await;
    let strike = s.struck(&s.wang, "m1", 1_000).await;
    let appeal = filed(&s, &s.wang, strike.id).await;
    let severer = appeals::decide(
        &s.w.house,
        &s.steward,
        appeal,
        1,
        Outcome::Reduced { severity: 3_000 },
        "情節較輕，減輕",
    )
    .await;
    assert!(
        matches!(severer, Err(ConductError::BeyondLimits)),
        "{severer:?}"
    );
    outcome(&s, &s.steward, appeal, 1, Outcome::Reduced { severity: 0 }).await;
    assert!(!s.is_silent(&s.wang).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn criticism_of_the_company_is_heard_by_the_owners_side() {
    let s = Street::new().await;
    let case = s.case(&s.wang, "m1", "物業的傻逼").await;
    conduct::desk::decide(
        &s.w.house,
        &s.steward,
        case.id,
        case.version,
        Decision::Breach { severity: 0 },
        true,
        "罵人，不是批評",
    )
    .await
    .expect("decided by an owner");
    let strike = s.strike(&s.wang).await;
    let appeal = filed(&s, &s.wang, strike.id).await;
    let supervisor = employ(&s.w.house, C, Role::Supervisor).await;
    let out = appeals::decide(
        &s.w.house,
        &supervisor,
        appeal,
        1,
        Outcome::Upheld,
        "維持原來的決定",
    )
    .await;
    assert!(matches!(out, Err(ConductError::NeedsOwnerSide)), "{out:?}");
    outcome(&s, &s.committee, appeal, 1, Outcome::Overturned).await;
    let _ = INSULT;
}
