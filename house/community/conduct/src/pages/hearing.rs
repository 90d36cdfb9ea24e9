//! Appeals and removals that wait for their second person, and hearing one appeal.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::case::{Followed, followed};
use super::{By, refused, status, words};
use crate::appeals::{self, Outcome};
use crate::{ConductError, removal, view};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tag, key, onward, problem};
use permissions::actor::Actor;

struct Row {
    href: String,
    title: String,
    note: String,
}

#[derive(Template)]
#[template(path = "conduct/appeals.html")]
struct ListPage {
    frame: Frame,
    queue: String,
    rows: Vec<Row>,
    removals: Vec<Row>,
}

#[derive(Template)]
#[template(path = "conduct/appeal.html")]
struct HearingPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    version: i64,
    state: Tag,
    level: i64,
    due: String,
    why_not: String,
    words: String,
    text: String,
    rule: String,
    reason: String,
    reasons: String,
    sanctions: Vec<Followed>,
    may_decide: bool,
    mine: bool,
    milder: Vec<Choice>,
}

/// What waits.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let looked = async {
        let open = appeals::waiting(&house, &by).await?;
        let removals = removal::waiting(&house, &by).await?;
        let mut cases = Vec::with_capacity(removals.len());
        for s in removals {
            let case = removal::case_of(&house, by.community, &s).await?;
            cases.push((s, case));
        }
        Ok::<_, ConductError>((open, cases))
    };
    let (open, cases) = match looked.await {
        Ok(found) => found,
        Err(e) => return refused(frame, e),
    };
    let rows = open
        .iter()
        .map(|(a, may)| {
            let due = frame.relative(a.due_at.0);
            let note = match may {
                Ok(()) => frame
                    .one("conduct-appeal-due", "due", due.as_str())
                    .into_owned(),
                Err(e) => words::why_not(&frame, e),
            };
            Row {
                href: format!("/c/{c}/conduct-appeals/{}", a.id),
                title: frame
                    .one("conduct-appeal-level", "level", a.level)
                    .into_owned(),
                note,
            }
        })
        .collect();
    let removals = cases
        .iter()
        .map(|(s, case)| Row {
            href: format!("/c/{c}/conduct/{case}"),
            title: frame.t("conduct-kind-removal").into_owned(),
            note: frame.relative(s.starts_at.0),
        })
        .collect();
    page::ok(ListPage {
        queue: format!("/c/{c}/conduct"),
        frame: frame.titled("conduct-appeals-title"),
        rows,
        removals,
    })
}

async fn see(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let looked = async {
        let (heard, may) = appeals::hearing(house, by, id).await?;
        let strike = appeals::strike_of(house, by.community, &heard.appeal).await?;
        let one = view::one(house, by.community, strike).await?;
        let terms = appeals::terms(house, by.community).await?;
        Ok::<_, ConductError>((heard, may, one, terms))
    };
    let (heard, may, one, terms) = match looked.await {
        Ok(found) => found,
        Err(e) => return refused(frame, e),
    };
    let a = &heard.appeal;
    let most = one.sanctions.iter().map(|s| s.severity).max().unwrap_or(0);
    let open = a.state.is_open();
    page::html(
        status,
        HearingPage {
            base: format!("/c/{c}/conduct-appeals"),
            own: format!("/c/{c}/conduct-appeals/{id}"),
            version: a.version,
            state: words::appeal(a.state),
            level: a.level,
            due: frame.stamp(a.due_at.0),
            why_not: match &may {
                Err(e) if open => words::why_not(&frame, e),
                _ => String::new(),
            },
            words: heard.words.clone().unwrap_or_default(),
            text: one.text.clone().unwrap_or_default(),
            rule: frame.t(words::rule(&one.strike.rule)).into_owned(),
            reason: one.reason.clone().unwrap_or_default(),
            reasons: heard.reasons.clone().unwrap_or_default(),
            sanctions: one
                .sanctions
                .iter()
                .map(|s| followed(&frame, s, None))
                .collect(),
            may_decide: open && may.is_ok(),
            mine: a.assigned_to == by.account,
            milder: terms
                .ladder
                .below(most)
                .map(|r| Choice::new(r.severity.to_string(), words::rung(&frame, r)))
                .collect(),
            frame: frame.titled("conduct-appeal-title"),
            form,
        },
    )
}

/// One appeal.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
) -> Response {
    match id.parse::<Id>() {
        Ok(id) => see(&house, &by, &c, id, frame, Form::default(), StatusCode::OK).await,
        Err(_) => problem::page(frame, StatusCode::NOT_FOUND),
    }
}

/// Takes or decides an appeal; a refusal keeps what was typed.
pub async fn act(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let version = form.value("version").parse().unwrap_or(0);
    let outcome = match form.value("act") {
        "uphold" => Some(Outcome::Upheld),
        "overturn" => Some(Outcome::Overturned),
        "reduce" => Some(Outcome::Reduced {
            severity: form.value("severity").parse().unwrap_or(i64::MAX),
        }),
        _ => None,
    };
    let out = match outcome {
        None => appeals::assign(&house, &by, id, version)
            .await
            .map(|()| key("conduct-did-take")),
        Some(outcome) => appeals::decide(&house, &by, id, version, outcome, form.value("words"))
            .await
            .map(|_| key("conduct-did-hear")),
    };
    match out {
        Ok(told) => {
            let path = match outcome {
                None => format!("/c/{c}/conduct-appeals/{id}"),
                Some(_) => format!("/c/{c}/conduct-appeals"),
            };
            onward::done(&path, frame.t(told))
        }
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                let status = status(&e);
                if matches!(e, ConductError::Words) {
                    form.fault("words", sentence);
                } else {
                    form.fault_of_all(sentence);
                }
                see(&house, &by, &c, id, frame, form, status).await
            }
            None => refused(frame, e),
        },
    }
}
