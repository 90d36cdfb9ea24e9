//! Answers that lead on to another page of this house, and what that page begins by telling.
//!
//! A room only says what is to be told: it rides along in the answer, and the door at which
//! the request came in signs it and hands it to the browser.

use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::Flash;

/// What may not stand in an address as it is; a link's secret may be anything typed.
const NOT_IN_AN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'\\');

/// To another page, by GET (303, RFC 9110 §15.4.4).
pub fn to(path: &str) -> Response {
    let path = utf8_percent_encode(path, NOT_IN_AN_ADDRESS).to_string();
    Redirect::to(&path).into_response()
}

/// To another page, which begins by saying what was done.
pub fn done(path: &str, text: impl Into<String>) -> Response {
    telling(path, Flash::done(text))
}

/// To another page, which begins with `flash`.
pub fn telling(path: &str, flash: Flash) -> Response {
    tell(to(path), flash)
}

/// After this answer, the next page begins with `flash`.
pub fn tell(mut answer: Response, flash: Flash) -> Response {
    answer.extensions_mut().insert(flash);
    answer
}
