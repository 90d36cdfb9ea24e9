//! The page of one document: what is said of it, and, until it is filed, its pages for those
//! two who may see them.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::document::{Document, State};
use crate::filing::{self, Amended};
use crate::{ArchiveError, listing, looking, number};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Tag, Tone, key, onward};
use permissions::Permission;
use permissions::actor::Actor;

/// Pages shown at once on the checker's page; each is fetched when it comes into sight.
const PAGES_SHOWN_MAX: i64 = 500;

#[derive(Template)]
#[template(path = "archive/document.html")]
struct DocumentPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    code: String,
    state: Tag,
    lines: Vec<Line>,
    noticed: Vec<String>,
    unseen: String,
    pages: Vec<String>,
    row_version: i64,
    waits: bool,
    counts: bool,
    may_back: bool,
    may_amend: bool,
    newer: String,
    checker: String,
    whys: Vec<Choice>,
}

fn lines(frame: &Frame, d: &Document, number: &str) -> Vec<Line> {
    let kind = format!("{} {}", d.kind.letter(), frame.t(d.kind.word()));
    let pages = match d.confirmed {
        Some(_) => frame.one("archive-pages-confirmed", "count", d.pages),
        None => frame.one("archive-pages-counted", "count", d.pages),
    };
    let paper = match (d.paper, d.place.is_empty()) {
        (false, _) => frame.t("archive-paper-none"),
        (true, true) => frame.t("archive-paper-here"),
        (true, false) => frame.one("archive-paper-in", "place", d.place.as_str()),
    };
    let mut lines = vec![
        Line::new(
            frame.t("archive-field-number"),
            format!("{number}-{}", d.label()),
        ),
        Line::new(frame.t("archive-field-kind"), kind),
        Line::new(
            frame.t("archive-field-day"),
            d.day.clone().unwrap_or_default(),
        ),
        Line::new(frame.t("archive-field-signed"), d.signed_by.clone()),
        Line::new(frame.t("archive-field-pages"), pages),
        Line::new(frame.t("archive-field-original"), paper),
        Line::new(
            frame.t("archive-field-retention"),
            frame.t(words::retention_word(&d.retention)),
        ),
        Line::new(frame.t("archive-field-taken"), {
            let at = frame.stamp(d.received_at.0);
            format!("{} · {at}", d.taken_name)
        }),
        Line::new(frame.t("archive-field-checker"), d.checker_name.clone()),
    ];
    if let Some(at) = d.filed_at {
        lines.push(Line::new(frame.t("archive-field-filed"), frame.stamp(at.0)));
    }
    if d.version > 1 {
        let version = frame.count(d.version);
        lines.push(Line::new(frame.t("archive-field-version"), version));
    }
    if !d.note.is_empty() {
        lines.push(Line::new(frame.t("archive-field-note"), d.note.clone()));
    }
    if !d.why.is_empty() {
        let why = frame.t(words::why_word(&d.why));
        lines.push(Line::new(frame.t("archive-field-why"), why));
    }
    lines
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    frame: Frame,
    mut form: Form,
) -> Response {
    let read = async {
        let d = filing::one(house, by, id).await?;
        let inside = listing::inside(house, by, d.dossier).await?;
        Ok::<_, ArchiveError>((d, inside.shown.dossier))
    };
    let (d, dossier) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let may_file = by.has(Permission::ArchiveFile);
    let mine = by.account.is_some_and(|account| d.open_to(account));
    let own = format!("/c/{c}/files/documents/{id}");
    if form.value("row").is_empty() {
        form.set("note", &d.note);
        form.set("signed", &d.signed_by);
        form.set("place", &d.place);
        form.set("paper", if d.paper { "yes" } else { "" });
    }
    let said = |word: &str| words::noticed_word(word).map(|key| frame.t(key).into_owned());
    let pages = if mine && may_file {
        let count = d.pages.min(PAGES_SHOWN_MAX);
        (1..=count).map(|n| format!("{own}/pages/{n}")).collect()
    } else {
        Vec::new()
    };
    let whys = filing::WHYS
        .map(|why| Choice::new(why, frame.t(words::why_word(why))))
        .into();
    let (kind, replaced) = (d.kind.letter(), d.id);
    page::html(
        status,
        DocumentPage {
            state: words::state_tag(&d, house.now()),
            lines: lines(
                &frame,
                &d,
                &number::said(&dossier.number, frame.words.lang()),
            ),
            noticed: d.noticed.split(' ').filter_map(said).collect(),
            unseen: d.unseen.replace(' ', "、"),
            pages,
            row_version: d.row_version,
            waits: d.state == State::Received,
            counts: may_file && d.state == State::Received && by.account == Some(d.checker),
            may_back: may_file && mine,
            may_amend: may_file && matches!(d.state, State::Received | State::Filed),
            newer: if may_file && d.state == State::Filed {
                format!(
                    "/c/{c}/files/{}/new?kind={kind}&replaces={replaced}",
                    d.dossier
                )
            } else {
                String::new()
            },
            checker: d.checker_name.clone(),
            whys,
            back: format!("/c/{c}/files/{}", d.dossier),
            code: dossier.code,
            own,
            form,
            frame: frame.named(d.title),
        },
    )
}

/// One document.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, StatusCode::OK, frame, Form::default()).await
}

fn row(form: &Form) -> i64 {
    form.value("row").parse().unwrap_or(0)
}

/// The checker counted the pages.
pub async fn file(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let counted = form
        .field("pages", key("archive-field-counted"))
        .number(1..=99_999);
    let Some(counted) = counted else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&house, &by, &c, id, status, frame, form).await;
    };
    match filing::file(&house, &by, id, row(&form), counted).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/files/documents/{id}"),
            frame.t("archive-did-file"),
        ),
        Err(e @ ArchiveError::Pages { .. }) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault("pages", sentence);
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// It is taken back.
pub async fn withdraw(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match filing::withdraw(&house, &by, id, row(&form), form.value("why")).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/files/documents/{id}"),
            frame.t("archive-did-withdraw"),
        ),
        Err(e) => refused(frame, &e),
    }
}

/// What is said of it changes.
pub async fn amend(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let new = Amended {
        note: form.value("note").to_owned(),
        signed_by: form.value("signed").to_owned(),
        paper: form.has("paper", "yes"),
        place: form.value("place").to_owned(),
    };
    match filing::amend(&house, &by, id, row(&form), new).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/files/documents/{id}"),
            frame.t("archive-did-amend"),
        ),
        Err(e @ ArchiveError::Words) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault("note", sentence);
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// The picture of a page; recorded before its bytes leave.
pub async fn page(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id, page)): Path<(String, Id, u32)>,
    frame: Frame,
) -> Response {
    match looking::page(&house, &by, id, page).await {
        Ok(jpeg) => page::jpeg(jpeg, "no-store"),
        Err(e) => refused(frame, &e),
    }
}
