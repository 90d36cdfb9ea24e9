//! The work list, and whom to call back.

use askama::Template;
use axum::response::Response;

use super::{Desk, words};
use crate::listing::{self, Query, Show};
use crate::states::{Act, State};
use crate::ticket::Veil;
use crate::words::{Kind, Priority};
use crate::{Refused, acts, calls, category, search, views};
use foundation::ids::Id;
use foundation::page::{
    self, Chip, Choice, Flash, Form, Frame, ListQuery, Pager, Tag, Tone, key, onward,
};
use permissions::Permission;

/// Chips of buildings and categories that are offered.
const CHIPS_MAX: usize = 200;

struct Row {
    id: Id,
    href: String,
    number: String,
    title: String,
    place: String,
    kind: String,
    category: String,
    state: Tag,
    urgent: Option<Tag>,
    due: i64,
    missed: bool,
    assignee: String,
    opened: i64,
}

#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    lists: Vec<Chip>,
    kinds: Vec<Chip>,
    priorities: Vec<Chip>,
    categories: Vec<Chip>,
    buildings: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    base: String,
    views: Vec<(String, String, String)>,
    /// The address of this list as a workbook, for whoever may take it along.
    book: String,
    workers: Vec<Choice>,
    /// The filter as it stands, to be kept.
    here: String,
    may_take: bool,
    may_set: bool,
    may_read: bool,
    nobody_found: bool,
    unknown_year: bool,
}

fn chip(name: &'static str, value: &str, text: String, count: Option<i64>) -> Chip {
    Chip {
        name,
        value: value.to_owned(),
        text,
        count: count.map(|n| n.max(0) as u64),
    }
}

fn row(desk: &Desk, tree: &category::Tree, r: &listing::Row) -> Row {
    let (frame, t, now) = (&desk.frame, &r.ticket, desk.house.now());
    let urgent = match t.priority {
        Priority::Emergency => Some(Tag::new(Tone::Overdue, t.priority.key())),
        Priority::Urgent => Some(Tag::new(Tone::Waiting, t.priority.key())),
        Priority::Normal | Priority::Low => None,
    };
    let has_due = !t.state.is_over() && t.due_at.0 != i64::MAX;
    Row {
        id: t.id,
        href: desk.at(&format!("/desk/{}", t.id)),
        number: t.number.to_string(),
        title: r.title.clone(),
        place: words::place(t, frame),
        kind: frame.t(t.kind.key()).into_owned(),
        category: listing::category_name(tree, t)
            .map_or(String::new(), |k| words::category(k, frame)),
        state: words::tag(t.state),
        urgent,
        due: if has_due { t.due_at.0 } else { 0 },
        missed: has_due && t.due_at < now,
        assignee: t.assignee_name.clone(),
        opened: t.opened_at.0,
    }
}

/// Which list the address asks for.
pub(super) fn query(desk: &Desk, list: &ListQuery) -> Query {
    let by = &desk.by;
    // Whoever only works sees what is theirs, and the pool.
    let reads = by.has(Permission::DeskRead);
    let which = match list.value("list") {
        "" if !reads => "mine",
        word => word,
    };
    let show = Show::from_word(list.value("show"));
    let mut q = Query {
        show,
        kind: Kind::from_word(list.value("kind")),
        priority: Priority::from_word(list.value("priority")),
        category: list.value("category").parse().ok(),
        building: list.value("building").to_owned(),
        newest: show == Show::All,
        ..Query::default()
    };
    match which {
        "mine" => q.assignee = by.account,
        "pool" => q.show = Show::State(State::Triaged),
        "complaints" => q.veil = Veil::Complaint,
        _ => {}
    }
    q
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    match fill(&desk, list).await {
        Ok(page) => page::ok(page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, list: ListQuery) -> Result<ListPage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    by.may(Permission::DeskEnter)?;
    let c = by.community;
    let tree = category::ready(house, c).await?;
    let mut q = query(desk, &list);
    let typed = list.value("q");
    let mut nobody_found = false;
    let (mut found, mut by_words) = (None, Vec::new());
    if !typed.is_empty() {
        found = crate::looking::numbered(house, by, typed).await?;
        if found.is_none() {
            let room = roster::find_room(house, c, typed).await?;
            q.room = room.map(|r| r.id);
            if q.room.is_none() {
                by_words = search::find(house, by, q.veil, typed).await?;
                nobody_found = by_words.is_empty();
            }
        }
    }
    let after = listing::place(list.value("after"));
    let mut page = listing::page(house, by, &q, after.as_ref()).await?;
    if let Some(t) = found {
        page.rows = listing::rows(house, c, vec![t]).await?;
        (page.total, page.more) = (1, false);
    } else if !by_words.is_empty() {
        (page.total, page.more) = (by_words.len() as i64, false);
        page.rows = by_words;
    } else if nobody_found {
        page.rows.clear();
        (page.total, page.more) = (0, false);
    }
    let t = |key: &'static str| frame.t(key).into_owned();
    // What stands where is counted for the office, not for one colleague.
    let of = |state: State| match q.assignee {
        Some(_) => None,
        None => page.tallies.get(&state).copied(),
    };
    let shown = |state: State| chip("show", state.word(), t(state.key()), of(state));
    let mut chips = vec![
        chip("show", "", t("desk-show-open"), None),
        chip("show", "overdue", t("desk-show-overdue"), None),
    ];
    let states = [
        State::New,
        State::Triaged,
        State::Assigned,
        State::Accepted,
        State::InProgress,
        State::Waiting,
        State::Resolved,
        State::Reopened,
    ];
    chips.extend(states.map(shown));
    chips.push(chip("show", "all", t("desk-show-all"), None));
    let mut lists = Vec::new();
    if by.has(Permission::DeskRead) {
        lists.push(chip("list", "", t("desk-list-office"), None));
    }
    if by.has(Permission::DeskWork) {
        let mine = if by.has(Permission::DeskRead) {
            "mine"
        } else {
            ""
        };
        lists.push(chip("list", mine, t("desk-list-mine"), None));
        lists.push(chip("list", "pool", t("desk-list-pool"), None));
    }
    if by.has(Permission::DeskComplaints) {
        lists.push(chip("list", "complaints", t("desk-list-complaints"), None));
    }
    let kinds = [Kind::Enquiry, Kind::Repair];
    let kinds = kinds.map(|k| chip("kind", k.word(), t(k.key()), None));
    let priorities = Priority::ALL.iter();
    let priorities = priorities.map(|p| chip("priority", p.word(), t(p.key()), None));
    let categories = tree.listed(q.kind).into_iter().take(CHIPS_MAX);
    let categories =
        categories.map(|(_, k)| chip("category", k.id.as_str(), words::category(k, frame), None));
    let buildings = roster::buildings(house, c)
        .await?
        .into_iter()
        .take(CHIPS_MAX);
    let buildings = buildings.map(|b| chip("building", &b, hanzi::room::building_said(&b), None));
    let last = page.rows.last().filter(|_| page.more);
    let after = last.map(|r| listing::mark(&r.ticket));
    let views = views::list(house, by).await?;
    let mut workers: Vec<Choice> = Vec::new();
    if by.has(Permission::DeskHandle) {
        let roles = Permission::DeskWork.roles();
        for one in accounts::staff::holders(house, c, roles).await? {
            if one.active && !workers.iter().any(|w| w.value == one.id.as_str()) {
                workers.push(Choice::new(one.id.as_str(), one.name));
            }
        }
    }
    let rows: Vec<Row> = page.rows.iter().map(|r| row(desk, &tree, r)).collect();
    Ok(ListPage {
        pager: Pager {
            total: page.total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after,
        },
        chips,
        lists,
        kinds: kinds.into(),
        priorities: priorities.collect(),
        categories: categories.collect(),
        buildings: buildings.collect(),
        rows,
        base: desk.at(""),
        views: views
            .into_iter()
            .map(|(id, name, query)| {
                let href = format!("{}?{query}", desk.at("/desk"));
                (id.to_string(), name, href)
            })
            .collect(),
        book: if by.has(Permission::ExportRun) {
            list.href_at(&desk.at("/desk.xlsx"))
        } else {
            String::new()
        },
        workers,
        here: {
            let here = list.href_at("");
            here.trim_start_matches('?').to_owned()
        },
        may_read: by.has(Permission::DeskRead),
        may_take: by.has(Permission::DeskHandle),
        may_set: by.has(Permission::DeskSet),
        nobody_found,
        unknown_year: !crate::calendar::Hours::unknown_years(house.now()).is_empty(),
        list,
        frame: frame.clone().titled("desk-title"),
    })
}

/// One act for all tickets that are marked.
pub async fn bulk(desk: Desk, form: Form) -> Response {
    let ids: Vec<Id> = form.all("row").filter_map(|id| id.parse().ok()).collect();
    let done = async {
        let act = match form.value("act") {
            "triage" => Act::Triage,
            "assign" => Act::Assign,
            _ => return Err(Refused::NotFound),
        };
        let doing = acts::Doing {
            to: form.value("to").parse().ok(),
            priority: Priority::from_word(form.value("priority")),
            ..acts::Doing::default()
        };
        views::each(&desk.house, &desk.by, &ids, act, &doing).await
    };
    match done.await {
        Ok(n) => {
            let values = [
                ("done", (n.done as i64).into()),
                ("refused", (n.refused as i64).into()),
            ];
            let text = desk.frame.with("desk-did-bulk", &values).into_owned();
            let flash = if n.refused > 0 {
                Flash::info(text)
            } else {
                Flash::done(text)
            };
            onward::telling(&desk.at("/desk"), flash)
        }
        Err(e) => desk.refused(&e),
    }
}

/// Keeps the filter under a name.
pub async fn keep(desk: Desk, form: Form) -> Response {
    let (name, query) = (form.value("name"), form.value("query"));
    match views::keep(&desk.house, &desk.by, name, query).await {
        Ok(()) => {
            let to = format!("{}?{query}", desk.at("/desk"));
            onward::done(&to, desk.frame.t("desk-did-view"))
        }
        Err(e) => desk.refused(&e),
    }
}

/// Lets a filter go.
pub async fn forget(desk: Desk, _form: Form) -> Response {
    let done = async { views::forget(&desk.house, &desk.by, desk.id()?).await };
    match done.await {
        Ok(()) => onward::done(&desk.at("/desk"), desk.frame.t("desk-did-forget")),
        Err(e) => desk.refused(&e),
    }
}

struct Owed {
    href: String,
    number: String,
    place: String,
    worker: String,
    due: i64,
    silent: bool,
    rating: i64,
}

#[derive(Template)]
#[template(path = "desk/calls.html")]
struct CallsPage {
    frame: Frame,
    base: String,
    rows: Vec<Owed>,
}

/// Whom to call back: what others worked on.
pub async fn calls(desk: Desk) -> Response {
    let done = async {
        let owed = calls::owed(&desk.house, &desk.by).await?;
        let names = accounts::staff::names(&desk.house, desk.by.community).await?;
        let name = |id: Option<Id>| {
            let found = names.iter().find(|(n, _)| Some(*n) == id);
            found.map_or(String::new(), |(_, name)| name.clone())
        };
        let row = |(t, due): (crate::Ticket, foundation::clock::Moment)| Owed {
            href: desk.at(&format!("/desk/{}", t.id)),
            number: t.number.to_string(),
            place: words::place(&t, &desk.frame),
            worker: name(t.worker),
            due: due.0,
            silent: t.silent,
            rating: t.rating.unwrap_or(0),
        };
        Ok::<_, Refused>(owed.into_iter().map(row).collect())
    };
    match done.await {
        Ok(rows) => page::ok(CallsPage {
            base: desk.at(""),
            rows,
            frame: desk.frame.titled(key("desk-calls")),
        }),
        Err(e) => desk.refused(&e),
    }
}
