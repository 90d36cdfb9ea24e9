//! Asking: which files, why, how, for how long.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, words};
use crate::ask::{self, Draft};
use crate::policy::Policy;
use crate::scope::{Modes, Purpose, ROOMS_BY_ONE, ROOMS_MAX, Scope};
use crate::viewing::open_texts;
use crate::{Mode, State, ViewingError, listing};
use dossiers::{Dossier, Kinds, Life, for_viewing, number};
use foundation::clock::{MINUTE, Moment};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::words::Sentence;
use foundation::page::{self, Choice, Form, Frame, ListQuery, key, onward, say};
use permissions::Permission;
use permissions::actor::Actor;

/// Kinds of a request.
pub(super) const ALL_KINDS: Kinds = Kinds(0b11_1111_1111);

#[derive(Template)]
#[template(path = "viewings/ask.html")]
struct AskPage {
    frame: Frame,
    form: Form,
    back: String,
    /// Empty for a new one.
    rooms: String,
    purposes: Vec<Choice>,
    kinds: Vec<Choice>,
    modes: Vec<Choice>,
    documents: Vec<Choice>,
    minutes: i64,
    bulk: usize,
}

fn choices(frame: &Frame) -> (Vec<Choice>, Vec<Choice>, Vec<Choice>) {
    (
        Purpose::ASKED
            .map(|p| Choice::new(p.word(), frame.t(p.name())))
            .into(),
        words::kind_choices(frame, ALL_KINDS),
        words::mode_choices(frame, Modes::of(Mode::ALL.iter().copied())),
    )
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let minutes = match Policy::of(house, by.community).await {
        Ok(policy) => policy.window_minutes,
        Err(e) => return refused(frame, &e.into()),
    };
    let (purposes, kinds, modes) = choices(&frame);
    page::html(
        status,
        AskPage {
            back: format!("/c/{c}/viewings"),
            rooms: String::new(),
            documents: Vec::new(),
            purposes,
            kinds,
            modes,
            minutes,
            bulk: ROOMS_BY_ONE,
            form,
            frame: frame.titled("viewings-new"),
        },
    )
}

/// The empty form, or one that begins with a file.
pub async fn form(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let mut form = Form::filled([("modes", "view"), ("minutes", "30")]);
    if let Ok(id) = list.value("dossier").parse::<Id>()
        && let Ok(d) = for_viewing::dossier(&house, by.community, id).await
    {
        form.set("rooms", &d.number);
    }
    draw(&house, &by, &c, StatusCode::OK, frame, form).await
}

/// The files that lines of rooms and numbers name; the first line that names none.
pub(super) async fn named(
    house: &House,
    by: &Actor,
    typed: &str,
) -> Result<Result<Vec<Id>, Sentence>, ViewingError> {
    let mut out: Vec<Id> = Vec::new();
    let lines = typed
        .split(['\n', '、', '，', ',', ';', '；'])
        .map(str::trim)
        .filter(|line| !line.is_empty());
    for line in lines.take(ROOMS_MAX + 1) {
        let found = for_viewing::find(house, by.community, line).await?;
        let number = number::searched(line);
        let exact = |d: &&Dossier| number::searched(&d.number) == number;
        let open = |d: &&Dossier| d.life == Life::Open;
        let one = found.iter().find(exact).or(found.iter().find(open));
        match one {
            Some(d) if !out.contains(&d.id) => out.push(d.id),
            Some(_) => {}
            None => {
                return Ok(Err(
                    say("viewings-no-such-file").and("typed", line.to_owned())
                ));
            }
        }
    }
    if out.is_empty() {
        return Ok(Err(say("viewings-no-dossiers")));
    }
    Ok(Ok(out))
}

/// What a form says, for the files it names.
fn read(form: &mut Form, dossiers: Vec<Id>) -> Draft {
    let purpose = Purpose::from_word(form.value("purpose"));
    let minutes: i64 = form.value("minutes").parse().unwrap_or(0);
    let from = if form.value("from").is_empty() {
        None
    } else {
        form.field("from", key("viewings-from")).date()
    };
    Draft {
        dossiers,
        documents: form
            .all("documents")
            .filter_map(|d| d.parse().ok())
            .collect(),
        purpose: purpose.unwrap_or(Purpose::Service),
        reason: form.value("reason").to_owned(),
        visitor: form.value("visitor").to_owned(),
        scope: Scope {
            kinds: words::chosen_kinds(form),
            modes: words::chosen_modes(form),
            window: minutes.clamp(0, 24 * 60) * MINUTE,
        },
        from: from.map(Moment::at_start_of),
    }
}

/// The fields that a request lacks, each said beside it.
fn faults(form: &mut Form, draft: &Draft) {
    if ask::reason(&draft.reason).is_err() {
        let sentence = words::refusal(&ViewingError::Reason);
        form.fault(
            "reason",
            sentence.unwrap_or_else(|| say("viewings-no-words")),
        );
    }
    if draft.scope.kinds.is_empty() {
        form.fault("kinds", say("viewings-choose-kinds"));
    }
    if draft.scope.modes.0 == 0 {
        form.fault("modes", say("viewings-choose-modes"));
    }
    if draft.scope.window <= 0 {
        form.fault("minutes", say("viewings-choose-minutes"));
    }
}

fn field_of(error: &ViewingError) -> Option<&'static str> {
    Some(match error {
        ViewingError::Dossiers | ViewingError::Sealed => "rooms",
        ViewingError::Reason => "reason",
        ViewingError::Words => "visitor",
        ViewingError::Scope => "from",
        ViewingError::Document => "documents",
        _ => return None,
    })
}

/// It is written down, and sent unless it is kept as a draft.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let refuse = StatusCode::UNPROCESSABLE_ENTITY;
    let typed = form.value("rooms").to_owned();
    let dossiers = match named(&house, &by, &typed).await {
        Ok(Ok(found)) => found,
        Ok(Err(sentence)) => {
            form.fault("rooms", sentence);
            return draw(&house, &by, &c, refuse, frame, form).await;
        }
        Err(e) => return refused(frame, &e),
    };
    let draft = read(&mut form, dossiers);
    let keep = form.has("act", "keep");
    if !keep {
        faults(&mut form, &draft);
    }
    if form.failed() {
        return draw(&house, &by, &c, refuse, frame, form).await;
    }
    let done = async {
        let id = ask::draft(&house, &by, &draft).await?;
        if !keep {
            ask::submit(&house, &by, id).await?;
        }
        Ok::<_, ViewingError>(id)
    };
    match done.await {
        Ok(id) => onward::done(&format!("/c/{c}/viewings/{id}"), told(&frame, keep)),
        Err(e) => match (field_of(&e), words::refusal(&e)) {
            (Some(field), Some(sentence)) => {
                form.fault(field, sentence);
                draw(&house, &by, &c, refuse, frame, form).await
            }
            _ => refused(frame, &e),
        },
    }
}

fn told(frame: &Frame, keep: bool) -> String {
    let word = if keep {
        key("viewings-did-keep")
    } else {
        key("viewings-did-submit")
    };
    frame.t(word).into_owned()
}

async fn redraw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    frame: Frame,
    form: Option<Form>,
) -> Response {
    let read = async {
        let story = listing::story(house, by, id).await?;
        if !story.mine || story.viewing.state != State::Draft {
            return Err(ViewingError::NotFound);
        }
        let texts = open_texts(house, by.community, &story.viewing).await?;
        let policy = Policy::of(house, by.community).await?;
        let mut documents = Vec::new();
        for home in &story.homes {
            for d in for_viewing::filed(house, by.community, home.dossier).await? {
                // Titles are the office's; others choose by kind and number.
                let name = if by.has(Permission::ArchiveRead) {
                    format!("{} {} {}", home.code, d.label(), d.title)
                } else {
                    format!("{} {}", home.code, d.label())
                };
                documents.push(Choice::new(d.id.to_string(), name));
            }
        }
        documents.truncate(crate::scope::DOCUMENTS_MAX);
        Ok((story, texts, policy, documents))
    };
    let (story, texts, policy, documents) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let v = &story.viewing;
    let form = form.unwrap_or_else(|| {
        let mut pairs: Vec<(&str, String)> = vec![
            ("purpose", v.purpose.word().into()),
            ("reason", texts.reason.clone()),
            ("visitor", texts.visitor.clone()),
            ("minutes", (v.asked.window / MINUTE).to_string()),
        ];
        pairs.extend(v.asked.kinds.iter().map(|k| ("kinds", k.letter().into())));
        pairs.extend(v.asked.modes.iter().map(|m| ("modes", m.word().into())));
        pairs.extend(story.narrowed.iter().map(|d| ("documents", d.to_string())));
        if let Some(from) = v.from_at {
            pairs.push(("from", from.date().to_string()));
        }
        Form::filled(pairs)
    });
    let (purposes, kinds, modes) = choices(&frame);
    page::html(
        status,
        AskPage {
            back: format!("/c/{c}/viewings/{id}"),
            rooms: v.codes.clone(),
            documents,
            purposes,
            kinds,
            modes,
            minutes: policy.window_minutes,
            bulk: ROOMS_BY_ONE,
            form,
            frame: frame.titled("viewings-edit"),
        },
    )
}

/// A draft, to be changed.
pub async fn edit(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    redraw(&house, &by, &c, id, StatusCode::OK, frame, None).await
}

/// It was changed, and is sent unless it is kept as a draft.
pub async fn change(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let refuse = StatusCode::UNPROCESSABLE_ENTITY;
    let draft = read(&mut form, Vec::new());
    let keep = form.has("act", "keep");
    if !keep {
        faults(&mut form, &draft);
    }
    if form.failed() {
        return redraw(&house, &by, &c, id, refuse, frame, Some(form)).await;
    }
    let done = async {
        ask::redraft(&house, &by, id, &draft).await?;
        if !keep {
            ask::submit(&house, &by, id).await?;
        }
        Ok::<_, ViewingError>(())
    };
    match done.await {
        Ok(()) => onward::done(&format!("/c/{c}/viewings/{id}"), told(&frame, keep)),
        Err(e) => match (field_of(&e), words::refusal(&e)) {
            (Some(field), Some(sentence)) => {
                form.fault(field, sentence);
                redraw(&house, &by, &c, id, refuse, frame, Some(form)).await
            }
            _ => refused(frame, &e),
        },
    }
}
