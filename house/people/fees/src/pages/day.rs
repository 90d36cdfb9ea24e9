//! The day book: what was received on a day, by way, to count the drawer against.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, way_word};
use crate::{Fen, PaymentView, Way, payments_of_day};
use foundation::page::{self, Frame, ListQuery};

#[derive(Template)]
#[template(path = "fees/day.html")]
struct DayPage {
    frame: Frame,
    date: Date,
    payments: Vec<PaymentView>,
    /// The key of the way's word, and its sum.
    ways: Vec<(&'static str, Fen)>,
    total: Fen,
    base: String,
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let today = desk.house.now().date();
    let date: Date = list.value("date").parse().unwrap_or(today);
    let payments = match payments_of_day(&desk.house, &desk.actor, date).await {
        Ok(payments) => payments,
        Err(error) => return desk.refused(&error),
    };
    let sum = |way: Option<Way>| {
        let counted = payments
            .iter()
            .filter(|p| !p.is_void() && way.is_none_or(|w| p.way == w));
        Fen(counted.map(|p| p.amount.0).sum())
    };
    let ways = Way::ALL
        .into_iter()
        .map(|way| (way_word(way), sum(Some(way))))
        .filter(|(_, total)| total.0 > 0)
        .collect();
    page::ok(DayPage {
        ways,
        total: sum(None),
        base: desk.at("/fees"),
        frame: desk.frame.titled("fees-day"),
        date,
        payments,
    })
}
