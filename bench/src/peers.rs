//! The peers of a hall, as this machine has them: ejabberd with one room, `nats-server`
//! with one subject. Each is started with limits out of its way, keeps nothing on the disk,
//! and listens on loopback alone.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::hall::{self, Hall, Tongue};

/// How long a peer may take to listen.
const STARTING: Duration = Duration::from_secs(60);

/// A peer that runs; it ends with this.
pub struct Peer {
    pub child: Child,
    pub hall: Hall,
    /// Keeps the room open.
    _keeper: Option<TcpStream>,
}

async fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

async fn listening(child: &mut Child, at: SocketAddr) -> anyhow::Result<()> {
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < STARTING {
        if TcpStream::connect(at).await.is_ok() {
            return Ok(());
        }
        if let Some(ended) = child.try_wait()? {
            bail!("it ended: {ended}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!("it does not listen")
}

/// NATS core publish and subscribe: the limit of a fan-out that keeps nothing.
pub async fn nats(folder: &Path) -> anyhow::Result<Peer> {
    let server = free_port().await?;
    let settings = folder.join("nats.conf");
    // The listeners of the measure answer no pings.
    let text = format!("listen: \"{server}\"\nping_interval: \"1h\"\nmax_connections: 100000\n");
    std::fs::write(&settings, text)?;
    let mut child = Command::new("nats-server")
        .arg("-c")
        .arg(&settings)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("nats-server (Debian package nats-server)")?;
    listening(&mut child, server).await?;
    Ok(Peer {
        child,
        hall: Hall::at(Tongue::Subject, server),
        _keeper: None,
    })
}

/// ejabberd with a room whose occupants are not told of each other's coming: ten thousand
/// arrivals told to ten thousand would measure something else. No shaping, no history.
pub async fn ejabberd(folder: &Path) -> anyhow::Result<Peer> {
    const LIBRARIES: &str = "/usr/lib/x86_64-linux-gnu";
    let server = free_port().await?;
    let folder = folder.join("ejabberd");
    std::fs::create_dir_all(&folder)?;
    let settings = folder.join("ejabberd.yml");
    let text = SETTINGS.replace("PORT", &server.port().to_string());
    std::fs::write(&settings, text)?;
    let mut libraries = std::fs::read_dir(LIBRARIES)?.flatten();
    let ours = |d: std::fs::DirEntry| d.file_name().to_string_lossy().starts_with("ejabberd-");
    if !libraries.any(ours) {
        bail!("ejabberd (Debian package ejabberd) is not in {LIBRARIES}");
    }
    let mut child = Command::new("erl")
        .args(["+K", "true", "+P", "250000", "+Q", "65536", "-noinput"])
        .args(["-mnesia", "dir"])
        .arg(format!("\"{}\"", folder.join("mnesia").display()))
        .args(["-s", "ejabberd"])
        .env("ERL_LIBS", LIBRARIES)
        .env("EJABBERD_CONFIG_PATH", &settings)
        .env("EJABBERD_LOG_PATH", folder.join("ejabberd.log"))
        .env("ERL_CRASH_DUMP", "/dev/null")
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("erl (Debian package ejabberd)")?;
    listening(&mut child, server).await?;
    let hall = Hall::at(Tongue::Room, server);
    let keeper = hall::open_room(&hall).await?;
    Ok(Peer {
        child,
        hall,
        _keeper: Some(keeper),
    })
}

const SETTINGS: &str = "hosts: [bench.local]
loglevel: error
max_fsm_queue: 100000
auth_method: [anonymous]
anonymous_protocol: sasl_anon
listen:
  - port: PORT
    ip: 127.0.0.1
    module: ejabberd_c2s
    max_stanza_size: 65536
    shaper: none
    access: all
    backlog: 4096
shaper_rules:
  max_user_sessions: infinity
modules:
  mod_muc:
    host: muc.bench.local
    access: all
    access_create: all
    history_size: 0
    max_users: 20000
    max_users_admin_threshold: 20000
    min_message_interval: 0
    min_presence_interval: 0
    user_message_shaper: none
    user_presence_shaper: none
    room_shaper: none
    default_room_options:
      presence_broadcast: []
      max_users: 20000
      logging: false
";
