//! The office's rules for fees, write-offs that wait for a second person, and the compound's
//! balance on a day.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, amount, sentence};
use crate::{
    Balances, Decimals, FeesError, Fen, PayWays, Policy, WishView, compound_on, decide_write_off,
    pay_ways, policy, set_pay_ways, set_policy, wishes,
};
use foundation::page::form::Form;
use foundation::page::{self, Frame, ListQuery, say};

#[derive(Template)]
#[template(path = "fees/rules.html")]
struct RulesPage {
    frame: Frame,
    form: Form,
    /// No way to pay is named yet: letters and statements cannot say how.
    no_ways: bool,
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

/// The rules and the ways as they are set.
async fn filled(desk: &Desk) -> Result<(Form, bool), FeesError> {
    let c = desk.actor.community;
    let now = policy(&desk.house, c).await?;
    let ways = pay_ways(&desk.house, c).await?;
    let none = ways.none();
    let mut form = Form::filled([
        ("limit", now.write_off_limit.plain()),
        ("late_rate", percent_text(now.late_rate)),
        ("late_cap", now.late_cap.to_string()),
        ("late_grounds", now.late_grounds),
        ("pay_account", ways.account),
        ("pay_counter", ways.counter),
        ("pay_hours", ways.hours),
        ("pay_other", ways.other),
    ]);
    if now.owners_read {
        form.set("owners_read", "yes");
    }
    Ok((form, none))
}

pub async fn rules(desk: Desk) -> Response {
    match filled(&desk).await {
        Ok((form, no_ways)) => draw(desk, form, no_ways, StatusCode::OK),
        Err(error) => desk.refused(&error),
    }
}

fn draw(desk: Desk, form: Form, no_ways: bool, status: StatusCode) -> Response {
    let page = RulesPage {
        base: desk.at("/fees"),
        frame: desk.frame.titled("fees-rules"),
        no_ways,
        form,
    };
    page::html(status, page)
}

/// The page again with what was typed into one of its two forms; the other as it is set.
async fn again(desk: Desk, mut form: Form) -> Response {
    match filled(&desk).await {
        Ok((set, no_ways)) => {
            let ways = ["pay_account", "pay_counter", "pay_hours", "pay_other"];
            let rules = [
                "limit",
                "late_rate",
                "late_cap",
                "late_grounds",
                "owners_read",
            ];
            let others = match form.value("form") {
                "ways" => rules.as_slice(),
                _ => ways.as_slice(),
            };
            for name in others {
                form.set(name, set.value(name));
            }
            draw(desk, form, no_ways, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => desk.refused(&error),
    }
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
        return again(desk, form).await;
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
        Err(error) => refused_of(desk, form, &error).await,
    }
}

async fn refused_of(desk: Desk, mut form: Form, error: &FeesError) -> Response {
    match sentence(error) {
        Some(why) => {
            form.fault_of_all(why);
            again(desk, form).await
        }
        None => desk.refused(error),
    }
}

/// How the office is paid, for letters and statements.
pub async fn set_ways(desk: Desk, form: Form) -> Response {
    let said = |name: &str| form.value(name).to_owned();
    let new = PayWays {
        account: said("pay_account"),
        counter: said("pay_counter"),
        hours: said("pay_hours"),
        other: said("pay_other"),
    };
    match set_pay_ways(&desk.house, &desk.actor, new).await {
        Ok(()) => desk.done(&desk.at("/fees/rules"), desk.frame.t("fees-pay-saved")),
        Err(error) => refused_of(desk, form, &error).await,
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
