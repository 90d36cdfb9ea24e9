//! Asking that the archive is handed over.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, status, words};
use crate::acts::{self, Asked};
use crate::{SUCCESSOR_CHARS_MAX, SuccessionError};
use foundation::database::DbError;
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, key, onward};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "successions/ask.html")]
struct AskPage {
    frame: Frame,
    form: Form,
    back: String,
    buildings: Vec<Choice>,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Result<Response, DbError> {
    let buildings = roster::buildings(house, by.community).await?;
    Ok(page::html(
        status,
        AskPage {
            back: format!("/c/{c}/successions"),
            buildings: buildings
                .into_iter()
                .map(|b| Choice::new(b.clone(), hanzi::room::building_said(&b)))
                .collect(),
            form,
            frame: frame.titled("successions-ask-title"),
        },
    ))
}

pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let drawn = draw(
        &house,
        &by,
        &c,
        StatusCode::OK,
        frame.clone(),
        Form::default(),
    );
    match drawn.await {
        Ok(page) => page,
        Err(e) => refused(frame, &e.into()),
    }
}

pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let successor = form
        .field("successor", key("successions-f-successor"))
        .text(1..=SUCCESSOR_CHARS_MAX);
    let day = form.field("due", key("successions-f-due")).date();
    let value = |name: &str| form.value(name).trim().to_owned();
    if let (Some(successor), Some(day)) = (successor, day) {
        let asked = Asked {
            successor,
            building: value("building"),
            from_room: value("from"),
            to_room: value("to"),
            recipient: value("recipient"),
            in_clear: form.value("clear") == "1",
            due_day: day.to_string(),
        };
        match acts::ask(&house, &by, &asked).await {
            Ok(id) => {
                let to = format!("/c/{c}/successions/{id}");
                return onward::done(&to, frame.t("successions-did-ask"));
            }
            Err(e) => match (place(&e), words::refusal(&e)) {
                (Some(""), Some(sentence)) => form.fault_of_all(sentence),
                (Some(field), Some(sentence)) => {
                    let field = match &e {
                        SuccessionError::Room(room) if *room == asked.to_room => "to",
                        _ => field,
                    };
                    form.fault(field, sentence);
                }
                _ => return refused(frame, &e),
            },
        }
    }
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    match draw(&house, &by, &c, unfit, frame.clone(), form).await {
        Ok(page) => page,
        Err(e) => refused(frame, &e.into()),
    }
}

/// The field that a refusal belongs to; empty for the whole form.
fn place(error: &SuccessionError) -> Option<&'static str> {
    Some(match error {
        SuccessionError::Successor => "successor",
        SuccessionError::Recipient => "recipient",
        SuccessionError::Room(_) => "from",
        SuccessionError::Day(_) => "due",
        e if status(e) == StatusCode::UNPROCESSABLE_ENTITY => "",
        _ => return None,
    })
}
