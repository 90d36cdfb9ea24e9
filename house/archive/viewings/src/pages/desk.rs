//! The desk: what waits for the reader, what they asked for, boxes and copies that are out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::viewing::Viewing;
use crate::{State, ViewingError, emergency, listing, loans, printing};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::page::{self, Flash, Form, Frame, Tag, onward};
use permissions::Permission;
use permissions::actor::Actor;

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
            State::Submitted | State::Approved | State::Covered | State::Released => {
                v.until_at.or(v.answer_at)
            }
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
    /// Boxes back with other pages than they left with.
    amiss: Vec<Out>,
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
    draw(&house, &by, &c, frame, Form::default()).await
}

async fn draw(house: &House, by: &Actor, c: &str, frame: Frame, form: Form) -> Response {
    let (registers, decides) = (
        by.has(Permission::ViewingRegister),
        by.has(Permission::ViewingDecide),
    );
    let read = async {
        let waiting = listing::waiting(house, by).await?;
        let mine = listing::mine(house, by).await?;
        let (boxes, amiss, copies) = if registers {
            (
                loans::out(house, by).await?,
                loans::amiss(house, by).await?,
                printing::out(house, by).await?,
            )
        } else {
            (Vec::new(), Vec::new(), Vec::new())
        };
        let frozen = if decides {
            emergency::frozen(house, by).await?
        } else {
            Vec::new()
        };
        Ok::<_, ViewingError>((waiting, mine, boxes, amiss, copies, frozen))
    };
    let (waiting, mine, boxes, amiss, copies, frozen) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let (now, base) = (house.now(), format!("/c/{c}/viewings"));
    let row = |v: &Viewing| Row::of(&frame, &base, v, now);
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let desk = DeskPage {
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
        amiss: amiss
            .into_iter()
            .map(|l| Out {
                href: format!("{base}/{}", l.viewing),
                late: true,
                at: l.back_at.map_or(String::new(), |at| frame.stamp(at.0)),
                due: words::counted(&frame, &l),
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
        form,
        frame: frame.titled("viewings-title"),
    };
    page::html(status, desk)
}

/// A box is back: its label was scanned.
pub async fn take_back(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let pages = words::pages(&form);
    match loans::take_back(&house, &by, form.value("code"), pages).await {
        Ok(loan) => {
            let told = if loan.amiss {
                let counted = words::counted(&frame, &loan);
                frame.with(
                    "viewings-did-take-back-amiss",
                    &[
                        ("box", loan.label.as_str().into()),
                        ("pages", counted.as_str().into()),
                    ],
                )
            } else {
                frame.one("viewings-did-take-back", "box", loan.label.as_str())
            };
            let late = loan.amiss || loan.due_at < house.now();
            let told = if late {
                Flash::overdue(told)
            } else {
                Flash::done(told)
            };
            onward::telling(&format!("/c/{c}/viewings"), told)
        }
        Err(e) => match (super::status(&e), words::refusal(&e)) {
            (StatusCode::UNPROCESSABLE_ENTITY | StatusCode::NOT_FOUND, Some(sentence)) => {
                let field = match e {
                    ViewingError::Count => "pages",
                    _ => "code",
                };
                form.fault(field, sentence);
                draw(&house, &by, &c, frame, form).await
            }
            _ => refused(frame, &e),
        },
    }
}
