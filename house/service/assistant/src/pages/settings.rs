//! What the office says in the places of the answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::editing::{self, FILL_CHARS_MAX};
use crate::{AssistantError, base};
use foundation::house::House;
use foundation::page::{self, Form, Frame, onward, say};
use permissions::actor::Actor;

struct Line {
    name: String,
    field: String,
    entries: u32,
    fault: bool,
}

#[derive(Template)]
#[template(path = "assistant/places.html")]
struct PlacesPage {
    frame: Frame,
    form: Form,
    here: String,
    base: String,
    lines: Vec<Line>,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    typed: Option<Form>,
    status: StatusCode,
) -> Response {
    let places = match editing::places(house, by).await {
        Ok(places) => places,
        Err(e) => return refused(frame, &e),
    };
    let field = |name: &str| format!("fill-{name}");
    let known = places
        .iter()
        .map(|(name, value, _)| (field(name), value.clone()));
    let form = typed.unwrap_or_else(|| Form::filled(known));
    let line = |(name, _, entries): (String, String, usize)| Line {
        field: field(&name),
        fault: form.error(&field(&name)).is_some(),
        name,
        entries: entries as u32,
    };
    page::html(
        status,
        PlacesPage {
            here: format!("/c/{c}/assistant-places"),
            base: format!("/c/{c}/assistant"),
            lines: places.into_iter().map(line).collect(),
            form,
            frame: frame.titled("assistant-places"),
        },
    )
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, None, StatusCode::OK).await
}

pub async fn save(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let places = match editing::places(&house, &by).await {
        Ok(places) => places,
        Err(e) => return refused(frame, &e),
    };
    let mut fills = match base::head(&house, by.community).await {
        Ok(head) => head.fills,
        Err(e) => return refused(frame, &e),
    };
    for (name, _, _) in places {
        let field = format!("fill-{name}");
        let value = form.value(&field).to_owned();
        if value.chars().count() > FILL_CHARS_MAX {
            form.fault(
                &field,
                say("assistant-fault-fill").and("max", FILL_CHARS_MAX),
            );
        }
        fills.insert(name, value);
    }
    if form.failed() {
        let bad = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&house, &by, &c, frame, Some(form), bad).await;
    }
    let fills: BTreeMap<String, String> = fills;
    match editing::fill(&house, &by, fills).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/assistant-places"),
            frame.t("assistant-did-fill"),
        ),
        Err(e @ AssistantError::Body(_)) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault_of_all(sentence);
            }
            draw(
                &house,
                &by,
                &c,
                frame,
                Some(form),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(e) => refused(frame, &e),
    }
}
