//! Pages for what went wrong: each says what happened and what to do next, in the reader's language.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::words::{Sentence, key};
use super::{Frame, html};

#[derive(Template)]
#[template(path = "base/problem.html")]
struct ProblemPage {
    frame: Frame,
    status: u16,
    what: String,
    next: String,
    /// A line of the room's own, or empty.
    reason: String,
    icon: &'static str,
}

/// The keys of a problem: its title, what happened, what to do next.
fn words(status: StatusCode) -> (&'static str, &'static str, &'static str) {
    match status.as_u16() {
        401 => (
            key("problem-401"),
            key("problem-401-what"),
            key("problem-401-next"),
        ),
        403 => (
            key("problem-403"),
            key("problem-403-what"),
            key("problem-403-next"),
        ),
        404 => (
            key("problem-404"),
            key("problem-404-what"),
            key("problem-404-next"),
        ),
        409 => (
            key("problem-409"),
            key("problem-409-what"),
            key("problem-409-next"),
        ),
        413 => (
            key("problem-413"),
            key("problem-413-what"),
            key("problem-413-next"),
        ),
        429 => (
            key("problem-429"),
            key("problem-429-what"),
            key("problem-429-next"),
        ),
        503 => (
            key("problem-503"),
            key("problem-503-what"),
            key("problem-503-next"),
        ),
        400..=499 => (
            key("problem-422"),
            key("problem-422-what"),
            key("problem-422-next"),
        ),
        _ => (
            key("problem-500"),
            key("problem-500-what"),
            key("problem-500-next"),
        ),
    }
}

/// The page for a status. Statuses without a page of their own use that of 422 or 500.
pub fn page(frame: Frame, status: StatusCode) -> Response {
    render(frame, status, String::new())
}

/// The page for a status with the room's own sentence (why it is refused, when to come again).
pub fn page_saying(frame: Frame, status: StatusCode, reason: &Sentence) -> Response {
    let reason = frame.say(reason).into_owned();
    render(frame, status, reason)
}

fn render(frame: Frame, status: StatusCode, reason: String) -> Response {
    let (title, what, next) = words(status);
    let (what, next) = (frame.t(what).into_owned(), frame.t(next).into_owned());
    let icon = match status.as_u16() {
        401 | 403 => "lock",
        404 => "search",
        429 | 503 => "clock",
        _ => "alert",
    };
    let frame = frame.titled(title);
    html(
        status,
        ProblemPage {
            status: status.as_u16(),
            frame,
            what,
            next,
            reason,
            icon,
        },
    )
}
