//! One entry: written, looked at as owners see it, put in force, taken back.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::entry::{
    ANSWER_CHARS_MAX, Body, Entry, Live, PHRASING_CHARS_MAX, PHRASINGS_MAX, Source, State,
    TITLE_CHARS_MAX, Whom, filled,
};
use crate::markdown::{self, Block};
use crate::{AssistantError, base, editing, publishing};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tag, key, onward};
use permissions::Permission;
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "assistant/edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    /// Empty for a new one.
    topic: String,
    state: Option<Tag>,
    why: &'static str,
    row: i64,
    preview: Vec<Block>,
    open: String,
    whom: Vec<Choice>,
    live: Vec<Choice>,
    sources: Vec<Choice>,
    may_undo: bool,
    may_publish: bool,
    confirms: bool,
    may_withdraw: bool,
}

fn form_of(body: &Body, row: i64) -> Form {
    let mut form = Form::filled([
        ("title", body.title.clone()),
        ("answer", body.answer.clone()),
        ("whom", body.whom.word().to_owned()),
        ("buildings", body.buildings.join(" ")),
        ("live", body.live.word().to_owned()),
        ("valid_from", body.valid_from.clone()),
        ("valid_to", body.valid_to.clone()),
        ("source", body.source.word().to_owned()),
        ("source_ref", body.source_ref.clone()),
        ("row", row.to_string()),
    ]);
    form.set("phrasings", &body.phrasings.join("\n"));
    if body.risk {
        form.set("risk", "yes");
    }
    form
}

/// What was typed; faults are noted in the form.
fn body_of(form: &mut Form) -> Option<Body> {
    let title = form
        .field("title", "assistant-field-title")
        .text(1..=TITLE_CHARS_MAX);
    let answer = form
        .field("answer", "assistant-field-answer")
        .text(1..=ANSWER_CHARS_MAX);
    let most = PHRASINGS_MAX * (PHRASING_CHARS_MAX + 1);
    let phrasings = form
        .field("phrasings", "assistant-field-phrasings")
        .text(1..=most);
    let whom = Whom::from_word(form.value("whom")).unwrap_or_default();
    let live = Live::from_word(form.value("live")).unwrap_or_default();
    let source = Source::from_word(form.value("source")).unwrap_or_default();
    let buildings = form
        .value("buildings")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let text = |name| form.value(name).to_owned();
    let (valid_from, valid_to, source_ref) =
        (text("valid_from"), text("valid_to"), text("source_ref"));
    let risk = form.has("risk", "yes");
    let lines = phrasings?;
    let lines = lines.lines().map(str::trim).filter(|l| !l.is_empty());
    let body = Body {
        title: title?,
        phrasings: lines.map(str::to_owned).collect(),
        answer: answer?,
        whom,
        buildings,
        live,
        risk,
        valid_from,
        valid_to,
        source,
        source_ref,
    };
    if let Err(e @ AssistantError::Body(field)) = body.check()
        && let Some(sentence) = words::refusal(&e)
    {
        form.fault(field, sentence);
        return None;
    }
    Some(body)
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    entry: Option<&Entry>,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let (_, fills) = match base::head(house, by.community).await {
        Ok(head) => head,
        Err(e) => return refused(frame, &e),
    };
    let typed = Body {
        answer: form.value("answer").to_owned(),
        ..Body::default()
    };
    let root = format!("/c/{c}/assistant");
    let own = entry.map_or(root.clone(), |e| format!("{root}/{}", e.id));
    let state = entry.map(|e| e.state);
    let publishes = by.has(Permission::AssistantPublish);
    let choice = |word: &str, text: &'static str| Choice::new(word, frame.t(text));
    page::html(
        status,
        EditPage {
            topic: entry.map_or(String::new(), |e| e.topic.clone()),
            state: state.map(words::state_tag),
            why: match entry.map(|e| e.why.as_str()) {
                Some("source") => key("assistant-why-source"),
                Some("day") => key("assistant-why-day"),
                _ => "",
            },
            row: entry.map_or(0, |e| e.row_version),
            preview: markdown::blocks(&filled(&typed.answer, &fills)),
            open: typed.open_places(&fills).join("、"),
            whom: Whom::ALL
                .iter()
                .map(|w| choice(w.word(), words::whom_word(*w)))
                .collect(),
            live: Live::ALL
                .iter()
                .map(|l| choice(l.word(), words::live_word(*l)))
                .collect(),
            sources: Source::ALL
                .iter()
                .map(|s| choice(s.word(), words::source_word(*s)))
                .collect(),
            may_undo: entry.is_some_and(|e| e.version > 1),
            may_publish: publishes && state.is_some_and(|s| s != State::Published),
            confirms: state == Some(State::Expired),
            may_withdraw: publishes
                && state.is_some_and(|s| matches!(s, State::Published | State::Expired)),
            base: root,
            own,
            frame: match entry {
                Some(e) => {
                    let title = frame.in_script(&e.body.title);
                    frame.named(title)
                }
                None => frame.titled("assistant-new"),
            },
            form,
        },
    )
}

pub async fn new(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let form = form_of(&Body::default(), 0);
    draw(&house, &by, &c, None, frame, form, StatusCode::OK).await
}

pub async fn begin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let topic = form.field("topic", "assistant-field-topic").text(1..=40);
    let (Some(body), Some(topic)) = (body_of(&mut form), topic) else {
        return draw(&house, &by, &c, None, frame, form, bad).await;
    };
    match editing::begin(&house, &by, &topic, body).await {
        Ok(id) => onward::done(
            &format!("/c/{c}/assistant/{id}"),
            frame.t("assistant-did-save"),
        ),
        Err(e @ (AssistantError::Body("topic") | AssistantError::TopicTaken)) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault("topic", sentence);
            }
            draw(&house, &by, &c, None, frame, form, bad).await
        }
        Err(e) => refused(frame, &e),
    }
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match editing::one(&house, &by, id).await {
        Ok(entry) => {
            let form = form_of(&entry.body, entry.row_version);
            draw(&house, &by, &c, Some(&entry), frame, form, StatusCode::OK).await
        }
        Err(e) => refused(frame, &e),
    }
}

fn row_of(form: &Form) -> i64 {
    form.value("row").parse().unwrap_or(0)
}

pub async fn save(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let entry = match editing::one(&house, &by, id).await {
        Ok(entry) => entry,
        Err(e) => return refused(frame, &e),
    };
    let Some(body) = body_of(&mut form) else {
        let bad = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&house, &by, &c, Some(&entry), frame, form, bad).await;
    };
    let saved = editing::save(&house, &by, id, row_of(&form), body).await;
    told(&c, id, frame, saved, key("assistant-did-save"))
}

fn told(
    c: &str,
    id: Id,
    frame: Frame,
    done: Result<(), AssistantError>,
    word: &'static str,
) -> Response {
    match done {
        Ok(()) => onward::done(&format!("/c/{c}/assistant/{id}"), frame.t(word)),
        Err(e) => refused(frame, &e),
    }
}

pub async fn undo(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = editing::undo(&house, &by, id, row_of(&form)).await;
    told(&c, id, frame, done, key("assistant-did-undo"))
}

pub async fn publish(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = publishing::publish(&house, &by, id, row_of(&form)).await;
    told(&c, id, frame, done, key("assistant-did-publish"))
}

pub async fn withdraw(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = publishing::withdraw(&house, &by, id, row_of(&form)).await;
    told(&c, id, frame, done, key("assistant-did-withdraw"))
}
