//! Where a request comes from, and under which address it reached us.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::Settings;
use accounts::Site;

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

fn peer(parts: &Parts) -> IpAddr {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| {
            info.0.ip().to_canonical()
        })
}

fn by_proxy(settings: &Settings, parts: &Parts) -> bool {
    settings.trusted_proxies.contains(&peer(parts))
}

/// The client's address: the peer's, unless that is a proxy we were told to trust;
/// then the last address in `X-Forwarded-For` that is not one of ours.
pub fn client(settings: &Settings, parts: &Parts) -> IpAddr {
    let peer = peer(parts);
    if !by_proxy(settings, parts) {
        return peer;
    }
    let all = parts.headers.get_all("x-forwarded-for");
    let mut hops: Vec<IpAddr> = Vec::new();
    for hop in all
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
    {
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => hops.push(address.to_canonical()),
            // What stands left of nonsense cannot be believed either.
            Err(_) => hops.clear(),
        }
    }
    hops.into_iter()
        .rev()
        .find(|hop| !settings.trusted_proxies.contains(hop))
        .unwrap_or(peer)
}

/// The address of the house as this asker sees it.
pub fn site(settings: &Settings, parts: &Parts) -> Site {
    if let Some(url) = &settings.public_url {
        return Site {
            base: url.as_str().trim_end_matches('/').to_owned(),
            secure: url.scheme() == "https",
        };
    }
    let forwarded =
        by_proxy(settings, parts) && header(&parts.headers, "x-forwarded-proto") == Some("https");
    let secure = settings.tls || forwarded;
    let scheme = if secure { "https" } else { "http" };
    Site {
        base: format!("{scheme}://{}", host(parts).unwrap_or("localhost")),
        secure,
    }
}

/// The host that was asked for, with its port; only signs that a host may have.
pub fn host(parts: &Parts) -> Option<&str> {
    let host = header(&parts.headers, header::HOST.as_str())
        .or_else(|| parts.uri.authority().map(|a| a.as_str()))?;
    let fine = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    (!host.is_empty() && host.len() <= 255 && host.chars().all(fine)).then_some(host)
}
