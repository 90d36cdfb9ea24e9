//! Bills and payments out of sheets: once, unseen until published, and back again.

use fees::imported::{
    FeeRows, ImportBill, ImportPayment, ItemName, Outcome, Undone, apply, discard, number_likes,
    plan_import, publish, settle, undo,
};
use fees::{FeesError, Fen, ItemKind, Way, account, items, record};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use jiff::civil::date;

use super::street::{Street, march, payment};

const TESTED: Kind = Kind::new("test.import", 1);

fn bill(s: &Street, room: usize, kind: ItemKind, name: &str, fen: i64) -> ImportBill {
    ImportBill {
        id: s.house.id(),
        room: s.rooms[room],
        item: ItemName {
            kind,
            name: name.into(),
        },
        period: march(),
        period_last: march(),
        amount: Fen(fen),
        due: Some(date(2026, 3, 20)),
    }
}

fn paid(s: &Street, room: usize, fen: i64, receipt: &str) -> ImportPayment {
    ImportPayment {
        id: s.house.id(),
        room: s.rooms[room],
        paid_on: date(2026, 3, 1),
        way: Way::WeChat,
        amount: Fen(fen),
        receipt: receipt.into(),
        payer: "李先生".into(),
        note: String::new(),
        source: None,
    }
}

fn file(s: &Street) -> FeeRows {
    let mut rows = FeeRows {
        bills: vec![
            bill(s, 0, ItemKind::Property, "", 20_000),
            bill(s, 1, ItemKind::Water, "", 4_550),
            bill(s, 1, ItemKind::Other, "垃圾清運費", 1_000),
        ],
        payments: vec![
            paid(s, 0, 5_000, "W-1"),
            paid(s, 1, 100, ""),
            paid(s, 1, 100, ""),
        ],
    };
    let digest = |bytes: &[u8]| s.house.keys.digest("fee-payment", bytes);
    number_likes(&mut rows.payments, &digest);
    rows
}

async fn hidden(s: &Street, import: Id, hide: bool) {
    let c = s.community;
    let done: Result<(), FeesError> = s
        .house
        .write(c, &Who::operator(), move |mut tx| {
            if hide {
                tx.execute(ask(
                    "INSERT INTO import_hidden (community, import) VALUES ($1, $2)",
                    params![c, import],
                ))?;
            } else {
                tx.execute(ask(
                    "DELETE FROM import_hidden WHERE community = $1 AND import = $2",
                    params![c, import],
                ))?;
                publish(&mut tx, import)?;
            }
            Ok(tx.record(Event::new(TESTED), ())?)
        })
        .await;
    done.expect("the switch is set");
}

async fn applied(s: &Street, import: Id, rows: FeeRows) -> Outcome {
    let done: Result<Outcome, FeesError> = s
        .house
        .write(s.community, &Who::operator(), move |mut tx| {
            let outcome = apply(&mut tx, import, &rows)?;
            Ok(tx.record(Event::new(TESTED), outcome)?)
        })
        .await;
    done.expect("the chunk is applied")
}

async fn imported(s: &Street, rows: FeeRows) -> (Id, Outcome) {
    let import = s.house.id();
    hidden(s, import, true).await;
    let outcome = applied(s, import, rows).await;
    hidden(s, import, false).await;
    settle(&s.house, &s.manager).await.expect("settled");
    (import, outcome)
}

async fn planned(s: &Street, rows: FeeRows) -> Outcome {
    let c = s.community;
    let plan: Result<Outcome, foundation::database::DbError> =
        s.house.db.reading(move |r| plan_import(r, c, &rows)).await;
    plan.expect("a plan")
}

fn counts(o: &Outcome) -> [u64; 6] {
    let (b, p) = (o.bills, o.payments);
    [
        b.added,
        b.changed,
        b.unchanged,
        p.added,
        p.changed,
        p.unchanged,
    ]
}

async fn undone(s: &Street, import: Id) -> Undone {
    let done: Result<Undone, FeesError> = s
        .house
        .write(s.community, &Who::operator(), move |mut tx| {
            let undone = undo(&mut tx, import)?;
            Ok(tx.record(Event::new(TESTED), undone)?)
        })
        .await;
    settle(&s.house, &s.manager).await.expect("settled");
    done.expect("the import is taken back")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_changes_nothing() {
    let s = Street::new().await;
    assert_eq!(counts(&planned(&s, file(&s)).await), [3, 0, 0, 3, 0, 0]);
    let (_, first) = imported(&s, file(&s)).await;
    assert_eq!(counts(&first), [3, 0, 0, 3, 0, 0]);
    assert_eq!(counts(&planned(&s, file(&s)).await), [0, 0, 3, 0, 0, 3]);
    let (_, second) = imported(&s, file(&s)).await;
    assert_eq!(counts(&second), [0, 0, 3, 0, 0, 3]);
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert_eq!((view.owed, view.payments.len()), (Fen(5_550 - 200), 2));
    // Items that the sheet named and nobody had set up are there now.
    let all = items(&s.house, &s.manager, march()).await.expect("items");
    let names: Vec<&str> = all.iter().map(|(i, _)| i.name.as_str()).collect();
    assert!(
        names.contains(&"水費") && names.contains(&"垃圾清運費"),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_an_import_are_unseen_until_it_is_published() {
    let s = Street::new().await;
    let import = s.house.id();
    hidden(&s, import, true).await;
    applied(&s, import, file(&s)).await;
    // A chunk applied again after a crash adds nothing.
    let again = applied(&s, import, file(&s)).await;
    assert_eq!(counts(&again), [0, 0, 3, 0, 0, 3]);
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert!(view.bills.is_empty() && view.payments.is_empty());
    assert_eq!((view.owed, view.credit), (Fen(0), Fen(0)));
    hidden(&s, import, false).await;
    settle(&s.house, &s.manager).await.expect("settled");
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!((view.owed, view.credit), (Fen(15_000), Fen(0)));

    let dropped = s.house.id();
    hidden(&s, dropped, true).await;
    let mut other = file(&s);
    other
        .bills
        .iter_mut()
        .for_each(|b| b.period = march().next());
    applied(&s, dropped, other).await;
    let done: Result<(), FeesError> = s
        .house
        .write(s.community, &Who::operator(), move |mut tx| {
            discard(&mut tx, dropped)?;
            Ok(tx.record(Event::new(TESTED), ())?)
        })
        .await;
    done.expect("dropped");
    assert_eq!(
        s.sum("SELECT COUNT(*) FROM fee_bill WHERE community = $1")
            .await,
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_file_changes_the_bill_and_gives_back_what_was_paid_too_much() {
    let s = Street::new().await;
    imported(&s, file(&s)).await;
    record(&s.house, &s.cashier, payment(s.rooms[0], 15_000))
        .await
        .expect("recorded");
    let mut corrected = file(&s);
    corrected.bills[0].amount = Fen(18_000);
    let (import, outcome) = imported(&s, corrected).await;
    assert_eq!(counts(&outcome), [0, 1, 2, 0, 0, 3]);
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!(
        (view.bills[0].amount, view.owed, view.credit),
        (Fen(18_000), Fen(0), Fen(2_000))
    );
    let back = undone(&s, import).await;
    assert_eq!(back, Undone::default());
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!(
        (view.bills[0].amount, view.owed, view.credit),
        (Fen(20_000), Fen(0), Fen(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_import_leaves_what_somebody_has_paid_since() {
    let s = Street::new().await;
    let (import, _) = imported(&s, file(&s)).await;
    record(&s.house, &s.cashier, payment(s.rooms[0], 15_000))
        .await
        .expect("recorded");
    let paid = s.bill_of(s.rooms[0]).await;
    let back = undone(&s, import).await;
    assert_eq!((back.bills, back.payments, back.left), (2, 3, vec![paid]));
    let view = account(&s.house, &s.manager, s.rooms[0])
        .await
        .expect("an account");
    assert_eq!(
        (view.owed, view.credit, view.payments.len()),
        (Fen(5_000), Fen(0), 1)
    );
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert!(view.bills.is_empty() && view.payments.is_empty());
    // And the file can be imported again.
    let (_, again) = imported(&s, file(&s)).await;
    assert_eq!(counts(&again), [2, 0, 1, 3, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_contradict_each_other_are_named() {
    let s = Street::new().await;
    let mut rows = file(&s);
    rows.bills
        .push(bill(&s, 0, ItemKind::Property, "物業費", 1));
    rows.bills.push(bill(&s, 1, ItemKind::Water, "", 4_550));
    rows.payments.push(paid(&s, 1, 5_000, "W-1"));
    let plan = planned(&s, rows).await;
    assert_eq!(
        (plan.bills_clashing, plan.payments_clashing),
        (vec![3], vec![3])
    );
    assert_eq!(plan.bills.unchanged, 1);
}
