//! A dossier's forms, and beginning another.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::list::Row;
use super::{By, refused, words};
use crate::fields::Definition;
use crate::{FormsError, fill, listing};
use dossiers::{Kind, number};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Tone, key, onward};
use permissions::Permission;

/// A kind with its forms.
struct Shelf {
    letter: &'static str,
    title: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "forms/of_dossier.html")]
struct DossierPage {
    frame: Frame,
    own: String,
    back: String,
    number: String,
    dossier: String,
    handover: String,
    shelves: Vec<Shelf>,
    may_begin: bool,
    closed: bool,
}

/// All of them, by kind.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let forms = listing::of_dossier(&house, &by, dossier).await?;
        Ok::<_, FormsError>((fill::head(&house, by.community, dossier).await?, forms))
    };
    let (head, forms) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let shelves = Definition::KINDS.into_iter().map(|kind| Shelf {
        letter: kind.letter(),
        title: frame.t(words::title(kind)).into_owned(),
        rows: forms
            .iter()
            .filter(|f| f.kind == kind)
            .map(|f| Row::of(&c, f, &frame))
            .collect(),
    });
    page::ok(DossierPage {
        shelves: shelves.collect(),
        own: format!("/c/{c}/forms-of/{dossier}"),
        back: format!("/c/{c}/forms"),
        dossier: format!("/c/{c}/files/{dossier}"),
        handover: format!("/c/{c}/handover/{dossier}"),
        may_begin: by.has(Permission::ArchiveFile) && head.open,
        closed: !head.open,
        number: number::said(&head.number, frame.words.lang()),
        frame: frame.named(head.code),
    })
}

/// Begins one.
pub async fn begin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let letters = Definition::KINDS.map(Kind::letter);
    let kind = form
        .field("kind", key("archive-field-kind"))
        .choice(&letters)
        .and_then(Kind::from_letter);
    let Some(kind) = kind else {
        return page::problem::page(frame, StatusCode::UNPROCESSABLE_ENTITY);
    };
    match fill::begin(&house, &by, dossier, kind, &frame.words).await {
        Ok(id) => onward::to(&format!("/c/{c}/forms/{id}/edit")),
        Err(e) => refused(frame, &e),
    }
}
