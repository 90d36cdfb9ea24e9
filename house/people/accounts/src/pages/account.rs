//! One's own account: where one is signed in, with what, and in which compounds.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use zeroize::Zeroizing;

use super::{invite, refusal, role_word, step_up_to, with_cookies};
use crate::reset::ChangeError;
use crate::second_factor::{self, Factors};
use crate::sessions::{self, SessionLine};
use crate::{AccountError, Session, Side, Site, passkeys, reset, roles, sign_in, store};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Tone, Wing, onward, problem, say};

/// A passkey or the authenticator on the page.
struct Key {
    id: Id,
    totp: bool,
    label: String,
    created_ms: i64,
}

#[derive(Template)]
#[template(path = "accounts/me.html")]
struct MePage {
    frame: Frame,
    form: Form,
    sessions: Vec<SessionLine>,
    this: Id,
    keys: Vec<Key>,
    factors: Factors,
    passkeys: bool,
    several: bool,
}

#[derive(Template)]
#[template(path = "accounts/me_staff.html")]
struct MeStaffPage(MePage);

impl std::ops::Deref for MeStaffPage {
    type Target = MePage;
    fn deref(&self) -> &MePage {
        &self.0
    }
}

async fn draw(
    house: &House,
    frame: Frame,
    site: &Site,
    session: &Session,
    form: Form,
    status: StatusCode,
) -> Result<Response, AccountError> {
    let rows: Vec<store::CredentialRow> = house.db.all(store::credentials(session.account)).await?;
    let keys = rows
        .into_iter()
        .filter(|r| matches!(r.kind.as_str(), "passkey" | "totp"))
        .map(|r| Key {
            id: r.id,
            totp: r.kind == "totp",
            label: r.label,
            created_ms: r.created_at.0,
        })
        .collect();
    let page = MePage {
        sessions: sessions::list(house, session.account).await?,
        factors: second_factor::factors(house, session.account).await?,
        this: session.id,
        keys,
        passkeys: passkeys::relying_party(site).is_some(),
        several: roles::places(house, session.account).await?.len() > 1,
        form,
        frame: frame.titled("accounts-me"),
    };
    Ok(match page.frame.wing {
        Wing::Staff => page::html(status, MeStaffPage(page)),
        _ => page::html(status, page),
    })
}

fn failed(frame: Frame, error: &AccountError) -> Response {
    problem::page_saying(frame, StatusCode::INTERNAL_SERVER_ERROR, &refusal(error))
}

pub async fn me(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
) -> Response {
    let late = frame.clone();
    draw(
        &house,
        frame,
        &site,
        &session,
        Form::default(),
        StatusCode::OK,
    )
    .await
    .unwrap_or_else(|error| failed(late, &error))
}

/// Ends one of one's own sessions elsewhere.
pub async fn end(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
) -> Response {
    let who = sign_in::who(session.account);
    let ended = match id.parse() {
        Ok(id) => sessions::end(&house, session.account, &who, id).await,
        Err(_) => Err(AccountError::Unknown),
    };
    match ended {
        Ok(()) => onward::done("/me", frame.t("accounts-session-ended")),
        Err(AccountError::Unknown) => problem::page(frame, StatusCode::NOT_FOUND),
        Err(error) => failed(frame, &error),
    }
}

/// Removes a passkey or the authenticator.
pub async fn remove(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
) -> Response {
    if !session.is_fresh(house.now()) {
        return step_up_to("/me");
    }
    let removed = match id.parse() {
        Ok(id) => passkeys::remove(&house, &session, id).await,
        Err(_) => Err(AccountError::Unknown),
    };
    match removed {
        Ok(()) => onward::done("/me", frame.t("accounts-key-removed")),
        Err(AccountError::Unknown) => problem::page(frame, StatusCode::NOT_FOUND),
        Err(AccountError::Wrong) => {
            problem::page_saying(frame, StatusCode::CONFLICT, &say("accounts-last-key"))
        }
        Err(error) => failed(frame, &error),
    }
}

/// New recovery codes.
pub async fn recovery(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(session): Extension<Session>,
) -> Response {
    if !session.is_fresh(house.now()) {
        return step_up_to("/me");
    }
    match second_factor::new_recovery(&house, &session).await {
        Ok(codes) => page::ok(super::enrol::RecoveryPage {
            frame: frame.titled("accounts-recovery"),
            codes,
            to: "/me".into(),
        }),
        Err(error) => failed(frame, &error),
    }
}

/// Changes one's password.
pub async fn password(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
    mut form: Form,
) -> Response {
    let present = Zeroizing::new(form.value("present").to_owned());
    let new = Zeroizing::new(form.value("password").to_owned());
    form.forget("present");
    form.forget("password");
    match reset::change_password(&house, &session, &present, &new).await {
        Ok(()) => onward::done("/me", frame.t("accounts-password-changed")),
        Err(error) => {
            let (field, sentence) = match &error {
                ChangeError::Present => ("present", say("accounts-present-wrong")),
                ChangeError::New(error) => invite::mend(error),
            };
            form.fault(field, sentence);
            let late = frame.clone();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, frame, &site, &session, form, status)
                .await
                .unwrap_or_else(|error| failed(late, &error))
        }
    }
}

/// One compound in the switcher.
struct Place {
    name: String,
    href: String,
    roles: Vec<String>,
    /// On the other side: a new session.
    switch: bool,
    staff: bool,
}

#[derive(Template)]
#[template(path = "accounts/places.html")]
struct PlacesPage {
    frame: Frame,
    places: Vec<Place>,
}

/// Where one may go.
pub async fn places(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(session): Extension<Session>,
) -> Response {
    let found = match roles::places(&house, session.account).await {
        Ok(found) => found,
        Err(error) => return failed(frame, &error.into()),
    };
    let places = found
        .into_iter()
        .map(|p| Place {
            href: format!("/c/{}", p.slug),
            name: p.name,
            roles: p
                .roles
                .iter()
                .map(|r| frame.t(role_word(*r)).into_owned())
                .collect(),
            switch: p.side != session.side,
            staff: p.side == Side::Staff,
        })
        .collect();
    page::ok(PlacesPage {
        frame: frame.titled("accounts-places"),
        places,
    })
}

/// Goes over to the other side: a new session, the old one ends; staff then show
/// their second factor.
pub async fn switch(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let asked = session.side.other();
    match sign_in::side_of(&house, session.account, asked).await {
        Ok(side) if side == asked => {}
        Ok(_) => return problem::page(frame, StatusCode::NOT_FOUND),
        Err(error) => return failed(frame, &error),
    }
    let agent = sessions::agent_of(&headers);
    let mut opening = sessions::Opening::new(&house, session.account, asked, agent);
    opening.instead_of = Some(session.id);
    match sign_in::enter(&house, opening, "switch").await {
        Ok(token) => {
            let to = super::own_path(form.value("to")).to_owned();
            let cookie = token.cookie(&site, asked);
            with_cookies(onward::to(&to), &[cookie])
        }
        Err(error) => failed(frame, &error),
    }
}
