//! Opening a file at once.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, ask, refused, words};
use crate::emergency::{self, Alarm};
use crate::scope::Purpose;
use crate::{ViewingError, ask as asking};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Flash, Form, Frame, onward, say};
use permissions::Role;
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "viewings/emergency.html")]
struct EmergencyPage {
    frame: Frame,
    form: Form,
    back: String,
    purposes: Vec<Choice>,
    kinds: Vec<Choice>,
    witnesses: Vec<Choice>,
}

/// Who may stand by: the office.
const OFFICE: [Role; 8] = [
    Role::Manager,
    Role::Supervisor,
    Role::Specialist,
    Role::Host,
    Role::OnDuty,
    Role::Cashier,
    Role::Technician,
    Role::Operator,
];

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let found = accounts::staff::holders(house, by.community, &OFFICE).await;
    let mut there = match found {
        Ok(found) => found,
        Err(e) => return refused(frame, &e.into()),
    };
    there.retain(|one| one.active && Some(one.id) != by.account);
    there.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    there.dedup_by_key(|one| one.id);
    let mut witnesses = vec![Choice::new("", frame.t("viewings-witness-none"))];
    witnesses.extend(
        there
            .into_iter()
            .map(|one| Choice::new(one.id.to_string(), one.name)),
    );
    page::html(
        status,
        EmergencyPage {
            back: format!("/c/{c}/viewings"),
            purposes: Purpose::EMERGENCIES
                .map(|p| Choice::new(p.word(), frame.t(p.name())))
                .into(),
            kinds: words::kind_choices(&frame, ask::ALL_KINDS),
            witnesses,
            form,
            frame: frame.titled("viewings-emergency"),
        },
    )
}

/// The form.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let form = Form::filled([("kinds", "c")]);
    draw(&house, &by, &c, StatusCode::OK, frame, form).await
}

/// It is opened; the door asked for a second factor.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let refuse = StatusCode::UNPROCESSABLE_ENTITY;
    let typed = form.value("rooms").to_owned();
    let dossiers = match ask::named(&house, &by, &typed).await {
        Ok(Ok(found)) => found,
        Ok(Err(sentence)) => {
            form.fault("rooms", sentence);
            Vec::new()
        }
        Err(e) => return refused(frame, &e),
    };
    let purpose =
        Purpose::from_word(form.value("purpose")).filter(|p| Purpose::EMERGENCIES.contains(p));
    if purpose.is_none() {
        form.fault("purpose", say("viewings-no-danger"));
    }
    if asking::reason(form.value("reason")).is_err()
        && let Some(sentence) = words::refusal(&ViewingError::Reason)
    {
        form.fault("reason", sentence);
    }
    let kinds = words::chosen_kinds(&form);
    if kinds.is_empty() {
        form.fault("kinds", say("viewings-choose-kinds"));
    }
    let Some(purpose) = purpose.filter(|_| !form.failed()) else {
        return draw(&house, &by, &c, refuse, frame, form).await;
    };
    let alarm = Alarm {
        dossiers,
        kinds,
        purpose,
        reason: form.value("reason").to_owned(),
        witness: form.value("witness").parse::<Id>().ok(),
    };
    match emergency::open_now(&house, &by, &alarm, true).await {
        Ok(id) => {
            let told = Flash::overdue(frame.t("viewings-did-break"));
            onward::telling(&format!("/c/{c}/viewings/{id}/view"), told)
        }
        Err(e) => match words::refusal(&e) {
            Some(sentence) if super::status(&e) != StatusCode::FORBIDDEN => {
                form.fault_of_all(sentence);
                draw(&house, &by, &c, super::status(&e), frame, form).await
            }
            _ => refused(frame, &e),
        },
    }
}
