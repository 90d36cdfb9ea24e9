//! What the desk writes about money in its own words lies sealed.

use fees::{Fen, account, adjust, bill_month, record, seal_clear, void_bill, void_payment};
use foundation::database::{Chore, DbError, ask};
use foundation::params;

use super::street::{Street, march, payment};

const TYPED: &str = "請打 13912345678，身份證 11010519491231002X";
const PLACES: [(&str, &str); 5] = [
    ("fee_payment", "payer"),
    ("fee_payment", "note"),
    ("fee_payment", "void_reason"),
    ("fee_bill", "void_reason"),
    ("fee_correction", "reason"),
];

/// Every such text, and whether each column has a sealed one.
async fn assert_sealed(s: &Street) {
    for (table, column) in PLACES {
        let rows: Vec<(String,)> = s
            .house
            .db
            .all(ask(
                format!("SELECT {column} FROM {table} WHERE {column} <> ''"),
                params![],
            ))
            .await
            .expect("readable");
        assert!(!rows.is_empty(), "{table}.{column}");
        for (text,) in rows {
            assert!(text.starts_with("sealed:"), "{table}.{column}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_writes_lies_sealed_and_its_page_shows_it() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let room = s.rooms[0];
    let mut new = payment(room, 1_000);
    (new.payer, new.note) = ("王女士 13912345678".into(), TYPED.into());
    let receipt = record(&s.house, &s.cashier, new).await.expect("recorded");
    let bill = s.bill_of(room).await;
    adjust(&s.house, &s.manager, bill, Fen(-1), TYPED)
        .await
        .expect("adjusted");
    void_payment(&s.house, &s.manager, receipt.payment, TYPED)
        .await
        .expect("voided");
    void_bill(&s.house, &s.manager, bill, TYPED)
        .await
        .expect("voided");
    assert_sealed(&s).await;
    let shown = async || {
        let view = account(&s.house, &s.manager, room).await.expect("there");
        let paid = &view.payments[0];
        assert_eq!(paid.payer, "王女士 13912345678");
        let bill = view.bills.iter().find(|b| b.id == bill).expect("there");
        let all = [&paid.note, &paid.void_reason, &bill.void_reason];
        assert!(all.iter().all(|text| *text == TYPED), "{all:?}");
        assert_eq!(view.corrections[0].reason, TYPED);
    };
    shown().await;

    // As they lay before such texts were sealed.
    for (table, column) in PLACES {
        let text = if column == "payer" {
            "王女士 13912345678"
        } else {
            TYPED
        };
        let put = ask(
            format!("UPDATE {table} SET {column} = $1 WHERE {column} <> ''"),
            params![text],
        );
        s.house
            .db
            .keep::<_, DbError, _>(Chore::Migration, s.community, move |r| r.execute(put))
            .await
            .expect("as it was");
    }
    shown().await;
    assert_eq!(seal_clear(&s.house).await.expect("sealed"), 5);
    assert_sealed(&s).await;
    shown().await;
}
