//! The office's list of answers.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::entry::{Entry, State};
use crate::{AssistantError, base, editing, publishing, work};
use foundation::house::House;
use foundation::page::{self, Chip, Direction, Frame, ListQuery, Tag, onward};
use permissions::Permission;

/// Entries on a page.
const PAGE: usize = 50;

struct Row {
    href: String,
    title: String,
    topic: String,
    state: Tag,
    ahead: bool,
    phrasings: u32,
    /// Places that are not filled, named.
    open: String,
    changed: i64,
}

#[derive(Template)]
#[template(path = "assistant/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    here: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    shown: u64,
    total: u64,
    next: String,
    /// Nothing at all is there.
    empty: bool,
    waiting: u32,
    may_publish: bool,
    drafts: u32,
}

/// Searched, by state.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let asked = State::from_word(query.value("state"));
    let typed = query.value("q").to_owned();
    let read = async {
        let all = editing::list(&house, &by, State::ALL, "").await?;
        let fills = base::head(&house, by.community).await?.fills;
        let waiting = work::count_waiting(&house, by.community).await?;
        Ok::<_, AssistantError>((all, fills, waiting))
    };
    let (all, fills, waiting) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let chips = State::ALL
        .iter()
        .map(|state| {
            let count = all.iter().filter(|e| e.state == *state).count();
            Chip {
                name: "state",
                value: state.word().into(),
                text: frame.t(words::state_word(*state)).into_owned(),
                count: Some(count as u64),
            }
        })
        .collect();
    let searched = hanzi::fold::key(&typed);
    let fits =
        |e: &&Entry| asked.is_none_or(|state| e.state == state) && editing::holds(e, &searched);
    let mut found: Vec<&Entry> = all.iter().filter(fits).collect();
    let (column, way) = query.sort(&["topic", "title", "state", "phrasings", "changed"]);
    match column {
        "title" => found.sort_by(|a, b| a.body.title.cmp(&b.body.title)),
        "state" => found.sort_by_key(|e| State::ALL.iter().position(|s| *s == e.state)),
        "phrasings" => found.sort_by_key(|e| e.body.phrasings.len()),
        "changed" => found.sort_by_key(|e| e.changed_at.0),
        _ => {}
    }
    if way == Direction::Down {
        found.reverse();
    }
    let from = query.value("after").parse::<usize>().unwrap_or(0);
    let total = found.len();
    let row = |e: &Entry| Row {
        href: format!("/c/{c}/assistant/{}", e.id),
        title: frame.in_script(&e.body.title),
        topic: e.topic.clone(),
        state: words::state_tag(e.state),
        ahead: e.is_ahead(),
        phrasings: e.body.phrasings.len() as u32,
        open: words::places(&frame, &e.body.open_places(&fills)),
        changed: e.changed_at.0,
    };
    let rows: Vec<Row> = found
        .iter()
        .skip(from)
        .take(PAGE)
        .copied()
        .map(row)
        .collect();
    let next = match from + PAGE < total {
        true => query.href("after", &(from + PAGE).to_string()),
        false => String::new(),
    };
    page::ok(ListPage {
        here: format!("/c/{c}/assistant"),
        chips,
        shown: rows.len() as u64,
        rows,
        total: total as u64,
        next,
        empty: all.is_empty(),
        waiting,
        may_publish: by.has(Permission::AssistantPublish),
        drafts: all.iter().filter(|e| e.state == State::Draft).count() as u32,
        list: query,
        frame: frame.titled("assistant-title"),
    })
}

/// Takes the starter base over.
pub async fn start(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match editing::start(&house, &by).await {
        Ok(_) => onward::done(
            &format!("/c/{c}/assistant-places"),
            frame.t("assistant-did-start"),
        ),
        Err(e) => refused(frame, &e),
    }
}

/// Puts every draft in force whose places are filled.
pub async fn publish_ready(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match publishing::publish_ready(&house, &by).await {
        Ok(n) => {
            let told = frame.one("assistant-did-ready", "count", n);
            onward::done(&format!("/c/{c}/assistant"), told)
        }
        Err(e) => refused(frame, &e),
    }
}
