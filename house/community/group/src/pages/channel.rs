//! A channel as it is read and written.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State as Place};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{By, name_of, refused, status, to, wants_json, words};
use crate::live::{self, Hub, Line};
use crate::message::{Message, MessageState};
use crate::reading::{self, History};
use crate::speak::{self, Draft};
use crate::{Channel, GroupError, RECALL_WITHIN_MS, TEXT_CHARS_MAX, channels};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, key};
use permissions::Permission;
use permissions::actor::Actor;

/// One message as the page draws it.
#[derive(Clone)]
pub struct Row {
    pub id: Id,
    pub seq: i64,
    pub name: String,
    pub badge: String,
    pub text: String,
    pub at: i64,
    pub own: bool,
    pub held: bool,
    /// Why there are no words: a key, or empty.
    pub gone: &'static str,
    pub pinned: bool,
    pub may_recall: bool,
    /// The line that is answered.
    pub reply: Option<(i64, String)>,
}

#[derive(Template)]
#[template(path = "group/channel.html")]
struct ChannelPage {
    frame: Frame,
    form: Form,
    base: String,
    here: String,
    live: String,
    me: String,
    tick: i64,
    last_seq: i64,
    rows: Vec<Row>,
    pins: Vec<Row>,
    /// Where the page before this one begins, or empty.
    earlier: String,
    /// This is a page of the past.
    past: bool,
    reply: Option<Row>,
    /// Why one cannot write now, or empty.
    closed: String,
    may_pin: bool,
    may_lead: bool,
    sent_id: String,
    most: usize,
}

#[derive(Deserialize)]
pub struct Where {
    before: Option<i64>,
    reply: Option<i64>,
}

fn row(by: &Actor, now: i64, m: Message, answered: &[Message]) -> Row {
    let own = by.account == Some(m.author);
    let reply = m.reply_to.and_then(|seq| {
        let line = answered.iter().find(|a| a.seq == seq)?;
        let words: String = line.text.chars().take(40).collect();
        Some((seq, format!("{}：{words}", line.byline)))
    });
    Row {
        own,
        held: m.state == MessageState::Held,
        gone: match m.state {
            MessageState::Recalled => key("group-recalled"),
            MessageState::Hidden => key("group-hidden"),
            MessageState::Shown | MessageState::Held => "",
        },
        may_recall: own
            && now - m.at.0 < RECALL_WITHIN_MS
            && matches!(m.state, MessageState::Shown | MessageState::Held),
        pinned: m.pinned_at.is_some(),
        id: m.id,
        seq: m.seq,
        name: m.byline,
        badge: m.badge,
        text: m.text,
        at: m.at.0,
        reply,
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
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let now = house.now();
    let looked = async {
        // The tick first: what comes after it the stream brings, what came before the page has.
        let tick = reading::tick(house, by.community).await?;
        let history = reading::history(house, by, &channel, at.before).await?;
        let pins = reading::pinned(house, by, &channel).await?;
        if at.before.is_none()
            && let Some(last) = history.messages.last()
        {
            reading::mark(house, by, &channel, last.seq).await?;
        }
        Ok::<_, GroupError>((tick, history, pins))
    };
    let (tick, history, pins) = match looked.await {
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
    let rows: Vec<Row> = messages
        .into_iter()
        .map(|m| row(by, now.0, m, &answered))
        .collect();
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
            tick,
            last_seq: channel.last_seq,
            rows,
            pins: pins.into_iter().map(|m| row(by, now.0, m, &[])).collect(),
            earlier: earlier.map_or(String::new(), |seq| format!("{here}?before={seq}")),
            past: at.before.is_some(),
            reply,
            closed,
            may_pin: by.has(Permission::GroupPin),
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

/// A channel, newest page or an older one.
pub async fn show(
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
        Err(GroupError::RulesDue) => to(&format!("/c/{c}/group-rules")),
        Ok(channel) => {
            draw(
                &house,
                &by,
                &c,
                channel,
                &at,
                frame,
                Form::default(),
                StatusCode::OK,
            )
            .await
        }
        Err(e) => refused(frame, &e),
    }
}

/// Says something: a form of the page, or the script's with `accept: application/json`.
pub async fn say(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    mut form: Form,
) -> Response {
    let draft = Draft {
        sent_id: form.value("sent_id").to_owned(),
        text: form.value("text").to_owned(),
        reply_to: form.value("reply").parse().ok(),
    };
    let json = wants_json(&headers);
    match speak::send(&house, &by, id, &draft).await {
        Ok(message) if json => answer(StatusCode::OK, live::json(&message)),
        Ok(_) => to(&format!("/c/{c}/group/channels/{id}#end")),
        Err(error) => {
            let code = status(&error);
            let told = words::refusal(&frame, &error);
            match told {
                Some(told) if json => {
                    let text = frame.say(&told).into_owned();
                    let body = serde_json::json!({ "refused": text });
                    answer(code, body.to_string())
                }
                // What was typed stays in the field, with the reason above it.
                Some(told) if code != StatusCode::NOT_FOUND => {
                    form.fault("text", told);
                    match channels::one(&house, &by, id).await {
                        Ok(channel) => {
                            let at = Where {
                                before: None,
                                reply: draft.reply_to,
                            };
                            draw(&house, &by, &c, channel, &at, frame, form, code).await
                        }
                        Err(e) => refused(frame, &e),
                    }
                }
                _ => refused(frame, &error),
            }
        }
    }
}

fn answer(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

#[derive(Deserialize)]
pub struct Since {
    after: Option<i64>,
}

/// The live stream of all channels that the reader is in.
pub async fn live(
    hub: Arc<Hub>,
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    headers: HeaderMap,
    Query(since): Query<Since>,
) -> Response {
    let last = headers
        .get("last-event-id")
        .and_then(|v| v.to_str().ok()?.parse::<i64>().ok());
    let opened = async {
        let here = channels::of(&house, &by).await?;
        let ids = here.iter().map(|one| one.id).collect();
        let tick = match last.or(since.after) {
            Some(tick) => tick,
            None => reading::tick(&house, by.community).await?,
        };
        Line::open(&house, &hub, by.community, ids, tick).await
    };
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
