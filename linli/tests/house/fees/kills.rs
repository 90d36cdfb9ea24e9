//! The power goes in the middle of a batch, again and again: every room is billed, none twice,
//! and the ledger says as many bills as there are.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use fees::{Period, begin_run, carry_on, jobs};
use foundation::chance::Chance;
use foundation::clock::{DAY, HOUR, HandClock, MINUTE};
use foundation::database::ask;
use foundation::house::House;
use foundation::jobs::Runner;
use foundation::params;
use permissions::actor::Actor;

use super::street::furnish;
use crate::support::{MONDAY, fresh_postgres, open};

const FOLDER: &str = "LINLI_BATCH_FOLDER";
const SERVER: &str = "LINLI_BATCH_SERVER";
const MONTH: &str = "LINLI_BATCH_MONTH";
const ROOMS: usize = 2_200;
const KILLS: i8 = 4;
const NAME: &str = "fees::kills::a_batch_that_is_killed_bills_every_room_exactly_once";

/// A house of one month; the clock goes on from opening to opening, so that no id comes twice.
async fn house_of(folder: &Path, server: Option<String>, month: i8, hours: i64) -> Arc<House> {
    let clock = HandClock::at(MONDAY.plus(i64::from(month) * DAY + hours * HOUR));
    Arc::new(open(folder, server, clock).await)
}

async fn bill_until_killed(folder: &str) -> ! {
    let month: i8 = std::env::var(MONTH)
        .expect("a month")
        .parse()
        .expect("a month");
    let server = std::env::var(SERVER).ok();
    let house = house_of(Path::new(folder), server, month, 0).await;
    let community = foundation::communities::by_name(&house.db, "春和園").await;
    let community = community.expect("readable").expect("a compound").number;
    let by = Actor::system(community);
    let period = Period::new(2026, month).expect("a month");
    let run = begin_run(&house, &by, period, &[]).await.expect("begun");
    let mut out = std::io::stdout();
    writeln!(out, "begun").expect("the parent listens");
    out.flush().expect("the parent listens");
    carry_on(&house, &by, run).await.expect("carried on");
    // Whole before the kill: that is one of the moments to die in.
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn kill_in_the_middle(folder: &Path, server: Option<&str>, month: i8, after: Duration) {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args([NAME, "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .env(MONTH, month.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(server) = server {
        child.env(SERVER, server);
    }
    let mut child = child.spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let begun = lines.map_while(Result::ok).any(|l| l.contains("begun"));
    assert!(begun, "the child began a batch");
    std::thread::sleep(after);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

async fn count(house: &House, sql: &'static str, what: &str) -> i64 {
    let (n,): (i64,) = house
        .db
        .one(ask(sql, params![what]))
        .await
        .expect("readable");
    n
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_killed_bills_every_room_exactly_once() {
    if let Ok(folder) = std::env::var(FOLDER) {
        bill_until_killed(&folder).await;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = fresh_postgres().await;
    {
        let house = house_of(folder.path(), server.clone(), 0, 0).await;
        furnish(&house, ROOMS).await;
    }
    let chance = Chance::from_seed(3);
    for month in 1..=KILLS {
        let after = Duration::from_millis(chance.below(350));
        let (path, url) = (folder.path().to_owned(), server.clone());
        tokio::task::spawn_blocking(move || {
            kill_in_the_middle(&path, url.as_deref(), month, after);
        })
        .await
        .expect("the parent lives");
        let house = house_of(folder.path(), server.clone(), month, 1).await;
        let runner = jobs(Runner::default());
        let later = house.now().plus(2 * MINUTE);
        while runner
            .run_due(&house.db, &house, later)
            .await
            .expect("done")
            > 0
        {}
        let period = format!("2026-{month:02}");
        let bills = count(
            &house,
            "SELECT COUNT(*) FROM fee_bill WHERE period = $1",
            &period,
        )
        .await;
        // One area is unknown, and one shop pays for parking as well.
        assert_eq!(bills, ROOMS as i64, "{period}, killed after {after:?}");
        let state = "SELECT COUNT(*) FROM fee_run WHERE period = $1 AND state = 'done'";
        assert_eq!(count(&house, state, &period).await, 1);
        let said = "SELECT CAST(SUM(bills) AS BIGINT) FROM fee_run WHERE period = $1";
        assert_eq!(
            count(&house, said, &period).await,
            bills,
            "the batch counts what it made"
        );
    }
}
