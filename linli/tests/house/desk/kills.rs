//! The program is killed while its clock looks at tickets, again and again: each alarm is given
//! once, none is lost, and each stands in the ledger. `LINLI_KILLS=200` kills more often.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use ::desk::alarms::{self, Step, Watched};
use ::desk::calendar::Office;
use ::desk::category::Tree;
use ::desk::clocks::Clock;
use ::desk::log;
use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::house::House;

use super::*;
use crate::support::open;

const FOLDER: &str = "LINLI_DESK_FOLDER";
const SERVER: &str = "LINLI_DESK_SERVER";
const FROM: &str = "LINLI_DESK_FROM";
const THIS: &str = "desk::kills::a_kill_neither_loses_nor_doubles_an_alarm";

/// What the child does until it is killed: minute after minute it looks at every ticket.
async fn tend_until_killed(folder: &str) -> ! {
    let server = std::env::var(SERVER).ok();
    let from: i64 = std::env::var(FROM).expect("when").parse().expect("a time");
    let clock = HandClock::at(Moment(from));
    let house = open(Path::new(folder), server, clock.clone()).await;
    for minute in 1.. {
        clock.advance(MINUTE);
        tend::run(&house, C).await.expect("tended");
        println!("did {minute}");
    }
    unreachable!("it is killed before")
}

/// Starts the child, kills it after a while; how many minutes it had done.
fn kill_once(d: &Counter, after: u64) -> i64 {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args([THIS, "--exact", "--nocapture"])
        .env(FOLDER, d.w.house.folder.path())
        .env(FROM, d.w.house.now().0.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(server) = &d.w.house.db_url {
        child.env(SERVER, server);
    }
    let mut child = child.spawn().expect("the child starts");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    let (first, started) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut last = 0;
        for line in out.lines().map_while(Result::ok) {
            if let Some(at) = line.find("did ") {
                last = line[at + 4..].trim().parse().unwrap_or(last);
                let _ = first.send(());
            }
        }
        last
    });
    started.recv().expect("the child works");
    std::thread::sleep(std::time::Duration::from_micros(after));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    reader.join().expect("its words are read")
}

/// What a ticket owes by now, worked out without what was given.
async fn owed(house: &House, t: &Ticket) -> BTreeSet<(&'static str, i64, &'static str)> {
    let system = Actor::system(C);
    let steps = looking::story(house, &system, t).await.expect("read");
    let tree = Tree::of(house, C).await.expect("read");
    let office = Office::of(house, C).await.expect("read");
    let marks = log::marks(&steps);
    let watched = Watched {
        opened: t.opened_at,
        since: t.since,
        log: &marks,
        terms: tree.effective(t.category, t.kind, t.priority).terms,
    };
    let (all, _) = alarms::owed(&watched, &office.calendar, &[], house.now());
    all.iter()
        .map(|a| (a.clock.word(), a.round, a.step.word()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_neither_loses_nor_doubles_an_alarm() {
    if let Ok(folder) = std::env::var(FOLDER) {
        tend_until_killed(&folder).await;
    }
    let kills: u64 = std::env::var("LINLI_KILLS").map_or(10, |n| n.parse().expect("a number"));
    let chance = Chance::from_seed(11);
    let d = Counter::new().await;
    let mut ids = Vec::new();
    let mut given = 0;
    for n in 0..kills {
        for _ in 0..6 {
            let mut new = d.repair();
            new.priority = Some(Priority::Emergency);
            ids.push(d.opened(new).await.id);
        }
        let minutes = kill_once(&d, chance.below(120_000));
        d.w.house.clock.advance((minutes + 2) * MINUTE);
        // The house as it comes up again, on what the dead one left.
        let house = d.w.house.again().await;
        tend::run(&house, C).await.expect("tended");
        let rows: Vec<(Id, Clock, i64, Step)> = house
            .db
            .all(ask(
                "SELECT ticket, clock, round, step FROM desk_alarm WHERE community = $1",
                params![C],
            ))
            .await
            .expect("readable");
        for id in &ids {
            let t = d.ticket(*id).await;
            let of: BTreeSet<_> = rows
                .iter()
                .filter(|r| r.0 == *id)
                .map(|r| (r.1.word(), r.2, r.3.word()))
                .collect();
            assert_eq!(of, owed(&house, &t).await, "kill {n}");
            let told = d.w.told(&format!("ticket:{id}")).await;
            let told = told.iter().filter(|k| *k == "desk.alarmed").count();
            assert_eq!(told, of.len(), "kill {n}: each once in the ledger");
        }
        assert!(rows.len() >= given);
        given = rows.len();
    }
    assert!(given > 20, "{given} alarms were given");
    assert!(crate::ledger::verified(&d.w.house).await.sound());
}
