//! This room's doors: the applicant's, the desk's, the invited person's, the member's.

mod answers;
mod applying;
mod desk_acts;
mod desk_pages;
mod joining;
mod member_pages;
mod own;
mod reconcile_pages;
mod setting_pages;
mod status;
mod words;

pub use applying::paragraphs;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use super::MembershipError;
use super::pictures::PICTURES_MAX;
use accounts::Site;
use foundation::page::{Frame, problem, say};
use foundation::pictures::PICTURE_BYTES_MAX;
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// Six pictures and the form around them.
const UPLOAD_BYTES_MAX: usize = PICTURES_MAX * PICTURE_BYTES_MAX + 64 * 1024;

/// All of them.
pub fn routes() -> Routes {
    use Permission::{
        HomeRead, MembershipInvite, MembershipPolicy, MembershipRead, MembershipReconcile,
        MembershipRemove, MembershipVerify, PersonUnmask,
    };
    Routes::new()
        .get("/c/{c}/apply", Needs::Nothing, applying::start)
        .get("/c/{c}/join", Needs::Nothing, applying::to_start)
        .post("/c/{c}/apply", Needs::Nothing, applying::begin)
        .get("/c/{c}/apply/{link}", Needs::Link, status::status)
        .get("/c/{c}/apply/{link}/{step}", Needs::Link, applying::step)
        .post("/c/{c}/apply/{link}/{step}", Needs::Link, applying::answer)
        .upload(
            "/c/{c}/apply/{link}/pictures",
            Needs::Link,
            UPLOAD_BYTES_MAX,
            own::upload,
        )
        .get(
            "/c/{c}/apply/{link}/pictures/{picture}",
            Needs::Link,
            own::picture,
        )
        .post(
            "/c/{c}/apply/{link}/pictures/{picture}/drop",
            Needs::Link,
            own::drop_picture,
        )
        .get("/c/{c}/join/{link}", Needs::Link, joining::look)
        .post("/c/{c}/join/{link}", Needs::Link, joining::confirm)
        .get(
            "/c/{c}/join-by-status/{link}",
            Needs::Link,
            joining::look_by_status,
        )
        .post(
            "/c/{c}/join-by-status/{link}",
            Needs::Link,
            joining::confirm_by_status,
        )
        .get(
            "/c/{c}/applications",
            Needs::May(MembershipRead),
            desk_pages::queue,
        )
        .post(
            "/c/{c}/applications",
            Needs::MayRecent(MembershipVerify),
            desk_acts::bulk,
        )
        .get(
            "/c/{c}/applications/{id}",
            Needs::May(MembershipRead),
            desk_pages::record,
        )
        .post(
            "/c/{c}/applications/{id}",
            Needs::MayRecent(MembershipVerify),
            desk_acts::decide,
        )
        .get(
            "/c/{c}/applications/{id}/pictures/{picture}",
            Needs::May(MembershipVerify),
            desk_pages::picture,
        )
        .post(
            "/c/{c}/applications/{id}/room",
            Needs::May(MembershipVerify),
            desk_acts::tie,
        )
        .post(
            "/c/{c}/applications/{id}/unmask",
            Needs::MayRecent(PersonUnmask),
            desk_acts::unmask,
        )
        .post(
            "/c/{c}/applications/{id}/invite",
            Needs::May(MembershipInvite),
            desk_acts::invite,
        )
        .get(
            "/c/{c}/members",
            Needs::May(MembershipRead),
            member_pages::list,
        )
        .get(
            "/c/{c}/members/{id}",
            Needs::May(MembershipRead),
            member_pages::record,
        )
        .post(
            "/c/{c}/members/{id}/{act}",
            Needs::MayRecent(MembershipRemove),
            member_pages::measure,
        )
        .get(
            "/c/{c}/my-membership",
            Needs::May(HomeRead),
            member_pages::mine,
        )
        .post(
            "/c/{c}/my-membership/{id}/{act}",
            Needs::May(HomeRead),
            member_pages::leave,
        )
        .get(
            "/c/{c}/reconcile",
            Needs::May(MembershipReconcile),
            reconcile_pages::ask,
        )
        .upload(
            "/c/{c}/reconcile",
            Needs::May(MembershipReconcile),
            reconcile_pages::BODY_MAX,
            reconcile_pages::compare,
        )
        .get(
            "/c/{c}/membership-policy",
            Needs::May(MembershipPolicy),
            setting_pages::policy,
        )
        .post(
            "/c/{c}/membership-policy",
            Needs::May(MembershipPolicy),
            setting_pages::set_policy,
        )
        .get(
            "/c/{c}/texts/{name}",
            Needs::May(MembershipPolicy),
            setting_pages::text,
        )
        .post(
            "/c/{c}/texts/{name}",
            Needs::May(MembershipPolicy),
            setting_pages::publish,
        )
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: MembershipError) -> Response {
    use MembershipError as E;
    let (status, sentence) = match &error {
        E::Forbidden(_) => return problem::page(frame, StatusCode::FORBIDDEN),
        E::NotFound => return problem::page(frame, StatusCode::NOT_FOUND),
        E::Changed => (StatusCode::CONFLICT, say("membership-error-changed")),
        E::NotThisReviewer => (StatusCode::CONFLICT, say("membership-error-reviewer")),
        E::Illegal(i) => (StatusCode::CONFLICT, words::illegal(*i)),
        E::NotAdmitted => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-relation"),
        ),
        E::AlreadyApplied => (StatusCode::CONFLICT, say("membership-error-applied")),
        E::AlreadyMember => (StatusCode::CONFLICT, say("membership-error-member")),
        E::Decided => (StatusCode::CONFLICT, say("membership-error-decided")),
        E::PapersOver => (StatusCode::GONE, say("membership-error-papers-over")),
        E::NoConsent => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-no-consent"),
        ),
        E::UnknownRoom => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-unknown-room"),
        ),
        E::Reason => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-unmask-reason"),
        ),
        E::Missing("room") => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-room"),
        ),
        E::Missing(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-missing"),
        ),
        E::OlderText => (StatusCode::CONFLICT, say("membership-error-text")),
        E::InvitationEnded => (StatusCode::GONE, say("membership-error-ended")),
        E::TooMany(n) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-many").and("max", *n),
        ),
        E::Picture(p) => (StatusCode::UNPROCESSABLE_ENTITY, words::picture(*p)),
        E::Account(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say("membership-error-account"),
        ),
        E::Database(foundation::database::DbError::Busy) => {
            return problem::page(frame, StatusCode::SERVICE_UNAVAILABLE);
        }
        E::Database(_) | E::Keys(_) | E::File(_) => {
            tracing::error!(%error, "membership could not do its work");
            return problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR);
        }
    };
    problem::page_saying(frame, status, &sentence)
}

/// A picture, never cached.
fn jpeg(bytes: Vec<u8>) -> Response {
    foundation::page::jpeg(bytes, "no-store")
}

/// Scheme and host under which the reader came, so that a link on paper leads back.
struct Origin(String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Origin, Self::Rejection> {
        if let Some(site) = parts.extensions.get::<Site>() {
            return Ok(Origin(site.base.clone()));
        }
        let said = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok());
        let host = said("host").or(parts.uri.host()).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Ok(Origin(String::new()));
        }
        let scheme = match said("x-forwarded-proto") {
            Some("https") => "https",
            _ => "http",
        };
        Ok(Origin(format!("{scheme}://{host}")))
    }
}
