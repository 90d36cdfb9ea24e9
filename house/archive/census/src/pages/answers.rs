//! What households said and is not merged yet: the list, and one with before and after beside
//! each other, each difference to be decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::household::stage_tag;
use super::{By, refused, words};
use crate::CensusError;
use crate::answer::{self, Becomes, Difference, Stage};
use crate::confirm::{self, Look};
use crate::home::What;
use crate::task::Method;
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Form, Frame, ListQuery, Tag, onward};
use permissions::actor::Actor;

struct Row {
    href: String,
    code: String,
    at: String,
    by: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "census/answers.html")]
struct AnswersPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    waiting: u32,
    next: String,
    may_visit: bool,
}

fn by_word(method: Method, name: &str, frame: &Frame) -> String {
    let method_word = frame.t(words::method_word(method.word()));
    if name.is_empty() {
        method_word.into_owned()
    } else {
        format!("{method_word} · {name}")
    }
}

/// The list.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let stage = Stage::from_word(list.value("state")).unwrap_or(Stage::Waiting);
    let after = list
        .value("after")
        .split_once('.')
        .and_then(|(at, id)| Some((Moment(at.parse().ok()?), id.parse::<Id>().ok()?)));
    let read = async {
        let page = answer::page(&house, &by, stage, after).await?;
        Ok::<_, CensusError>((page, answer::waiting(&house, by.community).await?))
    };
    let ((found, more), waiting) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/census");
    let last = found.last().filter(|_| more);
    page::ok(AnswersPage {
        next: last.map_or(String::new(), |a| {
            list.href("after", &format!("{}.{}", a.at.0, a.id))
        }),
        rows: found
            .iter()
            .map(|a| Row {
                href: format!("{base}/answers/{}", a.id),
                code: a.code.clone(),
                at: frame.stamp(a.at.0),
                by: by_word(a.method, &a.sent_name, &frame),
                state: stage_tag(a.state),
            })
            .collect(),
        chips: [Stage::Conflict, Stage::Counted, Stage::Dropped]
            .map(|s| Chip {
                name: "state",
                value: s.word().into(),
                text: frame.t(stage_tag(s).word).into_owned(),
                ..Chip::default()
            })
            .into(),
        waiting,
        may_visit: by.has(permissions::Permission::CensusVisit),
        base,
        list,
        frame: frame.titled("census-answers"),
    })
}

struct Shown {
    key: String,
    label: String,
    was: String,
    becomes: String,
    conflict: bool,
    /// What to think of before it is taken over, or empty.
    note: String,
    take: bool,
    leave: bool,
}

#[derive(Template)]
#[template(path = "census/answer.html")]
struct AnswerPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    home: String,
    by: String,
    at: String,
    state: Tag,
    open: bool,
    rows: Vec<Shown>,
    settled: String,
}

fn label(look: &Look, d: &Difference, frame: &Frame) -> String {
    let what = match (d.what, &d.becomes) {
        (Some(What::Use), _) => "census-q-use",
        (Some(What::Here), _) => "census-q-here",
        (Some(What::Name), _) => "census-q-name",
        (Some(What::Phone), _) => "census-q-phone",
        (Some(What::Emergency), _) => "census-q-emergency",
        (Some(What::Plate), _) | (None, Becomes::PlateNew(_)) => "census-q-plate",
        (None, Becomes::Joined(_)) => "census-q-new",
        (None, _) => "census-q-strange",
    };
    let whose = look.home.member_of(&d.key).map_or(String::new(), |m| {
        format!("{}　{}　", frame.t(words::tie_word(m.tie)), m.name)
    });
    format!("{whose}{}", frame.t(what))
}

fn shown(look: &Look, d: &Difference, form: &Form, frame: &Frame) -> Shown {
    let t = |key: &str| frame.t(key).into_owned();
    let (becomes, note) = match &d.becomes {
        Becomes::Usage(to) => (words::use_word(to).map_or(String::new(), &t), String::new()),
        Becomes::MovedOut { .. } => (t("census-gone"), String::new()),
        Becomes::Sold { .. } => (t("census-sold"), t("census-sold-note")),
        Becomes::Name { to, .. } | Becomes::Emergency { to, .. } => (to.clone(), String::new()),
        Becomes::Phone { to, .. } => (frame.phone(to), String::new()),
        Becomes::PlateGone(_) => (t("census-gone-plate"), String::new()),
        Becomes::PlateNew(plate) => (plate.clone(), String::new()),
        Becomes::Joined(new) => {
            let tie = roster::Tie::from_word(&new.tie)
                .map_or(String::new(), |tie| t(words::tie_word(tie)));
            let parts = [tie, new.name.clone(), frame.phone(&new.phone)];
            let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            let note = if new.owns() {
                t("census-sold-note")
            } else if new.child {
                t("census-child-consented")
            } else {
                String::new()
            };
            (parts.join("　"), note)
        }
        Becomes::Nothing => (t("census-as-known"), t("census-conflict-same")),
    };
    let was = match d.what {
        Some(What::Use) => words::use_word(&look.home.usage.known).map_or(String::new(), t),
        _ => d.was.clone(),
    };
    let name = format!("d-{}", d.key);
    Shown {
        label: label(look, d, frame),
        was,
        becomes,
        conflict: d.conflict,
        note,
        take: form.has(&name, "take"),
        leave: form.has(&name, "leave"),
        key: d.key.clone(),
    }
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let look = match confirm::look(house, by, id).await {
        Ok(look) => look,
        Err(e) => return refused(frame, &e),
    };
    let a = &look.answer;
    page::html(
        status,
        AnswerPage {
            own: format!("/c/{c}/census/answers/{id}"),
            back: format!("/c/{c}/census/answers"),
            home: format!("/c/{c}/census/homes/{}", a.task),
            by: by_word(a.method, &a.sent_name, &frame),
            at: frame.stamp(a.at.0),
            state: stage_tag(a.state),
            open: a.state.is_open(),
            rows: look
                .differences
                .iter()
                .map(|d| shown(&look, d, &form, &frame))
                .collect(),
            settled: a.settled_at.map_or(String::new(), |at| {
                format!("{} {}", frame.stamp(at.0), a.settled_name)
            }),
            form,
            frame: frame.named(a.code.clone()),
        },
    )
}

/// One of them.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, StatusCode::OK, frame, Form::default()).await
}

/// Each difference decided.
pub async fn confirm(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let decided: BTreeMap<String, bool> = form
        .all("k")
        .filter_map(|key| match form.value(&format!("d-{key}")) {
            "take" => Some((key.to_owned(), true)),
            "leave" => Some((key.to_owned(), false)),
            _ => None,
        })
        .collect();
    match confirm::confirm(&house, &by, id, &decided).await {
        Ok(Some(transfer)) => onward::done(
            &format!("/c/{c}/transfers/{transfer}"),
            frame.t("census-did-propose"),
        ),
        Ok(None) => onward::done(
            &format!("/c/{c}/census/answers"),
            frame.t("census-did-confirm"),
        ),
        Err(e @ (CensusError::Undecided | CensusError::Changed)) => {
            if let Some(sentence) = words::refusal(&e, &frame) {
                form.fault_of_all(sentence);
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// It is put aside.
pub async fn drop(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match confirm::drop(&house, &by, id).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/census/answers"),
            frame.t("census-did-drop"),
        ),
        Err(e) => refused(frame, &e),
    }
}
