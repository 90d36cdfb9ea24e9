//! A room added by hand, and what is known of one changed.

use axum::response::Response;

use super::{Act, Desk, Field, again, day, draw, goes_back, is_sure, text};
use crate::pages::{purpose_word, state_word};
use crate::rows::{PURPOSES, RoomFacts, STATES};
use crate::{RoomDraft, RosterError, add_room, edit_room, room};
use foundation::page::{Choice, Form, key, say};

/// A code as anybody would type it.
const CODE_CHARS_MAX: usize = 60;
/// As the import takes them.
const FLOOR_CHARS_MAX: usize = 20;
const NOTE_CHARS_MAX: usize = 2_000;
/// 0.01 m²: no room is larger than a hectare of hundreds.
const AREA_MAX: i64 = 100_000_000;

fn act(desk: &Desk, at: Option<(&str, &str)>) -> Act {
    let word = |w: Option<&'static str>| w.map_or_else(String::new, |k| desk.t(k));
    let uses = PURPOSES
        .iter()
        .map(|p| Choice::new(*p, word(purpose_word(Some(p)))));
    let states = STATES
        .iter()
        .map(|s| Choice::new(*s, word(state_word(Some(s)))));
    let mut fields = Vec::new();
    if at.is_none() {
        let code = Field::new(desk, "text", "code", key("roster-room"));
        fields.push(code.hint(desk.t("roster-code-hint")));
    }
    let area = Field::new(desk, "number", "area", key("roster-area"));
    fields.push(area.hint(desk.t("roster-area-hint")).optional());
    fields.push(Field::new(desk, "text", "floor", key("roster-floor")).optional());
    let purpose = Field::new(desk, "select", "purpose", key("roster-use"));
    fields.push(purpose.optional().choices(uses.collect()));
    let state = Field::new(desk, "select", "state", key("roster-state"));
    fields.push(state.optional().choices(states.collect()));
    fields.push(Field::new(desk, "date", "moved_in", key("roster-moved-in")).optional());
    let mut note = Field::new(desk, "area", "note", key("roster-note")).optional();
    if at.is_some() {
        note = note.hint(desk.t("roster-stays-hint"));
    }
    fields.push(note);
    let follows = match at {
        None => desk.t("roster-room-new-follows"),
        Some(_) => desk.t("roster-kept-follows"),
    };
    Act {
        title: match at {
            None => desk.t("roster-room-new"),
            Some((code, _)) => desk
                .frame
                .one("roster-room-edit-of", "code", code)
                .into_owned(),
        },
        back: at.map_or_else(
            || desk.at("/roster"),
            |(_, id)| desk.at(&format!("/rooms/{id}")),
        ),
        back_text: at.map_or_else(|| desk.t("roster-title"), |(code, _)| code.to_owned()),
        fields,
        follows: vec![follows],
        asked: Vec::new(),
        send: match at {
            None => desk.t("roster-room-new-act"),
            Some(_) => desk.t("roster-save"),
        },
        grave: false,
    }
}

/// `89.50` in square metres as 0.01 m².
fn area(said: &str) -> Option<i64> {
    let said = said
        .trim_end_matches(['㎡', '²', 'm', ' '])
        .replace(',', "");
    let (whole, part) = said.split_once('.').unwrap_or((&said, ""));
    if part.len() > 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    let area = whole.checked_mul(100)?.checked_add(part)?;
    (area > 0 && area <= AREA_MAX).then_some(area)
}

fn draft(form: &mut Form) -> RoomDraft {
    let area = form.field("area", key("roster-area"));
    let area = area.read_optional(area_of).flatten();
    let word = |form: &Form, name: &str, known: &[&str]| {
        let said = form.value(name);
        known.iter().find(|w| **w == said).map(|w| (*w).to_owned())
    };
    RoomDraft {
        facts: RoomFacts {
            area,
            floor: text(form, "floor", key("roster-floor"), FLOOR_CHARS_MAX),
            purpose: word(form, "purpose", &PURPOSES),
            state: word(form, "state", &STATES),
            moved_in: day(form, "moved_in", key("roster-moved-in")),
        },
        note: text(form, "note", key("roster-note"), NOTE_CHARS_MAX),
    }
}

fn area_of(said: &str) -> Result<i64, foundation::page::Sentence> {
    area(said).ok_or_else(|| say("roster-error-area"))
}

pub async fn show_new(desk: Desk) -> Response {
    let act = act(&desk, None);
    draw(desk, act, Form::default(), false)
}

pub async fn send_new(desk: Desk, mut form: Form) -> Response {
    let act = act(&desk, None);
    let code = form
        .field("code", key("roster-room"))
        .text(1..=CODE_CHARS_MAX);
    if let Some(code) = &code
        && let Err(e) = hanzi::room::RoomCode::parse(code)
    {
        return again(desk, act, form, &RosterError::Code(e));
    }
    let draft = draft(&mut form);
    let Some(code) = code.filter(|_| !goes_back(&form)) else {
        return draw(desk, act, form, false);
    };
    let c = desk.actor.community;
    match super::super::find_room(&desk.house, c, &code).await {
        Ok(None) => {}
        Ok(Some(_)) => return again(desk, act, form, &RosterError::RoomTaken),
        Err(e) => return desk.refused(&e.into()),
    }
    if !is_sure(&form) {
        return draw(desk, act, form, true);
    }
    match add_room(&desk.house, &desk.actor, c, &code, &draft).await {
        Ok(id) => {
            let told = desk.frame.one("roster-room-new-done", "code", &code);
            desk.done(&format!("/rooms/{id}"), told.into_owned())
        }
        Err(e) => again(desk, act, form, &e),
    }
}

pub async fn show_edit(desk: Desk) -> Response {
    match known(&desk).await {
        Ok(room) => {
            let f = &room.facts;
            let text = |t: &Option<String>| t.clone().unwrap_or_default();
            let area = f.area.map(|a| format!("{}.{:02}", a / 100, a % 100));
            let form = Form::filled([
                ("version", room.version.to_string()),
                ("area", area.unwrap_or_default()),
                ("floor", text(&f.floor)),
                ("purpose", text(&f.purpose)),
                ("state", text(&f.state)),
                ("moved_in", text(&f.moved_in)),
            ]);
            let act = act(&desk, Some((&room.at.code, room.at.id.as_str())));
            draw(desk, act, form, false)
        }
        Err(e) => desk.refused(&e),
    }
}

async fn known(desk: &Desk) -> Result<super::super::Room, RosterError> {
    let found = room(&desk.house, desk.actor.community, desk.id()?).await?;
    found.ok_or(RosterError::NoSuchRoom)
}

pub async fn send_edit(desk: Desk, mut form: Form) -> Response {
    let room = match known(&desk).await {
        Ok(room) => room,
        Err(e) => return desk.refused(&e),
    };
    let id = room.at.id;
    let act = act(&desk, Some((&room.at.code, id.as_str())));
    let draft = draft(&mut form);
    if goes_back(&form) || !is_sure(&form) {
        let checking = !goes_back(&form);
        return draw(desk, act, form, checking);
    }
    // A forged version is one that was never seen.
    let version = form.value("version").parse().unwrap_or(0);
    let c = desk.actor.community;
    match edit_room(&desk.house, &desk.actor, c, id, version, &draft).await {
        Ok(()) => desk.done(&format!("/rooms/{id}"), desk.t("roster-saved")),
        Err(e) => again(desk, act, form, &e),
    }
}
