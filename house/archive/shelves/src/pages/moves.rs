//! What to move: the list that is worked off at the cabinets, on the screen and on paper.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::ShelfError;
use crate::arrange::{self, Arrangement, Move};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};
use permissions::Permission;
use permissions::actor::Actor;

/// Moves on the screen, and on the sheets that are taken along: a day's work. The rest follows
/// when these are done.
const SHOWN_MAX: usize = 500;
const SHEET_MAX: usize = 2_000;

struct Row {
    id: Id,
    name: String,
    spine: i64,
    from: String,
    to: String,
    behind: String,
}

/// The first moves, as they are read.
async fn rows(
    house: &House,
    by: &Actor,
    frame: &Frame,
    all: &Arrangement,
    most: usize,
) -> Result<Vec<Row>, ShelfError> {
    let moves: Vec<Move> = all.moves().take(most).collect();
    let named = arrange::named(house, by, &moves).await?;
    let places = words::Places::of(&all.cabinets);
    let each = moves.iter().filter_map(|m| {
        let one = named.get(&m.id)?;
        Some(Row {
            id: m.id,
            name: words::named(one),
            spine: one.spine,
            from: places.said(frame, m.from),
            to: places.said(frame, Some(m.to)),
            behind: m
                .behind
                .and_then(|id| named.get(&id))
                .map_or_else(String::new, words::named),
        })
    });
    Ok(each.collect())
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
    let read = async {
        let all = arrange::arrangement(&house, &by).await?;
        let rows = rows(&house, &by, &frame, &all, SHOWN_MAX).await?;
        Ok::<_, ShelfError>((all, rows))
    };
    match read.await {
        Ok((all, rows)) => page::ok(MovesPage {
            base: format!("/c/{c}/shelves"),
            rows,
            total: all.to_move(),
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
    /// Boxes that are on the next sheets.
    more: usize,
    taken: String,
}

/// The same to take along.
pub async fn sheet(Place(house): Place<Arc<House>>, Extension(by): By, frame: Frame) -> Response {
    let read = async {
        let all = arrange::arrangement(&house, &by).await?;
        let rows = rows(&house, &by, &frame, &all, SHEET_MAX).await?;
        Ok::<_, ShelfError>((all, rows))
    };
    match read.await {
        Ok((all, rows)) => page::ok(SheetPage {
            more: all.to_move() - rows.len(),
            rows,
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
