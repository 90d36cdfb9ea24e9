//! An owner's own arrears, on a phone: what is open, what was said, and how to object.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, words};
use crate::hold::{self, State, Why};
use crate::{ArrearsError, mine};
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Tone, key, onward};
use jiff::civil::Date;

/// What an owner may object with; the rest is the office's to know.
const OBJECTIONS: [Why; 3] = [Why::Dispute, Why::Hardship, Why::Death];

struct Home {
    room: Id,
    code: String,
    overdue: String,
    since: String,
    items: Vec<(String, Date, String)>,
    said: Vec<(String, String, String)>,
    letters: Vec<(String, String, Date)>,
    asked: bool,
    held: String,
    answers: Vec<(String, String)>,
    may_object: bool,
}

#[derive(Template)]
#[template(path = "arrears/mine.html")]
struct MinePage {
    frame: Frame,
    form: Form,
    base: String,
    homes: Vec<Home>,
    whys: Vec<(String, String)>,
    /// The home whose form is open again.
    open: String,
}

async fn draw(desk: Desk, status: StatusCode, form: Form, open: String) -> Response {
    match fill(&desk, form, open).await {
        Ok(page) => page::html(status, page),
        Err(e) => desk.refused(&e),
    }
}

async fn fill(desk: &Desk, form: Form, open: String) -> Result<MinePage, ArrearsError> {
    let frame = &desk.frame;
    let today = desk.house.now().date();
    let t = |key: &str| frame.t(key).into_owned();
    let mut homes = Vec::new();
    for (room, story) in mine::stories(&desk.house, &desk.by).await? {
        let overdue = story.debts.iter().filter(|d| d.due < today);
        let said = story
            .contacts
            .iter()
            .filter(|k| k.counts())
            .take(60)
            .map(|k| {
                let what = match k.promise {
                    Some((day, fen)) => {
                        let values = [
                            ("day", day.to_string().into()),
                            ("amount", frame.money(fen.0).into()),
                        ];
                        frame.with("arrears-promised", &values).into_owned()
                    }
                    None => t(k.result.key()),
                };
                (format!("{} {}", k.on, k.time()), t(k.way.key()), what)
            });
        let asked = story.holds.iter().any(|h| h.state == State::Asked);
        let held = story.held(today);
        homes.push(Home {
            room,
            code: story.code.clone(),
            overdue: if story.overdue_fen > 0 {
                frame.money(story.overdue_fen)
            } else {
                String::new()
            },
            since: story
                .account
                .as_ref()
                .map_or(String::new(), |a| a.anchor.to_string()),
            items: overdue
                .take(60)
                .map(|d| (d.name.clone(), d.due, frame.money(d.owed.0)))
                .collect(),
            said: said.collect(),
            letters: story
                .letters
                .iter()
                .map(|l| (l.label(), t(l.kind.key()), l.pay_by))
                .collect(),
            asked,
            held: held.map_or(String::new(), |h| {
                h.until.map_or(String::new(), |u| u.to_string())
            }),
            answers: story
                .holds
                .iter()
                .filter(|h| h.by_owner && !h.answer.is_empty())
                .take(5)
                .map(|h| (t(h.state.key()), h.answer.clone()))
                .collect(),
            may_object: story.account.is_some() && !asked && held.is_none(),
        });
    }
    Ok(MinePage {
        base: desk.at(""),
        homes,
        whys: OBJECTIONS.map(|w| (w.word().to_owned(), t(w.key()))).into(),
        open,
        form,
        frame: frame.clone().titled("arrears-mine"),
    })
}

pub async fn show(desk: Desk) -> Response {
    draw(desk, StatusCode::OK, Form::default(), String::new()).await
}

/// The owner objects: a hold is asked for.
pub async fn object(desk: Desk, mut form: Form) -> Response {
    let open = desk.id.map_or(String::new(), |id| id.to_string());
    let words: Vec<&str> = OBJECTIONS.iter().map(|w| w.word()).collect();
    let why = form.field("why", key("arrears-f-why")).choice(&words);
    let note = form
        .field("note", key("arrears-object-note"))
        .text(1..=crate::WORDS_CHARS_MAX);
    let (Some(why), Some(note)) = (why.and_then(Why::from_word), note) else {
        return draw(desk, StatusCode::UNPROCESSABLE_ENTITY, form, open).await;
    };
    let done = async {
        let room = desk.id()?;
        hold::ask(&desk.house, &desk.by, room, why, &note).await
    };
    match done.await {
        Ok(_) => onward::done(&desk.at("/my-arrears"), desk.frame.t("arrears-did-object")),
        Err(e) => match words::refusal(&e, &desk.frame) {
            Some(sentence) => {
                form.fault("note", sentence);
                draw(desk, super::status(&e), form, open).await
            }
            None => desk.refused(&e),
        },
    }
}
