//! Random schedules: the people of many buildings connect, drop, speak, take back and are
//! muted, while the power goes at any write of the disk, or the program is killed. Nothing
//! that was acknowledged is lost, nothing stands twice, and everybody hears one order.
//!
//! `LINLI_SCHEDULES=10000` and `LINLI_KILLS=100` run the long ones, `LINLI_SEED` one round
//! again.

mod block;
mod check;
mod disk;
mod kills;
mod night;
mod notes;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ::group::live::Hub;
use ::group::reading;
use foundation::chance::Chance;
use foundation::clock::{HandClock, MINUTE};
use foundation::house::House;
use foundation::ids::Id;
use linli::keeping::anchors::Sources;
use linli::keeping::verify::{Wanted, verify};

use self::check::{Seen, Truth};
use self::disk::{Disk, Fuse};
use self::night::{Awake, Night};
use self::notes::{Note, Party};
use crate::support::{MONDAY, drop_postgres, fresh_postgres};

/// Buildings of one compound: so many schedules run at once and meet in one writer.
const TOGETHER: u64 = 50;
/// What the people of one building do, over all crashes.
const STEPS: u32 = 40;
/// Openings after which the power stays.
const OPENINGS_MAX: u64 = 60;

/// A number from the environment.
fn told(name: &str) -> Option<u64> {
    let told = std::env::var(name).ok()?;
    Some(
        told.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

/// Says the seed of a round that fails.
struct Round(u64);

impl Drop for Round {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("LINLI_SEED={} runs this round again", self.0);
        }
    }
}

#[test]
fn whatever_the_power_does_all_that_was_acknowledged_stands_once_and_in_one_order() {
    let on_server = std::env::var("LINLI_TEST_DB").is_ok();
    let one = told("LINLI_SEED");
    let schedules = told("LINLI_SCHEDULES").unwrap_or(if on_server { 50 } else { 300 });
    let rounds = if one.is_some() {
        1
    } else {
        schedules.div_ceil(TOGETHER)
    };
    let (next, total) = (AtomicU64::new(0), Mutex::new((Seen::default(), 0)));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= rounds {
                        return;
                    }
                    let seed = one.unwrap_or(1_000 + n);
                    let _said = Round(seed);
                    let (seen, crashes) = round(seed);
                    let mut total = total.lock().expect("a failed round ends all");
                    total.0 += seen;
                    total.1 += crashes;
                }
            });
        }
    });
    let (seen, crashes) = *total.lock().expect("all rounds are over");
    println!(
        "{} schedules, {crashes} crashes, {seen:?}",
        rounds * TOGETHER
    );
    assert!(crashes >= rounds, "the power does go: {crashes}");
}

/// Where the house of a round stands.
struct Ground {
    folder: tempfile::TempDir,
    disk: Option<Arc<Disk>>,
    url: Option<String>,
    clock: HandClock,
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(disk) = &self.disk {
            disk.forget();
        }
        if let Some(url) = &self.url {
            drop_postgres(url);
        }
    }
}

impl Ground {
    fn new() -> Ground {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = runtime().block_on(fresh_postgres());
        let disk = url.is_none().then(|| Disk::under(folder.path()));
        Ground {
            disk,
            url,
            folder,
            clock: HandClock::at(MONDAY),
        }
    }

    async fn open(&self, opening: u64, seed: u64) -> Arc<House> {
        let seed = seed ^ (opening << 50);
        block::open(
            self.folder.path(),
            self.url.clone(),
            self.clock.clone(),
            seed,
        )
        .await
    }

    async fn night(&self, opening: u64, seed: u64, host: Id) -> Arc<Night> {
        Arc::new(Night {
            house: self.open(opening, seed).await,
            hub: Hub::default(),
            clock: self.clock.clone(),
            host,
            disk: self.disk.clone(),
            may_break: self.url.is_some(),
            aloud: false,
            opening,
            serial: AtomicU64::new(0),
        })
    }

    /// All that was in memory is gone; so is what the disk had not synced. Whether it was a
    /// crash.
    fn settle(&self, chance: &Chance) -> bool {
        let Some(disk) = &self.disk else { return false };
        for _ in 0..20_000 {
            if disk.handles() == 0 {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let crashed = disk.is_dead();
        disk.revive(chance).expect("the power comes back");
        crashed
    }
}

/// One thread, so that the same seed meets mostly the same turns; dropped, it takes every
/// task with it, as the end of a process does.
fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// So many buildings, from the first word to the last; what was seen, and how many crashes.
fn round(seed: u64) -> (Seen, u64) {
    let (ground, chance) = (Ground::new(), Chance::from_seed(seed));
    let (host, mut parties) = runtime().block_on(async {
        let house = ground.open(0, seed).await;
        block::build(&house, TOGETHER, STEPS).await
    });
    ground.settle(&chance);
    let mut notes: Vec<Vec<Note>> = parties.iter().map(|_| Vec::new()).collect();
    let mut crashes = 0;
    for opening in 1.. {
        let fuse = (opening < OPENINGS_MAX).then(|| match chance.below(3) {
            0 => Fuse::Syncs(1 + chance.below(60)),
            _ => Fuse::Steps(chance.below(3_000)),
        });
        let (asleep, more) = runtime().block_on(async {
            let night = ground.night(opening, seed, host).await;
            if let Some(disk) = &ground.disk {
                disk.arm(fuse);
            }
            let breaks = Arc::new(AtomicU64::new(0));
            let url = ground.url.clone();
            let breaking = url.map(|url| tokio::spawn(break_lines(url, seed, breaks.clone())));
            let mut awake = tokio::task::JoinSet::new();
            for party in parties {
                awake.spawn(Awake::new(night.clone(), party, seed).live());
            }
            let asleep = awake.join_all().await;
            if let Some(breaking) = breaking {
                breaking.abort();
            }
            (asleep, breaks.load(Ordering::Relaxed))
        });
        crashes += more + u64::from(ground.settle(&chance));
        parties = put_away(asleep, &mut notes);
        if parties.iter().all(|p| p.steps == 0) {
            break;
        }
    }
    let seen = runtime().block_on(finish(&ground, seed, host, parties, notes));
    ground.settle(&chance);
    (seen, crashes)
}

/// The parties in their order, their notes behind those of earlier nights.
fn put_away(asleep: Vec<(Party, Vec<Note>)>, notes: &mut [Vec<Note>]) -> Vec<Party> {
    let mut parties = Vec::with_capacity(asleep.len());
    for (party, more) in asleep {
        notes[party.number as usize].extend(more);
        parties.push(party);
    }
    parties.sort_by_key(|p| p.number);
    parties
}

/// A server whose connections break now and then, whatever runs over them.
async fn break_lines(url: String, seed: u64, count: Arc<AtomicU64>) {
    let chance = Chance::from_seed(seed ^ 77);
    loop {
        tokio::time::sleep(Duration::from_millis(50 + chance.below(400))).await;
        let connected = tokio_postgres::connect(&url, tokio_postgres::NoTls).await;
        let Ok((client, connection)) = connected else {
            continue;
        };
        tokio::spawn(connection);
        let ended = client.batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        ended.await.expect("they end");
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// The power stays: what was not answered is sent until it is, everybody hears the rest,
/// and all of it is held against the ledger.
async fn finish(
    ground: &Ground,
    seed: u64,
    host: Id,
    parties: Vec<Party>,
    mut notes: Vec<Vec<Note>>,
) -> Seen {
    ground.clock.advance(MINUTE);
    let mut night = ground.night(OPENINGS_MAX + 1, seed, host).await;
    Arc::get_mut(&mut night)
        .expect("nobody else has it")
        .may_break = false;
    let mut awake: Vec<Awake> = Vec::new();
    for party in parties {
        let mut one = Awake::new(night.clone(), party, seed);
        for sending in one.party.unanswered() {
            one.say(sending).await;
        }
        awake.push(one);
    }
    for one in &mut awake {
        for who in 0..one.party.people.len() {
            let view = reading::view(&night.house, &one.actor(who)).await;
            one.hear_up_to(who, &view.expect("a view")).await;
        }
    }
    let truth = Truth::read(&night.house.db).await;
    let mut seen = Seen::default();
    for one in awake {
        let notes = &mut notes[one.party.number as usize];
        notes.extend(one.notes);
        seen += truth.hold(&one.party, notes, true);
    }
    assert_eq!(seen.unanswered, 0, "everything was answered at last");
    let wanted = Wanted {
        sources: Sources {
            key_store: Some(night.house.keys.store().clone()),
            data_dir: Some(ground.folder.path().join("data")),
            ..Sources::default()
        },
        ..Wanted::default()
    };
    let report = verify(&night.house.db, &wanted).await.expect("verified");
    assert!(report.sound(), "{report:?}");
    seen
}
