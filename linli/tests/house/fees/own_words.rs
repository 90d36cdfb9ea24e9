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
    adjust(&s.house, &s.manager, bill, Fen(-1), TYPED, None)
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

/// Long enough to be taken for a sealed text, were it not sealed itself.
fn disguised() -> [String; 2] {
    ["sealed:好".into(), format!("sealed:AQ{}", "A".repeat(98))]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_begins_like_a_sealed_one_is_shown_as_it_was_typed() {
    let s = Street::new().await;
    for typed in disguised() {
        let mut new = payment(s.rooms[0], 100);
        new.note = typed.clone();
        let receipt = record(&s.house, &s.cashier, new).await.expect("recorded");
        let view = account(&s.house, &s.cashier, s.rooms[0]).await;
        let view = view.expect("readable");
        let mine = view.payments.iter().find(|p| p.id == receipt.payment);
        assert_eq!(mine.expect("there").note, typed);
    }
    assert_sealed_in(&s, "fee_payment", "note").await;
    // One that lay there in clear before texts were sealed is sealed as it was typed.
    let short = "sealed:好";
    let put = ask("UPDATE fee_payment SET note = $1", params![short]);
    s.house
        .db
        .keep::<_, DbError, _>(Chore::Migration, s.community, move |r| r.execute(put))
        .await
        .expect("as it was");
    assert_eq!(seal_clear(&s.house).await.expect("sealed"), 2);
    assert_eq!(seal_clear(&s.house).await.expect("nothing is left"), 0);
    let view = account(&s.house, &s.cashier, s.rooms[0]).await;
    let view = view.expect("readable");
    assert!(view.payments.iter().all(|p| p.note == short));
}

async fn assert_sealed_in(s: &Street, table: &str, column: &str) {
    let sql = format!("SELECT {column} FROM {table} WHERE {column} <> ''");
    let rows: Vec<(String,)> = s.house.db.all(ask(sql, params![])).await.expect("read");
    assert!(!rows.is_empty());
    for (text,) in rows {
        assert!(text.starts_with("sealed:") && text.len() > 60, "{text}");
        assert!(!disguised().contains(&text), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sheet_says_of_payments_never_lies_in_clear_at_any_moment() {
    let s = Street::new().await;
    // The database itself refuses a row that says any of it in clear, however shortly.
    let rules: Vec<String> = if s.house.db_url.is_some() {
        ["payer", "note"]
            .map(|c| format!("ALTER TABLE fee_payment ADD CHECK ({c} = '' OR {c} LIKE 'sealed:%')"))
            .into()
    } else {
        ["payer", "note"]
            .map(|c| {
                format!(
                    "CREATE TRIGGER clear_{c} BEFORE INSERT ON fee_payment WHEN NEW.{c} <> '' \
                     AND NEW.{c} NOT LIKE 'sealed:%' BEGIN SELECT RAISE(ABORT, 'clear'); END"
                )
            })
            .into()
    };
    for rule in rules {
        s.house
            .db
            .keep::<_, DbError, _>(Chore::Migration, s.community, move |r| {
                r.execute(ask(rule, params![]))
            })
            .await
            .expect("a rule");
    }
    let code: (String,) = s
        .house
        .db
        .one(ask(
            "SELECT code FROM room WHERE id = $1",
            params![s.rooms[0]],
        ))
        .await
        .expect("a room");
    let file = format!(
        "房號,收費項目,實收金額,繳費日期,繳費人,備註\n{0},物業費,5,2026-02-03,王女士,{TYPED}\n{0},物業費,6,2026-02-03,sealed:好,補\n",
        code.0
    );
    let book = sheets::open(file.as_bytes(), "f.csv", &sheets::Limits::default()).expect("a list");
    let read = || imports::read_fees(&book, &sheets::guess_all(&book, sheets::Layout::Fees));
    let here = foundation::communities::by_number(&s.house.db, s.community).await;
    let here = here.expect("readable").expect("there");
    let by = permissions::actor::Actor::operator(s.community);
    let run = |name: &'static str| {
        imports::run_fees(
            &s.house,
            &by,
            &here,
            (name, [0; 32]),
            read(),
            imports::Options::default(),
            &|_, _| {},
        )
    };
    let told = run("f.csv").await.expect("brought in");
    assert_eq!(told.payments.added, 2, "{:?}", told.errors);
    assert_sealed_in(&s, "fee_payment", "note").await;
    let view = account(&s.house, &s.cashier, s.rooms[0]).await;
    let view = view.expect("readable");
    let all: Vec<&str> = view.payments.iter().map(|p| &*p.note).collect();
    assert!(
        all.iter().any(|n| n.starts_with("請打 13912345678"))
            && view.payments.iter().any(|p| p.payer == "sealed:好"),
        "{all:?}"
    );
    // Known again by a keyed digest, not by the words.
    assert_eq!(run("g.csv").await.expect("again").payments.added, 0);
}
