//! The nightly exchange of files with an office's own fee system: each file once, what is
//! wrong told beside it, bills and balances laid out.

use std::path::Path;

use axum::http::StatusCode;
use fees::exchange::{Ended, exchange, exchange_now, set_exchange, taken_files};
use foundation::clock::{DAY, HOUR, Moment};
use foundation::communities::Compound;
use foundation::database::{Community, ask};
use foundation::jobs::Runner;
use foundation::ledger::Door;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;

use crate::imports::{THREE, count, csv, import};
use crate::roster::compound;
use crate::roster_pages::{door, get, post};
use crate::support::TestHouse;

const HEAD: &str = "房號,收費項目,所屬期,應收金額,到期日,實收金額,繳費日期,收據號\n";

fn as_role(house: &TestHouse, c: Community, role: Role) -> Actor {
    Actor::account(house.id(), None, c, vec![role], Door::Web)
}

async fn run_jobs(house: &TestHouse) {
    let runner = imports::jobs(Runner::default());
    while runner
        .run_due(&house.db, &house.house, house.now())
        .await
        .expect("jobs run")
        > 0
    {}
}

/// A compound of three rooms whose exchange lies in `swap` beside the house's data.
async fn street(house: &TestHouse) -> (Compound, std::path::PathBuf) {
    let here = compound(house, "春和苑").await;
    import(house, &here, &csv(THREE)).await;
    let folder = house.folder.path().join("swap");
    let operator = Actor::operator(here.number);
    let path = folder.to_str().expect("UTF-8");
    set_exchange(house, &operator, path, 150, true)
        .await
        .expect("set");
    (here, folder)
}

fn lay(folder: &Path, name: &str, rows: &str) {
    std::fs::write(folder.join("in").join(name), format!("{HEAD}{rows}\n")).expect("written");
}

fn names(folder: &Path, part: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join(part)).expect("a folder");
    let mut all: Vec<String> = entries
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_takes_each_file_once_and_lays_bills_and_balances_out() {
    let house = TestHouse::new().await;
    let (here, folder) = street(&house).await;
    let c = here.number;
    lay(
        &folder,
        "a.csv",
        "3-2-1801,物業費,2026-01,254.50,2026-01-31,,,\n3-2-1802,物業費,2026-01,300,2026-01-31,300,2026-02-03,R1",
    );
    lay(
        &folder,
        "b.csv",
        "3-2-1801,物業費,2026-02,很多,2026-02-28,,,\n9-9-999,物業費,2026-02,5,,,,\n3-2-1803,物業費,2026-02,77,,,,",
    );
    std::fs::write(folder.join("in/c.xlsx"), b"no workbook").expect("written");
    std::fs::write(folder.join("in/readme.pdf"), b"%PDF").expect("written");
    // Before the hour nothing happens.
    run_jobs(&house).await;
    assert_eq!(names(&folder, "in").len(), 4);
    house.clock.advance(17 * HOUR);
    run_jobs(&house).await;

    assert_eq!(names(&folder, "in"), ["readme.pdf"]);
    let done = names(&folder, "done");
    assert!(done.len() == 1 && done[0].ends_with("-a.csv"), "{done:?}");
    let failed = names(&folder, "failed");
    let ends = |end: &str| failed.iter().any(|n| n.ends_with(end));
    assert!(
        failed.len() == 4
            && ends("-b.csv")
            && ends("-b.csv.faults.csv")
            && ends("-c.xlsx")
            && ends("-c.xlsx.faults.csv"),
        "{failed:?}"
    );
    let list = failed.iter().find(|n| n.ends_with("b.csv.faults.csv"));
    let list = std::fs::read_to_string(folder.join("failed").join(list.expect("there")));
    let list = list.expect("readable");
    // The heading, and a line for each fault with its row and its column.
    assert_eq!(list.lines().count(), 3, "{list}");
    assert!(
        list.contains(",2,4,很多,") && list.contains(",3,"),
        "{list}"
    );

    // The good rows of the faulty file are in.
    assert_eq!(count(&house, c, "fee_bill_seen").await, 3);
    assert_eq!(count(&house, c, "fee_payment_seen").await, 1);
    let manager = as_role(&house, c, Role::Manager);
    let now = exchange(&house, &manager).await.expect("readable");
    let now = now.expect("set");
    let (_, ended) = now.last.expect("it ran");
    assert_eq!(ended, Ended::Faults);
    assert_eq!(
        (
            now.tally.files,
            now.tally.bills,
            now.tally.payments,
            now.tally.faulty
        ),
        (3, 3, 1, 2)
    );

    let bills = std::fs::read_to_string(folder.join("out/bills.csv")).expect("laid out");
    assert_eq!(bills.lines().count(), 4, "{bills}");
    let balances = std::fs::read_to_string(folder.join("out/balances.csv")).expect("laid out");
    assert!(
        balances.contains("3棟2單元1801,254.50,254.50,0.00,"),
        "{balances}"
    );
    assert!(!bills.contains("王小明") && !balances.contains("王小明"));

    // What went out comes back and changes nothing: no bill, no payment.
    std::fs::copy(folder.join("out/bills.csv"), folder.join("in/back.csv")).expect("copied");
    // The same file under another name is not taken again.
    std::fs::copy(
        folder.join("done").join(&done[0]),
        folder.join("in/a-again.csv"),
    )
    .expect("copied");
    house.clock.advance(DAY);
    run_jobs(&house).await;
    assert_eq!(count(&house, c, "fee_bill_seen").await, 3);
    assert_eq!(count(&house, c, "fee_payment_seen").await, 1);
    let files = taken_files(&house, &manager).await.expect("readable");
    let told: Vec<_> = files
        .iter()
        .map(|f| {
            (
                f.file_name.as_str(),
                f.ended,
                f.tally.bills,
                f.tally.payments,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("back.csv", Ended::Good, 0, 0),
            ("a-again.csv", Ended::Again, 0, 0),
            ("c.xlsx", Ended::Failed, 0, 0),
            ("b.csv", Ended::Faults, 1, 0),
            ("a.csv", Ended::Good, 2, 1),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_still_being_written_and_a_link_are_left_alone() {
    let house = TestHouse::new().await;
    let (here, folder) = street(&house).await;
    let c = here.number;
    lay(&folder, "half.csv", "3-2-1801,物業費,2026-01,254.50,,,,");
    let secret = house.folder.path().join("secret.csv");
    std::fs::write(&secret, format!("{HEAD}3-2-1802,物業費,2026-01,1,,,,\n")).expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, folder.join("in/link.csv")).expect("linked");
    let touch = |at: Moment| {
        let when = std::time::UNIX_EPOCH + std::time::Duration::from_millis(at.0 as u64);
        let half = folder.join("in/half.csv");
        let file = std::fs::OpenOptions::new().append(true).open(half);
        let file = file.expect("there");
        file.set_modified(when).expect("touched");
    };
    touch(house.now().plus(-20_000));
    let manager = as_role(&house, c, Role::Manager);
    exchange_now(&house, &manager).await.expect("asked");
    run_jobs(&house).await;
    assert_eq!(count(&house, c, "fee_bill_seen").await, 0);
    let now = exchange(&house, &manager).await.expect("readable");
    assert_eq!(now.expect("set").tally.waiting, 1);
    house.clock.advance(5 * 60 * 1_000);
    exchange_now(&house, &manager).await.expect("asked");
    run_jobs(&house).await;
    assert_eq!(count(&house, c, "fee_bill_seen").await, 1);
    assert_eq!(names(&folder, "in"), ["link.csv"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_gone_is_told_and_the_next_night_waits_all_the_same() {
    let house = TestHouse::new().await;
    let (here, folder) = street(&house).await;
    let c = here.number;
    std::fs::remove_dir_all(&folder).expect("gone");
    house.clock.advance(17 * HOUR);
    run_jobs(&house).await;
    let manager = as_role(&house, c, Role::Manager);
    let now = exchange(&house, &manager).await.expect("readable");
    let now = now.expect("set");
    assert_eq!(now.last.map(|(_, e)| e), Some(Ended::Failed));
    assert_eq!(now.why, "folder");
    let waiting: (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM job WHERE community = $1 AND kind = 'fees.exchange' \
             AND state = 'waiting'",
            params![c],
        ))
        .await
        .expect("countable");
    assert_eq!(waiting.0, 1);
    // A house that stood still for days catches up with one night, not with each.
    for part in ["in", "out", "done", "failed"] {
        std::fs::create_dir_all(folder.join(part)).expect("made");
    }
    house.clock.advance(5 * DAY);
    fees::exchange::arm_all(&house).await.expect("armed");
    run_jobs(&house).await;
    let now = exchange(&house, &manager).await.expect("readable");
    assert_eq!(now.expect("set").last.map(|(_, e)| e), Some(Ended::Good));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_names_a_folder_and_never_one_of_the_houses_own() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let c = here.number;
    let operator = as_role(&house, c, Role::Operator);
    let routes = || fees::routes();
    let desk = door(&house, routes(), &operator);
    let own = house.data_dir.join("swap").display().to_string();
    let above = house.folder.path().display().to_string();
    for wrong in [
        "relative/path",
        "/",
        "",
        own.as_str(),
        above.as_str(),
        "/proc/nowhere/x",
    ] {
        let fields = [("folder", wrong), ("hour", "2:30"), ("active", "yes")];
        let (status, _, page) = post(&desk, "/fees-exchange", &fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {page}");
        assert!(
            page.contains("role=\"alert\"") || page.contains("fault"),
            "{wrong}"
        );
    }
    let good = house.folder.path().join("swap").display().to_string();
    let fields = [
        ("folder", good.as_str()),
        ("hour", "25:00"),
        ("active", "yes"),
    ];
    let (status, _, page) = post(&desk, "/fees-exchange", &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(&good), "what was typed is kept");
    let fields = [
        ("folder", good.as_str()),
        ("hour", "２：３０"),
        ("active", "yes"),
    ];
    let (status, ..) = post(&desk, "/fees-exchange", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = get(&desk, "/fees-exchange").await;
    assert!(page.contains(&good) && page.contains("02:30"), "{page}");
    let manager = as_role(&house, c, Role::Manager);
    let refused = set_exchange(&house, &manager, &good, 1, true).await;
    assert!(refused.is_err(), "a manager names no folder of the server");
    let desk = door(&house, routes(), &manager);
    assert!(get(&desk, "/fees").await.contains("/fees/exchange"));
    let (status, ..) = post(&desk, "/fees/exchange/run", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    run_jobs(&house).await;
    let page = get(&desk, "/fees/exchange").await;
    assert!(page.contains("完成"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pressed_several_times_at_once_it_runs_once_and_says_who_pressed() {
    let house = TestHouse::new().await;
    let (here, folder) = street(&house).await;
    let c = here.number;
    lay(&folder, "a.csv", "3-2-1801,物業費,2026-01,254.50,,,,");
    house.clock.advance(5 * 60 * 1_000);
    let manager = as_role(&house, c, Role::Manager);
    let press = || exchange_now(&house, &manager);
    let (one, two, three) = tokio::join!(press(), press(), press());
    for pressed in [one, two, three] {
        pressed.expect("asked");
    }
    let events = |kind: &'static str| {
        house.db.all::<(String,)>(ask(
            "SELECT actor FROM ledger WHERE community = $1 AND kind = $2 ORDER BY seq",
            params![c, kind],
        ))
    };
    let asked = events("fees.exchange_asked").await.expect("readable");
    let me = manager.who().actor.word();
    assert_eq!(asked, vec![(me,); 3]);
    run_jobs(&house).await;
    let ran = events("fees.exchanged").await.expect("readable");
    assert_eq!(ran.len(), 1);
    // Once it is done it may be asked for again.
    press().await.expect("asked");
    run_jobs(&house).await;
    assert_eq!(events("fees.exchanged").await.expect("readable").len(), 2);
}
