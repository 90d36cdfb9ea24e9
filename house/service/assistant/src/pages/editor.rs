//! One entry: written, looked at as owners see it, put in force, taken back.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::typed::{self, form_of};
use super::{By, refused, words};
use crate::base::{self, Head};
use crate::editing::{self, Version};
use crate::entry::{Body, Checked, Entry, Live, State, Whom, filled};
use crate::markdown::{self, Block};
use crate::{AssistantError, publishing};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tag, key, onward};
use permissions::Permission;
use permissions::actor::Actor;

/// A version on the list.
struct Written {
    version: i64,
    who: String,
    at: i64,
    in_force: bool,
    last: bool,
}

/// An entry that is there already.
struct There {
    topic: String,
    state: Tag,
    /// What was written last is not in force.
    ahead: bool,
    why: &'static str,
    row: i64,
    keeper: String,
    /// 0 where nobody did.
    confirmed: i64,
    versions: Vec<Written>,
    /// What the regression set says; none while it is still being asked.
    checked: Option<Checked>,
    looks: bool,
}

#[derive(Template)]
#[template(path = "assistant/edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    there: Option<There>,
    preview: Vec<Block>,
    open: String,
    whom: Vec<Choice>,
    live: Vec<Choice>,
    rests: Vec<Choice>,
    may_publish: bool,
    confirms: bool,
    may_withdraw: bool,
}

async fn there(house: &House, by: &Actor, e: &Entry) -> Result<There, AssistantError> {
    let office = accounts::staff::names(house, by.community).await?;
    let name = |id: Option<Id>| {
        let known = office.iter().find(|(one, _)| Some(*one) == id);
        known.map_or(String::new(), |(_, name)| name.clone())
    };
    let written = |v: Version| Written {
        version: v.version,
        who: name(v.by),
        at: v.at.0,
        in_force: v.version == e.in_force_version,
        last: v.version == e.version,
    };
    let versions = editing::versions(house, by, e.id).await?;
    Ok(There {
        topic: e.topic.clone(),
        state: words::state_tag(e.state),
        ahead: e.is_ahead(),
        why: match e.why.as_str() {
            "source" => key("assistant-why-source"),
            "day" => key("assistant-why-day"),
            _ => "",
        },
        row: e.row_version,
        keeper: name(e.keeper),
        confirmed: e.confirmed_at.map_or(0, |at| at.0),
        versions: versions.into_iter().map(written).collect(),
        checked: (e.checked.version == e.version).then(|| e.checked.clone()),
        looks: e.may_come(),
    })
}

/// What the page is drawn with beside the form.
struct Beside {
    head: Head,
    rests: Vec<Choice>,
    there: Option<There>,
}

async fn beside(
    house: &House,
    by: &Actor,
    frame: &Frame,
    form: &Form,
    entry: Option<&Entry>,
) -> Result<Beside, AssistantError> {
    Ok(Beside {
        head: base::head(house, by.community).await?,
        rests: typed::rests(house, by, frame, form.value("rests")).await?,
        there: match entry {
            Some(e) => Some(there(house, by, e).await?),
            None => None,
        },
    })
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
    let beside = match beside(house, by, &frame, &form, entry).await {
        Ok(beside) => beside,
        Err(e) => return refused(frame, &e),
    };
    let fills = &beside.head.fills;
    let typed = Body {
        answer: form.value("answer").to_owned(),
        ..Body::default()
    };
    // What an owner would hear, with the name of each place that is still to be filled.
    let mut said = fills.clone();
    for name in typed.open_places(fills) {
        let place = frame.one("assistant-place", "place", name.as_str());
        said.insert(name, format!("〔{place}〕"));
    }
    let root = format!("/c/{c}/assistant");
    let own = entry.map_or(root.clone(), |e| format!("{root}/{}", e.id));
    let state = entry.map(|e| e.state);
    let publishes = by.has(Permission::AssistantPublish);
    let choice = |word: &str, text: &'static str| Choice::new(word, frame.t(text));
    page::html(
        status,
        EditPage {
            preview: markdown::blocks(&filled(&typed.answer, &said)),
            open: words::places(&frame, &typed.open_places(fills)),
            whom: Whom::ALL
                .iter()
                .map(|w| choice(w.word(), words::whom_word(*w)))
                .collect(),
            live: Live::ALL
                .iter()
                .map(|l| choice(l.word(), words::live_word(*l)))
                .collect(),
            rests: beside.rests,
            may_publish: publishes && entry.is_some_and(Entry::may_come),
            confirms: entry.is_some_and(|e| e.state == State::Expired && !e.is_ahead()),
            may_withdraw: publishes
                && state.is_some_and(|s| matches!(s, State::Published | State::Expired)),
            there: beside.there,
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

/// An empty form; a question of the work list may be its first phrasing.
pub async fn new(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let form = form_of(&Body::default());
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
    let body = match typed::body_of(&house, &by, &mut form).await {
        Ok(body) => body,
        Err(e) => return refused(frame, &e),
    };
    let (Some(body), Some(topic)) = (body, topic) else {
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
            let form = form_of(&entry.body);
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
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let entry = match editing::one(&house, &by, id).await {
        Ok(entry) => entry,
        Err(e) => return refused(frame, &e),
    };
    let body = match typed::body_of(&house, &by, &mut form).await {
        Ok(Some(body)) => body,
        Ok(None) => return draw(&house, &by, &c, Some(&entry), frame, form, bad).await,
        Err(e) => return refused(frame, &e),
    };
    match editing::save(&house, &by, id, row_of(&form), body).await {
        // What was typed stays; whoever sends again has seen that another was there.
        Err(e @ AssistantError::Changed) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault_of_all(sentence);
            }
            let conflict = StatusCode::CONFLICT;
            draw(&house, &by, &c, Some(&entry), frame, form, conflict).await
        }
        saved => told(&c, id, frame, saved, key("assistant-did-save")),
    }
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

/// Goes back to what a version said.
pub async fn go_back(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let to = form.value("version").parse().unwrap_or(0);
    let done = editing::go_back(&house, &by, id, row_of(&form), to).await;
    told(&c, id, frame, done, key("assistant-did-undo"))
}

/// Puts in force. What stands in the way is said above the entry, where it can be mended.
pub async fn publish(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = publishing::publish(&house, &by, id, row_of(&form)).await;
    let e = match done {
        Ok(()) => return told(&c, id, frame, done, key("assistant-did-publish")),
        Err(e) => e,
    };
    let mendable = matches!(
        e,
        AssistantError::Regression(_) | AssistantError::Open(_) | AssistantError::Body(_)
    );
    let entry = editing::one(&house, &by, id).await;
    let (true, Ok(entry), Some(sentence)) = (mendable, entry, words::refusal_on(&frame, &e)) else {
        return refused(frame, &e);
    };
    let mut form = form_of(&entry.body);
    form.fault_of_all(sentence);
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    draw(&house, &by, &c, Some(&entry), frame, form, bad).await
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
