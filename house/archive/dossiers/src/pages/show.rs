//! The page of one dossier: what lies in it, kind by kind, and what it lacks.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, list, refused, words};
use crate::document::{Document, State};
use crate::dossier::Life;
use crate::kind::Kind;
use crate::{listing, number};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Frame, Line, Tag, Tone};
use permissions::Permission;

struct Paper {
    href: String,
    label: String,
    title: String,
    day: String,
    pages: i64,
    state: Tag,
    quiet: bool,
}

struct Shelf {
    letter: &'static str,
    name: String,
    missing: bool,
    papers: Vec<Paper>,
    new: String,
}

struct Tenure {
    href: String,
    number: String,
    term: String,
}

#[derive(Template)]
#[template(path = "archive/show.html")]
struct ShowPage {
    frame: Frame,
    base: String,
    room: String,
    forms: String,
    changes: String,
    transfer: String,
    /// Where a look into it is asked for.
    view: String,
    may_view: bool,
    number: String,
    state: Tag,
    lines: Vec<Line>,
    shelves: Vec<Shelf>,
    others: Vec<Tenure>,
    may_file: bool,
    closed: bool,
    /// Documents that are sealed with the tenure's end.
    sealed: i64,
}

fn paper(c: &str, now: foundation::clock::Moment, d: &Document) -> Paper {
    Paper {
        href: format!("/c/{c}/files/documents/{}", d.id),
        label: d.label(),
        title: d.title.clone(),
        day: d.day.clone().unwrap_or_default(),
        pages: d.confirmed.unwrap_or(d.pages),
        state: words::state_tag(d, now),
        quiet: matches!(
            d.state,
            State::Replaced | State::Withdrawn | State::Lost | State::Shredded
        ),
    }
}

/// One dossier.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let inside = match listing::inside(&house, &by, id).await {
        Ok(inside) => inside,
        Err(e) => return refused(frame, &e),
    };
    let d = inside.shown.dossier;
    let (now, may_file) = (house.now(), by.has(Permission::ArchiveFile));
    let shelves = Kind::ALL
        .into_iter()
        .map(|kind| Shelf {
            letter: kind.letter(),
            name: frame.t(kind.word()).into_owned(),
            missing: d.missing.has(kind) && d.life == Life::Open,
            papers: inside
                .documents
                .iter()
                .filter(|one| one.kind == kind)
                .map(|one| paper(&c, now, one))
                .collect(),
            new: format!("/c/{c}/files/{id}/new?kind={}", kind.letter()),
        })
        .collect();
    let or_dash = |text: Option<String>| text.unwrap_or_default();
    let said = |number: &str| number::said(number, frame.words.lang());
    let mut lines = vec![
        Line::new(frame.t("archive-field-room"), d.code.clone()),
        Line::new(frame.t("archive-field-number"), said(&d.number)),
        Line::new(
            frame.t("archive-field-owners"),
            frame.join(&inside.shown.owners),
        ),
        Line::new(frame.t("archive-field-began"), or_dash(d.began.clone())),
        Line::new(frame.t("archive-field-documents"), frame.count(d.documents)),
        Line::new(frame.t("archive-field-pages"), frame.count(d.pages)),
    ];
    if let Some(ended) = &d.ended {
        lines.push(Line::new(frame.t("archive-field-ended"), ended.clone()));
    }
    let others = inside
        .others
        .into_iter()
        .map(|o| Tenure {
            href: format!("/c/{c}/files/{}", o.id),
            term: format!("{} – {}", or_dash(o.began), or_dash(o.ended)),
            number: said(&o.number),
        })
        .collect();
    page::ok(ShowPage {
        base: format!("/c/{c}/files"),
        room: format!("/c/{c}/rooms/{}", d.room),
        forms: format!("/c/{c}/forms-of/{id}"),
        changes: format!("/c/{c}/changes/of/{id}"),
        transfer: format!("/c/{c}/transfers?room={}", d.code),
        view: format!("/c/{c}/viewings/new?dossier={id}"),
        may_view: by.has(Permission::ViewingAsk),
        state: list::completeness(&d),
        lines,
        shelves,
        others,
        may_file,
        closed: d.life == Life::Closed,
        sealed: i64::try_from(inside.sealed).unwrap_or(0),
        number: said(&d.number),
        frame: frame.named(d.code),
    })
}
