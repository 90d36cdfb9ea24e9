//! Enrolling an authenticator: a picture drawn here, a first code to confirm it, and
//! ten recovery codes to print.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Back, refusal, with_cookies};
use crate::{AccountError, Session, Site, codes, passkeys, second_factor};
use foundation::house::House;
use foundation::page::{self, Form, Frame};

#[derive(Template)]
#[template(path = "accounts/enrol.html")]
struct EnrolPage {
    frame: Frame,
    form: Form,
    picture: String,
    typed: String,
    passkeys: bool,
}

#[derive(Template)]
#[template(path = "accounts/recovery.html")]
pub(super) struct RecoveryPage {
    pub(super) frame: Frame,
    pub(super) codes: Vec<String>,
    pub(super) to: String,
}

fn draw(
    frame: Frame,
    site: &Site,
    session: &Session,
    form: Form,
    secret: &[u8],
    status: StatusCode,
) -> Response {
    let picture = codes::address(secret, &session.name)
        .and_then(|address| codes::picture(&address))
        .unwrap_or_default();
    let page = EnrolPage {
        frame: frame.titled("accounts-enrol"),
        form,
        picture,
        typed: codes::typed(secret),
        passkeys: passkeys::relying_party(site).is_some(),
    };
    page::html(status, page)
}

pub async fn offer(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
    Query(back): Query<Back>,
) -> Response {
    let secret = second_factor::new_secret(&house);
    let carried = second_factor::carry(&house, &session, &secret);
    let form = Form::filled([("to", back.path()), ("secret", carried.as_str())]);
    draw(frame, &site, &session, form, &secret, StatusCode::OK)
}

pub async fn confirm(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
    mut form: Form,
) -> Response {
    let code = form.value("code").to_owned();
    form.forget("code");
    let Some(secret) = second_factor::carried(&house, &session, form.value("secret")) else {
        // The page was for another session, or tampered with: begin anew.
        let secret = second_factor::new_secret(&house);
        form.set("secret", &second_factor::carry(&house, &session, &secret));
        form.fault_of_all(refusal(&AccountError::Wrong));
        return draw(
            frame,
            &site,
            &session,
            form,
            &secret,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    };
    match second_factor::enrol(&house, &session, &secret, &code).await {
        Ok((token, codes)) => {
            let back = Back {
                to: form.value("to").to_owned(),
            };
            let page = RecoveryPage {
                frame: frame.titled("accounts-recovery"),
                codes,
                to: back.path().to_owned(),
            };
            with_cookies(page::ok(page), &[token.cookie(&site, session.side)])
        }
        Err(error) => {
            form.fault("code", refusal(&error));
            draw(
                frame,
                &site,
                &session,
                form,
                &secret,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
    }
}
