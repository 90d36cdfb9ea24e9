//! `linli demo`: a believable compound to look around in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::installation::Installation;
use super::{Outcome, serve};
use crate::demo;
use accounts::{self, Side};
use foundation::clock::{Clock as _, HandClock, SystemClock};
use foundation::communities;
use foundation::database::HOUSE;
use foundation::house::House;
use permissions::Role;

/// `linli demo`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The port on this machine
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Throws the demo in the data folder away and makes a new one
    #[arg(long)]
    pub reset: bool,
    /// One JSON document on standard output: the address and a link per role
    #[arg(long)]
    pub json: bool,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port);
    let listener = serve::listen(address).await?;
    if args.reset {
        throw_away(installation).await?;
    }
    if !is_filled(installation).await? {
        let clock = HandClock::at(SystemClock.now());
        let mut opening = installation.opening();
        opening.clock = Arc::new(clock.clone());
        let house = installation.open_as(opening).await?;
        eprintln!(
            "linli makes {}, an invented compound of 1,200 rooms:",
            demo::NAME
        );
        demo::fill(&house, &clock, &|what| eprintln!("  {what}")).await?;
    }
    let house = installation.open().await?;
    serve::prepare(&house).await?;
    let url = format!("http://{}", listener.local_addr()?);
    print_links(&house, &url, args.json).await?;
    serve::serve(house, listener, crate::doors::web::Settings::default()).await?;
    Ok(Outcome::Sound)
}

async fn is_filled(installation: &Installation) -> anyhow::Result<bool> {
    let house = installation.open().await?;
    if accounts::links::is_demo(&house).await? {
        return Ok(true);
    }
    let any = communities::list(&house.db, HOUSE).await?;
    if !any.is_empty() {
        bail!(
            "{} holds a real installation: choose another folder with --data",
            installation.data.display()
        );
    }
    Ok(false)
}

/// Removes the data folder of a demo; of nothing else.
async fn throw_away(installation: &Installation) -> anyhow::Result<()> {
    if installation.db.is_some() {
        bail!("--reset works on a demo in a folder; drop a PostgreSQL database by its own tools");
    }
    if !installation.data.join("linli.sqlite").exists() {
        return Ok(());
    }
    let house = installation.open().await?;
    if !accounts::links::is_demo(&house).await? {
        bail!(
            "{} is not a demo; nothing was removed",
            installation.data.display()
        );
    }
    drop(house);
    std::fs::remove_dir_all(&installation.data)
        .with_context(|| format!("cannot remove {}", installation.data.display()))
}

/// One fresh sign-in link for each role, each good for one use.
async fn print_links(house: &House, url: &str, json: bool) -> anyhow::Result<()> {
    let compound = communities::by_name(&house.db, demo::NAME)
        .await?
        .context("the demo compound is gone; use --reset")?;
    let here = accounts::staff::everybody(house, Some(compound.number)).await?;
    let above = accounts::staff::everybody(house, Some(HOUSE)).await?;
    let mut links = serde_json::Map::new();
    for role in Role::ALL {
        let holder = here
            .iter()
            .chain(&above)
            .find(|c| c.role == role && c.active);
        let Some(account) = holder.map(|c| c.id) else {
            continue;
        };
        let side = if role.is_staff() {
            Side::Staff
        } else {
            Side::Owner
        };
        let path = accounts::demo_link(house, account, side).await?;
        links.insert(role.word().to_owned(), format!("{url}{path}").into());
    }
    let join = format!("{url}/c/{}/apply", compound.slug);
    if json {
        let document = serde_json::json!({
            "url": url, "community": compound.name, "slug": compound.slug,
            "join": join, "links": links,
        });
        println!("{document}");
        return Ok(());
    }
    println!(
        "\n{} is open at {url}\n\nSign in once with each of these:",
        compound.name
    );
    for (role, link) in &links {
        println!("  {role:<11} {}", link.as_str().unwrap_or_default());
    }
    println!(
        "\nApply as an owner: {join}\nStart again for fresh links; --reset for a fresh compound."
    );
    Ok(())
}
