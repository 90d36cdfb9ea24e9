//! Paper: the sheet that goes from door to door, and the poster for the lobby. Printed
//! from the page; the poster's code leads to the notice.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{By, refused, words};
use crate::coverage::{self, Household, Reach};
use crate::{NoticeError, draft};
use accounts::Site;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Frame, ListQuery};
use qrcode::QrCode;
use qrcode::render::svg;

struct Door {
    code: String,
    told: bool,
}

#[derive(Template)]
#[template(path = "notices/sheet.html")]
struct SheetPage {
    frame: Frame,
    title: String,
    building: String,
    taken: String,
    doors: Vec<Door>,
}

/// The households that do not know yet, with a line to sign for each.
pub async fn sheet(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let building = query.value("building").to_owned();
    let read = async {
        let n = draft::one(&house, &by, id).await?;
        let doors = coverage::sheet(&house, &by, &n, &building).await?;
        Ok::<_, NoticeError>((n, doors))
    };
    match read.await {
        Ok((n, doors)) => page::ok(SheetPage {
            title: n.title,
            taken: frame.stamp(house.now().0),
            building,
            doors: doors.into_iter().map(door).collect(),
            frame: frame.titled("notices-sheet"),
        }),
        Err(e) => refused(frame, &e),
    }
}

fn door(h: Household) -> Door {
    Door {
        told: h.reach >= Reach::Delivered,
        code: h.code,
    }
}

/// The same list for a spreadsheet. A code that begins with a sign that spreadsheets
/// calculate with is kept from being one.
pub async fn csv(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let building = query.value("building").to_owned();
    let read = async {
        let n = draft::one(&house, &by, id).await?;
        coverage::sheet(&house, &by, &n, &building).await
    };
    let doors = match read.await {
        Ok(doors) => doors,
        Err(e) => return refused(frame, &e),
    };
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let head = [
        frame.t("notices-field-room"),
        frame.t("notices-field-state"),
        frame.t("notices-field-failed"),
    ];
    let mut written = out.write_record(head.iter().map(|h| h.as_ref()));
    for h in doors {
        let state = if h.reach >= Reach::Delivered {
            frame.t("notices-part-told")
        } else {
            frame.t("notices-part-unreached")
        };
        let code = if h.code.starts_with(['=', '+', '-', '@', '\t']) {
            format!("'{}", h.code)
        } else {
            h.code
        };
        let failed = words::ways(&frame, &h.failed);
        written = written.and_then(|()| out.write_record([&code, state.as_ref(), &failed]));
    }
    let bytes = match written.map_err(std::io::Error::other) {
        Ok(()) => out.into_inner().unwrap_or_default(),
        Err(e) => return refused(frame, &NoticeError::File(e)),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"households.csv\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (headers, bytes).into_response()
}

#[derive(Template)]
#[template(path = "notices/poster.html")]
struct PosterPage {
    frame: Frame,
    class: page::Tag,
    paragraphs: Vec<String>,
    qr: String,
    published: String,
    asks: bool,
}

/// The notice as a poster.
pub async fn poster(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    let n = match draft::one(&house, &by, id).await {
        Ok(n) => n,
        Err(e) => return refused(frame, &e),
    };
    let link = site.link(&format!("/c/{c}/my/notices/{id}"));
    let qr = QrCode::new(link.as_bytes()).map_or(String::new(), |code| {
        code.render::<svg::Color<'_>>()
            .min_dimensions(180, 180)
            .build()
    });
    page::ok(PosterPage {
        class: words::class_tag(n.class),
        paragraphs: words::paragraphs(&n.body),
        published: n.published_at.map_or(String::new(), |m| frame.day(m.0)),
        asks: n.asks,
        qr,
        frame: frame.named(n.title),
    })
}
