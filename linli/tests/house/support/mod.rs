//! A house for a test: empty, with a clock turned by hand and seeded chance, on
//! SQLite in a temporary folder or, where `LINLI_TEST_DB` names a server, in a
//! PostgreSQL database of its own.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use foundation::chance::Chance;
use foundation::clock::{HandClock, Moment};
use foundation::database::{Community, DbError, HOUSE, ask};
use foundation::house::{House, Opening};
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;

/// 2026-03-02 10:00 in Shanghai, a Monday.
pub const MONDAY: Moment = Moment(1_772_416_800_000);

/// A house and what belongs to it; the folder and the database go with it.
pub struct TestHouse {
    pub house: Arc<House>,
    pub clock: HandClock,
    pub folder: tempfile::TempDir,
    pub db_url: Option<String>,
}

impl Deref for TestHouse {
    type Target = Arc<House>;
    fn deref(&self) -> &Arc<House> {
        &self.house
    }
}

impl Drop for TestHouse {
    fn drop(&mut self) {
        if let Some(url) = &self.db_url {
            drop_postgres(url);
        }
    }
}

impl TestHouse {
    pub async fn new() -> TestHouse {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db_url = fresh_postgres().await;
        let clock = HandClock::at(MONDAY);
        let house = open(folder.path(), db_url.clone(), clock.clone()).await;
        TestHouse {
            house: Arc::new(house),
            clock,
            folder,
            db_url,
        }
    }

    /// Opens the same house a second time: after a restart, or as another node.
    pub async fn again(&self) -> Arc<House> {
        Arc::new(open(self.folder.path(), self.db_url.clone(), self.clock.clone()).await)
    }
}

/// The house in `folder`, as every test opens it.
pub async fn open(folder: &std::path::Path, db_url: Option<String>, clock: HandClock) -> House {
    // A test that runs alone says words too.
    packed::furnish();
    let house = House::open(Opening {
        data_dir: folder.join("data"),
        db_url,
        keys_url: None,
        key_file: Some(folder.join("site.key")),
        passphrase: None,
        clock: Arc::new(clock),
        chance: Arc::new(Chance::from_seed(7)),
    })
    .await
    .expect("the house opens");
    // The child that reads scans is the house's own binary, not this test.
    dossiers::Reader::of(&house).by(env!("CARGO_BIN_EXE_linli").into());
    house
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A new, empty database on the server that `LINLI_TEST_DB` names; `None` without.
pub async fn fresh_postgres() -> Option<String> {
    let server = std::env::var("LINLI_TEST_DB").ok()?;
    let name = format!(
        "linli_test_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls)
        .await
        .expect("the server of LINLI_TEST_DB answers");
    let driver = tokio::spawn(connection);
    client
        .batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))
        .await
        .expect("a left-over database can be dropped");
    client
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database can be made");
    drop(client);
    let _ = driver.await;
    let mut url = url::Url::parse(&server).expect("LINLI_TEST_DB is a URL");
    url.set_path(&name);
    Some(url.to_string())
}

/// Three hundred databases left lying would fill a small disk.
pub fn drop_postgres(url: &str) {
    let (server, name) = url.rsplit_once('/').expect("made by fresh_postgres");
    let (server, name) = (format!("{server}/postgres"), name.to_owned());
    // A runtime cannot be waited for within another one.
    let dropping = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls)
                .await
                .map_err(std::io::Error::other)?;
            let driver = tokio::spawn(connection);
            let gone = client
                .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .await;
            drop(client);
            let _ = driver.await;
            gone.map_err(std::io::Error::other)
        })
    });
    // A test that failed already is told of by itself.
    if let Ok(Err(e)) = dropping.join() {
        eprintln!("a test's database stays behind: {e}");
    }
}

/// Somebody else's transaction that holds the head of a log, until it is let go.
pub struct HeldHead {
    client: tokio_postgres::Client,
}

impl HeldHead {
    pub async fn hold(url: &str, community: Community) -> HeldHead {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
            .await
            .expect("the server answers");
        tokio::spawn(connection);
        let lock =
            format!("BEGIN; SELECT 1 FROM ledger_head WHERE community = {community} FOR UPDATE");
        client.batch_execute(&lock).await.expect("it is free");
        HeldHead { client }
    }

    pub async fn let_go(self) {
        self.client.batch_execute("COMMIT").await.expect("it ends");
    }
}

impl TestHouse {
    /// Gives a compound its log, so that its verbs can record.
    pub async fn open_compound(&self, community: Community) {
        let opened: Result<(), DbError> = self
            .write(HOUSE, &Who::operator(), move |mut tx| {
                tx.open_log(community)?;
                tx.record(Event::new(Kind::new("test.compound_opened", 1)), ())
            })
            .await;
        opened.expect("the compound opens");
    }

    fn key_store(&self) -> std::path::PathBuf {
        self.folder.path().join("data/keys/keys.sqlite")
    }

    /// A backup of the key store, as a nightly job would make it.
    pub async fn copy_key_store(&self) -> std::path::PathBuf {
        let target = self.folder.path().join("keys-backup.sqlite");
        let copied = self.keys.store().copy_to(&target).await;
        copied
            .expect("the key store is a file")
            .expect("it can be copied");
        target
    }

    /// Puts the backup back in place of the key store.
    pub async fn restore_key_store(&self, backup: std::path::PathBuf) {
        let store = self.key_store();
        for end in ["-wal", "-shm"] {
            let mut beside = store.clone().into_os_string();
            beside.push(end);
            // It is there only while the store is open.
            let _ = std::fs::remove_file(beside);
        }
        std::fs::rename(backup, store).expect("the backup takes its place");
    }
}

/// A home changes hands on the roster, as the guided transfer writes it.
pub async fn transfer(
    house: &House,
    by: &permissions::actor::Actor,
    c: Community,
    room: foundation::ids::Id,
    owners: &[roster::NewOwner],
    day: &str,
) -> Result<roster::Transfer, roster::RosterError> {
    let prepared = roster::prepare_transfer(house, by, c, room, owners, day).await?;
    let who = by.who_for(permissions::Permission::RosterWrite);
    house
        .write(c, &who, move |mut tx| {
            let (done, event) = prepared.write_in(&mut tx, roster::Source::Desk)?;
            Ok(tx.record(event, done)?)
        })
        .await
}

/// Gives an account a browser that takes messages.
pub async fn takes_messages(house: &TestHouse, c: Community, account: Id) {
    let id = house.id();
    house
        .write(c, &Who::operator(), move |mut tx| {
            tx.execute(ask(
                "INSERT INTO outbox_device (community, account, id, digest, sealed, agent, \
                 created_at) VALUES ($1, $2, $3, $4, $4, 'Firefox', 0)",
                params![c, account, id, id.as_str().as_bytes()],
            ))?;
            tx.record(Event::new(Kind::new("test.made", 1)), ())
        })
        .await
        .expect("a browser that takes messages");
}
