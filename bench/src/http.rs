//! A browser as far as a measure needs one: one connection that is kept, forms, and
//! one cookie. Written out so that the client costs next to nothing beside the server.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context as _, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};

/// What came back.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub cookies: Vec<String>,
    pub body: Vec<u8>,
}

/// One browser on one phone.
pub struct Client {
    server: SocketAddr,
    /// Where it comes from; on loopback every 127.x.y.z is an address of its own.
    from: IpAddr,
    stream: Option<BufReader<TcpStream>>,
    /// What it sends as `Cookie`.
    pub cookie: String,
}

impl Client {
    pub fn new(server: SocketAddr, from: IpAddr) -> Client {
        Client {
            server,
            from,
            stream: None,
            cookie: String::new(),
        }
    }

    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let head = self.head("GET", path);
        self.send(format!("{head}\r\n")).await?;
        self.receive().await
    }

    /// Sends a form as our own pages do.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
        self.begin_post(path, form).await?;
        self.receive().await
    }

    /// Sends a form and does not wait for the answer.
    pub async fn begin_post(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<()> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = format!(
            "{}Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.head("POST", path),
            self.server,
            body.len()
        );
        self.send(request).await
    }

    /// Hangs up, as a phone does in a lift.
    pub fn hang_up(&mut self) {
        self.stream = None;
    }

    fn head(&self, method: &str, path: &str) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.server);
        if !self.cookie.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        head
    }

    async fn send(&mut self, request: String) -> anyhow::Result<()> {
        if self.stream.is_none() {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(self.from, 0))?;
            let stream = socket.connect(self.server).await.context("connecting")?;
            stream.set_nodelay(true)?;
            self.stream = Some(BufReader::new(stream));
        }
        let stream = self.stream.as_mut().context("connected above")?;
        stream.get_mut().write_all(request.as_bytes()).await?;
        Ok(())
    }

    /// The answer to what was sent last.
    pub async fn receive(&mut self) -> anyhow::Result<Answer> {
        let stream = self.stream.as_mut().context("nothing was sent")?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let mut answer = Answer {
            status: status.with_context(|| format!("no status in {line:?}"))?,
            ..Answer::default()
        };
        let (mut length, mut chunked, mut close) = (0usize, false, false);
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "connection" => close = value.eq_ignore_ascii_case("close"),
                "location" => answer.location = value.to_owned(),
                "set-cookie" => answer.cookies.push(value.to_owned()),
                _ => {}
            }
        }
        if chunked {
            loop {
                line.clear();
                stream.read_line(&mut line).await?;
                let size = usize::from_str_radix(line.trim_end(), 16)?;
                let from = answer.body.len();
                answer.body.resize(from + size, 0);
                stream.read_exact(&mut answer.body[from..]).await?;
                line.clear();
                stream.read_line(&mut line).await?;
                if size == 0 {
                    break;
                }
            }
        } else {
            answer.body.resize(length, 0);
            stream.read_exact(&mut answer.body).await?;
        }
        if close {
            self.stream = None;
        }
        Ok(answer)
    }

    /// Takes over the cookies of an answer.
    pub fn remember(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let pairs: Vec<&str> = answer
            .cookies
            .iter()
            .filter_map(|c| c.split(';').next())
            .collect();
        if pairs.is_empty() {
            bail!("no cookie came with status {}", answer.status);
        }
        self.cookie = pairs.join("; ");
        Ok(())
    }
}
