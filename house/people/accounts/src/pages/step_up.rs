//! Showing the second factor: at sign-in, and again for a grave act.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::{Back, own_path, refusal, with_cookies};
use crate::second_factor::{self, Factors};
use crate::{AccountError, Session, Side, Site, Token, passkeys};
use foundation::house::House;
use foundation::page::{self, Form, Frame, onward, problem};

#[derive(Template)]
#[template(path = "accounts/step_up.html")]
struct StepUpPage {
    frame: Frame,
    form: Form,
    factors: Factors,
    /// At sign-in, not for a grave act.
    first: bool,
    /// Where a form on the way goes on; empty on a page of its own.
    action: String,
    /// Staff without a second factor: they enrol one beside this page and come back.
    enrols: bool,
    /// What was typed into it.
    carried: Vec<(String, String)>,
    /// In a demo: the code that an authenticator would show.
    demo_code: Option<String>,
}

/// The fields of a form on its way that show the factor.
const CODE: &str = "step-up-code";
const PASSWORD: &str = "step-up-password";
const CHALLENGE: &str = "step-up-challenge";
const CREDENTIAL: &str = "step-up-credential";

async fn draw(
    house: &House,
    frame: Frame,
    session: &Session,
    form: Form,
    way: (String, Vec<(String, String)>),
    status: StatusCode,
) -> Response {
    let found = second_factor::factors(house, session.account).await;
    let shown = second_factor::demo_code(house, session.account).await;
    let (factors, demo_code) = match (found, shown) {
        (Ok(factors), Ok(code)) => (factors, code),
        (Err(error), _) | (_, Err(error)) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            return problem::page_saying(frame, status, &refusal(&error));
        }
    };
    let (action, carried) = way;
    // Staff without a second factor enrol one now; it counts as showing it.
    // A form on its way waits on this page meanwhile.
    let enrols = session.side == Side::Staff && !factors.second();
    if enrols && action.is_empty() {
        let back: String =
            url::form_urlencoded::byte_serialize(own_path(form.value("to")).as_bytes()).collect();
        return onward::to(&format!("/second-factor/enrol?to={back}"));
    }
    let first = session.second_at.is_none();
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
        action,
        enrols,
        carried,
        demo_code,
    };
    page::html(status, page)
}

/// Asks for the second factor of a form that came without a fresh one, keeping what was
/// typed; with it, gives the session's new secret and the form as it was.
///
/// # Errors
/// The page that asks.
pub async fn on_the_way(
    house: &House,
    frame: Frame,
    site: &Site,
    session: &Session,
    action: &str,
    mut sent: Vec<(String, String)>,
) -> Result<(Token, Vec<(String, String)>), Response> {
    let mut take = |name: &str| {
        let at = sent.iter().position(|(n, _)| n == name);
        at.map(|at| Zeroizing::new(sent.remove(at).1))
    };
    let (code, password) = (take(CODE), take(PASSWORD));
    let (challenge, credential) = (take(CHALLENGE), take(CREDENTIAL));
    // The session's secret changes; a proof made with the old one is of no use.
    take("csrf");
    let (name, shown) = match (&code, &password, &challenge, &credential) {
        (Some(code), ..) => (CODE, second_factor::show(house, session, code).await),
        (_, Some(typed), ..) => (
            PASSWORD,
            second_factor::show_password(house, session, typed).await,
        ),
        (.., Some(challenge), Some(credential)) => (
            "",
            passkeys::show(house, site, session, challenge, credential).await,
        ),
        _ => {
            let way = (action.to_owned(), sent);
            let form = Form::filled([("to", action)]);
            return Err(draw(house, frame, session, form, way, StatusCode::OK).await);
        }
    };
    match shown {
        Ok(token) => Ok((token, sent)),
        Err(error) => {
            let mut form = Form::filled([("to", action)]);
            form.fault(name, refusal(&error));
            let way = (action.to_owned(), sent);
            Err(draw(house, frame, session, form, way, status_of(&error)).await)
        }
    }
}

fn status_of(error: &AccountError) -> StatusCode {
    match error {
        AccountError::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        AccountError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

async fn ask(house: &House, frame: Frame, session: &Session, back: &Back) -> Response {
    let form = Form::filled([("to", back.path())]);
    let way = Default::default();
    draw(house, frame, session, form, way, StatusCode::OK).await
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
    let password = Zeroizing::new(form.value("password").to_owned());
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
            with_cookies(onward::to(back.path()), &[cookie])
        }
        Err(error) => {
            let name = if password.is_empty() {
                "code"
            } else {
                "password"
            };
            let status = status_of(&error);
            form.fault(name, refusal(&error));
            draw(&house, frame, &session, form, Default::default(), status).await
        }
    }
}
