//! The bank's list: pasted in, and what of it waits for a person.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::meters::room_of_code;
use super::{Desk, sentence};
use crate::{BankView, FeesError, bank_waiting, settle_bank, take_bank};
use foundation::page::form::Form;
use foundation::page::{self, Frame, say};
use permissions::Permission;

#[derive(Template)]
#[template(path = "fees/bank.html")]
struct BankPage {
    frame: Frame,
    form: Form,
    waiting: Vec<BankView>,
    base: String,
    may_record: bool,
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, Form::default(), StatusCode::OK).await
}

async fn draw(desk: Desk, form: Form, status: StatusCode) -> Response {
    match bank_waiting(&desk.house, &desk.actor).await {
        Ok(waiting) => {
            let page = BankPage {
                base: desk.at("/fees"),
                may_record: desk.actor.has(Permission::FeesRecord),
                frame: desk.frame.titled("fees-bank"),
                form,
                waiting,
            };
            page::html(status, page)
        }
        Err(error) => desk.refused(&error),
    }
}

async fn again(desk: Desk, mut form: Form, error: FeesError) -> Response {
    match sentence(&error) {
        Some(why) => {
            form.fault_of_all(why);
            draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        None => desk.refused(&error),
    }
}

pub async fn take(desk: Desk, form: Form) -> Response {
    let list = form.value("lines").to_owned();
    match take_bank(&desk.house, &desk.actor, &list).await {
        Ok(taken) => {
            let text = desk.frame.with(
                "fees-bank-taken",
                &[
                    ("taken", taken.taken.into()),
                    ("waiting", taken.waiting.into()),
                    ("known", taken.known.into()),
                    ("unread", (taken.unread.len() as i64).into()),
                ],
            );
            desk.done(&desk.at("/fees/bank"), text)
        }
        Err(error) => again(desk, form, error).await,
    }
}

pub async fn settle(desk: Desk, mut form: Form) -> Response {
    let line = match desk.id() {
        Ok(line) => line,
        Err(_) => return desk.refused(&FeesError::NoSuchLine),
    };
    let leave = form.value("decision") == "leave";
    let room = match room_of_code(&desk, form.value("room")).await {
        Ok(Some(room)) => Some(room),
        Ok(None) if leave => None,
        Ok(None) | Err(FeesError::NoSuchRoom) => {
            form.fault_of_all(say("fees-error-room"));
            return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return desk.refused(&error),
    };
    let room = room.filter(|_| !leave);
    match settle_bank(&desk.house, &desk.actor, line, room).await {
        Ok(()) => {
            let text = desk.frame.t("fees-bank-settled");
            desk.done(&desk.at("/fees/bank"), text)
        }
        Err(error) => again(desk, form, error).await,
    }
}
