//! The viewer: one page at a time, each asked for when it is turned to, so that what the ledger
//! has is what was seen. An open viewer listens; when the window is over it hides the page.

use std::sync::Arc;

use accounts::sessions::Session;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{By, refused, words};
use crate::listing::{self, Story};
use crate::scope::{IDENTITY_WINDOW, Mode};
use crate::{ViewingError, printing, reading};
use dossiers::{Document, Kind};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, ListQuery, onward};
use permissions::Permission;
use permissions::actor::Actor;

struct Paper {
    id: String,
    href: String,
    name: String,
    note: String,
    here: bool,
}

struct Turned {
    name: String,
    picture: String,
    page: i64,
    pages: i64,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "viewings/view.html")]
struct ViewPage {
    frame: Frame,
    own: String,
    papers: Vec<Paper>,
    turned: Option<Turned>,
    ends: String,
    left: i64,
    mark: String,
    may_print: bool,
    may_copy: bool,
}

#[derive(Template)]
#[template(path = "viewings/view_own.html")]
struct OwnViewPage {
    frame: Frame,
    own: String,
    papers: Vec<Paper>,
    turned: Option<Turned>,
    ends: String,
    left: i64,
    mark: String,
    may_print: bool,
    may_copy: bool,
}

/// What the viewer shows.
struct Shown {
    story: Story,
    documents: Vec<Document>,
}

async fn read(house: &House, by: &Actor, id: Id) -> Result<Option<Shown>, ViewingError> {
    let story = listing::story(house, by, id).await?;
    if !story.mine {
        return Err(ViewingError::NotFound);
    }
    if !story.viewing.is_open(house.now()) {
        return Ok(None);
    }
    let documents = listing::reach(house, by, &story).await?;
    Ok(Some(Shown { story, documents }))
}

fn papers(
    frame: &Frame,
    by: &Actor,
    own: &str,
    shown: &Shown,
    list: &ListQuery,
    titled: bool,
) -> (Vec<Paper>, Option<Turned>) {
    let chosen: Option<Id> = list.value("document").parse().ok();
    let found = chosen.and_then(|id| shown.documents.iter().find(|d| d.id == id));
    let named = |d: &Document| {
        if titled || by.has(Permission::ArchiveRead) {
            format!("{} {}", d.label(), d.title)
        } else {
            format!("{} {}", d.label(), frame.t(d.kind.word()))
        }
    };
    let one_home = shown.story.homes.len() == 1;
    let home = |d: &Document| {
        let found = shown.story.homes.iter().find(|h| h.dossier == d.dossier);
        found
            .filter(|_| !one_home)
            .map_or(String::new(), |h| format!("{} · ", h.code))
    };
    let at = |d: &Document, page: i64| format!("{own}/view?document={}&page={page}#page", d.id);
    let papers = shown
        .documents
        .iter()
        .map(|d| Paper {
            id: d.id.to_string(),
            href: at(d, 1),
            name: named(d),
            note: format!(
                "{}{}",
                home(d),
                frame.one("viewings-pages", "count", d.pages)
            ),
            here: found.is_some_and(|f| f.id == d.id),
        })
        .collect();
    let turned = found.map(|d| {
        let page = list
            .value("page")
            .parse()
            .unwrap_or(1)
            .clamp(1, d.pages.max(1));
        let to = |page: i64, there: bool| {
            if there { at(d, page) } else { String::new() }
        };
        Turned {
            name: named(d),
            picture: format!("{own}/pages/{}/{page}", d.id),
            page,
            pages: d.pages,
            before: to(page - 1, page > 1),
            after: to(page + 1, page < d.pages),
        }
    });
    (papers, turned)
}

/// The viewer of a colleague.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let own = format!("/c/{c}/viewings/{id}");
    let shown = match read(&house, &by, id).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return onward::done(&own, frame.t("viewings-is-over")),
        Err(e) => return refused(frame, &e),
    };
    let (papers, turned) = papers(&frame, &by, &own, &shown, &list, false);
    let v = &shown.story.viewing;
    let ends = v.ends_at.unwrap_or_default();
    let here = list.value("document").parse::<Id>().ok();
    let kind = shown
        .documents
        .iter()
        .find(|d| Some(d.id) == here)
        .map(|d| d.kind);
    let after = v.began_at.map_or(0, |began| house.now().0 - began.0);
    let may = |mode| kind.is_some_and(|kind| v.granted.covers(kind, mode, after));
    page::ok(ViewPage {
        may_print: may(Mode::Print),
        may_copy: may(Mode::Copy),
        ends: frame.stamp(ends.0),
        left: left(&house, v, kind),
        mark: v.register_number().unwrap_or_else(|| v.number()),
        papers,
        turned,
        own,
        frame: frame.titled("viewings-view"),
    })
}

/// Milliseconds until the page must be gone.
fn left(house: &House, v: &crate::Viewing, kind: Option<Kind>) -> i64 {
    let ends = v.ends_at.unwrap_or_default();
    let ends = match (kind, v.began_at) {
        (Some(Kind::Identity), Some(began)) => ends.min(began.plus(IDENTITY_WINDOW)),
        _ => ends,
    };
    (ends.0 - house.now().0).max(0)
}

/// The viewer of a person who looks at their own file.
pub async fn own(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let own = format!("/c/{c}/my/files/viewings/{id}");
    let shown = match read(&house, &by, id).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return onward::done(&own, frame.t("viewings-is-over")),
        Err(e) => return refused(frame, &e),
    };
    let (papers, turned) = papers(&frame, &by, &own, &shown, &list, true);
    let v = &shown.story.viewing;
    let ends = v.ends_at.unwrap_or_default();
    page::ok(OwnViewPage {
        may_print: false,
        may_copy: false,
        ends: frame.stamp(ends.0),
        left: left(&house, v, None),
        mark: v.register_number().unwrap_or_else(|| v.number()),
        papers,
        turned,
        own,
        frame: frame.titled("viewings-view"),
    })
}

/// The picture of a page; recorded before its bytes leave.
pub async fn page(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id, document, page)): Path<(String, Id, Id, u32)>,
    frame: Frame,
) -> Response {
    match reading::page(&house, &by, id, document, page).await {
        Ok(jpeg) => page::jpeg(jpeg, "no-store"),
        Err(e) => refused(frame, &e),
    }
}

/// What an open viewer listens to.
pub async fn live(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    session: Option<Extension<Session>>,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match listing::story(&house, &by, id).await {
        Ok(story) if story.mine => {
            let session = session.map(|Extension(session)| session.id);
            crate::live::stream(house, by.community, id, session)
        }
        Ok(_) => refused(frame, &ViewingError::NotFound),
        Err(e) => refused(frame, &e),
    }
}

/// A numbered copy as PDF.
pub async fn print(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let document = form.value("document").parse::<Id>();
    let mode = Mode::from_word(form.value("mode"));
    let (Ok(document), Some(mode)) = (document, mode) else {
        return refused(frame, &ViewingError::NotFound);
    };
    let lang = words::paper_lang(&frame);
    match printing::print(&house, &by, id, document, mode, lang).await {
        Ok((pdf, nth)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"copy-{nth}.pdf\""),
                ),
                (header::CACHE_CONTROL, "no-store".to_owned()),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ];
            (headers, pdf).into_response()
        }
        Err(e) => refused(frame, &e),
    }
}
