//! Covering what is of others, page by page: the page as it is, with the areas upon it, set by
//! mouse or finger, or by numbers.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, may, refused};
use crate::listing::{self, Story};
use crate::own_area::{AREAS_MAX, Area, EDGE_MIN, WHOLE};
use crate::own_cover::{self, Page};
use crate::{State, ViewingError};
use dossiers::Document;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, ListQuery, Progress, key, onward, say};
use permissions::actor::Actor;

/// Lines for areas that are still to come.
const BLANK: usize = 4;
/// The fields of an area; each name is followed by the line's number.
const FIELDS: [&str; 4] = ["left", "top", "width", "height"];

/// A paper in the list of papers.
pub(super) struct Paper {
    pub href: String,
    pub name: String,
    pub note: String,
    pub here: bool,
    pub done: bool,
}

/// The page that is looked at.
pub(super) struct Turned {
    pub document: String,
    pub name: String,
    pub picture: String,
    pub page: i64,
    pub pages: i64,
    pub before: String,
    pub after: String,
    pub at: Page,
}

/// Both screens' lists: of each paper how many pages are done, and the page that is chosen.
pub(super) struct Walk<'a> {
    pub frame: &'a Frame,
    /// Where the screen is, and where its pictures are.
    pub screen: String,
    pub pictures: String,
    pub documents: Vec<Document>,
    pub pages: Vec<Page>,
    pub done: fn(&Page) -> bool,
}

impl Walk<'_> {
    fn of(&self, document: Id) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(move |p| p.document == document)
    }

    fn at(&self, page: &Page) -> String {
        let (document, page) = (page.document, page.page);
        format!("{}?document={document}&page={page}#page", self.screen)
    }

    pub fn name(&self, d: &Document) -> String {
        format!("{} {}", d.label(), d.title)
    }

    pub fn papers(&self, here: Option<&Page>) -> Vec<Paper> {
        let paper = |d: &Document| {
            let done = self.of(d.id).filter(|p| (self.done)(p)).count();
            let next = self.of(d.id).find(|p| !(self.done)(p));
            let next = next.or_else(|| self.of(d.id).next())?;
            Some(Paper {
                href: self.at(next),
                name: self.name(d),
                note: format!("{done} / {}", d.pages),
                here: here.is_some_and(|p| p.document == d.id),
                done: done as i64 == d.pages,
            })
        };
        self.documents.iter().filter_map(paper).collect()
    }

    /// The chosen page, or the first that is not done.
    pub fn chosen(&self, list: &ListQuery) -> Option<Page> {
        let document: Option<Id> = list.value("document").parse().ok();
        let page = list.value("page").parse().unwrap_or(1);
        let named = |p: &&Page| Some(p.document) == document && p.page == page;
        let open = |p: &&Page| !(self.done)(p);
        let found = self.pages.iter().find(named);
        found.or_else(|| self.pages.iter().find(open)).cloned()
    }

    pub fn turned(&self, at: Page) -> Option<Turned> {
        let d = self.documents.iter().find(|d| d.id == at.document)?;
        let to = |page: i64| {
            let found = self.of(d.id).find(|p| p.page == page);
            found.map_or(String::new(), |p| self.at(p))
        };
        Some(Turned {
            document: d.id.to_string(),
            name: self.name(d),
            picture: format!("{}/{}/{}", self.pictures, d.id, at.page),
            page: at.page,
            pages: d.pages,
            before: to(at.page - 1),
            after: to(at.page + 1),
            at,
        })
    }

    /// Where the next page is that is not done.
    fn next(&self, after: &Page) -> String {
        let mut behind = self.pages.iter().skip_while(|p| *p != after);
        let open = |p: &&Page| !(self.done)(p) && *p != after;
        let next = behind.find(open).or_else(|| self.pages.iter().find(open));
        next.map_or_else(|| self.screen.clone(), |p| self.at(p))
    }

    pub fn progress(&self) -> Progress {
        let done = self.pages.iter().filter(|p| (self.done)(p)).count();
        Progress {
            done: done as u64,
            total: self.pages.len() as u64,
            text: self
                .frame
                .with(
                    "viewings-cover-progress",
                    &[("done", done.into()), ("pages", self.pages.len().into())],
                )
                .into_owned(),
            ..Progress::default()
        }
    }
}

/// A line of the form: the area as it was typed or lies.
struct AreaLine {
    nth: usize,
    /// Left, top, width and height.
    values: [String; 4],
    drawn: bool,
}

#[derive(Template)]
#[template(path = "viewings/cover.html")]
struct CoverPage {
    frame: Frame,
    form: Form,
    own: String,
    why: String,
    papers: Vec<Paper>,
    turned: Option<Turned>,
    lines: Vec<AreaLine>,
    work: Progress,
    whole: bool,
    alone: bool,
}

/// What the form says of its areas; `Err` names the line that says none.
fn typed(form: &Form) -> Result<Vec<Area>, usize> {
    let mut out = Vec::new();
    for nth in 1..=AREAS_MAX {
        let values = FIELDS.map(|name| form.value(&format!("{name}_{nth}")).to_owned());
        if values.iter().all(String::is_empty) {
            continue;
        }
        let [left, top, width, height] = values.map(|v| v.parse::<u32>().ok());
        let area = left
            .zip(top)
            .zip(width.zip(height))
            .and_then(|((left, top), (width, height))| Area::new(left, top, width, height));
        out.push(area.ok_or(nth)?);
    }
    Ok(out)
}

fn lines(form: &Form, areas: &[Area]) -> Vec<AreaLine> {
    let kept = |nth: usize| FIELDS.map(|name| form.value(&format!("{name}_{nth}")).to_owned());
    let typed = (1..=AREAS_MAX).rfind(|nth| kept(*nth).iter().any(|v| !v.is_empty()));
    let used = typed.unwrap_or(0).max(areas.len());
    (1..=(used + BLANK).min(AREAS_MAX))
        .map(|nth| {
            let there = areas.get(nth - 1).filter(|_| typed.is_none());
            let values = there.map_or_else(
                || kept(nth),
                |a| [a.left, a.top, a.width, a.height].map(|n| n.to_string()),
            );
            AreaLine {
                nth,
                drawn: values.iter().all(|v| v.parse::<u32>().is_ok()),
                values,
            }
        })
        .collect()
}

async fn read(
    house: &House,
    by: &Actor,
    id: Id,
) -> Result<(Story, Vec<Document>, Vec<Page>), ViewingError> {
    let story = listing::story(house, by, id).await?;
    let v = &story.viewing;
    if v.way != crate::Way::Own || v.state != State::Approved || story.mine {
        return Err(ViewingError::NotFound);
    }
    let documents = listing::reach(house, by, &story).await?;
    let pages = own_cover::pages(house, by, &story).await?;
    Ok((story, documents, pages))
}

async fn draw(
    house: &House,
    by: &Actor,
    (c, id): (&str, Id),
    list: &ListQuery,
    frame: Frame,
    form: Form,
) -> Response {
    let (story, documents, pages) = match read(house, by, id).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let own = format!("/c/{c}/viewings/{id}");
    let whole = !pages.is_empty() && pages.iter().all(|p| p.areas.is_some());
    let walk = Walk {
        frame: &frame,
        screen: format!("{own}/cover"),
        pictures: format!("{own}/cover"),
        documents,
        pages,
        done: |page| page.areas.is_some(),
    };
    let chosen = walk.chosen(list);
    let papers = walk.papers(chosen.as_ref());
    let turned = chosen.and_then(|page| walk.turned(page));
    let areas = turned.as_ref().and_then(|t| t.at.areas.clone());
    let work = walk.progress();
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page::html(
        status,
        CoverPage {
            lines: lines(&form, &areas.unwrap_or_default()),
            why: story.texts.cover.clone(),
            alone: story.hand.alone,
            own,
            papers,
            turned,
            work,
            whole,
            form,
            frame: frame.titled("viewings-cover"),
        },
    )
}

/// A page with its areas.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    draw(&house, &by, (&c, id), &list, frame, Form::default()).await
}

/// The areas of a page are kept, and on to the next that nobody went through.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Ok(document) = form.value("document").parse::<Id>() else {
        return refused(frame, &ViewingError::Document);
    };
    let page = form.value("page").parse().unwrap_or(0);
    let again = format!("document={document}&page={page}");
    let none = form.has("act", "none");
    let areas = if none { Ok(Vec::new()) } else { typed(&form) };
    let fault = match &areas {
        Err(nth) => {
            let sentence = say("viewings-cover-no-area")
                .and("nth", *nth)
                .and("least", EDGE_MIN)
                .and("whole", WHOLE);
            Some((format!("left_{nth}"), sentence))
        }
        Ok(areas) if areas.is_empty() && !none => {
            Some(("left_1".to_owned(), say("viewings-cover-choose")))
        }
        Ok(_) => None,
    };
    if let Some((field, sentence)) = fault {
        form.fault(&field, sentence);
        let list = ListQuery::parse("", &again);
        return draw(&house, &by, (&c, id), &list, frame, form).await;
    }
    let areas = areas.unwrap_or_default();
    if let Err(e) = own_cover::cover(&house, &by, id, document, page, &areas).await {
        return refused(frame, &e);
    }
    let screen = format!("/c/{c}/viewings/{id}/cover");
    let to = match read(&house, &by, id).await {
        Ok((_, documents, pages)) => {
            let here = pages
                .iter()
                .find(|p| p.document == document && p.page == page)
                .cloned();
            let walk = Walk {
                frame: &frame,
                screen: screen.clone(),
                pictures: screen.clone(),
                documents,
                pages,
                done: |page| page.areas.is_some(),
            };
            here.map_or(screen, |here| walk.next(&here))
        }
        Err(_) => screen,
    };
    let told = if none {
        key("viewings-did-cover-none")
    } else {
        key("viewings-did-cover")
    };
    onward::done(&to, frame.t(told))
}

/// The picture of a page; recorded before its bytes leave.
pub async fn picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id, document, page)): Path<(String, Id, Id, u32)>,
    frame: Frame,
) -> Response {
    match own_cover::see(&house, &by, id, document, page).await {
        Ok(jpeg) => page::jpeg(jpeg, "no-store"),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "viewings/release.html")]
struct ReleasePage {
    frame: Frame,
    form: Form,
    own: String,
    by: String,
    papers: Vec<Paper>,
    turned: Option<Turned>,
    work: Progress,
    /// All pages were seen, or all but the one that is open.
    ready: bool,
    may_release: bool,
    may_vouch: bool,
}

/// The pages as they are covered, for who lets them go.
pub async fn release(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let read = async {
        let story = listing::story(&house, &by, id).await?;
        let rights = may::release(&by, &story);
        if rights == (false, false) {
            return Err(ViewingError::NotFound);
        }
        let documents = listing::reach(&house, &by, &story).await?;
        let mut pages = own_cover::pages(&house, &by, &story).await?;
        pages.retain(|p| p.areas.is_some());
        Ok((story, documents, pages, rights))
    };
    let (story, documents, pages, (may_release, may_vouch)) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let own = format!("/c/{c}/viewings/{id}");
    let walk = Walk {
        frame: &frame,
        screen: format!("{own}/release"),
        pictures: format!("{own}/release"),
        documents,
        pages,
        done: |page| page.seen,
    };
    let chosen = walk.chosen(&list);
    let ready = walk
        .pages
        .iter()
        .all(|p| p.seen || Some(p) == chosen.as_ref());
    let papers = walk.papers(chosen.as_ref());
    let turned = chosen.and_then(|page| walk.turned(page));
    let work = walk.progress();
    page::ok(ReleasePage {
        by: story.viewing.covered_name.clone(),
        own,
        papers,
        turned,
        work,
        ready,
        may_release,
        may_vouch,
        form: Form::default(),
        frame: frame.titled("viewings-release"),
    })
}
