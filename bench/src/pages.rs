//! Pages a second from the real router on loopback, with kept connections: an office's
//! pages against the same server's empty page (nothing found: the frame and no data),
//! with a compound's data and with a hundred times as much.

use std::net::SocketAddr;
use std::sync::Arc;

use ::roster as people_roster;
use accounts::{self, Side};
use anyhow::Context as _;
use foundation::communities::{self, Compound};
use foundation::house::House;
use foundation::ledger::Who;
use linli::doors;
use membership::draft::{self, Answers};
use membership::texts::{self, TextName};
use membership::{Relation, apply};
use permissions::Role;
use permissions::actor::Actor;
use tokio::sync::Mutex;

use crate::clients::timed;
use crate::http::Client;
use crate::roster::{self, Home};
use crate::table::{Line, median, p99};
use crate::{office, sqlite};

/// Rooms at 1×, and applications waiting at the desk.
const ROOMS: u32 = 1_000;
const WAITING: u32 = 20;
const SCALES: [u32; 2] = [1, 100];
/// An office's browsers.
const BROWSERS: usize = 16;
const ROUNDS: usize = 3;

pub async fn lines() -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for scale in SCALES {
        let folder = tempfile::tempdir_in(".")?;
        let (house, _) = sqlite::house(folder.path(), None, 0).await?;
        let (compound, cookie, server) = furnish(&house, scale).await?;
        let at = format!("/c/{}", compound.slug);
        let pages = [
            ("the desk's queue", format!("{at}/applications")),
            ("the office's first page", at.clone()),
            ("the list of rooms", format!("{at}/roster")),
        ];
        for (what, path) in pages {
            let (mut ours, mut bare, mut waits) = (Vec::new(), Vec::new(), Vec::new());
            let mut size = 0;
            let mut look = Client::new(server, [127, 0, 0, 1].into());
            look.cookie = cookie.clone();
            let status = look.get(&path).await?.status;
            if status != 200 {
                eprintln!("{what} is left out: status {status}");
                continue;
            }
            for _ in 0..ROUNDS {
                let (rate, more, bytes) = rate(server, &cookie, &path, 200).await?;
                ours.push(rate);
                waits.extend(more);
                size = bytes;
                let (rate, _, _) = self::rate(server, &cookie, "/nothing-here", 404).await?;
                bare.push(rate);
            }
            lines.push(Line {
                what: format!(
                    "{what}, {} rooms, {} waiting, against the empty page",
                    ROOMS * scale,
                    WAITING * scale
                ),
                unit: "pages/s",
                ours: median(ours),
                bare: median(bare),
                note: format!(
                    "p99 {:.1} ms at {BROWSERS} browsers, {size} bytes",
                    p99(waits)
                ),
            });
        }
    }
    Ok(lines)
}

async fn rate(
    server: SocketAddr,
    cookie: &str,
    path: &str,
    status: u16,
) -> anyhow::Result<(f64, Vec<f64>, usize)> {
    let mut browsers = Vec::with_capacity(BROWSERS);
    for _ in 0..BROWSERS {
        let mut browser = Client::new(server, [127, 0, 0, 1].into());
        browser.cookie = cookie.to_owned();
        browsers.push(Mutex::new(browser));
    }
    let size = browsers[0].lock().await.get(path).await?.body.len();
    let (browsers, path): (Arc<[_]>, Arc<str>) = (browsers.into(), path.into());
    let (rate, waits) = timed(BROWSERS, move |n, _| {
        let (browsers, path) = (browsers.clone(), path.clone());
        async move {
            let answer = browsers[n].lock().await.get(&path).await?;
            anyhow::ensure!(answer.status == status, "{path}: {}", answer.status);
            Ok(())
        }
    })
    .await?;
    Ok((rate, waits, size))
}

/// A compound with its roster and its desk; a specialist's cookie; where it is served.
async fn furnish(house: &Arc<House>, scale: u32) -> anyhow::Result<(Compound, String, SocketAddr)> {
    accounts::mark_as_demo(house).await?;
    let rooms = ROOMS * scale;
    let who = Who::operator();
    let compound = communities::create(house, &who, "春和苑", u64::from(rooms)).await?;
    office::import(house, &compound, &roster::book(rooms)?).await?;
    let (account, _) = office::hire(house, &compound, Role::Specialist).await?;
    for n in 0..WAITING * scale {
        file(house, &compound, &Home::nth(n * (ROOMS / WAITING))).await?;
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    let router = doors::web::router(house.clone(), doors::rooms::routes())?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });

    let link = accounts::demo_link(house, account, Side::Staff).await?;
    let mut browser = Client::new(server, [127, 0, 0, 1].into());
    let answer = browser.post(&link, &[]).await?;
    browser.remember(&answer).context("signing in")?;
    Ok((compound, browser.cookie, server))
}

/// An owner's application, waiting.
async fn file(house: &House, compound: &Compound, home: &Home) -> anyhow::Result<()> {
    let c = compound.number;
    let room = people_roster::find_room(house, c, &home.code())
        .await?
        .context("the room was imported")?;
    let mut answers = Answers {
        room_typed: home.code(),
        room: Some(room.id),
        room_code: room.code,
        relation: Some(Relation::Owner),
        name: home.owner.clone(),
        phone: home.phone.clone(),
        proof_later: true,
        privacy: Some(texts::current(house, c, TextName::Privacy).await?.version),
        ..Answers::default()
    };
    draft::look(house, c, &mut answers).await?;
    let secret = draft::begin(house, c, answers).await?;
    apply::submit(house, &Actor::link_holder(c), &secret).await?;
    Ok(())
}
