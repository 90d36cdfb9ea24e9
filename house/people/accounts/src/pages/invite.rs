//! Redeeming a colleague's invitation, and the demo's ways in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use zeroize::Zeroizing;

use super::{go_signed_in, refusal, role_word, with_cookies};
use crate::links::{self, Link, LinkError};
use crate::new_account::{NewAccount, PrepareError, prepare};
use crate::sessions::{self, Opening};
use crate::{Session, Side, Site, WeakPassword};
use foundation::house::House;
use foundation::page::{self, Form, Frame, Sentence, key, onward, problem, say};

#[derive(Template)]
#[template(path = "accounts/invite.html")]
struct InvitePage {
    frame: Frame,
    form: Form,
    /// The key of the role's name.
    role: &'static str,
    /// The signed-in colleague who may simply accept.
    known: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/demo.html")]
struct DemoPage {
    frame: Frame,
}

fn gone(frame: Frame, error: &LinkError) -> Response {
    match error {
        LinkError::Account(inner) => {
            problem::page_saying(frame, StatusCode::INTERNAL_SERVER_ERROR, &refusal(inner))
        }
        // A used, an old and an invented link look the same.
        _ => problem::page_saying(frame, StatusCode::NOT_FOUND, &say("accounts-link-gone")),
    }
}

fn draw(
    frame: Frame,
    form: Form,
    link: &Link,
    known: Option<String>,
    status: StatusCode,
) -> Response {
    let page = InvitePage {
        frame: frame.titled("accounts-invite"),
        form,
        role: link.role.map_or(key("accounts-role-operator"), role_word),
        known,
    };
    page::html(status, page)
}

fn known(session: Option<&Extension<Session>>) -> Option<String> {
    session
        .filter(|s| s.side == Side::Staff && s.second_at.is_some())
        .map(|s| s.name.clone())
}

pub async fn look(
    State(house): State<Arc<House>>,
    frame: Frame,
    session: Option<Extension<Session>>,
    Path(secret): Path<String>,
) -> Response {
    match links::look_at_invite(&house, &secret).await {
        Ok(link) => {
            let form = Form::filled([("name", link.name.as_str())]);
            draw(frame, form, &link, known(session.as_ref()), StatusCode::OK)
        }
        Err(error) => gone(frame, &error),
    }
}

/// What to mend before an account can be made.
pub fn mend(error: &PrepareError) -> (&'static str, Sentence) {
    match error {
        PrepareError::Phone => ("phone", say("accounts-phone-wrong")),
        PrepareError::PhoneTaken => ("phone", say("accounts-phone-taken")),
        PrepareError::HandleTaken => ("name", say("accounts-name-taken")),
        PrepareError::Weak(weak) => ("password", weak_sentence(*weak)),
        PrepareError::Busy(_) => ("", say("accounts-busy")),
        PrepareError::Database(_) | PrepareError::Keys(_) => ("", say("accounts-failed")),
    }
}

/// Why a password is refused, for its reader.
pub fn weak_sentence(weak: WeakPassword) -> Sentence {
    match weak {
        WeakPassword::Short => say("accounts-password-short"),
        WeakPassword::Long => say("accounts-password-long"),
        WeakPassword::Common => say("accounts-password-common"),
        WeakPassword::Personal => say("accounts-password-personal"),
    }
}

pub async fn redeem(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    session: Option<Extension<Session>>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    mut form: Form,
) -> Response {
    let link = match links::look_at_invite(&house, &secret).await {
        Ok(link) => link,
        Err(error) => return gone(frame, &error),
    };
    let known = known(session.as_ref());
    if let (Some(session), true) = (&session, form.value("accept") == "yes")
        && known.is_some()
    {
        return match links::accept_invite(&house, &secret, &link, session.account).await {
            Ok(()) => onward::to("/"),
            Err(error) => gone(frame, &error),
        };
    }
    let name = form.field("name", "accounts-invite-name").text(2..=40);
    let phone = match form.value("phone") {
        "" => None,
        text => Some(text.to_owned()),
    };
    let password = form.field("password", "accounts-password").text(1..=200);
    form.forget("password");
    let (Some(name), Some(password)) = (name, password.map(Zeroizing::new)) else {
        return draw(frame, form, &link, known, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let new = NewAccount {
        handle: Some(name.clone()),
        name,
        phone,
        password: Some(password),
    };
    let prepared = match prepare(&house, new).await {
        Ok(prepared) => prepared,
        Err(error) => {
            let (field, sentence) = mend(&error);
            form.fault(field, sentence);
            return draw(frame, form, &link, known, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let mut opening = Opening::new(
        &house,
        prepared.id,
        Side::Staff,
        sessions::agent_of(&headers),
    );
    opening.instead_of = session.map(|s| s.id);
    match links::redeem_invite(&house, &secret, &link, prepared, opening).await {
        Ok(token) => go_signed_in(&site, &token, Side::Staff, "/"),
        Err(LinkError::Taken) => {
            form.fault("name", say("accounts-name-taken"));
            draw(frame, form, &link, known, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => gone(frame, &error),
    }
}

/// Asks before it uses the link up: previews and scanners open every link they see.
pub async fn demo(
    State(house): State<Arc<House>>,
    frame: Frame,
    Path(_): Path<String>,
) -> Response {
    match links::is_demo(&house).await {
        Ok(true) => page::ok(DemoPage {
            frame: frame.titled("accounts-demo"),
        }),
        _ => gone(frame, &LinkError::Gone),
    }
}

pub async fn demo_sent(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Response {
    match links::redeem_demo(&house, &secret, sessions::agent_of(&headers)).await {
        Ok((token, side)) => with_cookies(onward::to("/"), &[token.cookie(&site, side)]),
        Err(error) => gone(frame, &error),
    }
}
