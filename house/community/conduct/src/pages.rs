//! This room's doors: the review desk's, the appeal's, the member's, the policy's.

mod case;
mod hearing;
mod own;
mod policy;
mod quarter;
mod queue;
mod rules;
mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::ConductError;
use foundation::page::{Frame, problem};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them.
pub fn routes() -> Routes {
    use Permission::{ConductAppeal, ConductDecide, ConductPolicy, ConductRead, HomeRead};
    Routes::new()
        .get("/c/{c}/conduct", Needs::May(ConductRead), queue::queue)
        .get("/c/{c}/conduct/{id}", Needs::May(ConductRead), case::show)
        .post("/c/{c}/conduct/{id}", Needs::May(ConductDecide), case::act)
        .get(
            "/c/{c}/conduct-appeals",
            Needs::May(ConductRead),
            hearing::list,
        )
        .get(
            "/c/{c}/conduct-appeals/{id}",
            Needs::May(ConductRead),
            hearing::show,
        )
        .post(
            "/c/{c}/conduct-appeals/{id}",
            Needs::May(ConductAppeal),
            hearing::act,
        )
        .get(
            "/c/{c}/conduct-policy",
            Needs::May(ConductPolicy),
            policy::show,
        )
        .post(
            "/c/{c}/conduct-policy",
            Needs::May(ConductPolicy),
            policy::act,
        )
        .get(
            "/c/{c}/conduct-report",
            Needs::May(ConductRead),
            quarter::desk,
        )
        .post(
            "/c/{c}/conduct-report",
            Needs::May(ConductPolicy),
            quarter::publish,
        )
        .get(
            "/c/{c}/group-report",
            Needs::May(HomeRead),
            quarter::members,
        )
        .get("/c/{c}/my-conduct", Needs::May(HomeRead), own::mine)
        .post("/c/{c}/my-conduct/{id}", Needs::May(HomeRead), own::act)
        .get("/c/{c}/appeal/{link}", Needs::Link, own::link)
        .post("/c/{c}/appeal/{link}", Needs::Link, own::link_act)
        .get("/c/{c}/group-rules", Needs::May(HomeRead), rules::show)
        .post("/c/{c}/group-rules", Needs::May(HomeRead), rules::accept)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

/// The status of a refusal.
fn status(error: &ConductError) -> StatusCode {
    use ConductError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Changed | E::NotPending | E::AlreadyAppealed => StatusCode::CONFLICT,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_) | E::Keys(_) | E::Membership(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: ConductError) -> Response {
    let status = status(&error);
    match words::refusal(&error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => {
            if status == StatusCode::INTERNAL_SERVER_ERROR {
                tracing::error!(%error, "conduct could not do its work");
            }
            problem::page(frame, status)
        }
    }
}
