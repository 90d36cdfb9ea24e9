//! The doors of changes, transfers and seals.

mod list;
mod mine;
mod seals;
mod show;
mod transfer;
mod transfers;
mod typed;
pub mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use foundation::database::DbError;
use foundation::page::{Form, Frame, problem};
use permissions::Permission::{
    ArchiveDecide, ArchiveFile, ArchiveRead, ArchiveUnseal, ChangesCheck, ContactOwn, PersonUnmask,
    RosterWrite, TransferUndo,
};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

use crate::ChangesError;

/// All of them.
pub fn routes() -> Routes {
    let (read, file) = (Needs::May(ArchiveRead), Needs::May(ArchiveFile));
    let (write, check) = (Needs::May(RosterWrite), Needs::MayRecent(ChangesCheck));
    let (own, held) = (Needs::May(ContactOwn), Needs::May(ArchiveDecide));
    let unseal = Needs::MayFresh(ArchiveUnseal);
    Routes::new()
        .get("/c/{c}/changes", read, list::list)
        .post("/c/{c}/changes", check, list::check_all)
        .post("/c/{c}/changes/reprinted", file, list::reprinted)
        .get("/c/{c}/changes/of/{dossier}", read, list::of_dossier)
        .get("/c/{c}/changes/{id}", read, show::show)
        .post("/c/{c}/changes/{id}/evidence", write, show::evidence)
        .post("/c/{c}/changes/{id}/check", check, show::check)
        .post("/c/{c}/changes/{id}/reject", check, show::reject)
        .post(
            "/c/{c}/changes/{id}/unmask",
            Needs::MayRecent(PersonUnmask),
            show::unmask,
        )
        .get("/c/{c}/my/contact", own, mine::show)
        .post("/c/{c}/my/contact", own, mine::send)
        .get("/c/{c}/transfers", write, transfers::list)
        .post("/c/{c}/transfers", write, transfers::begin)
        .get("/c/{c}/transfers/{id}", write, transfer::show)
        .post("/c/{c}/transfers/{id}", write, transfer::send)
        .get("/c/{c}/transfers/{id}/look", write, transfer::look)
        .post(
            "/c/{c}/transfers/{id}/do",
            Needs::MayRecent(RosterWrite),
            transfer::complete,
        )
        .post("/c/{c}/transfers/{id}/drop", write, transfer::give_up)
        .post(
            "/c/{c}/transfers/{id}/undo",
            Needs::MayFresh(TransferUndo),
            transfer::undo,
        )
        .get("/c/{c}/seals", held, seals::list)
        .get("/c/{c}/seals/{id}", held, seals::show)
        .post("/c/{c}/seals/{id}/open", unseal, seals::open)
        .post("/c/{c}/seals/{id}/seal", unseal, seals::seal)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &ChangesError) -> StatusCode {
    use ChangesError as E;
    use dossiers::ArchiveError as A;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound
        | E::Archive(A::NotFound)
        | E::Roster(roster::RosterError::NoSuchParty | roster::RosterError::NoSuchRoom)
        | E::Forms(forms::FormsError::NotFound)
        | E::Fees(fees::FeesError::NoSuchRoom) => StatusCode::NOT_FOUND,
        E::Changed
        | E::State(_)
        | E::OwnChange
        | E::Superseded
        | E::Whole
        | E::HasDraft(_)
        | E::DayPast
        | E::Followed(_)
        | E::Waits(_)
        | E::Roster(roster::RosterError::Changed)
        | E::Archive(A::Sealed | A::Changed) => StatusCode::CONFLICT,
        E::Database(DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Archive(_)
        | E::Forms(_)
        | E::Roster(_)
        | E::Fees(_)
        | E::Imports(_)
        | E::Keys(_)
        | E::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &ChangesError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "changes could not do their work");
        return problem::page(frame, status);
    }
    match words::refusal(error, &frame) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}

/// What a page says of the row that it saw.
fn version(form: &Form) -> i64 {
    form.value("version").parse().unwrap_or(0)
}
