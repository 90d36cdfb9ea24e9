//! A handover day, from another process than the house: two thousand households apply
//! over HTTP as phones do, screen by screen; some send twice, some lose the answer and
//! send again, some begin anew. Then the database is looked at: each is there once,
//! none lost, none doubled; and of fifty who use one invitation at once, one joins.
//!
//! `applications LINLI [FROM_ONE_ADDRESS]`: the program `linli`, and how many of the
//! applications come from one address (an office's Wi-Fi), at a pace; the others come
//! from an address each, as fast as it goes. LINLI_TEST_DB=postgres://… runs it there.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use bench::http::{Answer, Client};
use bench::roster::{self, Home};
use bench::table::{median, p99};
use bench::{office, postgres, sqlite};
use foundation::communities::{self, Compound};
use foundation::database::ask;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Who;
use foundation::params;
use linli::keeping::verify::{Wanted, verify};
use membership::desk::{self, Decision};
use membership::invite;
use permissions::Role;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const APPLICATIONS: u32 = 2_000;
/// Phones that fill in their screens at the same time.
const AT_ONCE: usize = 64;
/// Of those behind one address, one begins in so long: 70 sends a second.
const PACE: Duration = Duration::from_millis(100);
const ONE_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 9));
/// Who use one invitation at once.
const GUESTS: usize = 50;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let program = args
        .next()
        .context("applications LINLI [FROM_ONE_ADDRESS]")?;
    let shared: u32 = args.next().map_or(Ok(300), |n| n.parse())?;
    let folder = tempfile::tempdir_in(".")?;
    let fresh = match std::env::var("LINLI_TEST_DB") {
        Ok(server) => {
            let (name, url) = postgres::fresh(&server).await?;
            Some((server, name, url))
        }
        Err(_) => None,
    };
    let url = fresh.as_ref().map(|(_, _, url)| url.clone());
    let place = Place {
        program,
        folder: folder.path(),
        url,
    };
    let done = run(&place, shared).await;
    if let Some((server, name, _)) = fresh {
        postgres::drop_database(&server, &name).await?;
    }
    done
}

struct Place<'p> {
    program: String,
    folder: &'p Path,
    url: Option<String>,
}

impl Place<'_> {
    async fn open(&self) -> anyhow::Result<Arc<House>> {
        Ok(sqlite::house(self.folder, self.url.clone(), 0).await?.0)
    }

    /// `linli serve` on a free port of loopback, answering.
    async fn serve(&self) -> anyhow::Result<(Child, SocketAddr)> {
        let free = std::net::TcpListener::bind("127.0.0.1:0")?;
        let server = free.local_addr()?;
        drop(free);
        let mut command = Command::new(&self.program);
        command
            .arg("serve")
            .args(["--listen", &server.to_string()])
            .arg("--data")
            .arg(self.folder.join("data"))
            .arg("--key-file")
            .arg(self.folder.join("site.key"))
            .kill_on_drop(true);
        if let Some(url) = &self.url {
            command.args(["--db", url]);
        }
        let child = command.spawn().context(self.program.clone())?;
        for _ in 0..200 {
            let mut client = Client::new(server, Ipv4Addr::LOCALHOST.into());
            if let Ok(answer) = client.get("/healthz").await
                && answer.status == 200
            {
                return Ok((child, server));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("{} does not answer", self.program)
    }
}

#[allow(clippy::disallowed_methods)] // measuring is what this program is for
async fn run(place: &Place<'_>, shared: u32) -> anyhow::Result<()> {
    let house = place.open().await?;
    let who = Who::operator();
    let compound = communities::create(&house, &who, "春和苑", u64::from(APPLICATIONS)).await?;
    office::import(&house, &compound, &roster::book(APPLICATIONS)?).await?;
    drop(house);

    let (mut child, server) = place.serve().await?;
    let begun = Instant::now();
    let waits = everybody(server, &compound, shared).await?;
    let took = begun.elapsed().as_secs_f64();
    stop(&mut child).await?;
    println!(
        "{APPLICATIONS} applied in {took:.1} s ({shared} of them from one address); \
         {} requests, p50 {:.1} ms, p99 {:.0} ms",
        waits.len(),
        median(waits.clone()),
        p99(waits)
    );

    let house = place.open().await?;
    all_there_once(&house, &compound).await?;
    let link = an_invitation(&house, &compound).await?;
    drop(house);
    let (mut child, server) = place.serve().await?;
    let joined = fifty(server, &compound, &link).await?;
    stop(&mut child).await?;
    let house = place.open().await?;
    let members = count(
        &house,
        "SELECT COUNT(*) FROM member WHERE community = $1",
        &compound,
    );
    let members = members.await?;
    ensure!(
        joined == 1 && members == 1,
        "{joined} were let in, {members} are members"
    );
    println!("of {GUESTS} with one invitation at once, {joined} joined");
    let report = verify(&house.db, &Wanted::default()).await?;
    ensure!(report.sound(), "the ledger is not sound");
    println!("the ledger of {} events is sound", report.events());
    Ok(())
}

/// Asks the house to stop, and waits until it did.
async fn stop(child: &mut Child) -> anyhow::Result<()> {
    let pid = child.id().context("it is running")?;
    let told = Command::new("kill").arg(pid.to_string()).status().await?;
    ensure!(told.success(), "kill {pid}");
    let ended = child.wait().await?;
    ensure!(ended.success(), "linli serve ended with {ended}");
    Ok(())
}

/// Everybody applies; how long each request took, in milliseconds.
async fn everybody(
    server: SocketAddr,
    compound: &Compound,
    shared: u32,
) -> anyhow::Result<Vec<f64>> {
    let phones = Arc::new(Semaphore::new(AT_ONCE));
    let mut all = tokio::task::JoinSet::new();
    let slug: Arc<str> = compound.slug.as_str().into();
    let (paced, slug_of_paced) = (phones.clone(), slug.clone());
    all.spawn(async move {
        let mut waits = Vec::new();
        let mut few = tokio::task::JoinSet::new();
        for n in 0..shared {
            let (slug, phones) = (slug_of_paced.clone(), paced.clone());
            few.spawn(async move {
                let _one = phones.acquire_owned().await?;
                Phone::new(server, ONE_ADDRESS, slug).apply(n).await
            });
            tokio::time::sleep(PACE).await;
        }
        while let Some(one) = few.join_next().await {
            waits.extend(one??);
        }
        anyhow::Ok(waits)
    });
    for n in shared..APPLICATIONS {
        let one = phones.clone().acquire_owned().await?;
        let [_, _, high, low] = n.to_be_bytes();
        let from = Ipv4Addr::new(127, 1, high, low).into();
        let slug = slug.clone();
        all.spawn(async move {
            let _one = one;
            Phone::new(server, from, slug).apply(n).await
        });
    }
    let mut waits = Vec::new();
    while let Some(ended) = all.join_next().await {
        waits.extend(ended??);
    }
    Ok(waits)
}

/// One applicant's phone.
struct Phone {
    client: Client,
    server: SocketAddr,
    from: IpAddr,
    slug: Arc<str>,
    waits: Vec<f64>,
}

impl Phone {
    fn new(server: SocketAddr, from: IpAddr, slug: Arc<str>) -> Phone {
        Phone {
            client: Client::new(server, from),
            server,
            from,
            slug,
            waits: Vec::new(),
        }
    }

    #[allow(clippy::disallowed_methods)] // measuring is what this program is for
    async fn send(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let begun = Instant::now();
        let answer = self.client.post(path, form).await?;
        self.waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
        if answer.status == 429 {
            bail!("refused as too many: {path}");
        }
        Ok(answer)
    }

    #[allow(clippy::disallowed_methods)] // measuring is what this program is for
    async fn look(&mut self, path: &str) -> anyhow::Result<Answer> {
        let begun = Instant::now();
        let answer = self.client.get(path).await?;
        self.waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        Ok(answer)
    }

    /// From the first page to the last question, as the pages lead; the check page.
    async fn fill_in(&mut self, home: &Home) -> anyhow::Result<String> {
        let start = format!("/c/{}/apply", self.slug);
        self.look(&start).await?;
        let mut at = self.send(&start, &[]).await?.location;
        // As many screens as there are, and one answered twice.
        for _ in 0..10 {
            let step = at.rsplit('/').next().unwrap_or_default().to_owned();
            if step == "check" {
                return Ok(at);
            }
            self.look(&at).await?;
            let code = home.code();
            let form: &[(&str, &str)] = match step.as_str() {
                "room" => &[("room", &code)],
                "relation" => &[("relation", "owner")],
                "name" => &[("name", &home.owner)],
                "phone" => &[("phone", &home.phone)],
                "document" => &[("document", "")],
                "proof" => &[("later", "yes")],
                "consent" => &[("privacy", "yes")],
                other => bail!("an unknown screen {other:?}"),
            };
            let answer = self.send(&at, form).await?;
            ensure!(answer.status == 303, "{at}: {}", answer.status);
            at = answer.location;
        }
        bail!("the screens go in a circle at {at}")
    }

    /// One household's whole evening.
    async fn apply(mut self, n: u32) -> anyhow::Result<Vec<f64>> {
        let home = Home::nth(n);
        let check = self.fill_in(&home).await.with_context(|| home.code())?;
        self.look(&check).await?;
        let form = [("note", "")];
        match n % 10 {
            // Two thumbs on the button: sent twice at the same time.
            0 | 1 => {
                let mut other = Client::new(self.server, self.from);
                let both = tokio::join!(self.client.post(&check, &form), other.post(&check, &form));
                for answer in [both.0?, both.1?] {
                    ensure!(answer.status == 303, "sent twice: {}", answer.status);
                }
            }
            // The answer is lost on the way; sent again.
            2 | 3 => {
                self.client.begin_post(&check, &form).await?;
                self.client.hang_up();
                let answer = self.send(&check, &form).await?;
                ensure!(answer.status == 303, "sent again: {}", answer.status);
            }
            _ => {
                let answer = self.send(&check, &form).await?;
                ensure!(answer.status == 303, "sent: {}", answer.status);
            }
        }
        let receipt = check.trim_end_matches("/check").to_owned();
        self.look(&receipt).await?;
        if n % 10 == 4 {
            // Forgot that it was sent, begins anew: told so, and nothing is doubled.
            let check = self.fill_in(&home).await?;
            let answer = self.send(&check, &form).await?;
            ensure!(answer.status == 409, "sent anew: {}", answer.status);
        }
        Ok(self.waits)
    }
}

async fn count(house: &House, sql: &'static str, compound: &Compound) -> anyhow::Result<i64> {
    let (n,): (i64,) = house.db.one(ask(sql, params![compound.number])).await?;
    Ok(n)
}

/// Each household once, with its event.
async fn all_there_once(house: &House, compound: &Compound) -> anyhow::Result<()> {
    let figures = [
        (
            "applications",
            "SELECT COUNT(*) FROM application WHERE community = $1",
        ),
        (
            "different rooms",
            "SELECT COUNT(DISTINCT room) FROM application WHERE community = $1",
        ),
        (
            "events",
            "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = 'membership.submitted'",
        ),
        (
            "applications with an event of their own",
            "SELECT COUNT(DISTINCT subject) FROM ledger WHERE community = $1 \
             AND kind = 'membership.submitted'",
        ),
    ];
    for (what, sql) in figures {
        let n = count(house, sql, compound).await?;
        println!("{n} {what}");
        ensure!(n == i64::from(APPLICATIONS), "{n} {what}");
    }
    Ok(())
}

/// The first applicant is approved and invited; the path of the link.
async fn an_invitation(house: &Arc<House>, compound: &Compound) -> anyhow::Result<String> {
    let (_, specialist) = office::hire(house, compound, Role::Specialist).await?;
    let (_, host) = office::hire(house, compound, Role::Host).await?;
    let first = "SELECT id, version FROM application WHERE community = $1 ORDER BY id LIMIT 1";
    let (id, version): (Id, i64) = house.db.one(ask(first, params![compound.number])).await?;
    desk::decide(house, &specialist, id, version, Decision::Approve).await?;
    let issued = invite::invite(house, &host, id).await?;
    Ok(format!("/c/{}/join/{}", compound.slug, issued.secret))
}

/// Fifty accept one invitation at once; how many were let in.
async fn fifty(server: SocketAddr, compound: &Compound, link: &str) -> anyhow::Result<usize> {
    let mut all = tokio::task::JoinSet::new();
    let together = Arc::new(tokio::sync::Barrier::new(GUESTS));
    for n in 0..GUESTS {
        let (link, together) = (link.to_owned(), together.clone());
        all.spawn(async move {
            let mut phone = Client::new(server, Ipv4Addr::new(127, 2, 0, n as u8).into());
            let page = String::from_utf8(phone.get(&link).await?.body)?;
            let version = |name: &str| -> anyhow::Result<String> {
                let field = page.split("<input").find(|f| f.contains(name));
                let value = field.and_then(|f| f.split("value=\"").nth(1));
                let value = value.and_then(|v| v.split('"').next());
                Ok(value.context(name.to_owned())?.to_owned())
            };
            let (rules, privacy) = (version("rules_version")?, version("privacy_version")?);
            let number = format!("1390000{n:04}");
            let form = [
                ("rules", "yes"),
                ("privacy", "yes"),
                ("rules_version", rules.as_str()),
                ("privacy_version", privacy.as_str()),
                ("phone", number.as_str()),
                ("password", "seven-lanterns-by-the-river"),
            ];
            together.wait().await;
            let answer = phone.post(&link, &form).await?;
            anyhow::Ok(answer.status)
        });
    }
    let mut statuses = Vec::new();
    while let Some(ended) = all.join_next().await {
        statuses.push(ended??);
    }
    // Whoever is let in is led on to their own pages.
    let let_in = statuses.iter().filter(|s| **s == 303).count();
    statuses.sort_unstable();
    statuses.dedup();
    println!(
        "{} at {}: the answers were {statuses:?}",
        GUESTS, compound.slug
    );
    Ok(let_in)
}
