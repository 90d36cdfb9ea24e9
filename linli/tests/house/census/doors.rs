//! The census through its doors.

use axum::http::StatusCode;
use census::{Quarter, State, pages};
use permissions::actor::Actor;

use super::{Q1, known, now_is, planned, task};
use crate::membership::world::C;
use crate::roster_pages::{door, fetch, get, post};

fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    rest.and_then(|s| s.split('"').next())
        .unwrap_or_else(|| panic!("{name} in {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_goes_from_the_round_to_the_confirmed_difference() {
    let o = planned().await;
    let desk = door(o.house(), pages::routes(), &o.w.specialist);
    let list = get(&desk, "/census").await;
    assert!(
        list.contains("3-2-1801") && list.contains("未完成"),
        "{list}"
    );
    let round = get(&desk, "/census/round").await;
    assert!(round.contains("138****8001"), "{round}");
    assert!(!round.contains("王小明") && !round.contains("13800138001"));
    let first = task(&o, 0).await;
    let at = format!("/census/homes/{}", first.id);
    let page = get(&desk, &at).await;
    let key = format!("phone-{}", known(&o, &first).await.people[0].party);
    let (to, mark) = (format!("to-{key}"), format!("m-{key}"));
    let sent_id = hidden(&page, "sent_id").to_owned();
    let marked = hidden(&page, &mark).to_owned();
    let mut fields = vec![
        ("sent_id", sent_id.as_str()),
        ("method", "phone"),
        ("k", key.as_str()),
        (mark.as_str(), marked.as_str()),
        (to.as_str(), "1390013900"),
        ("rest", "yes"),
    ];
    // A fault keeps what was typed.
    let (status, _, page) = post(&desk, &at, &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("1390013900") && page.contains("電話號碼不正確"),
        "{page}"
    );
    fields[4].1 = "13900139000";
    let (status, answer, page) = post(&desk, &at, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let page = get(&desk, &answer).await;
    assert!(
        page.contains("138****8001") && page.contains("139 0013 9000"),
        "{page}"
    );
    let (status, _, page) = post(&desk, &answer, &[("k", key.as_str())]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    let decided = format!("d-{key}");
    let fields = [("k", key.as_str()), (decided.as_str(), "take")];
    let (status, to, page) = post(&desk, &answer, &fields).await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/census/answers"),
        "{page}"
    );
    let first = now_is(&o, first.id).await;
    assert_eq!(
        (first.state, first.method.as_str()),
        (State::Counted, "phone")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leads_sees_the_coverage_and_papers_come_out() {
    let o = planned().await;
    let lead = door(o.house(), pages::routes(), &o.w.supervisor);
    let page = get(&lead, "/census/coverage").await;
    assert!(page.contains("<svg") && page.contains("2026-Q1"), "{page}");
    assert!(
        page.contains("<polyline") && page.contains("<table"),
        "a table says the same"
    );
    let (status, ..) = post(&lead, "/census", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    if paper::can_write() {
        let desk = door(o.house(), pages::routes(), &o.w.specialist);
        for path in ["/census/sheets", "/census/slips"] {
            let form = "application/x-www-form-urlencoded";
            let body = Some(b"building=3".to_vec());
            let (status, _, bytes) = fetch(&desk, path, form, body).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(bytes.starts_with(b"%PDF-"), "{path}");
        }
        let (status, _, bytes) = fetch(&lead, "/census/coverage/report.pdf", "", None).await;
        assert_eq!(status, StatusCode::OK);
        assert!(bytes.starts_with(b"%PDF-"));
    }
    // A quarter to come has no page of its own, a strange one neither.
    let strange = get(&lead, "/census/coverage?quarter=2031-Q9").await;
    assert!(strange.contains(&Quarter::word(Q1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_leads_a_household_to_its_own_masked_record() {
    let o = planned().await;
    let first = task(&o, 0).await;
    let fresh = census::link::make(o.house(), &o.w.specialist, vec![first.clone()]).await;
    let secret = fresh.expect("made")[0].secret.clone();
    let street = door(o.house(), pages::routes(), &Actor::link_holder(C));
    let at = format!("/census-self/{secret}");
    let page = get(&street, &at).await;
    assert!(page.contains("138****8001") && !page.contains("13800138001"));
    assert!(!page.contains("王小明"), "{page}");
    let sent_id = hidden(&page, "sent_id").to_owned();
    let bare = [("sent_id", sent_id.as_str())];
    let (status, _, page) = post(&street, &at, &bare).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("既未確認也未更改"), "{page}");
    let full = [("sent_id", sent_id.as_str()), ("rest", "yes")];
    let (status, _, page) = post(&street, &at, &full).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("謝謝您"), "{page}");
    let (status, _, page) = fetch(&street, &at, "", None).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(String::from_utf8_lossy(&page).contains("新的自查單"));
    let (status, ..) = fetch(&street, "/census-self/none", "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
