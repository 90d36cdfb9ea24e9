//! One bill: what it is, what changed it, and the manager's corrections.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, amount, sentence};
use crate as fees;
use crate::account::bill_view;
use crate::{BillView, CorrectionView, FeesError, WriteOff};
use foundation::ids::Id;
use foundation::page::form::Form;
use foundation::page::{self, Frame};
use permissions::Permission;

#[derive(Template)]
#[template(path = "fees/bill.html")]
struct BillPage {
    frame: Frame,
    form: Form,
    bill: BillView,
    room: Id,
    code: String,
    corrections: Vec<CorrectionView>,
    base: String,
    void_at: String,
    today: jiff::civil::Date,
    may_correct: bool,
}

pub async fn show(desk: Desk) -> Response {
    // The id of the correction to come: sending the form twice makes it once.
    let once = desk.house.id().to_string();
    draw(desk, Form::filled([("once", once)]), StatusCode::OK).await
}

async fn draw(desk: Desk, form: Form, status: StatusCode) -> Response {
    match fill(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(error) => desk.refused(&error),
    }
}

async fn fill(desk: &Desk, form: Form) -> Result<BillPage, FeesError> {
    let id = desk.id()?;
    let (room, code, bill, corrections) = bill_view(&desk.house, &desk.actor, id).await?;
    let title = format!("{code} {} {}", bill.item_name, bill.months());
    Ok(BillPage {
        frame: desk.frame.clone().named(title),
        form,
        bill,
        room,
        code,
        corrections,
        base: desk.at("/fees"),
        void_at: desk.at(&format!("/fees/bills/{id}/void")),
        today: desk.house.now().date(),
        may_correct: desk.actor.has(Permission::FeesWriteOff),
    })
}

pub async fn adjust(desk: Desk, mut form: Form) -> Response {
    let Some(by) = amount(&mut form, "adjust") else {
        return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let outcome = match desk.id() {
        Ok(bill) => {
            let (why, once) = (form.value("reason"), form.value("once").parse().ok());
            fees::adjust(&desk.house, &desk.actor, bill, by, why, once).await
        }
        Err(error) => Err(error),
    };
    after(desk, form, outcome).await
}

pub async fn write_off(desk: Desk, mut form: Form) -> Response {
    let Some(part) = amount(&mut form, "off") else {
        return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let outcome = match desk.id() {
        Ok(bill) => {
            let (why, once) = (form.value("reason"), form.value("once").parse().ok());
            fees::write_off(&desk.house, &desk.actor, bill, part, why, once).await
        }
        Err(error) => Err(error),
    };
    if let (Ok(WriteOff::Waiting(_)), Some(bill)) = (&outcome, desk.id) {
        let text = desk.frame.t("fees-wish-waits");
        return desk.done(&desk.at(&format!("/fees/bills/{bill}")), text);
    }
    after(desk, form, outcome.map(|_| ())).await
}

pub async fn void(desk: Desk, form: Form) -> Response {
    let outcome = match desk.id() {
        Ok(bill) => fees::void_bill(&desk.house, &desk.actor, bill, form.value("reason")).await,
        Err(error) => Err(error),
    };
    after(desk, form, outcome).await
}

async fn after(desk: Desk, mut form: Form, outcome: Result<(), FeesError>) -> Response {
    match (outcome, desk.id) {
        (Ok(()) | Err(FeesError::Again), Some(bill)) => {
            let text = desk.frame.t("fees-bill-changed");
            desk.done(&desk.at(&format!("/fees/bills/{bill}")), text)
        }
        (Ok(()) | Err(FeesError::Again), None) => desk.refused(&FeesError::NoSuchBill),
        (Err(error), _) => match sentence(&error) {
            Some(why) => {
                form.fault_of_all(why);
                draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
            }
            None => desk.refused(&error),
        },
    }
}
