//! The quarterly report: as it stands, to publish; and as published, for the members.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::ConductError;
use crate::quarter::{self, Figures, Quarter};
use foundation::house::House;
use foundation::page::{self, Form, Frame, key, onward, problem};
use permissions::Permission;

struct Shown {
    title: String,
    code: i64,
    strikes: i64,
    overturned_share: String,
    median: String,
    appeals: i64,
    appeals_won: i64,
    appeal_median: String,
    sanctions: String,
    lines: Vec<(&'static str, i64, i64)>,
}

#[derive(Template)]
#[template(path = "conduct/quarter.html")]
struct QuarterPage {
    frame: Frame,
    own: String,
    running: Option<Shown>,
    may_publish: bool,
    published: Vec<Shown>,
}

fn shown(frame: &Frame, quarter: Quarter, f: &Figures) -> Shown {
    let wait = |ms: Option<i64>| match ms {
        Some(ms) => frame.duration(ms),
        None => frame.t("value-missing").into_owned(),
    };
    let title = [
        ("year", quarter.year.to_string().into()),
        ("number", quarter.number.to_string().into()),
    ];
    // The share with its counts, so that 1 of 1 is not read as a hundred per cent.
    let share = [
        ("overturned", f.overturned.into()),
        ("strikes", f.strikes.into()),
    ];
    let sanctions = [
        ("warnings", f.warnings.into()),
        ("mutes", f.mutes.into()),
        ("removals", f.removals.into()),
        ("dismissed", f.dismissed.into()),
        ("illegal", f.illegal.into()),
    ];
    Shown {
        title: frame.with("conduct-quarter-of", &title).into_owned(),
        code: quarter.code(),
        strikes: f.strikes,
        overturned_share: frame.with("conduct-fig-share", &share).into_owned(),
        median: wait(f.median_ms),
        appeals: f.appeals,
        appeals_won: f.appeals_won,
        appeal_median: wait(f.appeal_median_ms),
        sanctions: frame.with("conduct-fig-sanctions", &sanctions).into_owned(),
        lines: f
            .lines
            .iter()
            .map(|l| {
                let word = match l.rule.as_str() {
                    "" => words::category(&l.category),
                    rule => words::rule(rule),
                };
                (word, l.strikes, l.overturned)
            })
            .collect(),
    }
}

async fn draw(
    house: &House,
    by: &permissions::actor::Actor,
    c: &str,
    frame: Frame,
    with_running: bool,
) -> Response {
    let last = Quarter::of(house.now()).before();
    let looked = async {
        let published = quarter::published(house, by.community).await?;
        let figures = quarter::figures(house, by.community, last).await?;
        Ok::<_, ConductError>((published, figures))
    };
    let (published, figures) = match looked.await {
        Ok(found) => found,
        Err(e) => return refused(frame, e),
    };
    let told = published.iter().any(|(q, ..)| *q == last);
    let running = (with_running && !told).then(|| shown(&frame, last, &figures));
    let published = published
        .iter()
        .map(|(q, _, f)| shown(&frame, *q, f))
        .collect();
    page::ok(QuarterPage {
        own: format!("/c/{c}/conduct-report"),
        frame: frame.titled("conduct-quarter-title"),
        running,
        may_publish: by.has(Permission::ConductPolicy),
        published,
    })
}

/// For those who decide: the last quarter as it stands, and the published ones.
pub async fn desk(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, true).await
}

/// For the members: the published ones.
pub async fn members(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, false).await
}

/// Publishes a quarter that is over.
pub async fn publish(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let asked = form.value("quarter").parse().ok();
    let Some(asked) = asked.and_then(Quarter::from_code) else {
        return problem::page(frame, StatusCode::UNPROCESSABLE_ENTITY);
    };
    match quarter::publish(&house, &by, asked).await {
        Ok(_) => onward::done(
            &format!("/c/{c}/conduct-report"),
            frame.t(key("conduct-did-publish")),
        ),
        Err(e) => refused(frame, e),
    }
}
