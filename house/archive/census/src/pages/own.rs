//! A household checks itself: by its slip's link, or as the owner who is signed in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::asked::{self, AskedHome};
use super::{By, refused, words};
use crate::answer::Outcome;
use crate::task::{State, Task};
use crate::{CensusError, home, link};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Tag, onward};

struct Row {
    href: String,
    code: String,
    state: Tag,
    open: bool,
}

#[derive(Template)]
#[template(path = "census/mine.html")]
struct MinePage {
    frame: Frame,
    rows: Vec<Row>,
}

/// The owner's homes in this quarter.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match link::own(&house, &by).await {
        Ok(tasks) => page::ok(MinePage {
            rows: tasks
                .iter()
                .filter(|t| t.state != State::Excused)
                .map(|t| Row {
                    href: format!("/c/{c}/my/census/{}", t.id),
                    code: t.code.clone(),
                    state: words::state_tag(t, false),
                    open: matches!(t.state, State::Open | State::Refused),
                })
                .collect(),
            frame: frame.titled("census-mine"),
        }),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "census/own.html")]
struct OwnPage {
    frame: Frame,
    form: Form,
    asked: AskedHome,
}

#[derive(Template)]
#[template(path = "census/self.html")]
struct SelfPage {
    frame: Frame,
    form: Form,
    asked: AskedHome,
}

#[derive(Template)]
#[template(path = "census/thanks.html")]
struct ThanksPage {
    frame: Frame,
    waits: bool,
}

async fn asked(
    house: &House,
    c: Community,
    task: &Task,
    action: String,
    form: &Form,
    frame: &Frame,
) -> Result<AskedHome, CensusError> {
    let known = home::of(house, c, task).await?;
    Ok(asked::home(house, task, &known, action, false, form, frame))
}

/// One of the owner's homes.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let task = link::own_one(&house, &by, id).await?;
        let action = format!("/c/{c}/my/census/{id}");
        asked(
            &house,
            by.community,
            &task,
            action,
            &Form::default(),
            &frame,
        )
        .await
    };
    match read.await {
        Ok(asked) => page::ok(OwnPage {
            form: Form::default(),
            asked,
            frame: frame.titled("census-self-title"),
        }),
        Err(e) => refused(frame, &e),
    }
}

/// What the owner says.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let fields = asked::read(&form);
    match link::send_own(&house, &by, id, form.value("sent_id"), &fields).await {
        Ok(outcome) => onward::done(&format!("/c/{c}/my/census"), thanks(outcome, &frame)),
        Err(e) if asked::fault(&mut form, &e, &frame) => {
            let read = async {
                let task = link::own_one(&house, &by, id).await?;
                let action = format!("/c/{c}/my/census/{id}");
                asked(&house, by.community, &task, action, &form, &frame).await
            };
            match read.await {
                Ok(asked) => page::html(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    OwnPage {
                        asked,
                        form,
                        frame: frame.titled("census-self-title"),
                    },
                ),
                Err(e) => refused(frame, &e),
            }
        }
        Err(e) => refused(frame, &e),
    }
}

fn thanks(outcome: Outcome, frame: &Frame) -> String {
    match outcome {
        Outcome::Counted => frame.t("census-thanks"),
        Outcome::Waiting(_) | Outcome::Conflict(_) => frame.t("census-thanks-waits"),
    }
    .into_owned()
}

/// The page behind a slip's code.
pub async fn by_link(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, secret)): Path<(String, String)>,
    frame: Frame,
) -> Response {
    let form = Form::default();
    drawn(
        &house,
        by.community,
        (&c, &secret),
        StatusCode::OK,
        frame,
        form,
    )
    .await
}

async fn drawn(
    house: &House,
    community: Community,
    (c, secret): (&str, &str),
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let read = async {
        let task = link::find(house, community, secret).await?;
        let action = format!("/c/{c}/census-self/{secret}");
        asked(house, community, &task, action, &form, &frame).await
    };
    match read.await {
        Ok(asked) => page::html(
            status,
            SelfPage {
                asked,
                form,
                frame: frame.titled("census-self-title"),
            },
        ),
        Err(e) => refused(frame, &e),
    }
}

/// What the household says by it.
pub async fn send_by_link(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, secret)): Path<(String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let fields = asked::read(&form);
    match link::send(&house, &by, &secret, form.value("sent_id"), &fields).await {
        Ok(outcome) => page::ok(ThanksPage {
            waits: outcome != Outcome::Counted,
            frame: frame.titled("census-thanks-title"),
        }),
        Err(e) if asked::fault(&mut form, &e, &frame) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            drawn(&house, by.community, (&c, &secret), status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}
