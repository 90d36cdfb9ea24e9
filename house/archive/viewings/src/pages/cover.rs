//! Covering what is of others, before a person looks at their own file. Whoever covers holds
//! the paper from its box in hand: no page is shown for it, because nobody granted a look.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::stamping::BANDS;
use crate::{ViewingError, listing, own};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, onward};

#[derive(Template)]
#[template(path = "viewings/cover.html")]
struct CoverPage {
    frame: Frame,
    form: Form,
    own: String,
    documents: Vec<Choice>,
    bands: Vec<u32>,
}

/// The form: a document, a page, and which twentieths of its height.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let story = listing::story(&house, &by, id).await?;
        if story.viewing.way != crate::Way::Own {
            return Err(ViewingError::NotFound);
        }
        listing::reach(&house, &by, &story).await
    };
    let documents = match read.await {
        Ok(documents) => documents,
        Err(e) => return refused(frame, &e),
    };
    page::ok(CoverPage {
        own: format!("/c/{c}/viewings/{id}"),
        documents: documents
            .iter()
            .map(|d| {
                let pages = frame.one("viewings-pages", "count", d.pages);
                Choice::new(
                    d.id.to_string(),
                    format!("{} {} · {pages}", d.label(), d.title),
                )
            })
            .collect(),
        bands: (1..=BANDS).collect(),
        form: Form::filled([("page", "1")]),
        frame: frame.titled("viewings-cover"),
    })
}

/// Bands of a page are covered.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(document) = form.value("document").parse::<Id>() else {
        return refused(frame, &ViewingError::Document);
    };
    let page = form.value("page").parse().unwrap_or(0);
    let bands = form
        .all("bands")
        .filter_map(|band| band.parse::<u32>().ok())
        .filter(|band| (1..=BANDS).contains(band))
        .fold(0i64, |set, band| set | 1 << (band - 1));
    match own::cover(&house, &by, id, document, page, bands).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/viewings/{id}/cover"),
            frame.t("viewings-did-cover"),
        ),
        Err(e) => refused(frame, &e),
    }
}
