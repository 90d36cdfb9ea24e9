//! One household: its form, what was tried, its answers, its earlier quarters.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::asked::{self, AskedHome};
use super::{By, refused, round, status, words};
use crate::answer::{self, Answer, Outcome, Stage};
use crate::link::{self, Made};
use crate::task::{Method, State, Task};
use crate::visit::{self, Attempt};
use crate::{CensusError, home, share, work};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Tag, onward};
use permissions::Permission;
use permissions::actor::Actor;

struct Said {
    href: String,
    at: String,
    by: String,
    state: Tag,
}

struct Past {
    quarter: String,
    state: Tag,
    late: bool,
    done: String,
}

#[derive(Template)]
#[template(path = "census/home.html")]
struct HomePage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    state: Tag,
    late: bool,
    lines: Vec<Line>,
    asked: Option<AskedHome>,
    tried: Vec<String>,
    hint: String,
    signs: Vec<Choice>,
    answers: Vec<Said>,
    past: Vec<Past>,
    visitors: Vec<Choice>,
    undone: bool,
    declined: bool,
    may_visit: bool,
    may_lead: bool,
}

struct Read {
    task: Task,
    known: Option<home::Home>,
    tried: Vec<Attempt>,
    answers: Vec<Answer>,
    past: Vec<Task>,
    made: Option<Made>,
    visitors: Vec<(Id, String)>,
}

async fn read(house: &House, by: &Actor, id: Id) -> Result<Read, CensusError> {
    let c = by.community;
    let task = work::one(house, by, id).await?;
    let open = task.state == State::Open && by.has(Permission::CensusVisit);
    Ok(Read {
        known: if open {
            Some(home::of(house, c, &task).await?)
        } else {
            None
        },
        tried: visit::attempts(house, by, id).await?,
        answers: answer::of_task(house, by, id).await?,
        past: work::quarters_of(house, by, &task).await?,
        made: link::of_task(house, by, id).await?,
        visitors: share::visitors(house, c).await?,
        task,
    })
}

pub fn stage_tag(stage: Stage) -> Tag {
    use foundation::page::{Tone, key};
    match stage {
        Stage::Waiting => Tag::new(Tone::Waiting, key("census-stage-waiting")),
        Stage::Conflict => Tag::new(Tone::Overdue, key("census-stage-conflict")),
        Stage::Counted => Tag::new(Tone::Done, key("census-stage-counted")),
        Stage::Dropped => Tag::new(Tone::Plain, key("census-stage-dropped")),
    }
}

fn lines(r: &Read, frame: &Frame) -> Vec<Line> {
    let t = &r.task;
    let signs: Vec<String> = t
        .signs
        .split_whitespace()
        .map(|s| frame.t(words::sign_word(s)).into_owned())
        .collect();
    let mut lines = vec![
        Line::new(frame.t("census-quarter"), t.quarter.word()),
        Line::new(frame.t("census-visitor"), t.assignee_name.clone()),
    ];
    if let Some(at) = t.done_at {
        let method = if t.method.is_empty() {
            String::new()
        } else {
            frame.t(words::method_word(&t.method)).into_owned()
        };
        let parts = [frame.stamp(at.0), method, t.done_name.clone()];
        let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        lines.push(Line::new(frame.t("census-done"), parts.join(" · ")));
    }
    if !signs.is_empty() {
        lines.push(Line::new(frame.t("census-signs"), frame.join(&signs)));
    }
    if t.changes > 0 {
        lines.push(Line::new(frame.t("census-changes"), t.changes.to_string()));
    }
    if let Some(made) = &r.made {
        let used = made.used_at.map(|at| {
            let at = frame.stamp(at.0);
            frame.one("census-link-used", "at", at).into_owned()
        });
        let until = frame.one("census-link-until", "day", frame.day(made.expires_at.0));
        let text = used.unwrap_or_else(|| until.into_owned());
        lines.push(Line::new(frame.t("census-link"), text));
    }
    lines
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    code: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let r = match read(house, by, id).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/census");
    let own = format!("{base}/homes/{id}");
    let over = |t: &Task| house.now() >= t.quarter.bounds().1;
    let untried: Vec<String> = visit::untried(&r.tried)
        .into_iter()
        .map(|p| frame.t(words::part_word(p)).into_owned())
        .collect();
    let answers = r.answers.iter().map(|a| Said {
        href: format!("{base}/answers/{}", a.id),
        at: frame.stamp(a.at.0),
        by: if a.method == Method::Household {
            frame.t("census-method-self").into_owned()
        } else {
            format!(
                "{} · {}",
                frame.t(words::method_word(a.method.word())),
                a.sent_name
            )
        },
        state: stage_tag(a.state),
    });
    let past = r.past.iter().filter(|t| t.id != id).map(|t| Past {
        quarter: t.quarter.word(),
        state: words::state_tag(t, over(t)),
        late: t.late,
        done: t.done_at.map_or(String::new(), |at| frame.day(at.0)),
    });
    page::html(
        code,
        HomePage {
            asked: r
                .known
                .as_ref()
                .map(|known| asked::home(house, &r.task, known, own.clone(), true, &form, &frame)),
            state: words::state_tag(&r.task, over(&r.task)),
            late: r.task.late,
            lines: lines(&r, &frame),
            tried: r
                .tried
                .iter()
                .map(|a| {
                    let part = a.part.map(|p| frame.t(words::part_word(p)).into_owned());
                    let parts = [
                        frame.stamp(a.at.0),
                        part.unwrap_or_default(),
                        a.by_name.clone(),
                    ];
                    parts.join(" · ")
                })
                .collect(),
            hint: if visit::enough(&r.tried) {
                frame.t("census-enough").into_owned()
            } else if r.tried.is_empty() {
                String::new()
            } else {
                let parts = frame.join(&untried).into_owned();
                frame.one("census-untried", "parts", parts).into_owned()
            },
            signs: round::signs(&frame),
            answers: answers.collect(),
            past: past.collect(),
            visitors: r
                .visitors
                .iter()
                .map(|(id, name)| Choice::new(id.to_string(), name))
                .collect(),
            undone: r.task.state == State::Open,
            declined: r.task.state == State::Refused,
            may_visit: by.has(Permission::CensusVisit),
            may_lead: by.has(Permission::CensusLead),
            base,
            own,
            form,
            frame: frame.named(r.task.code.clone()),
        },
    )
}

/// One household.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, StatusCode::OK, frame, Form::default()).await
}

/// Whether the round's script asks, which shows the outcome itself.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|a| a.contains("application/json"))
}

fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (status, headers, body.to_string()).into_response()
}

/// The script's answer to a refusal: the sentence, and whether to try again later.
fn told_refused(error: &CensusError, frame: &Frame) -> Response {
    let code = status(error);
    if code.is_server_error() {
        tracing::error!(%error, "the census could not take what a phone sent");
        return json(code, &serde_json::json!({ "again": true }));
    }
    let said = words::refusal(error, frame).map(|s| frame.say(&s).into_owned());
    let said = said.unwrap_or_else(|| frame.t("census-refused-gone").into_owned());
    json(code, &serde_json::json!({ "refused": said }))
}

fn said(outcome: Outcome, frame: &Frame) -> String {
    match outcome {
        Outcome::Counted => frame.t("census-did-count"),
        Outcome::Waiting(_) => frame.t("census-did-send"),
        Outcome::Conflict(_) => frame.t("census-did-conflict"),
    }
    .into_owned()
}

/// What was said there.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    mut form: Form,
) -> Response {
    let fields = asked::read(&form);
    let method = Method::from_word(form.value("method")).unwrap_or(Method::Visit);
    let sent = answer::send(&house, &by, id, form.value("sent_id"), method, &fields).await;
    if wants_json(&headers) {
        return match sent {
            Ok(outcome) => {
                let done = said(outcome, &frame);
                let counted = outcome == Outcome::Counted;
                json(
                    StatusCode::OK,
                    &serde_json::json!({ "done": done, "counted": counted }),
                )
            }
            Err(e) => told_refused(&e, &frame),
        };
    }
    match sent {
        Ok(Outcome::Counted) => onward::done(
            &format!("/c/{c}/census/homes/{id}"),
            frame.t("census-did-count"),
        ),
        Ok(outcome @ (Outcome::Waiting(answer) | Outcome::Conflict(answer))) => onward::done(
            &format!("/c/{c}/census/answers/{answer}"),
            said(outcome, &frame),
        ),
        Err(e) if asked::fault(&mut form, &e, &frame) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// The outcome of an act at the door, for the script or as the next page.
async fn acted(
    (house, by): (&House, &Actor),
    (c, id): (&str, Id),
    headers: &HeaderMap,
    frame: Frame,
    done: Result<String, CensusError>,
) -> Response {
    if wants_json(headers) {
        return match done {
            Ok(said) => json(
                StatusCode::OK,
                &serde_json::json!({ "done": said, "counted": true }),
            ),
            Err(e) => told_refused(&e, &frame),
        };
    }
    match done {
        Ok(said) => onward::done(&format!("/c/{c}/census/homes/{id}"), said),
        Err(e) => match words::refusal(&e, &frame).filter(|_| !status(&e).is_server_error()) {
            Some(sentence) => {
                let mut form = Form::default();
                form.fault_of_all(sentence);
                draw(house, by, c, id, status(&e), frame, form).await
            }
            None => refused(frame, &e),
        },
    }
}

/// Nobody was at home.
pub async fn away(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
) -> Response {
    let done = visit::away(&house, &by, id).await;
    let done = done.map(|n| frame.one("census-did-away", "count", n).into_owned());
    acted((&house, &by), (&c, id), &headers, frame, done).await
}

/// Nobody lives there.
pub async fn vacant(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    form: Form,
) -> Response {
    let signs: Vec<&str> = form.all("sign").collect();
    let done = visit::vacant(&house, &by, id, &signs).await;
    let done = done.map(|()| frame.t("census-did-vacant").into_owned());
    acted((&house, &by), (&c, id), &headers, frame, done).await
}

/// The household does not want to.
pub async fn refused_(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
) -> Response {
    let done = visit::refuse(&house, &by, id).await;
    let done = done.map(|()| frame.t("census-did-refuse").into_owned());
    acted((&house, &by), (&c, id), &headers, frame, done).await
}

/// It wants to after all.
pub async fn reopen(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
) -> Response {
    let done = visit::reopen(&house, &by, id).await;
    let done = done.map(|()| frame.t("census-did-reopen").into_owned());
    acted((&house, &by), (&c, id), &headers, frame, done).await
}

/// Somebody else visits.
pub async fn assign(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    form: Form,
) -> Response {
    let done = match form.value("account").parse() {
        Ok(account) => share::hand_over(&house, &by, id, account).await,
        Err(_) => Err(CensusError::Nobody),
    };
    let done = done.map(|()| frame.t("census-did-assign").into_owned());
    acted((&house, &by), (&c, id), &headers, frame, done).await
}
