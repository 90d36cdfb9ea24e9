//! Fees as the office lives them: the month's bills, money at the desk, corrections,
//! and who may do which.

mod bank;
mod batches;
mod books;
mod imports;
mod kills;
mod late;
mod meters;
mod office;
mod own_words;
mod pages;
mod papers;
mod split;
pub mod street;

use fees::{
    AgeingQuery, FeesError, Fen, PlanPart, Sort, account, add_bill, adjust, ageing, agree_plan,
    arrears_of, arrears_of_rooms, bill_month, end_plan, preview_month, record, set_rate, totals,
    void_bill, void_payment, write_off,
};
use foundation::clock::DAY;
use jiff::civil::date;
use permissions::{Permission, Role};

use street::{Street, march, payment};

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_billed_once_however_often_it_is_run() {
    let s = Street::new().await;
    let preview = preview_month(&s.house, &s.manager, march())
        .await
        .expect("a preview");
    // 3 rooms; one area is unknown. 物業費 2.85 yuan a m²: 89.35 m² and 120 m²; parking 300 yuan for one.
    assert_eq!((preview.bills(), preview.area_unknown()), (3, 1));
    assert_eq!(preview.total(), Fen(25_465 + 34_200 + 30_000));

    let (a, b) = tokio::join!(
        bill_month(&s.house, &s.manager, march(), &[]),
        bill_month(&s.house, &s.cashier, march(), &[])
    );
    let (a, b) = (a.expect("billed"), b.expect("billed"));
    assert_eq!(a.bills + b.bills, 3);
    assert_eq!(Fen(a.total.0 + b.total.0), preview.total());
    let again = bill_month(&s.house, &s.manager, march(), &[])
        .await
        .expect("billed");
    assert_eq!(again.bills, 0);
    let after = preview_month(&s.house, &s.manager, march())
        .await
        .expect("a preview");
    assert_eq!(after.bills(), 0);
    assert_eq!(after.items.iter().map(|i| i.billed_already).sum::<u64>(), 3);
    assert!(s.kinds().await.contains(&"fees.billed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_rate_holds_from_its_month_and_leaves_old_bills_alone() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    set_rate(&s.house, &s.manager, s.property, march().next(), 30_000)
        .await
        .expect("set");
    bill_month(&s.house, &s.manager, march().next(), &[s.property])
        .await
        .expect("billed");
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    let amounts: Vec<i64> = view.bills.iter().map(|b| b.amount.0).collect();
    assert_eq!(amounts, [36_000, 34_200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_to_the_oldest_bill_and_what_is_over_waits_as_credit() {
    let s = Street::new().await;
    let (room, april) = (s.rooms[1], march().next());
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let receipt = record(&s.house, &s.cashier, payment(room, 40_000))
        .await
        .expect("recorded");
    assert_eq!(receipt.number, "2026-000001");
    assert_eq!(receipt.allocated, Fen(34_200));
    let view = account(&s.house, &s.cashier, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(0), Fen(5_800)));
    assert_eq!(view.bills[0].state, "settled");

    // The next bill takes the credit by itself.
    bill_month(&s.house, &s.manager, april, &[s.property])
        .await
        .expect("billed");
    let view = account(&s.house, &s.cashier, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(34_200 - 5_800), Fen(0)));
    assert!(
        s.kinds()
            .await
            .contains(&"fees.payment_recorded".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_records_one_payment() {
    let s = Street::new().await;
    let mut twice = payment(s.rooms[0], 100);
    twice.once = Some(s.house.id());
    let (a, b) = tokio::join!(
        record(&s.house, &s.cashier, twice.clone()),
        record(&s.house, &s.cashier, twice)
    );
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1);
    let view = account(&s.house, &s.cashier, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!(view.credit, Fen(100));

    let mut own = payment(s.rooms[0], 5);
    own.receipt = "A-7".into();
    record(&s.house, &s.cashier, own.clone())
        .await
        .expect("recorded");
    let again = record(&s.house, &s.cashier, own).await;
    assert!(matches!(again, Err(FeesError::ReceiptTaken)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_voided_by_the_desk_the_same_day_and_later_by_the_manager_only() {
    let s = Street::new().await;
    let room = s.rooms[1];
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let first = record(&s.house, &s.cashier, payment(room, 34_200))
        .await
        .expect("recorded");
    let nothing = void_payment(&s.house, &s.cashier, first.payment, "  ").await;
    assert!(matches!(nothing, Err(FeesError::Reason)));
    void_payment(&s.house, &s.cashier, first.payment, "房號打錯")
        .await
        .expect("voided");
    let view = account(&s.house, &s.cashier, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(34_200), Fen(0)));
    let again = void_payment(&s.house, &s.cashier, first.payment, "再一次").await;
    assert!(matches!(again, Err(FeesError::AlreadyVoid)));

    let second = record(&s.house, &s.cashier, payment(room, 34_200))
        .await
        .expect("recorded");
    s.house.clock.advance(DAY);
    let late = void_payment(&s.house, &s.cashier, second.payment, "想起來了").await;
    assert!(matches!(late, Err(FeesError::NotToday { .. })));
    void_payment(&s.house, &s.manager, second.payment, "銀行退票")
        .await
        .expect("voided");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_money_neither_writes_off_nor_adjusts() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let bill = s.bill_of(s.rooms[1]).await;
    let refused = write_off(&s.house, &s.cashier, bill, Fen(1), "熟人", None).await;
    assert!(matches!(refused, Err(FeesError::Forbidden(f)) if f.0 == Permission::FeesWriteOff));
    let refused = adjust(&s.house, &s.cashier, bill, Fen(-1), "熟人", None).await;
    assert!(matches!(refused, Err(FeesError::Forbidden(_))));
    // Not even with the manager's role beside the cashier's.
    let both = s.actor(&[Role::Manager, Role::Cashier]);
    let refused = write_off(&s.house, &both, bill, Fen(1), "熟人", None).await;
    assert!(matches!(refused, Err(FeesError::CashierNeverWritesOff)));
    let refused = void_bill(&s.house, &both, bill, "熟人").await;
    assert!(matches!(refused, Err(FeesError::CashierNeverWritesOff)));
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!(view.owed, Fen(34_200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_off_takes_only_what_is_owed_and_an_adjustment_gives_back_what_was_paid() {
    let s = Street::new().await;
    let room = s.rooms[1];
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let bill = s.bill_of(room).await;
    record(&s.house, &s.cashier, payment(room, 30_000))
        .await
        .expect("recorded");
    let much = write_off(&s.house, &s.manager, bill, Fen(4_201), "困難戶", None).await;
    assert!(matches!(
        much,
        Err(FeesError::MoreThanOwed { owed: Fen(4_200) })
    ));
    write_off(&s.house, &s.manager, bill, Fen(4_200), "困難戶", None)
        .await
        .expect("written off");
    let view = account(&s.house, &s.manager, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(0), Fen(0)));

    adjust(&s.house, &s.manager, bill, Fen(-10_000), "停梯補償", None)
        .await
        .expect("adjusted");
    let view = account(&s.house, &s.manager, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(0), Fen(10_000)));
    let deep = adjust(&s.house, &s.manager, bill, Fen(-20_001), "再減", None).await;
    assert!(matches!(
        deep,
        Err(FeesError::BelowZero { left: Fen(20_000) })
    ));

    void_bill(&s.house, &s.manager, bill, "不該收")
        .await
        .expect("voided");
    let view = account(&s.house, &s.manager, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(0), Fen(30_000)));
    // By hand it can be made anew in its old place, and takes the credit.
    let anew = add_bill(
        &s.house,
        &s.cashier,
        room,
        s.property,
        march(),
        Fen(31_000),
        None,
    )
    .await;
    assert_eq!(anew.expect("made anew"), bill);
    let view = account(&s.house, &s.manager, room)
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(1_000), Fen(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn arrears_begin_the_day_after_the_due_date_and_tell_their_age() {
    let s = Street::new().await;
    let (c, room) = (s.community, s.rooms[1]);
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let due = date(2026, 3, 31);
    let on_the_day = arrears_of(&s.house, c, room, due).await.expect("arrears");
    assert!(on_the_day.none());
    let next = arrears_of(&s.house, c, room, date(2026, 4, 1))
        .await
        .expect("arrears");
    assert_eq!(
        (next.total_fen(), next.days, next.months_overdue),
        (34_200, 1, 0)
    );
    let later = arrears_of(&s.house, c, room, date(2026, 5, 1))
        .await
        .expect("arrears");
    assert_eq!((later.oldest_due, later.months_overdue), (Some(due), 1));
    assert_eq!(later.by_item.len(), 1);
    assert_eq!(later.by_item[0].name, "物業費");

    let all = arrears_of_rooms(&s.house, c, &s.rooms, date(2026, 5, 1))
        .await
        .expect("arrears");
    assert_eq!(all.len(), s.rooms.len());
    assert_eq!(all[&room], later);
    let elsewhere = arrears_of(&s.house, s.other.community, room, date(2026, 5, 1)).await;
    assert!(elsewhere.expect("arrears").none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_shows_in_arrears_until_it_ends_and_only_one_runs() {
    let s = Street::new().await;
    let (c, room) = (s.community, s.rooms[1]);
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let parts = vec![
        PlanPart {
            due: date(2026, 4, 30),
            amount: Fen(20_000),
        },
        PlanPart {
            due: date(2026, 5, 31),
            amount: Fen(14_200),
        },
    ];
    let refused = agree_plan(&s.house, &s.cashier, room, parts.clone(), "").await;
    assert!(matches!(refused, Err(FeesError::Forbidden(_))));
    let plan = agree_plan(&s.house, &s.manager, room, parts.clone(), "每月月底").await;
    let plan = plan.expect("agreed");
    let second = agree_plan(&s.house, &s.manager, room, parts.clone(), "").await;
    assert!(matches!(second, Err(FeesError::PlanActive)));
    let backwards = vec![parts[1], parts[0]];
    let refused = agree_plan(&s.house, &s.manager, s.rooms[0], backwards, "").await;
    assert!(matches!(refused, Err(FeesError::PlanParts)));

    for (day, runs) in [(date(2026, 5, 31), true), (date(2026, 6, 1), false)] {
        let a = arrears_of(&s.house, c, room, day).await.expect("arrears");
        assert_eq!(a.has_plan, runs, "{day}");
    }
    end_plan(&s.house, &s.manager, plan).await.expect("ended");
    let a = arrears_of(&s.house, c, room, date(2026, 5, 1))
        .await
        .expect("arrears");
    assert!(!a.has_plan);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ageing_list_pages_through_every_room_once_in_each_order() {
    let s = Street::with_rooms(130).await;
    for period in ["2026-01", "2026-02", "2026-03"] {
        let period = period.parse().expect("a month");
        bill_month(&s.house, &s.manager, period, &[s.property])
            .await
            .expect("billed");
    }
    // Some have paid a month: amounts and ages differ.
    for room in s.rooms.iter().skip(1).step_by(3) {
        record(&s.house, &s.cashier, payment(*room, 34_200))
            .await
            .expect("recorded");
    }
    s.house.clock.advance(60 * DAY);
    for sort in [Sort::Oldest, Sort::Amount, Sort::Room] {
        let mut query = AgeingQuery {
            sort,
            ..AgeingQuery::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = ageing(&s.house, &s.manager, &query).await.expect("a page");
            assert_eq!(page.rooms, 129, "{sort:?}");
            seen.extend(page.rows);
            match page.after {
                Some(after) => query.after = Some(after),
                None => break,
            }
        }
        let ids: std::collections::BTreeSet<_> = seen.iter().map(|r| r.room).collect();
        assert_eq!((seen.len(), ids.len()), (129, 129), "{sort:?}");
        let ordered = match sort {
            Sort::Oldest => seen.is_sorted_by_key(|r| r.oldest_due),
            Sort::Amount => seen.is_sorted_by_key(|r| -r.overdue.0),
            Sort::Room => true,
        };
        assert!(ordered, "{sort:?}");
        let sum: i64 = seen.iter().map(|r| r.overdue.0).sum();
        let totals = totals(&s.house, &s.manager).await.expect("totals");
        assert_eq!((totals.overdue(), totals.rooms), (Fen(sum), 129));
    }
    let found = AgeingQuery {
        search: "3-2-1004".into(),
        ..AgeingQuery::default()
    };
    let page = ageing(&s.house, &s.manager, &found).await.expect("a page");
    assert_eq!(
        page.rows
            .iter()
            .map(|r| r.code.as_str())
            .collect::<Vec<_>>(),
        ["3-2-1004"]
    );
    let forged = AgeingQuery {
        after: Some("x".into()),
        ..AgeingQuery::default()
    };
    assert_eq!(
        ageing(&s.house, &s.manager, &forged)
            .await
            .expect("a page")
            .rows
            .len(),
        50
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_compound_sees_and_touches_nothing() {
    let s = Street::new().await;
    let room = s.rooms[1];
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let bill = s.bill_of(room).await;
    let paid = record(&s.house, &s.cashier, payment(room, 1))
        .await
        .expect("recorded");
    let stranger = &s.other;
    let before = s.size(stranger.community).await;
    assert!(matches!(
        account(&s.house, stranger, room).await,
        Err(FeesError::NoSuchRoom)
    ));
    assert!(matches!(
        record(&s.house, stranger, payment(room, 1)).await,
        Err(FeesError::NoSuchRoom)
    ));
    assert!(matches!(
        void_payment(&s.house, stranger, paid.payment, "x").await,
        Err(FeesError::NoSuchPayment)
    ));
    assert!(matches!(
        write_off(&s.house, stranger, bill, Fen(1), "x", None).await,
        Err(FeesError::NoSuchBill)
    ));
    assert!(matches!(
        void_bill(&s.house, stranger, bill, "x").await,
        Err(FeesError::NoSuchBill)
    ));
    assert!(matches!(
        set_rate(&s.house, stranger, s.property, march(), 5).await,
        Err(FeesError::NoSuchItem)
    ));
    let billed = bill_month(&s.house, stranger, march(), &[])
        .await
        .expect("nothing to bill");
    assert_eq!(billed.bills, 0);
    let list = ageing(&s.house, stranger, &AgeingQuery::default())
        .await
        .expect("a list");
    assert!(list.rows.is_empty());
    assert_eq!(s.size(stranger.community).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_the_own_rooms_account_and_no_other() {
    let s = Street::new().await;
    let owner = s.owner_of(s.rooms[1]).await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let view = account(&s.house, &owner, s.rooms[1])
        .await
        .expect("the own account");
    assert_eq!(view.owed, Fen(34_200));
    assert!(matches!(
        account(&s.house, &owner, s.rooms[0]).await,
        Err(FeesError::NoSuchRoom)
    ));
    assert!(matches!(
        totals(&s.house, &owner).await,
        Err(FeesError::Forbidden(_))
    ));
}
