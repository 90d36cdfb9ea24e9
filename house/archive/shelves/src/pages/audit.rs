//! The audit of a layer: its codes typed or scanned, one on a line, from left to right.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::audit::{self, Found, Report};
use crate::boxes::ArchiveBox;
use crate::{Cabinet, ShelfError, cabinet};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, ListQuery, Tag, Tone, key, onward};
use permissions::actor::Actor;

struct Line {
    number: usize,
    /// The box, or what was typed where it is none.
    text: String,
    href: String,
    tags: Vec<Tag>,
}

struct Outcome {
    sound: bool,
    lines: Vec<Line>,
    missing: Vec<ArchiveBox>,
    away: Vec<ArchiveBox>,
    misplaced: i64,
    unknown: i64,
}

/// Cabinets whose layers are offered in one list.
const OFFERED_MAX: usize = 100;

#[derive(Template)]
#[template(path = "shelves/audit.html")]
struct AuditPage {
    frame: Frame,
    form: Form,
    base: String,
    /// There are too many to list: the cabinet is chosen first.
    choose: bool,
    layers: Vec<Choice>,
    outcome: Option<Outcome>,
}

/// What is wrong with a line; in order, a tag each.
fn tags(found: &Found) -> Vec<Tag> {
    let Found::Box {
        void,
        again,
        elsewhere,
        to_move,
        ..
    } = found
    else {
        return vec![Tag::new(Tone::Overdue, key("shelves-audit-unknown"))];
    };
    let all = [
        (*void, Tag::new(Tone::Overdue, key("shelves-audit-void"))),
        (*again, Tag::new(Tone::Waiting, key("shelves-audit-again"))),
        (
            *elsewhere,
            Tag::new(Tone::Waiting, key("shelves-audit-elsewhere")),
        ),
        (*to_move, Tag::new(Tone::Overdue, key("shelves-audit-move"))),
    ];
    let wrong: Vec<Tag> = all
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, t)| t)
        .collect();
    if wrong.is_empty() {
        vec![Tag::new(Tone::Done, key("shelves-audit-right"))]
    } else {
        wrong
    }
}

fn outcome(base: &str, report: Report) -> Outcome {
    let each = report.lines.iter().enumerate().map(|(n, line)| {
        let one = match line.found {
            Found::Box { at, .. } => report.boxes.get(at),
            Found::Unknown => None,
        };
        Line {
            number: n + 1,
            text: one.map_or_else(|| line.typed.clone(), words::named),
            href: one.map_or(String::new(), |b| format!("{base}/boxes/{}", b.id)),
            tags: tags(&line.found),
        }
    });
    Outcome {
        sound: report.is_sound(),
        lines: each.collect(),
        misplaced: report.misplaced(),
        unknown: report.unknown(),
        missing: report.missing,
        away: report.away,
    }
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    form: Form,
    report: Option<Report>,
) -> Response {
    let cabinets = match cabinet::all(house, by.community).await {
        Ok(cabinets) => cabinets,
        Err(e) => return refused(frame, &ShelfError::Database(e)),
    };
    let chosen = form.value("layer").split('~').next().unwrap_or_default();
    let offered: Vec<Cabinet> = if cabinets.len() > OFFERED_MAX {
        let here = cabinets.iter().filter(|k| k.id.to_string() == chosen);
        here.cloned().collect()
    } else {
        cabinets
    };
    if offered.is_empty() && !chosen.is_empty() {
        return refused(frame, &ShelfError::NotFound);
    }
    let layers = cabinet::layers(&offered).into_iter().map(|(k, layer)| {
        let text = layer.to_string();
        let said = [
            ("cabinet", k.name.as_str().into()),
            ("layer", text.as_str().into()),
        ];
        Choice::new(
            format!("{}~{layer}", k.id),
            frame.with("shelves-layer", &said),
        )
    });
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let base = format!("/c/{c}/shelves");
    page::html(
        status,
        AuditPage {
            choose: offered.is_empty(),
            layers: layers.collect(),
            form,
            outcome: report.map(|r| outcome(&base, r)),
            base,
            frame: frame.titled("shelves-audit"),
        },
    )
}

/// Asks for the codes.
pub async fn ask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let form = Form::filled([("layer", query.value("layer"))]);
    draw(&house, &by, &c, frame, form, None).await
}

/// The cabinet and layer that were chosen.
fn layer(form: &mut Form) -> Option<(Id, i64)> {
    let chosen = form.field("layer", "shelves-field-layer").text(1..=40)?;
    let (cabinet, layer) = chosen.split_once('~')?;
    Some((cabinet.parse().ok()?, layer.parse().ok()?))
}

/// Compares and shows what is wrong.
pub async fn look(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let codes = form.field("codes", "shelves-field-codes").text(1..=20_000);
    let (Some((cabinet, layer)), Some(codes)) = (layer(&mut form), codes) else {
        return draw(&house, &by, &c, frame, form, None).await;
    };
    match audit::look(&house, &by, cabinet, layer, &codes).await {
        Ok(report) => draw(&house, &by, &c, frame, form, Some(report)).await,
        Err(e) => refused(frame, &e),
    }
}

/// What was read is what stands there.
pub async fn record(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Some((cabinet, layer)) = layer(&mut form) else {
        return draw(&house, &by, &c, frame, form, None).await;
    };
    match audit::record(&house, &by, cabinet, layer, form.value("codes")).await {
        Ok(count) => onward::done(
            &format!("/c/{c}/shelves/cabinets/{cabinet}"),
            frame.one("shelves-did-record", "count", count),
        ),
        Err(e) => refused(frame, &e),
    }
}
