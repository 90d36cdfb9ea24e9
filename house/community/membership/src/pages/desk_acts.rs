//! The verification desk's acts: decisions, one or many; tying to a room, unmasking, the
//! slip. Each ends with a page that begins by telling what was done.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::desk::{self, ASKS, Bulk, Decision, Left, REFUSALS};
use super::super::{invite as invitations, recheck, unmask, view};
use super::desk_pages::{Asked, show};
use super::{By, Origin, refused, status, words};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Flash, Form, Frame, key, onward, problem};

#[derive(Template)]
#[template(path = "membership/slip.html")]
struct SlipPage {
    frame: Frame,
    room: String,
    name: String,
    number: String,
    until: i64,
    link: String,
    qr: String,
}

/// Approves the marked ones that are all green; says which were left, and why.
pub async fn bulk(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let ids: Vec<Id> = form.all("row").filter_map(|id| id.parse().ok()).collect();
    match desk::approve_green(&house, &by, &ids).await {
        Ok(bulk) => {
            let told = tell(&frame, &bulk);
            onward::telling(&format!("/c/{c}/applications"), told)
        }
        Err(e) => refused(frame, e),
    }
}

/// Rooms named for one reason; a flash is read in passing.
const ROOMS_NAMED: usize = 5;

fn tell(frame: &Frame, bulk: &Bulk) -> Flash {
    let mut said = vec![
        frame
            .one("membership-bulk-done", "count", bulk.done)
            .into_owned(),
    ];
    let mut left: BTreeMap<Left, Vec<&str>> = BTreeMap::new();
    for (room, why) in &bulk.left {
        left.entry(*why).or_default().push(room);
    }
    for (why, rooms) in left {
        let why = match why {
            Left::NotGreen => key("membership-left-not-green"),
            Left::Decided => key("membership-left-decided"),
            Left::Changed => key("membership-left-changed"),
            Left::OtherReviewer => key("membership-left-reviewer"),
            Left::NoRoom => key("membership-left-room"),
        };
        let named: Vec<String> = rooms
            .iter()
            .take(ROOMS_NAMED)
            .map(|r| (*r).into())
            .collect();
        let values = [
            ("count", rooms.len().into()),
            ("why", frame.t(why).into_owned().into()),
            ("rooms", frame.join(&named).into_owned().into()),
        ];
        said.push(frame.with("membership-bulk-left", &values).into_owned());
    }
    let text = said.join(" ");
    if bulk.left.is_empty() {
        Flash::done(text)
    } else {
        Flash::info(text)
    }
}

/// Decides, and opens the next one that waits.
pub async fn decide(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let version = form.value("version").parse().unwrap_or(0);
    let words = form.value("words").to_owned();
    let one_of =
        |list: &[&'static str], name: &str| list.iter().find(|v| **v == form.value(name)).copied();
    let decision = match form.value("act") {
        "open" => Some(Decision::Open),
        "approve" => Some(Decision::Approve),
        "ask" => one_of(&ASKS, "what").map(|what| Decision::AskMore { what, words }),
        "refuse" => one_of(&REFUSALS, "why").map(|why| Decision::Refuse { why, words }),
        _ => None,
    };
    let Some(decision) = decision else {
        let sentence = page::say("membership-error-reason");
        return problem::page_saying(frame, StatusCode::UNPROCESSABLE_ENTITY, &sentence);
    };
    let told = match decision {
        Decision::Open => key("membership-did-open"),
        Decision::Approve => key("membership-did-approve"),
        Decision::AskMore { .. } => key("membership-did-ask"),
        Decision::Refuse { .. } => key("membership-did-refuse"),
    };
    // Approved ones wait for their invitation, which only some may issue; the verifier
    // goes on to whoever waits next.
    let stays = decision == Decision::Open;
    if let Err(e) = desk::decide(&house, &by, id, version, decision).await {
        return refused(frame, e);
    }
    let base = format!("/c/{c}/applications");
    let looked = async {
        let app = view::named(&house, by.community, id).await?;
        let next = view::next_waiting(&house, by.community, id).await?;
        Ok((app, next))
    };
    let (who, next) = match looked.await {
        Ok(looked) => looked,
        Err(e) => return refused(frame, e),
    };
    let mut told = frame.one(told, "who", who).into_owned();
    if !stays {
        let after = match next {
            Some(_) => frame.t("membership-did-next"),
            None => frame.t("membership-did-last"),
        };
        told = format!("{told} {after}");
    }
    match next {
        _ if stays => onward::done(&format!("{base}/{id}"), told),
        Some(next) => onward::done(&format!("{base}/{next}"), told),
        None => onward::done(&base, told),
    }
}

/// Ties the application to a room of the roster.
pub async fn tie(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let version = form.value("version").parse().unwrap_or(0);
    let room = form.value("room").to_owned();
    match recheck::tie(&house, &by, id, version, &room).await {
        Ok(_) => onward::done(
            &format!("/c/{c}/applications/{id}"),
            frame.one("membership-did-tie", "room", room),
        ),
        Err(e) => refused(frame, e),
    }
}

/// Shows a phone or an identity number in clear, this once.
pub async fn unmask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    form: Form,
) -> Response {
    let column = unmask::Column::from_word(form.value("field"));
    let (Ok(id), Some(column)) = (id.parse::<Id>(), column) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let shown = unmask::unmask(&house, &by, id, column, form.value("reason")).await;
    match shown {
        Ok(value) => {
            let value = value.unwrap_or_default();
            let value = match column {
                unmask::Column::Phone => words::national(&value),
                unmask::Column::Document => value,
            };
            let asked = Asked {
                opened: Some((column, value)),
                ..Asked::default()
            };
            show(&house, &by, &c, id, asked, frame).await
        }
        Err(e) => refused(frame, e),
    }
}

/// Issues an invitation and shows it this once: link, QR, a slip to print.
pub async fn invite(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    Origin(origin): Origin,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let issued = match invitations::invite(&house, &by, id).await {
        Ok(issued) => issued,
        Err(e) => return refused(frame, e),
    };
    let record = match view::record(&house, &by, id).await {
        Ok(record) => record,
        Err(e) => return refused(frame, e),
    };
    let link = format!("{origin}/c/{c}/join/{}", issued.secret);
    page::ok(SlipPage {
        room: record.app.room_code,
        name: record.app.name,
        number: format!("No. {:06}", issued.number),
        until: issued.expires_at.0,
        qr: status::qr_svg(&link),
        link,
        frame: frame.titled("membership-slip-title"),
    })
}
