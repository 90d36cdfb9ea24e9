//! Who is in a channel, names while one types, and acting stewards.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State as Place};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{By, answer, name_of, refused, status, words};
use crate::acting::{self, DAYS_MAX};
use crate::mentions::EVERYBODY;
use crate::{channels, people};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Flash, Form, Frame, onward};
use permissions::Permission;

struct PersonShown {
    account: String,
    name: String,
    badge: &'static str,
    /// Until when an acting steward acts, or empty.
    until: String,
    /// Muted or removed, or empty.
    silent: String,
    /// A member who is no steward, and so may be appointed.
    may_appoint: bool,
}

#[derive(Template)]
#[template(path = "group/people.html")]
struct PeoplePage {
    frame: Frame,
    back: String,
    channel: String,
    acting: String,
    rows: Vec<PersonShown>,
    /// Where the next page is, or empty.
    more: String,
    days_max: i64,
}

#[derive(Deserialize)]
pub struct After {
    room: Option<String>,
    id: Option<Id>,
}

/// The people of a channel.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    Query(after): Query<After>,
    frame: Frame,
) -> Response {
    let looked = async {
        let one = channels::one(&house, &by, id).await?;
        channels::entered(&house, &by).await?;
        let people = people::page(&house, &by, &one, after.room.zip(after.id)).await?;
        Ok((one, people))
    };
    let (one, people) = match looked.await {
        Ok(found) => found,
        Err(error) => return refused(frame, &error),
    };
    let leads = by.has(Permission::GroupLead);
    let rows = people.rows.into_iter().map(|p| PersonShown {
        account: p.account.to_string(),
        name: p.name,
        badge: p.badge,
        until: p.acting_until.map_or(String::new(), |m| {
            frame
                .one("group-acting-until", "until", frame.day(m.0))
                .into_owned()
        }),
        silent: match p.silent {
            None => String::new(),
            Some(None) => frame.t("group-silent-removed").into_owned(),
            Some(Some(m)) => frame
                .one("group-silent-until", "until", frame.stamp(m.0))
                .into_owned(),
        },
        may_appoint: leads && p.badge.is_empty(),
    });
    let here = format!("/c/{c}/group/channels/{id}");
    page::ok(PeoplePage {
        rows: rows.collect(),
        more: people.after.map_or(String::new(), |(room, id)| {
            let room: String = url::form_urlencoded::byte_serialize(room.as_bytes()).collect();
            format!("{here}/people?room={room}&id={id}")
        }),
        back: here,
        channel: name_of(&frame, &one),
        acting: if leads {
            format!("/c/{c}/group/acting")
        } else {
            String::new()
        },
        days_max: DAYS_MAX,
        frame: frame.titled("group-people"),
    })
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    q: String,
}

/// Names that begin so, for the field's list.
pub async fn names(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    Query(typed): Query<Typed>,
    frame: Frame,
) -> Response {
    let looked = async {
        let one = channels::one(&house, &by, id).await?;
        channels::entered(&house, &by).await?;
        people::offered(&house, &by, &one, &typed.q).await
    };
    match looked.await {
        Ok(found) => {
            let mut names: Vec<serde_json::Value> = Vec::new();
            let all = frame.t("group-everybody").into_owned();
            let everybody = EVERYBODY.iter().any(|w| w.starts_with(typed.q.trim()));
            if channels::announces(&by) && (everybody || all.starts_with(typed.q.trim())) {
                names.push(serde_json::json!({ "name": all, "badge": "" }));
            }
            names.extend(
                found
                    .iter()
                    .map(|p| serde_json::json!({ "name": p.name, "badge": p.badge })),
            );
            answer(StatusCode::OK, serde_json::Value::from(names).to_string())
        }
        Err(error) => status(&error).into_response(),
    }
}

/// Appoints an acting steward, or ends it.
pub async fn act(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let back = match form.value("channel").parse::<Id>() {
        Ok(channel) => format!("/c/{c}/group/channels/{channel}/people"),
        Err(_) => format!("/c/{c}/group/channels"),
    };
    let Ok(account) = form.value("account").parse::<Id>() else {
        return refused(frame, &crate::GroupError::NotFound);
    };
    let done = if form.has("act", "end") {
        let ended = acting::dismiss(&house, &by, account).await;
        ended.map(|()| frame.t("group-did-dismiss").into_owned())
    } else {
        let days = form.value("days").parse().unwrap_or(0);
        let until = acting::appoint(&house, &by, account, days).await;
        until.map(|until| {
            frame
                .one("group-did-appoint", "until", frame.day(until.0))
                .into_owned()
        })
    };
    match done {
        Ok(told) => onward::done(&back, told),
        Err(error) => match words::refusal(&frame, &error) {
            Some(told) => {
                let told = frame.say(&told).into_owned();
                onward::telling(&back, Flash::overdue(told))
            }
            None => refused(frame, &error),
        },
    }
}
