//! What the scanner wrote, to be handed in one by one.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused};
use crate::scanner::{self, LISTED_MAX};
use crate::{ArchiveError, listing};
use foundation::house::House;
use foundation::page::{self, Flash, Frame, ListQuery, Tone, onward, problem, say};

struct Row {
    name: String,
    size: String,
    at: i64,
    room: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "archive/scanner.html")]
struct ScannerPage {
    frame: Frame,
    base: String,
    rows: Vec<Row>,
    named: bool,
    gone: bool,
    full: bool,
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=999_999 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// The folder's files.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let (scans, gone) = match scanner::list(&house, &by).await {
        Ok(scans) => (scans, false),
        Err(ArchiveError::Io(e)) => {
            tracing::warn!(error = %e, "the scanner's folder cannot be read");
            (Some(Vec::new()), true)
        }
        Err(e) => return refused(frame, &e),
    };
    let named = scans.is_some();
    let rows: Vec<Row> = scans
        .unwrap_or_default()
        .into_iter()
        .map(|scan| Row {
            size: size(scan.bytes),
            at: scan.at.0,
            room: scan.room.unwrap_or_default(),
            kind: scan.kind.map_or("", crate::Kind::letter),
            name: scan.name,
        })
        .collect();
    page::ok(ScannerPage {
        base: format!("/c/{c}/files"),
        full: rows.len() == LISTED_MAX,
        rows,
        named,
        gone,
        frame: frame.titled("archive-scanner-title"),
    })
}

/// From a scan and a room to the form of that room's dossier.
pub async fn choose(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let typed = query.value("room");
    let found = async {
        let room = roster::find_room(&house, by.community, typed).await?;
        match room {
            Some(room) => listing::of_room(&house, &by, room.id).await,
            None => Ok(None),
        }
    };
    match found.await {
        Ok(Some(dossier)) => {
            let mut next = ListQuery::parse(&format!("/c/{c}/files/{dossier}/new"), "");
            for name in ["kind", "scan"] {
                let at = next.href(name, query.value(name));
                let (path, rest) = at.split_once('?').unwrap_or((&at, ""));
                next = ListQuery::parse(path, rest);
            }
            onward::to(&next.href("", ""))
        }
        Ok(None) if typed.is_empty() => problem::page_saying(
            frame,
            StatusCode::UNPROCESSABLE_ENTITY,
            &say("archive-scanner-room"),
        ),
        Ok(None) => {
            let told = frame
                .one("archive-scanner-none", "room", typed)
                .into_owned();
            let path = format!("/c/{c}/files/scanner");
            onward::telling(&path, Flash::overdue(told))
        }
        Err(e) => refused(frame, &e),
    }
}
