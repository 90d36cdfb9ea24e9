//! The day's list of arrears over HTTP among 100,000 accounts: the specialist's page, its filters
//! and its orders, each from the request to the last byte, against the same server's empty page;
//! and how long the accounts of a whole month's batch take to be worked out.

use std::net::SocketAddr;
use std::time::Instant;

use accounts::Side;
use anyhow::Context as _;
use fees::{Basis, Period, bill_month};
use foundation::communities;
use foundation::database::{Change as _, DbError, ask};
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Who};
use foundation::params;
use linli::doors;
use permissions::Role;
use permissions::actor::Actor;

use crate::bills::{ROOMS, item, set_up};
use crate::http::Client;
use crate::table::{Line, median, p99};
use crate::{office, postgres, sqlite};

const LOOKS: usize = 40;
/// The list and its costliest filters: an order by sum, a building, those of the first day.
const PAGES: [&str; 5] = [
    "",
    "?show=scope",
    "?show=scope&sort=amount",
    "?show=overdue&sort=room",
    "?building=7",
];

/// The lines for one database.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(server: Option<&str>) -> anyhow::Result<Vec<Line>> {
    let folder = tempfile::tempdir_in(".")?;
    let fresh = match server {
        Some(server) => Some(postgres::fresh(server).await?),
        None => None,
    };
    let url = fresh.as_ref().map(|(_, url)| url.clone());
    let (house, _) = sqlite::house(folder.path(), url, 0).await?;
    accounts::mark_as_demo(&house).await?;
    let who = Who::operator();
    let compound = communities::create(&house, &who, "春和苑", ROOMS as u64).await?;
    let c = compound.number;
    let by = Actor::account(house.id(), None, c, vec![Role::Manager], Door::Web);
    let rooms: Vec<Id> = (0..ROOMS).map(|_| house.id()).collect();
    set_up(&house, c, &rooms).await?;
    let property = item(&house, &by, "物業費", Basis::Area, 28_500).await?;
    let month = Period::new(2026, 3).context("a month")?;
    bill_month(&house, &by, month, &[property]).await?;
    age(&house, c).await?;
    let begun = Instant::now();
    let changed = arrears::follow::follow(&house, c).await?;
    let worked_out = begun.elapsed().as_secs_f64();
    anyhow::ensure!(changed == ROOMS, "{changed} accounts");

    let (account, _) = office::hire(&house, &compound, Role::Specialist).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    let router = doors::web::router(house.clone(), doors::rooms::routes())?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let link = accounts::demo_link(&house, account, Side::Staff).await?;
    let mut browser = Client::new(at, [127, 0, 0, 1].into());
    let answer = browser.post(&link, &[]).await?;
    browser.remember(&answer).context("signing in")?;

    let database = if server.is_some() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    let mut lines = Vec::new();
    for query in PAGES {
        let path = format!("/c/{}/arrears{query}", compound.slug);
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..LOOKS {
            let begun = Instant::now();
            let answer = browser.get(&path).await?;
            ours.push(begun.elapsed().as_secs_f64() * 1_000.0);
            anyhow::ensure!(answer.status == 200, "{path}: {}", answer.status);
            let begun = Instant::now();
            browser.get("/nothing-here").await?;
            bare.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        lines.push(Line {
            what: format!("the day's list{query}, {ROOMS} accounts, {database}, over HTTP"),
            unit: "ms",
            note: format!(
                "p99 {:.0} ms, the bar is 200; {ROOMS} accounts worked out in {worked_out:.0} s",
                p99(ours.clone())
            ),
            ours: median(ours),
            bare: median(bare),
        });
    }
    drop(house);
    if let (Some(server), Some((name, _))) = (server, fresh) {
        postgres::drop_database(server, &name).await?;
    }
    Ok(lines)
}

/// The bills' due days lie at one to four hundred days back.
async fn age(
    house: &foundation::house::House,
    c: foundation::database::Community,
) -> anyhow::Result<()> {
    use jiff::ToSpan;
    let today = house.now().date();
    for days in 0..40_i32 {
        let due = today.saturating_sub((days * 10 + 1).days()).to_string();
        let made: Result<(), DbError> = house
            .write(c, &Who::operator(), move |mut tx| {
                tx.execute(ask(
                    "UPDATE fee_bill SET due = $2 WHERE community = $1 AND room IN \
                     (SELECT id FROM room WHERE community = $1 AND \
                     CAST(building AS INTEGER) % 40 = $3)",
                    params![c, due, i64::from(days)],
                ))?;
                tx.record(Event::new(sqlite::MEASURED), ())
            })
            .await;
        made?;
    }
    Ok(())
}
