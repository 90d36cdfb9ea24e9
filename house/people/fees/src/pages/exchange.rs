//! The exchange of files with the office's other system: how the last ones went, for
//! whoever reads fees; the folder and the hour, for the operator.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::Desk;
use crate::exchange::{self, Ended, Exchange};
use crate::{FeesError, store};
use foundation::page::form::Form;
use foundation::page::{self, Frame, Tag, Tone, key, say};
use permissions::Permission;

/// How an exchange or a file ended, as a tag.
pub(super) fn tag(ended: Ended) -> Tag {
    match ended {
        Ended::Good => Tag::new(Tone::Done, key("fees-exchange-good")),
        Ended::Faults => Tag::new(Tone::Waiting, key("fees-exchange-faults")),
        Ended::Failed => Tag::new(Tone::Overdue, key("fees-exchange-failed")),
        Ended::Again => Tag::new(Tone::Plain, key("fees-exchange-again")),
    }
}

/// The sentence for why something failed; empty where it did not.
fn why_word(why: &str) -> &'static str {
    match why {
        "folder" => key("fees-exchange-why-folder"),
        "file" => key("fees-exchange-why-file"),
        "table" => key("fees-exchange-why-table"),
        "large" => key("fees-exchange-why-large"),
        "busy" => key("fees-exchange-why-busy"),
        _ => "",
    }
}

/// A file as a line of the page.
struct Line {
    file_name: String,
    at: i64,
    tag: Tag,
    why: &'static str,
    brought: String,
}

#[derive(Template)]
#[template(path = "fees/exchange.html")]
struct ExchangePage {
    frame: Frame,
    set: Option<Exchange>,
    /// The last one: when, how, why not, what it brought.
    last: Option<Line>,
    lines: Vec<Line>,
    hour: String,
    base: String,
    may_run: bool,
}

#[derive(Template)]
#[template(path = "fees/exchange_settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Form,
    set: Option<Exchange>,
    last: Option<Line>,
    base: String,
}

fn hour_of(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `2:30`, `02：30`, `230` and `2` as minutes after midnight.
fn minute_of(text: &str) -> Option<i64> {
    let plain: String = hanzi::fold::key(text)
        .chars()
        .map(|c| if c == '：' || c == '.' { ':' } else { c })
        .collect();
    let (hour, minute) = match plain.split_once(':') {
        Some(parts) => parts,
        None if plain.len() > 2 => plain.split_at_checked(plain.len() - 2)?,
        None => (plain.as_str(), "0"),
    };
    let (hour, minute): (i64, i64) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn last_of(frame: &Frame, set: &Exchange) -> Option<Line> {
    let (at, ended) = set.last?;
    Some(Line {
        file_name: String::new(),
        at: at.0,
        tag: tag(ended),
        why: why_word(&set.why),
        brought: frame
            .with(
                "fees-exchange-brought",
                &[
                    ("files", set.tally.files.into()),
                    ("bills", set.tally.bills.into()),
                    ("payments", set.tally.payments.into()),
                    ("faults", set.tally.faults.into()),
                    ("out", set.tally.out.into()),
                ],
            )
            .into_owned(),
    })
}

fn line(frame: &Frame, row: store::TakenRow) -> Line {
    Line {
        at: row.at.0,
        tag: tag(row.ended),
        why: why_word(&row.why),
        brought: frame
            .with(
                "fees-exchange-file-brought",
                &[
                    ("bills", row.tally.bills.into()),
                    ("payments", row.tally.payments.into()),
                    ("faults", row.tally.faults.into()),
                ],
            )
            .into_owned(),
        file_name: row.file_name,
    }
}

/// How the exchanges went.
pub async fn show(desk: Desk) -> Response {
    let (house, actor) = (&desk.house, &desk.actor);
    let read = async {
        let set = exchange::exchange(house, actor).await?;
        let files = exchange::taken_files(house, actor).await?;
        Ok::<_, FeesError>((set, files))
    };
    match read.await {
        Err(error) => desk.refused(&error),
        Ok((set, files)) => {
            let frame = &desk.frame;
            page::ok(ExchangePage {
                last: set.as_ref().and_then(|s| last_of(frame, s)),
                lines: files.into_iter().map(|f| line(frame, f)).collect(),
                hour: set.as_ref().map_or_else(String::new, |s| hour_of(s.minute)),
                base: desk.at("/fees"),
                may_run: set.is_some() && actor.has(Permission::ImportRun),
                set,
                frame: frame.clone().titled("fees-exchange"),
            })
        }
    }
}

/// Lets it run now.
pub async fn run(desk: Desk) -> Response {
    match exchange::exchange_now(&desk.house, &desk.actor).await {
        Ok(()) => desk.done(
            &desk.at("/fees/exchange"),
            desk.frame.t("fees-exchange-begun"),
        ),
        Err(error) => desk.refused(&error),
    }
}

async fn settings(desk: Desk, form: Form, set: Option<Exchange>, status: StatusCode) -> Response {
    let last = set.as_ref().and_then(|s| last_of(&desk.frame, s));
    let base = desk.at("/fees-exchange");
    page::html(
        status,
        SettingsPage {
            form,
            set,
            last,
            base,
            frame: desk.frame.titled("fees-exchange-settings"),
        },
    )
}

/// The folder and the hour.
pub async fn edit(desk: Desk) -> Response {
    match exchange::exchange(&desk.house, &desk.actor).await {
        Err(error) => desk.refused(&error),
        Ok(set) => {
            let form = match &set {
                Some(s) => Form::filled([
                    ("folder", s.folder.display().to_string()),
                    ("hour", hour_of(s.minute)),
                    ("active", if s.active { "yes" } else { "" }.to_owned()),
                ]),
                None => Form::filled([("hour", "02:30"), ("active", "yes")]),
            };
            settings(desk, form, set, StatusCode::OK).await
        }
    }
}

/// Sets them.
pub async fn set(desk: Desk, mut form: Form) -> Response {
    let folder = form
        .field("folder", "fees-exchange-folder")
        .text(1..=exchange::FOLDER_BYTES_MAX);
    let minute = form
        .field("hour", "fees-exchange-hour")
        .read(|text| minute_of(text).ok_or_else(|| say("fees-error-hour")));
    let active = form.value("active") == "yes";
    if let (Some(folder), Some(minute)) = (folder, minute) {
        let set = exchange::set_exchange(&desk.house, &desk.actor, &folder, minute, active);
        match set.await {
            Ok(()) => {
                let text = desk.frame.t("fees-exchange-set").into_owned();
                return desk.done(&desk.at("/fees-exchange"), text);
            }
            Err(FeesError::Folder) => form.fault("folder", say("fees-error-folder")),
            Err(error) => return desk.refused(&error),
        }
    }
    let now = exchange::exchange(&desk.house, &desk.actor).await;
    let now = now.unwrap_or_default();
    settings(desk, form, now, StatusCode::UNPROCESSABLE_ENTITY).await
}
