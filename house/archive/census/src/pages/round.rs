//! The round on the phone: the next households of one's week with their forms on one page, so
//! that it works without a line. What is typed is kept on the device and sent once.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::asked::{self, AskedHome};
use super::{By, refused, words};
use crate::rule::Quarter;
use crate::task::Task;
use crate::visit::{self, SIGNS};
use crate::work::{self, ROUND_MAX, Week};
use crate::{CensusError, home};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, ListQuery, fmt};
use permissions::actor::Actor;

/// Households beyond the week's quota, where somebody has time left.
const MORE: i64 = 10;

struct Stop {
    asked: AskedHome,
    vacant: bool,
    tried: Vec<String>,
    hint: String,
}

#[derive(Template)]
#[template(path = "census/round.html")]
struct RoundPage {
    frame: Frame,
    base: String,
    me: String,
    vault: String,
    week: Week,
    lead: String,
    stops: Vec<Stop>,
    signs: Vec<Choice>,
}

async fn stop(
    house: &House,
    by: &Actor,
    base: &str,
    task: &Task,
    frame: &Frame,
) -> Result<Stop, CensusError> {
    let known = home::of(house, by.community, task).await?;
    let action = format!("{base}/homes/{}", task.id);
    let tried = if task.attempts > 0 {
        visit::attempts(house, by, task.id).await?
    } else {
        Vec::new()
    };
    let untried: Vec<String> = visit::untried(&tried)
        .into_iter()
        .map(|p| frame.t(words::part_word(p)).into_owned())
        .collect();
    Ok(Stop {
        asked: asked::home(house, task, &known, action, true, &Form::default(), frame),
        vacant: known.usage.known == "vacant",
        hint: if tried.is_empty() {
            String::new()
        } else if visit::enough(&tried) {
            frame.t("census-enough").into_owned()
        } else {
            let parts = frame.join(&untried).into_owned();
            frame.one("census-untried", "parts", parts).into_owned()
        },
        tried: tried
            .iter()
            .map(|a| {
                let part = a.part.map(|p| frame.t(words::part_word(p)).into_owned());
                format!("{} {}", frame.day(a.at.0), part.unwrap_or_default())
            })
            .collect(),
    })
}

/// The round.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let base = format!("/c/{c}/census");
    let q = Quarter::at(house.now());
    let read = async {
        let account = by.account.ok_or(CensusError::NotFound)?;
        let week = work::week(&house, by.community, q, account).await?;
        let more = if list.value("more") == "yes" { MORE } else { 0 };
        let most = (week.left() + more).min(ROUND_MAX);
        let tasks = work::round(&house, &by, q, account, most).await?;
        let mut stops = Vec::with_capacity(tasks.len());
        for task in &tasks {
            stops.push(stop(&house, &by, &base, task, &frame).await?);
        }
        // What is typed lies on the device under a key that only this page of this person
        // brings: a lost phone alone tells nothing.
        let vault = house
            .keys
            .digest("census-vault", account.as_str().as_bytes());
        let vault: String = vault.iter().map(|b| format!("{b:02x}")).collect();
        Ok::<_, CensusError>((account, week, stops, vault))
    };
    match read.await {
        Ok((account, week, stops, vault)) => page::ok(RoundPage {
            base,
            me: account.to_string(),
            vault,
            lead: lead(&week, &frame),
            week,
            stops,
            signs: signs(&frame),
            frame: frame.titled("census-round"),
        }),
        Err(e) => refused(frame, &e),
    }
}

fn lead(week: &Week, frame: &Frame) -> String {
    let day = fmt::civil_day(frame.lang(), week.target);
    let said = [
        ("done", week.done.into()),
        ("quota", week.quota.into()),
        ("day", day.as_str().into()),
    ];
    frame.with("census-round-lead", &said).into_owned()
}

pub fn signs(frame: &Frame) -> Vec<Choice> {
    SIGNS
        .map(|s| Choice::new(s, frame.t(words::sign_word(s))))
        .into()
}
