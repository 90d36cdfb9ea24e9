//! Ended tenures: which wait to be sealed and why, which are, and opening one for a purpose.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use dossiers::number;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Choice, Form, Frame, Line, ListQuery, Pager, Tag, onward};
use permissions::Permission;
use permissions::actor::Actor;

use super::{By, refused, words};
use crate::ChangesError;
use crate::sealing::{self, DAYS_MAX, PURPOSES, Seal, Tenure};

struct Row {
    href: String,
    code: String,
    number: String,
    ended: String,
    waits: String,
    due: String,
}

#[derive(Template)]
#[template(path = "changes/seals.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    back: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    waiting: bool,
    pager: Pager,
}

fn waits(frame: &Frame, t: &Tenure) -> String {
    let words: Vec<String> = t
        .waits
        .iter()
        .map(|w| frame.t(words::wait_word(w)).into_owned())
        .collect();
    frame.join(&words).into_owned()
}

fn mark(t: &Tenure) -> String {
    let key: String = t.sort_key.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}_{key}", t.dossier)
}

fn spot(text: &str) -> Option<(Vec<u8>, Id)> {
    let (id, key) = text.split_once('_')?;
    let key = (0..key.len() / 2).map(|i| u8::from_str_radix(key.get(2 * i..2 * i + 2)?, 16).ok());
    Some((key.collect::<Option<Vec<u8>>>()?, id.parse().ok()?))
}

/// Those that wait, or are sealed, or open.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let seal = Seal::from_word(list.value("state")).unwrap_or(Seal::Waiting);
    let after = spot(list.value("after"));
    let read = async {
        let (found, more) = sealing::page(&house, &by, seal, after).await?;
        Ok::<_, ChangesError>((found, more, sealing::count(&house, &by, seal).await?))
    };
    let (found, more, total) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let last = found.last().filter(|_| more).map(mark);
    let rows: Vec<Row> = found
        .iter()
        .map(|t| Row {
            href: format!("/c/{c}/seals/{}", t.dossier),
            code: t.code.clone(),
            number: number::said(&t.number, frame.words.lang()),
            ended: t.ended.clone(),
            waits: waits(&frame, t),
            due: t.due.clone(),
        })
        .collect();
    let chips = [Seal::Sealed, Seal::Opened].map(|s| Chip {
        name: "state",
        value: s.word().into(),
        text: frame.t(words::seal_tag(s).word).into_owned(),
        ..Chip::default()
    });
    page::ok(ListPage {
        pager: Pager {
            total: total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after: last,
        },
        waiting: seal == Seal::Waiting,
        rows,
        chips: chips.into(),
        back: format!("/c/{c}/changes"),
        list,
        frame: frame.titled("seals-title"),
    })
}

#[derive(Template)]
#[template(path = "changes/seal.html")]
struct ShowPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    state: Tag,
    lines: Vec<Line>,
    purposes: Vec<Choice>,
    may_open: bool,
    may_seal: bool,
    days: i64,
    file: String,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    (frame, form): (Frame, Form),
) -> Response {
    let (t, why) = match sealing::one(house, by, id).await {
        Ok(found) => found,
        Err(e) => return refused(frame, &e),
    };
    let mut lines = vec![
        Line::new(
            frame.t("archive-field-number"),
            number::said(&t.number, frame.words.lang()),
        ),
        Line::new(frame.t("archive-field-ended"), t.ended.clone()),
    ];
    if !t.waits.is_empty() {
        lines.push(Line::new(frame.t("seals-field-waits"), waits(&frame, &t)));
    }
    if t.owed > 0 && t.seal == Seal::Waiting {
        lines.push(Line::new(frame.t("seals-field-owed"), frame.money(t.owed)));
        lines.push(Line::new(frame.t("seals-field-due"), t.due.clone()));
    }
    if let Some(at) = t.sealed_at {
        lines.push(Line::new(frame.t("seals-field-sealed"), frame.stamp(at.0)));
    }
    if let Some(until) = t.opened_until {
        lines.push(Line::new(
            frame.t("seals-field-purpose"),
            frame.t(words::purpose_word(&t.purpose)),
        ));
        lines.push(Line::new(frame.t("seals-field-why"), why));
        lines.push(Line::new(
            frame.t("seals-field-until"),
            frame.stamp(until.0),
        ));
    }
    let may = by.has(Permission::ArchiveUnseal);
    page::html(
        status,
        ShowPage {
            own: format!("/c/{c}/seals/{id}"),
            back: format!("/c/{c}/seals"),
            state: words::seal_tag(t.seal),
            lines,
            purposes: PURPOSES
                .map(|p| Choice::new(p, frame.t(words::purpose_word(p))))
                .into(),
            may_open: may && t.seal == Seal::Sealed,
            may_seal: may && t.seal != Seal::Sealed,
            days: DAYS_MAX,
            file: if t.seal == Seal::Sealed {
                String::new()
            } else {
                format!("/c/{c}/files/{id}")
            },
            form,
            frame: frame.named(t.code),
        },
    )
}

/// One.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let form = Form::default();
    draw(&house, &by, &c, id, StatusCode::OK, (frame, form)).await
}

/// It is opened for a purpose.
pub async fn open(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let days = form.value("days").trim().parse().unwrap_or(0);
    let (purpose, why) = (
        form.value("purpose").to_owned(),
        form.value("why").to_owned(),
    );
    match sealing::unseal(&house, &by, id, &purpose, &why, days).await {
        Ok(()) => onward::done(&format!("/c/{c}/seals/{id}"), frame.t("seals-did-open")),
        Err(e @ (ChangesError::Reason | ChangesError::Days(_))) => {
            let field = match e {
                ChangesError::Days(_) => "days",
                _ if PURPOSES.contains(&purpose.as_str()) => "why",
                _ => "purpose",
            };
            if let Some(sentence) = words::refusal(&e, &frame) {
                form.fault(field, sentence);
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, (frame, form)).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// It is sealed by hand.
pub async fn seal(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match sealing::seal_now(&house, &by, id).await {
        Ok(()) => onward::done(&format!("/c/{c}/seals/{id}"), frame.t("seals-did-seal")),
        Err(e) => refused(frame, &e),
    }
}
