//! Transfers by where they are, and beginning one.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Form, Frame, ListQuery, Pager, Tag, onward, say};
use permissions::actor::Actor;

use super::{By, refused, words};
use crate::ChangesError;
use crate::transfer::{self, Stage};

struct Row {
    href: String,
    code: String,
    state: Tag,
    who: String,
    at: i64,
}

#[derive(Template)]
#[template(path = "changes/transfers.html")]
struct ListPage {
    frame: Frame,
    form: Form,
    list: ListQuery,
    base: String,
    back: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
}

fn spot(text: &str) -> Option<(Moment, Id)> {
    let (at, id) = text.split_once('_')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    status: StatusCode,
    list: ListQuery,
    (frame, form): (Frame, Form),
) -> Response {
    let stage = Stage::from_word(list.value("state")).unwrap_or(Stage::Draft);
    let after = spot(list.value("after"));
    let read = async {
        let (found, more) = transfer::page(house, by, stage, after).await?;
        Ok::<_, ChangesError>((found, more, transfer::count(house, by, stage).await?))
    };
    let (found, more, total) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let last = found.last().filter(|_| more);
    let last = last.map(|t| format!("{}_{}", t.changed_at.0, t.id));
    let rows: Vec<Row> = found
        .iter()
        .map(|t| Row {
            href: format!("/c/{c}/transfers/{}", t.id),
            code: t.code.clone(),
            state: words::stage_tag(t.stage),
            who: if t.done_name.is_empty() {
                t.begun_name.clone()
            } else {
                t.done_name.clone()
            },
            at: t.changed_at.0,
        })
        .collect();
    let chips = [Stage::Done, Stage::Undone, Stage::Dropped].map(|s| Chip {
        name: "state",
        value: s.word().into(),
        text: frame.t(words::stage_tag(s).word).into_owned(),
        ..Chip::default()
    });
    page::html(
        status,
        ListPage {
            pager: Pager {
                total: total.max(0) as u64,
                shown: rows.len() as u64,
                before: None,
                after: last,
            },
            rows,
            chips: chips.into(),
            base: format!("/c/{c}"),
            back: format!("/c/{c}/changes"),
            list,
            form,
            frame: frame.titled("transfer-title"),
        },
    )
}

/// Drafts, or what was done.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let mut form = Form::default();
    form.set("room", list.value("room"));
    draw(&house, &by, &c, StatusCode::OK, list, (frame, form)).await
}

/// One is begun, or the room's draft is gone on with.
pub async fn begin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let typed = form.value("room").to_owned();
    // An import that found another owner tells the name.
    let name: String = form.value("name").trim().chars().take(100).collect();
    match transfer::begin(&house, &by, &typed, &name).await {
        Ok(id) | Err(ChangesError::HasDraft(id)) => onward::to(&format!("/c/{c}/transfers/{id}")),
        Err(ChangesError::NotFound) => {
            form.fault("room", say("transfer-room-none"));
            let list = ListQuery::parse(&format!("/c/{c}/transfers"), "");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, status, list, (frame, form)).await
        }
        Err(e) => refused(frame, &e),
    }
}
