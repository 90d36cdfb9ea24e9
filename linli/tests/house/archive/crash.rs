//! The program is killed while papers are handed in: the strongroom stays sound, the ledger
//! agrees with it, and no half document is seen.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dossiers::intake::{self, Upload};
use dossiers::{Draft, Kind, State, Vault, filing, listing, looking, recovery};
use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;

use super::office::{Office, pdf};
use crate::membership::world::C;
use crate::support::{MONDAY, TestHouse, open};

const WHERE: &str = "LINLI_TEST_INTAKE";
const KILLS: usize = 12;

/// What the child does: hands papers in and says so, until it is killed.
async fn hand_in_until_killed(told: &str) -> ! {
    let parts: Vec<&str> = told.split('|').collect();
    let folder = Path::new(parts[0]);
    let url = Some(parts[1].to_owned()).filter(|u| !u.is_empty());
    let clock = HandClock::at(MONDAY);
    let house = Arc::new(open(folder, url.clone(), clock.clone()).await);
    let by = actor(parts[2]);
    let checker: Id = parts[3].parse().expect("an id");
    let dossier: Id = parts[4].parse().expect("an id");
    recovery::recover(&house).await.expect("put right");
    loop {
        let draft = Draft {
            kind: Kind::Other,
            title: "文件".into(),
            day: None,
            signed_by: String::new(),
            note: String::new(),
            paper: false,
            place: String::new(),
            checker,
            replaces: None,
        };
        let file = Upload {
            name: "a.pdf".into(),
            bytes: Arc::new(pdf(1, "x")),
            corners: None,
        };
        let id = intake::hand_in(&house, &by, dossier, draft, vec![file]).await;
        if let Ok(id) = id {
            let mut out = std::io::stdout().lock();
            writeln!(out, "ack {id}").expect("the parent listens");
            out.flush().expect("the parent listens");
        }
    }
}

fn actor(account: &str) -> Actor {
    let account = account.parse().expect("an id");
    Actor::account(account, None, C, vec![Role::Specialist], Door::Web)
}

fn kill_once(told: &str, after: Duration) -> Vec<Id> {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args([
            "archive::crash::kills_while_papers_are_handed_in_leave_no_half_document",
            "--exact",
            "--nocapture",
        ])
        .env(WHERE, told)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = child.spawn().expect("the child starts");
    let output = child.stdout.take().expect("piped");
    let (send, acked) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(id) = line.strip_prefix("ack ") {
                // The parent counts until it kills.
                let _ = send.send(id.parse().expect("an id"));
            }
        }
    });
    // From the first paper on, so that the kill falls among them.
    let mut out: Vec<Id> = acked
        .recv_timeout(Duration::from_secs(60))
        .into_iter()
        .collect();
    std::thread::sleep(after);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    reader.join().expect("its words are read");
    out.extend(acked.try_iter());
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_while_papers_are_handed_in_leave_no_half_document() {
    if let Ok(told) = std::env::var(WHERE) {
        hand_in_until_killed(&told).await;
    }
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let told = format!(
        "{}|{}|{}|{}|{dossier}",
        o.house().folder.path().display(),
        o.house().db_url.clone().unwrap_or_default(),
        o.w.specialist.account.expect("an account"),
        o.checker.account.expect("an account"),
    );
    let chance = Chance::from_seed(17);
    let mut acked: Vec<Id> = Vec::new();
    let kills = if o.house().db_url.is_some() { 4 } else { KILLS };
    for _ in 0..kills {
        let after = Duration::from_millis(chance.below(120));
        let told = told.clone();
        let more = tokio::task::spawn_blocking(move || kill_once(&told, after)).await;
        acked.extend(more.expect("the parent lives"));
    }
    let house = o.house();
    let done = recovery::recover(house).await.expect("put right");
    let again = recovery::recover(house).await.expect("nothing is left");
    assert_eq!(again.finished + again.given_up, 0, "{done:?}");
    check(house, &o, dossier, &acked).await;
}

async fn check(house: &TestHouse, o: &Office, dossier: Id, acked: &[Id]) {
    assert!(acked.len() >= 4, "papers came through: {}", acked.len());
    for id in acked {
        let d = filing::one(house, &o.w.specialist, *id).await;
        let d = d.expect("what was acknowledged is there");
        assert_eq!(d.state, State::Received);
    }
    let inside = listing::inside(house, &o.w.specialist, dossier).await;
    let inside = inside.expect("shown");
    let there = inside
        .documents
        .iter()
        .filter(|d| d.state == State::Received);
    let opened = Vault::of(house).open(house).await.expect("it opens");
    let report = opened.room.verify(None).expect("looked through");
    assert!(report.sound(), "{report:?}");
    let stored = opened.room.documents(&dossiers::vault::object(C, dossier));
    let stored = stored.expect("readable");
    let mut seen = 0;
    for d in there {
        let name = d.stored_as.parse().expect("an id");
        assert!(
            stored.contains_key(&name),
            "{} is in the strongroom",
            d.label()
        );
        seen += 1;
    }
    assert_eq!(stored.len(), seen, "the strongroom has what the list has");
    let last = acked.last().expect("some");
    let jpeg = looking::page(house, &o.checker, *last, 1).await;
    jpeg.expect("it opens");
}

/// The strongroom's disk alone, a few megabytes in memory; unmounted at the end.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mount(at: &Path, options: &str) -> Option<Disk> {
        std::fs::create_dir_all(at).expect("a folder");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        done.is_ok_and(|s| s.success()).then(|| Disk(at.to_owned()))
    }

    fn grow(&self) {
        let done = Command::new("mount")
            .args(["-o", "remount,size=64m"])
            .arg(&self.0)
            .status();
        assert!(done.is_ok_and(|s| s.success()), "there is room again");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The folder goes with the test; a disk that stays mounted is only memory.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_the_strongroom_is_told_and_nothing_is_lost() {
    let o = Office::new().await;
    let house = o.house();
    let Some(disk) = Disk::mount(&house.data_dir.join("strongroom"), "size=3m") else {
        eprintln!("one may not mount here: the full disk is simulated by the engine's tests alone");
        return;
    };
    let dossier = o.dossier(0).await;
    let paper = [("a.pdf", pdf(1, &"x".repeat(150_000)))];
    let mut taken = Vec::new();
    let refused = loop {
        match o.hands_in(dossier, Kind::Other, &paper).await {
            Ok(id) => taken.push(id),
            Err(e) => break e,
        }
        assert!(taken.len() < 100, "the disk is full at last");
    };
    assert!(matches!(refused, dossiers::ArchiveError::Full), "{refused}");
    assert!(taken.len() > 3, "{} came before", taken.len());
    let again = o.hands_in(dossier, Kind::Other, &paper).await;
    assert!(
        matches!(again, Err(dossiers::ArchiveError::Full)),
        "still full"
    );
    for id in &taken {
        let jpeg = looking::page(house, &o.checker, *id, 1).await;
        jpeg.expect("what was taken is read all the same");
    }
    disk.grow();
    recovery::recover(house).await.expect("put right");
    let id = o.hands_in(dossier, Kind::Other, &paper).await;
    taken.push(id.expect("there is room again"));
    check(house, &o, dossier, &taken).await;
}
