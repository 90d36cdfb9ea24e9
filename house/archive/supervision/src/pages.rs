//! The doors of supervision: the board, and what each person did.

mod board;
mod people;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::SupervisionError;
use foundation::page::{Frame, problem};
use permissions::Permission::ArchiveSupervise;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them.
pub fn routes() -> Routes {
    let supervise = Needs::May(ArchiveSupervise);
    Routes::new()
        .get("/c/{c}/supervision", supervise, board::show)
        .get("/c/{c}/supervision/people", supervise, people::show)
        .post("/c/{c}/supervision/people", supervise, people::take)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &SupervisionError) -> Response {
    use SupervisionError as E;
    let status = match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "supervision could not do its work");
    }
    problem::page(frame, status)
}
