//! The style sheet, the script and the icons: hashed and compressed at build time.
//!
//! Addresses carry the content's hash, so browsers keep them for ever and a new release is seen at once.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// One embedded file.
pub struct Asset {
    pub name: &'static str,
    pub media: &'static str,
    pub hash: &'static str,
    pub path: &'static str,
    pub plain: &'static [u8],
    pub brotli: &'static [u8],
    pub gzip: &'static [u8],
}

static ASSETS: OnceLock<&[Asset]> = OnceLock::new();

/// Hands over what the build packed; the front of the house does it once, before the
/// first page is drawn. Again does nothing.
pub fn furnish(assets: &'static [Asset]) {
    let _ = ASSETS.set(assets);
}

fn all() -> &'static [Asset] {
    ASSETS
        .get()
        .expect("the house is furnished before pages are drawn")
}

/// The route under which [`serve`] stands. Public: it holds nothing of anybody.
pub const ROUTE: &str = "/assets/{hash}/{name}";

/// The address of an asset (`linli.css`, `linli.js`, `icons.svg`, `favicon.svg`).
pub fn path(name: &str) -> &'static str {
    let asset = all().iter().find(|asset| asset.name == name);
    asset
        .expect("pages name only assets that the build packs")
        .path
}

/// An asset as text, for what is served elsewhere with a line of its own before it.
pub fn text(name: &str) -> &'static str {
    let asset = all().iter().find(|asset| asset.name == name);
    let asset = asset.expect("only assets that the build packs are named");
    std::str::from_utf8(asset.plain).expect("a script is text")
}

/// Answers [`ROUTE`] with the best encoding the browser takes.
pub async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = all()
        .iter()
        .find(|asset| asset.name == name && asset.hash == hash)
    else {
        // An old hash after an upgrade: the page that names it will be reloaded, so never cache this.
        return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response();
    };
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let (encoding, body) = best_encoding(asset, accepted.unwrap_or_default());
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn best_encoding(asset: &Asset, accepted: &str) -> (Option<&'static str>, &'static [u8]) {
    let takes = |name: &str| {
        accepted.split(',').any(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            parts.next() == Some(name) && !parts.any(|q| matches!(q, "q=0" | "q=0.0"))
        })
    };
    if takes("br") {
        (Some("br"), asset.brotli)
    } else if takes("gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.plain)
    }
}
