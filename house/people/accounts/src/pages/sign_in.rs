//! Signing in with a password, and out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use zeroize::Zeroizing;

use super::{Back, device_cookie, refusal, with_cookies};
use crate::sign_in::{Attempt, sign_in};
use crate::site::{ClientAddress, cookie};
use crate::{AccountError, Session, Side, Site, passkeys, sessions};
use foundation::house::House;
use foundation::page::{self, Form, Frame, onward};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    frame: Frame,
    form: Form,
    staff: bool,
    passkeys: bool,
}

fn show(frame: Frame, site: &Site, form: Form, side: Side, status: StatusCode) -> Response {
    let staff = side == Side::Staff;
    let frame = if staff {
        frame.titled("accounts-sign-in-staff")
    } else {
        frame.titled("accounts-sign-in")
    };
    let page = SignInPage {
        frame,
        form,
        staff,
        passkeys: passkeys::relying_party(site).is_some(),
    };
    page::html(status, page)
}

pub async fn owner(
    frame: Frame,
    Extension(site): Extension<Site>,
    Query(back): Query<Back>,
) -> Response {
    let form = Form::filled([("to", back.path())]);
    show(frame, &site, form, Side::Owner, StatusCode::OK)
}

pub async fn staff(
    frame: Frame,
    Extension(site): Extension<Site>,
    Query(back): Query<Back>,
) -> Response {
    let form = Form::filled([("to", back.path())]);
    show(frame, &site, form, Side::Staff, StatusCode::OK)
}

pub async fn owner_sent(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    from: Extension<ClientAddress>,
    session: Option<Extension<Session>>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    sent(
        &house,
        frame,
        &site,
        from.0,
        session,
        &headers,
        form,
        Side::Owner,
    )
    .await
}

pub async fn staff_sent(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    from: Extension<ClientAddress>,
    session: Option<Extension<Session>>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    sent(
        &house,
        frame,
        &site,
        from.0,
        session,
        &headers,
        form,
        Side::Staff,
    )
    .await
}

#[allow(clippy::too_many_arguments)] // the whole of a request, taken apart once
async fn sent(
    house: &House,
    frame: Frame,
    site: &Site,
    from: ClientAddress,
    session: Option<Extension<Session>>,
    headers: &HeaderMap,
    mut form: Form,
    side: Side,
) -> Response {
    let name = form.field("name", "accounts-name").text(1..=100);
    let password = form
        .field("password", "accounts-password")
        .text(1..=200)
        .map(Zeroizing::new);
    form.forget("password");
    let (Some(name), Some(password)) = (name, password) else {
        return show(frame, site, form, side, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let attempt = Attempt {
        side,
        name,
        password,
        address: from.0,
        device: cookie(headers, site.device_cookie()).map(str::to_owned),
        agent: sessions::agent_of(headers),
        instead_of: session.map(|s| s.id),
    };
    match sign_in(house, attempt).await {
        Ok(found) => {
            let back = Back {
                to: form.value("to").to_owned(),
            };
            let mut cookies = vec![found.token.cookie(site, found.side)];
            if let Some(device) = &found.device {
                cookies.push(device_cookie(site, device));
            }
            with_cookies(onward::to(back.path()), &cookies)
        }
        Err(error) => {
            let status = match &error {
                AccountError::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                AccountError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
                AccountError::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            form.fault_of_all(refusal(&error));
            show(frame, site, form, side, status)
        }
    }
}

/// Ends this session; the browser stays known.
pub async fn out(
    State(house): State<Arc<House>>,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
) -> Response {
    let who = crate::sign_in::who(session.account);
    if let Err(error) = sessions::end(&house, session.account, &who, session.id).await {
        tracing::error!(%error, "a session cannot be ended");
    }
    let mut response = with_cookies(
        onward::to(super::SIGN_IN),
        &[site.cookie(site.session_cookie(), "", 0)],
    );
    // What the browser kept for reading without a line, and what it had not sent yet, is
    // not the next person's. (Without https a browser passes over this; the script does it.)
    response.headers_mut().insert(
        axum::http::HeaderName::from_static("clear-site-data"),
        axum::http::HeaderValue::from_static("\"storage\""),
    );
    response
}
