//! 《業主檔案目錄表》 on the screen, page by page, and as a file.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{By, list, refused};
use crate::catalog::{self, Shape, Wording};
use crate::dossier::Life;
use crate::listing::{self, Filter, Show, Sort};
use crate::{ArchiveError, number};
use foundation::house::House;
use foundation::page::{self, Chip, Direction, Form, Frame, Lang, ListQuery, Pager};
use permissions::Permission;

struct Row {
    href: String,
    room: String,
    number: String,
    owners: Vec<String>,
    began: String,
    pages: i64,
    note: String,
}

#[derive(Template)]
#[template(path = "archive/catalog.html")]
struct CatalogPage {
    frame: Frame,
    list: ListQuery,
    buildings: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    base: String,
    building: String,
    may_take: bool,
}

/// On the screen; names masked.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let building = list.value("building").to_owned();
    let (by_column, way) = list.sort(&["room", "began", "pages"]);
    let filter = Filter {
        show: Show::Shelf,
        building: building.clone(),
        sort: match by_column {
            "began" => Sort::Began,
            "pages" => Sort::Pages,
            _ => Sort::Shelf,
        },
        backwards: way == Direction::Down,
        ..Filter::default()
    };
    let read = async {
        let after = list::spot(&list);
        let (found, more) = listing::page(&house, &by, &filter, after.as_ref()).await?;
        let total = listing::count(&house, &by, &filter).await?;
        let buildings = roster::buildings(&house, by.community).await?;
        Ok::<_, ArchiveError>((found, more, total, buildings))
    };
    let (found, more, total, buildings) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let after = found
        .last()
        .filter(|_| more)
        .map(|s| list::mark(&s.dossier));
    let ended = frame.t("archive-catalog-ended");
    let rows: Vec<Row> = found
        .into_iter()
        .map(|shown| {
            let d = shown.dossier;
            Row {
                href: format!("/c/{c}/files/{}", d.id),
                note: match (d.life, &d.ended) {
                    (Life::Closed, Some(day)) => format!("{ended} {day}"),
                    _ => String::new(),
                },
                room: d.code,
                number: number::said(&d.number, frame.words.lang()),
                owners: shown.owners,
                began: d.began.unwrap_or_default(),
                pages: d.pages,
            }
        })
        .collect();
    page::ok(CatalogPage {
        pager: Pager {
            total: total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after,
        },
        buildings: list::building_chips(buildings),
        rows,
        base: format!("/c/{c}/files"),
        building,
        may_take: by.has(Permission::ExportRun),
        list,
        frame: frame.titled("archive-catalog-title"),
    })
}

fn lang(frame: &Frame) -> paper::Lang {
    match frame.words.lang() {
        Lang::ZhHant => paper::Lang::Traditional,
        Lang::ZhHans => paper::Lang::Simplified,
        Lang::En => paper::Lang::English,
    }
}

/// As a file, with the names in clear.
pub async fn take(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    form: Form,
) -> Response {
    let shape = if form.has("shape", "pdf") {
        Shape::Pdf
    } else {
        Shape::Xlsx
    };
    let compound = frame.compound.as_ref();
    let wording = Wording {
        compound: compound.map_or(String::new(), |c| c.name.clone()),
        about: frame
            .one("archive-catalog-about", "day", frame.day(house.now().0))
            .into_owned(),
        page: frame.t("archive-catalog-page").into_owned(),
        ended: frame.t("archive-catalog-ended").into_owned(),
        lang: lang(&frame),
        joint: if frame.words.lang() == Lang::En {
            ", "
        } else {
            "、"
        },
    };
    match catalog::take(&house, &by, form.value("building"), shape, wording).await {
        Ok(bytes) => {
            let (kind, name) = match shape {
                Shape::Pdf => ("application/pdf", "attachment; filename=\"catalog.pdf\""),
                Shape::Xlsx => (
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "attachment; filename=\"catalog.xlsx\"",
                ),
            };
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_DISPOSITION, name),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, bytes).into_response()
        }
        Err(e) => refused(frame, &e),
    }
}
