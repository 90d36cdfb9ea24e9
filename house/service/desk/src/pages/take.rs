//! The office takes a report: on the phone, at the counter, on a patrol.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, id_of, mine, upload, words};
use crate::opening::{self, New, Place};
use crate::words::{Kind, Priority, Source};
use crate::{Refused, category, raised};
use foundation::page::{self, Choice, Flash, Form, Frame, onward};

/// How a report comes to the office itself.
const SOURCES: [Source; 5] = [
    Source::Phone,
    Source::Counter,
    Source::Message,
    Source::Wecom,
    Source::Patrol,
];

#[derive(Template)]
#[template(path = "desk/take.html")]
struct TakePage {
    frame: Frame,
    form: Form,
    base: String,
    kinds: Vec<Choice>,
    sources: Vec<Choice>,
    priorities: Vec<Choice>,
    categories: Vec<Choice>,
    places: Vec<Choice>,
    buildings: Vec<Choice>,
    people: Vec<Choice>,
    colleagues: Vec<Choice>,
    sent_id: String,
}

pub async fn form(desk: Desk) -> Response {
    let form = Form::filled([("kind", "repair"), ("source", "phone"), ("place", "room")]);
    draw(desk, StatusCode::OK, form).await
}

async fn draw(desk: Desk, status: StatusCode, form: Form) -> Response {
    match fill(&desk, form).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, form: Form) -> Result<TakePage, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let c = by.community;
    let tree = category::ready(house, c).await?;
    let t = |key: &'static str| frame.t(key).into_owned();
    let categories = tree
        .listed(None)
        .into_iter()
        .filter(|(depth, _)| *depth > 0);
    let categories = categories.map(|(_, k)| {
        let text = format!("{} · {}", t(k.kind.key()), words::category(k, frame));
        Choice::new(k.id.as_str(), text)
    });
    // Where a room was typed, whoever lives there may be the one who reports.
    let mut people = Vec::new();
    let typed = form.value("room").to_owned();
    if !typed.is_empty()
        && let Some(room) = roster::find_room(house, c, &typed).await?
    {
        for person in roster::people_of_room(house, c, room.id).await? {
            if !person.deceased {
                people.push(Choice::new(person.party.as_str(), person.name));
            }
        }
    }
    let buildings = roster::buildings(house, c).await?.into_iter();
    let mut colleagues = vec![Choice::new("company", t("desk-about-company"))];
    let all = opening::colleagues(house, c).await?.into_iter();
    colleagues.extend(all.map(|(id, name)| Choice::new(id.as_str(), name)));
    let sent_id = match form.value("sent_id") {
        "" => house.id().to_string(),
        sent => sent.to_owned(),
    };
    Ok(TakePage {
        base: desk.at(""),
        kinds: words::choices(Kind::ALL, frame, Kind::word, Kind::key),
        sources: words::choices(&SOURCES, frame, Source::word, Source::key),
        priorities: words::choices(Priority::ALL, frame, Priority::word, Priority::key),
        categories: categories.collect(),
        places: vec![
            Choice::new("room", t("desk-place-room")),
            Choice::new("common", t("desk-place-common")),
            Choice::new("none", t("desk-place-none")),
        ],
        buildings: buildings
            .map(|b| {
                let said = hanzi::room::building_said(&b);
                Choice::new(b, said)
            })
            .collect(),
        people,
        colleagues,
        sent_id,
        form,
        frame: frame.clone().titled("desk-take"),
    })
}

async fn take(
    desk: &Desk,
    body: &mut Multipart,
    form: &mut Form,
) -> Result<opening::Opened, Refused> {
    let house = &desk.house;
    let pictures = upload::read(body, form).await?;
    let kind = Kind::from_word(form.value("kind")).ok_or(Refused::Category)?;
    let mut new = New {
        pictures,
        priority: Priority::from_word(form.value("priority")),
        source: Source::from_word(form.value("source")).unwrap_or(Source::Phone),
        person: id_of(form, "person"),
        ..mine::sent_in(form, kind)
    };
    if form.value("place") == "room" {
        let typed = form.value("room");
        let found = roster::find_room(house, desk.by.community, typed).await?;
        new.place = Place::Room(found.ok_or(Refused::Room)?.id);
    }
    opening::by_office(house, &desk.by, new).await
}

pub async fn send(desk: Desk, mut body: Multipart) -> Response {
    let mut form = Form::default();
    match take(&desk, &mut body, &mut form).await {
        Ok(opened) => {
            let number = opened.number.to_string();
            let text = desk.frame.one("desk-did-report", "number", number);
            // Whoever took a complaint may not see it again: it is confidential from here on.
            let sees = crate::looking::ticket(&desk.house, &desk.by, opened.id).await;
            let to = match sees {
                Ok(_) => desk.at(&format!("/desk/{}", opened.id)),
                Err(_) => desk.at("/desk"),
            };
            onward::telling(&to, Flash::done(text))
        }
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                let field = match words::field_of(&e) {
                    "place" => "room",
                    field => field,
                };
                form.fault(field, sentence);
                draw(desk, super::status(&e), form).await
            }
            None => desk.refused(&e),
        },
    }
}

/// A message of the group becomes a ticket.
pub async fn raise(desk: Desk, _form: Form) -> Response {
    let done = async { raised::raise(&desk.house, &desk.by, desk.id()?).await };
    match done.await {
        Ok(opened) => {
            let to = desk.at(&format!("/desk/{}", opened.id));
            let number = opened.number.to_string();
            let text = desk.frame.one("desk-did-report", "number", number);
            onward::telling(&to, Flash::done(text))
        }
        Err(e) => desk.refused(&e),
    }
}
