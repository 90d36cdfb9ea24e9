//! The program is killed in the middle of transfers and of taking them back, again and again:
//! each home is the former owner's or the new one's, never half of both, and the followers
//! finish what the kill cut off. `LINLI_KILLS=100` kills more often.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use changes::transfer::{self, Stage, deed};
use dossiers::Life;
use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;
use roster::people_of_room;

use super::{drafted, followed};
use crate::archive::office::Office;
use crate::membership::world::C;
use crate::support::{MONDAY, open};

const FOLDER: &str = "LINLI_TRANSFER_FOLDER";
const SERVER: &str = "LINLI_TRANSFER_SERVER";
const WHO: &str = "LINLI_TRANSFER_WHO";
const THIS: &str =
    "changes::kills::a_kill_in_the_middle_leaves_each_home_wholly_the_ones_or_the_others";

fn actor(account: Id, role: Role) -> Actor {
    Actor::account(account, None, C, vec![role], Door::Web)
}

/// What the child does until it is killed: transfers and takes back, home after home.
async fn hand_over_until_killed(folder: &str) -> ! {
    let server = std::env::var(SERVER).ok();
    let house = open(Path::new(folder), server, HandClock::at(MONDAY)).await;
    let who = std::env::var(WHO).expect("who acts");
    let ids: Vec<Id> = who
        .split(' ')
        .map(|id| id.parse().expect("an id"))
        .collect();
    let by = actor(ids[0], Role::Specialist);
    let manager = actor(ids[1], Role::Manager);
    loop {
        // All of them the one way, then all of them back.
        for id in &ids[2..] {
            let (t, _) = transfer::one(&house, &by, *id).await.expect("there");
            match t.stage {
                Stage::Draft => deed::complete(&house, &by, *id, t.version)
                    .await
                    .expect("done"),
                Stage::Done => deed::undo(&house, &manager, *id, t.version)
                    .await
                    .expect("taken back"),
                _ => {}
            }
            println!("did {id}");
        }
        dossiers::follow::follow(&house, C).await.expect("dossiers");
        changes::follow::follow(&house, C).await.expect("changes");
    }
}

fn kill_once(o: &Office, who: &str, after: u64) {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args([THIS, "--exact", "--nocapture"])
        .env(FOLDER, o.house().folder.path())
        .env(WHO, who)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(server) = &o.house().db_url {
        child.env(SERVER, server);
    }
    let mut child = child.spawn().expect("the child starts");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    let (first, started) = std::sync::mpsc::channel();
    // Read on to the end: a child that cannot say what it did would end by itself.
    let reader = std::thread::spawn(move || {
        let lines = out.lines().map_while(Result::ok);
        for _ in lines.filter(|l| l.contains("did ")) {
            let _ = first.send(());
        }
    });
    started.recv().expect("the child works");
    // Somewhere in what it does next.
    std::thread::sleep(std::time::Duration::from_micros(after));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    reader.join().expect("its words are read");
}

/// A home after a kill: whose it is, and that all of it is.
async fn whole(o: &Office, house: &House, at: usize, id: Id, former: Id) -> Stage {
    let by = &o.w.specialist;
    let (t, draft) = transfer::one(house, by, id).await.expect("there");
    let people = people_of_room(house, C, t.room).await.expect("people");
    let owners: Vec<Id> = people
        .iter()
        .filter(|p| p.relation.stands && p.relation.kind.owns())
        .map(|p| p.party)
        .collect();
    let cars = roster::vehicles_of(house, C, t.room)
        .await
        .expect("cars")
        .len();
    assert_eq!(owners.len(), 1, "{at}: one owner");
    let done = t.stage == Stage::Done;
    assert_eq!(owners[0] != former, done, "{at}: {:?}", t.stage);
    assert_eq!(cars == 0, done, "{at}: the car goes with the act");
    let told = o.w.told(&format!("transfer:{id}")).await;
    let count = |what: &str| told.iter().filter(|k| k.ends_with(what)).count();
    let (acts, undone) = (count("transfer_done"), count("transfer_undone"));
    assert_eq!(acts, undone + usize::from(done), "{at}: {told:?}");
    let open = dossiers::sealing::tenures(house, C, t.room)
        .await
        .expect("tenures");
    let open: Vec<_> = open.iter().filter(|d| d.life == Life::Open).collect();
    assert_eq!(
        open.len(),
        1,
        "{at}: one tenure is open after the followers"
    );
    let theirs = dossiers::sealing::owners(house, C, open[0].id)
        .await
        .expect("owners");
    assert_eq!(theirs, owners, "{at}: and it is the owner's");
    assert_eq!(draft.owners.len(), 1);
    t.stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_leaves_each_home_wholly_the_ones_or_the_others() {
    if let Ok(folder) = std::env::var(FOLDER) {
        hand_over_until_killed(&folder).await;
    }
    let kills: u64 = std::env::var("LINLI_KILLS").map_or(6, |n| n.parse().expect("a number"));
    let chance = Chance::from_seed(7);
    let mut seen = BTreeSet::new();
    for n in 0..kills {
        let o = Office::new().await;
        let by = &o.w.specialist;
        let mut transfers = Vec::new();
        for at in 0..4 {
            let car = roster::add_vehicle(o.house(), by, C, o.w.rooms[at], "粵B12345")
                .await
                .expect("a car");
            let former = super::owner_of(&o, at).await;
            followed(&o).await;
            let (id, _) = drafted(&o, at, |d| {
                d.vehicles = vec![car];
                d.owners[0].name = format!("吳敏{at}");
                d.owners[0].phone = format!("1366666777{at}");
            })
            .await;
            transfers.push((id, former));
        }
        let accounts = [by.account, o.w.manager.account].into_iter().flatten();
        let who: Vec<String> = accounts
            .chain(transfers.iter().map(|(id, _)| *id))
            .map(|id| id.to_string())
            .collect();
        kill_once(&o, &who.join(" "), chance.below(250_000));
        let house = o.house().again().await;
        dossiers::follow::follow(&house, C).await.expect("dossiers");
        changes::follow::follow(&house, C).await.expect("changes");
        let mut stages = Vec::new();
        for (at, (id, former)) in transfers.into_iter().enumerate() {
            stages.push(whole(&o, &house, at, id, former).await);
        }
        eprintln!("kill {n}: {stages:?}");
        seen.extend(stages.into_iter().map(Stage::word));
        assert!(crate::ledger::verified(o.house()).await.sound());
    }
    assert!(
        seen.contains("done") && seen.len() > 1,
        "cut between acts: {seen:?}"
    );
}
