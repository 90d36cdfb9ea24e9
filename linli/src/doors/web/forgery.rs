//! A change must be asked for from our own pages. The browser says from where it
//! asks (`Sec-Fetch-Site`, `Origin`, `Referer`); whoever says nothing must bring the
//! session's own proof in `X-CSRF`. Without any, no change.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use subtle::ConstantTimeEq;

use super::{Settings, address};
use accounts::site::{Site, cookie};
use foundation::house::House;

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|v| v.to_str().unwrap_or("?"))
}

/// Whether the method changes nothing.
pub fn only_reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a change was asked for from our own pages.
pub fn is_ours(house: &House, settings: &Settings, site: &Site, parts: &Parts) -> bool {
    let headers = &parts.headers;
    if let Some(from) = header(headers, "sec-fetch-site")
        && from != "same-origin"
    {
        return false;
    }
    if let Some(origin) = header(headers, "origin") {
        return same(settings, parts, origin);
    }
    if header(headers, "sec-fetch-site").is_some() {
        return true;
    }
    if let Some(referer) = header(headers, "referer") {
        return same(settings, parts, referer);
    }
    let proof = header(headers, "x-csrf").unwrap_or("");
    let ours = token(house, site, headers);
    !ours.is_empty() && bool::from(proof.as_bytes().ct_eq(ours.as_bytes()))
}

/// Same scheme, host and port as the public address or as the host asked for.
fn same(settings: &Settings, parts: &Parts, address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else {
        return false;
    };
    if let Some(public) = &settings.public_url
        && url.origin() == public.origin()
    {
        return true;
    }
    let Some(host) = url.host_str() else {
        return false;
    };
    let asked = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    matches!(url.scheme(), "http" | "https") && address::host(parts) == Some(asked.as_str())
}

/// The proof that belongs to a session; empty without one.
pub fn token(house: &House, site: &Site, headers: &HeaderMap) -> String {
    cookie(headers, site.session_cookie()).map_or_else(String::new, |secret| {
        let digest = house.keys.digest("csrf", secret.as_bytes());
        foundation::ids::crockford(&digest)
    })
}
