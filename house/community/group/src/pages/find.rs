//! Finding what was said, in one channel or in all of one's own.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{By, name_of, refused, status, words};
use crate::search::{self, Found, PAGE_FOUND};
use crate::{Channel, GroupError, channels};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, say};
use permissions::actor::Actor;

/// Found in each channel where all are looked through.
const EACH: usize = 5;
/// Signs shown before the first mark.
const BEFORE_CHARS: usize = 20;
const SHOWN_CHARS: usize = 120;

/// A stretch of a found text.
struct Bit {
    text: String,
    marked: bool,
}

struct Hit {
    href: String,
    name: String,
    at: i64,
    bits: Vec<Bit>,
}

struct Where {
    name: String,
    hits: Vec<Hit>,
    /// Where more of this channel is, or empty.
    more: String,
}

#[derive(Template)]
#[template(path = "group/search.html")]
struct SearchPage {
    frame: Frame,
    form: Form,
    back: String,
    here: String,
    channels: Vec<Choice>,
    asked: bool,
    places: Vec<Where>,
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    channel: Option<String>,
    before: Option<i64>,
}

/// The text around its first mark, marks apart.
fn bits(found: &Found) -> Vec<Bit> {
    let text = search::searched(&found.message);
    let first = found.marks.first().map_or(0, |r| r.start);
    let skip = text[..first].chars().count().saturating_sub(BEFORE_CHARS);
    let from = text.char_indices().nth(skip).map_or(0, |(at, _)| at);
    let until = text[from..]
        .char_indices()
        .nth(SHOWN_CHARS)
        .map_or(text.len(), |(at, _)| from + at);
    let mut out = Vec::new();
    let bit = |text: &str, marked| Bit {
        text: text.replace('\n', " "),
        marked,
    };
    if from > 0 {
        out.push(bit("…", false));
    }
    let mut at = from;
    for mark in found
        .marks
        .iter()
        .filter(|m| m.end <= until && m.start >= from)
    {
        out.push(bit(&text[at..mark.start], false));
        out.push(bit(&text[mark.clone()], true));
        at = mark.end;
    }
    out.push(bit(&text[at..until], false));
    if until < text.len() {
        out.push(bit("…", false));
    }
    out
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn look(
    house: &House,
    by: &Actor,
    frame: &Frame,
    c: &str,
    here: &[Channel],
    wanted: &Wanted,
) -> Result<Vec<Where>, GroupError> {
    let query = search::Query::read(&wanted.q)?;
    let only: Option<Id> = wanted.channel.as_deref().and_then(|id| id.parse().ok());
    let most = if only.is_some() { PAGE_FOUND } else { EACH };
    let before = wanted.before.filter(|_| only.is_some());
    let mut out = Vec::new();
    for one in here.iter().filter(|one| only.is_none_or(|id| one.id == id)) {
        let page = search::search(house, by, one, &query, before, most).await?;
        if page.found.is_empty() && page.before.is_none() {
            continue;
        }
        let at = format!("/c/{c}/group/channels/{}", one.id);
        let hits = page.found.iter().map(|found| Hit {
            href: format!("{at}?at={0}#m-{0}", found.message.seq),
            name: found.message.byline.clone(),
            at: found.message.at.0,
            bits: bits(found),
        });
        let q = encoded(&wanted.q);
        out.push(Where {
            name: name_of(frame, one),
            hits: hits.collect(),
            more: page.before.map_or(String::new(), |seq| {
                format!("/c/{c}/group/search?q={q}&channel={}&before={seq}", one.id)
            }),
        });
    }
    Ok(out)
}

/// Looks for words.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    Query(wanted): Query<Wanted>,
    frame: Frame,
) -> Response {
    let here = match channels::of(&house, &by).await {
        Ok(here) => here,
        Err(error) => return refused(frame, &error),
    };
    let mut form = Form::filled([
        ("q", wanted.q.clone()),
        ("channel", wanted.channel.clone().unwrap_or_default()),
    ]);
    let asked = !wanted.q.trim().is_empty();
    let mut code = StatusCode::OK;
    let places = match look(&house, &by, &frame, &c, &here, &wanted).await {
        _ if !asked => Vec::new(),
        Ok(places) => places,
        Err(GroupError::SearchTooShort) => {
            form.fault("q", say("group-refused-search"));
            code = StatusCode::UNPROCESSABLE_ENTITY;
            Vec::new()
        }
        Err(error) => {
            return match words::refusal(&frame, &error) {
                Some(told) => page::problem::page_saying(frame, status(&error), &told),
                None => refused(frame, &error),
            };
        }
    };
    let choices = here
        .iter()
        .map(|one| Choice::new(one.id.to_string(), name_of(&frame, one)));
    let only: Option<Id> = wanted.channel.as_deref().and_then(|id| id.parse().ok());
    page::html(
        code,
        SearchPage {
            back: only.map_or_else(
                || format!("/c/{c}/group/channels"),
                |id| format!("/c/{c}/group/channels/{id}"),
            ),
            here: format!("/c/{c}/group/search"),
            channels: choices.collect(),
            asked: asked && !form.failed(),
            places,
            form,
            frame: frame.titled("group-search"),
        },
    )
}
