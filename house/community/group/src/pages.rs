//! The group's doors: the list of channels, a channel, its live stream, and what is done to
//! a message. Every page reads and sends without script; the script makes it live.

mod acts;
mod channel;
mod list;
mod words;

pub use list::entries;

use std::sync::Arc;

use axum::Extension;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::live::Hub;
use crate::{Channel, ChannelKind, GroupError};
use foundation::page::{Frame, problem};
use permissions::Permission::{ConductReport, GroupLead, GroupPin, GroupRead, GroupSpeak};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them, with a hub of their own.
pub fn routes() -> Routes {
    let hub = Arc::new(Hub::default());
    Routes::new()
        .get("/c/{c}/group/channels", Needs::May(GroupRead), list::show)
        .post("/c/{c}/group/channels", Needs::May(GroupLead), list::open)
        .get(
            "/c/{c}/group/channels/{id}",
            Needs::May(GroupRead),
            channel::show,
        )
        .post(
            "/c/{c}/group/channels/{id}",
            Needs::May(GroupSpeak),
            channel::say,
        )
        .post(
            "/c/{c}/group/channels/{id}/read",
            Needs::May(GroupRead),
            acts::read,
        )
        .get(
            "/c/{c}/group/channels/{id}/settings",
            Needs::May(GroupLead),
            list::settings,
        )
        .post(
            "/c/{c}/group/channels/{id}/settings",
            Needs::May(GroupLead),
            list::set,
        )
        .post(
            "/c/{c}/group/messages/{id}/recall",
            Needs::May(GroupSpeak),
            acts::recall,
        )
        .post(
            "/c/{c}/group/messages/{id}/pin",
            Needs::May(GroupPin),
            acts::pin,
        )
        .get(
            "/c/{c}/group/messages/{id}/report",
            Needs::May(ConductReport),
            acts::reporting,
        )
        .post(
            "/c/{c}/group/messages/{id}/report",
            Needs::May(ConductReport),
            acts::report,
        )
        .get(
            "/c/{c}/group/live",
            Needs::May(GroupRead),
            move |house, by, headers, query| channel::live(hub.clone(), house, by, headers, query),
        )
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Whether the page's script asks, which reads JSON.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .is_some_and(|v| v.as_bytes().starts_with(b"application/json"))
}

/// The channel's name in the reader's language.
pub fn name_of(frame: &Frame, one: &Channel) -> String {
    match one.kind {
        ChannelKind::Main => frame.t("group-main").into_owned(),
        ChannelKind::Stewards => frame.t("group-stewards").into_owned(),
        ChannelKind::Building | ChannelKind::Open => one.name.clone(),
    }
}

fn status(error: &GroupError) -> StatusCode {
    use GroupError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Changed => StatusCode::CONFLICT,
        E::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_) | E::Membership(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &GroupError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "the group could not do its work");
        return problem::page(frame, status);
    }
    match words::refusal(&frame, error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
