//! The owner asks: the last question with what it got, those before it below.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::asking::{self, Question, Said, Shown, Then};
use crate::entry::{Live, Source};
use crate::markdown::{self, Block};
use crate::{AssistantError, QUESTION_CHARS_MAX, base, hand, reword};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, key, onward, say};
use permissions::Permission;
use permissions::actor::Actor;

/// The place of the answers that holds the phone of whoever is on duty.
const DUTY: &str = "duty_phone";
/// The place that holds when the office is open.
const HOURS: &str = "office_hours";
/// As many notices and tickets stand beside an answer.
const NEWS: usize = 3;
const TICKETS: usize = 5;
/// As many topics are named where nothing was asked yet.
const EXAMPLES: usize = 6;

/// An answer on the page.
struct Answer {
    title: String,
    blocks: Vec<Block>,
    /// As it was written, where the blocks are in other words.
    original: Vec<Block>,
    /// Lines worked out for the asker alone: words and an address.
    live: Vec<(String, String)>,
    /// What it rests on, said; and the notice's page, where it is one.
    source: String,
    notice: String,
    /// 0 where nobody did.
    confirmed: i64,
}

/// The card of a danger.
struct Card {
    what: &'static str,
    public: &'static str,
    duty: String,
    /// Of the ticket that was opened because it is happening; empty where none is.
    ticket: String,
    /// It stands on the office's list, where nobody may be looking.
    noted: bool,
    /// What the button does that says it is happening.
    now: &'static str,
}

struct Last {
    id: String,
    text: String,
    at: i64,
    card: Option<Card>,
    answer: Option<Answer>,
    choices: Vec<(String, String)>,
    refused: bool,
    handed: bool,
    /// This very question waits for a person.
    waits: bool,
    ticket: String,
    down: bool,
}

struct Before {
    text: String,
    at: i64,
    got: &'static str,
    ticket: String,
}

#[derive(Template)]
#[template(path = "assistant/ask.html")]
struct AskPage {
    frame: Frame,
    form: Form,
    here: String,
    last: Option<Last>,
    before: Vec<Before>,
    examples: Vec<String>,
}

async fn live(
    house: &House,
    by: &Actor,
    c: &str,
    frame: &Frame,
    live: Live,
) -> Result<Vec<(String, String)>, AssistantError> {
    let mut out = Vec::new();
    match live {
        Live::Fees if by.has(Permission::HomeRead) => {
            for (room, code) in fees::my_rooms(house, by).await? {
                let account = fees::account(house, by, room).await?;
                let owed = frame.money(account.owed.0);
                let line = frame.with(
                    "assistant-live-owed",
                    &[
                        ("room", code.as_str().into()),
                        ("sum", owed.as_str().into()),
                    ],
                );
                out.push((line.into_owned(), format!("/c/{c}/my/fees")));
            }
        }
        Live::Tickets => {
            if let Some(desk) = hand::desk(house) {
                let mine = desk.mine(house, by).await.map_err(AssistantError::Desk)?;
                for one in mine.iter().take(TICKETS) {
                    let line = frame.with(
                        "assistant-live-ticket",
                        &[
                            ("number", one.number.as_str().into()),
                            ("title", frame.in_script(&one.title).into()),
                            ("state", frame.t(one.state).into_owned().into()),
                        ],
                    );
                    out.push((line.into_owned(), format!("/c/{c}{}", one.path)));
                }
                if mine.is_empty() {
                    out.push((
                        frame.t("assistant-live-no-ticket").into_owned(),
                        String::new(),
                    ));
                }
            }
        }
        Live::Hours => {
            let head = base::head(house, by.community).await?;
            if let Some(hours) = head.fills.get(HOURS) {
                let line = frame.one("assistant-live-open", "hours", frame.in_script(hours));
                out.push((line.into_owned(), String::new()));
            }
        }
        Live::Notices => {
            let (mine, _) = notices::reading::list(house, by, None).await?;
            for m in mine.iter().filter(|m| m.notice.state.stands()).take(NEWS) {
                let href = format!("/c/{c}/my/notices/{}", m.notice.id);
                out.push((frame.in_script(&m.notice.title), href));
            }
        }
        Live::Fees | Live::Nothing => {}
    }
    Ok(out)
}

async fn answer(
    house: &House,
    by: &Actor,
    c: &str,
    frame: &Frame,
    shown: Shown,
) -> Result<Answer, AssistantError> {
    let (mut notice, mut source) = (String::new(), String::new());
    match shown.source {
        Source::Notice => notice = format!("/c/{c}/my/notices/{}", shown.source_ref),
        Source::Rules => {
            let version = frame.one(
                "assistant-rests-rules",
                "version",
                shown.source_ref.as_str(),
            );
            source = version.into_owned();
        }
        Source::Office => {}
    }
    if source.is_empty() {
        source = frame.t(words::source_word(shown.source)).into_owned();
    }
    let manner = base::head(house, by.community).await?.manner;
    let other = match manner.reword && !shown.risk {
        true => reword::reworded(house, &shown.answer).await,
        false => None,
    };
    let written = markdown::blocks(&frame.in_script(&shown.answer));
    let (blocks, original) = match other {
        Some(other) => (markdown::blocks(&frame.in_script(&other)), written),
        None => (written, Vec::new()),
    };
    Ok(Answer {
        title: frame.in_script(&shown.title),
        blocks,
        original,
        live: live(house, by, c, frame, shown.live).await?,
        source,
        notice,
        confirmed: shown.confirmed_at.map_or(0, |at| at.0),
    })
}

async fn last(
    house: &House,
    by: &Actor,
    c: &str,
    frame: &Frame,
    question: &Question,
    text: &str,
) -> Result<Last, AssistantError> {
    let mut out = Last {
        id: question.id.to_string(),
        text: text.to_owned(),
        at: question.at.0,
        card: None,
        answer: None,
        choices: Vec::new(),
        refused: false,
        handed: question.waits() || question.band == "handed",
        waits: question.waits(),
        ticket: question.ticket.clone(),
        down: question.down,
    };
    let chosen = question.entry.parse::<Id>().ok();
    match asking::say(house, by, text).await? {
        Said::Danger(danger, shown) => {
            let fills = base::head(house, by.community).await?.fills;
            out.card = Some(Card {
                what: words::danger_word(danger.kind),
                public: words::public_number(danger.kind),
                duty: fills.get(DUTY).cloned().unwrap_or_default(),
                ticket: question.ticket.clone(),
                noted: question.waiting_since.is_some(),
                now: match hand::desk(house) {
                    Some(_) => key("assistant-urgent-now"),
                    None => key("assistant-urgent-list"),
                },
            });
            if let Some(shown) = shown {
                out.answer = Some(answer(house, by, c, frame, shown).await?);
            }
        }
        // People have the word.
        _ if out.handed && question.band == "handed" => {}
        said => {
            let picked = match chosen {
                Some(id) => asking::entry(house, by, id).await?,
                None => None,
            };
            match (picked, said) {
                (Some(shown), _) | (None, Said::Answer(shown)) => {
                    out.answer = Some(answer(house, by, c, frame, shown).await?);
                }
                (None, Said::Clarify(near)) => {
                    let name =
                        |(id, title): (Id, String)| (id.to_string(), frame.in_script(&title));
                    out.choices = near.into_iter().map(name).collect();
                }
                _ => out.refused = true,
            }
        }
    }
    Ok(out)
}

fn got(question: &Question) -> &'static str {
    if question.waits() {
        return key("assistant-got-waiting");
    }
    match question.band.as_str() {
        "danger" => key("assistant-got-danger"),
        _ if question.met_at.is_some() => key("assistant-got-met"),
        _ if !question.entry.is_empty() => key("assistant-got-answer"),
        _ => key("assistant-got-nothing"),
    }
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let read = async {
        asking::settle(house, by).await?;
        let own = asking::own(house, by).await?;
        let newest = match own.first() {
            Some((q, text)) => Some(last(house, by, c, &frame, q, text).await?),
            None => None,
        };
        let before = own.iter().skip(1).map(|(q, text)| Before {
            text: text.clone(),
            at: q.at.0,
            got: got(q),
            ticket: q.ticket.clone(),
        });
        let before: Vec<Before> = before.collect();
        let ready = base::ready(house, by.community).await?;
        let titles: Vec<&str> = ready.all().map(|(_, b)| b.title.as_str()).collect();
        let some = titles
            .iter()
            .step_by(titles.len().div_ceil(EXAMPLES).max(1));
        let examples: Vec<String> = some.map(|title| frame.in_script(title)).collect();
        Ok::<_, AssistantError>((newest, before, examples))
    };
    match read.await {
        Ok((last, before, examples)) => page::html(
            status,
            AskPage {
                here: format!("/c/{c}/ask"),
                last,
                before,
                examples,
                form,
                frame: frame.titled("assistant-ask-title"),
            },
        ),
        Err(e) => refused(frame, &e),
    }
}

/// Questions and answers.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, Form::default(), StatusCode::OK).await
}

/// Asks.
pub async fn ask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let text = form
        .field("question", "assistant-question")
        .text(1..=QUESTION_CHARS_MAX);
    let Some(text) = text else {
        return draw(&house, &by, &c, frame, form, bad).await;
    };
    match asking::ask(&house, &by, &text).await {
        Ok(_) => onward::to(&format!("/c/{c}/ask")),
        Err(AssistantError::Desk(why)) => {
            // The card is shown whatever the desk does; the ticket is not.
            tracing::error!(%why, "the desk did not take an urgent question");
            form.fault_of_all(say("assistant-refused-desk"));
            draw(&house, &by, &c, frame, form, bad).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// Chooses one of three, votes down, or hands over.
pub async fn then(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let act = match form.value("act") {
        "down" => Some((Then::Down, key("assistant-did-down"))),
        "hand" => Some((Then::Hand, key("assistant-did-hand"))),
        "back" => Some((Then::Back, key("assistant-did-back"))),
        _ => form
            .value("entry")
            .parse()
            .ok()
            .map(|id| (Then::Choose(id), "")),
    };
    let Some((act, told)) = act else {
        return refused(frame, &AssistantError::NotFound);
    };
    let here = format!("/c/{c}/ask");
    match asking::then(&house, &by, id, act).await {
        Ok(()) if told.is_empty() => onward::to(&here),
        Ok(()) => onward::done(&here, frame.t(told)),
        Err(e) => refused(frame, &e),
    }
}
