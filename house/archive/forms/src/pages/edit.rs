//! The page on which any form is filled in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::asked::{self, Item, Part};
use super::{By, refused, version, words};
use crate::filled::Filled;
use crate::values::Values;
use crate::{FormsError, State, fill};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};

#[derive(Template)]
#[template(path = "forms/edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    own: String,
    code: String,
    number: String,
    parts: Vec<Part>,
    version: i64,
    printed: bool,
}

fn draw(c: &str, filled: &Filled, form: Form, status: StatusCode, frame: Frame) -> Response {
    let definition = match filled.definition() {
        Ok(definition) => definition,
        Err(e) => return refused(frame, &e.into()),
    };
    page::html(
        status,
        EditPage {
            parts: asked::parts(definition, &form, &frame),
            own: format!("/c/{c}/forms/{}", filled.id),
            code: filled.code.clone(),
            number: filled.label(),
            version: filled.version,
            printed: filled.state == State::Printed,
            form,
            frame: frame.titled(words::title(filled.kind)),
        },
    )
}

/// What stands in it, to be typed on.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match fill::mine(&house, &by, id).await {
        Ok((filled, values)) => match filled.definition() {
            Ok(definition) => {
                let typed = values.typed(definition);
                draw(&c, &filled, typed, StatusCode::OK, frame)
            }
            Err(e) => refused(frame, &e.into()),
        },
        Err(e) => refused(frame, &e),
    }
}

/// Keeps it; then its check page, or more of the same.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let filled = match fill::mine(&house, &by, id).await {
        Ok((filled, _)) => filled,
        Err(e) => return refused(frame, &e),
    };
    let definition = match filled.definition() {
        Ok(definition) => definition,
        Err(e) => return refused(frame, &e.into()),
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(values) = Values::read(definition, &mut form) else {
        return draw(&c, &filled, form, status, frame);
    };
    match fill::save(&house, &by, id, version(&form), &values).await {
        Ok(()) if form.has("go", "on") => onward::done(
            &format!("/c/{c}/forms/{id}/edit"),
            frame.t("forms-did-save"),
        ),
        Ok(()) => onward::to(&format!("/c/{c}/forms/{id}")),
        // What was typed is not lost: it is shown with the reason why it was not kept.
        Err(e @ (FormsError::Changed | FormsError::OnPaper)) => {
            if let Some(sentence) = words::refusal(&e, &frame) {
                form.fault_of_all(sentence);
            }
            draw(&c, &filled, form, StatusCode::CONFLICT, frame)
        }
        Err(e) => refused(frame, &e),
    }
}
