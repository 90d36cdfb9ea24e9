//! What the office says in the places of the answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::editing::{self, FILL_CHARS_MAX};
use crate::starter::About;
use crate::{AssistantError, base};
use foundation::house::House;
use foundation::page::{self, Form, Frame, key, onward, say};
use permissions::actor::Actor;

/// What is asked about one thing.
struct Topic {
    /// Where the page leads to it.
    mark: String,
    title: &'static str,
    filled: u32,
    lines: Vec<Line>,
    open: bool,
}

impl Topic {
    fn done(&self) -> bool {
        self.filled as usize == self.lines.len()
    }
}

struct Line {
    name: String,
    field: String,
    entries: u32,
    filled: bool,
    fault: bool,
}

#[derive(Template)]
#[template(path = "assistant/places.html")]
struct PlacesPage {
    frame: Frame,
    form: Form,
    here: String,
    base: String,
    filled: u32,
    of: u32,
    /// Those with something to fill in first.
    topics: Vec<Topic>,
}

fn title(about: About) -> &'static str {
    match about {
        About::Office => key("assistant-about-office"),
        About::Fees => key("assistant-about-fees"),
        About::Repairs => key("assistant-about-repairs"),
        About::Renovation => key("assistant-about-renovation"),
        About::Access => key("assistant-about-access"),
        About::Parking => key("assistant-about-parking"),
        About::Safety => key("assistant-about-safety"),
        About::Environment => key("assistant-about-environment"),
        About::Group => key("assistant-about-group"),
        About::Archive => key("assistant-about-archive"),
        About::Owners => key("assistant-about-owners"),
        About::Services => key("assistant-about-services"),
        About::Own => key("assistant-about-own"),
    }
}

fn field(name: &str) -> String {
    format!("fill-{name}")
}

/// The places by what they are about; `saved` has the name, the value and how many answers wait.
fn topics(saved: Vec<(String, String, usize)>, form: &Form) -> Vec<Topic> {
    let mut topics: Vec<Topic> = About::ALL
        .into_iter()
        .map(|about| Topic {
            mark: format!("about-{}", about as usize),
            title: title(about),
            filled: 0,
            lines: Vec::new(),
            open: false,
        })
        .collect();
    for (name, value, entries) in saved {
        let topic = &mut topics[About::of(&name) as usize];
        topic.filled += u32::from(!value.is_empty());
        topic.lines.push(Line {
            field: field(&name),
            fault: form.error(&field(&name)).is_some(),
            name,
            filled: !value.is_empty(),
            entries: entries as u32,
        });
    }
    topics.retain(|t| !t.lines.is_empty());
    for topic in &mut topics {
        // What is open and most answers wait for comes first.
        topic
            .lines
            .sort_by_key(|l| (l.filled, std::cmp::Reverse(l.entries)));
        topic.open = !topic.done() || topic.lines.iter().any(|l| l.fault);
    }
    topics.sort_by_key(|t| !t.open);
    topics
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    typed: Option<Form>,
    status: StatusCode,
) -> Response {
    let places = match editing::places(house, by).await {
        Ok(places) => places,
        Err(e) => return refused(frame, &e),
    };
    let known = places
        .iter()
        .map(|(name, value, _)| (field(name), value.clone()));
    let form = typed.unwrap_or_else(|| Form::filled(known));
    let topics = topics(places, &form);
    page::html(
        status,
        PlacesPage {
            here: format!("/c/{c}/assistant-places"),
            base: format!("/c/{c}/assistant"),
            filled: topics.iter().map(|t| t.filled).sum(),
            of: topics.iter().map(|t| t.lines.len() as u32).sum(),
            topics,
            form,
            frame: frame.titled("assistant-places"),
        },
    )
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, None, StatusCode::OK).await
}

pub async fn save(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let places = match editing::places(&house, &by).await {
        Ok(places) => places,
        Err(e) => return refused(frame, &e),
    };
    let mut fills = match base::head(&house, by.community).await {
        Ok(head) => head.fills,
        Err(e) => return refused(frame, &e),
    };
    for (name, _, _) in places {
        let field = field(&name);
        let value = form.value(&field).to_owned();
        if value.chars().count() > FILL_CHARS_MAX {
            form.fault(
                &field,
                say("assistant-fault-fill").and("max", FILL_CHARS_MAX),
            );
        }
        fills.insert(name, value);
    }
    if form.failed() {
        let bad = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&house, &by, &c, frame, Some(form), bad).await;
    }
    let fills: BTreeMap<String, String> = fills;
    match editing::fill(&house, &by, fills).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/assistant-places"),
            frame.t("assistant-did-fill"),
        ),
        Err(e @ AssistantError::Body(_)) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault_of_all(sentence);
            }
            draw(
                &house,
                &by,
                &c,
                frame,
                Some(form),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(e) => refused(frame, &e),
    }
}
