//! The successions of a compound, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::acts;
use crate::succession::State;
use foundation::house::House;
use foundation::page::{self, Frame, ListQuery, Tag};
use permissions::Permission::ArchiveSucceed;

struct Row {
    href: String,
    successor: String,
    scope: String,
    state: Tag,
    due: String,
    late: bool,
    asked: String,
}

#[derive(Template)]
#[template(path = "successions/list.html")]
struct ListPage {
    frame: Frame,
    base: String,
    files: String,
    list: ListQuery,
    rows: Vec<Row>,
    may_ask: bool,
}

pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let found = match acts::list(&house, &by).await {
        Ok(found) => found,
        Err(e) => return refused(frame, &e),
    };
    let today = house.now().date().to_string();
    let over = |state| matches!(state, State::Refused | State::Delivered);
    let rows = found.into_iter().map(|s| Row {
        href: format!("/c/{c}/successions/{}", s.id),
        scope: words::scope(&s, &frame),
        state: words::state_tag(s.state),
        late: s.due_day < today && !over(s.state),
        due: s.due_day,
        asked: format!("{} {}", s.asked_name, frame.date(s.asked_at.0)),
        successor: s.successor,
    });
    page::ok(ListPage {
        rows: rows.collect(),
        base: format!("/c/{c}"),
        files: format!("/c/{c}/files"),
        list,
        may_ask: by.has(ArchiveSucceed),
        frame: frame.titled("successions-title"),
    })
}
