//! Asking the channel, answering, handing a message on.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{By, answer, name_of, refused, row, status, wants_json, words};
use crate::polls::{self, Asked, OPEN_DAYS_MAX, OPTIONS_MAX};
use crate::speak::{self, Draft};
use crate::{Channel, ChannelKind, GroupError, channels, forward, live};
use foundation::clock::{DAY, HOUR, Moment};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, onward, say};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "group/poll.html")]
struct PollPage {
    frame: Frame,
    form: Form,
    back: String,
    here: String,
    channel: String,
    lasts: Vec<Choice>,
}

/// How long a poll may be open, as it is offered: hours.
const LASTS: [i64; 6] = [1, 8, 24, 72, 168, 720];

fn poll_page(frame: Frame, c: &str, one: &Channel, form: Form, code: StatusCode) -> Response {
    let back = format!("/c/{c}/group/channels/{}", one.id);
    let lasts = LASTS
        .iter()
        .map(|hours| Choice::new(hours.to_string(), frame.duration(hours * HOUR)));
    page::html(
        code,
        PollPage {
            here: format!("{back}/poll"),
            channel: name_of(&frame, one),
            lasts: lasts.collect(),
            back,
            form,
            frame: frame.titled("group-poll-ask"),
        },
    )
}

/// The form of a new poll.
pub async fn asking(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match channels::one(&house, &by, id).await {
        Ok(one) => {
            let form = Form::filled([
                ("sent_id", house.id().to_string()),
                ("last", "72".to_owned()),
                ("home", "yes".to_owned()),
            ]);
            poll_page(frame, &c, &one, form, StatusCode::OK)
        }
        Err(error) => refused(frame, &error),
    }
}

/// Asks the channel.
pub async fn ask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let one = match channels::one(&house, &by, id).await {
        Ok(one) => one,
        Err(error) => return refused(frame, &error),
    };
    let options: Vec<String> = form.value("options").lines().map(str::to_owned).collect();
    let hours = form
        .field("last", "group-poll-last")
        .number(1..=OPEN_DAYS_MAX * DAY / HOUR);
    if options.iter().filter(|o| !o.trim().is_empty()).count() > OPTIONS_MAX {
        form.fault("options", say("group-refused-options"));
    }
    let (Some(hours), false) = (hours, form.failed()) else {
        return poll_page(frame, &c, &one, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let draft = Draft {
        sent_id: form.value("sent_id").to_owned(),
        text: form.value("text").to_owned(),
        poll: Some(Asked {
            options,
            several: form.has("several", "yes"),
            by_home: form.has("home", "yes"),
            until: Moment(house.now().0 + hours * HOUR),
        }),
        ..Draft::default()
    };
    match speak::send(&house, &by, id, &draft).await {
        Ok(_) => onward::to(&format!("/c/{c}/group/channels/{id}#end")),
        Err(error) => match words::refusal(&frame, &error) {
            Some(told) => {
                let field = match error {
                    GroupError::Options => "options",
                    _ => "text",
                };
                form.fault(field, told);
                poll_page(frame, &c, &one, form, status(&error))
            }
            None => refused(frame, &error),
        },
    }
}

/// Where a message stands, to go back to it.
async fn place_of(house: &House, by: &Actor, c: &str, id: Id) -> Result<String, GroupError> {
    let (m, _) = forward::source(house, by, id).await?;
    let at = format!("/c/{c}/group/channels/{}", m.channel);
    Ok(format!("{at}?at={}#m-{}", m.seq, m.seq))
}

/// Answers a poll, or answers it anew.
pub async fn vote(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    form: Form,
) -> Response {
    let chosen: Vec<i64> = form.all("choice").filter_map(|n| n.parse().ok()).collect();
    let voted = polls::vote(&house, &by, id, &chosen).await;
    if wants_json(&headers) {
        return match voted {
            Ok(message) => answer(StatusCode::OK, live::json(&message)),
            Err(error) => {
                let told = words::refusal(&frame, &error);
                let told = told.map_or(String::new(), |s| frame.say(&s).into_owned());
                let body = serde_json::json!({ "refused": told });
                answer(status(&error), body.to_string())
            }
        };
    }
    match voted {
        Ok(m) => {
            let told = frame.t("group-did-vote").into_owned();
            let at = format!(
                "/c/{c}/group/channels/{}?at={}#m-{}",
                m.channel, m.seq, m.seq
            );
            onward::done(&at, told)
        }
        Err(error) => refused(frame, &error),
    }
}

/// Ends a poll before its time.
pub async fn end_poll(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match polls::end(&house, &by, id).await {
        Ok(()) => match place_of(&house, &by, &c, id).await {
            Ok(path) => onward::to(&path),
            Err(error) => refused(frame, &error),
        },
        Err(error) => refused(frame, &error),
    }
}

#[derive(Template)]
#[template(path = "group/forward.html")]
struct ForwardPage {
    frame: Frame,
    form: Form,
    back: String,
    here: String,
    by: String,
    line: String,
    channels: Vec<Choice>,
}

async fn draw_forward(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    frame: Frame,
    form: Form,
    code: StatusCode,
) -> Response {
    let looked = async {
        let (m, source) = forward::source(house, by, id).await?;
        let mut here = channels::of(house, by).await?;
        here.retain(|one| one.id != m.channel && one.kind != ChannelKind::Sharing);
        here.retain(|one| !one.settings.announce_only || channels::announces(by));
        Ok::<_, GroupError>((m, source, here))
    };
    let (m, source, here) = match looked.await {
        Ok(found) => found,
        Err(error) => return refused(frame, &error),
    };
    let choices = here
        .iter()
        .map(|one| Choice::new(one.id.to_string(), name_of(&frame, one)));
    page::html(
        code,
        ForwardPage {
            here: format!("/c/{c}/group/messages/{id}/forward"),
            back: format!("/c/{c}/group/channels/{}", m.channel),
            channels: choices.collect(),
            by: source.card.by,
            line: row::in_a_line(&frame, &m),
            form,
            frame: frame.titled("group-forward"),
        },
    )
}

/// Asks where to.
pub async fn forwarding(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let form = Form::filled([("sent_id", house.id().to_string())]);
    draw_forward(&house, &by, &c, id, frame, form, StatusCode::OK).await
}

/// Hands a message on.
pub async fn forward(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Ok(into) = form.value("into").parse::<Id>() else {
        form.fault("into", say("group-refused-into"));
        let code = StatusCode::UNPROCESSABLE_ENTITY;
        return draw_forward(&house, &by, &c, id, frame, form, code).await;
    };
    let (sent_id, text) = (
        form.value("sent_id").to_owned(),
        form.value("text").to_owned(),
    );
    match forward::forward(&house, &by, id, into, &sent_id, &text).await {
        Ok(_) => onward::done(
            &format!("/c/{c}/group/channels/{into}#end"),
            frame.t("group-did-forward"),
        ),
        Err(error) => match words::refusal(&frame, &error) {
            Some(told) => {
                form.fault("text", told);
                draw_forward(&house, &by, &c, id, frame, form, status(&error)).await
            }
            None => refused(frame, &error),
        },
    }
}
