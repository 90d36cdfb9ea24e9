//! Colleagues and their roles; inviting again whoever lost phone or password; acting
//! for somebody.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use zeroize::Zeroizing;

use super::{go_signed_in, invite, refusal, role_word};
use crate::links::{self, LinkError};
use crate::new_account::PrepareError;
use crate::reset::{self, Asked, ResetError};
use crate::{AccountError, Session, Site, behalf, codes, sessions, staff};
use foundation::house::House;
use foundation::page::{self, Choice, Flash, Form, Frame, Tone, onward, problem, say};
use permissions::Role;
use permissions::actor::Actor;

struct Line {
    id: String,
    name: String,
    role: Role,
    role_word: &'static str,
    until_ms: Option<i64>,
    active: bool,
}

#[derive(Template)]
#[template(path = "accounts/staff.html")]
struct StaffPage {
    frame: Frame,
    form: Form,
    lines: Vec<Line>,
    people: Vec<Choice>,
    roles: Vec<Choice>,
    base: String,
}

#[derive(Template)]
#[template(path = "accounts/link.html")]
struct LinkPage {
    frame: Frame,
    link: String,
    picture: String,
    what: String,
    back: String,
}

#[derive(Template)]
#[template(path = "accounts/resets.html")]
struct ResetsPage {
    frame: Frame,
    form: Form,
    /// With whether the reader asked for it.
    asked: Vec<(Asked, bool)>,
    base: String,
}

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    frame: Frame,
    form: Form,
}

fn base(frame: &Frame) -> String {
    let slug = frame.compound.as_ref().map_or("", |c| c.slug.as_str());
    format!("/c/{slug}")
}

fn failed(frame: Frame, error: &AccountError) -> Response {
    let status = match error {
        AccountError::Unknown => StatusCode::NOT_FOUND,
        AccountError::Forbidden(_) => StatusCode::FORBIDDEN,
        AccountError::Wrong => StatusCode::CONFLICT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    problem::page_saying(frame, status, &refusal(error))
}

/// Roles of the office; an operator is made on the command line.
fn offered(frame: &Frame) -> Vec<Choice> {
    Role::ALL
        .into_iter()
        .filter(|r| r.is_staff() && *r != Role::Operator)
        .map(|r| Choice::new(r.word(), frame.t(role_word(r))))
        .collect()
}

async fn draw(house: &House, frame: Frame, by: &Actor, form: Form, status: StatusCode) -> Response {
    let list = match staff::list(house, by).await {
        Ok(list) => list,
        Err(error) => return failed(frame, &error),
    };
    let mut people: Vec<Choice> = Vec::new();
    for one in &list {
        let id = one.id.to_string();
        if !people.iter().any(|p| p.value == id) {
            people.push(Choice::new(id, one.name.clone()));
        }
    }
    let lines = list
        .into_iter()
        .map(|one| Line {
            id: one.id.to_string(),
            name: one.name,
            role: one.role,
            role_word: role_word(one.role),
            until_ms: one.until_at.map(|at| at.0 - 1),
            active: one.active,
        })
        .collect();
    let page = StaffPage {
        roles: offered(&frame),
        base: base(&frame),
        people,
        form,
        lines,
        frame: frame.titled("accounts-staff"),
    };
    page::html(status, page)
}

pub async fn list(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
) -> Response {
    draw(&house, frame, &by, Form::default(), StatusCode::OK).await
}

fn sent_role(form: &mut Form) -> Option<Role> {
    let words: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
    form.field("role", "accounts-role")
        .choice(&words)
        .and_then(Role::from_word)
}

fn show_link(frame: Frame, site: &Site, path: &str, what: &'static str, back: String) -> Response {
    let link = site.link(path);
    page::ok(LinkPage {
        picture: codes::picture(&link).unwrap_or_default(),
        what: frame.t(what).into_owned(),
        frame: frame.titled("accounts-link"),
        link,
        back,
    })
}

pub async fn invite_sent(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(by): Extension<Actor>,
    mut form: Form,
) -> Response {
    let name = form.field("name", "accounts-invite-name").text(1..=40);
    let role = sent_role(&mut form);
    let (Some(name), Some(role)) = (name, role) else {
        return draw(&house, frame, &by, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match links::invite(&house, &by, role, &name).await {
        Ok(path) => {
            let back = format!("{}/staff", base(&frame));
            show_link(frame, &site, &path, "accounts-link-invite", back)
        }
        Err(LinkError::Account(error)) => failed(frame, &error),
        Err(_) => problem::page(frame, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

pub async fn grant(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
    mut form: Form,
) -> Response {
    let account = form
        .field("account", "accounts-colleague")
        .read(|text| text.parse().map_err(|_| say("error-choose")));
    let role = sent_role(&mut form);
    let until = if form.value("until").is_empty() {
        Some(None)
    } else {
        form.field("until", "accounts-until").date().map(Some)
    };
    let (Some(account), Some(role), Some(until)) = (account, role, until) else {
        return draw(&house, frame, &by, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match staff::grant_role(&house, &by, account, role, until).await {
        Ok(()) => onward::done(
            &format!("{}/staff", base(&frame)),
            frame.t("accounts-granted"),
        ),
        Err(error) => failed(frame, &error),
    }
}

pub async fn revoke(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
    mut form: Form,
) -> Response {
    let account = form
        .field("account", "accounts-colleague")
        .read(|text| text.parse().map_err(|_| say("error-choose")));
    let role = sent_role(&mut form);
    let (Some(account), Some(role)) = (account, role) else {
        return draw(&house, frame, &by, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match staff::revoke_role(&house, &by, account, role).await {
        Ok(()) => onward::done(
            &format!("{}/staff", base(&frame)),
            frame.t("accounts-revoked"),
        ),
        Err(error) => failed(frame, &error),
    }
}

async fn draw_resets(
    house: &House,
    frame: Frame,
    by: &Actor,
    form: Form,
    status: StatusCode,
) -> Response {
    match reset::open_requests(house, by).await {
        Ok(asked) => {
            let page = ResetsPage {
                base: base(&frame),
                asked: asked
                    .into_iter()
                    .map(|one| {
                        let own = by.account == Some(one.asked_by);
                        (one, own)
                    })
                    .collect(),
                form,
                frame: frame.titled("accounts-resets"),
            };
            page::html(status, page)
        }
        Err(error) => failed(frame, &error),
    }
}

pub async fn resets(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
) -> Response {
    draw_resets(&house, frame, &by, Form::default(), StatusCode::OK).await
}

pub async fn reset_asked(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
    mut form: Form,
) -> Response {
    let name = form.field("name", "accounts-name").text(1..=100);
    let reason = form.field("reason", "accounts-reason").text(4..=200);
    let (Some(name), Some(reason)) = (name, reason) else {
        return draw_resets(&house, frame, &by, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match reset::ask_for(&house, &by, &name, &reason).await {
        Ok(_) => onward::done(
            &format!("{}/resets", base(&frame)),
            frame.t("accounts-reset-asked"),
        ),
        Err(AccountError::Unknown) => {
            form.fault("name", say("accounts-nobody-here"));
            draw_resets(&house, frame, &by, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => failed(frame, &error),
    }
}

pub async fn reset_confirmed(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Extension(by): Extension<Actor>,
    Path((_, request)): Path<(String, String)>,
) -> Response {
    let Ok(request) = request.parse() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match reset::confirm(&house, &by, request).await {
        Ok(path) => {
            let back = format!("{}/resets", base(&frame));
            show_link(frame, &site, &path, "accounts-link-reset", back)
        }
        Err(AccountError::Wrong) => {
            problem::page_saying(frame, StatusCode::CONFLICT, &say("accounts-two-people"))
        }
        Err(error) => failed(frame, &error),
    }
}

pub async fn reset_page(
    State(house): State<Arc<House>>,
    frame: Frame,
    Path(secret): Path<String>,
) -> Response {
    match links::look_at_reset(&house, &secret).await {
        Ok(_) => page::ok(ResetPage {
            frame: frame.titled("accounts-reset"),
            form: Form::default(),
        }),
        Err(_) => gone(frame),
    }
}

fn gone(frame: Frame) -> Response {
    problem::page_saying(frame, StatusCode::NOT_FOUND, &say("accounts-link-gone"))
}

pub async fn reset_sent(
    State(house): State<Arc<House>>,
    frame: Frame,
    site: Extension<Site>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    mut form: Form,
) -> Response {
    let password = Zeroizing::new(form.value("password").to_owned());
    form.forget("password");
    let agent = sessions::agent_of(&headers);
    match reset::redeem(&house, &secret, &password, agent).await {
        Ok((token, side)) => go_signed_in(&site, &token, side, "/"),
        Err(ResetError::Password(error @ (PrepareError::Weak(_) | PrepareError::Busy(_)))) => {
            let (field, sentence) = invite::mend(&error);
            form.fault(field, sentence);
            let frame = frame.titled("accounts-reset");
            page::html(StatusCode::UNPROCESSABLE_ENTITY, ResetPage { frame, form })
        }
        Err(ResetError::Link(LinkError::Account(error))) => failed(frame, &error),
        Err(_) => gone(frame),
    }
}

/// Begins acting for a person; the desk's page of that person sends the form.
pub async fn behalf_begin(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
    Extension(session): Extension<Session>,
    mut form: Form,
) -> Response {
    let reason = form.field("reason", "accounts-reason").text(4..=200);
    let (Some(reason), Ok(person)) = (reason, form.value("person").parse()) else {
        return problem::page(frame, StatusCode::UNPROCESSABLE_ENTITY);
    };
    match behalf::begin(&house, &by, &session, person, &reason).await {
        Ok(()) => {
            let to = match form.value("to") {
                "" => base(&frame),
                to => super::own_path(to).to_owned(),
            };
            onward::telling(&to, Flash::info(frame.t("accounts-behalf-now")))
        }
        Err(error) => failed(frame, &error),
    }
}

pub async fn behalf_end(
    State(house): State<Arc<House>>,
    frame: Frame,
    Extension(by): Extension<Actor>,
    Extension(session): Extension<Session>,
) -> Response {
    match behalf::end(&house, &by, &session).await {
        Ok(()) => onward::done(&base(&frame), frame.t("accounts-behalf-over")),
        Err(error) => failed(frame, &error),
    }
}
