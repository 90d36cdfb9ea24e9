//! The owner's own contacts: seen in clear, changed, and what became of each change.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tag, key, onward, say};
use hanzi::numbers::Phone;
use permissions::actor::Actor;

use super::{By, refused, version, words};
use crate::ChangesError;
use crate::own::{self, Draft, FIELDS, Mine, TEXT_CHARS_MAX};

struct Row {
    what: &'static str,
    at: i64,
    source: &'static str,
    state: Tag,
    why: String,
}

#[derive(Template)]
#[template(path = "changes/mine.html")]
struct MinePage {
    frame: Frame,
    form: Form,
    own: String,
    home: String,
    phones: Vec<String>,
    ends: Vec<Choice>,
    rows: Vec<Row>,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    status: StatusCode,
    frame: Frame,
    form: Option<Form>,
) -> Response {
    let read = async {
        let mine = own::mine(house, by).await?;
        let mut rows = Vec::with_capacity(mine.changes.len());
        for r in &mine.changes {
            rows.push(Row {
                what: words::what_word(&r.field, &r.tie),
                at: r.at.0,
                source: words::source_word(&r.source),
                state: words::state_tag(r.state),
                why: own::why(house, by, r).await?,
            });
        }
        Ok::<_, ChangesError>((mine, rows))
    };
    let (mine, rows) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let form = form.unwrap_or_else(|| filled(&mine));
    page::html(
        status,
        MinePage {
            own: format!("/c/{c}/my/contact"),
            home: format!("/c/{c}"),
            phones: mine.phones.iter().map(|(_, n)| frame.phone(n)).collect(),
            ends: mine
                .phones
                .iter()
                .map(|(id, n)| Choice::new(id.to_string(), frame.phone(n)))
                .collect(),
            rows,
            form,
            frame: frame.titled("contact-title"),
        },
    )
}

fn filled(mine: &Mine) -> Form {
    let texts = FIELDS.iter().zip(&mine.texts);
    let texts = texts.map(|(name, text)| ((*name).to_owned(), text.clone()));
    Form::filled(texts.chain([("version".to_owned(), mine.version.to_string())]))
}

/// What the office has of oneself.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, StatusCode::OK, frame, None).await
}

/// One changes it.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let phone = form
        .field("phone", key("contact-phone-new"))
        .read_optional(|typed| Phone::parse(typed).map_err(|_| say("changes-open-phone")))
        .flatten();
    for name in FIELDS {
        if form.value(name).chars().count() > TEXT_CHARS_MAX {
            form.fault(name, say("contact-too-long").and("max", TEXT_CHARS_MAX));
        }
    }
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if form.failed() {
        return draw(&house, &by, &c, unprocessable, frame, Some(form)).await;
    }
    let text = |name: &str| Some(form.value(name).trim().to_owned());
    let draft = Draft {
        version: version(&form),
        phone,
        main: form.has("main", "yes"),
        ends: form
            .all("ends")
            .filter_map(|id| id.parse::<Id>().ok())
            .collect(),
        texts: FIELDS.map(text),
    };
    match own::change(&house, &by, draft).await {
        Ok(()) => onward::done(&format!("/c/{c}/my/contact"), frame.t("contact-did")),
        Err(e @ ChangesError::Missing(_)) => {
            if let Some(sentence) = words::refusal(&e, &frame) {
                form.fault("phone", sentence);
            }
            draw(&house, &by, &c, unprocessable, frame, Some(form)).await
        }
        Err(e) => refused(frame, &e),
    }
}
