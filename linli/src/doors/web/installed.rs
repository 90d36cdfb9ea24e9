//! The house on somebody's device: its manifest, the worker that keeps what was read, and
//! the page that stands in where nothing was kept. Nothing here is anybody's.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use foundation::house::House;
use foundation::page::words::{Lang, Words};
use foundation::page::{self, Frame, assets};

/// Where the page without a line stands.
const OFFLINE: &str = "/offline";
/// What a page needs to be drawn.
const SHELL: [&str; 6] = [
    "linli.css",
    "linli.js",
    "group.js",
    "viewer.js",
    "icons.svg",
    "favicon.svg",
];
/// The colours of the head in light; a manifest has but one.
const THEME: &str = "#f6f5f1";

pub fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/manifest.webmanifest", get(manifest))
        .route("/sw.js", get(worker))
        .route(OFFLINE, get(offline))
}

async fn manifest(frame: Frame) -> Response {
    let icon = |name: &str, size: &str, purpose: &str| {
        json!({
            "src": assets::path(name), "sizes": size, "type": "image/png", "purpose": purpose,
        })
    };
    let body = json!({
        "id": "/",
        "name": frame.t("house-name"),
        "short_name": frame.t("house-name"),
        "description": frame.t("house-description"),
        "lang": frame.lang().tag(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": THEME,
        "theme_color": THEME,
        "icons": [
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-mask-512.png", "512x512", "maskable"),
        ],
    });
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "Accept-Language"),
    ];
    (headers, body.to_string()).into_response()
}

/// The worker, told what this release of the house is made of. It stands at the root, so
/// that it may serve every page; the browser asks anew for it, so that a release is seen.
async fn worker(frame: Frame) -> Response {
    let shell = SHELL.map(assets::path);
    let house = json!({
        // Paths of assets hold the hash of their content.
        "version": format!("{} {}", shell.join(" "), assets::path("sw.js")),
        "shell": shell,
        "offline": OFFLINE,
        "name": frame.t("house-name"),
        "icon": assets::path("icon-192.png"),
        "badge": assets::path("badge-96.png"),
    });
    let body = format!("const HOUSE = {house};\n{}", assets::text("sw.js"));
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, body).into_response()
}

/// One language of the page: whoever has no line cannot change it.
struct Said {
    lang: &'static str,
    title: String,
    lines: [String; 2],
    again: String,
}

#[derive(Template)]
#[template(path = "base/offline.html")]
struct OfflinePage {
    frame: Frame,
    said: Vec<Said>,
}

async fn offline(frame: Frame) -> Response {
    let said = Lang::ALL.map(|lang| {
        let words = Words::new(lang);
        Said {
            lang: lang.tag(),
            title: words.t("offline-title").into_owned(),
            lines: [
                words.t("offline-kept").into_owned(),
                words.t("offline-sent").into_owned(),
            ],
            again: words.t("offline-again").into_owned(),
        }
    });
    let mut response = page::ok(OfflinePage {
        said: said.into(),
        frame: frame.titled("offline-title"),
    });
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-cache"),
    );
    response
}
