//! The cabinets with what stands in them, one cabinet with its boxes, and a code that was
//! scanned.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, part, refused, words};
use crate::boxes::{self, ArchiveBox};
use crate::cabinet::Cabinet;
use crate::standing::{self, Filled, Layer};
use crate::{ShelfError, arrange, audit};
use dossiers::{listing, number};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Flash, Frame, ListQuery, Pager, onward};
use hanzi::fold;
use permissions::Permission;

/// More cabinets than these are not seen at a glance.
const FIND_FROM: usize = 3;

#[derive(Template)]
#[template(path = "shelves/list.html")]
struct ListPage {
    frame: Frame,
    base: String,
    list: ListQuery,
    /// So many cabinets that one is looked for by its name.
    find: bool,
    filled: Vec<Filled>,
    pager: Pager,
    nowhere: i64,
    boxless: i64,
    moves: usize,
    left_over: usize,
    unlabelled: i64,
    may_set: bool,
    may_file: bool,
}

/// The cabinets, and what is to be done.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let read = async {
        let all = arrange::arrangement(&house, &by).await?;
        let typed = fold::key(list.value("q"));
        let named = |k: &&Cabinet| fold::key(&k.name).contains(&typed);
        let found: Vec<Cabinet> = all.cabinets.iter().filter(named).cloned().collect();
        let (here, pager) = part(&found, &list);
        let filled = standing::overview(&house, &by, here).await?;
        let nowhere = standing::nowhere(&house, &by).await?;
        let boxless = boxes::without(&house, &by).await?;
        let unlabelled = boxes::unlabelled(&house, &by).await?;
        Ok::<_, ShelfError>((filled, pager, [nowhere, boxless, unlabelled], all))
    };
    match read.await {
        Ok((filled, pager, [nowhere, boxless, unlabelled], all)) => page::ok(ListPage {
            base: format!("/c/{c}/shelves"),
            find: all.cabinets.len() > FIND_FROM,
            filled,
            pager,
            list,
            nowhere,
            boxless,
            moves: all.to_move(),
            left_over: all.plan.without_place(),
            unlabelled,
            may_set: by.has(Permission::ArchiveSet),
            may_file: by.has(Permission::ArchiveFile),
            frame: frame.titled("shelves-title"),
        }),
        Err(e) => refused(frame, &e),
    }
}

struct Row {
    number: i64,
    layer: Layer,
    boxes: Vec<ArchiveBox>,
}

#[derive(Template)]
#[template(path = "shelves/cabinet.html")]
struct CabinetPage {
    frame: Frame,
    base: String,
    id: Id,
    rows: Vec<Row>,
    may_file: bool,
}

/// One cabinet, layer by layer from the top.
pub async fn cabinet(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let (cabinet, found) = match standing::inside(&house, &by, id).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let rows = (1..=cabinet.layers).map(|number| {
        let here = |b: &&ArchiveBox| b.spot.is_some_and(|s| s.layer == number);
        let boxes: Vec<ArchiveBox> = found.iter().filter(here).cloned().collect();
        let used = boxes.iter().map(|b| b.spine).sum();
        Row {
            number,
            layer: Layer {
                used,
                free: cabinet.width - used,
                ..Layer::default()
            },
            boxes,
        }
    });
    page::ok(CabinetPage {
        base: format!("/c/{c}/shelves"),
        id,
        rows: rows.collect(),
        may_file: by.has(Permission::ArchiveFile),
        frame: frame.named(cabinet.name),
    })
}

/// What was typed or scanned into the field: a label's code, else a room's.
pub async fn scan(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let typed = query.value("code");
    let base = format!("/c/{c}/shelves");
    match audit::scan(&house, &by, typed).await {
        Ok((one, false)) => return onward::to(&format!("{base}/boxes/{}", one.id)),
        Ok((one, true)) => {
            let text = frame.one("shelves-scan-void", "box", words::named(&one));
            let path = format!("{base}/boxes/{}", one.id);
            return onward::telling(&path, Flash::overdue(text));
        }
        Err(ShelfError::NotFound) => {}
        Err(e) => return refused(frame, &e),
    }
    let by_room = async {
        let room = roster::find_room(&house, by.community, typed).await?;
        let Some(room) = room else { return Ok(None) };
        let Some(dossier) = listing::of_room(&house, &by, room.id).await? else {
            return Ok(None);
        };
        let found = boxes::of_dossier(&house, &by, dossier).await?;
        Ok::<_, ShelfError>(found.first().map(|b| b.id))
    };
    match by_room.await {
        Ok(Some(id)) => onward::to(&format!("{base}/boxes/{id}")),
        Ok(None) => {
            let text = frame.t("shelves-scan-unknown").into_owned();
            onward::telling(&base, Flash::overdue(text))
        }
        Err(e) => refused(frame, &e),
    }
}
