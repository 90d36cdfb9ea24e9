//! One key with its loans; a home's keys, and leaving one.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::keys::Row;
use super::{By, drawing, refused, words};
use crate::keys::{self, Deposit, KeyState, Loan, PROOFS, WHATS};
use crate::policy::Policy;
use crate::{FormsError, fill, register};
use accounts::Site;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Flash, Form, Frame, Line, Tag, Tone, onward};
use permissions::Permission;
use permissions::actor::Actor;

struct LoanRow {
    id: String,
    borrower: String,
    phone: String,
    proof: String,
    reason: String,
    lent: String,
    due: String,
    back: String,
    out: bool,
    tone: Tone,
    calls: Vec<String>,
}

#[derive(Template)]
#[template(path = "forms/key.html")]
struct KeyPage {
    frame: Frame,
    form: Form,
    own: String,
    loans_at: String,
    back: String,
    state: Tag,
    lines: Vec<Line>,
    loans: Vec<LoanRow>,
    proofs: Vec<Choice>,
    may_lend: bool,
    may_lose: bool,
    hours: i64,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let read = async {
        let story = keys::story(house, by, id).await?;
        Ok::<_, FormsError>((story, Policy::of(house, by.community).await?.loan_hours))
    };
    let (story, hours) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let now = house.now();
    let key = &story.key;
    let mut lines = vec![
        Line::new(frame.t("archive-field-room"), key.room_code.clone())
            .leads(format!("/c/{c}/forms-of/{}/keys", key.dossier)),
        Line::new(frame.t("held-what"), frame.t(words::what_word(&key.what))),
        Line::new(frame.t("held-brought-by"), {
            let who = key.brought_by.clone();
            if key.by_agent {
                format!("{who}（{}）", frame.t("held-by-agent"))
            } else {
                who
            }
        }),
        Line::new(frame.t("held-deposited"), {
            format!("{} · {}", frame.stamp(key.deposited_at.0), key.deposit_name)
        }),
    ];
    if let Some(at) = key.given_at {
        lines.push(Line::new(frame.t("held-given-to"), key.given_to.clone()));
        lines.push(Line::new(
            frame.t("held-given"),
            format!("{} · {}", frame.stamp(at.0), key.given_name),
        ));
    }
    let loans = story.loans.iter().map(|l| LoanRow {
        id: l.id.to_string(),
        borrower: l.borrower.clone(),
        // Only while there is somebody to call.
        phone: if l.back_at.is_none() {
            frame.phone(&l.phone)
        } else {
            String::new()
        },
        proof: format!(
            "{} {}",
            frame.t(words::proof_word(&l.proof)),
            roster::contact::masked_document(&l.proof_number)
        ),
        reason: l.reason.clone(),
        lent: format!("{} · {}", frame.stamp(l.lent_at.0), l.lent_name),
        due: frame.stamp(l.due_at.0),
        back: l.back_at.map_or(String::new(), |at| {
            format!("{} · {}", frame.stamp(at.0), l.back_name)
        }),
        out: l.back_at.is_none(),
        tone: super::keys::late_tone(l.overdue(now)),
        calls: story
            .calls
            .iter()
            .filter(|(loan, ..)| *loan == l.id)
            .map(|(_, at, who, what)| format!("{} {who}：{what}", frame.stamp(at.0)))
            .collect(),
    });
    page::html(
        status,
        KeyPage {
            own: format!("/c/{c}/keys/{id}"),
            loans_at: format!("/c/{c}/key-loans"),
            back: format!("/c/{c}/keys"),
            state: words::key_tag(key.state),
            lines,
            loans: loans.collect(),
            proofs: PROOFS
                .map(|p| Choice::new(p, frame.t(words::proof_word(p))))
                .into(),
            may_lend: key.state == KeyState::Kept,
            may_lose: matches!(key.state, KeyState::Kept | KeyState::Lent),
            hours,
            form,
            frame: frame.named(key.code.clone()),
        },
    )
}

/// One key.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, id, StatusCode::OK, frame, Form::default()).await
}

/// Which field a refusal belongs to.
fn field_of(error: &FormsError) -> Option<&'static str> {
    Some(match error {
        FormsError::NoProof => "number",
        FormsError::NoPhone => "phone",
        FormsError::Unsigned => "signed",
        FormsError::NoAuthority => "authority",
        FormsError::TooLong(_) => "hours",
        FormsError::CodeTaken => "code",
        FormsError::Words => "who",
        _ => return None,
    })
}

fn fault(form: &mut Form, error: &FormsError, frame: &Frame) -> bool {
    match (field_of(error), words::refusal(error, frame)) {
        (Some(field), Some(sentence)) => {
            form.fault(field, sentence);
            true
        }
        _ => false,
    }
}

/// It is lent.
pub async fn lend(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let new = Loan {
        borrower: form.value("who").to_owned(),
        phone: form.value("phone").to_owned(),
        proof: form.value("proof").to_owned(),
        proof_number: form.value("number").to_owned(),
        reason: form.value("reason").to_owned(),
        hours: form.value("hours").parse().unwrap_or(0),
        signed: form.has("signed", "yes"),
    };
    match keys::lend(&house, &by, id, new).await {
        Ok(_) => onward::done(&format!("/c/{c}/keys/{id}"), frame.t("held-did-lend")),
        Err(e) if fault(&mut form, &e, &frame) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// The owner takes it back.
pub async fn give_back(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    match keys::give_back(&house, &by, id, &deposit_of(&form)).await {
        Ok(()) => onward::done(&format!("/c/{c}/keys/{id}"), frame.t("held-did-give-back")),
        Err(e) if fault(&mut form, &e, &frame) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&house, &by, &c, id, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// It is lost.
pub async fn lose(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match keys::lose(&house, &by, id).await {
        Ok(()) => {
            let told = Flash::overdue(frame.t("held-did-lose"));
            onward::telling(&format!("/c/{c}/keys/{id}"), told)
        }
        Err(e) => refused(frame, &e),
    }
}

/// A loan came back.
pub async fn take_back(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, loan)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match keys::take_back(&house, &by, loan).await {
        Ok(()) => onward::done(&format!("/c/{c}/keys"), frame.t("held-did-take-back")),
        Err(e) => refused(frame, &e),
    }
}

/// Its borrower was called.
pub async fn call(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, loan)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match keys::call(&house, &by, loan, form.value("result")).await {
        Ok(()) => onward::done(&format!("/c/{c}/keys"), frame.t("held-did-call")),
        Err(e) => refused(frame, &e),
    }
}

fn deposit_of(form: &Form) -> Deposit {
    Deposit {
        code: form.value("code").to_owned(),
        what: form.value("what").to_owned(),
        brought_by: form.value("who").to_owned(),
        by_agent: form.has("agent", "yes"),
        authority: form.has("authority", "yes"),
        signed: form.has("signed", "yes"),
    }
}

#[derive(Template)]
#[template(path = "forms/home_keys.html")]
struct HomeKeysPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    room: String,
    rows: Vec<Row>,
    whats: Vec<Choice>,
    may_file: bool,
}

async fn home(
    house: &House,
    by: &Actor,
    c: &str,
    dossier: Id,
    status: StatusCode,
    frame: Frame,
    form: Form,
) -> Response {
    let read = async {
        let head = fill::head(house, by.community, dossier).await?;
        Ok::<_, FormsError>((head, keys::of_dossier(house, by, dossier).await?))
    };
    let (head, found) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    page::html(
        status,
        HomeKeysPage {
            own: format!("/c/{c}/forms-of/{dossier}/keys"),
            back: format!("/c/{c}/forms-of/{dossier}"),
            rows: found.iter().map(|k| Row::of(c, k, &frame)).collect(),
            whats: WHATS
                .map(|w| Choice::new(w, frame.t(words::what_word(w))))
                .into(),
            may_file: by.has(Permission::ArchiveFile) && head.open,
            room: head.code,
            form,
            frame: frame.titled("held-of-home"),
        },
    )
}

/// A home's keys.
pub async fn of_home(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let mut form = Form::default();
    form.set("what", "door");
    home(&house, &by, &c, dossier, StatusCode::OK, frame, form).await
}

/// One is left.
pub async fn deposit(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    match keys::deposit(&house, &by, dossier, deposit_of(&form)).await {
        Ok(id) => onward::done(&format!("/c/{c}/keys/{id}"), frame.t("held-did-deposit")),
        Err(e) if fault(&mut form, &e, &frame) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            home(&house, &by, &c, dossier, status, frame, form).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// 《鑰匙留存登記表》, on which the owner signs when leaving a key and when taking it back.
pub async fn register_pdf(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    let head = drawing::letterhead(&c, &site, &frame);
    match register::paper_of(&house, &by, dossier, &head).await {
        Ok(form) => drawing::drawn(frame, "keys", form).await,
        Err(e) => refused(frame, &e),
    }
}
