//! The cashier's closing: counted by one, confirmed by another.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, sentence, way_word};
use crate::{
    ByWay, ClosingView, FeesError, Fen, Till, Way, close_till, closings, count_till, till,
};
use foundation::page::form::Form;
use foundation::page::{self, Frame, say};
use permissions::Permission;

/// A way to pay with what the books have of it.
struct Line {
    way: Way,
    expected: Fen,
}

#[derive(Template)]
#[template(path = "fees/till.html")]
struct TillPage {
    frame: Frame,
    form: Form,
    till: Till,
    lines: Vec<Line>,
    closings: Vec<ClosingView>,
    /// A counted one waits for its second person.
    waits: bool,
    base: String,
    may_record: bool,
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, Form::default(), StatusCode::OK).await
}

async fn draw(desk: Desk, form: Form, status: StatusCode) -> Response {
    match fill(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(error) => desk.refused(&error),
    }
}

async fn fill(desk: &Desk, form: Form) -> Result<TillPage, FeesError> {
    let (house, actor) = (&desk.house, &desk.actor);
    let till = till(house, actor).await?;
    let closings = closings(house, actor).await?;
    Ok(TillPage {
        lines: Way::ALL
            .into_iter()
            .map(|way| Line {
                way,
                expected: till.expected.of(way),
            })
            .collect(),
        till,
        waits: closings.first().is_some_and(|c| !c.is_closed),
        closings,
        form,
        base: desk.at("/fees"),
        may_record: actor.has(Permission::FeesRecord),
        frame: desk.frame.clone().titled("fees-till"),
    })
}

pub async fn count(desk: Desk, mut form: Form) -> Response {
    let mut counted = ByWay::default();
    let mut whole = true;
    for way in Way::ALL {
        let name = way.word();
        // Nothing typed is nothing there.
        let amount = match form.value(name) {
            "" => Some(Fen::ZERO),
            text => text.parse().ok(),
        };
        match amount {
            Some(amount) => counted.set(way, amount),
            None => {
                form.fault(name, say("fees-error-amount"));
                whole = false;
            }
        }
    }
    if !whole {
        return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match count_till(&desk.house, &desk.actor, counted, form.value("reason")).await {
        Ok(_) => desk.done(&desk.at("/fees/till"), desk.frame.t("fees-till-done")),
        Err(error) => match sentence(&error) {
            Some(why) => {
                form.fault_of_all(why);
                draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
            }
            None => desk.refused(&error),
        },
    }
}

pub async fn close(desk: Desk) -> Response {
    let closed = match desk.id() {
        Ok(id) => close_till(&desk.house, &desk.actor, id).await,
        Err(_) => Err(FeesError::NoSuchClosing),
    };
    match closed {
        Ok(()) => desk.done(&desk.at("/fees/till"), desk.frame.t("fees-till-closed")),
        Err(error) => desk.refused(&error),
    }
}
