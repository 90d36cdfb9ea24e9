//! The doors of arrears: the day's list, a room's diary, a follow-up on a phone, holds, letters,
//! evidence, the terms; and for owners their own.

mod contact;
mod diary;
mod drawing;
mod holds;
mod list;
mod mine;
mod settings;
pub mod words;

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use crate::ArrearsError;
use dossiers::ArchiveError;
use dossiers::intake::UPLOAD_BYTES_MAX;
use foundation::database::DbError;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Form, Frame, problem};
use permissions::Permission::{
    ArrearsDecide, ArrearsFollow, ArrearsRead, ArrearsSet, ExportRun, HomeRead,
};
use permissions::actor::Actor;
use permissions::routes::Needs::{May, MayRecent};
use permissions::routes::Routes;

/// The form around the files: headers and the other fields.
const UPLOAD_SLACK: usize = 256 * 1024;

/// All of them.
pub fn routes() -> Routes {
    let (read, follow) = (May(ArrearsRead), May(ArrearsFollow));
    // Who presses no more decides over a household's case: a fresh second factor.
    let decide = MayRecent(ArrearsDecide);
    Routes::new()
        .get("/c/{c}/arrears", read, list::show)
        // It leaves the house as a file.
        .post("/c/{c}/arrears", MayRecent(ExportRun), list::take)
        .get("/c/{c}/arrears-holds", read, holds::show)
        .post("/c/{c}/arrears-holds/{id}", decide, holds::decide)
        .post("/c/{c}/arrears-holds/{id}/lift", decide, holds::lift)
        .get("/c/{c}/arrears-settings", May(ArrearsSet), settings::show)
        .post("/c/{c}/arrears-settings", May(ArrearsSet), settings::send)
        .post(
            "/c/{c}/arrears-settings/buildings",
            May(ArrearsSet),
            settings::share,
        )
        .post(
            "/c/{c}/arrears-settings/pack",
            May(ArrearsSet),
            settings::pack,
        )
        .get("/c/{c}/arrears/{id}", read, diary::show)
        .post("/c/{c}/arrears/{id}/hold", follow, diary::hold)
        // Lawyers and courts ask for the manager; the rest for whoever follows up.
        .post("/c/{c}/arrears/{id}/stage", read, diary::stage)
        .post("/c/{c}/arrears/{id}/letters", read, diary::issue)
        // What was said leaves the house with it.
        .get(
            "/c/{c}/arrears/{id}/evidence.pdf",
            MayRecent(ArrearsFollow),
            drawing::evidence,
        )
        .get("/c/{c}/arrears/{id}/contact", follow, contact::form)
        .upload(
            "/c/{c}/arrears/{id}/contact",
            follow,
            UPLOAD_BYTES_MAX + UPLOAD_SLACK,
            contact::send,
        )
        .get("/c/{c}/arrears-contacts/{id}", follow, contact::edit)
        .upload(
            "/c/{c}/arrears-contacts/{id}",
            follow,
            UPLOAD_BYTES_MAX + UPLOAD_SLACK,
            contact::correct,
        )
        .post(
            "/c/{c}/arrears-contacts/{id}/withdraw",
            follow,
            contact::withdraw,
        )
        .get(
            "/c/{c}/arrears-letters/{id}/letter.pdf",
            follow,
            drawing::letter,
        )
        .upload(
            "/c/{c}/arrears-letters/{id}",
            follow,
            UPLOAD_BYTES_MAX + UPLOAD_SLACK,
            diary::settle,
        )
        .get("/c/{c}/my-arrears", May(HomeRead), mine::show)
        .post("/c/{c}/my-arrears/{id}", May(HomeRead), mine::object)
}

/// What every handler needs, taken from the request at once.
pub struct Desk {
    pub house: Arc<House>,
    pub by: Actor,
    pub frame: Frame,
    /// The record in the path; `None` where the path has none or it is forged.
    id: Option<Id>,
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
        let id = path.ok().and_then(|params| {
            let mut named = params.iter().filter(|(name, _)| *name == "id");
            named.next().and_then(|(_, text)| text.parse().ok())
        });
        Ok(Desk {
            house: house.clone(),
            by,
            frame,
            id,
        })
    }
}

impl Desk {
    /// The record in the path.
    fn id(&self) -> Result<Id, ArrearsError> {
        self.id.ok_or(ArrearsError::NotFound)
    }

    /// The address of one of this compound's pages: `at("/arrears")`.
    fn at(&self, rest: &str) -> String {
        let slug = self.frame.compound.as_ref().map_or("", |c| c.slug.as_str());
        format!("/c/{slug}{rest}")
    }

    /// A page that says why not.
    fn refused(self, error: &ArrearsError) -> Response {
        let status = status(error);
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(%error, "arrears could not do their work");
            return problem::page(self.frame, status);
        }
        match words::refusal(error, &self.frame) {
            Some(sentence) => problem::page_saying(self.frame, status, &sentence),
            None => problem::page(self.frame, status),
        }
    }
}

/// The status that a refusal answers with.
pub fn status(error: &ArrearsError) -> StatusCode {
    use ArrearsError as E;
    match error {
        E::Forbidden(_) | E::Archive(ArchiveError::Forbidden(_)) => StatusCode::FORBIDDEN,
        E::NotFound | E::Fees(_) | E::Archive(ArchiveError::NotFound) => StatusCode::NOT_FOUND,
        E::Corrected | E::OwnCase | E::Decided | E::Again | E::Changed => StatusCode::CONFLICT,
        E::Archive(ArchiveError::Full) => StatusCode::INSUFFICIENT_STORAGE,
        E::Archive(ArchiveError::Elsewhere)
        | E::Database(DbError::Busy)
        | E::Paper(paper::PaperError::NoFont) => StatusCode::SERVICE_UNAVAILABLE,
        E::Archive(e) if dossiers::pages::words::refusal(e).is_some() => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        E::Archive(_) | E::Roster(_) | E::Keys(_) | E::Sheet(_) | E::Paper(_) | E::Database(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What a page says of the row that it saw.
fn version(form: &Form) -> i64 {
    form.value("version").parse().unwrap_or(0)
}
