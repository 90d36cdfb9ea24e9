//! The quarter's households in shelf order, and how the reader's own week stands.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, quarter, refused, words};
use crate::plan::Plan;
use crate::rule::Quarter;
use crate::task::{State, Task};
use crate::work::{self, Filter, Spot, Week};
use crate::{CensusError, answer, coverage, papers, plan, share};
use foundation::house::House;
use foundation::page::{self, Chip, Frame, ListQuery, Pager, Tag, Tone, fmt, onward};
use permissions::Permission;

pub struct Row {
    pub href: String,
    pub code: String,
    pub state: Tag,
    pub visitor: String,
    pub tried: String,
    pub done: String,
    pub late: bool,
}

impl Row {
    pub fn of(base: &str, t: &Task, over: bool, frame: &Frame) -> Row {
        Row {
            href: format!("{base}/homes/{}", t.id),
            code: t.code.clone(),
            state: words::state_tag(t, over),
            visitor: t.assignee_name.clone(),
            tried: if t.attempts > 0 {
                frame.one("census-tried", "count", t.attempts).into_owned()
            } else {
                String::new()
            },
            done: t.done_at.map_or(String::new(), |at| {
                let method = frame.t(words::method_word(&t.method));
                if t.method.is_empty() {
                    frame.day(at.0)
                } else {
                    format!("{} · {method}", frame.day(at.0))
                }
            }),
            late: t.late,
        }
    }
}

#[derive(Template)]
#[template(path = "census/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    quarter: String,
    planned: bool,
    over: bool,
    due: i64,
    open: i64,
    share: String,
    week: Option<Week>,
    target: String,
    waiting: u32,
    chips: Vec<Chip>,
    visitors: Vec<Chip>,
    buildings: Vec<Chip>,
    rows: Vec<Row>,
    none: bool,
    pager: Pager,
    may_visit: bool,
    may_lead: bool,
}

fn spot(text: &str) -> Option<Spot> {
    let (key, id) = text.split_once('.')?;
    let bytes = (0..key.len() / 2).map(|n| u8::from_str_radix(key.get(n * 2..n * 2 + 2)?, 16).ok());
    Some(Spot {
        key: bytes.collect::<Option<Vec<u8>>>()?,
        id: id.parse().ok()?,
    })
}

fn cursor(t: &Task) -> String {
    let key: String = t.sort_key.iter().map(|b| format!("{b:02x}")).collect();
    format!("{key}.{}", t.id)
}

/// What the address asks for.
fn filter(list: &ListQuery) -> Filter {
    let who = list.value("who");
    Filter {
        state: State::from_word(list.value("state")),
        building: list.value("building").to_owned(),
        unit: String::new(),
        assignee: match who {
            "" => None,
            "none" => Some(String::new()),
            id => Some(id.to_owned()),
        },
        late: list.value("late") == "yes",
    }
}

struct Read {
    plan: Option<Plan>,
    totals: coverage::Tally,
    buildings: Vec<coverage::Building>,
    visitors: Vec<(foundation::ids::Id, String)>,
    found: Vec<Task>,
    more: bool,
    total: i64,
    week: Option<Week>,
    waiting: u32,
}

async fn read(
    house: &House,
    by: &permissions::actor::Actor,
    q: Quarter,
    list: &ListQuery,
) -> Result<Read, CensusError> {
    let c = by.community;
    let filter = filter(list);
    let after = spot(list.value("after"));
    let (found, more) = work::page(house, by, q, &filter, after.as_ref()).await?;
    let week = match by.account.filter(|_| by.has(Permission::CensusVisit)) {
        Some(account) => Some(work::week(house, c, q, account).await?),
        None => None,
    };
    Ok(Read {
        plan: plan::of(house, c, q).await?,
        totals: coverage::totals(house, c, q).await?,
        buildings: coverage::by_building(house, c, q).await?,
        visitors: share::visitors(house, c).await?,
        total: work::count(house, by, q, &filter).await?,
        waiting: answer::waiting(house, c).await?,
        found,
        more,
        week,
    })
}

/// The list.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let q = quarter(&house, &list);
    let base = format!("/c/{c}/census");
    let typed = list.value("q");
    if !typed.is_empty() {
        match work::find(&house, &by, q, typed).await {
            Ok(Some(task)) => return onward::to(&format!("{base}/homes/{}", task.id)),
            Ok(None) => {}
            Err(e) => return refused(frame, &e),
        }
    }
    let r = match read(&house, &by, q, &list).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let over = house.now() >= q.bounds().1;
    let chips = State::ALL.into_iter().map(|s| Chip {
        name: "state",
        value: s.word().into(),
        text: frame.t(words::state_word(s)).into_owned(),
        ..Chip::default()
    });
    let late = Chip {
        name: "late",
        value: "yes".into(),
        text: frame.t("census-late").into_owned(),
        ..Chip::default()
    };
    let after = r.found.last().filter(|_| r.more).map(cursor);
    page::ok(ListPage {
        quarter: q.word(),
        planned: r.plan.is_some(),
        over,
        due: r.totals.due(),
        open: r.totals.open,
        share: papers::share(&r.totals),
        target: fmt::civil_day(frame.lang(), q.target()),
        week: r.week.filter(|w| w.open + w.done > 0),
        waiting: r.waiting,
        chips: chips.chain(std::iter::once(late)).collect(),
        visitors: r
            .visitors
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .chain([("none".to_owned(), frame.t("census-nobody").into_owned())])
            .map(|(value, text)| Chip {
                name: "who",
                value,
                text,
                ..Chip::default()
            })
            .collect(),
        buildings: r
            .buildings
            .iter()
            .map(|b| Chip {
                name: "building",
                value: b.key(),
                text: super::coverage::named(b.name.clone(), &frame),
                ..Chip::default()
            })
            .collect(),
        rows: r
            .found
            .iter()
            .map(|t| Row::of(&base, t, over, &frame))
            .collect(),
        none: !typed.is_empty(),
        pager: Pager {
            total: r.total.max(0) as u64,
            shown: r.found.len() as u64,
            before: None,
            after,
        },
        may_visit: by.has(Permission::CensusVisit),
        may_lead: by.has(Permission::CensusLead),
        base,
        list,
        frame: frame.titled("census-title"),
    })
}

/// The tone of what is behind.
pub fn pace(behind: bool) -> Tone {
    if behind { Tone::Overdue } else { Tone::Done }
}
