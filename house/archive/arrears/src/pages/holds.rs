//! Holds: what waits for the manager, and what runs.

use askama::Template;
use axum::response::Response;

use super::{Desk, words};
use crate::hold::{self, Hold, State};
use crate::rule::HOLD_DAYS_MAX;
use crate::{ArrearsError, listing};
use foundation::clock::Moment;
use foundation::ids::Id;
use foundation::page::{
    self, Chip, Form, Frame, ListQuery, Pager, Tag, Tone, key, onward, problem,
};
use jiff::ToSpan;
use permissions::Permission;

/// A hold as pages show it.
pub struct Row {
    pub id: Id,
    pub href: String,
    pub code: String,
    pub why: String,
    pub state: Tag,
    pub note: String,
    pub answer: String,
    pub until: String,
    pub asked: String,
    pub decided: String,
    pub may_decide: bool,
    pub may_lift: bool,
}

fn tag(hold: &Hold, today: jiff::civil::Date) -> Tag {
    match hold.state {
        State::Asked => Tag::new(Tone::Waiting, State::Asked.key()),
        State::Granted if hold.runs(today) => Tag::new(Tone::Done, State::Granted.key()),
        State::Granted => Tag::new(Tone::Plain, key("arrears-hold-over")),
        State::Refused => Tag::new(Tone::Plain, State::Refused.key()),
        State::Lifted => Tag::new(Tone::Plain, State::Lifted.key()),
    }
}

/// Holds with what the reader may do about them.
pub(super) fn rows(desk: &Desk, holds: &[Hold]) -> Vec<Row> {
    let frame = &desk.frame;
    let today = desk.house.now().date();
    let decides = desk.by.has(Permission::ArrearsDecide);
    let row = |h: &Hold| Row {
        id: h.id,
        href: desk.at(&format!("/arrears/{}", h.room)),
        code: h.code.clone(),
        why: frame.t(h.why.key()).into_owned(),
        state: tag(h, today),
        note: h.note.clone(),
        answer: h.answer.clone(),
        until: h.until.map_or(String::new(), |u| u.to_string()),
        asked: {
            let who = if h.by_owner {
                frame.t("arrears-hold-by-owner").into_owned()
            } else {
                h.asked_name.clone()
            };
            format!("{} · {who}", frame.stamp(h.asked_at.0))
        },
        decided: h.decided_at.map_or(String::new(), |at| {
            format!("{} · {}", frame.stamp(at.0), h.decided_name)
        }),
        may_decide: decides && h.state == State::Asked,
        may_lift: decides && h.runs(today),
    };
    holds.iter().map(row).collect()
}

#[derive(Template)]
#[template(path = "arrears/holds.html")]
struct HoldsPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Option<Pager>,
    base: String,
    last: String,
    longest: i64,
}

fn spot(text: &str) -> Option<(Moment, Id)> {
    let (at, id) = text.split_once('_')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let state = State::from_word(list.value("state")).unwrap_or(State::Asked);
    let found = hold::list(&desk.house, &desk.by, state, spot(list.value("after"))).await;
    let (found, more) = match found {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    let chips = State::ALL.iter().map(|s| Chip {
        name: "state",
        value: if *s == State::Asked {
            String::new()
        } else {
            s.word().to_owned()
        },
        text: desk.frame.t(s.key()).into_owned(),
        count: None,
    });
    let after = found.last().filter(|_| more);
    let after = after.map(|h| format!("{}_{}", h.asked_at.0, h.id));
    let last = desk.house.now().date().saturating_add(HOLD_DAYS_MAX.days());
    let shown = found.len() as u64;
    page::ok(HoldsPage {
        chips: chips.collect(),
        rows: rows(&desk, &found),
        // The list says whether there are more, not how many: it is short.
        pager: (more || !list.value("after").is_empty()).then(|| Pager {
            total: shown.max(listing::PAGE as u64),
            shown,
            before: None,
            after,
        }),
        base: desk.at(""),
        last: last.to_string(),
        longest: i64::from(HOLD_DAYS_MAX),
        list,
        frame: desk.frame.titled("arrears-holds"),
    })
}

fn refused(desk: Desk, error: &ArrearsError) -> Response {
    match words::refusal(error, &desk.frame) {
        Some(sentence) => problem::page_saying(desk.frame, super::status(error), &sentence),
        None => desk.refused(error),
    }
}

/// Granted until a day, or refused with an answer.
pub async fn decide(desk: Desk, mut form: Form) -> Response {
    let until = if form.has("grant", "yes") {
        match form.field("until", key("arrears-f-until")).date() {
            Some(day) => Some(day),
            None => {
                let error = ArrearsError::HoldDays;
                return refused(desk, &error);
            }
        }
    } else {
        None
    };
    let done = async {
        let id = desk.id()?;
        hold::decide(&desk.house, &desk.by, id, until, form.value("answer")).await
    };
    match done.await {
        Ok(()) => {
            let did = if until.is_some() {
                key("arrears-did-grant")
            } else {
                key("arrears-did-refuse")
            };
            onward::done(&desk.at("/arrears-holds"), desk.frame.t(did))
        }
        Err(e) => refused(desk, &e),
    }
}

/// Ended today.
pub async fn lift(desk: Desk, form: Form) -> Response {
    let done = async {
        let id = desk.id()?;
        hold::lift(&desk.house, &desk.by, id, form.value("reason")).await
    };
    match done.await {
        Ok(()) => onward::done(
            &desk.at("/arrears-holds?state=granted"),
            desk.frame.t("arrears-did-lift"),
        ),
        Err(e) => refused(desk, &e),
    }
}
