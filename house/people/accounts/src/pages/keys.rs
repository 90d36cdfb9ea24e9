//! Passkeys over the web: the script asks for a challenge, the form brings the answer.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;

use super::{Back, refusal, with_cookies};
use crate::passkeys::{self, Offer};
use crate::{AccountError, Session, Side, Site, second_factor, sessions};
use foundation::house::House;
use foundation::page::{Form, Frame, onward, problem};

fn offered(frame: Frame, offer: Result<Offer, AccountError>) -> Response {
    match offer {
        Ok(offer) => {
            Json(json!({ "challenge": offer.challenge, "options": offer.options })).into_response()
        }
        Err(error) => refused(frame, &error),
    }
}

fn refused(frame: Frame, error: &AccountError) -> Response {
    let status = match error {
        AccountError::Wrong | AccountError::Unknown => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    problem::page_saying(frame, status, &refusal(error))
}

pub async fn begin_adding(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
) -> Response {
    // Where a factor is there already, it is shown before another is added.
    if let (Ok(factors), false) = (
        second_factor::factors(&house, session.account).await,
        session.is_fresh(house.now()),
    ) && factors.second()
    {
        return Json(json!({ "first": format!("{}?to=/me", super::STEP_UP) })).into_response();
    }
    let offer = passkeys::begin_adding(&house, &site, &session).await;
    offered(frame, offer)
}

pub async fn add(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let (challenge, answer) = (form.value("challenge"), form.value("credential"));
    let label = sessions::agent_of(&headers);
    match passkeys::add(&house, &site, &session, challenge, answer, &label).await {
        Ok(token) => {
            let back = match form.value("to") {
                "" => "/me",
                to => super::own_path(to),
            };
            let response = onward::done(back, frame.t("accounts-key-added"));
            with_cookies(response, &[token.cookie(&site, session.side)])
        }
        Err(error) => refused(frame, &error),
    }
}

pub async fn begin(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
) -> Response {
    let offer = passkeys::begin(&house, &site).await;
    offered(frame, offer)
}

/// Signs in, or shows the passkey again where somebody is signed in already.
pub async fn answer(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    session: Option<Extension<Session>>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let (challenge, answer) = (form.value("challenge"), form.value("credential"));
    let back = Back {
        to: form.value("to").to_owned(),
    };
    let again = form.value("again") == "yes";
    if let (true, Some(Extension(session))) = (again, &session) {
        return match passkeys::show(&house, &site, session, challenge, answer).await {
            Ok(token) => with_cookies(
                onward::to(back.path()),
                &[token.cookie(&site, session.side)],
            ),
            Err(error) => refused(frame, &error),
        };
    }
    let side = Side::from_word(form.value("side")).unwrap_or(Side::Owner);
    let agent = sessions::agent_of(&headers);
    let old = session.map(|s| s.id);
    match passkeys::sign_in(&house, &site, side, challenge, answer, agent, old).await {
        Ok(found) => with_cookies(
            onward::to(back.path()),
            &[found.token.cookie(&site, found.side)],
        ),
        Err(error) => refused(frame, &error),
    }
}
