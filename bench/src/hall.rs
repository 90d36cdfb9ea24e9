//! A hall where many listen and some speak, in the tongues of several servers: events over
//! HTTP (linli, and the bare broadcast), XMPP rooms, and NATS subjects. The load is the same
//! in each: so many open connections that count what comes, and a speaker who waits for the
//! server's word that it was taken.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::http::Client;

const SUBJECT: &str = "hall";
const ROOM: &str = "hall@muc.bench.local";
/// What begins an XMPP stream, and begins it again after the signing in.
const STREAM: &str = "<stream:stream to='bench.local' xmlns='jabber:client' \
                      xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";

/// How one speaks there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// Server-sent events down, forms up.
    Events,
    /// XMPP with a room (XEP-0045), signed in as nobody.
    Room,
    /// NATS core: a subject, kept nowhere.
    Subject,
}

/// Where one listens and speaks.
#[derive(Clone)]
pub struct Hall {
    pub tongue: Tongue,
    pub server: SocketAddr,
    /// Paths and cookies of [`Tongue::Events`]; empty for others.
    pub listen: String,
    pub member: String,
    pub speak: String,
    pub host: String,
}

/// An address of its own for each few thousand, so that ports do not run out.
pub fn from(n: usize) -> IpAddr {
    Ipv4Addr::new(127, 0, 1, 1 + u8::try_from(n / 5_000).unwrap_or(200)).into()
}

impl Hall {
    /// One that needs no more than an address.
    pub fn at(tongue: Tongue, server: SocketAddr) -> Hall {
        Hall {
            tongue,
            server,
            listen: String::new(),
            member: String::new(),
            speak: String::new(),
            host: String::new(),
        }
    }

    /// What stands once in each delivery.
    pub fn mark(&self) -> &'static [u8] {
        match self.tongue {
            Tongue::Events => b"event: message\n",
            Tongue::Room => b"</body>",
            Tongue::Subject => b"MSG hall ",
        }
    }

    /// The nth listener, who hears what is said from now on.
    pub async fn listener(&self, n: usize) -> anyhow::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(from(n), 0))?;
        let mut stream = socket.connect(self.server).await?;
        stream.set_nodelay(true)?;
        match self.tongue {
            Tongue::Events => {
                let request = format!(
                    "GET {} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nAccept: text/event-stream\r\n\r\n",
                    self.listen, self.server, self.member
                );
                let head = ask(&mut stream, &request, "\r\n\r\n").await?;
                ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
            }
            Tongue::Room => enter(&mut stream, &format!("m{n}")).await?,
            Tongue::Subject => {
                greet(&mut stream).await?;
                let wish = format!("SUB {SUBJECT} 1\r\nPING\r\n");
                ask(&mut stream, &wish, "PONG\r\n").await?;
            }
        }
        Ok(stream)
    }

    pub async fn speaker(&self, n: usize) -> anyhow::Result<Speaker> {
        if self.tongue == Tongue::Events {
            let mut client = Client::new(self.server, from(1));
            client.cookie = self.host.clone();
            return Ok(Speaker::Forms(client, self.speak.clone()));
        }
        let mut stream = TcpStream::connect(self.server).await?;
        stream.set_nodelay(true)?;
        match self.tongue {
            Tongue::Room => enter(&mut stream, &format!("s{n}")).await?,
            _ => greet(&mut stream).await?,
        }
        Ok(Speaker::Wire(stream, self.tongue))
    }
}

/// Somebody who speaks and waits until it was taken.
pub enum Speaker {
    Forms(Client, String),
    Wire(TcpStream, Tongue),
}

impl Speaker {
    pub async fn say(&mut self, n: u64) -> anyhow::Result<()> {
        match self {
            Speaker::Forms(client, path) => {
                let id = format!("bench-{n}");
                let form = [("sent_id", id.as_str()), ("text", &words(n))];
                let sent = client.post(path, &form).await?;
                ensure!(matches!(sent.status, 200 | 303), "said: {}", sent.status);
            }
            Speaker::Wire(stream, Tongue::Subject) => {
                let text = words(n);
                let said = format!("PUB {SUBJECT} {}\r\n{text}\r\nPING\r\n", text.len());
                ask(stream, &said, "PONG\r\n").await?;
            }
            Speaker::Wire(stream, _) => {
                // The room hands it back to whoever spoke, too: it was taken.
                let said = format!(
                    "<message type='groupchat' to='{ROOM}' id='n{n}'><body>{}</body></message>",
                    words(n)
                );
                ask(stream, &said, &format!("id='n{n}'")).await?;
            }
        }
        Ok(())
    }
}

/// Says something and reads on until an answer holds `until`.
async fn ask(stream: &mut TcpStream, said: &str, until: &str) -> anyhow::Result<String> {
    stream.write_all(said.as_bytes()).await?;
    let mut heard = Vec::new();
    loop {
        let n = stream.read_buf(&mut heard).await?;
        ensure!(n > 0, "hung up: {}", String::from_utf8_lossy(&heard));
        let from = heard.len().saturating_sub(n + until.len());
        let fresh = &heard[from..];
        if fresh.windows(until.len()).any(|w| w == until.as_bytes()) {
            return Ok(String::from_utf8_lossy(&heard).into_owned());
        }
    }
}

async fn greet(stream: &mut TcpStream) -> anyhow::Result<()> {
    let hello = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPING\r\n";
    ask(stream, hello, "PONG\r\n").await.context("greeting")?;
    Ok(())
}

/// Signs in as nobody and enters the room.
async fn enter(stream: &mut TcpStream, name: &str) -> anyhow::Result<()> {
    const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>";
    const BIND: &str =
        "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
    ask(stream, STREAM, "</stream:features>").await?;
    ask(stream, AUTH, "<success").await?;
    ask(stream, STREAM, "</stream:features>").await?;
    ask(stream, BIND, "</iq>").await?;
    let presence = format!(
        "<presence to='{ROOM}/{name}'><x xmlns='http://jabber.org/protocol/muc'>\
         <history maxstanzas='0'/></x></presence>"
    );
    ask(stream, &presence, "code='110'").await?;
    Ok(())
}

/// Whoever enters a room first opens it for the others.
pub async fn open_room(hall: &Hall) -> anyhow::Result<TcpStream> {
    let mut keeper = TcpStream::connect(hall.server).await?;
    enter(&mut keeper, "keeper").await?;
    let owns = format!(
        "<iq type='set' id='own' to='{ROOM}'>\
         <query xmlns='http://jabber.org/protocol/muc#owner'>\
         <x xmlns='jabber:x:data' type='submit'/></query></iq>"
    );
    ask(&mut keeper, &owns, "id='own'").await?;
    Ok(keeper)
}

/// About thirty characters as a host says them.
pub fn words(n: u64) -> String {
    const PARTS: [&str; 8] = [
        "今天花園裡的桂花開了",
        "明天上午清洗水箱",
        "二棟的電梯已經修好",
        "請大家出門帶傘",
        "健身房晚上九點關門",
        "週末有親子活動",
        "門口的信箱換了新的",
        "謝謝大家的配合",
    ];
    let part = |n: u64| PARTS[(n % 8) as usize];
    format!("{}，{}，{}。", part(n), part(n / 8 + n), part(n / 64 + 3))
}
