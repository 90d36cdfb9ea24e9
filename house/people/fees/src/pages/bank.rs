//! The bank's list: a file or pasted lines, looked at before they are taken in, and what of
//! them waits for a person.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::meters::room_of_code;
use super::{Desk, sentence};
use crate::{BankView, Fate, FeesError, Seen, bank_waiting, preview_bank, settle_bank, take_bank};
use axum::extract::Multipart;
use foundation::page::form::Form;
use foundation::page::{self, Frame, Tag, Tone, key, say};
use permissions::Permission;

#[derive(Template)]
#[template(path = "fees/bank.html")]
struct BankPage {
    frame: Frame,
    form: Form,
    waiting: Vec<BankView>,
    base: String,
    may_record: bool,
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, Form::default(), StatusCode::OK).await
}

async fn draw(desk: Desk, form: Form, status: StatusCode) -> Response {
    match bank_waiting(&desk.house, &desk.actor).await {
        Ok(waiting) => {
            let page = BankPage {
                base: desk.at("/fees"),
                may_record: desk.actor.has(Permission::FeesRecord),
                frame: desk.frame.titled("fees-bank"),
                form,
                waiting,
            };
            page::html(status, page)
        }
        Err(error) => desk.refused(&error),
    }
}

async fn again(desk: Desk, mut form: Form, error: FeesError) -> Response {
    match sentence(&error) {
        Some(why) => {
            form.fault_of_all(why);
            draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        None => desk.refused(&error),
    }
}

/// A line of a file as it is shown before it is taken in.
struct Line {
    row: u32,
    day: jiff::civil::Date,
    amount: String,
    text: String,
    fate: Tag,
    room: String,
}

/// A cell that cannot be taken.
struct Fault {
    place: String,
    value: String,
    why: String,
}

#[derive(Template)]
#[template(path = "fees/bank_file.html")]
struct FilePage {
    frame: Frame,
    form: Form,
    base: String,
    name: String,
    lines: Vec<Line>,
    faults: Vec<Fault>,
    new: i64,
    known: i64,
    out: i64,
    /// What is sent to be taken in, a line each.
    list: String,
}

/// The letters over a spreadsheet's column.
fn letters(column: u32) -> String {
    let (mut n, mut out) = (column, String::new());
    while n > 0 {
        n -= 1;
        out.insert(0, char::from(b'A' + (n % 26) as u8));
        n /= 26;
    }
    out
}

fn why(code: &str) -> &'static str {
    match code {
        "amount_missing" => key("imports-why-amount-missing"),
        "amount_unreadable" => key("imports-why-amount-unreadable"),
        "amount_too_fine" => key("imports-why-amount-too-fine"),
        "amount_out_of_range" => key("imports-why-amount-out-of-range"),
        "date_out_of_range" => key("imports-why-date-out-of-range"),
        "date_without_day" => key("imports-why-date-without-day"),
        "formula_error" => key("imports-why-formula-error"),
        // One that could be two days is asked to be written as one.
        _ => key("imports-why-date-unreadable"),
    }
}

fn line(seen: &Seen) -> Line {
    let (tone, word, room) = match &seen.fate {
        Fate::Known => (Tone::Plain, key("fees-bank-known"), ""),
        Fate::Names(code) => (Tone::Done, key("fees-bank-names"), code.as_str()),
        Fate::Likely(code) => (Tone::Waiting, key("fees-bank-likely"), code.as_str()),
        Fate::Waits => (Tone::Waiting, key("fees-bank-waits"), ""),
        Fate::Ahead => (Tone::Overdue, key("fees-bank-ahead"), ""),
    };
    Line {
        row: seen.row,
        day: seen.paid_on,
        amount: super::yuan(seen.amount),
        text: seen.text.clone(),
        fate: Tag::new(tone, word),
        room: room.to_owned(),
    }
}

/// The file of a form, by name and content; empty where there is none.
async fn file_of(mut parts: Multipart) -> (String, Vec<u8>) {
    while let Ok(Some(field)) = parts.next_field().await {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            return (name, field.bytes().await.unwrap_or_default().to_vec());
        }
    }
    (String::new(), Vec::new())
}

/// Looks at a bank's file.
pub async fn look(desk: Desk, parts: Multipart) -> Response {
    let (name, bytes) = file_of(parts).await;
    if bytes.is_empty() {
        let mut form = Form::default();
        form.fault("file", say("imports-no-file"));
        return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (seen, list) = match preview_bank(&desk.house, &desk.actor, &name, bytes).await {
        Ok(looked) => looked,
        Err(error) => {
            let mut form = Form::default();
            return match sentence(&error) {
                Some(why) => {
                    form.fault("file", why);
                    draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
                }
                None => desk.refused(&error),
            };
        }
    };
    let several = list.lines.iter().any(|l| l.sheet != list.lines[0].sheet);
    let faults = list.faults.iter().map(|f| {
        let sheet = if several { &f.sheet } else { "" };
        Fault {
            place: format!("{sheet} {}{}", letters(f.column), f.row)
                .trim()
                .to_owned(),
            value: f.value.clone(),
            why: desk.frame.t(why(f.reason.code())).into_owned(),
        }
    });
    // Known lines are sent as well: they tell equal ones of another day's list apart.
    let sent: Vec<String> = seen
        .iter()
        .filter(|s| s.fate != Fate::Ahead)
        .map(Seen::line)
        .collect();
    let known = seen.iter().filter(|s| s.fate == Fate::Known).count();
    let page = FilePage {
        base: desk.at("/fees"),
        name,
        lines: seen.iter().map(line).collect(),
        faults: faults.collect(),
        new: (sent.len() - known) as i64,
        known: known as i64,
        out: list.out as i64,
        list: sent.join("\n"),
        frame: desk.frame.titled("fees-bank-look"),
        form: Form::default(),
    };
    page::ok(page)
}

pub async fn take(desk: Desk, form: Form) -> Response {
    let list = form.value("lines").to_owned();
    match take_bank(&desk.house, &desk.actor, &list).await {
        Ok(taken) => {
            let text = desk.frame.with(
                "fees-bank-taken",
                &[
                    ("taken", taken.taken.into()),
                    ("waiting", taken.waiting.into()),
                    ("known", taken.known.into()),
                    ("unread", (taken.unread.len() as i64).into()),
                ],
            );
            desk.done(&desk.at("/fees/bank"), text)
        }
        Err(error) => again(desk, form, error).await,
    }
}

pub async fn settle(desk: Desk, mut form: Form) -> Response {
    let line = match desk.id() {
        Ok(line) => line,
        Err(_) => return desk.refused(&FeesError::NoSuchLine),
    };
    let leave = form.value("decision") == "leave";
    let room = match room_of_code(&desk, form.value("room")).await {
        Ok(Some(room)) => Some(room),
        Ok(None) if leave => None,
        Ok(None) | Err(FeesError::NoSuchRoom) => {
            form.fault_of_all(say("fees-error-room"));
            return draw(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return desk.refused(&error),
    };
    let room = room.filter(|_| !leave);
    match settle_bank(&desk.house, &desk.actor, line, room).await {
        Ok(()) => {
            let text = desk.frame.t("fees-bank-settled");
            desk.done(&desk.at("/fees/bank"), text)
        }
        Err(error) => again(desk, form, error).await,
    }
}
