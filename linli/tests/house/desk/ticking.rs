//! What the clock does: alarms once each, acceptance that runs out, waiting that lasts too long,
//! silence that confirms.

use super::*;

async fn alarms(d: &Counter, id: Id) -> Vec<(String, i64, String)> {
    d.w.house
        .db
        .all(ask(
            "SELECT clock, round, step FROM desk_alarm WHERE community = $1 AND ticket = $2 \
             ORDER BY at, clock, step",
            params![C, id],
        ))
        .await
        .expect("readable")
}

async fn tended(d: &Counter) {
    tend::run(&d.w.house, C).await.expect("tended");
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_are_given_once_each_however_often_the_clock_looks() {
    let d = Counter::new().await;
    let mut new = d.repair();
    new.priority = Some(Priority::Emergency);
    let id = d.opened(new).await.id;
    let mut seen = 0;
    for _ in 0..60 {
        d.w.house.clock.advance(MINUTE);
        tended(&d).await;
        tended(&d).await;
        let now = alarms(&d, id).await;
        assert!(now.len() >= seen);
        seen = now.len();
    }
    let all = alarms(&d, id).await;
    let first: Vec<&str> = all
        .iter()
        .filter(|(clock, ..)| clock == "first")
        .map(|(.., step)| step.as_str())
        .collect();
    assert_eq!(first, ["warning", "lead", "manager", "outside"], "{all:?}");
    let told = d.w.told(&format!("ticket:{id}")).await;
    let told = told.iter().filter(|k| *k == "desk.alarmed").count();
    assert_eq!(told, all.len(), "each stands in the ledger once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_accepts_comes_back_to_the_pool() {
    let d = Counter::new().await;
    let id = d.opened(d.repair()).await.id;
    let specialist = d.w.specialist.clone();
    let to = Doing {
        to: d.technician.account,
        ..Doing::default()
    };
    d.does(&specialist, id, Act::Assign, to).await;
    d.w.house.clock.advance(29 * MINUTE);
    tended(&d).await;
    assert_eq!(d.ticket(id).await.state, State::Assigned);
    d.w.house.clock.advance(2 * MINUTE);
    tended(&d).await;
    let t = d.ticket(id).await;
    assert_eq!(
        (t.state, t.assignee, t.accept_by),
        (State::Triaged, None, None)
    );
    let late = d
        .act(&d.technician, id, Act::Accept, Doing::default())
        .await;
    assert!(matches!(late, Err(Refused::Illegal(_))), "{late:?}");
    d.does(&d.other, id, Act::Grab, Doing::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_that_lasts_too_long_ends_by_itself() {
    let d = Counter::new().await;
    let id = d.opened(d.repair()).await.id;
    let specialist = d.w.specialist.clone();
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    d.does(&d.technician, id, Act::Grab, Doing::default()).await;
    d.does(&d.technician, id, Act::Start, Doing::default())
        .await;
    let wait = Doing {
        waits_for: Some(WaitsFor::Owner),
        days: Some(2),
        ..because("約時間")
    };
    d.does(&d.technician, id, Act::Wait, wait).await;
    d.w.house.clock.advance(2 * DAY - MINUTE);
    tended(&d).await;
    assert_eq!(d.ticket(id).await.state, State::Waiting);
    d.w.house.clock.advance(MINUTE);
    tended(&d).await;
    let t = d.ticket(id).await;
    assert_eq!((t.state, t.waits_for), (State::InProgress, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_confirms_after_seven_days_and_is_counted_apart() {
    let d = Counter::new().await;
    let id = d.resolved().await;
    d.w.house.clock.advance(7 * DAY - MINUTE);
    tended(&d).await;
    assert_eq!(d.ticket(id).await.state, State::Resolved);
    d.w.house.clock.advance(MINUTE);
    tended(&d).await;
    let t = d.ticket(id).await;
    assert_eq!(
        (t.state, t.silent, t.rating),
        (State::Confirmed, true, None)
    );
    let owed = calls::owed(&d.w.house, &d.w.specialist)
        .await
        .expect("asked");
    assert_eq!(owed.len(), 1, "silence is asked about too");
    // The reporter may still say that it is not done.
    d.does(&d.owner, id, Act::Reopen, because("還在滴")).await;
    assert!(!d.ticket(id).await.silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_houses_own_runner_does_it_without_being_asked() {
    let d = Counter::new().await;
    let id = d.resolved().await;
    let house = d.w.house.house.clone();
    let runner = linli::doors::rooms::jobs();
    for _ in 0..(7 * 24 + 2) {
        d.w.house.clock.advance(HOUR);
        while runner
            .run_due(&house.db, &house, house.now())
            .await
            .expect("run")
            > 0
        {}
        if d.ticket(id).await.state == State::Confirmed {
            return;
        }
    }
    panic!("it was left where it stood: {:?}", d.ticket(id).await.state);
}
