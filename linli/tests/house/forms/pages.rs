//! Forms through their doors.

use axum::http::StatusCode;
use dossiers::Kind;
use forms::{State, fill, pages};
use foundation::ids::Id;

use super::printed;
use crate::archive::office::{Office, pdf};
use crate::archive::pages::hand_in;
use crate::roster_pages::{door, fetch, get, post};

fn version(page: &str) -> &str {
    let rest = page.split("name=\"version\" value=\"").nth(1);
    rest.and_then(|s| s.split('"').next()).expect("a version")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_checked_printed_and_its_scan_attached() {
    let o = Office::new().await;
    let desk = door(o.house(), pages::routes(), &o.w.specialist);
    let dossier = o.dossier(0).await;
    let (status, at, _) = fetch(
        &desk,
        "/forms?q=3%E6%A3%9F2%E5%96%AE%E5%85%831801",
        "",
        None,
    )
    .await;
    assert_eq!(
        (status, at),
        (StatusCode::SEE_OTHER, format!("/forms-of/{dossier}"))
    );
    let of = format!("/forms-of/{dossier}");
    assert!(get(&desk, &of).await.contains("《資料簽收表》"));
    let (status, edit, page) = post(&desk, &of, &[("kind", "f")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let page = get(&desk, &edit).await;
    assert!(page.contains("value=\"王小明\"") && page.contains("name=\"defects-2-what\""));

    let fields = [
        ("version", version(&page)),
        ("room", "3-2-1801"),
        ("day", "2026/2/30"),
        ("owner", "王小明"),
        ("meters-0-meter", "water"),
        ("meters-0-reading", "12.5"),
        ("defects-0-part", "廚房"),
        ("defects-0-what", "地漏不通"),
        ("statement", "accepts_except"),
    ];
    // A fault keeps what was typed.
    let (status, _, page) = post(&desk, &edit, &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("地漏不通") && page.contains("請填日期"),
        "{page}"
    );
    let mut fields = fields;
    fields[2].1 = "2026/2/28";
    let (status, own, page) = post(&desk, &edit, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let check = get(&desk, &own).await;
    assert!(check.contains("地漏不通") && check.contains("王小明"));
    let (status, ..) = post(&desk, &edit, &fields).await;
    assert_eq!(
        status,
        StatusCode::CONFLICT,
        "an old window does not overwrite"
    );
    let print = format!("{own}/print");
    let (status, ..) = post(&desk, &print, &[("version", version(&check))]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    if paper::can_write() {
        let (status, _, bytes) = fetch(&desk, &format!("{own}/paper.pdf"), "", None).await;
        assert_eq!(status, StatusCode::OK);
        assert!(bytes.starts_with(b"%PDF-"));
    }

    let scan = format!("{own}/scan");
    assert!(get(&desk, &scan).await.contains("第 1 次列印"));
    let checker = o.checker.account.expect("an account").to_string();
    let fields = [
        ("day", "2026-03-01"),
        ("signed", "王小明"),
        ("checker", checker.as_str()),
        ("paper", "yes"),
    ];
    let (status, _, page) = hand_in(&desk, &scan, &fields, b"<svg/>").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("SVG"), "{page}");
    let (status, at, page) = hand_in(&desk, &scan, &fields, &pdf(2, "x")).await;
    assert_eq!(
        (status, at.as_str()),
        (StatusCode::SEE_OTHER, own.as_str()),
        "{page}"
    );
    // Signed: its facts remain to be seen, its people no more.
    let page = get(&desk, &own).await;
    assert!(
        page.contains("地漏不通") && !page.contains("王小明"),
        "{page}"
    );
    let id: Id = own
        .rsplit('/')
        .next()
        .and_then(|s| s.parse().ok())
        .expect("an id");
    let form = fill::one(o.house(), &o.w.specialist, id)
        .await
        .expect("there");
    assert_eq!(form.state, State::Signed);
    assert!(
        get(&desk, "/forms?state=signed")
            .await
            .contains(&form.label())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn others_see_a_form_masked_and_no_paper_of_it() {
    let o = Office::new().await;
    let id = printed(&o, o.dossier(0).await, Kind::Registration).await;
    for by in [&o.checker, &o.w.manager] {
        let other = door(o.house(), pages::routes(), by);
        let page = get(&other, &format!("/forms/{id}")).await;
        assert!(page.contains("王**") && !page.contains("王小明"), "{page}");
        assert!(!page.contains("13800138001"));
        let (status, ..) = fetch(&other, &format!("/forms/{id}/paper.pdf"), "", None).await;
        assert_ne!(status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_keep_within_what_offices_do() {
    let o = Office::new().await;
    let desk = door(o.house(), pages::routes(), &o.w.manager);
    let fields = [
        ("review", "4"),
        ("recheck", "3"),
        ("loan", "24"),
        ("version", "0"),
    ];
    let (status, ..) = post(&desk, "/forms-policy", &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [
        ("review", "15"),
        ("recheck", "3"),
        ("loan", "48"),
        ("version", "0"),
    ];
    let (status, ..) = post(&desk, "/forms-policy", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = get(&desk, "/forms-policy").await;
    assert!(page.contains("value=\"15\"") && page.contains("value=\"48\""));
}
