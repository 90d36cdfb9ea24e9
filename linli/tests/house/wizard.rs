//! The import wizard over HTTP: a clerk's own file is handed in, its columns looked at and
//! told, applied by the job, looked at, taken back.

use axum::Router;
use axum::http::StatusCode;
use foundation::jobs::Runner;
use permissions::actor::Actor;

use crate::roster::{compound, specialist};
use crate::roster_pages::{door, fetch, get, post, send};
use crate::support::TestHouse;

fn example(name: &str) -> Vec<u8> {
    let file = format!("{}/../examples/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(file).expect("the example")
}

pub async fn hand_in(
    router: &Router,
    what: &str,
    name: &str,
    bytes: &[u8],
) -> (StatusCode, String, String) {
    let mark = "----------------linli";
    let mut body = format!(
        "--{mark}\r\nContent-Disposition: form-data; name=\"what\"\r\n\r\n{what}\r\n\
         --{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={mark}");
    send(router, "/imports", &kind, Some(body)).await
}

pub async fn run_jobs(house: &TestHouse) {
    let runner = imports::jobs(Runner::default());
    while runner
        .run_due(&house.db, &house.house, house.now())
        .await
        .expect("jobs run")
        > 0
    {}
}

pub fn routes() -> permissions::routes::Routes {
    imports::routes().and(roster::routes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerks_file_is_looked_at_told_applied_and_taken_back() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let by: Actor = specialist(&house, c);
    let desk = door(&house, routes(), &by);
    let page = get(&desk, "/imports").await;
    assert!(page.contains("/imports/template-fees") && page.contains("/imports/template\""));

    let (status, _, page) = hand_in(&desk, "roster", "roster.xlsx", b"no workbook").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("role=\"alert\""), "{page}");

    // Without the guard's wider limit a form ends at 2 MB; the answer names the size.
    let (status, _, page) = hand_in(&desk, "roster", "big.csv", &vec![b'1'; 3 << 20]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("檔案太大"), "{page}");

    let (status, at, page) = hand_in(&desk, "roster", "roster.xlsx", &example("roster.xlsx")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let page = get(&desk, &at).await;
    assert!(
        page.contains("name=\"m-0-") && page.contains("各欄怎樣讀"),
        "{page}"
    );
    // A column told otherwise is read otherwise, and told back again.
    let select = page.split("<select id=\"").nth(1).expect("a column");
    let name = select.split('"').next().expect("quoted").to_owned();
    let (status, to, _) = post(&desk, &format!("{at}/mapping"), &[(&name, "ignored")]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, at.as_str()));
    assert_ne!(get(&desk, &at).await, page);
    let was = select.split(" selected").next().expect("chosen");
    let was = was.rsplit("value=\"").next().expect("a value");
    let was = was.split('"').next().expect("quoted");
    post(&desk, &format!("{at}/mapping"), &[(&name, was)]).await;
    assert_eq!(get(&desk, &at).await, page);

    // All or nothing refuses a file with a faulty cell, and nothing is queued.
    let faulty = page.contains(&format!("{at}/faults"));
    let (status, ..) = post(&desk, &format!("{at}/apply"), &[("whole", "yes")]).await;
    if faulty {
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let (status, ..) = post(&desk, &format!("{at}/apply"), &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    } else {
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    assert!(get(&desk, &at).await.contains("data-poll"), "under way");
    run_jobs(&house).await;
    let page = get(&desk, &at).await;
    assert!(
        page.contains("導入完成") && page.contains("撤銷這次導入"),
        "{page}"
    );
    assert!(get(&desk, "/roster").await.contains("/rooms/"));

    // One room is changed by hand: the undo leaves it and lists it, also later.
    let list = get(&desk, "/roster").await;
    let room = list
        .split("/rooms/")
        .filter_map(|s| s.split('"').next())
        .find(|id| id.parse::<foundation::ids::Id>().is_ok())
        .expect("a room");
    let edit = format!("/rooms/{room}/edit");
    let fields = [("version", "1"), ("floor", "99"), ("sure", "yes")];
    let (status, ..) = post(&desk, &edit, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, ..) = post(&desk, &format!("{at}/undo"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = get(&desk, &at).await;
    assert!(page.contains("撤銷時留下的"), "{page}");
    let (status, ..) = post(&desk, &format!("{at}/undo"), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT, "an import is undone once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_list_goes_the_same_way() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let desk = door(&house, routes(), &specialist(&house, c));
    let rooms = "房號,業主\n3-2-1801,王小明\n3-2-1802,李娜\n";
    let (_, at, _) = hand_in(&desk, "roster", "rooms.csv", rooms.as_bytes()).await;
    post(&desk, &format!("{at}/apply"), &[]).await;
    run_jobs(&house).await;

    let fees = "房號,收費項目,費用期間,應收金額\n\
                3-2-1801,物業費,2026-01,268.50\n3-2-1802,物業費,2026-01,300\n\
                9-9-9999,物業費,2026-01,300\n";
    let (status, at, page) = hand_in(&desk, "fees", "fees.csv", fees.as_bytes()).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let page = get(&desk, &at).await;
    assert!(
        page.contains("帳單") && page.contains("名冊裡沒有這間房屋"),
        "{page}"
    );
    let (status, ..) = post(&desk, &format!("{at}/apply"), &[("whole", "yes")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    post(&desk, &format!("{at}/apply"), &[]).await;
    run_jobs(&house).await;
    let page = get(&desk, &at).await;
    assert!(
        page.contains("導入完成") && page.contains("新增 2"),
        "{page}"
    );
    let page = get(&desk, "/imports").await;
    assert!(page.contains("帳單 2／0"), "{page}");
    let (status, ..) = post(&desk, &format!("{at}/undo"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(get(&desk, &at).await.contains("已撤銷"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_a_file_suggests_leads_to_the_rooms_transfer() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let desk = door(&house, routes(), &specialist(&house, c));
    let rooms = "房號,業主\n3-2-1801,王小明\n";
    let (_, at, _) = hand_in(&desk, "roster", "rooms.csv", rooms.as_bytes()).await;
    post(&desk, &format!("{at}/apply"), &[]).await;
    run_jobs(&house).await;
    let sold = "房號,業主,建築面積\n3-2-1801,趙敏,70\n";
    let (_, at, _) = hand_in(&desk, "roster", "sold.csv", sold.as_bytes()).await;
    let page = get(&desk, &at).await;
    assert!(page.contains("疑似過戶") && page.contains("趙敏"), "{page}");
    post(&desk, &format!("{at}/apply"), &[]).await;
    run_jobs(&house).await;
    // Still to be confirmed after the rest has come in.
    let page = get(&desk, &at).await;
    assert!(
        page.contains("導入完成") && page.contains("疑似過戶"),
        "{page}"
    );
    // Into the guided transfer, with the room and the name.
    assert!(page.contains("/transfers\""), "{page}");
    assert!(page.contains("name=\"room\" value=\"3-2-1801\""), "{page}");
    assert!(page.contains("name=\"name\" value=\"趙敏\""), "{page}");
}

/// What the workbook of faults says, row by row.
async fn rows_to_mend(desk: &Router, at: &str) -> (Vec<u8>, Vec<Vec<String>>) {
    let (status, _, bytes) = fetch(desk, &format!("{at}/mend"), "", None).await;
    assert_eq!(status, StatusCode::OK);
    let book = sheets::open(&bytes, "faults.xlsx", &sheets::Limits::default());
    let book = book.expect("a workbook");
    let cells = |row: sheets::Row<'_>| {
        let columns = 1..=row.width();
        columns.map(|n| row.cell(n).shown().to_string()).collect()
    };
    let rows = book.sheets[0].rows().map(cells).collect();
    (bytes, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_rows_go_back_to_whoever_handed_them_in_and_to_nobody_else() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let by: Actor = specialist(&house, c);
    let desk = door(&house, routes(), &by);
    let file = "房號,業主,電話,面積\n3-2-1801,王芳,13700001111,88\n3-2-1802,李娜,1370000,很大\n";
    let (status, at, page) = hand_in(&desk, "roster", "a.csv", file.as_bytes()).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(get(&desk, &at).await.contains(&format!("{at}/mend")));

    let holds = |rows: &[Vec<String>], what: &str| rows.iter().flatten().any(|c| c == what);
    let (_, rows) = rows_to_mend(&desk, &at).await;
    assert!(holds(&rows, "1370000") && holds(&rows, "很大"), "{rows:?}");
    assert!(!holds(&rows, "王芳"), "a sound row stays at home: {rows:?}");

    // A colleague with the same right sees the masked list, and no clear row.
    let colleague = door(&house, routes(), &specialist(&house, c));
    assert!(!get(&colleague, &at).await.contains(&format!("{at}/mend")));
    let (status, ..) = fetch(&colleague, &format!("{at}/mend"), "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    // Applied without them, the rows are still to be had, and come in once mended.
    let (status, ..) = post(&desk, &format!("{at}/apply"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    run_jobs(&house).await;
    let (again, after) = rows_to_mend(&desk, &at).await;
    assert_eq!(after, rows);
    let (status, at, page) = hand_in(&desk, "roster", "faults.xlsx", &again).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, unmended) = rows_to_mend(&desk, &at).await;
    assert!(
        holds(&unmended, "1370000") && holds(&unmended, "很大"),
        "{unmended:?}"
    );
}

async fn said(house: &TestHouse, kind: &'static str) -> usize {
    let ask = foundation::database::ask(
        "SELECT seq FROM ledger WHERE kind = $1",
        foundation::params![kind],
    );
    let rows: Vec<(i64,)> = house.db.all(ask).await.expect("readable");
    rows.len()
}

async fn pieces(house: &TestHouse, what: &'static str) -> i64 {
    let ask = foundation::database::ask(
        "SELECT COUNT(*) FROM import_piece WHERE what = $1",
        foundation::params![what],
    );
    let (n,): (i64,) = house.db.one(ask).await.expect("countable");
    n
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_confirms_ends_after_a_month() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let desk = door(&house, routes(), &specialist(&house, c));
    let file = "房號,業主\n3-2-1801,王芳\n";
    let (status, at, page) = hand_in(&desk, "roster", "a.csv", file.as_bytes()).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, taken, _) = hand_in(&desk, "roster", "b.csv", file.as_bytes()).await;
    post(&desk, &format!("{taken}/apply"), &[]).await;
    house.clock.advance(imports::KEPT - 1);
    run_jobs(&house).await;
    assert_eq!(pieces(&house, "file").await, 1, "the other one was taken");
    house.clock.advance(1);
    run_jobs(&house).await;
    assert_eq!(pieces(&house, "file").await, 0);
    assert_eq!(said(&house, "import.draft_ended").await, 1);
    let (status, ..) = post(&desk, &format!("{at}/apply"), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT, "nothing is left to confirm");
    assert!(get(&desk, &taken).await.contains("導入完成"));
}

#[tokio::test(flavor = "multi_thread")]
async fn faulty_rows_are_forgotten_after_a_month_or_with_their_import() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let desk = door(&house, routes(), &specialist(&house, c));
    let roster = "房號,業主,電話\n3-2-1801,王芳,13700001111\n3-2-1802,李娜,1370000\n";
    let (_, first, _) = hand_in(&desk, "roster", "a.csv", roster.as_bytes()).await;
    post(&desk, &format!("{first}/apply"), &[]).await;
    run_jobs(&house).await;
    let fees = "房號,收費項目,所屬期,應收金額\n3-2-1801,物業費,2026-01,1\n9-9-9,物業費,2026-01,1\n";
    let (_, second, _) = hand_in(&desk, "fees", "f.csv", fees.as_bytes()).await;
    post(&desk, &format!("{second}/apply"), &[]).await;
    run_jobs(&house).await;
    assert_eq!(pieces(&house, "faulty").await, 2);
    assert_eq!(said(&house, "import.faulty_taken").await, 0);
    rows_to_mend(&desk, &first).await;
    assert_eq!(said(&house, "import.faulty_taken").await, 1);

    // Taken back, the rows go with it; left alone, after a month.
    let (status, ..) = post(&desk, &format!("{second}/undo"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(pieces(&house, "faulty").await, 1);
    house.clock.advance(imports::KEPT);
    run_jobs(&house).await;
    assert_eq!(pieces(&house, "faulty").await, 0);
    let (status, ..) = fetch(&desk, &format!("{first}/mend"), "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let page = get(&desk, &first).await;
    assert!(!page.contains(&format!("{first}/mend")), "{page}");
    assert!(page.contains(&format!("{first}/faults")), "the list stays");
}
