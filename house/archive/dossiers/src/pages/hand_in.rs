//! Handing a paper in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, upload, words};
use crate::document::Draft;
use crate::kind::Kind;
use crate::scanner;
use crate::{ArchiveError, SIGNED_CHARS_MAX, TITLE_CHARS_MAX, intake, listing};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Flash, Form, Frame, ListQuery, Tone, key, onward, say};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "archive/hand_in.html")]
struct HandInPage {
    frame: Frame,
    form: Form,
    back: String,
    code: String,
    kinds: Vec<Choice>,
    checkers: Vec<Choice>,
    accept: &'static str,
    replaces: String,
    scan: String,
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
        let inside = listing::inside(house, by, id).await?;
        let checkers = intake::checkers(house, by).await?;
        Ok::<_, ArchiveError>((inside, checkers))
    };
    let (inside, checkers) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let shown: Vec<Choice> = checkers
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect();
    if form.value("checker").is_empty()
        && let Some(first) = shown.first()
    {
        form.set("checker", &first.value);
    }
    let replaces = form.value("replaces").to_owned();
    let earlier = inside
        .documents
        .iter()
        .find(|d| d.id.to_string() == replaces);
    let kinds = Kind::ALL
        .into_iter()
        .filter(|kind| earlier.is_none_or(|d| d.kind == *kind))
        .map(|kind| {
            let text = format!("{} {}", kind.letter(), frame.t(kind.word()));
            Choice::new(kind.letter(), text)
        })
        .collect();
    let code = inside.shown.dossier.code;
    page::html(
        status,
        HandInPage {
            back: format!("/c/{c}/files/{id}"),
            replaces: earlier.map_or(String::new(), |d| format!("{} {}", d.label(), d.title)),
            scan: form.value("scan").to_owned(),
            code,
            kinds,
            checkers: shown,
            accept: upload::ACCEPT,
            form,
            frame: frame.titled("archive-hand-in-title"),
        },
    )
}

/// The form.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let mut form = Form::default();
    form.set("paper", "yes");
    for name in ["kind", "replaces", "scan"] {
        form.set(name, query.value(name));
    }
    // The usual title of a kind is its own name.
    if let Some(kind) = Kind::from_letter(query.value("kind")) {
        let name = frame.t(kind.word()).into_owned();
        let name = name.replace("》《", "、").replace(['《', '》'], "");
        form.set("title", &name);
    }
    draw(&house, &by, &c, id, StatusCode::OK, frame, form).await
}

fn draft(form: &mut Form) -> Option<Draft> {
    let letters = Kind::ALL.map(Kind::letter);
    let kind = form
        .field("kind", key("archive-field-kind"))
        .choice(&letters)
        .and_then(Kind::from_letter);
    let title = form
        .field("title", key("archive-field-title"))
        .text(1..=TITLE_CHARS_MAX);
    let day = if form.value("day").is_empty() {
        Some(None)
    } else {
        let day = form.field("day", key("archive-field-day")).date();
        day.map(|day| Some(day.to_string()))
    };
    let signed_by = form
        .field("signed", key("archive-field-signed"))
        .text(0..=SIGNED_CHARS_MAX);
    let checker = form
        .field("checker", key("archive-field-checker"))
        .read(|text| text.parse::<Id>().map_err(|_| say("error-choose")));
    Some(Draft {
        kind: kind?,
        title: title?,
        day: day?,
        signed_by: signed_by?,
        note: form.value("note").to_owned(),
        paper: form.has("paper", "yes"),
        place: form.value("place").to_owned(),
        checker: checker?,
        replaces: form.value("replaces").parse().ok(),
    })
}

/// Which field a refusal belongs to, so that it is said beside it.
fn field_of(error: &ArchiveError) -> &'static str {
    use ArchiveError as E;
    match error {
        E::Title => "title",
        E::Words => "note",
        E::Checker | E::OwnDocument => "checker",
        E::File(_) | E::NoFile | E::Mixed => "file",
        _ => "",
    }
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
    let mut files = match upload::read(&mut body, &mut form).await {
        Ok(files) => files,
        Err(e) => return not_taken(&house, &by, &c, id, frame, form, &e).await,
    };
    let scan = form.value("scan").to_owned();
    let scanned = files.is_empty() && !scan.is_empty();
    if scanned {
        match scanner::take(&house, &by, &scan).await {
            Ok(file) => files.push(file),
            Err(e) => {
                form.forget("scan");
                return not_taken(&house, &by, &c, id, frame, form, &e).await;
            }
        }
    }
    let Some(draft) = draft(&mut form) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if !scanned {
            form.fault("file", say("archive-file-again"));
        }
        return draw(&house, &by, &c, id, status, frame, form).await;
    };
    // Whoever hangs up does not stop it halfway: it is a task of its own.
    let (own, who, name) = (house.clone(), by.clone(), scan.clone());
    let task = tokio::spawn(async move {
        let document = intake::hand_in(&own, &who, id, draft, files).await?;
        let stays = match scanned {
            true => scanner::remove(&own, &who, &name).await.err(),
            false => None,
        };
        Ok::<_, ArchiveError>((document, stays))
    });
    let done = match task.await {
        Ok(done) => done,
        Err(e) => Err(std::io::Error::other(e).into()),
    };
    match done {
        Ok((document, stays)) => {
            let mut told = Flash::done(frame.t("archive-did-hand-in"));
            if let Some(e) = stays {
                tracing::warn!(error = %e, "a scan stays in its folder");
                told = Flash::overdue(frame.one("archive-scanner-stays", "name", scan));
            }
            let path = format!("/c/{c}/files/documents/{document}");
            onward::telling(&path, told)
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
    error: &ArchiveError,
) -> Response {
    let status = super::status(error);
    match words::refusal(error) {
        Some(sentence) if status != StatusCode::NOT_FOUND => {
            form.fault(field_of(error), sentence);
            draw(house, by, c, id, status, frame, form).await
        }
        _ => refused(frame, error),
    }
}
