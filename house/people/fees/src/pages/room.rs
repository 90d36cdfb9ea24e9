//! A room's account at the desk: what is owed and paid, money taken in, a bill by
//! hand, a plan; and the statement to print.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, amount, sentence, way_word, ways};
use crate::meters::{MeterRow, meters_of_room};
use crate::{
    AccountView, Balances, FeesError, Fen, LateLine, LateView, NewPayment, PLAN_PARTS_MAX, PayWays,
    Period, PlanPart, RefundView, Way, account, add_bill, agree_plan, balances_on, charge_late,
    end_plan, items, late_of_room, late_sum, pay_ways, policy, record, refund, refunds_of_room,
    void_payment, waive_late,
};
use foundation::ids::Id;
use foundation::page::form::Form;
use foundation::page::{self, Choice, Frame, ListQuery, say};
use jiff::ToSpan;
use permissions::Permission;

#[derive(Template)]
#[template(path = "fees/room.html")]
struct RoomPage {
    frame: Frame,
    form: Form,
    view: AccountView,
    ways: Vec<Choice>,
    items: Vec<Choice>,
    base: String,
    today: jiff::civil::Date,
    may_record: bool,
    may_correct: bool,
    refunds: Vec<RefundView>,
    meters: Vec<MeterRow>,
    /// What the contract's late fee would come to; nothing where there is none.
    late: Vec<LateLine>,
    late_past: Vec<LateView>,
    late_grounds: String,
    /// The balance of another day, where one was asked for.
    on: Option<(jiff::civil::Date, Balances)>,
}

#[derive(Template)]
#[template(path = "fees/statement.html")]
struct Statement {
    frame: Frame,
    view: AccountView,
    how: PayWays,
    today: jiff::civil::Date,
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let today = desk.house.now().date();
    // The id of the payment to come: sending the form twice records it once.
    let once = desk.house.id().to_string();
    let form = Form::filled([
        ("paid_on", today.to_string()),
        ("once", once),
        ("on", list.value("on").to_owned()),
        // A part of a bill, as its page says it.
        ("amount", list.value("amount").to_owned()),
        (
            "from",
            Period::of(today.saturating_sub(11.months())).to_string(),
        ),
        ("until", Period::of(today).to_string()),
    ]);
    draw(desk, room, form, StatusCode::OK).await
}

async fn draw(desk: Desk, room: Id, form: Form, status: StatusCode) -> Response {
    match fill(&desk, room, form).await {
        Ok(page) => page::html(status, page),
        Err(error) => desk.refused(&error),
    }
}

async fn fill(desk: &Desk, room: Id, form: Form) -> Result<RoomPage, FeesError> {
    let (house, actor) = (&desk.house, &desk.actor);
    let today = house.now().date();
    let view = account(house, actor, room).await?;
    let all = items(house, actor, Period::of(today)).await?;
    let policy = policy(house, actor.community).await?;
    let on = match form.value("on").parse() {
        Ok(day) => Some((day, balances_on(house, actor, room, day).await?)),
        Err(_) => None,
    };
    Ok(RoomPage {
        refunds: refunds_of_room(house, actor, room).await?,
        meters: meters_of_room(house, actor, room).await?,
        late: crate::late::late_now(house, actor.community, &policy, room).await?,
        late_past: late_of_room(house, actor, room).await?,
        late_grounds: policy.late_grounds,
        on,
        frame: desk.frame.clone().named(view.code.clone()),
        form,
        view,
        ways: ways(&desk.frame),
        items: all
            .into_iter()
            .map(|(item, _)| Choice::new(item.id.as_str(), item.name))
            .collect(),
        base: desk.at("/fees"),
        today,
        may_record: actor.has(Permission::FeesRecord),
        may_correct: actor.has(Permission::FeesWriteOff),
    })
}

/// The page again with the refusal in its form, or a page of its own.
async fn again(desk: Desk, room: Id, mut form: Form, error: FeesError) -> Response {
    match sentence(&error) {
        Some(why) => {
            form.fault_of_all(why);
            draw(desk, room, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        None => desk.refused(&error),
    }
}

pub async fn pay(desk: Desk, mut form: Form) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let paid_on = form.field("paid_on", "fees-paid-on").date();
    let amount = amount(&mut form, "amount");
    let words: Vec<&str> = Way::ALL.iter().map(|w| w.word()).collect();
    let way = form.field("way", "fees-way").choice(&words);
    let way = way.and_then(Way::from_word);
    let (Some(paid_on), Some(amount), Some(way)) = (paid_on, amount, way) else {
        return draw(desk, room, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let new = NewPayment {
        room,
        paid_on,
        way,
        amount,
        receipt: form.value("receipt").to_owned(),
        payer: form.value("payer").to_owned(),
        note: form.value("note").to_owned(),
        named: form.all("bill").filter_map(|b| b.parse().ok()).collect(),
        once: form.value("once").parse().ok(),
    };
    match record(&desk.house, &desk.actor, new).await {
        Ok(receipt) => {
            let text = desk.frame.with(
                "fees-paid-done",
                &[
                    ("amount", super::yuan(amount).into()),
                    ("number", receipt.number.into()),
                ],
            );
            desk.done(&desk.at(&format!("/fees/rooms/{room}")), text)
        }
        Err(error) => again(desk, room, form, error).await,
    }
}

pub async fn add(desk: Desk, mut form: Form) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let item = form
        .field("item", "fees-item")
        .read(|t| t.parse::<Id>().map_err(|_| say("error-choose")));
    let period = form
        .field("period", "fees-period")
        .read(|t| t.parse::<Period>().map_err(|_| say("fees-error-period")));
    let amount = amount(&mut form, "bill_amount");
    let due = match form.value("due") {
        "" => Some(None),
        _ => form.field("due", "fees-due").date().map(Some),
    };
    let (Some(item), Some(period), Some(amount), Some(due)) = (item, period, amount, due) else {
        return draw(desk, room, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match add_bill(&desk.house, &desk.actor, room, item, period, amount, due).await {
        Ok(_) => {
            let text = desk.frame.t("fees-bill-added");
            desk.done(&desk.at(&format!("/fees/rooms/{room}")), text)
        }
        Err(error) => again(desk, room, form, error).await,
    }
}

/// Hands back a part of the credit.
pub async fn hand_back(desk: Desk, mut form: Form) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let back = amount(&mut form, "back");
    let words: Vec<&str> = Way::ALL.iter().map(|w| w.word()).collect();
    let way = form.field("back_way", "fees-way").choice(&words);
    let (Some(back), Some(way)) = (back, way.and_then(Way::from_word)) else {
        return draw(desk, room, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (why, once) = (
        form.value("reason").to_owned(),
        form.value("once").parse().ok(),
    );
    match refund(&desk.house, &desk.actor, room, back, way, &why, once).await {
        Ok(_) | Err(FeesError::Again) => {
            let text = desk
                .frame
                .one("fees-refund-done", "amount", super::yuan(back));
            desk.done(&desk.at(&format!("/fees/rooms/{room}")), text)
        }
        Err(error) => again(desk, room, form, error).await,
    }
}

/// Charges the late fee that the page showed.
pub async fn charge(desk: Desk, form: Form) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let seen = Fen(form.value("seen").parse().unwrap_or(0));
    match charge_late(&desk.house, &desk.actor, room, seen).await {
        Ok(fee) => {
            let text = desk
                .frame
                .one("fees-late-charged", "amount", super::yuan(fee));
            desk.done(&desk.at(&format!("/fees/rooms/{room}")), text)
        }
        Err(error) => again(desk, room, form, error).await,
    }
}

/// Gives the late fee up until today.
pub async fn waive(desk: Desk, form: Form) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let why = form.value("late_why").to_owned();
    match waive_late(&desk.house, &desk.actor, room, &why).await {
        Ok(fee) => {
            let text = desk
                .frame
                .one("fees-late-waived", "amount", super::yuan(fee));
            desk.done(&desk.at(&format!("/fees/rooms/{room}")), text)
        }
        Err(error) => again(desk, room, form, error).await,
    }
}

/// A plan is typed as equal monthly instalments: how many, how much, from when.
pub async fn agree(desk: Desk, mut form: Form) -> Response {
    let room = match desk.id() {
        Ok(room) => room,
        Err(error) => return desk.refused(&error),
    };
    let first = form.field("first", "fees-plan-first").date();
    let count = form
        .field("count", "fees-plan-count")
        .number(1..=PLAN_PARTS_MAX as i64);
    let each = amount(&mut form, "each");
    let (Some(first), Some(count), Some(each)) = (first, count, each) else {
        return draw(desk, room, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let parts = monthly(first, count, each);
    let note = form.value("plan_note").to_owned();
    match agree_plan(&desk.house, &desk.actor, room, parts, &note).await {
        Ok(_) => {
            let text = desk.frame.t("fees-plan-done");
            desk.done(&desk.at(&format!("/fees/rooms/{room}")), text)
        }
        Err(error) => again(desk, room, form, error).await,
    }
}

// Each date from the first one, never chained: 31 January, 28 February, 31 March.
fn monthly(first: jiff::civil::Date, count: i64, each: Fen) -> Vec<PlanPart> {
    (0..count as i32)
        .map(|n| PlanPart {
            due: crate::arrears::months_later(first, n),
            amount: each,
        })
        .collect()
}

pub async fn end(desk: Desk, form: Form) -> Response {
    let ended = match desk.id() {
        Ok(plan) => end_plan(&desk.house, &desk.actor, plan).await,
        Err(error) => Err(error),
    };
    after(desk, &form, ended, |frame| {
        frame.t("fees-plan-ended").into_owned()
    })
}

pub async fn void(desk: Desk, form: Form) -> Response {
    let voided = match desk.id() {
        Ok(payment) => void_payment(&desk.house, &desk.actor, payment, form.value("reason")).await,
        Err(error) => Err(error),
    };
    after(desk, &form, voided, |frame| {
        frame.t("fees-payment-voided").into_owned()
    })
}

fn after(
    desk: Desk,
    form: &Form,
    outcome: Result<(), FeesError>,
    text: impl FnOnce(&Frame) -> String,
) -> Response {
    match outcome {
        Ok(()) => {
            // Only an id goes into the address.
            let to = match form.value("room").parse::<Id>() {
                Ok(room) => desk.at(&format!("/fees/rooms/{room}")),
                Err(_) => desk.at("/fees"),
            };
            desk.done(&to, text(&desk.frame))
        }
        Err(error) => desk.refused(&error),
    }
}

pub async fn statement(desk: Desk) -> Response {
    let read = async {
        let view = account(&desk.house, &desk.actor, desk.id()?).await?;
        let how = pay_ways(&desk.house, desk.actor.community).await?;
        Ok::<_, FeesError>((view, how))
    };
    match read.await {
        Ok((view, how)) => page::ok(Statement {
            how,
            today: desk.house.now().date(),
            frame: desk.frame.titled("fees-statement"),
            view,
        }),
        Err(error) => desk.refused(&error),
    }
}
