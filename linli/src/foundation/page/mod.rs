//! Pages: the frame, the words, the forms and the components of which every room makes its pages.

pub mod assets;
pub mod fmt;
pub mod form;
pub mod frame;
pub mod list;
pub mod parts;
pub mod preferences;
pub mod problem;
pub mod words;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

pub use form::Form;
pub use frame::{Compound, Frame, NavGroup, NavItem, Person, Theme, Wing};
pub use list::{Chip, Column, Direction, ListQuery, Pager};
pub use parts::{
    Choice, Comparison, Flash, Line, Masked, Moment, Progress, Step, StepState, Tag, Thumb, Tone,
    Verdict, steps,
};
pub use words::{Lang, Sentence, Value, Words, key, say};

/// Renders a template as an HTML answer.
///
/// Pages hold what only their reader may see, so no cache between keeps them.
pub fn html(status: StatusCode, page: impl Template) -> Response {
    match page.render() {
        Ok(body) => {
            let mut response = (status, body).into_response();
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        // Templates write into memory and cannot fail but by a mistake of ours.
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Renders a template as a page that was found.
pub fn ok(page: impl Template) -> Response {
    html(StatusCode::OK, page)
}
