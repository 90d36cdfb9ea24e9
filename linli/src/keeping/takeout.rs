//! The events that fit a filter as one file, for a spreadsheet or a program. What can be
//! checked by strangers is `linli ledger export`.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::lookup::{self, EXPORT_MAX, Filter};
use super::shown::{Names, Shown};
use super::{events, pages};
use foundation::database::DbError;
use foundation::house::House;
use foundation::ledger::{Entry, Event};
use foundation::page::{self, Choice, Form, Frame, ListQuery, key, problem};
use permissions::actor::{Actor, Forbidden};

const SHAPES: [&str; 2] = ["csv", "json"];

#[derive(Template)]
#[template(path = "ledger/export.html")]
struct ExportPage {
    frame: Frame,
    form: Form,
    shapes: Vec<Choice>,
    /// This page with its filter, and the list behind it.
    here: String,
    back: String,
}

fn draw(frame: Frame, form: Form, list: &ListQuery) -> Response {
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let home = frame.path.trim_end_matches("/export").to_owned();
    page::html(
        status,
        ExportPage {
            form,
            shapes: vec![
                Choice::new("csv", frame.t("ledger-export-csv")),
                Choice::new("json", frame.t("ledger-export-json")),
            ],
            here: list.href_at(&frame.path),
            back: list.href_at(&home),
            frame: frame.titled(key("ledger-export-title")),
        },
    )
}

pub(super) async fn show(frame: Frame, list: ListQuery) -> Response {
    draw(frame, Form::filled([("shape", "csv")]), &list)
}

pub(super) async fn send(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    frame: Frame,
    list: ListQuery,
    mut form: Form,
) -> Response {
    let shape = form.field("shape", key("ledger-export-shape"));
    let Some(shape) = shape.choice(&SHAPES) else {
        return draw(frame, form, &list);
    };
    let shape = SHAPES.into_iter().find(|s| *s == shape).unwrap_or("csv");
    let entries = match take(&house, &by, Filter::of(&list), shape).await {
        Ok(entries) => entries,
        Err(Refused::Forbidden(_)) => return problem::page(frame, StatusCode::FORBIDDEN),
        Err(Refused::Database(e)) => return pages::trouble(frame, &e),
    };
    let names = match Names::of(&house, by.community).await {
        Ok(names) => names,
        Err(e) => return pages::trouble(frame, &e),
    };
    let (text, kind) = if shape == "json" {
        (json(&entries), "application/json")
    } else {
        (csv(&frame, &names, &entries), "text/csv; charset=utf-8")
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!(
        "attachment; filename=\"ledger-{}-{}.{shape}\"",
        by.community,
        house.now().date()
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Why nothing left the house.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Recorded before a byte leaves, in the log that it is taken from.
async fn take(
    house: &House,
    by: &Actor,
    filter: Filter,
    shape: &'static str,
) -> Result<Vec<Entry>, Refused> {
    let right = pages::export_right(by);
    by.may(right)?;
    let c = by.community;
    let (entries, _) = lookup::all(&house.db, c, filter).await?;
    let event = Event::new(events::EXPORTED)
        .with("events", entries.len() as i64)
        .with("shape", shape);
    house
        .write::<_, DbError, _>(c, &by.who_for(right), move |tx| tx.record(event, ()))
        .await?;
    debug_assert!(entries.len() <= EXPORT_MAX);
    Ok(entries)
}

fn json(entries: &[Entry]) -> String {
    let all: Vec<serde_json::Value> = entries
        .iter()
        .map(|e| {
            let facts: serde_json::Value = serde_json::from_str(&e.body).unwrap_or_default();
            serde_json::json!({
                "seq": e.seq, "at": e.at.0, "kind": e.kind, "version": e.version,
                "actor": e.actor, "role": e.role, "behalf": e.behalf, "door": e.door,
                "subject": e.subject, "audience": e.audience, "facts": facts,
            })
        })
        .collect();
    serde_json::json!({ "events": all }).to_string()
}

fn csv(frame: &Frame, names: &Names, entries: &[Entry]) -> String {
    // The mark by which Excel knows UTF-8.
    let mut out = String::from('\u{feff}');
    let heads = [
        key("ledger-seq-head"),
        key("ledger-at"),
        key("ledger-kind"),
        key("ledger-code"),
        key("ledger-actor"),
        key("ledger-role"),
        key("ledger-subject"),
        key("ledger-door"),
        key("ledger-facts"),
    ];
    line(&mut out, heads.map(|k| frame.t(k).into_owned()));
    for e in entries {
        let shown = Shown::of(frame, names, e);
        let cells = [
            e.seq.to_string(),
            frame.stamp(e.at.0),
            shown.what,
            e.kind.clone(),
            shown.who,
            shown.role,
            e.subject.clone(),
            shown.door,
            e.body.clone(),
        ];
        line(&mut out, cells);
    }
    out
}

/// One line. A cell that a spreadsheet would take for a formula is kept a text.
fn line<const N: usize>(out: &mut String, cells: [String; N]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let cell = sheets::harmless(cell);
        out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
    }
    out.push_str("\r\n");
}
