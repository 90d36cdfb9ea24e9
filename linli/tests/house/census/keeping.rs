//! What lies on the disk and in the ledger, and what is replayed of it.

use census::answer::{Newcomer, Outcome};
use census::{State, coverage, visit};
use foundation::clock::DAY;
use foundation::database::ask;
use foundation::ledger::{Entry, Rule};
use foundation::params;

use super::{Q1, known, now_is, other_phone, planned, same, task, visited};
use crate::archive::office::Office;
use crate::membership::world::C;

async fn entries(o: &Office) -> Vec<Entry> {
    let columns = foundation::ledger::COLUMNS;
    o.house()
        .db
        .all(ask(
            format!("SELECT {columns} FROM ledger WHERE community = $1 ORDER BY seq"),
            params![C],
        ))
        .await
        .expect("readable")
}

fn replayed(entries: &[Entry]) -> Vec<String> {
    let mut rule = Box::new(census::replay::Quarters::default());
    for entry in entries {
        assert_eq!(rule.see(entry), None, "{entry:?}");
    }
    let last = entries.last().expect("events").at;
    rule.late(last).into_iter().map(|l| l.subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_alone_tells_who_is_late_and_agrees_with_the_figures() {
    let o = planned().await;
    let (by, all) = (&o.w.specialist, super::tasks(&o, Q1).await);
    visited(&o, &all[0], "visit-0001", &same()).await;
    visit::refuse(o.house(), by, all[1].id)
        .await
        .expect("noted");
    visit::vacant(o.house(), by, all[2].id, &["meter", "neighbour"])
        .await
        .expect("empty");
    assert!(replayed(&entries(&o).await).is_empty(), "not over yet");
    o.w.house.clock.set(Q1.bounds().1.plus(DAY));
    census::jobs::tend(o.house(), C).await.expect("the night");
    let late = replayed(&entries(&o).await);
    assert_eq!(late, [format!("dossier:{}", all[3].dossier)]);
    let t = coverage::totals(o.house(), C, Q1).await.expect("counted");
    assert_eq!(t.open, 1);
    // Done after all, it is late for ever.
    visited(&o, &all[3], "visit-0004", &same()).await;
    assert_eq!(replayed(&entries(&o).await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_household_said_lies_in_clear() {
    let o = planned().await;
    let first = task(&o, 0).await;
    let owner = known(&o, &first).await.people[0].party;
    let mut fields = other_phone(&o, &first, "13955667788").await;
    fields.newcomers.push(Newcomer {
        name: "歐陽若水".into(),
        tie: "family".into(),
        child: true,
        guardian: Some(owner),
        consent: true,
        ..Newcomer::default()
    });
    visited(&o, &first, "visit-0001", &fields).await;
    let rows: Vec<(String,)> = o
        .house()
        .db
        .all(ask(
            "SELECT fields FROM census_answer WHERE community = $1",
            params![C],
        ))
        .await
        .expect("readable");
    assert_eq!(rows.len(), 1);
    let secrets = ["13955667788", "歐陽若水"];
    assert!(secrets.iter().all(|s| !rows[0].0.contains(s)));
    let told = format!("{:?}", entries(&o).await);
    assert!(secrets.iter().all(|s| !told.contains(s)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_gone_once_it_is_settled() {
    let o = planned().await;
    let (first, second) = (task(&o, 0).await, task(&o, 1).await);
    visited(&o, &first, "visit-0001", &same()).await;
    let fields = other_phone(&o, &second, "13955667788").await;
    let Outcome::Waiting(id) = visited(&o, &second, "visit-0002", &fields).await else {
        panic!("it differs");
    };
    census::confirm::drop(o.house(), &o.w.specialist, id)
        .await
        .expect("put aside");
    let kept: Vec<(String,)> = o
        .house()
        .db
        .all(ask(
            "SELECT fields FROM census_answer WHERE community = $1 AND fields <> ''",
            params![C],
        ))
        .await
        .expect("readable");
    assert!(kept.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_behind_on_friday_is_told_and_nobody_else() {
    let o = planned().await;
    let q = Q1;
    let behind = |entries: &[Entry]| {
        let all = entries.iter().filter(|e| e.kind == "census.behind");
        all.map(|e| e.audience.clone()).collect::<Vec<_>>()
    };
    // Friday, 6 March.
    o.w.house.clock.advance(4 * DAY);
    census::jobs::tend(o.house(), C).await.expect("the night");
    let account = o.w.specialist.account.expect("an account");
    assert_eq!(behind(&entries(&o).await), [format!("a:{account}")]);
    let first = task(&o, 0).await;
    visited(&o, &first, "visit-0001", &same()).await;
    assert_eq!(now_is(&o, first.id).await.state, State::Counted);
    let system = permissions::actor::Actor::system(C);
    census::jobs::remind(o.house(), &system, q)
        .await
        .expect("looked at");
    assert_eq!(behind(&entries(&o).await).len(), 1, "the week is done");
}
