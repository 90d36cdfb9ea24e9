//! How the assistant behaves: when it speaks in the group, and whether its answers are reworded.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::manner::{self, InGroup, Manner};
use crate::reword;
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, key, onward};

#[derive(Template)]
#[template(path = "assistant/manner.html")]
struct MannerPage {
    frame: Frame,
    form: Form,
    here: String,
    base: String,
    group: Vec<Choice>,
    /// An endpoint is named by whoever runs the house.
    may_reword: bool,
}

fn said(group: InGroup) -> (&'static str, &'static str) {
    match group {
        InGroup::Off => (key("assistant-manner-off"), ""),
        InGroup::Called => (
            key("assistant-manner-called"),
            key("assistant-manner-called-hint"),
        ),
        InGroup::Sure => (
            key("assistant-manner-sure"),
            key("assistant-manner-sure-hint"),
        ),
    }
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let manner = match manner::of(&house, &by).await {
        Ok(manner) => manner,
        Err(e) => return refused(frame, &e),
    };
    let mut form = Form::filled([("group", manner.group.word())]);
    if manner.reword {
        form.set("reword", "yes");
    }
    let choice = |group: &InGroup| {
        let (text, hint) = said(*group);
        let choice = Choice::new(group.word(), frame.t(text));
        match hint {
            "" => choice,
            hint => choice.hint(frame.t(hint)),
        }
    };
    page::ok(MannerPage {
        here: format!("/c/{c}/assistant-manner"),
        base: format!("/c/{c}/assistant"),
        group: InGroup::ALL.iter().map(choice).collect(),
        may_reword: reword::is_named(&house),
        form,
        frame: frame.titled("assistant-manner"),
    })
}

pub async fn save(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let chosen = Manner {
        group: InGroup::from_word(form.value("group")).unwrap_or_default(),
        reword: form.has("reword", "yes") && reword::is_named(&house),
    };
    match manner::set(&house, &by, chosen).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/assistant-manner"),
            frame.t("assistant-did-manner"),
        ),
        Err(e) => refused(frame, &e),
    }
}
