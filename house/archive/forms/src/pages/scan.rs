//! The signed paper's scan, handed in for its form.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::attach::{self, Paper};
use crate::{FormsError, fill};
use dossiers::pages::upload;
use dossiers::{ArchiveError, SIGNED_CHARS_MAX, intake};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Flash, Form, Frame, key, onward, say};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "forms/scan.html")]
struct ScanPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    number: String,
    edition: i64,
    checkers: Vec<Choice>,
    loose: Vec<Choice>,
    accept: &'static str,
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
        let filled = fill::one(house, by, id).await?;
        let checkers = intake::checkers(house, by).await?;
        let loose = attach::loose(house, by, &filled).await?;
        Ok::<_, FormsError>((filled, checkers, loose))
    };
    let (filled, checkers, loose) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let checkers: Vec<Choice> = checkers
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect();
    if form.value("checker").is_empty()
        && let Some(first) = checkers.first()
    {
        form.set("checker", &first.value);
    }
    let loose = loose
        .into_iter()
        .map(|d| Choice::new(d.id.to_string(), format!("{} {}", d.label(), d.title)))
        .collect();
    page::html(
        status,
        ScanPage {
            own: format!("/c/{c}/forms/{id}"),
            back: format!("/c/{c}/forms/{id}"),
            number: filled.label(),
            edition: filled.edition,
            checkers,
            loose,
            accept: upload::ACCEPT,
            form,
            frame: frame.titled("forms-scan-title"),
        },
    )
}

/// The form.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let mut form = Form::default();
    form.set("paper", "yes");
    form.set("day", &house.now().date().to_string());
    draw(&house, &by, &c, id, StatusCode::OK, frame, form).await
}

fn said(form: &mut Form, title: String) -> Option<Paper> {
    let day = form.field("day", key("forms-f-signed-on")).date();
    let signed_by = form
        .field("signed", key("archive-field-signed"))
        .text(1..=SIGNED_CHARS_MAX);
    let checker = form
        .field("checker", key("archive-field-checker"))
        .read(|text| text.parse::<Id>().map_err(|_| say("error-choose")));
    Some(Paper {
        title,
        day: Some(day?.to_string()),
        signed_by: signed_by?,
        note: form.value("note").to_owned(),
        paper: form.has("paper", "yes"),
        place: form.value("place").to_owned(),
        checker: checker?,
    })
}

/// Takes it.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let mut form = Form::default();
    let files = match upload::read(&mut body, &mut form).await {
        Ok(files) => files,
        Err(e) => return not_taken(&house, &by, &c, id, frame, form, &e.into()).await,
    };
    let filled = match fill::one(&house, &by, id).await {
        Ok(filled) => filled,
        Err(e) => return refused(frame, &e),
    };
    let name = frame.t(words::title(filled.kind)).into_owned();
    let title = format!("{} {}", name.trim_matches(['《', '》']), filled.label());
    let Some(paper) = said(&mut form, title) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        form.fault("file", say("archive-file-again"));
        return draw(&house, &by, &c, id, status, frame, form).await;
    };
    // Whoever hangs up does not stop it halfway, scan and form apart: it is a task of its own.
    let (own, who) = (house.clone(), by.clone());
    let task = tokio::spawn(async move { attach::attach(&own, &who, id, paper, files).await });
    let done = match task.await {
        Ok(done) => done,
        Err(e) => Err(ArchiveError::from(std::io::Error::other(e)).into()),
    };
    match done {
        Ok(document) => {
            let scan = format!("/c/{c}/files/documents/{document}");
            let told =
                Flash::done(frame.t("forms-did-sign")).and_link(scan, frame.t("forms-see-scan"));
            onward::telling(&format!("/c/{c}/forms/{id}"), told)
        }
        Err(e) => not_taken(&house, &by, &c, id, frame, form, &e).await,
    }
}

async fn not_taken(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    frame: Frame,
    mut form: Form,
    error: &FormsError,
) -> Response {
    let field = match error {
        FormsError::Archive(ArchiveError::Checker | ArchiveError::OwnDocument) => "checker",
        FormsError::Archive(ArchiveError::Words) => "note",
        FormsError::Archive(_) => "file",
        other => return refused(frame, other),
    };
    let status = super::status(error);
    match words::refusal(error, &frame) {
        Some(sentence) => {
            form.fault(field, sentence);
            draw(house, by, c, id, status, frame, form).await
        }
        None => refused(frame, error),
    }
}

/// The scan is in the archive already.
pub async fn tie(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(document) = form.value("document").parse::<Id>() else {
        return refused(frame, &FormsError::Document);
    };
    match attach::tie(&house, &by, id, document).await {
        Ok(()) => onward::done(&format!("/c/{c}/forms/{id}"), frame.t("forms-did-sign")),
        Err(e) => refused(frame, &e),
    }
}
