//! A room changes owners at the desk: who owned it, who owns it from which day on.

use axum::response::Response;
use hanzi::name::NAME_CHARS_MAX;

use super::relation::phone;
use super::{Act, Desk, Field, again, alike, draw, is_sure, share, text};
use crate::{NewOwner, PersonDraft, Room, RosterError, people_of_room, room, transfer};
use foundation::page::{Form, key, say};

/// New owners that one form takes; more are added to the room afterwards.
const NAMES: [[&str; 4]; 3] = [
    ["name", "phone", "share", "who"],
    ["name2", "phone2", "share2", "who2"],
    ["name3", "phone3", "share3", "who3"],
];

async fn act(desk: &Desk) -> Result<(Act, Room), RosterError> {
    let c = desk.actor.community;
    let room = room(&desk.house, c, desk.id()?)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let people = people_of_room(&desk.house, c, room.at.id).await?;
    let mut former = Vec::new();
    let mut stay = Vec::new();
    for p in people.into_iter().filter(|p| p.relation.stands) {
        let list = if p.relation.kind.owns() {
            &mut former
        } else {
            &mut stay
        };
        list.push(p.name);
    }
    let mut fields = vec![Field::new(desk, "date", "day", key("roster-transfer-day"))];
    for (n, [name, phone, share, _]) in NAMES.into_iter().enumerate() {
        let label = if n == 0 {
            key("roster-owner-new")
        } else {
            key("roster-owner-also")
        };
        let mut owner = Field::new(desk, "text", name, label);
        if n > 0 {
            owner = owner.optional();
        }
        fields.push(owner);
        fields.push(Field::new(desk, "phone", phone, key("roster-phone")).optional());
        let part = Field::new(desk, "text", share, key("roster-share")).optional();
        fields.push(if n == 0 {
            part.hint(desk.t("roster-share-hint"))
        } else {
            part
        });
    }
    let mut follows = Vec::new();
    if former.is_empty() {
        follows.push(desk.t("roster-transfer-none"));
    } else {
        let names = desk.frame.join(&former);
        follows.push(
            desk.frame
                .one("roster-transfer-former", "names", names.as_ref())
                .into_owned(),
        );
    }
    if !stay.is_empty() {
        let names = desk.frame.join(&stay);
        follows.push(
            desk.frame
                .one("roster-transfer-stay", "names", names.as_ref())
                .into_owned(),
        );
    }
    follows.push(desk.t("roster-transfer-fees"));
    follows.push(desk.t("roster-member-follows"));
    let act = Act {
        title: desk
            .frame
            .one("roster-transfer-of", "code", &room.at.code)
            .into_owned(),
        back: desk.at(&format!("/rooms/{}", room.at.id)),
        back_text: room.at.code.clone(),
        fields,
        follows,
        asked: Vec::new(),
        send: desk.t("roster-transfer"),
        grave: true,
    };
    Ok((act, room))
}

pub async fn show(desk: Desk) -> Response {
    match act(&desk).await {
        Ok((act, _)) => {
            let today = desk.house.now().date().to_string();
            draw(desk, act, Form::filled([("day", today)]), false)
        }
        Err(e) => desk.refused(&e),
    }
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let (mut act, room) = match act(&desk).await {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    if form.value("edit") == "yes" {
        // Back from the check page, or brought here with a name: nothing is wrong yet.
        return draw(desk, act, form, false);
    }
    let day = form.field("day", key("roster-transfer-day")).date();
    let first = form
        .field("name", key("roster-owner-new"))
        .text(1..=NAME_CHARS_MAX);
    let mut typed = Vec::new();
    for [name, number, part, who] in NAMES {
        let owner = text(&mut form, name, key("roster-owner-new"), NAME_CHARS_MAX);
        let (number, part) = (phone(&mut form, number), share(&mut form, part));
        if let Some(owner) = owner {
            typed.push((owner, number, part, who));
        }
    }
    if day.is_some_and(|d| d > desk.house.now().date()) {
        form.fault("day", say("roster-error-ahead"));
    }
    let (Some(day), Some(_)) = (day, first) else {
        return draw(desk, act, form, false);
    };
    if form.failed() {
        return draw(desk, act, form, false);
    }
    for (owner, _, _, who) in &typed {
        match alike::question(&desk, owner, who).await {
            Ok(asked) => act.asked.extend(asked),
            Err(e) => return desk.refused(&e),
        }
    }
    if !is_sure(&form) {
        return draw(desk, act, form, true);
    }
    let mut owners = Vec::with_capacity(typed.len());
    for (owner, number, share, who) in typed {
        let asked = act.asked.iter().find(|f| f.name == who);
        owners.push(match alike::answer(&mut form, asked) {
            Some(Some(party)) => NewOwner::Known { party, share },
            _ => NewOwner::New {
                person: Box::new(PersonDraft {
                    name: Some(owner),
                    phones: number.into_iter().collect(),
                    ..PersonDraft::default()
                }),
                share,
            },
        });
    }
    if form.failed() {
        return draw(desk, act, form, true);
    }
    let (c, id, day) = (desk.actor.community, room.at.id, day.to_string());
    match transfer(&desk.house, &desk.actor, c, id, &owners, &day).await {
        Ok(_) => desk.done(&format!("/rooms/{id}"), desk.t("roster-transfer-done")),
        Err(e) => again(desk, act, form, &e),
    }
}
