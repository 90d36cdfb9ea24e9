//! What a complete dossier holds, and how numbers are made.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::kind::{Kind, Kinds};
use crate::number::Rule;
use crate::policy::{self, Policy};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, onward};

#[derive(Template)]
#[template(path = "archive/policy.html")]
struct PolicyPage {
    frame: Frame,
    form: Form,
    back: String,
    kinds: Vec<Choice>,
}

fn draw(c: &str, status: StatusCode, frame: Frame, form: Form) -> Response {
    let kinds = Kind::ALL
        .into_iter()
        .map(|kind| {
            let text = format!("{} {}", kind.letter(), frame.t(kind.word()));
            Choice::new(kind.letter(), text)
        })
        .collect();
    page::html(
        status,
        PolicyPage {
            back: format!("/c/{c}/files"),
            kinds,
            form,
            frame: frame.titled("archive-policy-title"),
        },
    )
}

fn filled(policy: &Policy) -> Form {
    let mut pairs = vec![
        ("rule".to_owned(), policy.rule.as_str().to_owned()),
        ("version".to_owned(), policy.version.to_string()),
    ];
    for (name, kinds) in [("handed", policy.handed_over), ("lived", policy.lived_in)] {
        let ticked = kinds
            .iter()
            .map(|k| (name.to_owned(), k.letter().to_owned()));
        pairs.extend(ticked);
    }
    Form::filled(pairs)
}

/// The settings.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match Policy::of(&house, by.community).await {
        Ok(policy) => draw(&c, StatusCode::OK, frame, filled(&policy)),
        Err(e) => refused(frame, &e.into()),
    }
}

/// Sets them.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let kinds = |name: &str| Kinds::of(form.all(name).filter_map(Kind::from_letter));
    let (handed_over, lived_in) = (kinds("handed"), kinds("lived"));
    let rule = match Rule::parse(form.value("rule")) {
        Ok(rule) => rule,
        Err(e) => {
            if let Some(sentence) = words::refusal(&e) {
                form.fault("rule", sentence);
            }
            return draw(&c, StatusCode::UNPROCESSABLE_ENTITY, frame, form);
        }
    };
    let wanted = Policy {
        handed_over,
        lived_in,
        rule,
        version: form.value("version").parse().unwrap_or(0),
    };
    match policy::set(&house, &by, &wanted).await {
        Ok(()) => onward::done(&format!("/c/{c}/files"), frame.t("archive-did-policy")),
        Err(e) => refused(frame, &e),
    }
}
