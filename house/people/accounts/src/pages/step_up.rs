//! Showing the second factor: at sign-in, and again for a grave act.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Back, refusal, with_cookies};
use crate::second_factor::{self, Factors};
use crate::{AccountError, Session, Side, Site};
use foundation::house::House;
use foundation::page::{self, Form, Frame, problem};

#[derive(Template)]
#[template(path = "accounts/step_up.html")]
struct StepUpPage {
    frame: Frame,
    form: Form,
    factors: Factors,
    /// At sign-in, not for a grave act.
    first: bool,
}

fn draw(frame: Frame, form: Form, factors: Factors, first: bool, status: StatusCode) -> Response {
    let frame = if first {
        frame.titled("accounts-second-factor")
    } else {
        frame.titled("accounts-step-up")
    };
    let page = StepUpPage {
        frame,
        form,
        factors,
        first,
    };
    page::html(status, page)
}

async fn ask(house: &House, frame: Frame, session: &Session, back: &Back) -> Response {
    let factors = match second_factor::factors(house, session.account).await {
        Ok(factors) => factors,
        Err(error) => {
            return problem::page_saying(
                frame,
                StatusCode::INTERNAL_SERVER_ERROR,
                &refusal(&error),
            );
        }
    };
    // Staff without a second factor enrol one now; it counts as showing it.
    if session.side == Side::Staff && !factors.second() {
        let back: String = url::form_urlencoded::byte_serialize(back.path().as_bytes()).collect();
        return Redirect::to(&format!("/second-factor/enrol?to={back}")).into_response();
    }
    let form = Form::filled([("to", back.path())]);
    draw(
        frame,
        form,
        factors,
        session.second_at.is_none(),
        StatusCode::OK,
    )
}

pub async fn second_factor(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(session): Extension<Session>,
    Query(back): Query<Back>,
) -> Response {
    ask(&house, frame, &session, &back).await
}

pub async fn step_up(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(session): Extension<Session>,
    Query(back): Query<Back>,
) -> Response {
    ask(&house, frame, &session, &back).await
}

pub async fn sent(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
    mut form: Form,
) -> Response {
    let code = form.value("code").to_owned();
    let password = zeroize::Zeroizing::new(form.value("password").to_owned());
    form.forget("code");
    form.forget("password");
    let shown = if code.is_empty() && !password.is_empty() {
        second_factor::show_password(&house, &session, &password).await
    } else {
        second_factor::show(&house, &session, &code).await
    };
    match shown {
        Ok(token) => {
            let back = Back {
                to: form.value("to").to_owned(),
            };
            let cookie = token.cookie(&site, session.side);
            with_cookies(Redirect::to(back.path()).into_response(), &[cookie])
        }
        Err(error) => {
            let status = match &error {
                AccountError::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                AccountError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let name = if password.is_empty() {
                "code"
            } else {
                "password"
            };
            form.fault(name, refusal(&error));
            let factors = second_factor::factors(&house, session.account)
                .await
                .unwrap_or_default();
            draw(frame, form, factors, session.second_at.is_none(), status)
        }
    }
}
