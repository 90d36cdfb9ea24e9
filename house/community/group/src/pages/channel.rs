//! A channel as it is read and written.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State as Place};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::row::{Around, Row, in_a_line};
use super::{By, answer, kept, name_of, refused, status, wants_json, words};
use crate::live::{self, Hub, Line};
use crate::reading::{self, History, Part};
use crate::speak::{self, Draft};
use crate::{Channel, ChannelKind, GroupError, TEXT_CHARS_MAX, channels, polls, sharing};
use accounts::Session;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward};
use permissions::Permission;
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "group/channel.html")]
struct ChannelPage {
    frame: Frame,
    form: Form,
    base: String,
    here: String,
    live: String,
    me: String,
    view: String,
    last_seq: i64,
    rows: Vec<Row>,
    pins: Vec<Pin>,
    /// Where the reader is named and has not read, the first; nothing when nowhere.
    called: Vec<i64>,
    /// How many are connected, where that is told.
    present: usize,
    /// Where the page before this one begins, or empty.
    earlier: String,
    /// This is a page of the past.
    past: bool,
    reply: Option<Row>,
    /// Why one cannot write now, or empty.
    closed: String,
    /// Several channels: a message can be handed on.
    may_forward: bool,
    may_pin: bool,
    /// The assistant's keeper takes a message up as a question.
    may_learn: bool,
    /// The desk takes a message up as a ticket.
    may_raise: bool,
    may_lead: bool,
    sent_id: String,
    most: usize,
}

/// A pinned message in one line.
struct Pin {
    seq: i64,
    name: String,
    line: String,
}

#[derive(Default, Deserialize)]
pub struct Where {
    before: Option<i64>,
    /// A message to be seen with what stands around it.
    at: Option<i64>,
    reply: Option<i64>,
}

impl Where {
    fn part(&self) -> Part {
        match (self.at, self.before) {
            (Some(seq), _) => Part::Around(seq),
            (None, Some(seq)) => Part::Before(seq),
            (None, None) => Part::Newest,
        }
    }
}

/// Why one cannot write here now, as far as a look can tell.
fn closed(frame: &Frame, by: &Actor, channel: &Channel, now: foundation::clock::Moment) -> String {
    let s = &channel.settings;
    let why = if s.announce_only && !channels::announces(by) {
        GroupError::AnnouncementsOnly
    } else if channels::leads(by) {
        return String::new();
    } else if let Some(until) = s.hushed_until.filter(|until| *until > now) {
        GroupError::Hushed { until }
    } else if s.is_quiet_at(speak::minute_of_day(now)) {
        GroupError::Quiet {
            until_minute: s.quiet_until,
        }
    } else {
        return String::new();
    };
    words::refusal(frame, &why).map_or(String::new(), |s| frame.say(&s).into_owned())
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the page")]
async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    channel: Channel,
    at: &Where,
    present: usize,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let now = house.now();
    let looked = async {
        // The view first: what comes after it the stream brings, what came before the page has.
        let view = reading::view(house, by).await?;
        let history = reading::history(house, by, &channel, at.part()).await?;
        let pins = reading::pinned(house, by, &channel).await?;
        let votes = polls::own(house, by, &history.messages).await?;
        let here = channels::of(house, by).await?;
        let called = reading::mentioned(house, by, &channel).await?;
        let newest = history.messages.last().map_or(0, |m| m.seq) >= channel.last_seq;
        if (at.before.is_none() && at.at.is_none() || newest)
            && let Some(last) = history.messages.last()
        {
            reading::mark(house, by, &channel, last.seq).await?;
        }
        Ok::<_, GroupError>((view, history, pins, votes, here.len(), called, newest))
    };
    let (view, history, pins, votes, count, called, newest) = match looked.await {
        Ok(found) => found,
        Err(e) => return refused(frame, &e),
    };
    let History {
        messages,
        answered,
        earlier,
    } = history;
    let base = format!("/c/{c}/group");
    let here = format!("{base}/channels/{}", channel.id);
    let may_speak = by.has(Permission::GroupSpeak);
    let around = Around {
        by,
        frame: &frame,
        base: &base,
        now: now.0,
        answered: &answered,
        votes: &votes,
        may_speak,
    };
    let rows: Vec<Row> = messages.into_iter().map(|m| around.row(m)).collect();
    let pins = pins.into_iter().map(|m| Pin {
        seq: m.seq,
        line: in_a_line(&frame, &m),
        name: m.byline,
    });
    let pins: Vec<Pin> = pins.collect();
    let reply = at
        .reply
        .and_then(|seq| rows.iter().find(|r| r.seq == seq).cloned());
    let silence = match by.account {
        Some(account) => conduct::speech::silence(house, by.community, account).await,
        None => Ok(None),
    };
    let closed = match silence {
        Ok(Some(s)) => {
            let why = GroupError::Silenced { until: s.until };
            words::refusal(&frame, &why).map_or(String::new(), |s| frame.say(&s).into_owned())
        }
        _ => closed(&frame, by, &channel, now),
    };
    let name = name_of(&frame, &channel);
    page::html(
        status,
        ChannelPage {
            live: format!("{base}/live"),
            me: by.account.map_or(String::new(), |a| a.to_string()),
            view,
            last_seq: channel.last_seq,
            rows,
            pins,
            called,
            present: if channel.kind == ChannelKind::Main {
                present
            } else {
                0
            },
            may_forward: count > 1,
            earlier: earlier.map_or(String::new(), |seq| format!("{here}?before={seq}")),
            past: (at.before.is_some() || at.at.is_some()) && !newest,
            reply,
            closed,
            may_pin: by.has(Permission::GroupPin),
            may_learn: by.has(Permission::AssistantWrite),
            may_raise: by.has(Permission::DeskHandle),
            may_lead: by.has(Permission::GroupLead),
            sent_id: house.id().to_string(),
            most: TEXT_CHARS_MAX,
            base,
            here,
            form,
            frame: frame.named(name),
        },
    )
}

/// A channel: its newest page, an older one, or the one around a message.
pub async fn show(
    hub: Arc<Hub>,
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    Query(at): Query<Where>,
    frame: Frame,
) -> Response {
    let found = async {
        let channel = channels::one(&house, &by, id).await?;
        channels::entered(&house, &by).await?;
        Ok(channel)
    };
    match found.await {
        Err(GroupError::RulesDue) => onward::to(&format!("/c/{c}/group-rules")),
        Ok(channel) if channel.kind == ChannelKind::Sharing => shared(&house, &by, &c, &at).await,
        Ok(channel) => {
            let present = hub.present(by.community);
            let (form, code) = (Form::default(), StatusCode::OK);
            let drawn = draw(&house, &by, &c, channel, &at, present, frame, form, code).await;
            kept(drawn, &by)
        }
        Err(e) => refused(frame, &e),
    }
}

/// The sharing channel is read by threads: where a message of it stands.
async fn shared(house: &House, by: &Actor, c: &str, at: &Where) -> Response {
    let all = format!("/c/{c}/group/sharing");
    match at.at {
        Some(place) => match sharing::thread_of(house, by, place).await {
            Ok(thread) => onward::to(&format!("{all}/{thread}#m-{place}")),
            Err(_) => onward::to(&all),
        },
        None => onward::to(&all),
    }
}

/// Says something: a form of the page, or the script's with `accept: application/json`.
pub async fn say(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    form: Form,
) -> Response {
    let draft = Draft {
        sent_id: form.value("sent_id").to_owned(),
        text: form.value("text").to_owned(),
        reply_to: form.value("reply").parse().ok(),
        ..Draft::default()
    };
    said(&house, &by, &c, id, &headers, frame, form, draft).await
}

/// Says what a form held, and answers as it was asked.
#[allow(clippy::too_many_arguments, reason = "each is one part of the request")]
pub async fn said(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    headers: &HeaderMap,
    frame: Frame,
    form: Form,
    draft: Draft,
) -> Response {
    match speak::send(house, by, id, &draft).await {
        Ok(message) if wants_json(headers) => answer(StatusCode::OK, live::json(&message)),
        Ok(_) => onward::to(&format!("/c/{c}/group/channels/{id}#end")),
        Err(error) => not_said(house, by, c, id, headers, frame, form, &draft, error).await,
    }
}

/// What was not said: what was typed stays in the field, with the reason above it.
#[allow(clippy::too_many_arguments, reason = "each is one part of the request")]
pub async fn not_said(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    headers: &HeaderMap,
    frame: Frame,
    mut form: Form,
    draft: &Draft,
    error: GroupError,
) -> Response {
    let code = status(&error);
    match words::refusal(&frame, &error) {
        Some(told) if wants_json(headers) => {
            let text = frame.say(&told).into_owned();
            let body = serde_json::json!({ "refused": text });
            answer(code, body.to_string())
        }
        Some(told) if code != StatusCode::NOT_FOUND => {
            form.fault("text", told);
            match channels::one(house, by, id).await {
                Ok(channel) => {
                    let at = Where {
                        reply: draft.reply_to,
                        ..Where::default()
                    };
                    draw(house, by, c, channel, &at, 0, frame, form, code).await
                }
                Err(e) => refused(frame, &e),
            }
        }
        _ => refused(frame, &error),
    }
}

#[derive(Deserialize)]
pub struct Since {
    after: Option<String>,
}

/// The live stream of all channels that the reader is in.
pub async fn live(
    hub: Arc<Hub>,
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    Query(since): Query<Since>,
) -> Response {
    let last = headers
        .get("last-event-id")
        .and_then(|v| v.to_str().ok())
        .filter(|v| !v.is_empty());
    let after = last.or(since.after.as_deref());
    let opened = Line::open(&house, &hub, &by, Some(session.id), after);
    let line = match opened.await {
        Ok(line) => line,
        Err(error) => return status(&error).into_response(),
    };
    let stream = futures_util::stream::unfold(line, |mut line| async move {
        let bytes = line.next().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), line))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A buffering proxy would keep what is live.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(stream)).into_response()
}
