//! The member's notices: read, confirmed, asked about.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::questions::{self, QUESTION_CHARS_MAX, Question};
use crate::reading::{self, Mine};
use crate::{NoticeError, receipts};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, ListQuery, Tag, Tone, onward, say};
use permissions::actor::Actor;

struct Row {
    href: String,
    title: String,
    class: Tag,
    at: i64,
    /// Shown as new until it was opened.
    new: bool,
    /// Waits for the household's word.
    asks: bool,
    gone: bool,
}

#[derive(Template)]
#[template(path = "notices/mine.html")]
struct MinePage {
    frame: Frame,
    rows: Vec<Row>,
    next: String,
}

#[derive(Template)]
#[template(path = "notices/read.html")]
struct ReadPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    class: Tag,
    at: i64,
    author: String,
    paragraphs: Vec<String>,
    version: String,
    amended: bool,
    /// Why it no longer stands, or empty.
    gone: &'static str,
    words: String,
    asks: bool,
    done: bool,
    may_ask: bool,
    questions: Vec<Question>,
}

/// The list, the newest first.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    if by.is_staff() {
        // A link to a member's page that a colleague follows leads to the desk.
        return onward::to(&format!("/c/{c}/notices"));
    }
    let after = query.value("after").parse::<Id>().ok();
    match reading::list(&house, &by, after).await {
        Ok((mine, next)) => page::ok(MinePage {
            rows: mine.iter().map(|m| row(&frame, &c, m)).collect(),
            next: next.map_or(String::new(), |id| query.href("after", id.as_str())),
            frame: frame.titled("notices-title"),
        }),
        Err(e) => refused(frame, &e),
    }
}

fn row(frame: &Frame, c: &str, m: &Mine) -> Row {
    let n = &m.notice;
    Row {
        href: format!("/c/{c}/my/notices/{}", n.id),
        title: frame.in_script(&n.title),
        class: words::class_tag(n.class),
        at: n.published_at.unwrap_or(n.changed_at).0,
        new: !m.opened && n.state.stands(),
        asks: n.asks && !m.done && n.state.stands(),
        gone: !n.state.stands(),
    }
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let read = async {
        let mine = reading::open(house, by, id).await?;
        let questions = questions::of_notice(house, by, id).await?;
        Ok::<_, NoticeError>((mine, questions))
    };
    let (mine, questions) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let n = mine.notice;
    use crate::State;
    let gone = match n.state {
        State::Recalled => page::key("notices-gone-recalled"),
        State::Superseded => page::key("notices-gone-superseded"),
        State::Archived => page::key("notices-gone-archived"),
        _ => "",
    };
    page::html(
        status,
        ReadPage {
            base: format!("/c/{c}/my/notices"),
            own: format!("/c/{c}/my/notices/{id}"),
            class: words::class_tag(n.class),
            at: n.published_at.unwrap_or(n.changed_at).0,
            author: n.author_name,
            paragraphs: words::paragraphs(&frame.in_script(&n.body)),
            version: n.version.to_string(),
            amended: n.version > 1,
            gone,
            words: if n.state == State::Recalled {
                n.words
            } else {
                String::new()
            },
            asks: n.asks && n.state.stands(),
            done: mine.done,
            may_ask: n.state.stands(),
            questions,
            form,
            frame: {
                let title = frame.in_script(&n.title);
                frame.named(title)
            },
        },
    )
}

/// One notice; that it was opened is marked.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    if by.is_staff() {
        return onward::to(&format!("/c/{c}/notices/{id}"));
    }
    draw(&house, &by, &c, id, frame, Form::default(), StatusCode::OK).await
}

/// Confirms for the household.
pub async fn acknowledge(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match receipts::acknowledge(&house, &by, id).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/my/notices/{id}"),
            frame.t("notices-did-know"),
        ),
        Err(e) => refused(frame, &e),
    }
}

/// Asks under it.
pub async fn ask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let text = form
        .field("question", "notices-ask")
        .text(1..=QUESTION_CHARS_MAX);
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(text) = text else {
        return draw(&house, &by, &c, id, frame, form, bad).await;
    };
    match questions::ask(&house, &by, id, &text).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/my/notices/{id}"),
            frame.t("notices-did-ask"),
        ),
        Err(NoticeError::Blocked) => {
            form.fault("question", say("notices-refused-blocked"));
            draw(&house, &by, &c, id, frame, form, bad).await
        }
        Err(e) => refused(frame, &e),
    }
}
