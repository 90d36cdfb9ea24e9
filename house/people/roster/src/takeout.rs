//! The page on which the roster leaves the house.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sheets::Language;

use super::export::{Shape, export};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, Lang, key};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The doors: whoever takes a list out has just shown a second factor.
pub(super) fn routes() -> Routes {
    let export = Needs::MayFresh(Permission::ExportRun);
    Routes::new()
        .get("/c/{c}/roster/export", export, show)
        .post("/c/{c}/roster/export", export, send)
}

#[derive(Template)]
#[template(path = "roster/export.html")]
struct ExportPage {
    frame: Frame,
    form: Form,
    shapes: Vec<Choice>,
}

fn draw(frame: Frame, form: Form) -> Response {
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let shapes = vec![
        Choice::new("xlsx", frame.t("roster-export-xlsx")),
        Choice::new("csv", frame.t("roster-export-csv")),
    ];
    page::html(
        status,
        ExportPage {
            form,
            shapes,
            frame: frame.titled("roster-export-title"),
        },
    )
}

async fn show(frame: Frame) -> Response {
    draw(frame, Form::filled([("shape", "xlsx")]))
}

async fn send(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path(slug): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let words = [Shape::Xlsx.word(), Shape::Csv.word()];
    let Some(said) = form
        .field("shape", key("roster-export-shape"))
        .choice(&words)
    else {
        return draw(frame, form);
    };
    let (shape, kind) = if said == Shape::Csv.word() {
        (Shape::Csv, "text/csv; charset=utf-8")
    } else {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        (Shape::Xlsx, kind)
    };
    let language = match frame.lang() {
        Lang::ZhHant => Language::TraditionalChinese,
        Lang::ZhHans => Language::SimplifiedChinese,
        Lang::En => Language::English,
    };
    let bytes = match export(&house, &by, by.community, shape, language).await {
        Ok(bytes) => bytes,
        Err(e) => return super::pages::refuse(frame, &e),
    };
    let name = format!(
        "attachment; filename=\"roster-{slug}-{}.{}\"",
        house.now().date(),
        shape.word()
    );
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
