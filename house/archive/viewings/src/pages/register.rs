//! 《查閱登記表》 on the screen, as a workbook and on paper.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use paper::{Align, Block, Column, Form as Sheet, Paper as _};

use super::{By, desk, refused, words};
use crate::register::{self, Entry};
use crate::store::Sieve;
use crate::viewing::Viewing;
use crate::{State, ViewingError};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::list::Direction;
use foundation::page::{self, Chip, Form, Frame, ListQuery, Pager, Tag, key};
use permissions::Permission;

struct Row {
    href: String,
    number: String,
    register: String,
    rooms: String,
    who: String,
    purpose: String,
    state: Tag,
    at: String,
    approver: String,
    registrar: String,
    pages: i64,
}

#[derive(Template)]
#[template(path = "viewings/register.html")]
struct RegisterPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    may_take: bool,
}

/// States that the register is sieved by.
const SIEVED: [State; 7] = [
    State::Submitted,
    State::Active,
    State::Closed,
    State::Denied,
    State::Expired,
    State::Revoked,
    State::ReviewDue,
];

fn sieve(list: &ListQuery) -> Sieve {
    let (_, way) = list.sort(&["at"]);
    let up = list.value("sort") == "at" && way == Direction::Up;
    Sieve {
        state: State::from_word(list.value("state")).filter(|s| *s != State::Draft),
        text: list.value("q").chars().take(40).collect(),
        since: None,
        before: None,
        upwards: up,
    }
}

fn place(mark: &str) -> Option<(Moment, Id)> {
    let (at, id) = mark.split_once('.')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

fn row(frame: &Frame, base: &str, v: &Viewing) -> Row {
    Row {
        href: format!("{base}/{}", v.id),
        number: v.number(),
        register: v.register_number().unwrap_or_default(),
        rooms: desk::rooms(frame, v),
        who: v.asker_name.clone(),
        purpose: words::way(frame, v),
        state: words::tag(v),
        at: frame.stamp(v.asked_at.0),
        approver: v.approver_name.clone(),
        registrar: v.registrar_name.clone(),
        pages: v.pages,
    }
}

/// The register.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let after = place(list.value("after"));
    let read = register::page(&house, &by, &sieve(&list), after).await;
    let (found, more, total) = match read {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/viewings");
    let mark = |v: &Viewing| format!("{}.{}", v.asked_at.0, v.id);
    let after = found.last().filter(|_| more).map(mark);
    page::ok(RegisterPage {
        pager: Pager {
            total: total.max(0) as u64,
            shown: found.len() as u64,
            before: None,
            after,
        },
        chips: SIEVED
            .map(|s| Chip {
                name: "state",
                value: s.word().into(),
                text: frame.t(words::state_word(s)).into_owned(),
                ..Chip::default()
            })
            .into(),
        rows: found.iter().map(|v| row(&frame, &base, v)).collect(),
        may_take: by.has(Permission::ExportRun),
        base,
        list,
        frame: frame.titled("viewings-register"),
    })
}

/// The heads of the register's columns on paper and in the workbook.
fn heads(frame: &Frame) -> Vec<String> {
    [
        key("viewings-register-number"),
        key("viewings-asked-at"),
        key("viewings-rooms"),
        key("viewings-asker"),
        key("viewings-visitor"),
        key("viewings-why"),
        key("viewings-scope"),
        key("viewings-approver"),
        key("viewings-registrar"),
        key("viewings-began"),
        key("viewings-ended"),
        key("viewings-pages-read"),
    ]
    .map(|word| frame.t(word).into_owned())
    .into()
}

fn cells(frame: &Frame, e: &Entry) -> Vec<String> {
    let v = &e.viewing;
    let stamp = |at: Option<Moment>| at.map_or(String::new(), |at| frame.stamp(at.0));
    let scope = if v.approver.is_some() {
        v.granted
    } else {
        v.asked
    };
    vec![
        v.register_number().unwrap_or_else(|| v.number()),
        frame.stamp(v.asked_at.0),
        v.codes.clone(),
        v.asker_name.clone(),
        e.texts.visitor.clone(),
        format!("{} {}", words::way(frame, v), e.texts.reason),
        format!(
            "{} {}",
            words::letters(scope.kinds),
            words::modes(frame, scope.modes)
        ),
        v.approver_name.clone(),
        v.registrar_name.clone(),
        stamp(v.began_at),
        format!(
            "{} {}",
            stamp(v.ended_at),
            frame.t(words::state_word(v.state))
        ),
        v.pages.to_string(),
    ]
}

/// It leaves the house as a file; the door asked for a second factor.
pub async fn take(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(_): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let pdf = form.has("shape", "pdf");
    let query = form.value("query").trim_start_matches('?').to_owned();
    let sieve = sieve(&ListQuery::parse("", &query));
    let shape = if pdf { "pdf" } else { "xlsx" };
    let entries = match register::take(&house, &by, &sieve, shape).await {
        Ok(entries) => entries,
        Err(e) => return refused(frame, &e),
    };
    let compound = frame.compound.as_ref().map_or("", |c| c.name.as_str());
    let title = format!("{compound} {}", frame.t("viewings-register"));
    let heads = heads(&frame);
    let rows: Vec<Vec<String>> = entries.iter().map(|e| cells(&frame, e)).collect();
    let sheet = Sheet {
        lang: words::paper_lang(&frame),
        compound: compound.to_owned(),
        title: frame.t("viewings-register").into_owned(),
        page: frame.t("viewings-paper-page").into_owned(),
        code: "SY-WI-KF-09-4.5".into(),
        blocks: vec![Block::Rows {
            columns: heads
                .iter()
                .zip([
                    16.0, 17.0, 18.0, 15.0, 13.0, 30.0, 16.0, 14.0, 14.0, 17.0, 19.0, 10.0,
                ])
                .map(|(head, mm)| Column {
                    head: head.clone(),
                    mm,
                    align: Align::Left,
                })
                .collect(),
            rows: rows.clone(),
            blank: 0,
            mm: 7.0,
        }],
        ..Sheet::default()
    };
    let made = tokio::task::spawn_blocking(move || {
        if pdf {
            Ok::<_, ViewingError>(sheet.draw(paper::system_fonts())?.0)
        } else {
            register::workbook(&title, &heads, &rows)
        }
    });
    let made = made.await.map_err(std::io::Error::other);
    let bytes = match made.map_err(ViewingError::from).and_then(|made| made) {
        Ok(bytes) => bytes,
        Err(e) => return refused(frame, &e),
    };
    let (kind, name) = if pdf {
        ("application/pdf", "attachment; filename=\"register.pdf\"")
    } else {
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment; filename=\"register.xlsx\"",
        )
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}
