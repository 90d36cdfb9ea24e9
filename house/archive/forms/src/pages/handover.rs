//! The handover of homes: a building's list, and the guided flow of one.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, drawing, refused, words};
use crate::handover::{self, FORMS, Progress, Step};
use crate::preparing::{self, Preparing};
use crate::{FormsError, State};
use accounts::Site;
use dossiers::number;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Form, Frame, ListQuery, Pager, Tag, Tone, key, onward};
use hanzi::fold;
use permissions::Permission;

/// Homes on one page of a building's list.
const HOMES: usize = 50;

struct Home {
    href: String,
    code: String,
    done: usize,
    of: usize,
    next: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "forms/handovers.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    own: String,
    building: String,
    said: String,
    chips: Vec<Chip>,
    /// How far homes are, with their counts.
    stages: Vec<Chip>,
    /// Whether the building has any, whatever is looked for.
    any: bool,
    pager: Pager,
    homes: Vec<Home>,
    /// The building is being prepared.
    work: Option<page::Progress>,
    /// What came of it the last time.
    prepared: String,
    may_file: bool,
    ready: bool,
}

/// How far the preparation of a building is, or what came of it.
fn told(frame: &Frame, newest: Option<Preparing>, poll: &str) -> (Option<page::Progress>, String) {
    let Some(p) = newest else {
        return (None, String::new());
    };
    if let Some(at) = p.ended_at {
        let values = [("homes", p.done.into()), ("papers", p.ready.into())];
        let said = frame.with("handover-did-prepare", &values);
        return (None, format!("{said} {}", frame.stamp(at.0)));
    }
    let work = page::Progress {
        done: p.done.max(0) as u64,
        total: p.homes.max(0) as u64,
        text: frame.t("handover-preparing").into_owned(),
        poll: poll.to_owned(),
        cancel: String::new(),
    };
    (Some(work), String::new())
}

/// How far a home is: the word in the address, and what is shown.
static STAGES: [(&str, Tone, &str); 4] = [
    ("new", Tone::Plain, key("handover-not-begun")),
    ("running", Tone::Waiting, key("handover-running")),
    ("complete", Tone::Waiting, key("handover-complete")),
    ("done", Tone::Done, key("handover-done")),
];

fn stage(home: &Progress) -> &'static (&'static str, Tone, &'static str) {
    &STAGES[match (&home.noted, home.next()) {
        (Some(n), _) if n.done_at.is_some() => 3,
        (None, _) => 0,
        (_, None) => 2,
        _ => 1,
    }]
}

fn state(home: &Progress) -> Tag {
    let (_, tone, word) = *stage(home);
    Tag::new(tone, word)
}

fn stages(frame: &Frame, homes: &[Progress]) -> Vec<Chip> {
    let all = Chip {
        name: "stage",
        value: String::new(),
        text: frame.t("handover-all").into_owned(),
        count: Some(homes.len() as u64),
    };
    let one = |(value, _, word): &(&'static str, Tone, &'static str)| Chip {
        name: "stage",
        value: (*value).to_owned(),
        text: frame.t(word).into_owned(),
        count: Some(homes.iter().filter(|h| stage(h).0 == *value).count() as u64),
    };
    std::iter::once(all).chain(STAGES.iter().map(one)).collect()
}

/// The homes that the address asks for, and where its page begins.
fn looked_for<'h>(homes: &'h [Progress], list: &ListQuery) -> (Vec<&'h Progress>, Pager) {
    let typed = fold::key(list.value("q"));
    let found: Vec<&Progress> = homes
        .iter()
        .filter(|h| list.value("stage").is_empty() || stage(h).0 == list.value("stage"))
        .filter(|h| fold::key(&h.head.code).contains(&typed))
        .collect();
    let id = |h: &&Progress| h.head.dossier.to_string();
    let (here, pager) = Pager::part(&found, list, HOMES, id);
    (here.to_vec(), pager)
}

/// The homes of a building and how far each is.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let read = async {
        let buildings = roster::buildings(&house, by.community).await?;
        let asked = list.value("building");
        let building = if asked.is_empty() {
            buildings.first().cloned().unwrap_or_default()
        } else {
            asked.to_owned()
        };
        let homes = handover::building(&house, &by, &building).await?;
        let newest = preparing::newest(&house, &by, &building).await?;
        Ok::<_, FormsError>((buildings, building, homes, newest))
    };
    let (buildings, building, homes, newest) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let chips = buildings.into_iter().map(|b| Chip {
        name: "building",
        text: hanzi::room::building_said(&b),
        value: b,
        ..Chip::default()
    });
    let may_file = by.has(Permission::ArchiveFile);
    let own = format!("/c/{c}/handover");
    let (work, prepared) = told(&frame, newest, &list.href("building", &building));
    let printed = |f: &crate::Filled| f.state == State::Printed && f.open_to(by.account);
    let (here, pager) = looked_for(&homes, &list);
    page::ok(ListPage {
        any: !homes.is_empty(),
        stages: stages(&frame, &homes),
        pager,
        ready: may_file && homes.iter().any(|h| h.forms.iter().any(printed)),
        homes: here
            .into_iter()
            .map(|h| Home {
                href: format!("/c/{c}/handover/{}", h.head.dossier),
                code: h.head.code.clone(),
                done: h.done(),
                of: Step::ALL.len(),
                next: h
                    .next()
                    .map_or(String::new(), |s| frame.t(s.word()).into_owned()),
                state: state(h),
            })
            .collect(),
        chips: chips.collect(),
        own,
        work,
        prepared,
        said: hanzi::room::building_said(&building),
        building,
        may_file,
        list,
        frame: frame.titled("handover-title"),
    })
}

/// A building is to be prepared: a job does it, and the list shows how far it is.
pub async fn prepare(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let building = form.value("building");
    match preparing::ask(&house, &by, building, frame.words.lang()).await {
        Ok(()) => {
            let list = ListQuery::parse(&format!("/c/{c}/handover"), "");
            onward::to(&list.href("building", building))
        }
        Err(e) => refused(frame, &e),
    }
}

/// The papers of a building in one file.
pub async fn papers(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    site: Extension<Site>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let head = drawing::letterhead(&c, &site, &frame);
    match handover::papers(&house, &by, list.value("building"), &head).await {
        Ok(bundle) => drawing::drawn(frame, "handover", bundle).await,
        Err(e) => refused(frame, &e),
    }
}

/// A step as it is shown.
struct Shown {
    title: String,
    done: bool,
    now: bool,
    /// What was noted, or where its form stands.
    said: String,
    /// Where it is done, and what the link says.
    href: String,
    link: String,
    /// The act of a step that is noted here.
    act: &'static str,
}

#[derive(Template)]
#[template(path = "forms/handover.html")]
struct FlowPage {
    frame: Frame,
    back: String,
    number: String,
    state: Tag,
    steps: Vec<Shown>,
    begun: bool,
    complete: bool,
    done: bool,
    may_file: bool,
}

fn shown(step: Step, home: &Progress, c: &str, frame: &Frame) -> Shown {
    let noted = home.noted.as_ref();
    let (said, href, link, act) = match (step, step.kind()) {
        (Step::Identity, _) => {
            let at = noted.and_then(|n| Some((n.identity_at?, &n.identity_name)));
            let said = at.map(|(at, who)| format!("{who} · {}", frame.stamp(at.0)));
            (
                said.unwrap_or_default(),
                String::new(),
                String::new(),
                "identity",
            )
        }
        (Step::Fees, _) => {
            let at = noted.and_then(|n| Some((n.fees_at?, &n.fees_name, n.fees_fen)));
            let said = at.map(|(at, who, fen)| {
                let owed = frame.one("handover-owed", "money", frame.money(fen));
                format!("{owed} · {who} · {}", frame.stamp(at.0))
            });
            let href = format!("/c/{c}/fees/rooms/{}", home.head.room);
            let link = frame.t("handover-to-fees").into_owned();
            (said.unwrap_or_default(), href, link, "fees")
        }
        (_, Some(kind)) if FORMS.contains(&kind) => match home.form(kind) {
            Some(form) => {
                let said = frame.t(words::state_word(form.state)).into_owned();
                let href = format!("/c/{c}/forms/{}", form.id);
                (said, href, frame.t(words::title(kind)).into_owned(), "")
            }
            None => Default::default(),
        },
        (_, Some(kind)) => {
            let href = format!(
                "/c/{c}/files/{}/new?kind={}",
                home.head.dossier,
                kind.letter()
            );
            let link = frame.t("archive-hand-in").into_owned();
            (String::new(), href, link, "")
        }
        (_, None) => Default::default(),
    };
    Shown {
        title: frame.t(step.word()).into_owned(),
        done: home.is_done(step),
        now: home.next() == Some(step),
        said,
        href,
        link,
        act,
    }
}

/// The flow of one home.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let home = match handover::one(&house, &by, dossier).await {
        Ok(home) => home,
        Err(e) => return refused(frame, &e),
    };
    let steps = Step::ALL.into_iter().map(|s| shown(s, &home, &c, &frame));
    page::ok(FlowPage {
        steps: steps.collect(),
        back: ListQuery::parse(&format!("/c/{c}/handover"), "")
            .href("building", &home.head.building),
        state: state(&home),
        begun: home.noted.is_some(),
        complete: home.next().is_none(),
        done: home.noted.as_ref().is_some_and(|n| n.done_at.is_some()),
        may_file: by.has(Permission::ArchiveFile),
        number: number::said(&home.head.number, frame.words.lang()),
        frame: frame.named(home.head.code.clone()),
    })
}

/// A step of the flow that is noted here.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let done = match form.value("act") {
        "begin" => handover::begin(&house, &by, dossier, &frame.words).await,
        "identity" => handover::check_identity(&house, &by, dossier).await,
        "fees" => handover::look_at_fees(&house, &by, dossier).await.map(drop),
        "finish" => handover::finish(&house, &by, dossier).await,
        _ => Err(FormsError::NotFound),
    };
    match done {
        Ok(()) => onward::done(
            &format!("/c/{c}/handover/{dossier}"),
            frame.t("handover-did"),
        ),
        Err(e) => refused(frame, &e),
    }
}
