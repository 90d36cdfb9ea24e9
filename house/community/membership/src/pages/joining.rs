//! The invited person's page: read, accept, choose how to sign in, be in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{FromRequestParts, Path, State as Place};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use zeroize::Zeroizing;

use super::super::MembershipError;
use super::super::join::{self, Accepted, Offer, SignIn, Ticket};
use super::{By, refused};
use accounts::pages::go_signed_in;
use accounts::sessions::{self, Opening};
use accounts::{Session, Side, Site};
use foundation::house::House;
use foundation::page::{self, Flash, Form, Frame, onward, say};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "membership/join.html")]
struct JoinPage {
    frame: Frame,
    form: Form,
    lead: String,
    until: i64,
    rules: Vec<String>,
    rules_version: i64,
    privacy: Vec<String>,
    privacy_version: i64,
    /// The reader is signed in: that account joins.
    signed_in: bool,
}

/// What the request brings beside the form: where it came to, by which session and browser.
pub struct Came {
    site: Site,
    session: Option<Session>,
    agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Came {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Came, StatusCode> {
        let site = parts.extensions.get::<Site>().cloned();
        Ok(Came {
            site: site.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?,
            session: parts.extensions.get::<Session>().cloned(),
            agent: sessions::agent_of(&parts.headers),
        })
    }
}

pub async fn look(
    house: Place<Arc<House>>,
    by: By,
    path: Path<(String, String)>,
    frame: Frame,
) -> Response {
    let link = path.1.clone();
    show(
        &house,
        &by,
        Ticket::Invitation(&link),
        frame,
        Form::default(),
    )
    .await
}

pub async fn look_by_status(
    house: Place<Arc<House>>,
    by: By,
    path: Path<(String, String)>,
    frame: Frame,
) -> Response {
    let link = path.1.clone();
    show(&house, &by, Ticket::Status(&link), frame, Form::default()).await
}

pub async fn confirm(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link)): Path<(String, String)>,
    came: Came,
    frame: Frame,
    form: Form,
) -> Response {
    accept(
        &house,
        &by,
        Ticket::Invitation(&link),
        &c,
        came,
        frame,
        form,
    )
    .await
}

pub async fn confirm_by_status(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link)): Path<(String, String)>,
    came: Came,
    frame: Frame,
    form: Form,
) -> Response {
    accept(&house, &by, Ticket::Status(&link), &c, came, frame, form).await
}

async fn show(house: &House, by: &Actor, ticket: Ticket<'_>, frame: Frame, form: Form) -> Response {
    let offer = match join::look(house, by.community, ticket).await {
        Ok(offer) => offer,
        Err(e) => return refused(frame, e),
    };
    draw(by, offer, frame, form)
}

fn draw(by: &Actor, offer: Offer, frame: Frame, mut form: Form) -> Response {
    if form.value("phone").is_empty() {
        let national = hanzi::numbers::Phone::parse(&offer.phone).map(|p| p.national());
        form.set("phone", &national.unwrap_or_default());
    }
    form.forget("password");
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let frame = frame.titled("membership-join-title");
    let page = JoinPage {
        lead: frame
            .with(
                "membership-join-lead",
                &[
                    ("name", offer.name.into()),
                    ("room", offer.room_code.into()),
                ],
            )
            .into_owned(),
        until: offer.invitation.expires_at.0,
        rules: super::applying::paragraphs(&frame, &offer.rules),
        rules_version: offer.rules.version,
        privacy: super::applying::paragraphs(&frame, &offer.privacy),
        privacy_version: offer.privacy.version,
        signed_in: by.account.is_some(),
        form,
        frame,
    };
    page::html(status, page)
}

async fn accept(
    house: &House,
    by: &Actor,
    ticket: Ticket<'_>,
    c: &str,
    came: Came,
    frame: Frame,
    mut form: Form,
) -> Response {
    let offer = match join::look(house, by.community, ticket).await {
        Ok(offer) => offer,
        Err(e) => return refused(frame, e),
    };
    form.field("rules", "membership-field-rules").ticked();
    form.field("privacy", "membership-field-privacy").ticked();
    // What was accepted is what stood on the page, not what stands now.
    let version = |form: &Form, name: &str| form.value(name).parse::<i64>().unwrap_or(0);
    let accepted = Accepted {
        rules: version(&form, "rules_version"),
        privacy: version(&form, "privacy_version"),
    };
    let sign_in = match by.account {
        Some(account) => Some(SignIn::Existing(account)),
        None => {
            let phone = form.field("phone", "membership-field-phone").text(1..=30);
            let password = form
                .field("password", "membership-field-password")
                .text(1..=200);
            phone.zip(password).map(|(phone, password)| SignIn::New {
                phone,
                password: Zeroizing::new(password),
            })
        }
    };
    let Some(sign_in) = sign_in.filter(|_| !form.failed()) else {
        return draw(by, offer, frame, form);
    };
    let home = format!("/c/{c}");
    let welcome = Flash::done(frame.t("membership-joined-lead"));
    // Whoever has the owners' door open already comes in by it; anybody else is let in
    // here, on the owners' side, in the same write.
    let open = came.session.as_ref().is_some_and(|s| s.side == Side::Owner);
    let joined = if open {
        let joined = join::confirm(house, by, ticket, accepted, sign_in).await;
        joined.map(|_| onward::to(&home))
    } else {
        let mut opening = Opening::new(house, house.id(), Side::Owner, came.agent);
        opening.instead_of = came.session.map(|s| s.id);
        let token = opening.token.clone();
        join::confirm_and_enter(house, by, ticket, accepted, sign_in, opening)
            .await
            .map(|_| go_signed_in(&came.site, &token, Side::Owner, &home))
    };
    match joined {
        Ok(response) => onward::tell(response, welcome),
        Err(MembershipError::OlderText) => {
            form.fault("rules", say("membership-error-text"));
            draw(by, offer, frame, form)
        }
        Err(MembershipError::Account(field)) => {
            let (name, sentence) = super::words::account(field);
            form.fault(name, sentence);
            draw(by, offer, frame, form)
        }
        Err(e) => refused(frame, e),
    }
}
