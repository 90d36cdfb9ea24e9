//! The shelves through their pages: a cabinet is entered, boxes are put up, audited and
//! labelled.

use axum::http::StatusCode;
use shelves::pages;

use super::Stage;
use crate::roster_pages::{door, fetch, get, post};

#[tokio::test(flavor = "multi_thread")]
async fn an_office_fills_its_first_cabinet_by_the_pages() {
    let s = Stage::with(&["1-1-101", "1-1-102", "2-1-101"]).await;
    s.room("2-1-102", "residence").await;
    dossiers::open::tend(&s.house, s.c).await.expect("dossiers");
    let desk = door(&s.house, pages::routes(), &s.by);
    let set = door(&s.house, pages::routes(), &s.manager);
    let page = get(&desk, "/shelves").await;
    assert!(page.contains("還沒有檔案櫃") && page.contains("有 1 份檔案還沒有檔案盒"));
    assert!(!page.contains("王"), "no names on the shelves");
    let (_, to, _) = post(&desk, "/shelves/boxes", &[]).await;
    assert_eq!(to, "/shelves");
    let wrong = [
        ("name", "A櫃"),
        ("ord", "1"),
        ("layers", "40"),
        ("width", "x"),
    ];
    let (status, _, page) = post(&set, "/shelves/cabinets", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"A櫃\"") && page.contains("1 到 12 之間"));
    let right = [
        ("name", "A櫃"),
        ("ord", "1"),
        ("layers", "2"),
        ("width", "800"),
    ];
    let (_, to, _) = post(&set, "/shelves/cabinets", &right).await;
    assert_eq!(to, "/shelves/cabinets");
    get(&set, "/shelves/cabinets").await;

    let page = get(&desk, "/shelves/moves").await;
    assert!(page.contains("移動 4 盒") && page.contains("A櫃 第 1 層 第 2 位"));
    let digest = field(&page, "digest");
    let found = get(&desk, "/shelves/moves?q=2-1-102").await;
    assert!(
        found.contains("2-1-102 01·1/1") && !found.contains("\">1-1-101 01·1/1</a>"),
        "{found}"
    );
    assert!(
        get(&desk, "/shelves/moves?q=9-9-999")
            .await
            .contains("沒有符合的")
    );
    let sheet = get(&desk, "/shelves/moves/print").await;
    assert!(sheet.contains("2-1-102 01·1/1") && sheet.contains("□"));
    let (_, to, _) = post(
        &desk,
        "/shelves/moves",
        &[("what", "all"), ("digest", &digest)],
    )
    .await;
    assert_eq!(to, "/shelves");
    let (status, ..) = post(
        &desk,
        "/shelves/moves",
        &[("what", "all"), ("digest", &digest)],
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let page = get(&desk, "/shelves").await;
    assert!(page.contains("1-1-101 – 1-1-102") && page.contains("760 毫米"));
    assert!(
        get(&desk, "/shelves/moves")
            .await
            .contains("都在該在的位置")
    );

    let one = s.of("1-1-102").await;
    let cabinet = one.spot.expect("stands").cabinet;
    let page = get(&desk, &format!("/shelves/cabinets/{cabinet}")).await;
    assert!(page.contains("1-1-102") && page.contains("待貼"));
    let path = format!("/shelves/boxes/{}", one.id);
    let page = get(&desk, &path).await;
    assert!(page.contains("A櫃 第 1 層 第 2 位") && page.contains("就在這裡"));
    let (_, to, _) = post(
        &desk,
        &format!("{path}/spine"),
        &[("version", &one.version.to_string()), ("spine", "40")],
    )
    .await;
    assert_eq!(to, path);
    let (_, to, _) = post(&desk, &format!("{path}/more"), &[("spine", "30")]).await;
    assert_eq!(to, path);
    let (_, to, _) = post(&desk, &format!("{path}/less"), &[]).await;
    assert!(to.starts_with("/shelves/boxes/"));
    let (status, to, _) =
        crate::roster_pages::send(&desk, "/shelves/scan?code=1-1-102", "", None).await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, path.as_str())
    );
}

/// A hidden field's value.
fn field(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let at = page.find(&mark).expect("the field is there") + mark.len();
    page[at..].split('"').next().unwrap_or("").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_counted_and_downloaded_and_a_scan_finds_their_boxes() {
    let s = Stage::with(&["1-1-101", "1-1-102"]).await;
    let cabinet = s.cabinet("A櫃", 1, 1, 400).await;
    s.arrange().await;
    let desk = door(&s.house, pages::routes(), &s.by);
    let page = get(&desk, "/shelves/labels").await;
    assert!(page.contains("選中 2 盒") && page.contains("脊寬 20 毫米：2 張，A4 1 頁（第 1 份）"));
    let page = get(&desk, "/shelves/labels?asked=1&rooms=1-1-102%0A7-7-701").await;
    assert!(page.contains("選中 1 盒") && page.contains("名冊上沒有：7-7-701"));
    let kind = "application/x-www-form-urlencoded";
    let (status, _, pdf) = fetch(
        &desk,
        "/shelves/labels",
        kind,
        Some(b"outdated=yes".to_vec()),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert!(pdf.starts_with(b"%PDF-"));
    let (status, _, page) = post(&desk, "/shelves/labels", &[("outdated", "yes")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("沒有選中任何一項"));
    // The box on the page sends what the page understands.
    let page = get(&desk, "/shelves/labels").await;
    let name = page.find("name=\"outdated\"").expect("a box to tick");
    let tick = page[name..].split('>').next().expect("an end");
    assert!(tick.contains("checked"), "at first only what needs a label");
    let value = tick
        .split("value=\"")
        .nth(1)
        .and_then(|t| t.split('"').next());
    let asked = format!(
        "/shelves/labels?asked=1&outdated={}",
        value.expect("a value")
    );
    assert!(get(&desk, &asked).await.contains("選中 0 盒"));
    assert!(
        get(&desk, "/shelves/labels?asked=1")
            .await
            .contains("選中 2 盒")
    );

    let (first, second) = (s.of("1-1-101").await, s.of("1-1-102").await);
    let code = shelves::code::payload(&first.label);
    let asked = format!("/shelves/scan?code={code}");
    let (_, to, _) = fetch(&desk, &asked, "", None).await;
    assert_eq!(to, format!("/shelves/boxes/{}", first.id));
    let page = get(&desk, &to).await;
    assert!(page.contains("有效") && page.contains("第 1 份"));
    let layer = format!("{cabinet}~1");
    let page = get(&desk, &format!("/shelves/audit?layer={layer}")).await;
    assert!(page.contains("A櫃 第 1 層"));
    let (_, _, page) = post(&desk, "/shelves/audit", &[("layer", &layer), ("codes", "")]).await;
    assert!(page.contains("error") || page.contains("請"));
    let codes = format!("{}\n{code}", shelves::code::payload(&second.label));
    let typed = [("layer", layer.as_str()), ("codes", codes.as_str())];
    let (status, _, page) = post(&desk, "/shelves/audit", &typed).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("1 盒順序不對") && page.contains("要移"));
    let (_, to, _) = post(&desk, "/shelves/audit/record", &typed).await;
    assert_eq!(to, format!("/shelves/cabinets/{cabinet}"));
    assert_eq!(s.layer(cabinet, 1).await, ["1-1-102", "1-1-101"]);

    let (status, _, pdf) = fetch(
        &desk,
        &format!("/shelves/boxes/{}/lid.pdf", first.id),
        "",
        None,
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert!(pdf.starts_with(b"%PDF-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_more_than_it_says() {
    let s = Stage::with(&["1-1-101", "1-1-102", "2-1-101"]).await;
    s.house.db.watch_statements().expect("watched");
    let cabinet = s.cabinet("A櫃", 1, 2, 400).await;
    s.arrange().await;
    s.room("2-1-102", "residence").await;
    s.tend().await;
    super::printing::print(&s, &shelves::selection::Selection::default()).await;
    let desk = door(&s.house, pages::routes(), &s.by);
    let set = door(&s.house, pages::routes(), &s.manager);
    let one = s.of("1-1-101").await;
    let code = shelves::code::payload(&one.label);
    for path in [
        "/shelves".to_owned(),
        format!("/shelves/cabinets/{cabinet}"),
        format!("/shelves/boxes/{}", one.id),
        "/shelves/moves".to_owned(),
        "/shelves/labels?asked=1&rooms=1-1-101".to_owned(),
        "/shelves/audit".to_owned(),
    ] {
        get(&desk, &path).await;
    }
    get(&set, "/shelves/cabinets").await;
    let layer = format!("{cabinet}~1");
    let typed = [("layer", layer.as_str()), ("codes", code.as_str())];
    post(&desk, "/shelves/audit", &typed).await;
    post(&desk, "/shelves/audit/record", &typed).await;
    let path = format!("/shelves/boxes/{}", one.id);
    post(&desk, &format!("{path}/more"), &[("spine", "30")]).await;
    post(&desk, &format!("{path}/less"), &[]).await;
    let (seen, costly) = s.house.db.costly_statements().expect("judged");
    let ours: Vec<_> = costly
        .iter()
        .filter(|c| {
            [
                "archive_box",
                "cabinet",
                "label_print",
                "box_guest",
                "shelf",
            ]
            .iter()
            .any(|table| c.sql.contains(table))
        })
        .collect();
    assert!(ours.is_empty(), "{ours:#?}");
    assert!(s.house.db.name() != "SQLite" || seen > 25, "{seen}");
}
