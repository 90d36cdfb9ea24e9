//! The doors of notices: the office writes, approves and follows them; a member reads,
//! confirms and asks.

mod acts;
mod amending;
mod calendar;
mod desk;
mod editor;
mod emergency;
mod mine;
mod papers;
mod reach;
mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::NoticeError;
use foundation::page::{Frame, problem};
use foundation::pictures::PICTURE_BYTES_MAX;
use permissions::Permission::{
    NoticesApprove, NoticesEmergency, NoticesReach, NoticesRead, NoticesWrite,
};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

pub use words::class_tag;

/// All of them.
pub fn routes() -> Routes {
    let (write, reach) = (Needs::May(NoticesWrite), Needs::May(NoticesReach));
    let read = Needs::May(NoticesRead);
    Routes::new()
        .get("/c/{c}/notices", write, desk::list)
        .post("/c/{c}/notices", write, editor::begin)
        .get("/c/{c}/notices/new", write, editor::new)
        .get("/c/{c}/notices/{id}", write, desk::show)
        .get("/c/{c}/notices/{id}/edit", write, editor::edit)
        .post("/c/{c}/notices/{id}/edit", write, editor::save)
        .post("/c/{c}/notices/{id}/submit", write, acts::submit)
        .post("/c/{c}/notices/{id}/cancel", write, acts::cancel)
        .post(
            "/c/{c}/notices/{id}/approve",
            Needs::May(NoticesApprove),
            acts::approve,
        )
        .post(
            "/c/{c}/notices/{id}/back",
            Needs::May(NoticesApprove),
            acts::send_back,
        )
        .post(
            "/c/{c}/notices/{id}/recall",
            Needs::May(NoticesApprove),
            acts::recall,
        )
        .post(
            "/c/{c}/notices/{id}/archive",
            Needs::May(NoticesApprove),
            acts::archive,
        )
        .post(
            "/c/{c}/notices/{id}/review",
            Needs::May(NoticesApprove),
            acts::review,
        )
        .get(
            "/c/{c}/notices/{id}/amend",
            Needs::May(NoticesApprove),
            amending::show,
        )
        .post(
            "/c/{c}/notices/{id}/amend",
            Needs::May(NoticesApprove),
            amending::send,
        )
        .post(
            "/c/{c}/notices/{id}/questions/{question}",
            write,
            acts::answer_question,
        )
        .get("/c/{c}/notices/{id}/reach", reach, reach::list)
        .get("/c/{c}/notices/{id}/reach/{room}", reach, reach::household)
        .post("/c/{c}/notices/{id}/reach/{room}", reach, reach::reached)
        .upload(
            "/c/{c}/notices/{id}/posted/{room}",
            reach,
            PICTURE_BYTES_MAX + 64 * 1024,
            reach::posted,
        )
        .get("/c/{c}/notices/{id}/doors/{picture}", reach, reach::picture)
        .get("/c/{c}/notices/{id}/sheet", reach, papers::sheet)
        .get("/c/{c}/notices/{id}/sheet.csv", reach, papers::csv)
        .get("/c/{c}/notices/{id}/sheet.pdf", reach, papers::sheet_pdf)
        .get("/c/{c}/notices/{id}/poster", write, papers::poster)
        .get("/c/{c}/notices/{id}/poster.pdf", write, papers::poster_pdf)
        .get(
            "/c/{c}/notices-emergency",
            Needs::May(NoticesEmergency),
            emergency::show,
        )
        .post(
            "/c/{c}/notices-emergency",
            Needs::May(NoticesEmergency),
            emergency::send,
        )
        .get("/c/{c}/notices-calendar", write, calendar::show)
        .post("/c/{c}/notices-calendar", write, calendar::greet)
        .get("/c/{c}/notices-templates", write, calendar::templates)
        .post("/c/{c}/notices-templates", write, calendar::set_template)
        .get("/c/{c}/my/notices", read, mine::list)
        .get("/c/{c}/my/notices/{id}", read, mine::show)
        .post("/c/{c}/my/notices/{id}/know", read, mine::acknowledge)
        .post("/c/{c}/my/notices/{id}/ask", read, mine::ask)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &NoticeError) -> StatusCode {
    use NoticeError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound | E::NotConcerned => StatusCode::NOT_FOUND,
        E::Changed | E::State(_) => StatusCode::CONFLICT,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_)
        | E::Group(_)
        | E::Membership(_)
        | E::Roster(_)
        | E::Conduct(_)
        | E::Keys(_)
        | E::File(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &NoticeError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "notices could not do their work");
        return problem::page(frame, status);
    }
    match words::refusal(error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
