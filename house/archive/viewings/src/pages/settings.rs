//! Terms of viewings, and who decides while the manager is away.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::policy::{self, Policy, WAIT_HOURS, WINDOW_MINUTES};
use crate::{ViewingError, deputy};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tag, Tone, key, onward};
use permissions::actor::Actor;
use permissions::{Permission, Role};

struct Row {
    id: String,
    name: String,
    until: String,
    named: String,
    confirmed: String,
    state: Tag,
    may_confirm: bool,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "viewings/settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Form,
    base: String,
    deputies: Vec<Row>,
    colleagues: Vec<Choice>,
    version: i64,
    may_set: bool,
    may_name: bool,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    status: StatusCode,
    frame: Frame,
    form: Option<Form>,
) -> Response {
    let read = async {
        let policy = Policy::of(house, by.community).await?;
        let deputies = deputy::all(house, by).await?;
        let colleagues = deputy::eligible(house, by).await?;
        Ok::<_, ViewingError>((policy, deputies, colleagues))
    };
    let (policy, deputies, colleagues) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let now = house.now();
    let form = form.unwrap_or_else(|| {
        Form::filled([
            ("wait", policy.wait_hours.to_string()),
            ("window", policy.window_minutes.to_string()),
            ("days", "3".into()),
        ])
    });
    let manager = by.roles.contains(&Role::Manager);
    page::html(
        status,
        SettingsPage {
            base: format!("/c/{c}/viewings"),
            deputies: deputies
                .into_iter()
                .map(|d| Row {
                    state: if d.ended_at.is_some() {
                        Tag::new(Tone::Plain, key("viewings-deputy-ended"))
                    } else if d.holds(now) {
                        Tag::new(Tone::Done, key("viewings-deputy-holds"))
                    } else {
                        Tag::new(Tone::Waiting, key("viewings-deputy-waits"))
                    },
                    may_confirm: d.confirmed_at.is_none()
                        && d.ended_at.is_none()
                        && by.account != Some(d.account)
                        && !manager,
                    may_end: d.ended_at.is_none(),
                    id: d.id.to_string(),
                    until: frame.stamp(d.until_at.0),
                    name: d.name,
                    named: d.named_name,
                    confirmed: d.confirmed_name,
                })
                .collect(),
            colleagues: colleagues
                .into_iter()
                .map(|(id, name)| Choice::new(id.to_string(), name))
                .collect(),
            version: policy.version,
            may_set: by.has(Permission::ArchiveSet),
            may_name: manager,
            form,
            frame: frame.titled("viewings-settings"),
        },
    )
}

/// The settings.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, StatusCode::OK, frame, None).await
}

async fn then(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    mut form: Form,
    done: Result<(), ViewingError>,
) -> Response {
    match done {
        Ok(()) => onward::done(
            &format!("/c/{c}/viewings-settings"),
            frame.t("viewings-did-set"),
        ),
        Err(e) => match (super::status(&e), words::refusal(&e)) {
            (status, Some(sentence)) if status != StatusCode::FORBIDDEN => {
                form.fault_of_all(sentence);
                draw(house, by, c, status, frame, Some(form)).await
            }
            _ => refused(frame, &e),
        },
    }
}

/// The terms are set.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let wait = form.field("wait", key("viewings-wait")).number(WAIT_HOURS);
    let window = form
        .field("window", key("viewings-window"))
        .number(WINDOW_MINUTES);
    let (Some(wait_hours), Some(window_minutes)) = (wait, window) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&house, &by, &c, status, frame, Some(form)).await;
    };
    let policy = Policy {
        wait_hours,
        window_minutes,
        version: form.value("version").parse().unwrap_or(0),
    };
    let done = policy::set(&house, &by, &policy).await;
    then(&house, &by, &c, frame, form, done).await
}

/// A deputy is named; the door asked for a second factor.
pub async fn name(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = async {
        let account = form.value("deputy").parse::<Id>();
        let account = account.map_err(|_| ViewingError::Deputy)?;
        let days = form.value("days").parse().unwrap_or(0);
        deputy::name(&house, &by, account, days).await.map(|_| ())
    };
    let done = done.await;
    then(&house, &by, &c, frame, form, done).await
}

/// Another confirms a deputy; the door asked for a second factor.
pub async fn confirm(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = deputy::confirm(&house, &by, id).await;
    then(&house, &by, &c, frame, form, done).await
}

/// A deputy's time ends early.
pub async fn end(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = deputy::end(&house, &by, id).await;
    then(&house, &by, &c, frame, form, done).await
}
