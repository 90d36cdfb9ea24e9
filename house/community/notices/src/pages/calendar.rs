//! What the office begins from: the festivals that are coming, its own templates, and the
//! figures of last week or month.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::notice::Class;
use crate::summary::{Figures, Period};
use crate::templates::{self, Template as Kept};
use crate::{BODY_CHARS_MAX, NoticeError, TITLE_CHARS_MAX, festivals};
use almanac::Festival;
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tag, onward};
use permissions::actor::Actor;

struct Coming {
    day: i64,
    name: &'static str,
    festival: &'static str,
    iso: String,
    /// Its draft's page, or empty.
    href: String,
    state: Option<Tag>,
}

#[derive(Template)]
#[template(path = "notices/calendar.html")]
struct CalendarPage {
    frame: Frame,
    here: String,
    coming: Vec<Coming>,
}

/// The festivals of the coming year.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let found = match festivals::coming(&house, &by).await {
        Ok(found) => found,
        Err(e) => return refused(frame, &e),
    };
    let coming = found
        .into_iter()
        .map(|f| Coming {
            day: Moment::at_start_of(f.day).0,
            name: words::festival_word(f.festival),
            festival: f.festival.word(),
            iso: f.day.to_string(),
            href: f
                .notice
                .as_ref()
                .map_or(String::new(), |n| format!("/c/{c}/notices/{}", n.id)),
            state: f.notice.as_ref().map(|n| words::state_tag(n.state)),
        })
        .collect();
    page::ok(CalendarPage {
        here: format!("/c/{c}/notices-calendar"),
        coming,
        frame: frame.titled("notices-calendar"),
    })
}

/// Drafts a festival's greeting.
pub async fn greet(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let festival = Festival::from_word(form.value("festival"));
    let day = form.value("day").parse().ok();
    let (Some(festival), Some(day)) = (festival, day) else {
        return refused(frame, &NoticeError::NotFound);
    };
    match festivals::greet(&house, &by, festival, day).await {
        Ok(id) => onward::done(&format!("/c/{c}/notices/{id}"), frame.t("notices-did-keep")),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "notices/templates.html")]
struct TemplatesPage {
    frame: Frame,
    form: Form,
    here: String,
    new: String,
    kept: Vec<Kept>,
    classes: Vec<Choice>,
}

async fn draw_templates(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    match templates::list(house, by).await {
        Ok(kept) => page::html(
            status,
            TemplatesPage {
                here: format!("/c/{c}/notices-templates"),
                new: format!("/c/{c}/notices/new"),
                classes: [Class::Ordinary, Class::Important, Class::Greeting]
                    .map(|class| Choice::new(class.word(), frame.t(words::class_word(class))))
                    .into(),
                kept,
                form,
                frame: frame.titled("notices-templates"),
            },
        ),
        Err(e) => refused(frame, &e),
    }
}

/// The office's templates.
pub async fn templates(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let form = Form::filled([("class", Class::Ordinary.word())]);
    draw_templates(&house, &by, &c, frame, form, StatusCode::OK).await
}

/// Keeps a template, or throws one away.
pub async fn set_template(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let here = format!("/c/{c}/notices-templates");
    let told = |key: &'static str, frame: &Frame| onward::done(&here, frame.t(key));
    if let Ok(id) = form.value("drop").parse::<Id>() {
        return match templates::drop_one(&house, &by, id).await {
            Ok(()) => told(page::key("notices-did-drop"), &frame),
            Err(e) => refused(frame, &e),
        };
    }
    let name = form.field("name", "notices-template-name").text(1..=30);
    let words = Class::ALL.map(Class::word);
    let class = form.field("class", "notices-field-class").choice(&words);
    let title = form
        .field("title", "notices-field-title")
        .text(1..=TITLE_CHARS_MAX);
    let body = form
        .field("body", "notices-field-body")
        .text(1..=BODY_CHARS_MAX);
    let class = class.and_then(Class::from_word);
    let (Some(name), Some(class), Some(title), Some(body)) = (name, class, title, body) else {
        let bad = StatusCode::UNPROCESSABLE_ENTITY;
        return draw_templates(&house, &by, &c, frame, form, bad).await;
    };
    match templates::set(&house, &by, &name, class, &title, &body).await {
        Ok(()) => told(page::key("notices-did-template"), &frame),
        Err(e) => refused(frame, &e),
    }
}

/// Title and text of a summary, in the writer's language; what changed because of it is
/// for a person to add.
pub fn summary_text(frame: &Frame, period: Period, f: &Figures) -> (String, String) {
    let title = match period {
        Period::Week => page::key("notices-summary-week"),
        Period::Month => page::key("notices-summary-month"),
    };
    let from = frame.day(f.from.0);
    let to = frame.day(f.to.0 - 1);
    let title = frame
        .with(
            title,
            &[("from", from.as_str().into()), ("to", to.as_str().into())],
        )
        .into_owned();
    let mut lines = vec![
        frame
            .with(
                "notices-summary-talk",
                &[("said", f.said.into()), ("joined", f.joined.into())],
            )
            .into_owned(),
        frame
            .with(
                "notices-summary-asked",
                &[
                    ("asked", f.asked.into()),
                    ("answered", f.answered.into()),
                    ("open", f.open.into()),
                ],
            )
            .into_owned(),
    ];
    if let Some(ms) = f.median_ms {
        let within = frame.duration(ms);
        lines.push(
            frame
                .one("notices-summary-median", "within", within)
                .into_owned(),
        );
    }
    lines.push(
        frame
            .with(
                "notices-summary-desk",
                &[
                    ("tickets", f.tickets.into()),
                    ("resolved", f.resolved.into()),
                    ("confirmed", f.confirmed.into()),
                    ("silent", f.silent.into()),
                    ("undone", f.undone.into()),
                ],
            )
            .into_owned(),
    );
    lines.push(
        frame
            .with(
                "notices-summary-order",
                &[
                    ("reported", f.reported.into()),
                    ("struck", f.struck.into()),
                    ("reversed", f.reversed.into()),
                ],
            )
            .into_owned(),
    );
    lines.push(
        frame
            .with(
                "notices-summary-joining",
                &[
                    ("applied", f.applied.into()),
                    ("published", f.published.into()),
                ],
            )
            .into_owned(),
    );
    lines.push(frame.t("notices-summary-changed").into_owned());
    (title, lines.join("\n"))
}
