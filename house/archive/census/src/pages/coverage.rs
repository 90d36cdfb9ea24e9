//! How far a quarter is: the line, everybody's part, building by building, each with the way to
//! its households; and for who leads, planning, sharing out and telling.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::chart::{self, Chart};
use super::{By, desk, quarter, refused};
use crate::coverage::{self, Tally};
use crate::rule::Quarter;
use crate::tell::{self, Said};
use crate::{CensusError, papers, plan, share, work};
use foundation::house::House;
use foundation::page::{self, Choice, Flash, Form, Frame, ListQuery, Tone, Words, fmt, onward};
use permissions::Permission;
use permissions::actor::Actor;

struct Part {
    href: String,
    name: String,
    tally: Tally,
    share: String,
    /// This week's done of its quota, or empty.
    week: String,
    tone: Tone,
}

struct Building {
    href: String,
    key: String,
    name: String,
    visitors: String,
    tally: Tally,
    share: String,
}

#[derive(Template)]
#[template(path = "census/coverage.html")]
struct CoveragePage {
    frame: Frame,
    base: String,
    quarter: String,
    quarters: Vec<(String, bool)>,
    planned: bool,
    over: bool,
    now: bool,
    finding: String,
    tally: Tally,
    share: String,
    target: String,
    chart: Chart,
    parts: Vec<Part>,
    buildings: Vec<Building>,
    visitors: Vec<Choice>,
    told: String,
    tended: String,
    may_lead: bool,
    may_visit: bool,
}

async fn parts(
    house: &House,
    by: &Actor,
    q: Quarter,
    base: &str,
    frame: &Frame,
) -> Result<Vec<Part>, CensusError> {
    let c = by.community;
    let now = q == Quarter::at(house.now());
    let mut out = Vec::new();
    for p in coverage::by_person(house, c, q).await? {
        let who = p.account.map_or("none".to_owned(), |id| id.to_string());
        let mut part = Part {
            href: format!("{base}?quarter={}&who={who}", q.word()),
            name: if p.account.is_some() {
                p.name
            } else {
                frame.t("census-nobody").into_owned()
            },
            share: papers::share(&p.tally),
            tally: p.tally,
            week: String::new(),
            tone: Tone::Plain,
        };
        if let Some(account) = p.account.filter(|_| now) {
            let week = work::week(house, c, q, account).await?;
            part.week = format!("{} / {}", week.done, week.quota);
            part.tone = desk::pace(week.done < week.quota);
        }
        out.push(part);
    }
    Ok(out)
}

async fn draw(
    house: &House,
    by: &Actor,
    base: String,
    q: Quarter,
    frame: &Frame,
) -> Result<CoveragePage, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let tally = coverage::totals(house, c, q).await?;
    let line = coverage::line(house, c, q, tally.due()).await?;
    let reached = line.iter().rfind(|p| p.reached);
    let behind = reached.map_or(0, |p| p.meant - p.recorded);
    let plan = plan::of(house, c, q).await?;
    let now = Quarter::at(house.now());
    let mut quarters = plan::quarters(house, c).await?;
    if !quarters.contains(&now) {
        quarters.insert(0, now);
    }
    let share = papers::share(&tally);
    let over = house.now() >= q.bounds().1;
    let finding = if over {
        frame.one("census-finding-over", "share", share.as_str())
    } else if behind > 0 {
        frame.one("census-finding-behind", "count", behind)
    } else {
        frame.t("census-finding-fine")
    };
    let buildings = coverage::by_building(house, c, q).await?;
    Ok(CoveragePage {
        quarter: q.word(),
        quarters: quarters.iter().map(|one| (one.word(), *one == q)).collect(),
        planned: plan.is_some(),
        over,
        now: q == now,
        finding: finding.into_owned(),
        share,
        target: fmt::civil_day(frame.lang(), q.target()),
        chart: chart::of(&line, tally.due(), frame),
        parts: parts(house, by, q, &base, frame).await?,
        buildings: buildings
            .into_iter()
            .map(|b| Building {
                href: foundation::page::ListQuery::parse(&base, &format!("quarter={}", q.word()))
                    .href("building", &b.key()),
                key: b.key(),
                visitors: frame.join(&b.visitors).into_owned(),
                share: papers::share(&b.tally),
                name: named(b.name, frame),
                tally: b.tally,
            })
            .collect(),
        visitors: share::visitors(house, c)
            .await?
            .into_iter()
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect(),
        told: plan
            .and_then(|p| p.told_at)
            .map_or(String::new(), |at| frame.stamp(at.0)),
        tended: plan.map_or(String::new(), |p| frame.stamp(p.tended_at.0)),
        may_lead: by.has(Permission::CensusLead),
        may_visit: by.has(Permission::CensusVisit),
        tally,
        base,
        frame: frame.clone().titled("census-coverage"),
    })
}

/// The page.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let q = quarter(&house, &list);
    match draw(&house, &by, format!("/c/{c}/census"), q, &frame).await {
        Ok(page) => page::ok(page),
        Err(e) => refused(frame, &e),
    }
}

/// A building as it is read.
pub fn named(name: String, words: &Words) -> String {
    if name.is_empty() {
        words.t("census-no-building").into_owned()
    } else {
        hanzi::room::building_said(&name)
    }
}

fn back(c: &str) -> String {
    format!("/c/{c}/census/coverage")
}

/// The quarter's plan is made, or looked at again.
pub async fn plan(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let q = Quarter::at(house.now());
    match plan::tend(&house, &by, q).await {
        Ok(done) => {
            let said = [
                ("added", (done.added as i64).into()),
                ("excused", (done.excused as i64).into()),
                ("registered", (done.registered as i64).into()),
            ];
            onward::done(&back(&c), frame.with("census-did-plan", &said))
        }
        Err(e) => refused(frame, &e),
    }
}

/// A building goes to somebody.
pub async fn assign(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let q = Quarter::at(house.now());
    let done = match form.value("account").parse() {
        Ok(account) => share::assign(&house, &by, q, form.value("building"), account).await,
        Err(_) => Err(CensusError::Nobody),
    };
    match done {
        Ok(n) => onward::done(&back(&c), frame.one("census-did-share", "count", n)),
        Err(e) => refused(frame, &e),
    }
}

/// Buildings that nobody has are shared out.
pub async fn spread(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let q = Quarter::at(house.now());
    match share::spread(&house, &by, q).await {
        Ok(n) => onward::done(&back(&c), frame.one("census-did-share", "count", n)),
        Err(e) => refused(frame, &e),
    }
}

/// The households are told that they may check themselves.
pub async fn tell(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let q = Quarter::at(house.now());
    let said = Said {
        title: frame.t("census-letter-title").into_owned(),
        text: frame.t("census-letter-text").into_owned(),
    };
    match tell::tell(&house, &by, q, &said).await {
        Ok(n) => onward::done(&back(&c), frame.one("census-did-tell", "count", n)),
        Err(CensusError::Changed) => {
            let text = frame.t("census-told-already").into_owned();
            onward::telling(&back(&c), Flash::info(text))
        }
        Err(e) => refused(frame, &e),
    }
}
