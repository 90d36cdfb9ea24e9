//! The invited person's page: read, accept, choose how to sign in, be in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::super::MembershipError;
use super::super::join::{self, Accepted, Offer, SignIn, Ticket};
use super::{By, refused};
use crate::foundation::house::House;
use crate::foundation::page::{self, Form, Frame, say};
use crate::people::actor::Actor;

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

#[derive(Template)]
#[template(path = "membership/joined.html")]
struct JoinedPage {
    frame: Frame,
    home: String,
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
    frame: Frame,
    form: Form,
) -> Response {
    accept(&house, &by, Ticket::Invitation(&link), &c, frame, form).await
}

pub async fn confirm_by_status(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link)): Path<(String, String)>,
    frame: Frame,
    form: Form,
) -> Response {
    accept(&house, &by, Ticket::Status(&link), &c, frame, form).await
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
    match join::confirm(house, by, ticket, accepted, sign_in).await {
        Ok(_) => page::ok(JoinedPage {
            home: format!("/c/{c}"),
            frame: frame.titled("membership-joined-title"),
        }),
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
