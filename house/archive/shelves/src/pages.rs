//! The doors of the shelves: what stands where, what to move, audits, labels and lid sheets.

mod acts;
mod audit;
mod boxes;
mod cabinets;
mod desk;
mod labels;
mod moves;
mod words;

use axum::Extension;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::{Cabinet, ShelfError};
use foundation::page::{Frame, ListQuery, Pager, problem};
use permissions::Permission::{ArchiveFile, ArchiveRead, ArchiveSet};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them.
pub fn routes() -> Routes {
    let (read, file, set) = (
        Needs::May(ArchiveRead),
        Needs::May(ArchiveFile),
        Needs::May(ArchiveSet),
    );
    Routes::new()
        .get("/c/{c}/shelves", read, desk::list)
        .get("/c/{c}/shelves/scan", read, desk::scan)
        .post("/c/{c}/shelves/boxes", file, acts::tend)
        .get("/c/{c}/shelves/boxes/{id}", read, boxes::show)
        .post("/c/{c}/shelves/boxes/{id}/move", file, acts::put)
        .post("/c/{c}/shelves/boxes/{id}/spine", file, acts::spine)
        .post("/c/{c}/shelves/boxes/{id}/more", file, acts::more)
        .post("/c/{c}/shelves/boxes/{id}/less", file, acts::less)
        .post("/c/{c}/shelves/boxes/{id}/share", file, acts::share)
        .post("/c/{c}/shelves/boxes/{id}/part", file, acts::part)
        .get("/c/{c}/shelves/boxes/{id}/lid.pdf", read, labels::lid)
        .get("/c/{c}/shelves/cabinets", set, cabinets::list)
        .post("/c/{c}/shelves/cabinets", set, cabinets::set)
        .post("/c/{c}/shelves/cabinets/apart", set, cabinets::apart)
        .get("/c/{c}/shelves/cabinets/{id}", read, desk::cabinet)
        .post("/c/{c}/shelves/cabinets/{id}", set, cabinets::change)
        .post("/c/{c}/shelves/cabinets/{id}/drop", set, cabinets::drop)
        .get("/c/{c}/shelves/moves", read, moves::list)
        .post("/c/{c}/shelves/moves", file, moves::done)
        .get("/c/{c}/shelves/moves/print", read, moves::sheet)
        .get("/c/{c}/shelves/audit", file, audit::ask)
        .post("/c/{c}/shelves/audit", file, audit::look)
        .post("/c/{c}/shelves/audit/record", file, audit::record)
        .get("/c/{c}/shelves/labels", file, labels::choose)
        .post("/c/{c}/shelves/labels", file, labels::print)
}

/// Cabinets on one page: some three hundred layers.
const CABINETS: usize = 20;

/// The cabinets of one page of the list: those behind, or before, the one that it names.
fn part<'k>(all: &'k [Cabinet], list: &ListQuery) -> (&'k [Cabinet], Pager) {
    Pager::part(all, list, CABINETS, |k| k.id.to_string())
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.pdf\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

fn compound(frame: &Frame) -> String {
    frame
        .compound
        .as_ref()
        .map_or(String::new(), |c| c.name.clone())
}

fn status(error: &ShelfError) -> StatusCode {
    use ShelfError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Changed | E::InUse => StatusCode::CONFLICT,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Paper(paper::PaperError::Refused(_) | paper::PaperError::NoFont) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        E::Archive(dossiers::ArchiveError::NotFound) => StatusCode::NOT_FOUND,
        E::Database(_) | E::Archive(_) | E::Paper(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &ShelfError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "the shelves could not do their work");
        return problem::page(frame, status);
    }
    match words::refusal(error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
