//! A spreadsheet of entries: sent, looked at, taken over; and taken out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State as Place};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::{By, refused, words};
use crate::AssistantError;
use crate::bringing::{self, Seen};
use crate::sheet::{Fault, Why};
use foundation::house::House;
use foundation::page::{self, Form, Frame, key, onward};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "assistant/import.html")]
struct ImportPage {
    frame: Frame,
    form: Form,
    here: String,
    base: String,
    seen: Option<Seen>,
    faults: Vec<String>,
    writes: u64,
}

fn said(frame: &Frame, fault: &Fault) -> String {
    let what = match fault.why {
        Why::Empty => frame.t(key("assistant-fault-empty")),
        Why::Unknown => frame.t(key("assistant-fault-unknown")),
        Why::Apart => frame.t(key("assistant-fault-apart")),
        Why::Unfit => frame.t(words::field_fault(&fault.field)),
    };
    frame
        .with(
            "assistant-import-fault",
            &[
                ("row", i64::from(fault.row).into()),
                ("column", frame.in_script(&fault.column).as_str().into()),
                ("what", what.as_ref().into()),
            ],
        )
        .into_owned()
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let seen = match bringing::seen(house, by).await {
        Ok(seen) => seen,
        Err(e) => return refused(frame, &e),
    };
    let faults = seen.as_ref().map_or(&[][..], |s| &s.read.faults);
    let faults = faults.iter().map(|f| said(&frame, f)).collect();
    page::html(
        status,
        ImportPage {
            here: format!("/c/{c}/assistant-import"),
            base: format!("/c/{c}/assistant"),
            writes: seen.as_ref().map_or(0, Seen::writes) as u64,
            faults,
            seen,
            form,
            frame: frame.titled("assistant-import"),
        },
    )
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, Form::default(), StatusCode::OK).await
}

/// The file of the form; none where there is none, or it is too large.
async fn file_of(mut parts: Multipart) -> Option<(String, Vec<u8>)> {
    while let Ok(Some(field)) = parts.next_field().await {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.ok().filter(|b| !b.is_empty())?;
            return Some((name, bytes.to_vec()));
        }
    }
    None
}

pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    parts: Multipart,
) -> Response {
    let looked = match file_of(parts).await {
        Some((name, bytes)) => bringing::look(&house, &by, &name, bytes).await,
        None => Err(AssistantError::File),
    };
    match looked {
        Ok(()) => onward::to(&format!("/c/{c}/assistant-import")),
        Err(e @ (AssistantError::File | AssistantError::Columns)) => {
            let mut form = Form::default();
            if let Some(sentence) = words::refusal(&e) {
                form.fault("file", sentence);
            }
            let bad = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, frame, form, bad).await
        }
        Err(e) => refused(frame, &e),
    }
}

pub async fn take(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match bringing::take(&house, &by).await {
        Ok(count) => {
            let told = frame.one("assistant-did-import", "count", count);
            onward::done(&format!("/c/{c}/assistant?state=draft"), told)
        }
        Err(e) => refused(frame, &e),
    }
}

pub async fn export(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(_): Path<String>,
    frame: Frame,
) -> Response {
    let compound = frame.compound.as_ref().map_or("", |c| c.name.as_str());
    let title = format!("{compound} {}", frame.t("assistant-title"));
    match bringing::export(&house, &by, &title).await {
        Ok(bytes) => {
            let headers = [
                (
                    header::CONTENT_TYPE,
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"answers.xlsx\"",
                ),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, bytes).into_response()
        }
        Err(e) => refused(frame, &e),
    }
}
