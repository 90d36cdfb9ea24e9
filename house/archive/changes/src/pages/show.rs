//! One change: before and after side by side, what it rests on, and the decision.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use dossiers::number;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Masked, Tag, Tone, onward};
use permissions::Permission;
use permissions::actor::Actor;

use super::list::{self, Row};
use super::{By, refused, version, words};
use crate::ChangesError;
use crate::check::{self, Telling};
use crate::listing;
use crate::record::{Record, State};

#[derive(Template)]
#[template(path = "changes/show.html")]
struct ShowPage {
    frame: Frame,
    form: Form,
    own: String,
    back: String,
    state: Tag,
    row: Row,
    version: i64,
    lines: Vec<Line>,
    values: Vec<Line>,
    files: Vec<(String, String)>,
    evidences: Vec<Choice>,
    why: String,
    /// Values in clear, only on the answer to a reason.
    clear: Option<(String, String)>,
    may_evidence: bool,
    may_decide: bool,
    may_reject: bool,
    own_change: bool,
    no_evidence: bool,
}

struct Asked<'a> {
    house: &'a House,
    by: &'a Actor,
    c: &'a str,
    id: Id,
}

impl Asked<'_> {
    async fn draw(
        &self,
        status: StatusCode,
        frame: Frame,
        form: Form,
        clear: Option<(String, String)>,
    ) -> Response {
        match self.page(&frame, form, clear).await {
            Ok(mut page) => {
                let title = frame.t(page.row.what).into_owned();
                page.frame = frame.named(title);
                page::html(status, page)
            }
            Err(e) => refused(frame, &e),
        }
    }

    async fn page(
        &self,
        frame: &Frame,
        form: Form,
        clear: Option<(String, String)>,
    ) -> Result<ShowPage, ChangesError> {
        let (house, by, c, id) = (self.house, self.by, self.c, self.id);
        let r = listing::one(house, by, id).await?;
        let inside = listing::dossiers_of(house, by, id).await?;
        if !inside.is_empty() && inside.iter().all(|d| d.sealed) {
            return Err(dossiers::ArchiveError::Sealed.into());
        }
        let found = [r.clone()];
        let mut rows = list::rows(house, by, c, frame, &found).await?;
        let row = rows.pop().ok_or(ChangesError::NotFound)?;
        let (evidence_why, why) = check::words(house, by, &r).await?;
        let decides = check::may_decide(by, &r);
        let waits = r.state == State::Waiting;
        Ok(ShowPage {
            own: format!("/c/{c}/changes/{id}"),
            back: format!("/c/{c}/changes"),
            state: words::state_tag(r.state),
            version: r.version,
            lines: lines(frame, &r, &row, c, &evidence_why),
            values: values(frame, by, c, &r, &row),
            files: inside
                .iter()
                .filter(|d| !d.sealed)
                .map(|d| {
                    (
                        format!("/c/{c}/files/{}", d.dossier),
                        format!(
                            "{} · {}",
                            d.code,
                            number::said(&d.number, frame.words.lang())
                        ),
                    )
                })
                .collect(),
            evidences: if waits {
                self.evidences(frame, &inside).await?
            } else {
                Vec::new()
            },
            why,
            may_evidence: waits && by.has(Permission::RosterWrite),
            may_decide: decides,
            may_reject: decides && r.undoing().is_some(),
            own_change: waits && by.has(Permission::ChangesCheck) && !decides,
            no_evidence: row.no_evidence,
            row,
            clear,
            form,
            frame: frame.clone(),
        })
    }

    /// What it may rest on: what was said, documents and forms of its dossiers.
    async fn evidences(
        &self,
        frame: &Frame,
        inside: &[listing::In],
    ) -> Result<Vec<Choice>, ChangesError> {
        let mut out = vec![Choice::new("said", frame.t("changes-evidence-said"))];
        for d in inside.iter().filter(|d| !d.sealed) {
            let papers = dossiers::listing::inside(self.house, self.by, d.dossier).await?;
            for paper in papers.documents {
                use dossiers::State::{Filed, Received};
                if matches!(paper.state, Received | Filed) {
                    let text = format!("{} {}", paper.label(), paper.title);
                    out.push(Choice::new(format!("document:{}", paper.id), text));
                }
            }
            for filled in forms::listing::of_dossier(self.house, self.by, d.dossier).await? {
                let text = format!("{} {}", filled.label(), frame.t("changes-evidence-form"));
                out.push(Choice::new(format!("form:{}", filled.id), text));
            }
        }
        Ok(out)
    }
}

fn lines(frame: &Frame, r: &Record, row: &Row, c: &str, evidence_why: &str) -> Vec<Line> {
    let mut lines = vec![
        Line::new(frame.t("changes-field-at"), frame.stamp(r.at.0)),
        Line::new(frame.t("changes-field-source"), frame.t(row.source)),
    ];
    if !r.maker_name.is_empty() {
        lines.push(Line::new(
            frame.t("changes-field-maker"),
            r.maker_name.clone(),
        ));
    }
    if !r.room.is_empty() {
        let room = Line::new(frame.t("archive-field-room"), r.code.clone());
        lines.push(room.leads(format!("/c/{c}/rooms/{}", r.room)));
    }
    if !row.who.is_empty() {
        lines.push(Line::new(frame.t("changes-field-who"), row.who.clone()));
    }
    let mut rests = frame.t(words::evidence_word(&r.evidence)).into_owned();
    if !evidence_why.is_empty() {
        rests = format!("{rests}：{evidence_why}");
    }
    lines.push(Line::new(frame.t("changes-field-evidence"), rests));
    if let Some(at) = r.checked_at {
        let who = format!("{} · {}", frame.stamp(at.0), r.checker_name);
        lines.push(Line::new(frame.t("changes-field-checked"), who));
    }
    lines
}

/// What it was and became, each with the way to see it in clear.
fn values(frame: &Frame, by: &Actor, c: &str, r: &Record, row: &Row) -> Vec<Line> {
    let reveal = |present: bool| {
        // What lies open needs no reason.
        let open = matches!(r.field.as_str(), "uscc" | "state" | "guardian");
        if present && r.is_datum() && !open && by.has(Permission::PersonUnmask) {
            format!("/c/{c}/changes/{}/unmask", r.id)
        } else {
            String::new()
        }
    };
    let line = |label: &str, text: &str, present: bool, field: &str| {
        Line::new(frame.t(label), "").masked(Masked {
            masked: text.to_owned(),
            reveal: reveal(present),
            field: field.to_owned(),
        })
    };
    vec![
        line("changes-field-was", &row.was, r.was.is_some(), "was"),
        line(
            "changes-field-became",
            &row.became,
            r.became.is_some(),
            "became",
        ),
    ]
}

/// One change.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let asked = Asked {
        house: &house,
        by: &by,
        c: &c,
        id,
    };
    asked
        .draw(StatusCode::OK, frame, Form::default(), None)
        .await
}

/// Both values in clear, after a reason.
pub async fn unmask(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match check::unmask(&house, &by, id, form.value("reason")).await {
        Ok(clear) => {
            let asked = Asked {
                house: &house,
                by: &by,
                c: &c,
                id,
            };
            asked
                .draw(StatusCode::OK, frame, Form::default(), Some(clear))
                .await
        }
        Err(e) => refused(frame, &e),
    }
}

/// Which field a refusal belongs to.
fn field_of(error: &ChangesError) -> Option<&'static str> {
    match error {
        ChangesError::Reason => Some("why"),
        ChangesError::NoEvidence | ChangesError::Document => Some("evidence"),
        _ => None,
    }
}

/// Somebody says what it rests on.
pub async fn evidence(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let chosen = form.value("evidence").to_owned();
    let (kind, of) = chosen.split_once(':').unwrap_or((&chosen, ""));
    let of = of.parse().ok();
    let why = form.value("why").to_owned();
    match check::evidence(&house, &by, id, version(&form), kind, of, &why).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/changes/{id}"),
            frame.t("changes-did-evidence"),
        ),
        Err(e) => match (field_of(&e), words::refusal(&e, &frame)) {
            (Some(field), Some(sentence)) => {
                form.fault(field, sentence);
                let asked = Asked {
                    house: &house,
                    by: &by,
                    c: &c,
                    id,
                };
                asked
                    .draw(StatusCode::UNPROCESSABLE_ENTITY, frame, form, None)
                    .await
            }
            _ => refused(frame, &e),
        },
    }
}

/// It holds.
pub async fn check(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    match check::check(&house, &by, id, version(&form)).await {
        Ok(()) => onward::done(&format!("/c/{c}/changes"), frame.t("changes-did-check")),
        Err(e) => refused(frame, &e),
    }
}

/// It does not.
pub async fn reject(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let telling = Telling {
        title: frame.t("changes-letter-title").into_owned(),
        text: frame.t("changes-letter-text").into_owned(),
        path: "/my/contact".into(),
    };
    let why = form.value("reason").to_owned();
    match check::reject(&house, &by, id, version(&form), &why, telling).await {
        Ok(()) => onward::done(&format!("/c/{c}/changes"), frame.t("changes-did-reject")),
        Err(e) => refused(frame, &e),
    }
}
