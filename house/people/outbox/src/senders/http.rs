//! Asks one question of a web server: bounded in time and in what is read of the answer,
//! without following it elsewhere.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::sender::Why;

const CONNECT_MAX: Duration = Duration::from_secs(5);
const ANSWER_MAX: Duration = Duration::from_secs(12);
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Where one may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// https anywhere, http on this machine: an address that the operator chose.
    Chosen,
    /// https to public addresses only: an address that a stranger's browser gave.
    Public,
    /// As `Public`, and http on this machine: for tests.
    PublicOrHere,
}

/// What is asked.
pub struct Call {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Vec<u8>,
}

/// What was answered.
pub struct Reply {
    pub status: StatusCode,
    /// `Retry-After` in milliseconds.
    pub after_ms: Option<i64>,
    pub body: Bytes,
}

/// Whether an address may be called at all, as far as it tells itself.
///
/// # Errors
/// [`Why::Unfit`].
pub fn check(url: &Url, reach: Reach) -> Result<(), Why> {
    let host = url.host().ok_or(Why::Unfit)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Why::Unfit);
    }
    let given = match host {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        Host::Domain(_) => None,
    };
    let here = match (&url.host(), given) {
        (_, Some(ip)) => ip.is_loopback(),
        (Some(Host::Domain(name)), _) => *name == "localhost",
        _ => false,
    };
    let fine = match (url.scheme(), reach) {
        ("https", Reach::Chosen) => true,
        ("https", _) => !here && given.is_none_or(is_public),
        ("http", Reach::Chosen | Reach::PublicOrHere) => here,
        _ => false,
    };
    if fine { Ok(()) } else { Err(Why::Unfit) }
}

/// Whether an address is one of the open internet: not this machine, not its network.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let bench = a == 198 && (18..20).contains(&b);
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || shared
                || bench
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_public(IpAddr::V4(v4));
            }
            let [first, second, ..] = v6.segments();
            // Only what is given out as global unicast, without what carries other nets in it.
            (first & 0xe000) == 0x2000 && first != 0x2002 && !(first == 0x2001 && second < 0x0200)
        }
    }
}

fn tls() -> Arc<rustls::ClientConfig> {
    static CONFIG: OnceLock<Arc<rustls::ClientConfig>> = OnceLock::new();
    let made = CONFIG.get_or_init(|| {
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider knows TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    });
    made.clone()
}

/// Asks, and reads the answer's beginning. Redirections are answers like any other.
///
/// # Errors
/// [`Why::Unfit`] where one may not call, [`Why::Unreachable`], [`Why::Timeout`].
pub async fn call(call: Call, reach: Reach) -> Result<Reply, Why> {
    check(&call.url, reach)?;
    let answer = tokio::time::timeout(ANSWER_MAX, ask(call, reach)).await;
    answer.unwrap_or(Err(Why::Timeout))
}

async fn ask(call: Call, reach: Reach) -> Result<Reply, Why> {
    let secure = call.url.scheme() == "https";
    let stream = connect(&call.url, reach, secure).await?;
    if secure {
        let name = call.url.host_str().ok_or(Why::Unfit)?;
        let name = name.trim_matches(['[', ']']).to_owned();
        let name = rustls::pki_types::ServerName::try_from(name).map_err(|_| Why::Unfit)?;
        let stream = TlsConnector::from(tls())
            .connect(name, stream)
            .await
            .map_err(|_| Why::Unreachable)?;
        speak(TokioIo::new(stream), call).await
    } else {
        speak(TokioIo::new(stream), call).await
    }
}

/// The address that was looked at is the one that is called: a name cannot change between.
async fn connect(url: &Url, reach: Reach, secure: bool) -> Result<TcpStream, Why> {
    let port = url.port_or_known_default().ok_or(Why::Unfit)?;
    let name = url.host_str().ok_or(Why::Unfit)?.trim_matches(['[', ']']);
    let found = tokio::net::lookup_host((name, port))
        .await
        .map_err(|_| Why::Unreachable)?;
    let may = |at: &SocketAddr| match (secure, reach) {
        (false, _) => at.ip().is_loopback(),
        (true, Reach::Chosen) => true,
        (true, _) => is_public(at.ip()),
    };
    let mut refused = false;
    for at in found {
        if !may(&at) {
            refused = true;
            continue;
        }
        if let Ok(Ok(stream)) = tokio::time::timeout(CONNECT_MAX, TcpStream::connect(at)).await {
            let _ = stream.set_nodelay(true);
            return Ok(stream);
        }
        refused = false;
    }
    Err(if refused {
        Why::Unfit
    } else {
        Why::Unreachable
    })
}

async fn speak<S>(stream: S, call: Call) -> Result<Reply, Why>
where
    S: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
{
    let (mut client, connection) = hyper::client::conn::http1::handshake(stream)
        .await
        .map_err(|_| Why::Unreachable)?;
    let driver = tokio::spawn(connection);
    let answer = async {
        let target = match call.url.query() {
            Some(query) => format!("{}?{query}", call.url.path()),
            None => call.url.path().to_owned(),
        };
        let mut host = call.url.host_str().unwrap_or_default().to_owned();
        if let Some(port) = call.url.port() {
            host.push_str(&format!(":{port}"));
        }
        let mut request = Request::builder()
            .method(call.method)
            .uri(target)
            .header(header::HOST, host)
            .header(header::USER_AGENT, "linli")
            .body(Full::new(Bytes::from(call.body)))
            .map_err(|_| Why::Unfit)?;
        for (name, value) in call.headers {
            request.headers_mut().insert(name, value);
        }
        let response = client
            .send_request(request)
            .await
            .map_err(|_| Why::Unreachable)?;
        let status = response.status();
        let after_ms = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|v| v.to_str().ok()?.trim().parse::<u32>().ok())
            .map(|s| i64::from(s.min(24 * 3_600)) * 1_000);
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX);
        // An answer that is too long is taken for empty: its status still counts.
        let body = body.collect().await.map(|b| b.to_bytes());
        Ok(Reply {
            status,
            after_ms,
            body: body.unwrap_or_default(),
        })
    }
    .await;
    driver.abort();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_address_leads_nowhere_inside() {
        let may = |url: &str, reach| check(&Url::parse(url).expect("a URL"), reach).is_ok();
        for inside in [
            "https://127.0.0.1/x",
            "https://10.0.0.8/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/",
            "https://[::1]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0x7f000001/",
            "https://localhost/",
            "http://push.example/",
            "https://user:word@push.example/",
            "ftp://push.example/",
        ] {
            assert!(!may(inside, Reach::Public), "{inside}");
        }
        assert!(may("https://push.example/send/1", Reach::Public));
        assert!(may("https://93.184.216.34/", Reach::Public));
        assert!(may("http://127.0.0.1:8080/", Reach::PublicOrHere));
        assert!(may("http://127.0.0.1:8080/", Reach::Chosen));
        assert!(!may("http://sms.example/", Reach::Chosen));
        assert!(may("https://10.0.0.8/", Reach::Chosen));
    }
}
