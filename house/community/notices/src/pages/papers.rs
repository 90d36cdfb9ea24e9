//! Paper: the sheet that goes from door to door, and the poster for the lobby, as PDF and
//! as a page to print; the poster's code leads to the notice.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{By, refused, words};
use crate::coverage::{self, Household, Reach};
use crate::notice::Notice;
use crate::{NoticeError, draft};
use accounts::Site;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Frame, Lang, ListQuery, onward};
use permissions::actor::Actor;
use qrcode::QrCode;
use qrcode::render::svg;
use tokio::sync::Semaphore;

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

/// Draws a paper away from the server's own threads; a machine without a Chinese font
/// falls back to the page that the browser prints.
async fn drawn<F>(frame: Frame, name: &'static str, fallback: String, draw: F) -> Response
where
    F: FnOnce() -> Result<Vec<u8>, paper::PaperError> + Send + 'static,
{
    // One at a time: a list of thousands keeps a core busy for seconds.
    static DRAWING: Semaphore = Semaphore::const_new(1);
    let turn = DRAWING.acquire().await;
    let made = tokio::task::spawn_blocking(draw).await;
    drop(turn);
    match made {
        Ok(Ok(pdf)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("inline; filename=\"{name}.pdf\""),
                ),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, pdf).into_response()
        }
        Ok(Err(paper::PaperError::NoFont)) => onward::to(&fallback),
        Ok(Err(paper::PaperError::TooLong)) => refused(frame, &NoticeError::TooMany),
        Ok(Err(error)) => {
            tracing::error!(%error, "a paper could not be drawn");
            page::problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(error) => {
            tracing::error!(%error, "a paper was not finished");
            page::problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// The notice and the households that do not know yet, of one building or of all.
async fn doors(
    house: &House,
    by: &Actor,
    id: Id,
    building: &str,
) -> Result<(Notice, Vec<Household>), NoticeError> {
    let n = draft::one(house, by, id).await?;
    let doors = coverage::sheet(house, by, &n, building).await?;
    Ok((n, doors))
}

fn code(text: &str) -> String {
    QrCode::new(text.as_bytes()).map_or(String::new(), |code| {
        code.render::<svg::Color<'_>>()
            .min_dimensions(180, 180)
            .build()
    })
}

/// The same code as modules, for paper.
fn modules(text: &str) -> paper::Modules {
    QrCode::new(text.as_bytes())
        .ok()
        .and_then(|code| {
            let dark = code
                .to_colors()
                .into_iter()
                .map(|c| c == qrcode::Color::Dark);
            paper::Modules::new(dark.collect())
        })
        .unwrap_or_default()
}

/// The reader's language, as paper knows it.
fn lang(frame: &Frame) -> paper::Lang {
    match frame.words.lang() {
        Lang::ZhHant => paper::Lang::Traditional,
        Lang::ZhHans => paper::Lang::Simplified,
        Lang::En => paper::Lang::English,
    }
}

fn compound(frame: &Frame) -> String {
    frame
        .compound
        .as_ref()
        .map_or(String::new(), |c| c.name.clone())
}

/// The list for the doors as PDF.
pub async fn sheet_pdf(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    query: ListQuery,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    let building = query.value("building").to_owned();
    let (n, doors) = match doors(&house, &by, id, &building).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let told = frame.t("notices-part-told").into_owned();
    let unreached = frame.t("notices-part-unreached").into_owned();
    let count = frame.one("notices-sheet-count", "count", doors.len());
    let taken = frame.one("notices-sheet-taken", "at", frame.stamp(house.now().0));
    let mut about = vec![n.title, count.into_owned(), taken.into_owned()];
    if !building.is_empty() {
        about.insert(1, building);
    }
    let list = paper::DoorList {
        compound: compound(&frame),
        title: frame.t("notices-sheet").into_owned(),
        about: about.join(" · "),
        heads: [
            "notices-field-room",
            "notices-field-state",
            "notices-sheet-whom",
            "notices-sheet-time",
            "notices-sheet-sign",
        ]
        .map(|key| frame.t(key).into_owned())
        .into(),
        rows: doors
            .into_iter()
            .map(door)
            .map(|d| {
                vec![
                    d.code,
                    if d.told {
                        told.clone()
                    } else {
                        unreached.clone()
                    },
                ]
            })
            .collect(),
        page: frame.t("notices-sheet-page").into_owned(),
        qr: modules(&site.link(&format!("/c/{c}/notices/{id}/reach"))),
        lang: lang(&frame),
        ..paper::DoorList::default()
    };
    let fallback = query.href_at(&format!("/c/{c}/notices/{id}/sheet"));
    drawn(frame, "doors", fallback, move || paper::door_list(&list)).await
}

/// The notice as a poster, as PDF.
pub async fn poster_pdf(
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
    let mut foot = Vec::new();
    if n.asks {
        foot.push(frame.t("notices-poster-asks").into_owned());
    }
    if let Some(at) = n.published_at {
        foot.push(frame.day(at.0));
    }
    let poster = paper::Poster {
        compound: compound(&frame),
        class: frame.t(words::class_word(n.class)).into_owned(),
        grave: n.class == crate::Class::Emergency,
        title: n.title,
        paragraphs: words::paragraphs(&n.body),
        qr: modules(&site.link(&format!("/c/{c}/my/notices/{id}"))),
        scan: frame.t("notices-poster-scan").into_owned(),
        foot,
        lang: lang(&frame),
        made: None,
    };
    let fallback = format!("/c/{c}/notices/{id}/poster");
    drawn(frame, "poster", fallback, move || paper::poster(&poster)).await
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
    match doors(&house, &by, id, &building).await {
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
    let doors = match doors(&house, &by, id, query.value("building")).await {
        Ok((_, doors)) => doors,
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
        let code = sheets::harmless(&h.code);
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
    let qr = code(&link);
    page::ok(PosterPage {
        class: words::class_tag(n.class),
        paragraphs: words::paragraphs(&n.body),
        published: n.published_at.map_or(String::new(), |m| frame.day(m.0)),
        asks: n.asks,
        qr,
        frame: frame.named(n.title),
    })
}
