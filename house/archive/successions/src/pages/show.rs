//! One succession: who asked and who let it begin, how far the bag is and where it lies, the
//! list to sign, and what is left to do.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::{By, refused, words};
use crate::acts;
use crate::download;
use crate::succession::{State, Succession};
use crate::write::LIST;
use crate::{SuccessionError, succession};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Line, Progress, Tag, key, onward};
use permissions::Permission::{ArchiveSucceed, ArchiveSucceedConfirm};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "successions/show.html")]
struct ShowPage {
    frame: Frame,
    form: Form,
    back: String,
    own: String,
    state: Tag,
    lines: Vec<Line>,
    /// Said to whoever may not confirm what they asked for themselves.
    own_asking: bool,
    may_confirm: bool,
    may_refuse: bool,
    work: Option<Progress>,
    /// Writing stopped half way; and whether the reader may let it go on.
    stopped: bool,
    may_resume: bool,
    /// Where the bag lies, once it is whole and until it is cleared.
    folder: String,
    digest: String,
    may_deliver: bool,
    may_download: bool,
    may_clear: bool,
    cleared: bool,
}

fn lines(s: &Succession, frame: &Frame) -> Vec<Line> {
    let sealed = if s.is_sealed() {
        format!("{}…", s.recipient.get(..16).unwrap_or(&s.recipient))
    } else {
        frame.t("successions-in-clear").into_owned()
    };
    let mut lines = vec![
        Line::new(frame.t("successions-f-successor"), s.successor.as_str()),
        Line::new(frame.t("successions-f-scope"), words::scope(s, frame)),
        Line::new(frame.t("successions-f-dossiers"), frame.count(s.dossiers)),
        Line::new(frame.t("successions-f-recipient"), sealed),
        Line::new(frame.t("successions-f-due"), s.due_day.as_str()),
        Line::new(
            frame.t("successions-f-asked"),
            format!("{} {}", s.asked_name, frame.stamp(s.asked_at.0)),
        ),
    ];
    if let Some(at) = s.decided_at {
        let who = format!("{} {}", s.decided_name, frame.stamp(at.0));
        lines.push(Line::new(frame.t("successions-f-decided"), who));
    }
    if let Some(at) = s.written_at {
        lines.push(Line::new(
            frame.t("successions-f-written"),
            frame.stamp(at.0),
        ));
    }
    if !s.delivered_day.is_empty() {
        let day = s.delivered_day.as_str();
        lines.push(Line::new(frame.t("successions-f-delivered"), day));
    }
    if let Some(at) = s.cleared_at {
        lines.push(Line::new(
            frame.t("successions-f-cleared"),
            frame.stamp(at.0),
        ));
    }
    lines
}

async fn drawn(
    house: &House,
    by: &Actor,
    c: &str,
    s: &Succession,
    frame: Frame,
    form: Form,
) -> Response {
    let stopped = match acts::stopped(house, by, s).await {
        Ok(stopped) => stopped,
        Err(e) => return refused(frame, &e),
    };
    let asked = s.state == State::Asked;
    let mine = by.account == Some(s.asked_by);
    let bag = matches!(s.state, State::Written | State::Delivered) && s.cleared_at.is_none();
    let folder = acts::folder(house, by, s.id).join("bag");
    let done = s.dossiers_done.clamp(0, s.dossiers);
    let status = if form.failed() {
        axum::http::StatusCode::UNPROCESSABLE_ENTITY
    } else {
        axum::http::StatusCode::OK
    };
    page::html(
        status,
        ShowPage {
            back: format!("/c/{c}/successions"),
            own: format!("/c/{c}/successions/{}", s.id),
            state: words::state_tag(s.state),
            lines: lines(s, &frame),
            own_asking: asked && mine,
            may_confirm: asked && !mine && by.has(ArchiveSucceedConfirm),
            may_refuse: asked,
            work: (s.state == State::Writing).then(|| Progress {
                done: done as u64,
                total: s.dossiers.max(0) as u64,
                text: frame.t("successions-writing-text").into_owned(),
                ..Progress::default()
            }),
            stopped,
            may_resume: stopped && by.has(ArchiveSucceed),
            folder: if bag {
                folder.display().to_string()
            } else {
                String::new()
            },
            digest: s.digest.clone(),
            may_deliver: s.state == State::Written && by.has(ArchiveSucceed),
            may_download: bag && s.state == State::Delivered && by.has(ArchiveSucceed),
            may_clear: bag && by.has(ArchiveSucceed),
            cleared: s.cleared_at.is_some(),
            form,
            frame: frame.named(s.successor.as_str()),
        },
    )
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match acts::one(&house, &by, id).await {
        Ok(s) => drawn(&house, &by, &c, &s, frame, Form::default()).await,
        Err(e) => refused(frame, &e),
    }
}

/// The list to sign, as it lies in the bag.
pub async fn paper(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let s = acts::one(&house, &by, id).await?;
        let written = matches!(s.state, State::Written | State::Delivered);
        if !written || s.cleared_at.is_some() {
            return Err(SuccessionError::NotFound);
        }
        let at = acts::folder(&house, &by, id).join("bag").join(LIST);
        Ok(tokio::fs::read(at).await?)
    };
    match read.await {
        Ok(pdf) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"succession.pdf\"",
                ),
                (header::CACHE_CONTROL, "private, no-store"),
            ];
            (headers, pdf).into_response()
        }
        Err(e) => refused(frame, &e),
    }
}

pub async fn confirm(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = acts::confirm(&house, &by, id).await;
    told(frame, &c, id, done, key("successions-did-confirm"))
}

pub async fn refuse(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = acts::refuse(&house, &by, id).await;
    told(frame, &c, id, done, key("successions-did-refuse"))
}

pub async fn deliver(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let day = form.field("day", key("successions-f-delivered")).date();
    let s: Result<succession::Succession, _> = acts::one(&house, &by, id).await;
    let s = match s {
        Ok(s) => s,
        Err(e) => return refused(frame, &e),
    };
    let Some(day) = day else {
        return drawn(&house, &by, &c, &s, frame, form).await;
    };
    match acts::deliver(&house, &by, id, &day.to_string()).await {
        Err(e @ SuccessionError::Day(_)) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault("day", sentence);
            }
            drawn(&house, &by, &c, &s, frame, form).await
        }
        done => told(frame, &c, id, done, key("successions-did-deliver")),
    }
}

/// Writing goes on where it stopped; the door asked for a second factor.
pub async fn resume(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = acts::resume(&house, &by, id).await;
    told(frame, &c, id, done, key("successions-did-resume"))
}

/// The package as one file; the door asked for a second factor.
pub async fn download(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match download::take(&house, &by, id).await {
        Ok(package) => {
            let headers = [
                (header::CONTENT_TYPE, "application/x-tar".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"succession-{id}.tar\""),
                ),
                (header::CONTENT_LENGTH, package.bytes().to_string()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, package.body()).into_response()
        }
        Err(e) => refused(frame, &e),
    }
}

pub async fn clear(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = acts::clear(&house, &by, id).await;
    told(frame, &c, id, done, key("successions-did-clear"))
}

fn told(
    frame: Frame,
    c: &str,
    id: Id,
    done: Result<(), SuccessionError>,
    said: &'static str,
) -> Response {
    match done {
        Ok(()) => onward::done(&format!("/c/{c}/successions/{id}"), frame.t(said)),
        Err(e) => refused(frame, &e),
    }
}
