//! What missed, and how the assistant did.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::figures::{DAYS, Figures};
use crate::work::{self, Off};
use crate::{AssistantError, figures, raised};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, key, onward};

struct Asked {
    id: String,
    text: String,
    at: i64,
    /// 0 where nobody waits.
    waits: i64,
    ticket: String,
    down: bool,
}

struct Group {
    asked: Vec<Asked>,
    /// What a phrasing would say: the newest question.
    phrasing: String,
    near: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "assistant/work.html")]
struct WorkPage {
    frame: Frame,
    here: String,
    base: String,
    groups: Vec<Group>,
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let found = match work::list(&house, &by).await {
        Ok(found) => found,
        Err(e) => return refused(frame, &e),
    };
    let groups = found
        .into_iter()
        .map(|g| Group {
            phrasing: g.questions[0].1.clone(),
            asked: g
                .questions
                .into_iter()
                .map(|(q, text)| Asked {
                    id: q.id.to_string(),
                    text,
                    at: q.at.0,
                    waits: q
                        .waiting_since
                        .filter(|_| q.met_at.is_none())
                        .map_or(0, |at| at.0),
                    ticket: q.ticket,
                    down: q.down,
                })
                .collect(),
            near: g
                .near
                .into_iter()
                .map(|(id, title)| (id.to_string(), frame.in_script(&title)))
                .collect(),
        })
        .collect();
    page::ok(WorkPage {
        here: format!("/c/{c}/assistant-work"),
        base: format!("/c/{c}/assistant"),
        groups,
        frame: frame.titled("assistant-work"),
    })
}

/// Adopts a phrasing, or sets aside.
pub async fn off(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let ids: Vec<Id> = form.all("ids").filter_map(|id| id.parse().ok()).collect();
    let (what, told) = match form.value("entry").parse::<Id>() {
        Ok(entry) => {
            let phrasing = form.value("phrasing").to_owned();
            (Off::Adopt { entry, phrasing }, key("assistant-did-adopt"))
        }
        Err(_) if form.value("act") == "aside" => (Off::Aside, key("assistant-did-aside")),
        Err(_) => return refused(frame, &AssistantError::NotFound),
    };
    match work::off(&house, &by, ids, what).await {
        Ok(()) => onward::done(&format!("/c/{c}/assistant-work"), frame.t(told)),
        Err(e) => refused(frame, &e),
    }
}

/// A message of the group is taken up.
pub async fn raise(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, message)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match raised::raise(&house, &by, message).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/assistant-work"),
            frame.t("assistant-did-raise"),
        ),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "assistant/figures.html")]
struct FiguresPage {
    frame: Frame,
    base: String,
    f: Figures,
    hit1: String,
    days: i64,
}

pub async fn figures(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match figures::figures(&house, &by).await {
        Ok(f) => page::ok(FiguresPage {
            base: format!("/c/{c}/assistant"),
            hit1: format!("{}.{} %", f.hit1_per_mille / 10, f.hit1_per_mille % 10),
            f,
            days: DAYS,
            frame: frame.titled("assistant-figures"),
        }),
        Err(e) => refused(frame, &e),
    }
}
