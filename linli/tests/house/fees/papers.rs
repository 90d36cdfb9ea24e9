//! What leaves the office on paper: codes by which anybody checks it, and how to pay.

use accounts::throttle::Count;
use axum::http::StatusCode;
use fees::checking::{Checked, check, receipt_code, shown, statement_code};
use fees::{
    FeesError, Fen, PayWays, WAY_CHARS_MAX, bill_month, pay_ways, record, set_pay_ways, statement,
    void_payment,
};
use foundation::page::words::Lang;
use permissions::actor::Actor;

use super::pages::{ask, door};
use super::street::{Street, march, payment};

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_checked_by_whoever_holds_it_and_tells_nobodys_name() {
    let s = Street::new().await;
    let (house, c) = (&s.house, s.community);
    let made = record(house, &s.cashier, payment(s.rooms[0], 12_345)).await;
    let made = made.expect("recorded");
    let code = receipt_code(house, c, made.payment);
    let street = door(&s, &Actor::link_holder(c), Lang::ZhHant);
    let at = format!("/fees-check/{code}");
    let (status, page) = ask(&street, &at, None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for said in [made.number.as_str(), "¥123.45", "2026-03-02", &shown(&code)] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for hidden in ["王女士", "3-2-1001", s.rooms[0].as_str(), "現金"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    // Another compound's desk has made no such paper, nor has this one another payment's.
    let other = check(house, s.other.community, &code).await;
    assert!(matches!(other, Err(FeesError::NoSuchPaper)), "{other:?}");
    let second = record(house, &s.cashier, payment(s.rooms[1], 100)).await;
    let second = receipt_code(house, c, second.expect("recorded").payment);
    let end = code.rsplit('-').next().expect("an end");
    let swapped = format!("{}-{end}", second.rsplit_once('-').expect("an end").0);
    assert!(matches!(
        check(house, c, &swapped).await,
        Err(FeesError::NoSuchPaper)
    ));

    void_payment(house, &s.manager, made.payment, "重複登記")
        .await
        .expect("voided");
    let (_, page) = ask(&street, &at, None).await;
    assert!(
        page.contains("已經作廢") && !page.contains("重複登記"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_checked_by_its_sums_and_an_altered_one_is_none() {
    let s = Street::new().await;
    let (house, c) = (&s.house, s.community);
    bill_month(house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let of = |room| statement(house, &s.manager, room, march(), march());
    let one = of(s.rooms[1]).await.expect("a statement");
    let code = statement_code(house, c, &one);
    let found = check(house, c, &code).await.expect("ours");
    let Checked::Statement { owed, from, .. } = found else {
        panic!("{found:?}");
    };
    assert_eq!((owed, from), (Fen(34_200), march()));
    let altered = code.replace("-34200-", "-200-");
    assert_ne!(altered, code);
    assert!(matches!(
        check(house, c, &altered).await,
        Err(FeesError::NoSuchPaper)
    ));
    assert_ne!(
        code,
        statement_code(
            house,
            c,
            &fees::Statement {
                room: s.rooms[0],
                ..one
            }
        ),
        "equal sums of two rooms have codes of their own"
    );
    let street = door(&s, &Actor::link_holder(c), Lang::En);
    let (status, page) = ask(&street, &format!("/fees-check/{code}"), None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("¥342.00") && !page.contains("3-2-1002"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_tries_codes_waits_and_a_right_one_costs_nothing() {
    let s = Street::new().await;
    let (house, c) = (&s.house, s.community);
    let made = record(house, &s.cashier, payment(s.rooms[0], 100)).await;
    let code = receipt_code(house, c, made.expect("recorded").payment);
    let street = door(&s, &Actor::link_holder(c), Lang::ZhHant);
    for _ in 0..3 {
        let (status, _) = ask(&street, &format!("/fees-check/{code}"), None).await;
        assert_eq!(status, StatusCode::OK);
    }
    for n in 0..60 {
        let (status, page) = ask(&street, &format!("/fees-check/r-{n}-abc"), None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{n}: {page}");
    }
    let (status, page) = ask(&street, &format!("/fees-check/{code}"), None).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.contains("請過一會兒再掃"), "{page}");
    let here = Count::Address(std::net::Ipv4Addr::LOCALHOST.into());
    assert!(accounts::throttle::enter(house, here).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn how_to_pay_is_the_managers_to_set_and_stands_on_what_owners_read() {
    let s = Street::new().await;
    let (house, c) = (&s.house, s.community);
    let desk = door(&s, &s.manager, Lang::ZhHant);
    let (_, page) = ask(&desk, "/fees/rules", None).await;
    assert!(page.contains("還沒有填寫怎樣繳費"), "{page}");
    let counter = |text: &str| PayWays {
        counter: text.into(),
        ..PayWays::default()
    };
    let not = set_pay_ways(house, &s.cashier, counter("前台")).await;
    assert!(matches!(not, Err(FeesError::Forbidden(_))));
    // Hours without a place to go to are no way to pay.
    let hours = PayWays {
        hours: "每天".into(),
        ..PayWays::default()
    };
    assert!(hours.none() && hours.said().is_empty());

    let long = "長".repeat(WAY_CHARS_MAX + 1);
    let fields = [
        ("form", "ways"),
        ("pay_account", "帳號 12"),
        ("pay_counter", long.as_str()),
    ];
    let (status, page) = ask(&desk, "/fees/pay-ways", Some(&fields)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("帳號 12") && page.contains("最多 200 個字"),
        "{page}"
    );
    assert!(page.contains("value=\"1000.00\""), "the rules stay: {page}");
    let fields = [
        ("form", "ways"),
        ("pay_account", "春和苑\n帳號 12"),
        ("pay_counter", "一樓前台"),
        ("pay_hours", "每天 8:30–18:00"),
    ];
    let (status, _) = ask(&desk, "/fees/pay-ways", Some(&fields)).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(s.kinds().await.contains(&"fees.pay_ways_set".to_owned()));
    let set = pay_ways(house, c).await.expect("set");
    assert_eq!(set.account, "春和苑 帳號 12");
    assert_eq!(set.said().len(), 3);
    assert!(
        pay_ways(house, s.other.community)
            .await
            .expect("asked")
            .none()
    );
    let (_, page) = ask(&desk, "/fees/rules", None).await;
    assert!(!page.contains("還沒有填寫怎樣繳費") && page.contains("一樓前台"));
    let paper = format!("/fees/rooms/{}/statement", s.rooms[0]);
    let (_, page) = ask(&desk, &paper, None).await;
    assert!(page.contains("一樓前台"), "{page}");
}
