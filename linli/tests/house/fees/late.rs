//! 違約金 as the office charges it or gives it up.

use fees::{
    FeesError, Fen, LATE_ITEM, PlanPart, Policy, account, add_bill, agree_plan, charge_late,
    late_of_room, set_policy, void_bill, waive_late,
};
use foundation::clock::{HOUR, Moment};
use foundation::ids::Id;
use jiff::civil::{Date, date};

use super::street::{Street, march};

/// 0.05 % a day, at most 30 % of a debt.
pub async fn with_a_clause(s: &Street) {
    let policy = Policy {
        late_rate: 500,
        late_grounds: "物業服務合同 第 21 條".into(),
        ..Policy::default()
    };
    set_policy(&s.house, &s.manager, policy).await.expect("set");
}

fn on(s: &Street, day: Date) {
    s.house.clock.set(Moment::at_start_of(day).plus(10 * HOUR));
}

/// What a charge would come to, as a page shows it before.
pub async fn proposed(s: &Street, room: Id) -> Fen {
    match charge_late(&s.house, &s.cashier, room, Fen(0)).await {
        Err(FeesError::LateChanged { now }) => now,
        Err(FeesError::NoLateFee) => Fen(0),
        other => panic!("{other:?}"),
    }
}

async fn debt(s: &Street, room: Id) {
    let due = Some(date(2026, 3, 10));
    let made = add_bill(
        &s.house,
        &s.cashier,
        room,
        s.property,
        march(),
        Fen(100_000),
        due,
    );
    made.await.expect("a bill");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_fee_is_charged_by_hand_for_each_day_once_and_bears_none_itself() {
    let s = Street::new().await;
    let room = s.rooms[0];
    debt(&s, room).await;
    on(&s, date(2026, 3, 20));
    assert_eq!(proposed(&s, room).await, Fen(0), "no contract names it");
    with_a_clause(&s).await;
    assert_eq!(proposed(&s, room).await, Fen(500));
    let charged = charge_late(&s.house, &s.cashier, room, Fen(500)).await;
    assert_eq!(charged.expect("charged"), Fen(500));
    let owed = async || {
        let view = account(&s.house, &s.manager, room).await;
        view.expect("an account").owed
    };
    assert_eq!(owed().await, Fen(100_500));
    assert!(s.kinds().await.contains(&"fees.late_charged".to_owned()));
    assert_eq!(proposed(&s, room).await, Fen(0), "no day twice");

    // Its own bill is overdue by now, and bears nothing; one bill of late fees a month.
    on(&s, date(2026, 3, 30));
    assert_eq!(proposed(&s, room).await, Fen(500));
    let again = charge_late(&s.house, &s.cashier, room, Fen(500)).await;
    assert!(matches!(again, Err(FeesError::AlreadyBilled)));

    on(&s, date(2026, 4, 10));
    assert_eq!(
        proposed(&s, room).await,
        Fen(1_050),
        "21 days, on the debt alone"
    );
    let cashier = waive_late(&s.house, &s.cashier, room, "困難").await;
    assert!(matches!(cashier, Err(FeesError::Forbidden(_))));
    let silent = waive_late(&s.house, &s.manager, room, " ").await;
    assert!(matches!(silent, Err(FeesError::Reason)));
    let waived = waive_late(&s.house, &s.manager, room, "漏發帳單").await;
    assert_eq!(waived.expect("given up"), Fen(1_050));
    assert_eq!(proposed(&s, room).await, Fen(0));
    let past = late_of_room(&s.house, &s.manager, room)
        .await
        .expect("past");
    let said: Vec<_> = past
        .iter()
        .map(|l| (l.fee.0, l.charged, l.reason.as_str()))
        .collect();
    assert_eq!(said, [(1_050, false, "漏發帳單"), (500, true, "")]);

    // Charged together it stays below the cap; what was given up does not use it up.
    on(&s, date(2031, 1, 1));
    assert_eq!(proposed(&s, room).await, Fen(30_000 - 500));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_that_was_voided_is_not_made_again_and_a_plan_stops_it() {
    let s = Street::new().await;
    let room = s.rooms[0];
    debt(&s, room).await;
    with_a_clause(&s).await;
    on(&s, date(2026, 3, 20));
    charge_late(&s.house, &s.cashier, room, Fen(500))
        .await
        .expect("charged");
    let view = account(&s.house, &s.manager, room)
        .await
        .expect("an account");
    let late = view
        .bills
        .iter()
        .find(|b| b.item_name == LATE_ITEM)
        .expect("it");
    assert_eq!((late.amount, late.due), (Fen(500), date(2026, 4, 4)));
    void_bill(&s.house, &s.manager, late.id, "減免")
        .await
        .expect("void");
    assert_eq!(proposed(&s, room).await, Fen(0));
    on(&s, date(2026, 3, 25));
    assert_eq!(proposed(&s, room).await, Fen(250));
    let part = PlanPart {
        due: date(2026, 4, 30),
        amount: Fen(100_000),
    };
    agree_plan(&s.house, &s.manager, room, vec![part], "")
        .await
        .expect("agreed");
    assert_eq!(proposed(&s, room).await, Fen(0), "while it runs");
    // In the place of the voided one, once the plan is over.
    on(&s, date(2026, 5, 1));
    let now = proposed(&s, room).await;
    assert_eq!(now, Fen(42 * 50));
    charge_late(&s.house, &s.cashier, room, now)
        .await
        .expect("charged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_fee_of_another_compound_is_nobodys_here() {
    let s = Street::new().await;
    debt(&s, s.rooms[0]).await;
    with_a_clause(&s).await;
    on(&s, date(2026, 3, 20));
    let charge = charge_late(&s.house, &s.other, s.rooms[0], Fen(500)).await;
    assert!(matches!(charge, Err(FeesError::NoSuchRoom)));
    let waive = waive_late(&s.house, &s.other, s.rooms[0], "x").await;
    assert!(matches!(waive, Err(FeesError::NoSuchRoom)));
}
