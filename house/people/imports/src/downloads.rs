//! What the wizard gives to take along: templates to fill in, and the faulty cells for
//! whoever mends the file.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sheets::Language;

use super::ImportError;
use super::mending;
use super::pages::refuse;
use super::remarks::as_cells;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Frame, Lang, key, problem};
use permissions::actor::Actor;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn language(frame: &Frame) -> Language {
    match frame.lang() {
        Lang::ZhHant => Language::TraditionalChinese,
        Lang::ZhHans => Language::SimplifiedChinese,
        Lang::En => Language::English,
    }
}

pub(super) async fn template(frame: Frame) -> Response {
    download(
        sheets::template_roster(language(&frame)),
        XLSX,
        "attachment; filename=\"roster-template.xlsx\"",
    )
}

pub(super) async fn template_fees(frame: Frame) -> Response {
    download(
        sheets::template_fees(language(&frame)),
        XLSX,
        "attachment; filename=\"fees-template.xlsx\"",
    )
}

fn download(bytes: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The faulty rows as a workbook to mend and hand in again.
pub(super) async fn mend(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match mending::workbook(&house, &by, &frame, id, language(&frame)).await {
        Ok(Some(bytes)) => download(bytes, XLSX, "attachment; filename=\"faults.xlsx\""),
        Ok(None) => problem::page(frame, StatusCode::NOT_FOUND),
        Err(e) => refuse(frame, &e),
    }
}

/// The faulty cells as CSV, their values masked as on the screen.
pub(super) async fn faults(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let c = by.community;
    let remarks = async {
        let (import, _, outcome) = super::look(&house, &by, c, id).await?;
        if import.state != "read" {
            return Ok(outcome.errors);
        }
        let draft = super::open_draft(&house, &by, c, id).await?;
        Ok::<_, ImportError>(super::preview(&house, &by, c, &draft).await?.errors)
    };
    let remarks = match remarks.await {
        Ok(remarks) => remarks,
        Err(e) => return refuse(frame, &e),
    };
    let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let head = [
        key("imports-col-sheet"),
        key("imports-col-row"),
        key("imports-col-column"),
        key("imports-col-value"),
        key("imports-col-reason"),
    ];
    let mut wrote = out.write_record(head.map(|k| frame.t(k).into_owned()));
    for remark in &remarks {
        let cells = as_cells(&frame, remark);
        wrote = wrote.and_then(|()| out.write_record(cells));
    }
    match (wrote, out.into_inner()) {
        (Ok(()), Ok(bytes)) => download(
            bytes,
            "text/csv; charset=utf-8",
            "attachment; filename=\"faults.csv\"",
        ),
        _ => problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR),
    }
}
