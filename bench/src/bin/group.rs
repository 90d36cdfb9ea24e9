//! One message to N connected members, from another process than the house: so many
//! streams are opened as browsers open them, a host says something, and every delivery is
//! waited for. Beside it, one after another under the same load: a room of ejabberd, NATS
//! core as the limit of a fan-out, and a bare broadcast over TCP of the same bytes, a task
//! per member, in a process of its own: the floor under any server of this shape. linli
//! alone judges each message and has it on the disk before it goes out.
//!
//! `group LINLI [N …]`: the program `linli` and how many are connected (1,000 unless told).
//! Wants `ulimit -n` above N in both processes.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bench::hall::{Hall, Tongue, from};
use bench::http::Client;
use bench::peers::{self, Peer};
use bench::table::{median, p99};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, Notify, broadcast};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WINDOW: Duration = Duration::from_secs(8);
/// Messages that are measured one by one, a second apart.
const CALM: u32 = 8;
/// Senders at once where several are outstanding.
const WIDE: usize = 16;
/// How long the last deliveries are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the members have heard.
#[derive(Default)]
struct Heard {
    deliveries: AtomicU64,
    /// Microseconds since the start when the message that is measured was sent.
    sent_at: AtomicI64,
    wakes: Notify,
    delays: Mutex<Vec<f64>>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let program = args.next().context("group LINLI [N …]")?;
    if program == "--floor" {
        return floor().await;
    }
    let mut counts: Vec<usize> = args.map(|n| n.parse()).collect::<Result<_, _>>()?;
    if counts.is_empty() {
        counts.push(1_000);
    }
    println!(
        "| server | N | deliveries/s W=1 | W={WIDE} | p50 / p99 ms at 1 a second | RSS MB |\n\
         |---|---|---|---|---|---|"
    );
    for n in counts {
        let folder = tempfile::tempdir_in(".")?;
        let (child, hall) = linli(&program, folder.path()).await?;
        measure("linli", n, &child, &hall).await?;
        drop(child);
        beside("ejabberd, a room", n, peers::ejabberd(folder.path()).await).await?;
        beside("NATS core", n, peers::nats(folder.path()).await).await?;
        let (child, hall) = bare().await?;
        measure("bare broadcast", n, &child, &hall).await?;
    }
    Ok(())
}

/// A peer in the same run, if this machine has it.
async fn beside(name: &str, n: usize, peer: anyhow::Result<Peer>) -> anyhow::Result<()> {
    match peer {
        Ok(peer) => measure(name, n, &peer.child, &peer.hall).await?,
        Err(why) => eprintln!("{name} is left out: {why:#}"),
    }
    Ok(())
}

/// A demo of linli, with its owner and its host signed in.
async fn linli(program: &str, folder: &std::path::Path) -> anyhow::Result<(Child, Hall)> {
    let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let mut child = Command::new(program)
        .arg("demo")
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--key-file")
        .arg(folder.join("site.key"))
        .args(["--json", "--port", &port.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().context("its output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).await?;
    let server: SocketAddr = ([127, 0, 0, 1], port).into();
    let slug = text(&line, "slug")?;
    let client = |n| Client::new(server, from(n));
    let (mut host, mut owner) = (client(1), client(2));
    enter(&mut host, &text(&line, "host")?).await?;
    enter(&mut owner, &text(&line, "owner")?).await?;
    let list = host.get(&format!("/c/{slug}/group/channels")).await?;
    let page = String::from_utf8_lossy(&list.body).into_owned();
    let channel = page
        .split(&format!("/c/{slug}/group/channels/"))
        .nth(1)
        .and_then(|rest| rest.split(['"', '/']).next())
        .context("the main channel")?
        .to_owned();
    Ok((
        child,
        Hall {
            tongue: Tongue::Events,
            server,
            listen: format!("/c/{slug}/group/live"),
            member: owner.cookie,
            speak: format!("/c/{slug}/group/channels/{channel}"),
            host: host.cookie,
        },
    ))
}

/// The value of a field of the demo's line.
fn text(json: &str, field: &str) -> anyhow::Result<String> {
    let rest = json.split(&format!("\"{field}\":\"")).nth(1);
    let value = rest.and_then(|rest| rest.split('"').next());
    Ok(value
        .with_context(|| format!("{field} in {json}"))?
        .to_owned())
}

async fn enter(client: &mut Client, link: &str) -> anyhow::Result<()> {
    let path = &link[link
        .find("/demo")
        .or(link.find("/link"))
        .unwrap_or_else(|| link.match_indices('/').nth(2).map_or(0, |(at, _)| at))..];
    let page = client.get(path).await?;
    client.remember(&page).ok();
    let csrf = field(&page.body, "csrf")?;
    let entered = client.post(path, &[("csrf", &csrf)]).await?;
    ensure!(
        entered.status == 303,
        "the link lets in: {}",
        entered.status
    );
    client.remember(&entered)
}

fn field(body: &[u8], name: &str) -> anyhow::Result<String> {
    let page = String::from_utf8_lossy(body);
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split(&mark).nth(1).context("the field")?;
    Ok(rest.split('"').next().unwrap_or("").to_owned())
}

/// The floor: this program itself, as a bare server.
async fn bare() -> anyhow::Result<(Child, Hall)> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--floor")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().context("its output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).await?;
    let hall = Hall {
        tongue: Tongue::Events,
        server: line.trim().parse()?,
        listen: "/live".into(),
        member: String::new(),
        speak: "/say".into(),
        host: String::new(),
    };
    Ok((child, hall))
}

async fn floor() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let (to_all, _) = broadcast::channel::<Arc<[u8]>>(512);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(attend(stream, to_all.clone()));
    }
}

/// One connection of the floor: a listener, or a speaker.
async fn attend(stream: TcpStream, to_all: broadcast::Sender<Arc<[u8]>>) -> anyhow::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        let mut length = 0;
        while !head.ends_with("\r\n\r\n") {
            let from = head.len();
            if stream.read_line(&mut head).await? == 0 {
                return Ok(());
            }
            if let Some(value) = head[from..].strip_prefix("Content-Length: ") {
                length = value.trim().parse()?;
            }
        }
        if head.starts_with("GET") {
            let mut heard = to_all.subscribe();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            while let Ok(bytes) = heard.recv().await {
                stream.write_all(&bytes).await?;
            }
            return Ok(());
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        let frame = [b"id: 1\nevent: message\ndata: ", &body[..], b"\n\n"].concat();
        to_all.send(frame.into()).ok();
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).await?;
    }
}

/// Counts what comes down one stream.
async fn listen(
    mut stream: TcpStream,
    mark: &'static [u8],
    heard: Arc<Heard>,
    begun: Instant,
) -> anyhow::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    let mut kept = 0;
    loop {
        let n = stream.read(&mut buffer[kept..]).await?;
        if n == 0 {
            return Ok(());
        }
        let here = &buffer[..kept + n];
        let found = here.windows(mark.len()).filter(|w| *w == mark).count() as u64;
        if found > 0 {
            let sent = heard.sent_at.load(Ordering::Relaxed);
            if sent > 0 {
                let now = begun.elapsed().as_micros() as i64;
                heard
                    .delays
                    .lock()
                    .await
                    .push((now - sent) as f64 / 1_000.0);
            }
            heard.deliveries.fetch_add(found, Ordering::Relaxed);
            heard.wakes.notify_one();
        }
        // A mark may be cut by the end of what was read.
        let keep = (mark.len() - 1).min(here.len());
        let end = kept + n;
        buffer.copy_within(end - keep..end, 0);
        kept = keep;
    }
}

async fn all(heard: &Heard, wanted: u64) -> anyhow::Result<()> {
    tokio::time::timeout(PATIENCE, async {
        while heard.deliveries.load(Ordering::Relaxed) < wanted {
            heard.wakes.notified().await;
        }
    })
    .await
    .with_context(|| {
        format!(
            "{} of {wanted} came",
            heard.deliveries.load(Ordering::Relaxed)
        )
    })
}

fn resident(child: &Child) -> u64 {
    let path = format!("/proc/{}/status", child.id().unwrap_or(0));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    let kb: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    kb / 1024
}

#[allow(clippy::disallowed_methods)] // measuring is what this program is for
async fn measure(name: &str, n: usize, child: &Child, hall: &Hall) -> anyhow::Result<()> {
    let heard = Arc::new(Heard::default());
    let begun = Instant::now();
    for i in 0..n {
        let stream = hall
            .listener(i)
            .await
            .with_context(|| format!("stream {i}"))?;
        tokio::spawn(listen(stream, hall.mark(), heard.clone(), begun));
    }
    let mut host = hall.speaker(0).await?;
    let mut said = 0_u64;
    // One a second: how long it takes to reach each.
    for _ in 0..CALM {
        tokio::time::sleep(Duration::from_secs(1)).await;
        heard
            .sent_at
            .store(begun.elapsed().as_micros() as i64, Ordering::Relaxed);
        said += 1;
        host.say(said).await?;
        all(&heard, said * n as u64).await?;
    }
    heard.sent_at.store(0, Ordering::Relaxed);
    let delays = std::mem::take(&mut *heard.delays.lock().await);
    // The next leaves when the last has reached everyone.
    let (from, at) = (said, Instant::now());
    while at.elapsed() < WINDOW {
        said += 1;
        host.say(said).await?;
        all(&heard, said * n as u64).await?;
    }
    let one = ((said - from) * n as u64) as f64 / at.elapsed().as_secs_f64();
    // Several outstanding.
    let (from, at) = (said, Instant::now());
    let next = Arc::new(AtomicU64::new(said));
    let mut senders = tokio::task::JoinSet::new();
    for n in 1..=WIDE {
        let next = next.clone();
        let mut sender = hall.speaker(n).await?;
        senders.spawn(async move {
            while at.elapsed() < WINDOW {
                let n = next.fetch_add(1, Ordering::Relaxed) + 1;
                sender.say(n).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = senders.join_next().await {
        ended??;
    }
    said = next.load(Ordering::Relaxed);
    all(&heard, said * n as u64).await?;
    let wide = ((said - from) * n as u64) as f64 / at.elapsed().as_secs_f64();
    println!(
        "| {name} | {n} | {:.0} k | {:.0} k | {:.1} / {:.1} | {} |",
        one / 1_000.0,
        wide / 1_000.0,
        median(delays.clone()),
        p99(delays),
        resident(child)
    );
    Ok(())
}
