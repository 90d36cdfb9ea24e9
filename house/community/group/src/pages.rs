//! The group's doors: the list of channels, a channel, its live stream, and what is done to
//! a message. Every page reads and sends without script; the script makes it live.

mod acts;
mod channel;
mod find;
mod list;
mod more;
mod people;
mod row;
mod sharing;
mod skills;
mod upload;
mod words;

pub use list::entries;

use std::sync::Arc;

use axum::Extension;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::files::SENDING_BYTES_MAX;
use crate::live::Hub;
use crate::{Channel, ChannelKind, GroupError};
use foundation::page::{Frame, problem};
use permissions::Permission::{ConductReport, GroupLead, GroupPin, GroupRead, GroupSpeak};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them, with a hub of their own.
pub fn routes() -> Routes {
    let hub = Arc::new(Hub::default());
    channels(&hub)
        .and(messages())
        .and(people_and_words())
        .and(neighbours())
}

/// A channel as it is read and written, and its stream.
fn channels(hub: &Arc<Hub>) -> Routes {
    let (reading, listening) = (hub.clone(), hub.clone());
    let read = Needs::May(GroupRead);
    let speak = Needs::May(GroupSpeak);
    let lead = Needs::May(GroupLead);
    Routes::new()
        .get("/c/{c}/group/channels", read, list::show)
        .post("/c/{c}/group/channels", lead, list::open)
        .get(
            "/c/{c}/group/channels/{id}",
            read,
            move |house, by, path, query, frame| {
                channel::show(reading.clone(), house, by, path, query, frame)
            },
        )
        .post("/c/{c}/group/channels/{id}", speak, channel::say)
        .upload(
            "/c/{c}/group/channels/{id}/files",
            speak,
            SENDING_BYTES_MAX,
            upload::say,
        )
        .post("/c/{c}/group/channels/{id}/read", read, acts::read)
        .get("/c/{c}/group/channels/{id}/settings", lead, list::settings)
        .post("/c/{c}/group/channels/{id}/settings", lead, list::set)
        .get("/c/{c}/group/channels/{id}/poll", speak, more::asking)
        .post("/c/{c}/group/channels/{id}/poll", speak, more::ask)
        .get(
            "/c/{c}/group/live",
            read,
            move |house, by, session, headers, query| {
                channel::live(listening.clone(), house, by, session, headers, query)
            },
        )
}

/// What is done to a message, and what it carries.
fn messages() -> Routes {
    let read = Needs::May(GroupRead);
    let speak = Needs::May(GroupSpeak);
    let report = Needs::May(ConductReport);
    Routes::new()
        .post("/c/{c}/group/messages/{id}/recall", speak, acts::recall)
        .post(
            "/c/{c}/group/messages/{id}/pin",
            Needs::May(GroupPin),
            acts::pin,
        )
        .get("/c/{c}/group/messages/{id}/report", report, acts::reporting)
        .post("/c/{c}/group/messages/{id}/report", report, acts::report)
        .post("/c/{c}/group/messages/{id}/vote", speak, more::vote)
        .post("/c/{c}/group/messages/{id}/end-poll", speak, more::end_poll)
        .get(
            "/c/{c}/group/messages/{id}/forward",
            speak,
            more::forwarding,
        )
        .post("/c/{c}/group/messages/{id}/forward", speak, more::forward)
        .get(
            "/c/{c}/group/messages/{id}/pictures/{picture}",
            read,
            upload::picture,
        )
        .get(
            "/c/{c}/group/messages/{id}/files/{file}",
            read,
            upload::file,
        )
}

/// Who is there, and what was said.
fn people_and_words() -> Routes {
    let read = Needs::May(GroupRead);
    Routes::new()
        .get("/c/{c}/group/channels/{id}/people", read, people::show)
        .get("/c/{c}/group/channels/{id}/names", read, people::names)
        .post(
            "/c/{c}/group/acting",
            Needs::MayRecent(GroupLead),
            people::act,
        )
        .get("/c/{c}/group/search", read, find::show)
}

/// What neighbours share with each other.
fn neighbours() -> Routes {
    let read = Needs::May(GroupRead);
    let speak = Needs::May(GroupSpeak);
    Routes::new()
        .get("/c/{c}/group/sharing", read, sharing::list)
        .upload(
            "/c/{c}/group/sharing",
            speak,
            SENDING_BYTES_MAX,
            sharing::post,
        )
        .get("/c/{c}/group/sharing/new", speak, sharing::writing)
        .get("/c/{c}/group/sharing/{id}", read, sharing::show)
        .upload(
            "/c/{c}/group/sharing/{id}",
            speak,
            SENDING_BYTES_MAX,
            sharing::answer,
        )
        .post("/c/{c}/group/sharing/{id}/settle", speak, sharing::settle)
        .post("/c/{c}/group/messages/{id}/thank", speak, sharing::thank)
        .get("/c/{c}/group/skills", read, skills::show)
        .post("/c/{c}/group/skills", speak, skills::offer)
        .post("/c/{c}/group/skills/{id}/withdraw", speak, skills::withdraw)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

/// Whether the page's script asks, which reads JSON.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .is_some_and(|v| v.as_bytes().starts_with(b"application/json"))
}

/// Says that an owner's device may keep this page for reading without a line; the office's
/// desks are shared.
fn kept(mut response: Response, by: &Actor) -> Response {
    if !by.is_staff() && response.status() == StatusCode::OK {
        let name = header::HeaderName::from_static("x-keep");
        response
            .headers_mut()
            .insert(name, header::HeaderValue::from_static("read"));
    }
    response
}

fn answer(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The channel's name in the reader's language.
pub fn name_of(frame: &Frame, one: &Channel) -> String {
    match one.kind {
        ChannelKind::Main => frame.t("group-main").into_owned(),
        ChannelKind::Stewards => frame.t("group-stewards").into_owned(),
        ChannelKind::Sharing => frame.t("group-sharing").into_owned(),
        // The house names what it opened by itself: 3 is 3棟, 甲棟 stays what it is.
        ChannelKind::Building if one.name.is_empty() => {
            let building = one.building.trim_end_matches(['棟', '栋', '幢', '座']);
            frame
                .one("group-of-building", "building", building)
                .into_owned()
        }
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
        E::Picture(foundation::pictures::PictureRefused::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::PollOver | E::StewardAlready => StatusCode::CONFLICT,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_) | E::Membership(_) | E::File(_) | E::Keys(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
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
