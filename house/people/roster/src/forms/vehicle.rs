//! A vehicle comes to a room or goes.

use axum::response::Response;

use super::{Act, Desk, Field, again, draw, goes_back, is_sure};
use crate::{Room, RosterError, add_vehicle, end_vehicle, room, store};
use foundation::ids::Id;
use foundation::page::{Form, key, onward};

/// The longest plate as somebody types it, with dots and blanks.
const PLATE_CHARS_MAX: usize = 20;

async fn act(desk: &Desk) -> Result<(Act, Room), RosterError> {
    let room = room(&desk.house, desk.actor.community, desk.id()?)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let plate = Field::new(desk, "text", "plate", key("roster-plate"));
    let act = Act {
        title: desk
            .frame
            .one("roster-vehicle-new-of", "code", &room.at.code)
            .into_owned(),
        back: desk.at(&format!("/rooms/{}", room.at.id)),
        back_text: room.at.code.clone(),
        fields: vec![plate.hint(desk.t("roster-plate-hint"))],
        follows: Vec::new(),
        asked: Vec::new(),
        send: desk.t("roster-vehicle-new"),
        grave: false,
    };
    Ok((act, room))
}

pub async fn show(desk: Desk) -> Response {
    match act(&desk).await {
        Ok((act, _)) => draw(desk, act, Form::default(), false),
        Err(e) => desk.refused(&e),
    }
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let (act, room) = match act(&desk).await {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    let plate = form
        .field("plate", key("roster-plate"))
        .text(1..=PLATE_CHARS_MAX);
    let Some(plate) = plate else {
        return draw(desk, act, form, false);
    };
    if sheets::plate(&plate).is_none() {
        return again(desk, act, form, &RosterError::Plate);
    }
    if goes_back(&form) || !is_sure(&form) {
        let checking = !goes_back(&form);
        return draw(desk, act, form, checking);
    }
    let c = desk.actor.community;
    match add_vehicle(&desk.house, &desk.actor, c, room.at.id, &plate).await {
        Ok(_) => {
            let to = format!("/rooms/{}", room.at.id);
            desk.done(&to, desk.t("roster-vehicle-new-done"))
        }
        Err(e) => again(desk, act, form, &e),
    }
}

async fn end_act(desk: &Desk) -> Result<(Act, Id), RosterError> {
    let c = desk.actor.community;
    let id = desk.id()?;
    let found: Option<(Id, String)> = desk.house.db.optional(store::vehicle(c, id)).await?;
    // Another's, gone or invented: they answer alike.
    let (at, plate) = found.ok_or(RosterError::NoSuchRoom)?;
    let room = room(&desk.house, c, at)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let values = [
        ("plate", plate.as_str().into()),
        ("code", room.at.code.as_str().into()),
    ];
    let act = Act {
        title: desk
            .frame
            .with("roster-vehicle-end-of", &values)
            .into_owned(),
        back: desk.at(&format!("/rooms/{at}")),
        back_text: room.at.code.clone(),
        fields: Vec::new(),
        follows: vec![desk.t("roster-vehicle-end-follows")],
        asked: Vec::new(),
        send: desk.t("roster-vehicle-end"),
        grave: true,
    };
    Ok((act, at))
}

pub async fn show_end(desk: Desk) -> Response {
    match end_act(&desk).await {
        Ok((act, _)) => draw(desk, act, Form::default(), true),
        Err(e) => desk.refused(&e),
    }
}

pub async fn send_end(desk: Desk, form: Form) -> Response {
    let (act, at) = match end_act(&desk).await {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    if goes_back(&form) {
        return onward::to(&desk.at(&format!("/rooms/{at}")));
    }
    if !is_sure(&form) {
        return draw(desk, act, form, true);
    }
    let ended = match desk.id() {
        Ok(id) => end_vehicle(&desk.house, &desk.actor, desk.actor.community, id).await,
        Err(e) => Err(e),
    };
    match ended {
        Ok(()) => desk.done(&format!("/rooms/{at}"), desk.t("roster-vehicle-end-done")),
        Err(e) => again(desk, act, form, &e),
    }
}
