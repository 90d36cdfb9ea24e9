//! The group's rules, to be accepted when a newer version is in force.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::rules;
use foundation::house::House;
use foundation::page::{self, Form, Frame, onward};

#[derive(Template)]
#[template(path = "conduct/rules.html")]
struct RulesPage {
    frame: Frame,
    own: String,
    version: i64,
    lines: Vec<String>,
}

/// What is to be accepted; back to the group when nothing is.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match rules::due(&house, &by).await {
        Ok(Some(text)) => page::ok(RulesPage {
            own: format!("/c/{c}/group-rules"),
            version: text.version,
            lines: membership::paragraphs(&frame, &text),
            frame: frame.titled("conduct-rules-title"),
        }),
        Ok(None) => onward::to(&format!("/c/{c}/group")),
        Err(e) => refused(frame, e),
    }
}

/// Accepts the version that was read.
pub async fn accept(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let version = form.value("version").parse().unwrap_or(0);
    match rules::accept(&house, &by, version).await {
        Ok(()) => onward::done(&format!("/c/{c}/group"), frame.t("conduct-did-accept")),
        Err(e) => refused(frame, e),
    }
}
