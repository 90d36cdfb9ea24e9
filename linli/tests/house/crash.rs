//! Crashes: the program is killed in the middle of its work, again and again, and the
//! disk fills up. Whatever was acknowledged is there, nothing is half done.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::database::{Chore, Database, DbError, HOUSE, Look, ask};
use foundation::house::House;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use linli::keeping::anchors::Sources;
use linli::keeping::checkpoints;
use linli::keeping::verify::{Wanted, verify};

use crate::support::{MONDAY, TestHouse, fresh_postgres, open};

const WRITTEN: Kind = Kind::new("test.written", 1);
const FOLDER: &str = "LINLI_CRASH_FOLDER";
const SERVER: &str = "LINLI_CRASH_SERVER";
/// Writers of the child at once, so that batches are cut in the middle.
const WRITERS: usize = 8;
/// How many kills one folder sees before a new one keeps verifying short.
const KILLS_PER_HOUSE: usize = 25;

async fn one_write(house: &House, name: String) -> Result<(), DbError> {
    house
        .write(HOUSE, &Who::operator(), move |mut tx| {
            tx.execute(ask(
                "INSERT INTO installation (name, value) VALUES ($1, '')",
                params![&name],
            ))?;
            tx.record(Event::new(WRITTEN), ())
        })
        .await
}

/// What the child does: the test of kills once more, which finds that it has a folder to
/// write into. It writes and says so, until it is killed.
async fn write_until_killed(folder: &str) -> ! {
    let server = std::env::var(SERVER).ok();
    let house = open(Path::new(folder), server, HandClock::at(MONDAY)).await;
    let house = std::sync::Arc::new(house);
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let house = house.clone();
        tasks.spawn(async move {
            loop {
                let name = format!("w{writer}-{}", house.id());
                if one_write(&house, name.clone()).await.is_ok() {
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "ack {name}").expect("the parent listens");
                    out.flush().expect("the parent listens");
                }
            }
        });
    }
    loop {
        checkpoints::tend(&house).await.expect("heads are signed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Starts the child, kills it after a while, and returns what it acknowledged.
fn kill_once(folder: &Path, server: Option<&str>, after: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args([
            "crash::two_hundred_kills_lose_no_acknowledged_write",
            "--exact",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(server) = server {
        child.env(SERVER, server);
    }
    let mut child = child.spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let (first, started) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut acked = Vec::new();
        for line in lines.map_while(Result::ok) {
            // A line cut by the kill was never read whole, so it is not counted.
            if let Some(at) = line.find("ack w") {
                let name = &line[at + 4..];
                if name.len() == "w0-".len() + 16 {
                    acked.push(name.to_owned());
                    let _ = first.send(());
                }
            }
        }
        acked
    });
    started.recv().expect("the child writes");
    std::thread::sleep(after);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    reader.join().expect("its words are read")
}

async fn check(folder: &Path, server: Option<&str>, acked: &[String]) {
    let data = folder.join("data");
    let url = server.map_or_else(
        || data.join("linli.sqlite").display().to_string(),
        str::to_owned,
    );
    let db = Database::open_to_look(&url).await.expect("it opens");
    let keys = data.join("keys/keys.sqlite").display().to_string();
    let wanted = Wanted {
        sources: Sources {
            key_store: Some(Database::open_to_look(&keys).await.expect("it opens")),
            data_dir: Some(data),
            ..Sources::default()
        },
        ..Wanted::default()
    };
    let report = verify(&db, &wanted).await.expect("it can be verified");
    assert!(report.sound(), "{report:?}");
    let rows: Vec<(String,)> = db
        .all(ask(
            "SELECT name FROM installation WHERE name LIKE 'w%' ORDER BY name",
            params![],
        ))
        .await
        .expect("readable");
    let (events,): (i64,) = db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE kind = 'test.written'",
            params![],
        ))
        .await
        .expect("readable");
    assert_eq!(
        rows.len() as i64,
        events,
        "a row without its event, or the other way"
    );
    for name in acked {
        let there = rows.binary_search_by(|(row,)| row.cmp(name)).is_ok();
        assert!(there, "{name} was acknowledged and is gone");
    }
}

async fn kill_often(kills: usize, server_too: bool) {
    let chance = Chance::from_seed(9);
    let mut done = 0;
    let mut total = 0;
    while done < kills {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = if server_too {
            fresh_postgres().await
        } else {
            None
        };
        let mut acked = Vec::new();
        for _ in 0..KILLS_PER_HOUSE.min(kills - done) {
            let after = Duration::from_millis(chance.below(40));
            let (path, url) = (folder.path().to_owned(), server.clone());
            let more =
                tokio::task::spawn_blocking(move || kill_once(&path, url.as_deref(), after)).await;
            acked.extend(more.expect("the parent lives"));
            check(folder.path(), server.as_deref(), &acked).await;
            done += 1;
        }
        total += acked.len();
    }
    println!("{done} kills, {total} acknowledged writes, none lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_kills_lose_no_acknowledged_write() {
    if let Ok(folder) = std::env::var(FOLDER) {
        write_until_killed(&folder).await;
    }
    // On a server the client dies and the server lives: fewer rounds show it.
    let on_server = std::env::var("LINLI_TEST_DB").is_ok();
    kill_often(if on_server { 30 } else { 200 }, on_server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_clearly_and_leaves_nothing_half_done() {
    let house = TestHouse::new().await;
    if house.db_url.is_some() {
        // The server's disk is not ours to fill; its answer has the same name (53100).
        return;
    }
    let allow = |pages: i64| {
        let house = house.house.clone();
        async move {
            let set: Result<Vec<(i64,)>, DbError> = house
                .db
                .keep(Chore::Checkpoint, HOUSE, move |r| {
                    r.all(ask(format!("PRAGMA max_page_count = {pages}"), params![]))
                })
                .await;
            set.expect("the limit is set")[0].0
        }
    };
    // As many pages as it has now: the disk is full from here on.
    allow(1).await;
    let mut refused = None;
    for i in 0..10_000 {
        if let Err(e) = one_write(&house, format!("w{i:08}{}", "x".repeat(500))).await {
            refused = Some(e);
            break;
        }
    }
    let refused = refused.expect("the disk is full at last");
    assert!(refused.to_string().contains("full"), "{refused}");
    for _ in 0..3 {
        let again = one_write(&house, format!("wz{}", "y".repeat(5_000))).await;
        assert!(again.is_err(), "still full");
    }
    // SQLite has ended the transaction: what a stubborn verb does next must not be kept.
    let stubborn: Result<(), DbError> = house
        .write(HOUSE, &Who::operator(), |mut tx| {
            let long = "z".repeat(5_000);
            let full = tx.execute(ask(
                "INSERT INTO installation (name, value) VALUES ($1, '')",
                params![&long],
            ));
            assert!(full.is_err(), "still full");
            tx.execute(ask(
                "DELETE FROM installation WHERE name LIKE 'w00000000%'",
                params![],
            ))?;
            tx.record(Event::new(WRITTEN), ())
        })
        .await;
    let stubborn = stubborn.expect_err("nothing of it is kept");
    assert!(stubborn.to_string().contains("full"), "{stubborn}");
    check(house.folder.path(), None, &[]).await;
    allow(1_000_000).await;
    one_write(&house, "w-after".into())
        .await
        .expect("there is room again");
    check(house.folder.path(), None, &["w-after".into()]).await;
}

/// A disk of a few megabytes in memory, taken away with the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where one may not mount.
    fn new() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the house may still hold its files for a moment.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// As root the disk is a real one that fills; elsewhere the test above stands alone, with
/// the database's own limit of pages.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_under_load_loses_nothing_and_the_house_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::new() else {
        return;
    };
    let folder = disk.0.path().to_owned();
    let house = std::sync::Arc::new(open(&folder, None, HandClock::at(MONDAY)).await);
    let ballast = folder.join("ballast");
    std::fs::write(&ballast, vec![7_u8; 4 << 20]).expect("there is room");
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let house = house.clone();
        tasks.spawn(async move {
            let mut acked = Vec::new();
            loop {
                let name = format!("w{writer}-{}{}", house.id(), "x".repeat(2_000));
                match one_write(&house, name.clone()).await {
                    Ok(()) => acked.push(name),
                    Err(error) => return (acked, error),
                }
            }
        });
    }
    let mut acked = Vec::new();
    for (names, error) in tasks.join_all().await {
        assert!(
            matches!(error, DbError::Full(_)),
            "a clear answer: {error:?}"
        );
        acked.extend(names);
    }
    assert!(acked.len() > 100, "{} were written", acked.len());
    // Reading goes on while the disk is full.
    let (rows,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM installation WHERE name LIKE 'w%'",
            params![],
        ))
        .await
        .expect("readable");
    assert!(rows >= acked.len() as i64);
    std::fs::remove_file(&ballast).expect("room is made");
    for nth in 0..20 {
        let name = format!("w9-{}{nth}", house.id());
        one_write(&house, name.clone()).await.expect("it goes on");
        acked.push(name);
    }
    checkpoints::tend(&house).await.expect("heads are signed");
    drop(house);
    acked.sort();
    check(&folder, None, &acked).await;
    // And after a start, as after the night in which the disk was full.
    let house = open(&folder, None, HandClock::at(MONDAY)).await;
    one_write(&house, "w-after".into())
        .await
        .expect("it goes on");
}
