//! The doors of forms: which there are, filling one in, its check page, its paper, its scan.

mod asked;
mod cases;
mod drawing;
mod edit;
mod handover;
mod key;
mod keys;
mod list;
mod of_dossier;
mod policy;
mod scan;
mod show;
pub mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::FormsError;
use dossiers::ArchiveError;
use dossiers::intake::UPLOAD_BYTES_MAX;
use foundation::database::DbError;
use foundation::page::{Frame, problem};
use permissions::Permission::{ArchiveFile, ArchiveRead, ArchiveSet};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The form around the files: headers and the other fields.
const UPLOAD_SLACK: usize = 256 * 1024;

/// All of them.
pub fn routes() -> Routes {
    let (read, file) = (Needs::May(ArchiveRead), Needs::May(ArchiveFile));
    let set = Needs::May(ArchiveSet);
    Routes::new()
        .get("/c/{c}/forms", read, list::list)
        .get("/c/{c}/forms-policy", set, policy::show)
        .post("/c/{c}/forms-policy", set, policy::send)
        .get("/c/{c}/forms-of/{dossier}", read, of_dossier::show)
        .post("/c/{c}/forms-of/{dossier}", file, of_dossier::begin)
        .get("/c/{c}/forms/{id}", read, show::show)
        .get("/c/{c}/forms/{id}/edit", file, edit::form)
        .post("/c/{c}/forms/{id}/edit", file, edit::send)
        .post("/c/{c}/forms/{id}/print", file, show::print)
        .post("/c/{c}/forms/{id}/reopen", file, show::reopen)
        .post("/c/{c}/forms/{id}/void", file, show::void)
        .post("/c/{c}/forms/{id}/take-over", file, show::take_over)
        .get("/c/{c}/forms/{id}/paper.pdf", file, drawing::paper)
        .get("/c/{c}/forms/{id}/scan", file, scan::form)
        .upload(
            "/c/{c}/forms/{id}/scan",
            file,
            UPLOAD_BYTES_MAX + UPLOAD_SLACK,
            scan::send,
        )
        .post("/c/{c}/forms/{id}/tie", file, scan::tie)
        .post("/c/{c}/forms/{id}/apply", file, cases::apply)
        .get("/c/{c}/cases", read, cases::list)
        .get("/c/{c}/cases/{id}", read, cases::show)
        // Each act asks for its own permission: some are filed, some decided.
        .post("/c/{c}/cases/{id}", read, cases::send)
        .post("/c/{c}/cases/{id}/papers", file, cases::add_paper)
        .get("/c/{c}/cases/{id}/permit.pdf", file, cases::permit_pdf)
        .get("/c/{c}/forms-of/{dossier}/breach", file, cases::breach_form)
        .post("/c/{c}/forms-of/{dossier}/breach", file, cases::breach_send)
        .get("/c/{c}/handover", read, handover::list)
        .post("/c/{c}/handover", file, handover::prepare)
        .get("/c/{c}/handover.pdf", file, handover::papers)
        .get("/c/{c}/handover/{dossier}", read, handover::show)
        .post("/c/{c}/handover/{dossier}", file, handover::send)
        .get("/c/{c}/keys", read, keys::list)
        .get("/c/{c}/keys-count", file, keys::counting)
        .post("/c/{c}/keys-count", file, keys::count)
        .get("/c/{c}/keys/{id}", file, key::show)
        .post("/c/{c}/keys/{id}/lend", file, key::lend)
        .post("/c/{c}/keys/{id}/give-back", file, key::give_back)
        .post("/c/{c}/keys/{id}/lost", file, key::lose)
        .post("/c/{c}/key-loans/{id}/back", file, key::take_back)
        .post("/c/{c}/key-loans/{id}/call", file, key::call)
        .get("/c/{c}/forms-of/{dossier}/keys", read, key::of_home)
        .post("/c/{c}/forms-of/{dossier}/keys", file, key::deposit)
        .get(
            "/c/{c}/forms-of/{dossier}/keys.pdf",
            file,
            key::register_pdf,
        )
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &FormsError) -> StatusCode {
    use FormsError as E;
    match error {
        E::Forbidden(_) | E::Archive(ArchiveError::Forbidden(_)) => StatusCode::FORBIDDEN,
        E::NotFound | E::Archive(ArchiveError::NotFound) => StatusCode::NOT_FOUND,
        E::Changed
        | E::State(_)
        | E::NotYours
        | E::Ended
        | E::Key(_)
        | E::Counted
        | E::Step { .. }
        | E::HasCase
        | E::OnPaper => StatusCode::CONFLICT,
        E::Archive(ArchiveError::Full) => StatusCode::INSUFFICIENT_STORAGE,
        E::Archive(ArchiveError::Elsewhere)
        | E::Database(DbError::Busy)
        | E::Paper(paper::PaperError::NoFont) => StatusCode::SERVICE_UNAVAILABLE,
        E::Archive(e) if dossiers::pages::words::refusal(e).is_some() => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        E::Database(_) | E::Roster(_) | E::Keys(_) | E::Paper(_) | E::Archive(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &FormsError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "forms could not do their work");
        return problem::page(frame, status);
    }
    match words::refusal(error, &frame) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}

/// What a page says of the row that it saw.
fn version(form: &foundation::page::Form) -> i64 {
    form.value("version").parse().unwrap_or(0)
}
