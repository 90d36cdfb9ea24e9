//! What is done to a message: taken back, pinned, reported; and how far somebody has read.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{By, refused, words};
use crate::{channels, reading, speak};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};
use permissions::Permission::ConductRead;

/// Where the reader came from within the compound, or its channels.
fn back(c: &str, form: &Form) -> String {
    let fallback = format!("/c/{c}/group/channels");
    match form.value("channel").parse::<Id>() {
        Ok(channel) => format!("{fallback}/{channel}"),
        Err(_) => fallback,
    }
}

/// How far the script has shown; nothing to see.
pub async fn read(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let seq = form.value("seq").parse().unwrap_or(0);
    let marked = async {
        let channel = channels::one(&house, &by, id).await?;
        reading::mark(&house, &by, &channel, seq).await
    };
    match marked.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(e) => refused(frame, &e),
    }
}

/// Takes one's own message back.
pub async fn recall(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match speak::recall(&house, &by, id).await {
        Ok(()) => onward::done(&back(&c, &form), frame.t("group-did-recall")),
        Err(e) => refused(frame, &e),
    }
}

/// Pins a message, or takes it down.
pub async fn pin(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match speak::pin(&house, &by, id, form.value("pinned") == "yes").await {
        Ok(()) => onward::to(&back(&c, &form)),
        Err(e) => refused(frame, &e),
    }
}

struct Reason {
    word: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "group/report.html")]
struct ReportPage {
    frame: Frame,
    here: String,
    back: String,
    reasons: Vec<Reason>,
}

/// Asks what for.
pub async fn reporting(Path((c, id)): Path<(String, Id)>, frame: Frame) -> Response {
    let reasons = conduct::report::REASONS
        .iter()
        .map(|word| Reason {
            word,
            text: frame.t(words::reason(word)).into_owned(),
        })
        .collect();
    page::ok(ReportPage {
        here: format!("/c/{c}/group/messages/{id}/report"),
        back: format!("/c/{c}/group/channels"),
        reasons,
        frame: frame.titled("group-report"),
    })
}

/// Reports a message.
pub async fn report(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let reason = form.value("reason");
    let Some(reason) = conduct::report::REASONS.into_iter().find(|r| *r == reason) else {
        return reporting(Path((c, id)), frame).await;
    };
    match reading::report(&house, &by, id, reason).await {
        Ok(()) => {
            let told = frame.t("group-did-report").into_owned();
            // Whoever keeps order goes on at the desk where the case now lies.
            let path = if by.is_staff() && by.has(ConductRead) {
                format!("/c/{c}/conduct")
            } else {
                format!("/c/{c}/group/channels")
            };
            onward::done(&path, told)
        }
        Err(e) => refused(frame, &e),
    }
}
