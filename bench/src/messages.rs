//! Messages accepted: judged by conduct, stored, recorded in the ledger and on the disk
//! before the answer; against the same row alone, put into the same table by one bare
//! connection that commits what waits together.

use std::path::Path;
use std::sync::Arc;

use foundation::chance::Chance;
use foundation::clock::{HandClock, Moment};
use foundation::house::{House, Opening};
use group::MessageState;
use group::speak::{self, Draft};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::clients::timed;
use crate::neighbours::Neighbours;
use crate::table::{Line, median, p99};
use crate::{CLIENTS, ROUNDS};

/// Each message is so much later than the last, so that nobody floods the group.
const PACE_MS: i64 = 200;
const BEGUN: Moment = Moment(1_772_416_800_000);

async fn house(folder: &Path, clock: HandClock) -> anyhow::Result<Arc<House>> {
    let house = House::open(Opening {
        data_dir: folder.join("data"),
        db_url: None,
        keys_url: None,
        key_file: Some(folder.join("site.key")),
        passphrase: None,
        clock: Arc::new(clock),
        chance: Arc::new(Chance::from_seed(1)),
    });
    Ok(Arc::new(house.await?))
}

/// What a member says next: one of four thousand sentences, so that nobody repeats.
fn text(client: usize, n: u64) -> String {
    const WHEN: [&str; 8] = [
        "今天早上",
        "昨天晚上",
        "剛才",
        "週末下午",
        "前幾天",
        "這個月",
        "下雨以後",
        "午飯時間",
    ];
    const WHERE: [&str; 8] = [
        "花園裡",
        "二棟門口",
        "地下車庫",
        "兒童樂園",
        "電梯旁邊",
        "信箱前面",
        "水池邊上",
        "頂樓平台",
    ];
    const WHAT: [&str; 8] = [
        "桂花",
        "路燈",
        "自行車",
        "小貓",
        "長椅",
        "水管",
        "布告欄",
        "垃圾桶",
    ];
    const HOW: [&str; 8] = [
        "又多了一些",
        "好像換了新的",
        "有人看見了嗎",
        "需要大家留意",
        "比以前好多了",
        "看起來很舊",
        "是誰家的呢",
        "已經修好了",
    ];
    let k = (n * 197 + client as u64).wrapping_mul(0x9e37_79b9) >> 9;
    let of = |words: [&'static str; 8], shift: u64| words[(k >> shift & 7) as usize];
    format!(
        "{}{}{}{}。",
        of(WHEN, 0),
        of(WHERE, 3),
        of(WHAT, 6),
        of(HOW, 9)
    )
}

/// The line of the table.
pub async fn line() -> anyhow::Result<Line> {
    let (mut ours, mut bare, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir_in(".")?;
        let clock = HandClock::at(BEGUN);
        let house = house(folder.path(), clock.clone()).await?;
        let here = Arc::new(Neighbours::settle(&house, CLIENTS).await?);
        let schema = schema(&folder.path().join("data/linli.sqlite"))?;
        let figure = timed(CLIENTS, move |client, n| {
            let (house, here, clock) = (house.clone(), here.clone(), clock.clone());
            async move {
                clock.advance(PACE_MS);
                let draft = Draft {
                    sent_id: format!("b{client}-{n}"),
                    text: text(client, n),
                    ..Draft::default()
                };
                let said = speak::send(&house, &here.members[client], here.main, &draft).await?;
                anyhow::ensure!(
                    said.state == MessageState::Shown,
                    "{:?}: {}",
                    said.state,
                    said.text
                );
                Ok(())
            }
        });
        let (rate, more) = figure.await?;
        ours.push(rate);
        waits.extend(more);
        let folder = tempfile::tempdir_in(".")?;
        let queue = bare_writer(&folder.path().join("bare.sqlite"), &schema)?;
        let figure = timed(CLIENTS, move |client, n| {
            let queue = queue.clone();
            async move {
                let (answer, told) = oneshot::channel();
                queue.send((client, n, answer)).await?;
                Ok(told.await?)
            }
        });
        bare.push(figure.await?.0);
    }
    Ok(Line {
        what: format!("messages, judged and durable, SQLite, {CLIENTS} members, one channel"),
        unit: "messages/s",
        ours: median(ours),
        bare: median(bare),
        note: format!("against the same row alone; p99 {:.1} ms", p99(waits)),
    })
}

/// The group's table of messages and its indexes, as the house made them.
fn schema(file: &Path) -> anyhow::Result<String> {
    let conn = Connection::open(file)?;
    let mut asked = conn.prepare(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'group_message' AND sql IS NOT NULL \
         ORDER BY type DESC",
    )?;
    let rows = asked.query_map([], |row| row.get::<_, String>(0))?;
    let texts: Vec<String> = rows.collect::<Result<_, _>>()?;
    Ok(texts.join(";\n"))
}

type Question = (usize, u64, oneshot::Sender<()>);

/// One connection that takes what waits, at most 256, into one transaction.
fn bare_writer(path: &Path, schema: &str) -> anyhow::Result<mpsc::Sender<Question>> {
    const INSERT: &str = "INSERT INTO group_message (community, channel, seq, id, tick, sent_id, \
        author, byline, badge, text, reply_to, state, at, pinned_at, parts) VALUES (1, ?1, ?2, ?3, \
        ?2, ?4, ?5, '1-1-101 王**', '', ?6, NULL, 'shown', ?7, NULL, '')";
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    )?;
    conn.execute_batch(schema)?;
    let (send, mut receive) = mpsc::channel::<Question>(8_192);
    std::thread::spawn(move || -> rusqlite::Result<()> {
        let mut seq = 0_i64;
        while let Some(first) = receive.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < 256 {
                match receive.try_recv() {
                    Ok(more) => batch.push(more),
                    Err(_) => break,
                }
            }
            conn.execute_batch("BEGIN IMMEDIATE")?;
            {
                let mut insert = conn.prepare_cached(INSERT)?;
                for (client, n, _) in &batch {
                    seq += 1;
                    insert.execute(rusqlite::params![
                        "1m9q1j0000000001",
                        seq,
                        format!("1m9q1j{seq:010}"),
                        format!("b{client}-{n}"),
                        format!("1m9q1j{client:010}"),
                        text(*client, *n),
                        BEGUN.0 + seq * PACE_MS,
                    ])?;
                }
            }
            conn.execute_batch("COMMIT")?;
            for (.., answer) in batch {
                let _ = answer.send(());
            }
        }
        Ok(())
    });
    Ok(send)
}
