//! What to move: the list that is worked off at the cabinets, on the screen and on paper.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::arrange::{self, Arrangement};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};
use permissions::Permission;

/// Moves on the screen; the rest follows when these are done, the paper has all.
const SHOWN_MAX: usize = 500;

struct Row {
    id: Id,
    name: String,
    spine: i64,
    from: String,
    to: String,
    behind: String,
}

fn rows(frame: &Frame, all: &Arrangement, most: usize) -> Vec<Row> {
    let each = all.moves().into_iter().take(most).map(|m| Row {
        id: m.one.id,
        name: words::named(&m.one),
        spine: m.one.spine,
        from: words::spot(frame, &all.cabinets, m.one.spot),
        to: words::spot(frame, &all.cabinets, Some(m.to)),
        behind: m.behind,
    });
    each.collect()
}

#[derive(Template)]
#[template(path = "shelves/moves.html")]
struct MovesPage {
    frame: Frame,
    base: String,
    rows: Vec<Row>,
    total: usize,
    left_over: usize,
    digest: String,
    may_file: bool,
}

/// The boxes to move, by their new places.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match arrange::arrangement(&house, &by).await {
        Ok(all) => page::ok(MovesPage {
            base: format!("/c/{c}/shelves"),
            rows: rows(&frame, &all, SHOWN_MAX),
            total: all.plan.moves().count(),
            left_over: all.plan.without_place(),
            digest: all.digest(),
            may_file: by.has(Permission::ArchiveFile),
            frame: frame.titled("shelves-moves"),
        }),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "shelves/moves_print.html")]
struct SheetPage {
    frame: Frame,
    rows: Vec<Row>,
    taken: String,
}

/// The same to take along.
pub async fn sheet(Place(house): Place<Arc<House>>, Extension(by): By, frame: Frame) -> Response {
    match arrange::arrangement(&house, &by).await {
        Ok(all) => page::ok(SheetPage {
            rows: rows(&frame, &all, usize::MAX),
            taken: frame.stamp(house.now().0),
            frame: frame.titled("shelves-moves"),
        }),
        Err(e) => refused(frame, &e),
    }
}

/// They were moved: all, or those that are marked.
pub async fn done(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let marked: Vec<Id> = form.all("row").filter_map(|id| id.parse().ok()).collect();
    let some = (form.value("what") != "all").then_some(marked.as_slice());
    match arrange::apply(&house, &by, form.value("digest"), some).await {
        Ok(count) => onward::done(
            &format!("/c/{c}/shelves"),
            frame.one("shelves-did-arrange", "count", count),
        ),
        Err(e) => refused(frame, &e),
    }
}
