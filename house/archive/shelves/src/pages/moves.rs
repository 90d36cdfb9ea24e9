//! What to move: the list that is worked off at the cabinets, on the screen and on paper.

use std::collections::BTreeMap;
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
use foundation::page::{self, Chip, Form, Frame, ListQuery, Pager, onward};
use hanzi::fold;
use permissions::Permission;
use permissions::actor::Actor;

/// Moves on one page of the screen.
const SHOWN: usize = 50;
/// Moves on the sheets that are taken along, and that are looked through for a room: a day's
/// work. The rest follows when these are done.
const SHEET_MAX: usize = 2_000;

struct Row {
    id: Id,
    name: String,
    spine: i64,
    from: String,
    to: String,
    behind: String,
}

/// Moves as they are read.
async fn rows(
    house: &House,
    by: &Actor,
    frame: &Frame,
    all: &Arrangement,
    moves: &[Move],
) -> Result<Vec<Row>, ShelfError> {
    let named = arrange::named(house, by, moves).await?;
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
    list: ListQuery,
    /// The cabinets that boxes come into, with their counts.
    cabinets: Vec<Chip>,
    pager: Pager,
    rows: Vec<Row>,
    total: usize,
    left_over: usize,
    digest: String,
    may_file: bool,
}

/// The cabinets that boxes come into, in their order, with how many.
fn cabinets(frame: &Frame, all: &Arrangement) -> Vec<Chip> {
    let mut counts: BTreeMap<Id, u64> = BTreeMap::new();
    for one in all.moves() {
        *counts.entry(one.to.cabinet).or_default() += 1;
    }
    let every = Chip {
        name: "cabinet",
        value: String::new(),
        text: frame.t("shelves-moves-every").into_owned(),
        count: Some(all.to_move() as u64),
    };
    let here = all.cabinets.iter().filter_map(|k| {
        Some(Chip {
            name: "cabinet",
            value: k.id.to_string(),
            text: k.name.clone(),
            count: Some(*counts.get(&k.id)?),
        })
    });
    std::iter::once(every).chain(here).collect()
}

/// The moves that the address asks for: into a cabinet, of a room.
async fn looked_for(
    house: &House,
    by: &Actor,
    all: &Arrangement,
    list: &ListQuery,
) -> Result<Vec<Move>, ShelfError> {
    let into = list.value("cabinet").parse::<Id>().ok();
    let moves = all
        .moves()
        .filter(|m| into.is_none_or(|k| m.to.cabinet == k));
    let typed = fold::key(list.value("q"));
    if typed.is_empty() {
        return Ok(moves.collect());
    }
    let mut moves: Vec<Move> = moves.take(SHEET_MAX).collect();
    let named = arrange::named(house, by, &moves).await?;
    moves.retain(|m| {
        let one = named.get(&m.id);
        one.is_some_and(|b| fold::key(&words::named(b)).contains(&typed))
    });
    Ok(moves)
}

/// The boxes to move, by their new places.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let read = async {
        let all = arrange::arrangement(&house, &by).await?;
        let found = looked_for(&house, &by, &all, &list).await?;
        let (here, pager) = Pager::part(&found, &list, SHOWN, |m| m.id.to_string());
        let rows = rows(&house, &by, &frame, &all, here).await?;
        Ok::<_, ShelfError>((all, rows, pager))
    };
    match read.await {
        Ok((all, rows, pager)) => page::ok(MovesPage {
            base: format!("/c/{c}/shelves"),
            cabinets: cabinets(&frame, &all),
            pager,
            list,
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
        let moves: Vec<Move> = all.moves().take(SHEET_MAX).collect();
        let rows = rows(&house, &by, &frame, &all, &moves).await?;
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
