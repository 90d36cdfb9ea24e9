//! The doors of the desk: an owner's report and what became of it; the office's work list, a
//! ticket with what may be done about it, and what the office sets.

mod board;
mod duties;
mod list;
mod mine;
mod papers;
mod parts;
mod settings;
mod shared;
mod take;
mod ticket;
mod upload;
pub mod words;

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use crate::Refused;
use foundation::database::DbError;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Form, Frame, problem};
use paper::PaperError;
use permissions::Permission::{
    DeskEnter, DeskHandle, DeskOutside, DeskRead, DeskReport, DeskSet, ExportRun,
};
use permissions::actor::Actor;
use permissions::routes::Needs::{May, MayFresh};
use permissions::routes::Routes;
use upload::UPLOAD_BYTES_MAX;

/// All of them.
pub fn routes() -> Routes {
    let (own, enter, handle, set) = (
        May(DeskReport),
        May(DeskEnter),
        May(DeskHandle),
        May(DeskSet),
    );
    Routes::new()
        .get("/c/{c}/my-tickets", own, mine::list)
        .get("/c/{c}/my-tickets/new", own, mine::form)
        .upload("/c/{c}/my-tickets/new", own, UPLOAD_BYTES_MAX, mine::send)
        .get("/c/{c}/my-tickets/{id}", own, mine::show)
        .upload(
            "/c/{c}/my-tickets/{id}/say",
            own,
            UPLOAD_BYTES_MAX,
            mine::say,
        )
        .post("/c/{c}/my-tickets/{id}/act", own, mine::act)
        .get(
            "/c/{c}/my-tickets/{id}/pictures/{picture}",
            own,
            ticket::picture,
        )
        .post("/c/{c}/my-tickets/{id}/outside", own, mine::forward)
        .get("/c/{c}/incidents/{id}", own, shared::incident)
        .post("/c/{c}/incidents/{id}/join", own, shared::join)
        .get("/c/{c}/complaints", May(DeskOutside), shared::complaints)
        .get(
            "/c/{c}/complaints/{id}",
            May(DeskOutside),
            shared::complaint,
        )
        .post("/c/{c}/complaints/{id}/act", May(DeskOutside), shared::act)
        .upload(
            "/c/{c}/complaints/{id}/say",
            May(DeskOutside),
            UPLOAD_BYTES_MAX,
            shared::say,
        )
        .post(
            "/c/{c}/complaints/{id}/forward",
            May(DeskOutside),
            shared::forward,
        )
        .get(
            "/c/{c}/complaints/{id}/pictures/{picture}",
            May(DeskOutside),
            ticket::picture,
        )
        .get("/c/{c}/desk", enter, list::show)
        .get("/c/{c}/desk.xlsx", MayFresh(ExportRun), papers::workbook)
        .get("/c/{c}/desk-board", May(DeskRead), board::board)
        .get("/c/{c}/desk-calendar", May(DeskRead), board::calendar)
        .get("/c/{c}/desk-figures", May(DeskRead), board::dashboard)
        .post("/c/{c}/desk-raise/{id}", handle, take::raise)
        .post("/c/{c}/desk-bulk", handle, list::bulk)
        .post("/c/{c}/desk-views", enter, list::keep)
        .post("/c/{c}/desk-views/{id}/forget", enter, list::forget)
        .get("/c/{c}/desk-duty", May(DeskRead), duties::show)
        .post("/c/{c}/desk-duty", set, duties::plan)
        .post("/c/{c}/desk-duty/{id}", May(DeskRead), duties::act)
        .get("/c/{c}/desk/{id}/order.pdf", enter, papers::print)
        .get("/c/{c}/desk/new", handle, take::form)
        .upload("/c/{c}/desk/new", handle, UPLOAD_BYTES_MAX, take::send)
        .get("/c/{c}/desk/{id}", enter, ticket::show)
        .upload("/c/{c}/desk/{id}/say", enter, UPLOAD_BYTES_MAX, ticket::say)
        .post("/c/{c}/desk/{id}/act", enter, ticket::act)
        .post("/c/{c}/my-tickets/{id}/price", own, mine::price)
        .post("/c/{c}/desk/{id}/price", enter, ticket::price)
        .post("/c/{c}/desk/{id}/parts", enter, ticket::part)
        .post("/c/{c}/desk/{id}/phone", enter, ticket::phone)
        .post("/c/{c}/desk/{id}/incident", handle, ticket::declare)
        .post("/c/{c}/desk/{id}/call", handle, ticket::call)
        .get(
            "/c/{c}/desk/{id}/pictures/{picture}",
            enter,
            ticket::picture,
        )
        .get("/c/{c}/desk-calls", handle, list::calls)
        .get("/c/{c}/desk-settings", set, settings::show)
        .post("/c/{c}/desk-settings/hours", set, settings::hours)
        .post("/c/{c}/desk-settings/teams", set, settings::team)
        .post("/c/{c}/desk-settings/workers", set, settings::worker)
        .get("/c/{c}/desk-categories/{id}", set, settings::category)
        .post("/c/{c}/desk-categories/{id}", set, settings::set_category)
        .post("/c/{c}/desk-categories/{id}/below", set, settings::below)
}

/// What every handler needs, taken from the request at once.
pub struct Desk {
    pub house: Arc<House>,
    pub by: Actor,
    pub frame: Frame,
    /// The records in the path; `None` where the path has none or it is forged.
    id: Option<Id>,
    picture: Option<Id>,
}

impl FromRequestParts<Arc<House>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Desk, Response> {
        let frame = Frame::of_request(parts);
        let by = Extension::<Actor>::from_request_parts(parts, house).await;
        let Ok(Extension(by)) = by else {
            return Err(problem::page(frame, StatusCode::NOT_FOUND));
        };
        let path = axum::extract::RawPathParams::from_request_parts(parts, house).await;
        let (mut id, mut picture) = (None, None);
        for (name, text) in path.iter().flat_map(|params| params.iter()) {
            match name {
                "id" => id = text.parse().ok(),
                "picture" => picture = text.parse().ok(),
                _ => {}
            }
        }
        Ok(Desk {
            house: house.clone(),
            by,
            frame,
            id,
            picture,
        })
    }
}

impl Desk {
    /// The record in the path.
    fn id(&self) -> Result<Id, Refused> {
        self.id.ok_or(Refused::NotFound)
    }

    /// The address of one of this compound's pages: `at("/desk")`.
    fn at(&self, rest: &str) -> String {
        let slug = self.frame.compound.as_ref().map_or("", |c| c.slug.as_str());
        format!("/c/{slug}{rest}")
    }

    /// A page that says why not.
    fn refused(self, error: &Refused) -> Response {
        let status = status(error);
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(%error, "the desk could not do its work");
            return problem::page(self.frame, status);
        }
        match words::refusal(error) {
            Some(sentence) => problem::page_saying(self.frame, status, &sentence),
            None => problem::page(self.frame, status),
        }
    }
}

fn status(error: &Refused) -> StatusCode {
    use Refused as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound | E::Group(_) => StatusCode::NOT_FOUND,
        E::Illegal(_) | E::Changed | E::Again | E::OwnWork | E::ReopenOver | E::Price => {
            StatusCode::CONFLICT
        }
        E::Database(DbError::Busy) | E::Picture(foundation::pictures::PictureRefused::Busy) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        E::Paper(PaperError::NoFont) => StatusCode::SERVICE_UNAVAILABLE,
        E::Paper(_) | E::Sheet(_) => StatusCode::INTERNAL_SERVER_ERROR,
        E::Roster(_) | E::Membership(_) | E::Keys(_) | E::File(_) | E::Database(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// An id that a form carries, where it carries one.
fn id_of(form: &Form, name: &str) -> Option<Id> {
    form.value(name).parse().ok()
}
