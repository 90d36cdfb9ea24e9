//! The receipt, which is later the status page: where the application stands, what
//! happened, what the applicant may do.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;
use qrcode::QrCode;
use qrcode::render::svg;

use super::super::apply;
use super::super::draft::{self, Step};
use super::super::pictures::{Have, PictureKind};
use super::super::state::State;
use super::super::store::Application;
use super::super::{MembershipError, pictures, unmask, view};
use super::applying::{OwnPicture, paragraphs, slug};
use super::{By, Origin, refused, words};
use crate::texts::{self, TextName};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, Moment, Tag, onward};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "membership/status.html")]
struct StatusPage {
    frame: Frame,
    form: Form,
    base: String,
    join_href: String,
    tag: Tag,
    state: &'static str,
    room: String,
    name: String,
    next: String,
    reason: String,
    words: String,
    link: String,
    qr: String,
    moments: Vec<Moment>,
    thumbs: Vec<OwnPicture>,
    kinds: Vec<Choice>,
    identity_consent: bool,
    archive_consent: bool,
    /// The text of the consent that a picture of an identity document needs.
    identity: Vec<String>,
    may_withdraw: bool,
}

/// Where the application stands: the receipt, and later the status.
pub async fn status(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link)): Path<(String, String)>,
    Origin(origin): Origin,
    frame: Frame,
) -> Response {
    match draft::open(&house, by.community, &link).await {
        Ok(Some(draft)) => {
            let step = draft.answers.lacks(Have::default()).unwrap_or(Step::Check);
            return onward::to(&format!("/c/{c}/apply/{link}/{}", step.word()));
        }
        Ok(None) => {}
        Err(e) => return refused(frame, e),
    }
    match status_page(&house, &by, &c, &link, &origin, frame.clone()).await {
        Ok(page) => page::ok(page),
        Err(e) => refused(frame, e),
    }
}

async fn status_page(
    house: &House,
    by: &Actor,
    c: &str,
    link: &str,
    origin: &str,
    frame: Frame,
) -> Result<StatusPage, MembershipError> {
    let app: Application = apply::find(house, by.community, link).await?;
    let app = view::readable(house, by.community, app).await?;
    let story = view::story(house, by.community, "application", app.id).await?;
    let proofs = pictures::list(house, by.community, app.id).await?;
    let consents = apply::consents(house, by.community, app.id).await?;
    let reasons = unmask::reasons(house, by.community, &app).await?;
    let slug = slug(&frame, c);
    let base = format!("/c/{slug}/apply/{link}");
    let tag = words::state(app.state);
    let next = match app.state {
        State::Submitted | State::Verifying => frame.t("membership-next-wait"),
        State::NeedsInfo => frame.t("membership-next-answer"),
        State::Approved => frame.t("membership-next-approved"),
        State::Invited => frame.t("membership-next-invited"),
        State::InviteExpired => frame.t("membership-next-expired"),
        State::Rejected => frame.t("membership-next-rejected"),
        State::Withdrawn => frame.t("membership-next-withdrawn"),
        _ => frame.t("membership-next-active"),
    };
    let reason = match app.state {
        State::Rejected => frame.t(words::refusal(&app.reason)).into_owned(),
        State::NeedsInfo => frame.t(words::asked(&app.reason)).into_owned(),
        _ => String::new(),
    };
    let stands = |purpose: &str| consents.iter().any(|(p, open)| p == purpose && *open);
    let identity = texts::current(house, by.community, TextName::Identity).await?;
    let full = format!("{origin}{base}");
    Ok(StatusPage {
        moments: words::timeline(&frame, &story, &reasons),
        thumbs: OwnPicture::all(&frame, &base, &proofs),
        kinds: words::picture_kinds(&frame),
        identity_consent: stands("identity"),
        archive_consent: stands("archive"),
        identity: paragraphs(&frame, &identity),
        may_withdraw: app.state.is_open(),
        state: app.state.word(),
        room: app.room_code.clone(),
        name: app.name.clone(),
        words: if reason.is_empty() {
            String::new()
        } else {
            app.words.clone()
        },
        next: next.into_owned(),
        qr: qr_svg(&full),
        link: full,
        join_href: format!("/c/{slug}/join-by-status/{link}"),
        tag,
        reason,
        base,
        form: Form::filled([("kind", PictureKind::Deed.word())]),
        frame: frame.titled("membership-status-title"),
    })
}

/// A QR code as SVG, drawn in the page's own colours.
pub fn qr_svg(text: &str) -> String {
    match QrCode::new(text.as_bytes()) {
        Ok(code) => code
            .render::<svg::Color<'_>>()
            .min_dimensions(180, 180)
            .build(),
        Err(_) => String::new(),
    }
}
