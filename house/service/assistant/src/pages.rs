//! The doors of the assistant: owners ask; the office writes, publishes, works off and counts.

mod book;
mod desk;
mod editor;
mod manner;
mod mine;
mod settings;
mod typed;
pub(crate) mod words;
mod worklist;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use foundation::database::DbError;
use foundation::page::{Frame, problem};
use permissions::Permission::{AssistantAsk, AssistantPublish, AssistantWrite};
use permissions::actor::Actor;
use permissions::routes::Needs::May;
use permissions::routes::Routes;

use crate::AssistantError;
use crate::bringing::FILE_BYTES_MAX;

/// All of them.
pub fn routes() -> Routes {
    let (ask, write, publish) = (
        May(AssistantAsk),
        May(AssistantWrite),
        May(AssistantPublish),
    );
    Routes::new()
        .get("/c/{c}/ask", ask, mine::show)
        .post("/c/{c}/ask", ask, mine::ask)
        .post("/c/{c}/ask/{id}", ask, mine::then)
        .get("/c/{c}/assistant", write, desk::list)
        .post("/c/{c}/assistant", write, editor::begin)
        .get("/c/{c}/assistant/new", write, editor::new)
        .get("/c/{c}/assistant/{id}", write, editor::show)
        .post("/c/{c}/assistant/{id}", write, editor::save)
        .post("/c/{c}/assistant/{id}/undo", write, editor::go_back)
        .post("/c/{c}/assistant/{id}/publish", publish, editor::publish)
        .post("/c/{c}/assistant/{id}/withdraw", publish, editor::withdraw)
        .post("/c/{c}/assistant-start", publish, desk::start)
        .post("/c/{c}/assistant-ready", publish, desk::publish_ready)
        .get("/c/{c}/assistant-work", write, worklist::show)
        .post("/c/{c}/assistant-work", write, worklist::off)
        .post("/c/{c}/assistant-raise/{message}", write, worklist::raise)
        .get("/c/{c}/assistant-figures", write, worklist::figures)
        .get("/c/{c}/assistant-import", write, book::show)
        .upload("/c/{c}/assistant-import", write, FILE_BYTES, book::send)
        .post("/c/{c}/assistant-import/take", write, book::take)
        .post("/c/{c}/assistant-export", write, book::export)
        .get("/c/{c}/assistant-manner", publish, manner::show)
        .post("/c/{c}/assistant-manner", publish, manner::save)
        .get("/c/{c}/assistant-places", publish, settings::show)
        .post("/c/{c}/assistant-places", publish, settings::save)
}

/// A file with what a form puts around it.
const FILE_BYTES: usize = FILE_BYTES_MAX as usize + (64 << 10);

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &AssistantError) -> StatusCode {
    use AssistantError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Changed | E::State => StatusCode::CONFLICT,
        E::Database(DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_)
        | E::Group(_)
        | E::Membership(_)
        | E::Notices(_)
        | E::Fees(_)
        | E::Keys(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &AssistantError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "the assistant could not do its work");
        return problem::page(frame, status);
    }
    match words::refusal_on(&frame, error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
