//! A bank's file: looked at, taken in, and the same again.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fees::{Fate, FeesError, Fen, Seen, preview_bank, take_bank};
use foundation::page::words::Lang;
use tower::ServiceExt as _;

use super::pages::door;
use super::street::Street;

const FILE: &str = "某某銀行 對公帳戶明細,,,,\n交易日期,貸方發生額,借方發生額,對方戶名,摘要\n\
    2026-03-02,342.00,,王女士,3-2-1002 物業費\n2026-03-02,,5.00,銀行,手續費\n\
    2026-13-02,1.00,,某人,看錯的日期\n2026-03-02,100,,陳先生,管理費\n\
    2026-03-02,100,,陳先生,管理費\n2099-01-01,9.00,,未來,物業費\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_before_it_is_taken_and_never_twice() {
    let s = Street::new().await;
    let look = async || {
        let (seen, list) = preview_bank(&s.house, &s.cashier, "bank.csv", FILE.into())
            .await
            .expect("read");
        assert_eq!((list.out, list.faults.len()), (1, 1));
        assert_eq!((list.faults[0].row, list.faults[0].column), (5, 1));
        seen
    };
    let fates = |seen: &[Seen]| seen.iter().map(|s| s.fate.clone()).collect::<Vec<_>>();
    let seen = look().await;
    assert_eq!(
        fates(&seen),
        [
            Fate::Names("3-2-1002".into()),
            Fate::Waits,
            Fate::Waits,
            Fate::Ahead
        ]
    );
    assert!(!s.kinds().await.contains(&"fees.bank_listed".to_owned()));

    let lines = |seen: &[Seen]| {
        let past = seen.iter().filter(|s| s.fate != Fate::Ahead);
        past.map(Seen::line).collect::<Vec<_>>().join("\n")
    };
    let taken = take_bank(&s.house, &s.cashier, &lines(&seen))
        .await
        .expect("taken");
    assert_eq!(
        (taken.taken, taken.waiting, taken.known),
        (1, 2, 0),
        "equal lines are two"
    );
    let again = look().await;
    assert_eq!(fates(&again)[..3], [Fate::Known, Fate::Known, Fate::Known]);
    let taken = take_bank(&s.house, &s.cashier, &lines(&again))
        .await
        .expect("taken");
    assert_eq!((taken.taken, taken.waiting, taken.known), (0, 0, 3));
    // Pasted in another order of cells it is the same payment.
    let pasted = "王女士\t2026/3/2\t342.00\t3-2-1002 物業費";
    let taken = take_bank(&s.house, &s.cashier, pasted)
        .await
        .expect("taken");
    assert_eq!((taken.taken, taken.known), (0, 1));
    let view = fees::account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("it");
    assert_eq!(view.credit, Fen(34_200));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_banks_file_is_refused_with_why() {
    let s = Street::new().await;
    let roster = preview_bank(&s.house, &s.cashier, "a.csv", "房號,業主\n1,王\n".into()).await;
    assert!(matches!(roster, Err(FeesError::BankHead)));
    let picture = preview_bank(
        &s.house,
        &s.cashier,
        "a.xlsx",
        b"\x89PNG\r\n\x1a\n0000".to_vec(),
    )
    .await;
    assert!(matches!(picture, Err(FeesError::BankFile(_))));
    let owner = s.owner_of(s.rooms[0]).await;
    let forbidden = preview_bank(&s.house, &owner, "bank.csv", FILE.into()).await;
    assert!(matches!(forbidden, Err(FeesError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_names_each_cell_and_sends_what_it_showed() {
    let s = Street::new().await;
    let desk = door(&s, &s.cashier, Lang::ZhHant);
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bank.csv\"\r\n\r\n{FILE}\r\n--edge--\r\n"
    );
    let request = Request::builder()
        .method("POST")
        .uri("/c/chunheyuan/fees/bank/file")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .expect("a request");
    let answer = desk.oneshot(request).await.expect("infallible");
    assert_eq!(answer.status(), StatusCode::OK);
    let page = axum::body::to_bytes(answer.into_body(), 4 << 20).await;
    let page = String::from_utf8_lossy(&page.expect("a body")).into_owned();
    for said in ["A5", "2026-13-02", "寫明房號", "3-2-1002", "收進這 3 筆"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}
