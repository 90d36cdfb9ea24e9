//! The doors of the outbox: the operator sets the ways up, everybody says how they want
//! to be reached.

mod mine;
mod sending;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use foundation::page::{Flash, Frame, Sentence, key, problem, say};
use permissions::Permission::{HouseOperate, NotifyOwn};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

use crate::sender::{Answer, Why};
use crate::{OutboxError, Way, devices};

/// All of them.
pub fn routes() -> Routes {
    let house = Needs::House(HouseOperate);
    let own = Needs::May(NotifyOwn);
    Routes::new()
        .get("/house/sending", house, sending::show)
        .post("/house/sending/mail", house, sending::mail)
        .post("/house/sending/sms", house, sending::sms)
        .post("/house/sending/try", house, sending::try_out)
        .get("/c/{c}/my/notifications", own, mine::show)
        .post("/c/{c}/my/notifications", own, mine::wish)
        .post("/c/{c}/my/notifications/device", own, mine::add)
        .post("/c/{c}/my/notifications/device/{id}/end", own, mine::end)
        .post("/c/{c}/my/notifications/mail", own, mine::mail)
        .post("/c/{c}/my/notifications/mail-remove", own, mine::remove)
        .get(
            "/c/{c}/my/notifications/confirm/{secret}",
            own,
            mine::confirming,
        )
        .post(
            "/c/{c}/my/notifications/confirm/{secret}",
            own,
            mine::confirm,
        )
}

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

fn refusal(error: &OutboxError) -> Option<Sentence> {
    use OutboxError as E;
    Some(match error {
        E::NotSetUp => say("outbox-refused-not-set-up"),
        E::Settings => say("outbox-refused-settings"),
        E::Address => say("outbox-refused-address"),
        E::Browser => say("outbox-refused-browser"),
        E::TooMany => say("outbox-refused-many").and("max", devices::DEVICES_MAX),
        E::Hours => say("outbox-refused-hours"),
        E::Wait => say("outbox-refused-wait"),
        _ => return None,
    })
}

fn refused(frame: Frame, error: &OutboxError) -> Response {
    use OutboxError as E;
    let status = match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Database(foundation::database::DbError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(_) | E::Keys(_) | E::Post(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "the outbox could not do its work");
    }
    match refusal(error) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}

fn way_word(way: Way) -> &'static str {
    match way {
        Way::Push => key("outbox-way-push"),
        Way::Sms => key("outbox-way-sms"),
        Way::Mail => key("outbox-way-mail"),
    }
}

fn why_word(why: &str) -> &'static str {
    match Why::from_word(why) {
        Some(Why::Unreachable) => key("outbox-why-unreachable"),
        Some(Why::Timeout) => key("outbox-why-timeout"),
        Some(Why::Busy) => key("outbox-why-busy"),
        Some(Why::Login) => key("outbox-why-login"),
        Some(Why::Recipient) => key("outbox-why-recipient"),
        Some(Why::Refused) => key("outbox-why-refused"),
        Some(Why::Gone) => key("outbox-why-gone"),
        Some(Why::NoAddress) => key("outbox-why-no-address"),
        Some(Why::Unfit) | None => key("outbox-why-unfit"),
    }
}

/// What a sending at once came to.
fn told(frame: &Frame, answer: Answer, done: &str) -> Flash {
    match answer {
        Answer::Sent | Answer::Confirmed => Flash::done(frame.t(done)),
        Answer::Later { why, .. } | Answer::Never { why } => {
            Flash::overdue(frame.t(why_word(why.word())))
        }
    }
}
