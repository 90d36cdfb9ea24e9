//! The duty roster: who is on duty this week and the next, and what they hand over.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;

use super::{Desk, id_of, words};
use crate::Refused;
use crate::duty;
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Tone, onward};
use permissions::Permission;

struct Row {
    id: Id,
    name: String,
    from: i64,
    until: i64,
    now: bool,
    note: String,
    taken: String,
    may_note: bool,
    may_take: bool,
    may_remove: bool,
}

#[derive(Template)]
#[template(path = "desk/duty.html")]
struct DutyPage {
    frame: Frame,
    form: Form,
    base: String,
    rows: Vec<Row>,
    colleagues: Vec<Choice>,
    may_set: bool,
}

pub async fn show(desk: Desk) -> Response {
    let today = desk.house.now().date().to_string();
    let form = Form::filled([
        ("day", today.as_str()),
        ("from", "18:00"),
        ("until", "08:30"),
    ]);
    draw(desk, StatusCode::OK, form).await
}

async fn draw(desk: Desk, status: StatusCode, form: Form) -> Response {
    match fill(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, form: Form) -> Result<DutyPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let now = house.now();
    let may_set = by.has(Permission::DeskSet);
    let all = duty::list(house, by, now.plus(-4 * DAY), now.plus(14 * DAY)).await?;
    let row = |d: &duty::Duty| {
        let own = Some(d.account) == by.account;
        Row {
            id: d.id,
            name: d.name.clone(),
            from: d.from.0,
            until: d.until.0,
            now: d.from <= now && now < d.until,
            note: d.note.clone(),
            taken: d.taken_at.map_or(String::new(), |at| {
                format!("{} {}", d.taken_name, frame.stamp(at.0))
            }),
            may_note: own && d.from <= now && d.taken_at.is_none(),
            may_take: !own && d.noted_at.is_some() && d.taken_at.is_none(),
            may_remove: may_set && d.from > now,
        }
    };
    let mut colleagues: Vec<(Id, String)> = Vec::new();
    if may_set {
        let roles = Permission::DeskRead.roles();
        for one in accounts::staff::holders(house, by.community, roles).await? {
            if one.active && !colleagues.iter().any(|(id, _)| *id == one.id) {
                colleagues.push((one.id, one.name));
            }
        }
    }
    Ok(DutyPage {
        base: desk.at(""),
        rows: all.iter().map(row).collect(),
        colleagues: colleagues
            .into_iter()
            .map(|(id, name)| Choice::new(id.as_str(), name))
            .collect(),
        may_set,
        form,
        frame: frame.clone().titled("desk-duty"),
    })
}

/// `18:30` in minutes of the day.
fn minute(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once([':', '：'])?;
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

/// The time of a duty; one that ends before it begins ends on the next day.
fn time(form: &Form) -> Option<(Moment, Moment)> {
    let day: jiff::civil::Date = form.value("day").parse().ok()?;
    let (from, until) = (minute(form.value("from"))?, minute(form.value("until"))?);
    let ends = if until <= from {
        day.checked_add(1.day()).ok()?
    } else {
        day
    };
    let at = |day, minutes| Moment::at_start_of(day).plus(minutes * MINUTE);
    let (from, until) = (at(day, from), at(ends, until));
    (until.0 - from.0 <= 24 * HOUR).then_some((from, until))
}

async fn told(desk: Desk, mut form: Form, done: Result<(), Refused>) -> Response {
    match done {
        Ok(()) => onward::done(&desk.at("/desk-duty"), desk.frame.t("desk-did-duty")),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                draw(desk, super::status(&e), form).await
            }
            None => desk.refused(&e),
        },
    }
}

/// Plans a duty.
pub async fn plan(desk: Desk, form: Form) -> Response {
    let done = async {
        let account = id_of(&form, "account").ok_or(Refused::Worker)?;
        let (from, until) = time(&form).ok_or(Refused::Setting)?;
        duty::plan(&desk.house, &desk.by, account, from, until).await?;
        Ok(())
    };
    let done = done.await;
    told(desk, form, done).await
}

/// Writes a note, takes one over, or takes a planned duty off.
pub async fn act(desk: Desk, form: Form) -> Response {
    let done = async {
        let (house, by, id) = (&desk.house, &desk.by, desk.id()?);
        match form.value("act") {
            "note" => duty::note(house, by, id, form.value("words")).await,
            "take" => duty::take(house, by, id).await,
            "remove" => duty::remove(house, by, id).await,
            _ => Err(Refused::NotFound),
        }
    };
    let done = done.await;
    let today = desk.house.now().date().to_string();
    let kept = Form::filled([
        ("day", today.as_str()),
        ("from", "18:00"),
        ("until", "08:30"),
    ]);
    told(desk, kept, done).await
}
