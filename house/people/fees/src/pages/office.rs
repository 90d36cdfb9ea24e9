//! The office's rules for fees, write-offs that wait for a second person, and the compound's
//! balance on a day.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, amount, sentence};
use crate::{
    Balances, Decimals, FeesError, Fen, Policy, WishView, compound_on, decide_write_off, policy,
    set_policy, wishes,
};
use foundation::page::form::Form;
use foundation::page::{self, Frame, ListQuery, say};

#[derive(Template)]
#[template(path = "fees/rules.html")]
struct RulesPage {
    frame: Frame,
    form: Form,
    base: String,
}

#[derive(Template)]
#[template(path = "fees/wishes.html")]
struct WishesPage {
    frame: Frame,
    wishes: Vec<WishView>,
    base: String,
}

#[derive(Template)]
#[template(path = "fees/balance.html")]
struct BalancePage {
    frame: Frame,
    date: Date,
    balances: Balances,
    base: String,
}

/// Millionths a day as percent a day: 500 is `0.05`.
fn percent_text(rate: i64) -> String {
    let part = format!("{:04}", rate % 10_000);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{}{point}{part}", rate / 10_000)
}

pub async fn rules(desk: Desk) -> Response {
    match policy(&desk.house, desk.actor.community).await {
        Ok(now) => {
            let mut form = Form::filled([
                ("limit", now.write_off_limit.plain()),
                ("late_rate", percent_text(now.late_rate)),
                ("late_cap", now.late_cap.to_string()),
                ("late_grounds", now.late_grounds.clone()),
            ]);
            if now.owners_read {
                form.set("owners_read", "yes");
            }
            draw(desk, form, StatusCode::OK)
        }
        Err(error) => desk.refused(&error),
    }
}

fn draw(desk: Desk, form: Form, status: StatusCode) -> Response {
    let page = RulesPage {
        base: desk.at("/fees"),
        frame: desk.frame.titled("fees-rules"),
        form,
    };
    page::html(status, page)
}

pub async fn set_rules(desk: Desk, mut form: Form) -> Response {
    let limit = amount(&mut form, "limit");
    let late_rate = form.field("late_rate", "fees-late-rate").read(|t| {
        let read = Decimals::read(t, 4).map(|d| d.0).filter(|n| *n >= 0);
        read.ok_or_else(|| say("fees-error-late"))
    });
    let late_cap = form
        .field("late_cap", "fees-late-cap")
        .number(0..=crate::policy::LATE_CAP_MAX);
    let (Some(write_off_limit), Some(late_rate), Some(late_cap)) = (limit, late_rate, late_cap)
    else {
        return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let new = Policy {
        write_off_limit: Fen(write_off_limit.0),
        late_rate,
        late_cap,
        late_grounds: form.value("late_grounds").to_owned(),
        owners_read: form.value("owners_read") == "yes",
    };
    match set_policy(&desk.house, &desk.actor, new).await {
        Ok(()) => desk.done(&desk.at("/fees/rules"), desk.frame.t("fees-rules-saved")),
        Err(error) => match sentence(&error) {
            Some(why) => {
                form.fault_of_all(why);
                draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY)
            }
            None => desk.refused(&error),
        },
    }
}

pub async fn waiting(desk: Desk) -> Response {
    match wishes(&desk.house, &desk.actor).await {
        Ok(wishes) => page::ok(WishesPage {
            base: desk.at("/fees"),
            frame: desk.frame.titled("fees-wishes"),
            wishes,
        }),
        Err(error) => desk.refused(&error),
    }
}

pub async fn decide(desk: Desk, form: Form) -> Response {
    let agrees = form.value("decision") == "agree";
    let decided = match desk.id() {
        Ok(id) => decide_write_off(&desk.house, &desk.actor, id, agrees).await,
        Err(_) => Err(FeesError::NoSuchWish),
    };
    match decided {
        Ok(()) => desk.done(&desk.at("/fees/wishes"), desk.frame.t("fees-wish-decided")),
        Err(error) => desk.refused(&error),
    }
}

pub async fn balance(desk: Desk, list: ListQuery) -> Response {
    let today = desk.house.now().date();
    let date: Date = list.value("date").parse().unwrap_or(today);
    match compound_on(&desk.house, &desk.actor, date).await {
        Ok(balances) => page::ok(BalancePage {
            base: desk.at("/fees"),
            frame: desk.frame.titled("fees-balance"),
            date,
            balances,
        }),
        Err(error) => desk.refused(&error),
    }
}
