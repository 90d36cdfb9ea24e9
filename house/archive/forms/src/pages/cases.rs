//! Renovations and breaches: what runs, what is overdue, one case with its acts.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::asked::{self, Item};
use super::{By, drawing, refused, version, words};
use crate::cases::{Case, Process, WHATS, act, breach, looking, permit};
use crate::fields::Field;
use crate::values::Values;
use crate::{FormsError, fill};
use accounts::Site;
use dossiers::Kind;
use foundation::clock::Moment as At;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, ListQuery, Moment, Pager, Tag, onward};
use permissions::Permission;
use permissions::actor::Actor;

struct Row {
    href: String,
    code: String,
    title: String,
    number: String,
    state: Tag,
    due: String,
    late: bool,
}

impl Row {
    fn of(c: &str, case: &Case, now: At, frame: &Frame) -> Row {
        let title = Process::of(case.kind).map_or(String::new(), |p| frame.t(p.title).into_owned());
        Row {
            href: format!("/c/{c}/cases/{}", case.id),
            code: case.code.clone(),
            title,
            number: case.label(),
            state: words::case_tag(case, now),
            due: case
                .due_at
                .map_or(String::new(), |due| due.date().to_string()),
            late: case.overdue(now),
        }
    }
}

#[derive(Template)]
#[template(path = "forms/cases.html")]
struct CasesPage {
    frame: Frame,
    list: ListQuery,
    tabs: Vec<(String, String, bool)>,
    overdue: Vec<Row>,
    rows: Vec<Row>,
    pager: Pager,
}

fn spot(text: &str) -> Option<(At, Id)> {
    let (at, id) = text.split_once('_')?;
    Some((At(at.parse().ok()?), id.parse().ok()?))
}

/// What runs; what is overdue stands first.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let kind = match list.value("kind") {
        "h" => Kind::Breach,
        _ => Kind::Renovation,
    };
    let read = async {
        let page = looking::open(&house, &by, kind, spot(list.value("after"))).await?;
        let total = looking::open_count(&house, &by, kind).await?;
        Ok::<_, FormsError>((page, looking::overdue(&house, &by).await?, total))
    };
    let ((found, more), overdue, total) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let now = house.now();
    let row = |case: &Case| Row::of(&c, case, now, &frame);
    let last = found.last().filter(|_| more);
    let after = last.map(|x| format!("{}_{}", x.opened_at.0, x.id));
    let tabs = [Kind::Renovation, Kind::Breach]
        .into_iter()
        .filter_map(|k| {
            let process = Process::of(k)?;
            let href = format!("/c/{c}/cases?kind={}", k.letter());
            Some((href, frame.t(process.title).into_owned(), k == kind))
        });
    page::ok(CasesPage {
        tabs: tabs.collect(),
        overdue: overdue.iter().map(row).collect(),
        rows: found.iter().map(row).collect(),
        pager: Pager {
            total: total.max(0) as u64,
            shown: found.len() as u64,
            before: None,
            after,
        },
        list,
        frame: frame.titled("cases-title"),
    })
}

/// An act that may be done now, with what it asks.
struct Doable {
    name: &'static str,
    title: String,
    items: Vec<Item>,
    open: bool,
}

#[derive(Template)]
#[template(path = "forms/case.html")]
struct CasePage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    state: Tag,
    lines: Vec<Line>,
    acts: Vec<Doable>,
    moments: Vec<Moment>,
    papers: Vec<(String, String)>,
    choices: Vec<Choice>,
    whats: Vec<Choice>,
    version: i64,
    permit: String,
    application: String,
    breach: String,
}

/// What was said with a step, in one line.
fn said(fields: &'static [Field], values: &Values, frame: &Frame) -> String {
    let seen = asked::seen_of(fields, values, false, frame);
    let parts = seen
        .into_iter()
        .filter(|line| !line.value.is_empty())
        .map(|line| format!("{}：{}", line.label, line.value));
    parts.collect::<Vec<_>>().join("；")
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let read = async {
        let story = looking::story(house, by, id).await?;
        let inside = dossiers::listing::inside(house, by, story.case.dossier).await?;
        let process = story.case.process()?;
        Ok::<_, FormsError>((story, inside.documents, process))
    };
    let (story, documents, process) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let case = &story.case;
    let now = house.now();
    let mut lines = vec![
        Line::new(frame.t("archive-field-room"), case.code.clone())
            .leads(format!("/c/{c}/forms-of/{}", case.dossier)),
        Line::new(frame.t("cases-f-number"), case.label()),
        Line::new(frame.t("cases-f-opened"), frame.stamp(case.opened_at.0)),
    ];
    if let Some(due) = case.due_at {
        lines.push(Line::new(frame.t("cases-f-due"), frame.day(due.0)));
    }
    for (label, fen) in [
        ("cases-f-deposit", case.deposit),
        ("cases-f-fee", case.fee),
        ("cases-f-refund", case.refund),
    ] {
        if fen > 0 {
            lines.push(Line::new(frame.t(label), frame.money(fen)));
        }
    }
    if let Some(renovation) = case.renovation {
        let there = format!("/c/{c}/cases/{renovation}");
        let title = frame.t("cases-title-g");
        lines.push(Line::new(frame.t("cases-f-in"), title).leads(there));
    }
    if case.kind == Kind::Breach {
        lines.extend(asked::seen_of(breach::FOUND, &story.found, false, &frame));
    }
    let tried = form.value("act").to_owned();
    let acts = process
        .acts
        .iter()
        .filter(|a| a.from.contains(&case.state.as_str()) && by.has(a.may))
        .map(|a| Doable {
            name: a.name,
            title: frame.t(a.word).into_owned(),
            items: asked::items(a.asks, &form, &frame),
            open: a.name == tried,
        });
    let mut moments: Vec<Moment> = story
        .steps
        .iter()
        .filter_map(|(step, values)| {
            let act = process.act(&step.act)?;
            Some(Moment {
                at_ms: step.at.0,
                who: step.by_name.clone(),
                what: frame.t(act.word).into_owned(),
                why: said(act.asks, values, &frame),
                ..Moment::default()
            })
        })
        .collect();
    moments.reverse();
    let files = by.has(Permission::ArchiveFile);
    let papers = story.papers.iter().map(|(d, what)| {
        let what = frame.t(words::paper_word(what));
        let text = format!("{what} · {} {}", d.label(), d.title);
        (format!("/c/{c}/files/documents/{}", d.id), text)
    });
    let free = documents
        .iter()
        .filter(|d| !story.papers.iter().any(|(p, _)| p.id == d.id));
    let working = case.state == "working";
    let site = working || case.state == "stopped";
    let own = format!("/c/{c}/cases/{id}");
    page::html(
        status,
        CasePage {
            back: format!("/c/{c}/cases?kind={}", case.kind.letter()),
            state: words::case_tag(case, now),
            lines,
            acts: acts.collect(),
            moments,
            papers: papers.collect(),
            choices: if files && case.closed_at.is_none() {
                free.map(|d| Choice::new(d.id.to_string(), format!("{} {}", d.label(), d.title)))
                    .collect()
            } else {
                Vec::new()
            },
            whats: WHATS
                .map(|w| Choice::new(w, frame.t(words::paper_word(w))))
                .into(),
            version: case.version,
            permit: if files && case.kind == Kind::Renovation && working {
                format!("{own}/permit.pdf")
            } else {
                String::new()
            },
            application: case
                .form
                .map_or(String::new(), |f| format!("/c/{c}/forms/{f}")),
            breach: if files && case.kind == Kind::Renovation && site {
                format!("/c/{c}/forms-of/{}/breach?renovation={id}", case.dossier)
            } else {
                String::new()
            },
            own,
            form,
            frame: frame.titled(process.title),
        },
    )
}

/// One case.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, StatusCode::OK, frame, Form::default()).await
}

/// An act is done.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let process = match looking::one(&house, &by, id).await {
        Ok(case) => case.process().map_err(FormsError::from),
        Err(e) => Err(e),
    };
    let process = match process {
        Ok(process) => process,
        Err(e) => return refused(frame, &e),
    };
    let name = form.value("act").to_owned();
    let Some(wanted) = process.act(&name) else {
        return refused(frame, &FormsError::NotFound);
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(values) = Values::read_of(wanted.asks, &mut form) else {
        return draw(&house, &by, &c, id, unprocessable, frame, form).await;
    };
    let seen = version(&form);
    match act::act(&house, &by, id, seen, &name, values, &frame.words).await {
        Ok(()) => onward::done(&format!("/c/{c}/cases/{id}"), frame.t(wanted.word)),
        Err(e) => {
            let status = super::status(&e);
            match words::refusal(&e, &frame) {
                Some(sentence) if status == unprocessable => {
                    form.fault_of_all(sentence);
                    draw(&house, &by, &c, id, status, frame, form).await
                }
                _ => refused(frame, &e),
            }
        }
    }
}

/// A document is added.
pub async fn add_paper(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(document) = form.value("document").parse::<Id>() else {
        return refused(frame, &FormsError::Document);
    };
    match act::add_paper(&house, &by, id, document, form.value("what")).await {
        Ok(()) => onward::done(&format!("/c/{c}/cases/{id}"), frame.t("cases-did-paper")),
        Err(e) => refused(frame, &e),
    }
}

/// The permit for the door.
pub async fn permit_pdf(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    let mut head = drawing::letterhead(&c, &site, &frame);
    head.link = site.link(&format!("/c/{c}/cases/{{form}}"));
    match permit::paper_of(&house, &by, id, &head).await {
        Ok(form) => drawing::drawn(frame, "permit", form).await,
        Err(e) => refused(frame, &e),
    }
}

/// The application becomes a case.
pub async fn apply(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, form)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match act::apply(&house, &by, form).await {
        Ok(id) => onward::to(&format!("/c/{c}/cases/{id}")),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "forms/breach.html")]
struct BreachPage {
    frame: Frame,
    form: Form,
    back: String,
    code: String,
    items: Vec<Item>,
    renovation: String,
}

async fn breach_page(
    house: &House,
    by: &Actor,
    c: &str,
    dossier: Id,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let head = match fill::head(house, by.community, dossier).await {
        Ok(head) => head,
        Err(e) => return refused(frame, &e),
    };
    page::html(
        status,
        BreachPage {
            back: format!("/c/{c}/forms-of/{dossier}"),
            code: head.code,
            items: asked::items(breach::FOUND, &form, &frame),
            renovation: form.value("renovation").to_owned(),
            form,
            frame: frame.titled("cases-breach-new"),
        },
    )
}

/// A breach is to be noted.
pub async fn breach_form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let mut form = Form::default();
    form.set("found_at", &frame.stamp(house.now().0));
    form.set("renovation", list.value("renovation"));
    breach_page(&house, &by, &c, dossier, StatusCode::OK, frame, form).await
}

/// It is noted.
pub async fn breach_send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(values) = Values::read_of(breach::FOUND, &mut form) else {
        return breach_page(&house, &by, &c, dossier, status, frame, form).await;
    };
    let renovation = form.value("renovation").parse().ok();
    match act::found(&house, &by, dossier, renovation, values).await {
        Ok(id) => onward::to(&format!("/c/{c}/cases/{id}")),
        Err(e @ FormsError::Missing(_)) => {
            if let Some(sentence) = words::refusal(&e, &frame) {
                form.fault_of_all(sentence);
            }
            breach_page(&house, &by, &c, dossier, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}
