//! A channel's page when the compound has said a million things, against the same page of
//! one that has said ten thousand: what was said long ago must not be in the way.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use accounts::{self, Side};
use anyhow::Context as _;
use foundation::house::House;
use foundation::ids::Id;
use linli::doors;
use rusqlite::Connection;

use crate::clients::timed;
use crate::hall::words;
use crate::http::Client;
use crate::neighbours::Neighbours;
use crate::sqlite;
use crate::table::{Line, median, p99};

const FEW: i64 = 10_000;
const MANY: i64 = 1_000_000;
const MEMBERS: usize = 500;
/// Browsers in turn, so that a page is measured and not a queue.
const BROWSERS: usize = 1;
const ROUNDS: usize = 5;

/// A compound that is served, and its page.
struct Served {
    server: SocketAddr,
    cookie: String,
    path: String,
    _folder: tempfile::TempDir,
}

pub async fn lines() -> anyhow::Result<Vec<Line>> {
    let (few, many) = (serve(FEW).await?, serve(MANY).await?);
    let mut lines = Vec::new();
    for (what, tail) in [
        ("a channel's newest page", String::new()),
        // As far back as the small one goes: a search hit, an answered message.
        ("a page around an old message", "?at=2500".to_owned()),
    ] {
        let (mut ours, mut bare, mut slow) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let waits = open(&many, &tail).await?;
            ours.push(median(waits.clone()));
            slow.push(p99(waits));
            bare.push(median(open(&few, &tail).await?));
        }
        lines.push(Line {
            what: format!("{what}: {MANY} messages in the community, against {FEW}"),
            unit: "ms",
            ours: median(ours),
            bare: median(bare),
            note: format!("less is better; p99 {:.1} ms", median(slow)),
        });
    }
    Ok(lines)
}

/// How long the page took, again and again, in milliseconds.
async fn open(at: &Served, tail: &str) -> anyhow::Result<Vec<f64>> {
    let mut browser = Client::new(at.server, [127, 0, 0, 1].into());
    browser.cookie = at.cookie.clone();
    let browser = Arc::new(tokio::sync::Mutex::new(browser));
    let path: Arc<str> = format!("{}{tail}", at.path).into();
    let (_, waits) = timed(BROWSERS, move |_, _| {
        let (browser, path) = (browser.clone(), path.clone());
        async move {
            let page = browser.lock().await.get(&path).await?;
            anyhow::ensure!(page.status == 200, "{path}: {}", page.status);
            anyhow::ensure!(page.body.len() > 20_000, "fifty messages stand on it");
            Ok(())
        }
    })
    .await?;
    Ok(waits)
}

async fn serve(messages: i64) -> anyhow::Result<Served> {
    let folder = tempfile::tempdir_in(".")?;
    let (house, _) = sqlite::house(folder.path(), None, 0).await?;
    accounts::mark_as_demo(&house).await?;
    let here = Neighbours::settle(&house, MEMBERS).await?;
    let accounts: Vec<Id> = here.members.iter().filter_map(|m| m.account).collect();
    fill(
        &folder.path().join("data/linli.sqlite"),
        &here,
        &accounts,
        messages,
    )?;
    // As after the hour in which so much was said.
    house.db.study().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    let router = doors::web::router(house.clone(), doors::rooms::routes())?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok(Served {
        server,
        cookie: enter(&house, server, accounts[0]).await?,
        path: format!("/c/{}/group/channels/{}", here.compound.slug, here.main),
        _folder: folder,
    })
}

async fn enter(house: &Arc<House>, server: SocketAddr, account: Id) -> anyhow::Result<String> {
    let link = accounts::demo_link(house, account, Side::Owner).await?;
    let mut browser = Client::new(server, [127, 0, 0, 1].into());
    let answer = browser.post(&link, &[]).await?;
    browser.remember(&answer).context("signing in")?;
    Ok(browser.cookie)
}

/// Half of it in the main channel, half in another that the reader is in; some taken
/// back, some held, some with an answer, as in a group that has lived.
fn fill(file: &Path, here: &Neighbours, by: &[Id], messages: i64) -> anyhow::Result<()> {
    const INSERT: &str = "INSERT INTO group_message (community, channel, seq, id, tick, sent_id, \
        author, byline, badge, text, reply_to, state, at, pinned_at, parts) VALUES (?1, ?2, ?3, \
        ?4, ?5, ?4, ?6, '1-1-101 王**', '', ?7, ?8, ?9, ?10, NULL, '')";
    let mut conn = Connection::open(file)?;
    conn.busy_timeout(std::time::Duration::from_secs(60))?;
    conn.execute_batch("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")?;
    let c = here.compound.number.0;
    let (main, other) = (here.main.to_string(), "1m9q1j0000000001".to_owned());
    let tx = conn.transaction()?;
    {
        let mut insert = tx.prepare(INSERT)?;
        for n in 1..=messages {
            let (channel, seq) = if n % 2 == 0 {
                (&main, n / 2)
            } else {
                (&other, n / 2 + 1)
            };
            let state = match n % 500 {
                100 => "recalled",
                200 => "held",
                _ => "shown",
            };
            let reply = (n % 10 == 0 && seq > 60).then_some(seq - 60);
            insert.execute(rusqlite::params![
                c,
                channel,
                seq,
                format!("1m9q{n:012}"),
                n,
                by[(n as usize * 7) % by.len()].as_str(),
                words(n as u64),
                reply,
                state,
                1_700_000_000_000_i64 + n * 60_000,
            ])?;
        }
    }
    tx.execute(
        "INSERT INTO group_channel (community, id, kind, name, building, announce_only, \
         slow_seconds, quiet_from, quiet_until, hushed_until, last_seq, last_at, opened_at, \
         closed_at, version) SELECT community, ?3, 'open', '閒聊', '', 0, 0, 0, 0, NULL, 0, NULL, \
         opened_at, NULL, 1 FROM group_channel WHERE community = ?1 AND id = ?2",
        rusqlite::params![c, main, other],
    )?;
    tx.execute(
        "UPDATE group_channel SET last_seq = ?4 WHERE community = ?1 AND id IN (?2, ?3)",
        rusqlite::params![c, main, other, messages / 2],
    )?;
    tx.execute(
        "INSERT INTO group_clock (community, tick) VALUES (?1, ?2)",
        rusqlite::params![c, messages],
    )?;
    tx.commit()?;
    Ok(())
}
