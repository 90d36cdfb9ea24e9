//! Two persons, money handed back, the till, and balances of past days.

use fees::{
    ByWay, FeesError, Fen, Policy, Way, WriteOff, account, add_bill, adjust, balances_on,
    bank_waiting, bill_month, close_till, closings, compound_on, count_till, decide_write_off,
    late_fee, parted, print_receipt, receipt, record, refund, set_policy, settle_bank, statement,
    take_bank, till, void_payment, wishes, write_off,
};
use foundation::clock::{DAY, MINUTE};
use foundation::database::{DbError, ask};
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use jiff::civil::date;
use permissions::Role;

use super::street::{Street, march, payment};

async fn one_person(s: &Street, accounts: [foundation::ids::Id; 2]) {
    const GRANTED: Kind = Kind::new("test.granted", 1);
    let (c, person) = (s.community, s.house.id());
    let made: Result<(), DbError> = s
        .house
        .write(c, &Who::operator(), move |mut tx| {
            for account in accounts {
                tx.execute(ask(
                    "INSERT INTO role_grant (community, account, role, person, from_at) \
                     VALUES ($1, $2, 'manager', $3, 0)",
                    params![c, account, person],
                ))?;
            }
            tx.record(Event::new(GRANTED), ())
        })
        .await;
    made.expect("granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_off_above_the_limit_waits_for_another_person() {
    let s = Street::new().await;
    let bill = add_bill(
        &s.house,
        &s.cashier,
        s.rooms[0],
        s.property,
        march(),
        Fen(300_000),
        None,
    )
    .await
    .expect("a bill");
    let small = write_off(&s.house, &s.manager, bill, Fen(100_000), "困難", None).await;
    assert_eq!(small.expect("written off"), WriteOff::Done);
    let large = write_off(&s.house, &s.manager, bill, Fen(100_001), "困難", None).await;
    let WriteOff::Waiting(wish) = large.expect("asked") else {
        panic!("it was done by one");
    };
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!(view.owed, Fen(200_000), "nothing is given up yet");
    let twice = write_off(&s.house, &s.manager, bill, Fen(150_000), "困難", None).await;
    assert!(matches!(twice, Err(FeesError::WishOpen)));

    let alone = decide_write_off(&s.house, &s.manager, wish, true).await;
    assert!(matches!(alone, Err(FeesError::SamePerson)));
    let second_account = s.actor(&[Role::Manager]);
    let ids = [s.manager.account, second_account.account].map(|a| a.expect("an account"));
    one_person(&s, ids).await;
    let disguised = decide_write_off(&s.house, &second_account, wish, true).await;
    assert!(
        matches!(disguised, Err(FeesError::SamePerson)),
        "one person, two accounts"
    );
    let till = decide_write_off(&s.house, &s.cashier, wish, true).await;
    assert!(matches!(till, Err(FeesError::Forbidden(_))));

    let supervisor = s.actor(&[Role::Supervisor]);
    let waiting = wishes(&s.house, &supervisor).await.expect("wishes");
    assert_eq!(
        (waiting[0].amount, waiting[0].reason.as_str()),
        (Fen(100_001), "困難")
    );
    decide_write_off(&s.house, &supervisor, wish, true)
        .await
        .expect("agreed");
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!(view.owed, Fen(99_999));
    let again = decide_write_off(&s.house, &supervisor, wish, true).await;
    assert!(matches!(again, Err(FeesError::WishDecided)));
}

#[tokio::test(flavor = "multi_thread")]
async fn credit_is_handed_back_once_and_never_more_than_there_is() {
    let s = Street::new().await;
    let room = s.rooms[0];
    let paid = record(&s.house, &s.cashier, payment(room, 5_000))
        .await
        .expect("paid");
    let cashier = refund(&s.house, &s.cashier, room, Fen(1), Way::Cash, "多收", None).await;
    assert!(matches!(cashier, Err(FeesError::Forbidden(_))));
    let much = refund(
        &s.house,
        &s.manager,
        room,
        Fen(5_001),
        Way::Cash,
        "多收",
        None,
    )
    .await;
    assert!(matches!(
        much,
        Err(FeesError::MoreThanCredit { credit: Fen(5_000) })
    ));
    let once = Some(s.house.id());
    refund(
        &s.house,
        &s.manager,
        room,
        Fen(3_000),
        Way::Cash,
        "多收",
        once,
    )
    .await
    .expect("refunded");
    let twice = refund(
        &s.house,
        &s.manager,
        room,
        Fen(3_000),
        Way::Cash,
        "多收",
        once,
    )
    .await;
    assert!(matches!(twice, Err(FeesError::Again)));
    let view = account(&s.house, &s.manager, room)
        .await
        .expect("an account");
    assert_eq!(view.credit, Fen(2_000));
    let void = void_payment(&s.house, &s.manager, paid.payment, "錯").await;
    assert!(matches!(void, Err(FeesError::Refunded)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_till_is_counted_by_one_and_closed_by_another() {
    let s = Street::new().await;
    record(&s.house, &s.cashier, payment(s.rooms[0], 5_000))
        .await
        .expect("paid");
    let wrong = record(&s.house, &s.cashier, payment(s.rooms[1], 700))
        .await
        .expect("paid");
    void_payment(&s.house, &s.cashier, wrong.payment, "房號錯")
        .await
        .expect("voided");
    refund(
        &s.house,
        &s.manager,
        s.rooms[0],
        Fen(1_000),
        Way::Cash,
        "多收",
        None,
    )
    .await
    .expect("refunded");
    let expected = till(&s.house, &s.cashier).await.expect("the till").expected;
    assert_eq!(expected.of(Way::Cash), Fen(4_000));

    let mut counted = ByWay::default();
    counted.set(Way::Cash, Fen(3_990));
    let silent = count_till(&s.house, &s.cashier, counted, " ").await;
    assert!(matches!(silent, Err(FeesError::Difference)));
    let closing = count_till(&s.house, &s.cashier, counted, "找零少收一角")
        .await
        .expect("counted");
    let alone = close_till(&s.house, &s.cashier, closing).await;
    assert!(matches!(alone, Err(FeesError::SamePerson)));
    close_till(&s.house, &s.manager, closing)
        .await
        .expect("closed");
    let all = closings(&s.house, &s.manager).await.expect("closings");
    assert_eq!(
        (all[0].nth, all[0].difference, all[0].is_closed),
        (1, Fen(-10), true)
    );
    assert_eq!(all[0].reason, "找零少收一角");

    // What comes after belongs to the next one.
    s.house.clock.advance(MINUTE);
    record(&s.house, &s.cashier, payment(s.rooms[0], 60))
        .await
        .expect("paid");
    let next = till(&s.house, &s.cashier).await.expect("the till");
    assert_eq!((next.expected.total(), next.payments), (Fen(60), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_of_a_past_day_knows_nothing_of_what_came_later() {
    let s = Street::new().await;
    let room = s.rooms[1];
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    record(&s.house, &s.cashier, payment(room, 4_200))
        .await
        .expect("paid");
    s.house.clock.advance(40 * DAY);
    let bill = s.bill_of(room).await;
    adjust(&s.house, &s.manager, bill, Fen(-2_000), "停梯", None)
        .await
        .expect("adjusted");
    let mut late = payment(room, 40_000);
    late.paid_on = s.house.now().date();
    record(&s.house, &s.cashier, late).await.expect("paid");

    for (day, owed, overdue, credit) in [
        (date(2026, 2, 28), 0, 0, 0),
        (date(2026, 3, 1), 34_200, 0, 0),
        (date(2026, 3, 2), 30_000, 0, 0),
        (date(2026, 3, 31), 30_000, 0, 0),
        (date(2026, 4, 1), 30_000, 30_000, 0),
        (s.house.now().date(), 0, 0, 12_000),
    ] {
        let b = balances_on(&s.house, &s.manager, room, day)
            .await
            .expect("a balance");
        assert_eq!(
            (b.owed(), b.overdue(), b.credit),
            (Fen(owed), Fen(overdue), Fen(credit)),
            "{day}"
        );
    }
    let all = compound_on(&s.house, &s.manager, date(2026, 3, 2))
        .await
        .expect("a balance");
    assert_eq!(all.owed(), Fen(30_000 + 25_465));
    let paper = statement(&s.house, &s.manager, room, march(), march())
        .await
        .expect("stated");
    assert_eq!((paper.bills.len(), paper.payments.len()), (1, 1));
    assert_eq!(
        (paper.before.owed(), paper.after.owed()),
        (Fen(0), Fen(30_000))
    );
    assert_eq!(paper.late, Fen(0), "no contract, no late fee");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_are_numbered_without_gaps_and_each_printing_is_counted() {
    let s = Street::new().await;
    let mut last = None;
    for n in 1..=3 {
        let taken = record(&s.house, &s.cashier, payment(s.rooms[0], 100))
            .await
            .expect("paid");
        assert_eq!(taken.number, format!("2026-{n:06}"));
        last = Some(taken.payment);
    }
    let payment = last.expect("a payment");
    void_payment(&s.house, &s.cashier, payment, "錯")
        .await
        .expect("voided");
    for nth in 1..=2 {
        let paper = print_receipt(&s.house, &s.cashier, payment)
            .await
            .expect("printed");
        assert_eq!(paper.nth, Some(nth));
        assert!(paper.payment.is_void(), "a void one says so");
    }
    let owner = s.owner_of(s.rooms[0]).await;
    assert_eq!(
        receipt(&s.house, &owner, payment)
            .await
            .expect("theirs")
            .nth,
        None
    );
    let stranger = s.owner_of(s.rooms[1]).await;
    let refused = receipt(&s.house, &stranger, payment).await;
    assert!(matches!(refused, Err(FeesError::NoSuchPayment)));
    let other = receipt(&s.house, &s.other, payment).await;
    assert!(matches!(other, Err(FeesError::NoSuchPayment)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_fee_names_its_clause_and_is_in_no_balance() {
    let s = Street::new().await;
    let with = |late_grounds: &str| Policy {
        late_rate: 500,
        late_grounds: late_grounds.into(),
        ..Policy::default()
    };
    let silent = set_policy(&s.house, &s.manager, with(" ")).await;
    assert!(matches!(silent, Err(FeesError::LateFee)));
    set_policy(&s.house, &s.manager, with("物業服務合同 第 21 條"))
        .await
        .expect("set");
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    s.house.clock.advance(40 * DAY);
    let april = march().next();
    let paper = statement(&s.house, &s.manager, s.rooms[1], march(), april)
        .await
        .expect("stated");
    let days = i64::from(s.house.now().date().day());
    assert_eq!(paper.late, late_fee(Fen(34_200), days, 500, 30));
    assert!(paper.late.0 > 0);
    assert_eq!(paper.after.owed(), Fen(34_200));
    assert_eq!(
        late_fee(Fen(10_000), 1_000, 500, 30),
        Fen(3_000),
        "never above the cap"
    );
}

#[test]
fn an_amount_is_parted_by_days_to_the_last_fen() {
    assert_eq!(parted(Fen(100), &[10, 10, 10]), [Fen(33), Fen(34), Fen(33)]);
    assert_eq!(parted(Fen(31_001), &[14, 17]), [Fen(14_000), Fen(17_001)]);
    assert_eq!(parted(Fen(5), &[0, 1]), [Fen(0), Fen(5)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_banks_list_is_booked_once_and_what_names_no_room_waits() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let list = "日期\t金額\t附言\n2026-03-02\t王女士\t342.00\t3-2-1002 物業費\n\
                2026-03-02\t254.65\t陳先生 管理費\n2026-03-02\t9.00\t不知何人";
    let taken = take_bank(&s.house, &s.cashier, list).await.expect("taken");
    assert_eq!((taken.taken, taken.waiting, taken.known), (1, 2, 0));
    assert_eq!(taken.unread.len(), 1, "the heading");
    let again = take_bank(&s.house, &s.cashier, list).await.expect("taken");
    assert_eq!((again.taken, again.waiting, again.known), (0, 0, 3));
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!((view.owed, view.payments.len()), (Fen(0), 1));

    let waiting = bank_waiting(&s.house, &s.cashier).await.expect("lines");
    let guesses: Vec<&str> = waiting.iter().map(|l| l.guess.as_str()).collect();
    assert_eq!(guesses, ["3-2-1001", ""], "who owes exactly so much");
    let (one, other) = (waiting[0].id, waiting[1].id);
    settle_bank(&s.house, &s.cashier, one, Some(s.rooms[0]))
        .await
        .expect("booked");
    let twice = settle_bank(&s.house, &s.cashier, one, Some(s.rooms[1])).await;
    assert!(matches!(twice, Err(FeesError::WishDecided)));
    settle_bank(&s.house, &s.cashier, other, None)
        .await
        .expect("left aside");
    assert!(
        bank_waiting(&s.house, &s.cashier)
            .await
            .expect("lines")
            .is_empty()
    );
    let foreign = settle_bank(&s.house, &s.other, other, Some(s.rooms[0])).await;
    assert!(matches!(foreign, Err(FeesError::NoSuchLine)));
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!((view.owed, view.payments.len()), (Fen(0), 1));
}
