//! The file room through its doors.

use axum::Router;
use axum::http::StatusCode;
use dossiers::{Kind, State, pages, scanner};
use foundation::ids::Id;

use super::office::{Office, pdf};
use crate::membership::world::C;
use crate::roster_pages::{door, fetch, get, post, send};

pub async fn hand_in(
    desk: &Router,
    path: &str,
    fields: &[(&str, &str)],
    file: &[u8],
) -> (StatusCode, String, String) {
    let mark = "----------------linli";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!(
                "--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .into_bytes(),
        );
    }
    let name = if file.is_empty() { "" } else { "a.pdf" };
    body.extend(
        format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        )
        .into_bytes(),
    );
    body.extend_from_slice(file);
    body.extend(format!("\r\n--{mark}--\r\n").into_bytes());
    let kind = format!("multipart/form-data; boundary={mark}");
    send(desk, path, &kind, Some(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_goes_from_the_form_to_the_shelf() {
    let o = Office::new().await;
    let desk = door(o.house(), pages::routes(), &o.w.specialist);
    let other = door(o.house(), pages::routes(), &o.checker);
    let list = get(&desk, "/files").await;
    assert!(
        list.contains("3-2-1801-01-") && list.contains("資料不全"),
        "{list}"
    );
    let dossier = o.dossier(0).await;
    let page = get(&desk, &format!("/files/{dossier}")).await;
    assert!(page.contains("《消防安全責任書》") && page.contains("欠缺"));
    let path = format!("/files/{dossier}/new");
    let form = get(&desk, &format!("{path}?kind=b")).await;
    let checker = o.checker.account.expect("an account").to_string();
    assert!(form.contains(&checker) && form.contains("消防安全責任書"));
    let own = o.w.specialist.account.expect("an account").to_string();
    assert!(!form.contains(&own), "one does not choose oneself");

    let fields = [
        ("kind", "b"),
        ("title", "消防安全責任書"),
        ("day", "2026/3/1"),
        ("signed", "王女士"),
        ("checker", checker.as_str()),
        ("paper", "yes"),
    ];
    // What is typed is kept when the file is refused, and the reason stands beside it.
    let (status, _, page) = hand_in(&desk, &path, &fields, b"<svg/>").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("SVG") && page.contains("王女士"), "{page}");
    let (status, at, page) = hand_in(&desk, &path, &fields, &pdf(2, "x")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let document = at.rsplit('/').next().expect("an id");
    let own = format!("/files/documents/{document}");
    let mine = get(&desk, &own).await;
    assert!(
        mine.contains("/pages/2\"") && mine.contains("等待"),
        "{mine}"
    );
    assert!(
        get(&desk, "/files/waiting")
            .await
            .contains("消防安全責任書")
    );

    let theirs = get(&other, &own).await;
    let row = theirs
        .split("name=\"row\" value=\"")
        .nth(1)
        .and_then(|s| s.split('"').next())
        .expect("a row");
    let picture = fetch(&other, &format!("{own}/pages/1"), "", None).await;
    assert_eq!(picture.0, StatusCode::OK);
    assert!(picture.2.starts_with(b"\xff\xd8\xff"));
    let file = format!("{own}/file");
    let (status, _, page) = post(&other, &file, &[("row", row), ("pages", "3")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("您數得 3 頁"), "{page}");
    let (status, ..) = post(&other, &file, &[("row", row), ("pages", "２")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    for router in [&desk, &other] {
        let (status, ..) = fetch(router, &format!("{own}/pages/1"), "", None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "filed: no door shows it");
        let page = get(router, &own).await;
        assert!(!page.contains("/pages/"), "{page}");
    }
    let id: Id = document.parse().expect("an id");
    assert_eq!(o.document(id).await.state, State::Filed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_a_list_to_walk_by() {
    let o = Office::new().await;
    o.filed(o.dossier(1).await, Kind::Registration, 1).await;
    let desk = door(o.house(), pages::routes(), &o.w.specialist);
    let page = get(&desk, "/files/missing").await;
    let at = |code: &str| page.find(code).expect("listed");
    assert!(at("3-2-1801") < at("3-2-1802"), "shelf order");
    assert!(
        page.contains("6 種") && page.contains(">a</abbr>") && page.contains("□a"),
        "counts and letters, and boxes to tick on paper: {page}"
    );
    let (_, _, csv) = fetch(&desk, "/files/missing.csv", "", None).await;
    let csv = String::from_utf8(csv).expect("UTF-8");
    let line = csv
        .lines()
        .find(|l| l.contains("3-2-1802"))
        .expect("a line");
    assert!(line.ends_with(",a b d e f i"), "{line}");
    let filtered = get(&desk, "/files?lacks=c").await;
    assert!(!filtered.contains("3-2-1802-01") && filtered.contains("3-2-1803-01"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_has_exactly_six_columns_in_shelf_order() {
    use calamine::{Reader as _, Xlsx};
    let o = Office::new().await;
    o.filed(o.dossier(0).await, Kind::Registration, 3).await;
    let desk = door(o.house(), pages::routes(), &o.w.manager);
    let page = get(&desk, "/files/catalog").await;
    assert!(
        page.contains("檔案頁數") && !page.contains("王小明"),
        "masked"
    );
    let form = b"shape=xlsx".to_vec();
    let kind = "application/x-www-form-urlencoded";
    let (status, _, bytes) = fetch(&desk, "/files/catalog", kind, Some(form)).await;
    assert_eq!(status, StatusCode::OK);
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let sheet = book
        .worksheet_range_at(0)
        .expect("a sheet")
        .expect("readable");
    let rows: Vec<Vec<String>> = sheet
        .rows()
        .map(|r| r.iter().map(ToString::to_string).collect())
        .collect();
    let heads = [
        "房號",
        "檔案編號",
        "業主姓名",
        "入住時間",
        "檔案頁數",
        "備注",
    ];
    assert_eq!(rows[1], heads);
    assert_eq!(rows.len(), 6);
    assert_eq!(
        (rows[2][0].as_str(), rows[2][2].as_str()),
        ("3-2-1801", "王小明")
    );
    assert_eq!((rows[2][4].as_str(), rows[3][4].as_str()), ("3", "0"));
    assert_eq!(rows[5][0], "3-2-1804");
    if paper::can_write() {
        let form = b"shape=pdf".to_vec();
        let (status, _, bytes) = fetch(&desk, "/files/catalog", kind, Some(form)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(bytes.starts_with(b"%PDF-"));
    }
    assert!(o.told().await.contains(&"archive.catalog_taken".to_owned()));
    // On the screen it is sorted by pages as well, the most first.
    let page = get(&desk, "/files/catalog?sort=-pages").await;
    let at = |code: &str| page.find(&format!(">{code}<")).expect("listed");
    assert!(
        at("3-2-1801") < at("3-2-1804") && at("3-2-1804") < at("3-2-1802"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_are_set_on_the_screen_and_a_fault_keeps_what_was_typed() {
    let o = Office::new().await;
    let desk = door(o.house(), pages::routes(), &o.w.manager);
    let page = get(&desk, "/files/policy").await;
    assert!(page.contains("{期次}"), "{page}");
    let fields = [("handed", "c"), ("version", "0"), ("rule", "{房}")];
    let (status, _, page) = post(&desk, "/files/policy", &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"{房}\""), "{page}");
    let fields = [
        ("handed", "c"),
        ("version", "0"),
        ("rule", "{棟}{單元}{房}/{期次}"),
    ];
    let (status, ..) = post(&desk, "/files/policy", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(get(&desk, "/files").await.contains("資料不全"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scanners_folder_is_emptied_paper_by_paper() {
    let o = Office::new().await;
    let folder = o.house().folder.path().join("scans");
    std::fs::create_dir(&folder).expect("a folder");
    let who = foundation::ledger::Who::operator();
    let own = scanner::set_folder(o.house(), &who, C, Some(&o.house().data_dir)).await;
    assert!(own.is_err(), "never one of the house's own");
    scanner::set_folder(o.house(), &who, C, Some(&folder))
        .await
        .expect("named");
    let now = o.house().now().0 as u64;
    let put = |name: &str, bytes: &[u8], old: bool| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("written");
        let at = now - if old { 60_000 } else { 1_000 };
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_millis(at);
        let file = std::fs::File::options().append(true).open(&path);
        file.expect("open").set_modified(at).expect("dated");
    };
    put("３-2-1802_c.pdf", &pdf(2, "x"), true);
    put("unknown.pdf", &pdf(1, "x"), true);
    put("being-written.pdf", &pdf(1, "x"), false);
    put(".hidden.pdf", &pdf(1, "x"), true);
    std::os::unix::fs::symlink("/etc/hostname", folder.join("link.pdf")).expect("a link");
    let desk = door(o.house(), pages::routes(), &o.w.specialist);
    let page = get(&desk, "/files/scanner").await;
    assert!(
        page.contains("_c.pdf") && page.contains("unknown.pdf"),
        "{page}"
    );
    assert!(
        page.contains("value=\"3-2-1802\""),
        "the name tells the room"
    );
    for absent in ["being-written", ".hidden.pdf", "link.pdf"] {
        assert!(!page.contains(absent), "{absent}");
    }
    let at = "/files/scanner/choose?scan=%EF%BC%93-2-1802_c.pdf&kind=c&room=3-2-1802";
    let (status, to, _) = send(&desk, at, "", None).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(to.contains("kind=c") && to.contains("scan="), "{to}");
    let form = get(&desk, &to).await;
    assert!(form.contains("３-2-1802_c.pdf") && !form.contains("type=\"file\""));
    let checker = o.checker.account.expect("an account").to_string();
    let path = to.split('?').next().expect("a path");
    let fields = |scan: &'static str| {
        vec![
            ("kind", "c".to_owned()),
            ("title", "情況登記表".to_owned()),
            ("checker", checker.clone()),
            ("scan", scan.to_owned()),
        ]
    };
    for elsewhere in ["../site.key", "link.pdf", ".hidden.pdf", "no-such.pdf"] {
        let fields = fields(elsewhere);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let (status, ..) = hand_in(&desk, path, &fields, b"").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    let fields = fields("３-2-1802_c.pdf");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let (status, to, page) = hand_in(&desk, path, &fields, b"").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(!folder.join("３-2-1802_c.pdf").exists(), "taken out");
    assert!(folder.join("unknown.pdf").exists(), "and nothing else");
    let id: Id = to
        .rsplit('/')
        .next()
        .expect("an id")
        .parse()
        .expect("an id");
    let d = o.document(id).await;
    assert_eq!((d.pages, d.state), (2, State::Received));
}
