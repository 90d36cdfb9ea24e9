//! Whose page a picture shows.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::trace;
use foundation::house::House;
use foundation::page::{self, Form, Frame, say};

struct Found {
    href: String,
    number: String,
    reader: String,
    at: String,
    what: String,
    sure: i64,
}

#[derive(Template)]
#[template(path = "viewings/trace.html")]
struct TracePage {
    frame: Frame,
    form: Form,
    back: String,
    asked: bool,
    found: Vec<Found>,
}

fn draw(
    c: &str,
    status: StatusCode,
    frame: Frame,
    form: Form,
    found: Option<Vec<Found>>,
) -> Response {
    page::html(
        status,
        TracePage {
            back: format!("/c/{c}/viewings"),
            asked: found.is_some(),
            found: found.unwrap_or_default(),
            form,
            frame: frame.titled("viewings-trace"),
        },
    )
}

/// The form.
pub async fn form(Path(c): Path<String>, frame: Frame) -> Response {
    draw(&c, StatusCode::OK, frame, Form::default(), None)
}

/// A picture was sent.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut parts: Multipart,
) -> Response {
    let mut bytes = Vec::new();
    while let Ok(Some(part)) = parts.next_field().await {
        if part.name() == Some("file") && bytes.is_empty() {
            // The door bounds the whole body.
            bytes = part.bytes().await.map(|b| b.to_vec()).unwrap_or_default();
        }
    }
    let mut form = Form::default();
    let found = match trace::trace(&house, &by, bytes).await {
        Ok(found) => found,
        Err(crate::ViewingError::Picture) => {
            form.fault("file", say("viewings-no-picture"));
            return draw(&c, StatusCode::UNPROCESSABLE_ENTITY, frame, form, None);
        }
        Err(e) => return refused(frame, &e),
    };
    let mut rows = Vec::with_capacity(found.len());
    for one in found {
        let document = one.shown.document;
        let label = dossiers::for_viewing::document(&house, by.community, document)
            .await
            .map_or(String::new(), |d| d.label());
        let page = frame.one("viewings-page", "page", one.shown.page);
        let copy = one.shown.copy.map_or(String::new(), |nth| {
            frame.one("viewings-copy", "nth", nth).into_owned()
        });
        rows.push(Found {
            href: format!("/c/{c}/viewings/{}", one.viewing.id),
            number: format!(
                "{} · {}",
                one.viewing.number(),
                words::way(&frame, &one.viewing)
            ),
            reader: one.shown.reader_name,
            at: frame.stamp(one.shown.at.0),
            what: format!("{} {label} {page} {copy}", one.viewing.codes),
            sure: (one.confidence * 100.0).round() as i64,
        });
    }
    draw(&c, StatusCode::OK, frame, form, Some(rows))
}
