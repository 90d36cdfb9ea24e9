//! The month's bills: seen before they are made, made as a batch, and taken back as one.

use askama::Template;
use axum::response::Response;

use super::Desk;
use crate::{
    FeesError, Period, Preview, RunState, RunView, begin_run, carry_on, preview_month, runs,
    undo_run,
};
use foundation::page::form::Form;
use foundation::page::{self, Frame, ListQuery, Tag, Tone, key};
use permissions::Permission;

/// A compound of so many rooms is billed while the clerk waits; larger ones by the job, which
/// the page looks at.
const WAITED_FOR: u64 = 5_000;

#[derive(Template)]
#[template(path = "fees/month.html")]
struct MonthPage {
    frame: Frame,
    period: Period,
    preview: Preview,
    runs: Vec<(RunView, Tag)>,
    may_undo: bool,
    base: String,
}

fn tag(state: RunState) -> Tag {
    let (tone, word) = match state {
        RunState::Running => (Tone::Waiting, key("fees-run-running")),
        RunState::Done => (Tone::Done, key("fees-run-done")),
        RunState::Undoing => (Tone::Waiting, key("fees-run-undoing")),
        RunState::Undone => (Tone::Plain, key("fees-run-undone")),
    };
    Tag::new(tone, word)
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let this = Period::of(desk.house.now().date());
    let period = list.value("period").parse().unwrap_or(this);
    match read(&desk, period).await {
        Ok(page) => page::ok(page),
        Err(error) => desk.refused(&error),
    }
}

async fn read(desk: &Desk, period: Period) -> Result<MonthPage, FeesError> {
    let preview = preview_month(&desk.house, &desk.actor, period).await?;
    let frame = desk.frame.clone().titled("fees-month");
    let runs = runs(&desk.house, &desk.actor).await?;
    Ok(MonthPage {
        runs: runs
            .into_iter()
            .map(|r| {
                let tag = tag(r.state);
                (r, tag)
            })
            .collect(),
        may_undo: desk.actor.has(Permission::FeesWriteOff),
        base: desk.at("/fees"),
        frame,
        period,
        preview,
    })
}

pub async fn run(desk: Desk, form: Form) -> Response {
    let Ok(period) = form.value("period").parse::<Period>() else {
        return desk.refused(&FeesError::MonthsReversed);
    };
    let chosen: Vec<_> = form.all("item").filter_map(|i| i.parse().ok()).collect();
    let to = desk.at(&format!("/fees/month?period={period}"));
    if chosen.is_empty() {
        // Nothing ticked is nothing to do, never everything.
        return desk.done(&to, desk.frame.t("fees-month-none"));
    }
    let (house, actor) = (desk.house.clone(), desk.actor.clone());
    let begun = async {
        let rooms = preview_month(&house, &actor, period).await?.rooms;
        let run = begin_run(&house, &actor, period, &chosen).await?;
        if rooms > WAITED_FOR {
            let (house, actor) = (house.clone(), actor.clone());
            tokio::spawn(async move {
                if let Err(error) = carry_on(&house, &actor, run).await {
                    tracing::warn!(%error, "a batch of bills broke off; its job goes on with it");
                }
            });
            return Ok(None);
        }
        carry_on(&house, &actor, run).await?;
        Ok::<_, FeesError>(Some(crate::runs::billed_by(&house, &actor, run).await?))
    };
    match begun.await {
        Ok(Some(done)) => {
            let text = desk.frame.with(
                "fees-month-done",
                &[
                    ("bills", (done.bills as i64).into()),
                    ("total", super::yuan(done.total).into()),
                ],
            );
            desk.done(&to, text)
        }
        Ok(None) => desk.done(&to, desk.frame.t("fees-run-begun")),
        Err(error) => desk.refused(&error),
    }
}

pub async fn undo(desk: Desk, form: Form) -> Response {
    let undone = match desk.id() {
        Ok(run) => undo_run(&desk.house, &desk.actor, run, form.value("reason")).await,
        Err(_) => Err(FeesError::NoSuchRun),
    };
    match undone {
        Ok(()) => desk.done(&desk.at("/fees/month"), desk.frame.t("fees-run-taken-back")),
        Err(error) => desk.refused(&error),
    }
}
