//! The monthly bills of 100,000 rooms through the whole path (read, priced, inserted, recorded,
//! in short stays in the writer) against a bare insert of as many rows into a table with the
//! same indexes; by area, and from meters. PostgreSQL is measured against the same on its own.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use fees::{
    Basis, Fen, ItemDraft, ItemKind, PartMonth, Period, bill_month, make_item, runs, undo_run,
};
use foundation::database::{Change as _, Community, DbError, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Who};
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;
use rusqlite::Connection;

use crate::table::{Line, median};
use crate::{postgres, sqlite};

/// A company's largest compounds together.
pub const ROOMS: usize = 100_000;
const ROUNDS: usize = 3;
/// Rows in one transaction, as the house bills.
const CHUNK: usize = 500;

/// The lines for one database.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(server: Option<&str>) -> anyhow::Result<Vec<Line>> {
    let (mut area, mut metered, mut bare, mut undone) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir_in(".")?;
        let fresh = match server {
            Some(server) => Some(postgres::fresh(server).await?),
            None => None,
        };
        let url = fresh.as_ref().map(|(_, url)| url.clone());
        let (house, numbers) = sqlite::house(folder.path(), url, 1).await?;
        let c = numbers[0];
        let by = Actor::account(house.id(), None, c, vec![Role::Manager], Door::Web);
        let rooms: Vec<Id> = (0..ROOMS).map(|_| house.id()).collect();
        set_up(&house, c, &rooms).await?;
        let month = Period::new(2026, 3).context("a month")?;

        let property = item(&house, &by, "物業費", Basis::Area, 28_500).await?;
        let begun = Instant::now();
        let done = bill_month(&house, &by, month, &[property]).await?;
        area.push(begun.elapsed().as_secs_f64());
        anyhow::ensure!(done.bills == ROOMS as u64, "{done:?}");
        let again = bill_month(&house, &by, month, &[property]).await?;
        anyhow::ensure!(again.bills == 0, "billed twice: {again:?}");

        let water = item(&house, &by, "水費", Basis::Metered, 30_000).await?;
        meters(&house, c, water, &rooms).await?;
        let begun = Instant::now();
        let done = bill_month(&house, &by, month, &[water]).await?;
        metered.push(begun.elapsed().as_secs_f64());
        anyhow::ensure!(done.total == Fen(ROOMS as i64 * 3_600), "{done:?}");

        let last = runs(&house, &by).await?.first().context("a batch")?.id;
        let begun = Instant::now();
        undo_run(&house, &by, last, "重算").await?;
        undone.push(begun.elapsed().as_secs_f64());

        let begun = Instant::now();
        match server {
            None => bare_sqlite(&folder.path().join("bare.sqlite"))?,
            Some(server) => bare_postgres(server).await?,
        }
        bare.push(begun.elapsed().as_secs_f64());
        drop(house);
        if let (Some(server), Some((name, _))) = (server, fresh) {
            postgres::drop_database(server, &name).await?;
        }
    }
    let database = if server.is_some() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    let bare = median(bare);
    Ok(vec![
        Line {
            what: format!(
                "monthly bills of {ROOMS} rooms by area, {database}, against a bare insert"
            ),
            unit: "s",
            ours: median(area),
            bare,
            note: format!(
                "a second run makes none; a batch is taken back in {:.1} s",
                median(undone)
            ),
        },
        Line {
            what: format!("monthly bills of {ROOMS} meters, {database}, against a bare insert"),
            unit: "s",
            ours: median(metered),
            bare,
            note: "with the meters' marks moved on".into(),
        },
    ])
}

pub(crate) async fn item(
    house: &House,
    by: &Actor,
    name: &str,
    basis: Basis,
    rate: i64,
) -> anyhow::Result<Id> {
    let draft = ItemDraft {
        name: name.into(),
        kind: ItemKind::Other,
        basis,
        applies_to: String::new(),
        due_day: 25,
        due_months: 0,
        active_from: Period::new(2026, 1).context("a month")?,
        active_until: None,
        part_month: PartMonth::Whole,
    };
    Ok(make_item(house, by, draft, Some(rate)).await?)
}

/// The rooms, without what a roster knows beside them.
pub(crate) async fn set_up(house: &House, c: Community, rooms: &[Id]) -> anyhow::Result<()> {
    for (place, part) in rooms.chunks(5_000).enumerate() {
        let rows: Vec<_> = part
            .iter()
            .enumerate()
            .map(|(i, room)| {
                let n = place * 5_000 + i;
                let code = format!("{}-1-{}", n / 100 + 1, 101 + n % 100);
                params![
                    c,
                    *room,
                    &code,
                    &code,
                    "",
                    code.clone().into_bytes(),
                    "",
                    "",
                    (n / 100 + 1).to_string(),
                    "1",
                    8_000 + (n % 5_000) as i64,
                    "residence",
                    1,
                    0,
                    "",
                    0
                ]
            })
            .collect();
        let made: Result<(), DbError> = house
            .write(c, &Who::operator(), move |mut tx| {
                tx.insert_many(
                    "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, zone, \
                     building, unit, area, purpose, version, held, import, created_at) VALUES",
                    16,
                    rows,
                    "",
                )?;
                tx.record(Event::new(sqlite::MEASURED), ())
            })
            .await;
        made?;
    }
    Ok(())
}

/// A meter in each room, read in March: 12 units.
async fn meters(house: &House, c: Community, item: Id, rooms: &[Id]) -> anyhow::Result<()> {
    for part in rooms.chunks(5_000) {
        let (mut dials, mut readings) = (Vec::new(), Vec::new());
        for room in part {
            let (meter, reading) = (house.id(), house.id());
            dials.push(params![
                c,
                meter,
                item,
                *room,
                "",
                room.to_string(),
                5,
                "2026-01-01",
                0,
                12_000,
                0,
                0
            ]);
            readings.push(params![
                c,
                reading,
                meter,
                "2026-03-28",
                12_000,
                12_000,
                "desk",
                "taken",
                "",
                0
            ]);
        }
        let made: Result<(), DbError> = house
            .write(c, &Who::operator(), move |mut tx| {
                tx.insert_many(
                    "INSERT INTO fee_meter (community, id, item, room, building, number, digits, \
                     installed_on, start, total, billed, created_at) VALUES",
                    12,
                    dials,
                    "",
                )?;
                tx.insert_many(
                    "INSERT INTO fee_reading (community, id, meter, day, value, total, way, state, \
                     read_by, at) VALUES",
                    10,
                    readings,
                    "",
                )?;
                tx.record(Event::new(sqlite::MEASURED), ())
            })
            .await;
        made?;
    }
    let (n,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM fee_meter WHERE community = $1",
            params![c],
        ))
        .await?;
    anyhow::ensure!(n == rooms.len() as i64, "{n} meters");
    Ok(())
}

/// The bills' own table and indexes, without anything of ours around it.
const TABLE: &str = "CREATE TABLE bill (community BIGINT NOT NULL, id TEXT NOT NULL, \
    room TEXT NOT NULL, item TEXT NOT NULL, period TEXT NOT NULL, period_last TEXT NOT NULL, \
    amount BIGINT NOT NULL, adjusted BIGINT NOT NULL, written_off BIGINT NOT NULL, \
    allocated BIGINT NOT NULL, owed BIGINT NOT NULL, due TEXT NOT NULL, source TEXT NOT NULL, \
    state TEXT NOT NULL, void_reason TEXT NOT NULL, import TEXT NOT NULL, \
    created_at BIGINT NOT NULL, run TEXT NOT NULL, days BIGINT NOT NULL, \
    PRIMARY KEY (community, id))";
const INDEXES: &str = "CREATE UNIQUE INDEX b1 ON bill (community, room, item, period); \
    CREATE INDEX b2 ON bill (community, room, due, owed, import) WHERE owed > 0; \
    CREATE INDEX b3 ON bill (community, due, owed, room, import) WHERE owed > 0; \
    CREATE INDEX b4 ON bill (community, room, due, id); \
    CREATE INDEX b5 ON bill (community, period, item); \
    CREATE INDEX b6 ON bill (community, run, id) WHERE run <> '';";

fn row(n: usize) -> String {
    // Ids as ours: sixteen signs, in the order of making.
    format!(
        "(1, 'b{n:015}', 'r{n:015}', 'i000000000000000', '2026-03', '2026-03', 34200, 0, 0, 0, \
         34200, '2026-03-25', 'rates', 'open', '', '', 0, 'u000000000000000', 0)"
    )
}

fn bare_sqlite(path: &Path) -> anyhow::Result<()> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    )?;
    conn.execute_batch(&format!("{TABLE} WITHOUT ROWID;").replace("BIGINT", "INTEGER"))?;
    conn.execute_batch(INDEXES)?;
    for chunk in 0..ROOMS / CHUNK {
        let tx = conn.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "INSERT INTO bill VALUES (1, ?1, ?2, 'i000000000000000', '2026-03', '2026-03', \
                 34200, 0, 0, 0, 34200, '2026-03-25', 'rates', 'open', '', '', 0, \
                 'u000000000000000', 0)",
            )?;
            for n in chunk * CHUNK..(chunk + 1) * CHUNK {
                insert.execute([format!("b{n:015}"), format!("r{n:015}")])?;
            }
        }
        tx.commit()?;
    }
    Ok(())
}

async fn bare_postgres(server: &str) -> anyhow::Result<()> {
    let (name, url) = postgres::fresh(server).await?;
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
    let driving = tokio::spawn(connection);
    client.batch_execute(&format!("{TABLE}; {INDEXES}")).await?;
    for chunk in 0..ROOMS / CHUNK {
        let rows: Vec<String> = (chunk * CHUNK..(chunk + 1) * CHUNK).map(row).collect();
        let sql = format!("INSERT INTO bill VALUES {}", rows.join(", "));
        client.batch_execute(&sql).await?;
    }
    drop(client);
    driving.await??;
    postgres::drop_database(server, &name).await
}
