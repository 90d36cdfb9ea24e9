//! An owner's page: the files kept of their homes, asking to see them, and who opened them.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::listing;
use crate::own;
use crate::viewing::Viewing;
use crate::{State, ViewingError, ask as asking, opening};
use dossiers::{Life, number};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Flash, Form, Frame, Line, Tag, onward};

struct FileCard {
    ask: String,
    code: String,
    number: String,
    documents: i64,
    pages: i64,
    open: bool,
    /// Of a tenure that has ended: when, and whether it is sealed.
    ended: String,
    sealed: bool,
}

struct Asked {
    href: String,
    code: String,
    state: Tag,
    at: String,
}

struct OpenedRow {
    who: String,
    at: String,
    purpose: String,
    reason: String,
    approver: String,
    what: String,
    pages: i64,
    copies: i64,
    emergency: bool,
}

#[derive(Template)]
#[template(path = "viewings/mine.html")]
struct MinePage {
    frame: Frame,
    files: Vec<FileCard>,
    asked: Vec<Asked>,
    opened: Vec<OpenedRow>,
    /// Files that another company has now.
    given: Vec<successions::Given>,
}

/// The owner's page.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let read = async {
        let files = own::files(&house, &by).await?;
        let asked = own::of_mine(&house, &by).await?;
        let pending = own::pending(&house, &by).await?;
        let opened = own::opened(&house, &by).await?;
        let given = successions::given(&house, by.community, &files).await;
        let given = given.map_err(|e| ViewingError::Given(Box::new(e)))?;
        Ok::<_, ViewingError>((files, asked, pending, opened, given))
    };
    let (files, asked, pending, opened, given) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/my/files");
    let open = |dossier: Id| {
        pending
            .iter()
            .any(|(of, v)| *of == dossier && v.state != State::Draft)
    };
    page::ok(MinePage {
        files: files
            .into_iter()
            .map(|d| FileCard {
                ask: format!("{base}/{}/ask", d.id),
                open: open(d.id),
                sealed: d.life == Life::Sealed,
                ended: d.ended.unwrap_or_default(),
                code: d.code,
                number: number::said(&d.number, frame.words.lang()),
                documents: d.documents,
                pages: d.pages,
            })
            .collect(),
        asked: asked
            .iter()
            .map(|v| Asked {
                href: format!("{base}/viewings/{}", v.id),
                code: v.codes.clone(),
                state: words::tag(v),
                at: frame.stamp(v.asked_at.0),
            })
            .collect(),
        opened: opened
            .into_iter()
            .map(|one| {
                let v = &one.viewing;
                OpenedRow {
                    who: v.asker_name.clone(),
                    at: v.began_at.map_or(String::new(), |at| frame.stamp(at.0)),
                    purpose: frame.t(v.purpose.name()).into_owned(),
                    approver: v.approver_name.clone(),
                    what: words::kinds(&frame, v.granted.kinds),
                    pages: v.pages,
                    copies: v.copies,
                    emergency: v.way == crate::Way::Emergency,
                    reason: one.reason,
                }
            })
            .collect(),
        given,
        frame: frame.titled("viewings-mine"),
    })
}

/// The owner asks for the file of a home.
pub async fn ask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match own::ask(&house, &by, dossier).await {
        Ok(v) => onward::done(
            &format!("/c/{c}/my/files/viewings/{}", v.id),
            frame.t("viewings-did-ask-own"),
        ),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "viewings/own.html")]
struct OwnPage {
    frame: Frame,
    form: Form,
    back: String,
    own: String,
    state: Tag,
    lines: Vec<Line>,
    lead: String,
    why: String,
    may_open: bool,
    may_view: bool,
    may_withdraw: bool,
}

fn lead(v: &Viewing) -> &'static str {
    use foundation::page::key;
    match v.state {
        State::Submitted => key("viewings-own-submitted"),
        State::Approved => key("viewings-own-approved"),
        State::Covered => key("viewings-own-covered"),
        State::Released => key("viewings-own-released"),
        State::Registered => key("viewings-own-registered"),
        State::Active => key("viewings-own-active"),
        State::Denied => key("viewings-own-denied"),
        _ => key("viewings-own-over"),
    }
}

/// One request of one's own.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let story = match listing::story(&house, &by, id).await {
        Ok(story) if story.mine => story,
        Ok(_) => return refused(frame, &ViewingError::NotFound),
        Err(e) => return refused(frame, &e),
    };
    let v = &story.viewing;
    let mut lines = vec![
        Line::new(frame.t("viewings-rooms"), v.codes.clone()),
        Line::new(frame.t("viewings-asked-at"), frame.stamp(v.asked_at.0)),
    ];
    for (word, at) in [
        (page::key("viewings-answer-by"), v.answer_at),
        (page::key("viewings-ends"), v.ends_at),
    ] {
        if let Some(at) = at {
            lines.push(Line::new(frame.t(word), frame.stamp(at.0)));
        }
    }
    page::ok(OwnPage {
        back: format!("/c/{c}/my/files"),
        own: format!("/c/{c}/my/files/viewings/{id}"),
        state: words::tag(v),
        lead: frame.t(lead(v)).into_owned(),
        why: story.texts.why.clone(),
        may_open: v.state == State::Registered,
        may_view: v.is_open(house.now()),
        may_withdraw: matches!(
            v.state,
            State::Draft
                | State::Submitted
                | State::Approved
                | State::Covered
                | State::Released
                | State::Registered
        ),
        lines,
        form: Form::default(),
        frame: frame.titled("viewings-own"),
    })
}

/// The window opens; the door asked who it is.
pub async fn activate(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match opening::activate(&house, &by, id, true).await {
        Ok(v) => {
            let long = v.ends_at.map_or(0, |ends| ends.0 - house.now().0);
            let told = frame.one("viewings-did-activate", "long", frame.duration(long));
            let to = format!("/c/{c}/my/files/viewings/{id}/view");
            onward::telling(&to, Flash::info(told))
        }
        Err(e) => refused(frame, &e),
    }
}

/// The owner is done.
pub async fn close(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match opening::close(&house, &by, id).await {
        Ok(_) => onward::done(&format!("/c/{c}/my/files"), frame.t("viewings-did-close")),
        Err(e) => refused(frame, &e),
    }
}

/// The owner takes the request back.
pub async fn withdraw(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match asking::withdraw(&house, &by, id).await {
        Ok(_) => onward::done(
            &format!("/c/{c}/my/files"),
            frame.t("viewings-did-withdraw"),
        ),
        Err(e) => refused(frame, &e),
    }
}
