//! The doors of viewings: the desk, asking, one viewing with its acts, the viewer, the register,
//! the emergency, tracing, settings; and a person's own file.

mod ask;
mod cover;
mod desk;
mod emergency;
mod may;
mod mine;
mod register;
mod settings;
mod show;
mod trace;
mod view;
pub mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::trace::PICTURE_BYTES_MAX;
use crate::{Guard, Refused, ViewingError};
use foundation::database::DbError;
use foundation::page::{Frame, problem};
use permissions::Permission::{
    ArchiveRead, ArchiveSet, ExportRun, HomeRead, ViewingAsk, ViewingDecide, ViewingRegister,
    ViewingTrace,
};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The form around a picture.
const UPLOAD_SLACK: usize = 64 * 1024;

/// All of them.
pub fn routes() -> Routes {
    let (asks, decides) = (Needs::May(ViewingAsk), Needs::May(ViewingDecide));
    let (fresh, registers) = (Needs::MayFresh(ViewingDecide), Needs::May(ViewingRegister));
    office(asks, registers)
        .post("/c/{c}/viewings/{id}/approve", fresh, show::approve)
        .post("/c/{c}/viewings/{id}/second", fresh, show::second)
        .post("/c/{c}/viewings/{id}/tap", fresh, show::tap)
        .post("/c/{c}/viewings/{id}/vouch", fresh, show::vouch)
        .post("/c/{c}/viewings/{id}/deny", decides, show::deny)
        .post("/c/{c}/viewings/{id}/revoke", decides, show::revoke)
        .post("/c/{c}/viewings/{id}/withhold", decides, show::withhold)
        .post("/c/{c}/viewings/{id}/review", fresh, show::review)
        .post("/c/{c}/viewings/{id}/thaw", fresh, show::thaw)
        .get("/c/{c}/viewings-settings", decides, settings::show)
        .post(
            "/c/{c}/viewings-settings",
            Needs::May(ArchiveSet),
            settings::send,
        )
        .post("/c/{c}/viewings-deputies", fresh, settings::name)
        .post(
            "/c/{c}/viewings-deputies/{id}/confirm",
            fresh,
            settings::confirm,
        )
        .post("/c/{c}/viewings-deputies/{id}/end", decides, settings::end)
        .get(
            "/c/{c}/viewings-trace",
            Needs::May(ViewingTrace),
            trace::form,
        )
        .upload(
            "/c/{c}/viewings-trace",
            Needs::May(ViewingTrace),
            PICTURE_BYTES_MAX + UPLOAD_SLACK,
            trace::send,
        )
        .and(own())
}

fn office(asks: Needs, registers: Needs) -> Routes {
    Routes::new()
        .get("/c/{c}/viewings", asks, desk::list)
        .get("/c/{c}/viewings/new", asks, ask::form)
        .post("/c/{c}/viewings/new", asks, ask::send)
        .get("/c/{c}/viewings/{id}", asks, show::show)
        .get("/c/{c}/viewings/{id}/edit", asks, ask::edit)
        .post("/c/{c}/viewings/{id}/edit", asks, ask::change)
        .post("/c/{c}/viewings/{id}/submit", asks, show::submit)
        .post("/c/{c}/viewings/{id}/withdraw", asks, show::withdraw)
        .post(
            "/c/{c}/viewings/{id}/activate",
            Needs::MayFresh(ViewingAsk),
            show::activate,
        )
        .post("/c/{c}/viewings/{id}/close", asks, show::close)
        .get("/c/{c}/viewings/{id}/view", asks, view::show)
        .get(
            "/c/{c}/viewings/{id}/pages/{document}/{page}",
            asks,
            view::page,
        )
        .get("/c/{c}/viewings/{id}/live", asks, view::live)
        .post("/c/{c}/viewings/{id}/print", asks, view::print)
        .post("/c/{c}/viewings/{id}/register", registers, show::register)
        .post("/c/{c}/viewings/{id}/lend", registers, show::lend)
        .post(
            "/c/{c}/viewings/{id}/copies/{nth}",
            registers,
            show::end_copy,
        )
        .get("/c/{c}/viewings/{id}/cover", registers, cover::form)
        .post("/c/{c}/viewings/{id}/cover", registers, cover::send)
        .get(
            "/c/{c}/viewings/{id}/cover/{document}/{page}",
            registers,
            cover::picture,
        )
        .post("/c/{c}/viewings/{id}/offer", registers, show::offer)
        .get("/c/{c}/viewings/{id}/release", asks, cover::release)
        .get(
            "/c/{c}/viewings/{id}/release/{document}/{page}",
            asks,
            cover::picture,
        )
        .post("/c/{c}/viewings/{id}/release", registers, show::release)
        .post("/c/{c}/viewings/{id}/send-back", asks, show::send_back)
        .post("/c/{c}/viewings/{id}/loans/{loan}", registers, show::settle)
        .post("/c/{c}/viewings-boxes", registers, desk::take_back)
        .get("/c/{c}/viewings-emergency", asks, emergency::form)
        .post(
            "/c/{c}/viewings-emergency",
            Needs::MayFresh(ViewingAsk),
            emergency::send,
        )
        .get(
            "/c/{c}/viewings-register",
            Needs::May(ArchiveRead),
            register::list,
        )
        .post(
            "/c/{c}/viewings-register",
            Needs::MayFresh(ExportRun),
            register::take,
        )
}

/// A person's own file.
fn own() -> Routes {
    let mine = Needs::May(HomeRead);
    Routes::new()
        .get("/c/{c}/my/files", mine, mine::list)
        .post("/c/{c}/my/files/{dossier}/ask", mine, mine::ask)
        .get("/c/{c}/my/files/viewings/{id}", mine, mine::show)
        .post(
            "/c/{c}/my/files/viewings/{id}/activate",
            Needs::MayFresh(HomeRead),
            mine::activate,
        )
        .post("/c/{c}/my/files/viewings/{id}/close", mine, mine::close)
        .post(
            "/c/{c}/my/files/viewings/{id}/withdraw",
            mine,
            mine::withdraw,
        )
        .get("/c/{c}/my/files/viewings/{id}/view", mine, view::own)
        .get(
            "/c/{c}/my/files/viewings/{id}/pages/{document}/{page}",
            mine,
            view::page,
        )
        .get("/c/{c}/my/files/viewings/{id}/live", mine, view::live)
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn status(error: &ViewingError) -> StatusCode {
    use ViewingError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::Refused(Refused::Guard(Guard::Decides | Guard::DecidesOrCompany | Guard::Registers)) => {
            StatusCode::FORBIDDEN
        }
        E::NotFound
        | E::Archive(dossiers::ArchiveError::NotFound)
        | E::Shelf(shelves::ShelfError::NotFound) => StatusCode::NOT_FOUND,
        E::Changed | E::Refused(_) | E::BoxOut => StatusCode::CONFLICT,
        E::Database(DbError::Busy) | E::Paper(paper::PaperError::NoFont) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        E::Database(DbError::Full(_)) => StatusCode::INSUFFICIENT_STORAGE,
        E::Archive(e) if dossiers::pages::words::refusal(e).is_some() => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        E::Database(_)
        | E::Roster(_)
        | E::Keys(_)
        | E::Paper(_)
        | E::Archive(_)
        | E::Shelf(_)
        | E::Sheet(_)
        | E::Mark(_)
        | E::Io(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &ViewingError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "viewings could not do their work");
        return problem::page(frame, status);
    }
    match words::refusal(error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
