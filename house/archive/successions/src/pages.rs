//! The doors of successions: which there are, asking for one, its page with how far the bag is.

mod ask;
mod list;
mod show;
mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::SuccessionError;
use dossiers::ArchiveError;
use foundation::database::DbError;
use foundation::page::{Frame, problem};
use permissions::Permission::{ArchiveSucceed, ArchiveSucceedConfirm};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them. What lets personal data of a whole compound leave asks for a fresh second factor.
pub fn routes() -> Routes {
    let read = Needs::May(ArchiveSucceedConfirm);
    let (ask, confirm) = (
        Needs::MayFresh(ArchiveSucceed),
        Needs::MayFresh(ArchiveSucceedConfirm),
    );
    Routes::new()
        .get("/c/{c}/successions", read, list::list)
        .get(
            "/c/{c}/successions/new",
            Needs::May(ArchiveSucceed),
            ask::form,
        )
        .post("/c/{c}/successions/new", ask, ask::send)
        .get("/c/{c}/successions/{id}", read, show::show)
        .get("/c/{c}/successions/{id}/list.pdf", read, show::paper)
        .post("/c/{c}/successions/{id}/confirm", confirm, show::confirm)
        .post("/c/{c}/successions/{id}/refuse", read, show::refuse)
        .post("/c/{c}/successions/{id}/resume", ask, show::resume)
        .post("/c/{c}/successions/{id}/deliver", ask, show::deliver)
        .post("/c/{c}/successions/{id}/download", ask, show::download)
        .post("/c/{c}/successions/{id}/clear", ask, show::clear)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &SuccessionError) -> StatusCode {
    use SuccessionError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound | E::Archive(ArchiveError::NotFound) => StatusCode::NOT_FOUND,
        E::State(_) | E::AtWork | E::Changed => StatusCode::CONFLICT,
        E::Database(DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Ledger(_) | E::Bag(_) | E::Archive(_) | E::Paper(_) | E::Io(_) | E::Database(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &SuccessionError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "a succession could not go on");
        return problem::page(frame, status);
    }
    match words::refusal(error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
