//! Somebody begins to own, rent or live in a room, or ends it.

use axum::response::Response;
use hanzi::name::NAME_CHARS_MAX;
use hanzi::numbers::Phone;

use super::{Act, Desk, Field, again, alike, day, draw, goes_back, is_sure, share};
use crate::pages::tie_word;
use crate::store;
use crate::{
    PersonDraft, RelationDraft, Room, RosterError, Tie, end_relation, person, relate, relate_new,
    room,
};
use foundation::ids::Id;
use foundation::page::{Choice, Form, key, say};

/// Why a relation ended, as the ledger has it.
const REASONS: [&str; 4] = ["moved_out", "term_over", "sold", "mistaken"];

fn reason_word(reason: &str) -> &'static str {
    match reason {
        "moved_out" => key("roster-why-moved-out"),
        "term_over" => key("roster-why-term-over"),
        "sold" => key("roster-why-sold"),
        _ => key("roster-why-mistaken"),
    }
}

async fn known(desk: &Desk) -> Result<Room, RosterError> {
    let found = room(&desk.house, desk.actor.community, desk.id()?).await?;
    found.ok_or(RosterError::NoSuchRoom)
}

fn act(desk: &Desk, room: &Room) -> Act {
    let ties = Tie::ALL.map(|t| Choice::new(t.word(), desk.t(tie_word(t))));
    let kinds = vec![
        Choice::new("person", desk.t("roster-kind-person")),
        Choice::new("organisation", desk.t("roster-kind-organisation")),
    ];
    let field = |kind, name, label| Field::new(desk, kind, name, label);
    Act {
        title: desk
            .frame
            .one("roster-person-new-of", "code", &room.at.code)
            .into_owned(),
        back: desk.at(&format!("/rooms/{}", room.at.id)),
        back_text: room.at.code.clone(),
        fields: vec![
            field("text", "name", key("roster-name")),
            field("radios", "kind", key("roster-kind")).choices(kinds),
            field("radios", "tie", key("roster-relation")).choices(ties.into()),
            field("phone", "phone", key("roster-phone"))
                .hint(desk.t("roster-unknown-hint"))
                .optional(),
            field("text", "share", key("roster-share"))
                .hint(desk.t("roster-share-hint"))
                .optional(),
            field("date", "from", key("roster-from")).optional(),
            field("date", "until", key("roster-until")).optional(),
        ],
        follows: vec![desk.t("roster-person-new-follows")],
        asked: Vec::new(),
        send: desk.t("roster-person-new-act"),
        grave: false,
    }
}

pub async fn show(desk: Desk) -> Response {
    match known(&desk).await {
        Ok(room) => {
            let act = act(&desk, &room);
            let form = Form::filled([("kind", "person"), ("tie", "owner")]);
            draw(desk, act, form, false)
        }
        Err(e) => desk.refused(&e),
    }
}

pub(super) fn phone(form: &mut Form, name: &str) -> Option<Phone> {
    form.field(name, key("roster-phone"))
        .read_optional(|s| Phone::parse(s).map_err(|_| say("roster-error-phone")))
        .flatten()
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let room = match known(&desk).await {
        Ok(room) => room,
        Err(e) => return desk.refused(&e),
    };
    let mut act = act(&desk, &room);
    let name = form
        .field("name", key("roster-name"))
        .text(1..=NAME_CHARS_MAX);
    let kinds = ["person", "organisation"];
    let kind = form.field("kind", key("roster-kind")).choice(&kinds);
    let ties = Tie::ALL.map(Tie::word);
    let tie = form.field("tie", key("roster-relation")).choice(&ties);
    let tie = tie.and_then(Tie::from_word);
    let phone = phone(&mut form, "phone");
    let share = share(&mut form, "share");
    let from = day(&mut form, "from", key("roster-from"));
    let until = day(&mut form, "until", key("roster-until"));
    if let (Some(from), Some(until)) = (&from, &until)
        && until < from
    {
        form.fault("until", say("roster-error-dates"));
    }
    let (Some(name), Some(kind), Some(tie)) = (name, kind, tie) else {
        return draw(desk, act, form, false);
    };
    if goes_back(&form) {
        return draw(desk, act, form, false);
    }
    match alike::question(&desk, &name, "who").await {
        Ok(asked) => act.asked.extend(asked),
        Err(e) => return desk.refused(&e),
    }
    if !is_sure(&form) {
        return draw(desk, act, form, true);
    }
    let Some(who) = alike::answer(&mut form, act.asked.first()) else {
        return draw(desk, act, form, true);
    };
    let done = async {
        let c = desk.actor.community;
        let draft = RelationDraft {
            room: room.at.id,
            // Somebody new has an id only when the record is made.
            party: who.unwrap_or(room.at.id),
            kind: tie,
            share: share.filter(|_| tie.owns()),
            from,
            until,
            vouched_by: None,
        };
        if who.is_some() {
            return relate(&desk.house, &desk.actor, c, draft).await;
        }
        let person = PersonDraft {
            organisation: kind == "organisation",
            name: Some(name.clone()),
            phones: phone.into_iter().collect(),
            ..PersonDraft::default()
        };
        relate_new(&desk.house, &desk.actor, c, &person, draft).await
    };
    match done.await {
        Ok(_) => {
            let told = desk
                .frame
                .one("roster-person-new-done", "code", &room.at.code);
            desk.done(&format!("/rooms/{}", room.at.id), told.into_owned())
        }
        Err(e) => again(desk, act, form, &e),
    }
}

/// The relation's room, with its code, and its party.
async fn whose(desk: &Desk) -> Result<(Room, Id, Tie), RosterError> {
    let c = desk.actor.community;
    let found: Option<(Id, Id, Tie)> = desk
        .house
        .db
        .optional(store::open_tie(c, desk.id()?))
        .await?;
    // Another's, ended or invented: they answer alike.
    let (room_id, party, tie) = found.ok_or(RosterError::NoSuchRoom)?;
    let room = room(&desk.house, c, room_id).await?;
    Ok((room.ok_or(RosterError::NoSuchRoom)?, party, tie))
}

async fn end_act(desk: &Desk) -> Result<(Act, Id), RosterError> {
    let (room, party, tie) = whose(desk).await?;
    let name = person(&desk.house, &desk.actor, desk.actor.community, party)
        .await?
        .name;
    let reasons = REASONS.map(|r| Choice::new(r, desk.t(reason_word(r))));
    let values = [
        ("name", name.as_str().into()),
        ("code", room.at.code.as_str().into()),
        ("tie", page_value(tie)),
    ];
    let act = Act {
        title: desk.frame.with("roster-end-of", &values).into_owned(),
        back: desk.at(&format!("/rooms/{}", room.at.id)),
        back_text: room.at.code.clone(),
        fields: vec![
            Field::new(desk, "date", "day", key("roster-end-day")),
            Field::new(desk, "radios", "why", key("roster-end-why")).choices(reasons.into()),
        ],
        follows: vec![
            desk.t("roster-end-follows"),
            desk.t("roster-member-follows"),
        ],
        asked: Vec::new(),
        send: desk.t("roster-end"),
        grave: true,
    };
    Ok((act, room.at.id))
}

fn page_value(tie: Tie) -> foundation::page::Value<'static> {
    foundation::page::Value::Word(tie_word(tie))
}

pub async fn show_end(desk: Desk) -> Response {
    match end_act(&desk).await {
        Ok((act, _)) => {
            let today = desk.house.now().date().to_string();
            draw(desk, act, Form::filled([("day", today)]), false)
        }
        Err(e) => desk.refused(&e),
    }
}

pub async fn send_end(desk: Desk, mut form: Form) -> Response {
    let (act, room) = match end_act(&desk).await {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    let day = form.field("day", key("roster-end-day")).date();
    let why = form.field("why", key("roster-end-why")).choice(&REASONS);
    let (Some(day), Some(why)) = (day, why) else {
        return draw(desk, act, form, false);
    };
    if goes_back(&form) || !is_sure(&form) {
        let checking = !goes_back(&form);
        return draw(desk, act, form, checking);
    }
    let why = REASONS
        .into_iter()
        .find(|r| *r == why)
        .unwrap_or("mistaken");
    let (c, day) = (desk.actor.community, day.to_string());
    let ended = match desk.id() {
        Ok(id) => end_relation(&desk.house, &desk.actor, c, id, &day, why).await,
        Err(e) => Err(e),
    };
    match ended {
        Ok(()) => desk.done(&format!("/rooms/{room}"), desk.t("roster-end-done")),
        Err(e) => again(desk, act, form, &e),
    }
}
