//! The same with a process that is killed: the people live in the child, and whoever killed
//! it keeps what they noted.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ::group::live::Hub;
use foundation::chance::Chance;
use foundation::clock::{HandClock, MINUTE};
use foundation::database::Database;
use foundation::ids::Id;
use serde::{Deserialize, Serialize};

use super::check::{Seen, Truth};
use super::night::{Awake, Night};
use super::notes::{Note, Party};
use super::{Ground, Round, block, finish, runtime, told};
use crate::support::MONDAY;

const PLAN: &str = "LINLI_SOAK_PLAN";
/// Buildings in the child.
const TOGETHER: u64 = 8;
/// Kills that one house sees before everything is heard and a new one begins.
const KILLS_PER_HOUSE: u64 = 10;

/// What a child is told.
#[derive(Serialize, Deserialize)]
struct Plan {
    url: Option<String>,
    seed: u64,
    opening: u64,
    host: Id,
    parties: Vec<Party>,
}

#[test]
fn whenever_the_program_is_killed_all_that_was_acknowledged_stands_once_and_in_one_order() {
    if let Ok(folder) = std::env::var(PLAN) {
        live_until_killed(Path::new(&folder));
    }
    let kills = told("LINLI_KILLS").unwrap_or(10);
    let (one, mut done, mut total) = (told("LINLI_SEED"), 0, Seen::default());
    while done < kills {
        let seed = one.unwrap_or(5_000 + done);
        let _said = Round(seed);
        let here = KILLS_PER_HOUSE.min(kills - done);
        total += kill_often(seed, here);
        done += here;
    }
    println!("{done} kills, {total:?}");
}

fn live_until_killed(folder: &Path) -> ! {
    let plan = std::fs::read(folder.join("plan.json")).expect("a plan");
    let plan: Plan = serde_json::from_slice(&plan).expect("a plan");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let clock = clock(plan.opening);
        let seed = plan.seed ^ (plan.opening << 50);
        let night = Arc::new(Night {
            house: block::open(folder, plan.url, clock.clone(), seed).await,
            hub: Hub::default(),
            clock,
            host: plan.host,
            disk: None,
            may_break: false,
            aloud: true,
            opening: plan.opening,
            serial: AtomicU64::new(0),
        });
        let mut awake = tokio::task::JoinSet::new();
        for party in plan.parties {
            awake.spawn(Awake::new(night.clone(), party, plan.seed).live());
        }
        awake.join_all().await;
    });
    unreachable!("it is killed before that")
}

/// Each opening begins some minutes after the last, whatever the last did.
fn clock(opening: u64) -> HandClock {
    HandClock::at(MONDAY.plus(opening as i64 * 30 * MINUTE))
}

/// Starts the child, kills it after a while, and returns what was noted in it.
fn kill_once(folder: &Path, after: Duration) -> Vec<(u64, Note)> {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "group::soak::kills::whenever_the_program_is_killed_all_that_was_acknowledged_stands_once_and_in_one_order",
            "--exact",
            "--nocapture",
        ])
        .env(PLAN, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let (first, started) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut notes = Vec::new();
        for line in lines.map_while(Result::ok) {
            // A line cut by the kill was never read whole, so it was not noted.
            let note = line
                .split_once("note ")
                .map(|(_, note)| serde_json::from_str(note));
            if let Some(Ok(note)) = note {
                notes.push(note);
                let _ = first.send(());
            }
        }
        notes
    });
    let begun = started.recv();
    std::thread::sleep(after);
    child.kill().expect("it can be killed");
    let ended = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(
        begun.is_ok() && !said.contains("panicked"),
        "the child: {said}"
    );
    reader.join().expect("its words are read")
}

fn kill_often(seed: u64, kills: u64) -> Seen {
    let (mut ground, chance) = (Ground::new(), Chance::from_seed(seed));
    // The disk of a killed process is the machine's own.
    if let Some(disk) = ground.disk.take() {
        disk.forget();
    }
    let folder = ground.folder.path().to_owned();
    let (host, mut parties) = runtime().block_on(async {
        let house = ground.open(0, seed).await;
        block::build(&house, TOGETHER, u32::MAX).await
    });
    let mut notes: Vec<Vec<Note>> = parties.iter().map(|_| Vec::new()).collect();
    for opening in 1..=kills {
        let plan = Plan {
            url: ground.url.clone(),
            seed,
            opening,
            host,
            parties,
        };
        let text = serde_json::to_vec(&plan).expect("plain data");
        std::fs::write(folder.join("plan.json"), text).expect("written");
        parties = plan.parties;
        for (number, note) in kill_once(&folder, Duration::from_millis(chance.below(500))) {
            parties[number as usize].follow(&note);
            notes[number as usize].push(note);
        }
        let url = ground.url.clone().unwrap_or_else(|| {
            let file = folder.join("data/linli.sqlite");
            file.display().to_string()
        });
        runtime().block_on(async {
            let db = Database::open_to_look(&url).await.expect("it opens");
            let truth = Truth::read(&db).await;
            for party in &parties {
                truth.hold(party, &notes[party.number as usize], false);
            }
        });
    }
    ground.clock = clock(kills + 1);
    runtime().block_on(finish(&ground, seed, host, parties, notes))
}
