//! The next version of a notice that is out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, status, words};
use crate::flow::{self, Amendment};
use crate::{BODY_CHARS_MAX, TITLE_CHARS_MAX, WORDS_CHARS_MAX, draft};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};

#[derive(Template)]
#[template(path = "notices/amend.html")]
struct AmendPage {
    frame: Frame,
    form: Form,
    own: String,
}

fn amend_page(frame: Frame, c: &str, id: Id, form: Form, status: StatusCode) -> Response {
    page::html(
        status,
        AmendPage {
            own: format!("/c/{c}/notices/{id}"),
            form,
            frame: frame.titled("notices-amend"),
        },
    )
}

/// The form of an amendment, with the text as it stands.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match draft::one(&house, &by, id).await {
        Ok(n) => {
            let form = Form::filled([
                ("row", n.row_version.to_string()),
                ("title", n.title),
                ("body", n.body),
                ("material", "yes".to_owned()),
            ]);
            amend_page(frame, &c, id, form, StatusCode::OK)
        }
        Err(e) => refused(frame, &e),
    }
}

/// Publishes the next version.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let title = form
        .field("title", "notices-field-title")
        .text(1..=TITLE_CHARS_MAX);
    let body = form
        .field("body", "notices-field-body")
        .text(1..=BODY_CHARS_MAX);
    let why = form
        .field("words", "notices-field-why")
        .text(1..=WORDS_CHARS_MAX);
    let (Some(title), Some(body), Some(words_)) = (title, body, why) else {
        return amend_page(frame, &c, id, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let change = Amendment {
        title,
        body,
        material: form.has("material", "yes"),
        words: words_,
    };
    let row = form.value("row").parse().unwrap_or(0);
    match flow::amend(&house, &by, id, row, &change).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/notices/{id}"),
            frame.t("notices-did-amend"),
        ),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                amend_page(frame, &c, id, form, status(&e))
            }
            None => refused(frame, &e),
        },
    }
}
