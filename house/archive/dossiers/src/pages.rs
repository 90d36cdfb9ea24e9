//! The doors of the file room: the list of dossiers, one dossier, handing a paper in, counting
//! its pages. No door hands out a file or a page of what is filed.

mod catalog;
mod document;
mod hand_in;
mod list;
mod policy;
mod scanner;
mod show;
pub mod upload;
pub mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::ArchiveError;
use crate::intake::UPLOAD_BYTES_MAX;
use foundation::database::DbError;
use foundation::page::{Frame, problem};
use permissions::Permission::{ArchiveFile, ArchiveRead, ArchiveSet, ExportRun};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The form around the files: headers and the other fields.
const UPLOAD_SLACK: usize = 256 * 1024;

/// All of them.
pub fn routes() -> Routes {
    let (read, file) = (Needs::May(ArchiveRead), Needs::May(ArchiveFile));
    let set = Needs::May(ArchiveSet);
    Routes::new()
        .get("/c/{c}/files", read, list::list)
        .get("/c/{c}/files/missing", read, list::missing)
        .get("/c/{c}/files/missing.csv", read, list::missing_csv)
        .get("/c/{c}/files/waiting", read, list::waiting)
        .get("/c/{c}/files/catalog", read, catalog::show)
        .post(
            "/c/{c}/files/catalog",
            Needs::MayFresh(ExportRun),
            catalog::take,
        )
        .get("/c/{c}/files/scanner", file, scanner::list)
        .get("/c/{c}/files/scanner/choose", file, scanner::choose)
        .get("/c/{c}/files/policy", set, policy::show)
        .post("/c/{c}/files/policy", set, policy::send)
        .get("/c/{c}/files/{id}", read, show::show)
        .get("/c/{c}/files/{id}/new", file, hand_in::form)
        .upload(
            "/c/{c}/files/{id}/new",
            file,
            UPLOAD_BYTES_MAX + UPLOAD_SLACK,
            hand_in::send,
        )
        .get("/c/{c}/files/documents/{id}", read, document::show)
        .post("/c/{c}/files/documents/{id}/file", file, document::file)
        .post(
            "/c/{c}/files/documents/{id}/withdraw",
            file,
            document::withdraw,
        )
        .post("/c/{c}/files/documents/{id}/amend", file, document::amend)
        .get(
            "/c/{c}/files/documents/{id}/pages/{page}",
            file,
            document::page,
        )
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &ArchiveError) -> StatusCode {
    use ArchiveError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Changed | E::State(_) | E::Sealed => StatusCode::CONFLICT,
        E::Elsewhere | E::Database(DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Full => StatusCode::INSUFFICIENT_STORAGE,
        E::Unconfined => StatusCode::SERVICE_UNAVAILABLE,
        E::Paper(paper::PaperError::NoFont) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_)
        | E::Roster(_)
        | E::Keys(_)
        | E::Io(_)
        | E::Strongroom(_)
        | E::Paper(_)
        | E::Sheet(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &ArchiveError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "the archive could not do its work");
        return problem::page(frame, status);
    }
    match words::refusal(error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
