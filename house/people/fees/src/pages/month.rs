//! The month's bills: seen before they are made.

use askama::Template;
use axum::response::Response;

use super::Desk;
use crate::{FeesError, Period, Preview, bill_month, preview_month};
use foundation::page::form::Form;
use foundation::page::{self, Frame, ListQuery};

#[derive(Template)]
#[template(path = "fees/month.html")]
struct MonthPage {
    frame: Frame,
    period: Period,
    preview: Preview,
    base: String,
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let this = Period::of(desk.house.now().date());
    let period = list.value("period").parse().unwrap_or(this);
    match preview_month(&desk.house, &desk.actor, period).await {
        Ok(preview) => page::ok(MonthPage {
            base: desk.at("/fees"),
            frame: desk.frame.titled("fees-month"),
            period,
            preview,
        }),
        Err(error) => desk.refused(&error),
    }
}

pub async fn run(desk: Desk, form: Form) -> Response {
    let Ok(period) = form.value("period").parse::<Period>() else {
        return desk.refused(&FeesError::MonthsReversed);
    };
    let chosen: Vec<_> = form.all("item").filter_map(|i| i.parse().ok()).collect();
    if chosen.is_empty() {
        // Nothing ticked is nothing to do, never everything.
        return desk.done(&desk.at("/fees/month"), desk.frame.t("fees-month-none"));
    }
    match bill_month(&desk.house, &desk.actor, period, &chosen).await {
        Ok(done) => {
            let text = desk.frame.with(
                "fees-month-done",
                &[
                    ("bills", (done.bills as i64).into()),
                    ("total", super::yuan(done.total).into()),
                ],
            );
            desk.done(&desk.at(&format!("/fees/month?period={period}")), text)
        }
        Err(error) => desk.refused(&error),
    }
}
