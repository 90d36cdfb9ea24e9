//! The month's bills: seen before they are made, made as a batch, and taken back as one.

use askama::Template;
use axum::response::Response;

use super::Desk;
use crate::{
    FeesError, Period, Preview, PreviewItem, RunState, RunView, begin_run, carry_on, preview_month,
    runs, undo_run,
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
    /// Rooms that no bill can be made for, by reason and item.
    missing: Vec<Missing>,
    runs: Vec<(RunView, Tag)>,
    may_undo: bool,
    base: String,
}

/// Rooms that lack the same thing for the same item.
struct Missing {
    reason: &'static str,
    item: String,
    count: u64,
    /// Where it is mended for all of them, and what that is called; none where that is not theirs.
    mend: Option<(String, &'static str)>,
    /// A room and where it is mended.
    rooms: Vec<(String, String)>,
}

impl Missing {
    fn more(&self) -> u64 {
        self.count - self.rooms.len() as u64
    }
}

fn missing(desk: &Desk, preview: &Preview) -> Vec<Missing> {
    let unread = ListQuery::parse(&desk.at("/fees/meters"), "show=unread");
    let rooms = match desk.actor.has(Permission::RosterRead) {
        true => "/rooms",
        false => "/fees/rooms",
    };
    let area = |i: &PreviewItem| Missing {
        reason: key("fees-month-no-area"),
        item: i.item.name.clone(),
        count: i.area_unknown,
        mend: desk
            .actor
            .has(Permission::ImportRun)
            .then(|| (desk.at("/imports"), key("fees-month-mend-area"))),
        rooms: i
            .unknown_rooms
            .iter()
            .map(|u| (u.code.clone(), desk.at(&format!("{rooms}/{}", u.room))))
            .collect(),
    };
    let dial = |i: &PreviewItem| Missing {
        reason: key("fees-month-no-reading"),
        item: i.item.name.clone(),
        count: i.unread,
        mend: Some((unread.href("q", ""), key("fees-month-mend-reading"))),
        rooms: i
            .unread_rooms
            .iter()
            .map(|u| (u.code.clone(), unread.href("q", &u.code)))
            .collect(),
    };
    let areas = preview.items.iter().map(area);
    let dials = preview.items.iter().map(dial);
    areas.chain(dials).filter(|m| m.count > 0).collect()
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
        missing: missing(desk, &preview),
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
