//! Tags on the screen: those of a room, and those of the compound, one put on many rooms.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Act, Desk, again, beside, goes_back, is_sure};
use crate::{
    ROOMS_AT_ONCE_MAX, Room, RosterError, TAG_CHARS_MAX, TAGS_OF_ROOM_MAX, Tag, end_tag, find_room,
    read_tags, room, set_tags, tag_rooms, tags, tags_counted, tags_of,
};
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, key, onward, say};

/// What a field of tags takes, commas and all.
const TYPED_CHARS_MAX: usize = (TAG_CHARS_MAX + 2) * TAGS_OF_ROOM_MAX;
/// What a list of rooms takes.
const CODES_CHARS_MAX: usize = ROOMS_AT_ONCE_MAX * 40;

#[derive(Template)]
#[template(path = "roster/room_tags.html")]
struct RoomTagsPage {
    frame: Frame,
    form: Form,
    back: String,
    code: String,
    known: Vec<Tag>,
}

#[derive(Template)]
#[template(path = "roster/tags.html")]
struct TagsPage {
    frame: Frame,
    form: Form,
    root: String,
    tags: Vec<(Tag, u64)>,
}

fn status(form: &Form) -> StatusCode {
    if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}

async fn known(desk: &Desk) -> Result<Room, RosterError> {
    let found = room(&desk.house, desk.actor.community, desk.id()?).await?;
    found.ok_or(RosterError::NoSuchRoom)
}

async fn draw_of_room(desk: Desk, at: &Room, form: Form) -> Response {
    let known = match tags(&desk.house, desk.actor.community).await {
        Ok(known) => known,
        Err(e) => return desk.refused(&e.into()),
    };
    let title = desk.frame.one("roster-tags-of", "code", &at.at.code);
    let title = title.into_owned();
    page::html(
        status(&form),
        RoomTagsPage {
            back: desk.at(&format!("/rooms/{}", at.at.id)),
            code: at.at.code.clone(),
            known,
            form,
            frame: desk.frame.named(title),
        },
    )
}

pub async fn show_of_room(desk: Desk) -> Response {
    let found = async {
        let at = known(&desk).await?;
        let tags = tags_of(&desk.house, desk.actor.community, at.at.id).await?;
        Ok::<_, RosterError>((at, tags))
    };
    match found.await {
        Ok((at, tags)) => {
            let names: Vec<String> = tags.into_iter().map(|t| t.name).collect();
            let form = Form::filled([("tags", names.join("、"))]);
            draw_of_room(desk, &at, form).await
        }
        Err(e) => desk.refused(&e),
    }
}

pub async fn send_of_room(desk: Desk, mut form: Form) -> Response {
    let at = match known(&desk).await {
        Ok(at) => at,
        Err(e) => return desk.refused(&e),
    };
    let typed = form
        .field("tags", key("roster-tags"))
        .text(0..=TYPED_CHARS_MAX);
    let Some(typed) = typed else {
        return draw_of_room(desk, &at, form).await;
    };
    let c = desk.actor.community;
    let set = async {
        let names = read_tags(&typed)?;
        set_tags(&desk.house, &desk.actor, c, at.at.id, names).await
    };
    match set.await {
        Ok(()) => desk.done(&format!("/rooms/{}", at.at.id), desk.t("roster-saved")),
        Err(e) => match beside(&e) {
            Some((field, sentence)) => {
                form.fault(field, sentence);
                draw_of_room(desk, &at, form).await
            }
            None => desk.refused(&e),
        },
    }
}

async fn draw(desk: Desk, form: Form) -> Response {
    match tags_counted(&desk.house, &desk.actor, desk.actor.community).await {
        Ok(tags) => page::html(
            status(&form),
            TagsPage {
                root: desk.at(""),
                tags,
                form,
                frame: desk.frame.titled("roster-tags"),
            },
        ),
        Err(e) => desk.refused(&e),
    }
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, Form::default()).await
}

/// The rooms of codes, one to a line or between commas; the first that is none.
async fn rooms(desk: &Desk, typed: &str) -> Result<Result<Vec<Id>, String>, RosterError> {
    let codes = typed
        .split(['\n', ',', '，', '、', ';', '；'])
        .map(str::trim);
    let codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
    if let Some(code) = codes.get(ROOMS_AT_ONCE_MAX) {
        return Ok(Err((*code).to_owned()));
    }
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        match find_room(&desk.house, desk.actor.community, code).await? {
            Some(room) => found.push(room.id),
            None => return Ok(Err(code.chars().take(60).collect())),
        }
    }
    Ok(Ok(found))
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let name = form
        .field("tags", key("roster-tag"))
        .text(1..=TAG_CHARS_MAX + 2);
    let codes = form
        .field("rooms", key("roster-tag-rooms"))
        .text(1..=CODES_CHARS_MAX);
    let (Some(name), Some(codes)) = (name, codes) else {
        return draw(desk, form).await;
    };
    let put = async {
        let mut names = read_tags(&name)?;
        let one = names.pop().filter(|_| names.is_empty());
        let name = one.ok_or(RosterError::Tag(name))?;
        match rooms(&desk, &codes).await? {
            Ok(rooms) => {
                let c = desk.actor.community;
                let put = tag_rooms(&desk.house, &desk.actor, c, name, rooms).await?;
                Ok(Ok(put))
            }
            Err(strange) => Ok(Err(strange)),
        }
    };
    match put.await {
        Ok(Ok(put)) => {
            let told = desk.frame.one("roster-tag-put", "count", put as u64);
            desk.done("/roster/tags", told.into_owned())
        }
        Ok(Err(code)) => {
            form.fault("rooms", say("roster-error-tag-room").and("code", code));
            draw(desk, form).await
        }
        Err(e) => match beside(&e) {
            Some((field, sentence)) => {
                form.fault(field, sentence);
                draw(desk, form).await
            }
            None => desk.refused(&e),
        },
    }
}

async fn end_act(desk: &Desk) -> Result<(Act, Id), RosterError> {
    let id = desk.id()?;
    let known = tags(&desk.house, desk.actor.community).await?;
    // Another's, ended or invented: they answer alike.
    let tag = known.into_iter().find(|t| t.id == id);
    let tag = tag.ok_or(RosterError::NoSuchRoom)?;
    let title = desk.frame.one("roster-tag-end-of", "name", &tag.name);
    let act = Act {
        title: title.into_owned(),
        back: desk.at("/roster/tags"),
        back_text: desk.t("roster-tags"),
        fields: Vec::new(),
        follows: vec![desk.t("roster-tag-end-follows")],
        asked: Vec::new(),
        send: desk.t("roster-tag-end"),
        grave: true,
    };
    Ok((act, id))
}

pub async fn show_end(desk: Desk) -> Response {
    match end_act(&desk).await {
        Ok((act, _)) => super::draw(desk, act, Form::default(), true),
        Err(e) => desk.refused(&e),
    }
}

pub async fn send_end(desk: Desk, form: Form) -> Response {
    let (act, id) = match end_act(&desk).await {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    if goes_back(&form) {
        return onward::to(&desk.at("/roster/tags"));
    }
    if !is_sure(&form) {
        return super::draw(desk, act, form, true);
    }
    match end_tag(&desk.house, &desk.actor, desk.actor.community, id).await {
        Ok(()) => desk.done("/roster/tags", desk.t("roster-tag-ended")),
        Err(e) => again(desk, act, form, &e),
    }
}
