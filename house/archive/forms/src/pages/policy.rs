//! The settings of forms, keys and processes.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, version};
use crate::policy::{self, LOAN_HOURS, Policy, RECHECK_MONTHS, REVIEW_DAYS};
use foundation::house::House;
use foundation::page::{self, Form, Frame, key, onward};

#[derive(Template)]
#[template(path = "forms/policy.html")]
struct PolicyPage {
    frame: Frame,
    form: Form,
    back: String,
}

fn draw(c: &str, status: StatusCode, frame: Frame, form: Form) -> Response {
    page::html(
        status,
        PolicyPage {
            back: format!("/c/{c}/forms"),
            form,
            frame: frame.titled("forms-policy-title"),
        },
    )
}

/// The settings.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match Policy::of(&house, by.community).await {
        Ok(p) => {
            let form = Form::filled([
                ("review", p.review_days.to_string()),
                ("recheck", p.recheck_months.to_string()),
                ("loan", p.loan_hours.to_string()),
                ("version", p.version.to_string()),
            ]);
            draw(&c, StatusCode::OK, frame, form)
        }
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
    let review = form
        .field("review", key("forms-policy-review"))
        .number(REVIEW_DAYS);
    let recheck = form
        .field("recheck", key("forms-policy-recheck"))
        .number(RECHECK_MONTHS);
    let loan = form
        .field("loan", key("forms-policy-loan"))
        .number(LOAN_HOURS);
    let (Some(review_days), Some(recheck_months), Some(loan_hours)) = (review, recheck, loan)
    else {
        return draw(&c, StatusCode::UNPROCESSABLE_ENTITY, frame, form);
    };
    let wanted = Policy {
        review_days,
        recheck_months,
        loan_hours,
        version: version(&form),
    };
    match policy::set(&house, &by, &wanted).await {
        Ok(()) => onward::done(&format!("/c/{c}/forms"), frame.t("forms-did-policy")),
        Err(e) => refused(frame, &e),
    }
}
