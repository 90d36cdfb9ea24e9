//! A month as a batch: gone on with after a break, taken back as a whole, by days.

use fees::{
    Basis, FeesError, Fen, ItemDraft, ItemKind, PartMonth, RunState, account, add_bill, begin_run,
    bill_month, carry_on, jobs, make_item, record, runs, undo_run, write_off,
};
use foundation::clock::MINUTE;
use foundation::database::{DbError, ask};
use foundation::jobs::Runner;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;

use super::street::{Street, march, payment};

const COUNT: &str = "SELECT COUNT(*) FROM fee_bill WHERE community = $1";

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_was_broken_off_is_made_whole_by_its_job_and_nothing_twice() {
    let s = Street::with_rooms(7).await;
    let run = begin_run(&s.house, &s.manager, march(), &[])
        .await
        .expect("begun");
    assert_eq!(s.sum(COUNT).await, 0, "begun, and then the power went");
    // A part was made before the break: the mark stands in the middle.
    add_bill(
        &s.house,
        &s.cashier,
        s.rooms[4],
        s.property,
        march(),
        Fen(34_200),
        None,
    )
    .await
    .expect("a bill");
    s.house.clock.advance(2 * MINUTE);
    let runner = jobs(Runner::default());
    while runner
        .run_due(&s.house.db, &s.house.house, s.house.now())
        .await
        .expect("jobs are done")
        > 0
    {}
    // 物業費 for six rooms with an area, parking for one.
    assert_eq!(s.sum(COUNT).await, 7);
    let all = runs(&s.house, &s.manager).await.expect("runs");
    assert_eq!((all[0].state, all[0].bills), (RunState::Done, 6));
    carry_on(&s.house, &s.manager, run)
        .await
        .expect("nothing to do");
    assert_eq!(s.sum(COUNT).await, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_taken_back_as_a_whole_while_nothing_was_paid_on_it() {
    let s = Street::new().await;
    record(&s.house, &s.cashier, payment(s.rooms[1], 10_000))
        .await
        .expect("paid ahead");
    s.house.clock.advance(MINUTE);
    bill_month(&s.house, &s.manager, march(), &[])
        .await
        .expect("billed");
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!(
        view.owed,
        Fen(24_200),
        "what was paid ahead went to the bill"
    );
    let run = runs(&s.house, &s.manager).await.expect("runs")[0].id;

    let refused = undo_run(&s.house, &s.cashier, run, "單價錯").await;
    assert!(matches!(refused, Err(FeesError::Forbidden(_))));
    let refused = undo_run(&s.house, &s.manager, run, "").await;
    assert!(matches!(refused, Err(FeesError::Reason)));
    undo_run(&s.house, &s.manager, run, "單價錯")
        .await
        .expect("undone");
    assert_eq!(s.sum(COUNT).await, 0);
    let told = runs(&s.house, &s.manager).await.expect("runs");
    assert_eq!(
        told[0].undone_why, "單價錯",
        "why it was taken back is kept"
    );
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(0), Fen(10_000)));
    let again = undo_run(&s.house, &s.manager, run, "再").await;
    assert!(matches!(again, Err(FeesError::RunOver)));

    // It can be billed anew; and once something is paid on it, it stays.
    bill_month(&s.house, &s.manager, march(), &[])
        .await
        .expect("billed");
    let run = runs(&s.house, &s.manager).await.expect("runs")[0].id;
    s.house.clock.advance(MINUTE);
    record(&s.house, &s.cashier, payment(s.rooms[1], 500))
        .await
        .expect("paid");
    let refused = undo_run(&s.house, &s.manager, run, "晚了").await;
    assert!(matches!(refused, Err(FeesError::RunTouched { bills: 1 })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_bill_keeps_its_batch() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[])
        .await
        .expect("billed");
    let run = runs(&s.house, &s.manager).await.expect("runs")[0].id;
    let bill = s.bill_of(s.rooms[1]).await;
    write_off(&s.house, &s.manager, bill, Fen(5), "零頭", None)
        .await
        .expect("written off");
    let refused = undo_run(&s.house, &s.manager, run, "晚了").await;
    assert!(matches!(refused, Err(FeesError::RunTouched { bills: 1 })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_month_of_moving_in_is_billed_by_days_where_the_item_says_so() {
    const MOVED: Kind = Kind::new("test.moved", 1);
    let s = Street::new().await;
    let c = s.community;
    let rooms = s.rooms.clone();
    let made: Result<(), DbError> = s
        .house
        .write(c, &Who::operator(), move |mut tx| {
            for (room, day) in [(rooms[0], "2026-04-02"), (rooms[1], "2026-03-16")] {
                tx.execute(ask(
                    "UPDATE room SET moved_in = $3 WHERE community = $1 AND id = $2",
                    params![c, room, day],
                ))?;
            }
            tx.record(Event::new(MOVED), ())
        })
        .await;
    made.expect("moved in");
    let draft = ItemDraft {
        name: "住戶物業費".into(),
        kind: ItemKind::Property,
        basis: Basis::Area,
        applies_to: String::new(),
        due_day: 31,
        due_months: 0,
        active_from: march(),
        active_until: None,
        part_month: PartMonth::Days,
    };
    let item = make_item(&s.house, &s.manager, draft, Some(28_500))
        .await
        .expect("an item");
    let done = bill_month(&s.house, &s.manager, march(), &[item])
        .await
        .expect("billed");
    // 16 to 31 March are 16 of 31 days: 342.00 × 16 ÷ 31 is 176.516…; who comes in April owes
    // nothing for March.
    assert_eq!((done.bills, done.total), (1, Fen(17_652)));
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!(view.bills[0].months(), "2026-03 (16/31)");
}
