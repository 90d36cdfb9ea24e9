//! The channels of a compound, and how one may speak in each.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, kept, name_of, refused, status, words};
use crate::channels::{self, SLOW_SECONDS_MAX, Settings};
use crate::{Channel, GroupError, reading};
use foundation::clock::MINUTE;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, onward, say};
use permissions::Permission;
use permissions::actor::Actor;

/// Minutes for which everybody can be hushed, at most: a day.
const HUSH_MINUTES_MAX: i64 = 24 * 60;

/// A channel in the list.
pub struct Entry {
    pub href: String,
    pub name: String,
    pub unread: i64,
    /// Unread places where the reader is named.
    pub called: usize,
    /// When somebody last spoke there, or empty.
    pub last_at: String,
    pub settings: String,
}

#[derive(Template)]
#[template(path = "group/list.html")]
struct ListPage {
    frame: Frame,
    form: Form,
    here: String,
    entries: Vec<Entry>,
    search: String,
    may_lead: bool,
}

#[derive(Template)]
#[template(path = "group/settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Form,
    back: String,
    here: String,
    hushed: String,
}

/// The channels somebody is in, with what is new in each.
pub async fn entries(
    house: &House,
    by: &Actor,
    frame: &Frame,
    c: &str,
) -> Result<Vec<Entry>, GroupError> {
    let here = channels::of(house, by).await?;
    let unread = reading::unread(house, by, &here).await?;
    let leads = by.has(Permission::GroupLead);
    let mut called = Vec::with_capacity(here.len());
    for one in &here {
        called.push(reading::mentioned(house, by, one).await?.len());
    }
    Ok(here
        .iter()
        .zip(called)
        .map(|(one, called)| {
            let href = format!("/c/{c}/group/channels/{}", one.id);
            Entry {
                name: name_of(frame, one),
                unread: unread.iter().find(|u| u.0 == one.id).map_or(0, |u| u.1),
                last_at: {
                    let last = one.last_at.map(|m| frame.stamp(m.0));
                    let called = (called > 0).then(|| {
                        frame
                            .one("group-called", "count", called as i64)
                            .into_owned()
                    });
                    let both: Vec<String> = called.into_iter().chain(last).collect();
                    both.join(" · ")
                },
                called,
                settings: if leads {
                    format!("{href}/settings")
                } else {
                    String::new()
                },
                href,
            }
        })
        .collect())
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    match entries(house, by, &frame, c).await {
        Ok(entries) => page::html(
            status,
            ListPage {
                here: format!("/c/{c}/group/channels"),
                search: format!("/c/{c}/group/search"),
                entries,
                may_lead: by.has(Permission::GroupLead),
                form,
                frame: frame.titled("group-title"),
            },
        ),
        Err(e) => refused(frame, &e),
    }
}

pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let drawn = draw(&house, &by, &c, frame, Form::default(), StatusCode::OK).await;
    kept(drawn, &by)
}

/// Opens a channel.
pub async fn open(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    match channels::open(&house, &by, form.value("name"), form.value("building")).await {
        Ok(id) => onward::done(
            &format!("/c/{c}/group/channels/{id}"),
            frame.t("group-did-open"),
        ),
        Err(error) => {
            let code = status(&error);
            match words::refusal(&frame, &error) {
                Some(told) => {
                    form.fault("name", told);
                    draw(&house, &by, &c, frame, form, code).await
                }
                None => refused(frame, &error),
            }
        }
    }
}

fn filled(one: &Channel) -> Form {
    let s = &one.settings;
    let quiet = s.quiet_from != s.quiet_until;
    let clock = |minute| {
        if quiet {
            words::clock(minute)
        } else {
            String::new()
        }
    };
    Form::filled([
        ("version", one.version.to_string()),
        (
            "announce",
            if s.announce_only { "yes" } else { "" }.to_owned(),
        ),
        ("slow", s.slow_seconds.to_string()),
        ("quiet_from", clock(s.quiet_from)),
        ("quiet_until", clock(s.quiet_until)),
        ("hush", String::new()),
    ])
}

fn settings_page(frame: Frame, c: &str, one: &Channel, form: Form, status: StatusCode) -> Response {
    let hushed = one.settings.hushed_until.filter(|m| m.0 > frame.now_ms);
    let back = format!("/c/{c}/group/channels/{}", one.id);
    page::html(
        status,
        SettingsPage {
            here: format!("{back}/settings"),
            hushed: hushed.map_or(String::new(), |m| {
                frame
                    .one("group-hushed-until", "until", frame.stamp(m.0))
                    .into_owned()
            }),
            frame: {
                let name = name_of(&frame, one);
                let title = frame.one("group-settings-of", "name", name).into_owned();
                frame.named(title)
            },
            back,
            form,
        },
    )
}

/// How one may speak in a channel.
pub async fn settings(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match channels::one(&house, &by, id).await {
        Ok(one) => settings_page(frame, &c, &one, filled(&one), StatusCode::OK),
        Err(e) => refused(frame, &e),
    }
}

/// Sets it.
pub async fn set(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let one = match channels::one(&house, &by, id).await {
        Ok(one) => one,
        Err(e) => return refused(frame, &e),
    };
    let time = |text: &str| words::minute(text.trim()).ok_or_else(|| say("group-refused-time"));
    let slow = form
        .field("slow", "group-slow")
        .number(0..=SLOW_SECONDS_MAX);
    let from = form
        .field("quiet_from", "group-quiet-from")
        .read_optional(time);
    let until = form
        .field("quiet_until", "group-quiet-until")
        .read_optional(time);
    let hush = form.field("hush", "group-hush").read_optional(|text| {
        let minutes = text.trim().parse::<i64>().ok();
        minutes
            .filter(|m| (0..=HUSH_MINUTES_MAX).contains(m))
            .ok_or_else(|| say("group-refused-hush"))
    });
    if let (Some(from), Some(until)) = (&from, &until)
        && from.is_some() != until.is_some()
    {
        let empty = if from.is_some() {
            "quiet_until"
        } else {
            "quiet_from"
        };
        form.fault(empty, say("group-refused-quiet-half"));
    }
    let (Some(slow), false) = (slow, form.failed()) else {
        return settings_page(frame, &c, &one, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (from, until, hush) = (from.flatten(), until.flatten(), hush.flatten());
    let quiet = from.zip(until).unwrap_or((0, 0));
    let settings = Settings {
        announce_only: form.has("announce", "yes"),
        slow_seconds: slow,
        quiet_from: quiet.0,
        quiet_until: quiet.1,
        hushed_until: match hush {
            // An empty field leaves what stands; 0 ends it.
            None => one.settings.hushed_until,
            Some(0) => None,
            Some(minutes) => Some(house.now().plus(minutes * MINUTE)),
        },
    };
    let version = form.value("version").parse().unwrap_or(0);
    match channels::set(&house, &by, id, version, settings).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/group/channels/{id}"),
            frame.t("group-did-set"),
        ),
        Err(e) => refused(frame, &e),
    }
}
