//! What neighbours offer to be asked about.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{By, refused, status, words};
use crate::skills::{self, Skill};
use crate::{GroupError, MessageState};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use permissions::actor::Actor;

struct Offered {
    id: Id,
    skill: String,
    note: String,
    name: String,
    own: bool,
    /// Not shown to neighbours: waits for a person, or was found a breach.
    held: bool,
    hidden: bool,
    /// Where one asks them.
    ask: String,
}

#[derive(Template)]
#[template(path = "group/skills.html")]
struct SkillsPage {
    frame: Frame,
    form: Form,
    here: String,
    back: String,
    words: String,
    rows: Vec<Offered>,
    may_offer: bool,
}

fn offered(by: &Actor, c: &str, one: Skill) -> Offered {
    let to = utf8_percent_encode(&one.byline, NON_ALPHANUMERIC);
    Offered {
        id: one.id,
        ask: format!("/c/{c}/group/sharing/new?topic=ask&to={to}"),
        skill: one.skill,
        note: one.note,
        own: by.account == Some(one.account),
        held: one.state == MessageState::Held,
        hidden: one.state == MessageState::Hidden,
        name: one.byline,
    }
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    words: &str,
    frame: Frame,
    form: Form,
    code: StatusCode,
) -> Response {
    let found = match skills::list(house, by, words).await {
        Ok(found) => found,
        Err(GroupError::RulesDue) => return onward::to(&format!("/c/{c}/group-rules")),
        Err(e) => return refused(frame, &e),
    };
    let rows = found.into_iter().map(|one| offered(by, c, one)).collect();
    page::html(
        code,
        SkillsPage {
            here: format!("/c/{c}/group/skills"),
            back: format!("/c/{c}/group/sharing"),
            words: words.to_owned(),
            rows,
            may_offer: !by.is_staff(),
            form,
            frame: frame.titled("group-skills"),
        },
    )
}

#[derive(Default, Deserialize)]
pub struct Sought {
    #[serde(default)]
    q: String,
}

/// All of them, or those in which words occur.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    Query(sought): Query<Sought>,
    frame: Frame,
) -> Response {
    let words: String = sought.q.trim().chars().take(40).collect();
    let (form, code) = (Form::default(), StatusCode::OK);
    draw(&house, &by, &c, &words, frame, form, code).await
}

/// Offers one's own.
pub async fn offer(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let consent = form.has("consent", "yes");
    let (skill, note) = (form.value("skill"), form.value("note"));
    match skills::offer(&house, &by, skill, note, consent).await {
        Ok(one) => {
            let word = if one.state == MessageState::Held {
                page::key("group-held")
            } else {
                page::key("group-did-offer")
            };
            onward::done(&format!("/c/{c}/group/skills"), frame.t(word))
        }
        Err(error) => match words::refusal(&frame, &error) {
            Some(told) => {
                let field = match error {
                    GroupError::Consent => "consent",
                    _ => "skill",
                };
                form.fault(field, told);
                draw(&house, &by, &c, "", frame, form, status(&error)).await
            }
            None => refused(frame, &error),
        },
    }
}

/// Takes one's own back.
pub async fn withdraw(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match skills::withdraw(&house, &by, id).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/group/skills"),
            frame.t("group-did-withdraw"),
        ),
        Err(error) => refused(frame, &error),
    }
}
