//! The desk: what waits for the reader, what they asked for, boxes and copies that are out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::viewing::Viewing;
use crate::{State, ViewingError, emergency, listing, loans, printing};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::page::{self, Flash, Form, Frame, Tag, onward};
use permissions::Permission;

/// A viewing in a list.
pub struct Row {
    pub href: String,
    pub number: String,
    pub rooms: String,
    pub who: String,
    pub purpose: String,
    pub state: Tag,
    pub at: String,
    pub due: String,
    pub late: bool,
}

/// How many rooms' codes a list names.
const CODES_SHOWN: usize = 3;

/// The first of a viewing's rooms, and how many more.
pub fn rooms(frame: &Frame, v: &Viewing) -> String {
    let codes: Vec<&str> = v.codes.split('、').collect();
    let first = codes[..codes.len().min(CODES_SHOWN)].join("、");
    if codes.len() > CODES_SHOWN {
        let more = frame.one("viewings-more-rooms", "count", codes.len());
        format!("{first} {more}")
    } else {
        first
    }
}

impl Row {
    pub fn of(frame: &Frame, base: &str, v: &Viewing, now: Moment) -> Row {
        let due = match v.state {
            State::Active | State::Emergency => v.ends_at,
            State::Submitted => v.until_at.or(v.answer_at),
            _ => v.until_at,
        };
        Row {
            href: format!("{base}/{}", v.id),
            number: v.number(),
            rooms: rooms(frame, v),
            who: v.asker_name.clone(),
            purpose: words::way(frame, v),
            state: words::tag(v),
            at: frame.stamp(v.asked_at.0),
            due: due.map_or(String::new(), |at| frame.stamp(at.0)),
            late: due.is_some_and(|at| at < now),
        }
    }
}

struct Out {
    href: String,
    what: String,
    at: String,
    due: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "viewings/desk.html")]
struct DeskPage {
    frame: Frame,
    form: Form,
    base: String,
    waiting: Vec<Row>,
    mine: Vec<Row>,
    boxes: Vec<Out>,
    copies: Vec<Out>,
    frozen: Vec<Row>,
    office: bool,
    may_register: bool,
    may_read: bool,
    may_trace: bool,
    may_set: bool,
}

/// The desk.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let (registers, decides) = (
        by.has(Permission::ViewingRegister),
        by.has(Permission::ViewingDecide),
    );
    let read = async {
        let waiting = listing::waiting(&house, &by).await?;
        let mine = listing::mine(&house, &by).await?;
        let (boxes, copies) = if registers {
            (
                loans::out(&house, &by).await?,
                printing::out(&house, &by).await?,
            )
        } else {
            (Vec::new(), Vec::new())
        };
        let frozen = if decides {
            emergency::frozen(&house, &by).await?
        } else {
            Vec::new()
        };
        Ok::<_, ViewingError>((waiting, mine, boxes, copies, frozen))
    };
    let (waiting, mine, boxes, copies, frozen) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let (now, base) = (house.now(), format!("/c/{c}/viewings"));
    let row = |v: &Viewing| Row::of(&frame, &base, v, now);
    page::ok(DeskPage {
        waiting: waiting.iter().map(row).collect(),
        mine: mine.iter().map(row).collect(),
        frozen: frozen.iter().map(row).collect(),
        boxes: boxes
            .into_iter()
            .map(|l| Out {
                href: format!("{base}/{}", l.viewing),
                late: l.due_at < now,
                at: frame.stamp(l.at.0),
                due: frame.stamp(l.due_at.0),
                what: l.label,
            })
            .collect(),
        copies: copies
            .into_iter()
            .map(|one| Out {
                href: format!("{base}/{}", one.viewing),
                what: frame
                    .with(
                        "viewings-copy-of",
                        &[("nth", one.nth.into()), ("pages", one.pages.into())],
                    )
                    .into_owned(),
                late: one.due_at.is_some_and(|due| due < now),
                at: frame.stamp(one.at.0),
                due: one.due_at.map_or(String::new(), |due| frame.stamp(due.0)),
            })
            .collect(),
        office: registers || decides,
        may_register: registers,
        may_read: by.has(Permission::ArchiveRead),
        may_trace: by.has(Permission::ViewingTrace),
        may_set: decides,
        base,
        form: Form::default(),
        frame: frame.titled("viewings-title"),
    })
}

/// A box is back: its label was scanned.
pub async fn take_back(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    match loans::take_back(&house, &by, form.value("code")).await {
        Ok(loan) => {
            let told = frame.one("viewings-did-take-back", "box", loan.label.as_str());
            let late = loan.due_at < house.now();
            let told = if late {
                Flash::overdue(told)
            } else {
                Flash::done(told)
            };
            onward::telling(&format!("/c/{c}/viewings"), told)
        }
        Err(e) => refused(frame, &e),
    }
}
