//! What every answer gets: the headers that keep a browser from being used against
//! its owner, a page where nothing was found, and a last resort where we failed.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Doors, address};
use foundation::page::problem;

/// What every answer carries.
const ALWAYS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
/// Two years, as the preload lists ask.
const STAY_WITH_TLS: &str = "max-age=63072000; includeSubDomains";

/// An answer that is to become a page of its status, in the reader's language.
#[derive(Clone, Copy)]
struct Bare;

/// The outermost layer: headers, and a page where only a status came out.
pub async fn around(State(doors): State<Arc<Doors>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let site = address::site(&doors.settings, &parts);
    let frame = super::frame::bare(&doors.house, &parts);
    parts.extensions.insert(site.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<Bare>().is_some() || is_extractors(&response) {
        let ours = problem::page(frame, response.status());
        // What the guard noted about the request stays with its answer.
        let noted = std::mem::take(response.extensions_mut());
        response = ours;
        response.extensions_mut().extend(noted);
    }
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        let value = HeaderValue::from_static(value);
        // A page may be stricter about itself, never looser by leaving one out.
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(value);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if site.secure {
        let value = HeaderValue::from_static(STAY_WITH_TLS);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

/// A live stream on its way past the compression.
#[derive(Clone)]
struct Aside(Arc<Mutex<Body>>);

/// Takes a live stream out of its answer. The compression lets it pass untouched, yet keeps
/// the room for every encoder it has beside each body for as long as that lasts: six
/// kilobytes a connection, for nothing.
pub async fn set_aside(mut response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|k| k.as_bytes().starts_with(b"text/event-stream")) {
        let body = std::mem::take(response.body_mut());
        let aside = Aside(Arc::new(Mutex::new(body)));
        response.extensions_mut().insert(aside);
    }
    response
}

/// Gives it back.
pub async fn put_back(mut response: Response) -> Response {
    if let Some(Aside(body)) = response.extensions_mut().remove() {
        let mut body = body.lock().unwrap_or_else(PoisonError::into_inner);
        *response.body_mut() = std::mem::take(&mut *body);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// An address or a body that could not even be read is answered by the framework, in
/// plain English; our own pages are HTML.
fn is_extractors(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    response.status().is_client_error()
        && kind.is_some_and(|k| k.as_bytes().starts_with(b"text/plain"))
}

fn bare(status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Bare);
    response
}

pub async fn nothing_here() -> Response {
    bare(StatusCode::NOT_FOUND)
}

pub async fn not_so() -> Response {
    bare(StatusCode::METHOD_NOT_ALLOWED)
}

/// The last resort: the handler's panic was logged where it happened.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    bare(StatusCode::INTERNAL_SERVER_ERROR)
}
