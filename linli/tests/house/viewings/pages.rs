//! Viewings through their doors.

use super::*;
use axum::http::StatusCode;
use viewings::pages;

use crate::roster_pages::{door, fetch, get, post};

#[tokio::test(flavor = "multi_thread")]
async fn a_viewing_goes_through_its_pages() {
    let d = Desk::new().await;
    let desk = |by: &Actor| door(d.o.house(), pages::routes(), by);
    let (asker, manager) = (desk(&d.asker), desk(&d.o.w.manager));
    let specialist = desk(&d.o.w.specialist);
    let form = get(&asker, &format!("/viewings/new?dossier={}", d.dossier)).await;
    assert!(form.contains("3-2-1801-01-"), "{form}");
    // What is typed is kept, and each fault stands beside its field.
    let short = [
        ("rooms", "3-2-1801"),
        ("purpose", "service"),
        ("reason", "太短"),
        ("kinds", "c"),
        ("modes", "view"),
        ("minutes", "30"),
    ];
    let (status, _, page) = post(&asker, "/viewings/new", &short).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("10 個字的事由") && page.contains("3-2-1801"),
        "{page}"
    );
    let mut unknown = short;
    unknown[0].1 = "9-9-9999";
    let (status, _, page) = post(&asker, "/viewings/new", &unknown).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("找不到「9-9-9999」"), "{page}");
    let mut good = short;
    good[2].1 = REASON;
    let (status, at, page) = post(&asker, "/viewings/new", &good).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");

    let seen = get(&manager, &at).await;
    assert!(seen.contains(REASON) && seen.contains("/approve"), "{seen}");
    let grant = [("kinds", "c"), ("modes", "view"), ("minutes", "20")];
    let (status, ..) = post(&manager, &format!("{at}/approve"), &grant).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let unseen = [("identity", "工作證 0173")];
    let (status, _, page) = post(&specialist, &format!("{at}/register"), &unseen).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("核對證件"), "{page}");
    let (status, ..) = post(
        &specialist,
        &format!("{at}/register"),
        &[("identity", "工作證 0173"), ("seen", "yes")],
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, to, page) = post(&asker, &format!("{at}/activate"), &[]).await;
    assert_eq!(
        (status, to),
        (StatusCode::SEE_OTHER, format!("{at}/view")),
        "{page}"
    );
    let viewer = get(&asker, &format!("{at}/view?document={}", d.document)).await;
    let picture = format!("{at}/pages/{}/1", d.document);
    assert!(viewer.contains(&picture), "{viewer}");
    let (status, _, bytes) = fetch(&asker, &picture, "", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(bytes.starts_with(b"\xff\xd8\xff"));
    let (status, ..) = fetch(&manager, &picture, "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let register = get(&manager, "/viewings-register").await;
    assert!(
        register.contains("2026-0001") && register.contains("查閱中"),
        "{register}"
    );
    for shape in ["xlsx", "pdf"] {
        let (status, _, bytes) = fetch(
            &manager,
            "/viewings-register",
            "application/x-www-form-urlencoded",
            Some(format!("shape={shape}&query=").into_bytes()),
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        assert!(bytes.starts_with(b"PK") || bytes.starts_with(b"%PDF"));
    }
    let (status, ..) = post(
        &manager,
        &format!("{at}/revoke"),
        &[("why", "發現事由與業主所述不符，先行撤銷")],
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, ..) = fetch(&asker, &picture, "", None).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let over = get(&asker, &at).await;
    assert!(over.contains("已撤銷"), "{over}");
    for page in [
        "/viewings",
        "/viewings-settings",
        "/viewings-trace",
        "/viewings-emergency",
    ] {
        get(&manager, page).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_viewers_line_says_that_it_is_over_within_a_second() {
    use futures_util::StreamExt as _;
    use tower::ServiceExt as _;
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    let router = door(d.o.house(), pages::routes(), &d.asker);
    let request = axum::http::Request::get(format!("/c/chunheyuan/viewings/{}/live", v.id))
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = router.oneshot(request).await.expect("infallible");
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut line = answer.into_body().into_data_stream();
    let first = line.next().await.expect("a frame").expect("bytes");
    assert!(first.starts_with(b"event: open"));
    decide::revoke(d.house(), &d.o.w.manager, v.id, REASON)
        .await
        .expect("revoked");
    // Beats that were on their way come first.
    let mut last = first;
    while let Some(next) = line.next().await {
        last = next.expect("bytes");
    }
    assert!(last.starts_with(b"event: over"), "and the line ends");
}
