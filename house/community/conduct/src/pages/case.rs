//! One case: what was said with what was found in it, and the decision.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, refused, status, words};
use crate::desk::{self, Decision};
use crate::illegal;
use crate::judge::Body;
use crate::policy::{CATEGORIES, policy_of};
use crate::state::{CaseState, SanctionState};
use crate::view::{self, Whole};
use crate::{ConductError, QueueFilter, Sanction, removal};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Flash, Form, Frame, Tag, key, onward, problem};
use permissions::Permission;
use permissions::actor::Actor;

/// A stretch of the text; with the key of a rule's word where that rule found it.
pub struct Piece {
    pub text: String,
    pub rule: &'static str,
}

/// A sanction as the pages show it.
pub struct Followed {
    pub id: String,
    pub state: Tag,
    pub text: String,
    pub may_confirm: bool,
    pub may_lift: bool,
}

#[derive(Template)]
#[template(path = "conduct/case.html")]
struct CasePage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    appeals_base: String,
    version: i64,
    state: Tag,
    seen: &'static str,
    author: String,
    other_looks: bool,
    why_not: String,
    before: Vec<String>,
    pieces: Vec<Piece>,
    /// Where each picture is seen.
    pictures: Vec<String>,
    raised: String,
    reports: Vec<(&'static str, i64, String)>,
    replies: Vec<Choice>,
    may_decide: bool,
    may_undo: bool,
    may_close: bool,
    ladder: String,
    rungs: Vec<Choice>,
    flood: i64,
    illegal: Option<illegal::Path>,
    reason: String,
    sanctions: Vec<Followed>,
    appeals: Vec<(String, Tag)>,
    history: Vec<(String, Tag, i64)>,
}

/// Cuts the text at the findings' character offsets; of two that overlap the first wins.
pub fn pieces(body: &Body) -> Vec<Piece> {
    let chars: Vec<char> = body.text.chars().collect();
    let mut found: Vec<_> = body.found.iter().filter(|f| f.end > f.start).collect();
    found.sort_by_key(|f| (f.start, std::cmp::Reverse(f.end)));
    let (mut out, mut at) = (Vec::new(), 0);
    let text = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    // A reviewer sees that a number stands there and which, not the number itself.
    let masked = |from: usize, to: usize| -> String {
        let shown = |at: usize| at < from + 3 || at + 2 >= to || !chars[at].is_alphanumeric();
        (from..to)
            .map(|at| if shown(at) { chars[at] } else { '•' })
            .collect()
    };
    for f in found {
        let (start, end) = (f.start.min(chars.len()), f.end.min(chars.len()));
        // What the model weighed as a whole is no place of blame.
        if start < at || end <= start || f.rule == "insult_model" {
            continue;
        }
        if start > at {
            out.push(Piece {
                text: text(at, start),
                rule: "",
            });
        }
        let personal = f.category == "privacy" && f.rule != "address" && f.rule != "roster_name";
        out.push(Piece {
            text: if personal {
                masked(start, end)
            } else {
                text(start, end)
            },
            rule: words::rule(&f.rule),
        });
        at = end;
    }
    if at < chars.len() {
        out.push(Piece {
            text: text(at, chars.len()),
            rule: "",
        });
    }
    out
}

pub fn followed(frame: &Frame, s: &Sanction, by: Option<&Actor>) -> Followed {
    let second = by.is_some_and(|by| by.has(Permission::ConductRemove));
    let first = by.is_some_and(|by| by.account == s.imposed_by);
    Followed {
        id: s.id.to_string(),
        state: words::sanction(s.state),
        text: words::imposed(frame, s),
        may_confirm: second && !first && s.state == SanctionState::Proposed,
        may_lift: second && matches!(s.state, SanctionState::Active | SanctionState::Paused),
    }
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the page")]
fn draw(
    c: &str,
    frame: Frame,
    form: Form,
    by: &Actor,
    whole: &Whole,
    path: Option<illegal::Path>,
    now: foundation::clock::Moment,
    status: StatusCode,
) -> Response {
    let k = &whole.row.case;
    let waiting = k.state.is_waiting();
    let form = if form.value("severity").is_empty() {
        let mut form = form;
        form.set("severity", &whole.rung.severity.to_string());
        form.set("reply", &k.category);
        if k.about_company && !form.failed() {
            form.set("about_company", "yes");
        }
        form
    } else {
        form
    };
    let in_time = k
        .decided_at
        .is_some_and(|at| at.plus(whole.policy.undo_ms()) >= now);
    let body = whole.row.body.clone().unwrap_or_default();
    let ladder = frame.with(
        "conduct-ladder-says",
        &[
            ("open", (whole.open as i64).into()),
            ("rung", words::rung(&frame, whole.rung).into()),
        ],
    );
    let report = |reason: &str| match reason {
        "illegal" => key("conduct-cat-illegal"),
        "advertising" => key("conduct-cat-advertising"),
        "insult" => key("conduct-cat-insult"),
        "privacy" => key("conduct-cat-privacy"),
        _ => key("conduct-cat-spam"),
    };
    let view = CasePage {
        base: format!("/c/{c}/conduct"),
        own: format!("/c/{c}/conduct/{}", k.id),
        appeals_base: format!("/c/{c}/conduct-appeals"),
        version: k.version,
        state: words::case(k.state),
        seen: words::seen(k.visible),
        author: whole.row.author.clone(),
        other_looks: waiting && whole.claimed.is_some(),
        why_not: match &whole.may {
            Err(e) if waiting => words::why_not(&frame, e),
            _ => String::new(),
        },
        before: body.before.clone(),
        pieces: pieces(&body),
        pictures: body
            .pictures
            .iter()
            .map(|p| format!("/c/{c}/{p}"))
            .collect(),
        raised: frame.join(&body.raised).into_owned(),
        reports: whole
            .reports
            .iter()
            .map(|r| {
                let record = match r.right + r.wrong {
                    0 => frame.t("conduct-reporter-new").into_owned(),
                    all => frame
                        .with(
                            "conduct-reporter",
                            &[("right", r.right.into()), ("all", all.into())],
                        )
                        .into_owned(),
                };
                (report(&r.reason), r.at.0, record)
            })
            .collect(),
        replies: CATEGORIES
            .into_iter()
            .map(|k| {
                let text = words::reply(&frame, &whole.policy, k);
                Choice::new(k, format!("{}: {text}", frame.t(words::category(k))))
            })
            .collect(),
        may_decide: waiting && whole.may.is_ok(),
        may_undo: in_time
            && k.decided_by == by.account
            && matches!(k.state, CaseState::Dismissed | CaseState::Violation),
        may_close: by.has(Permission::ConductRemove),
        ladder: ladder.into_owned(),
        rungs: whole
            .rungs
            .iter()
            .map(|r| Choice::new(r.severity.to_string(), words::rung(&frame, *r)))
            .collect(),
        flood: whole.flood as i64,
        illegal: path,
        reason: whole.reason.clone().unwrap_or_default(),
        sanctions: whole
            .sanctions
            .iter()
            .map(|s| followed(&frame, s, Some(by)))
            .collect(),
        appeals: whole
            .appeals
            .iter()
            .map(|a| (a.appeal.id.to_string(), words::appeal(a.appeal.state)))
            .collect(),
        history: whole
            .history
            .iter()
            .map(|k| (k.id.to_string(), words::case(k.state), k.opened_at.0))
            .collect(),
        frame: frame.titled("conduct-case-title"),
        form,
    };
    page::html(status, view)
}

async fn see(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    frame: Frame,
    form: Form,
    status: StatusCode,
) -> Response {
    let looked = async {
        let whole = view::whole(house, by, id).await?;
        let path = illegal::path_of(house, by, id).await?;
        Ok((whole, path))
    };
    match looked.await {
        Ok((whole, path)) => draw(c, frame, form, by, &whole, path, house.now(), status),
        Err(e) => refused(frame, e),
    }
}

/// The case; opening one that waits tells colleagues that somebody looks at it.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let response = see(&house, &by, &c, id, frame, Form::default(), StatusCode::OK).await;
    if response.status() == StatusCode::OK && by.has(Permission::ConductDecide) {
        // A claim is a courtesy: without it the page is as good.
        if let Err(error) = desk::claim(&house, &by, id).await {
            tracing::debug!(%error, "a case could not be claimed");
        }
    }
    response
}

/// The next case that waits, so that a queue is worked through without going back.
async fn next(house: &House, by: &Actor, c: &str) -> String {
    let queue = view::queue(house, by, &QueueFilter::default()).await;
    match queue.ok().and_then(|q| q.rows.into_iter().next()) {
        Some(row) => format!("/c/{c}/conduct/{}", row.case.id),
        None => format!("/c/{c}/conduct"),
    }
}

/// What a form asks for.
async fn carry_out(
    house: &House,
    by: &Actor,
    id: Id,
    frame: &Frame,
    form: &Form,
) -> Result<&'static str, ConductError> {
    let version = form.value("version").parse().unwrap_or(0);
    let severity = form.value("severity").parse().unwrap_or(0);
    let company = form.value("about_company") == "yes";
    let mut why = form.value("words").trim().to_owned();
    let grave = matches!(form.value("act"), "breach" | "illegal");
    if why.is_empty() && grave && CATEGORIES.contains(&form.value("reply")) {
        let (_, policy) = policy_of(house, by.community).await?;
        why = words::reply(frame, &policy, form.value("reply"));
    }
    let why = why.as_str();
    let sanction = || {
        form.value("sanction")
            .parse()
            .map_err(|_| ConductError::NotFound)
    };
    let decision = match form.value("act") {
        "dismiss" => Decision::Dismiss,
        "breach" => Decision::Breach { severity },
        "illegal" => Decision::Illegal { severity },
        "undo" => {
            desk::undo(house, by, id, version).await?;
            return Ok(key("conduct-did-undo"));
        }
        "confirm" => {
            removal::confirm(house, by, sanction()?).await?;
            return Ok(key("conduct-did-confirm"));
        }
        "lift" => {
            removal::lift(house, by, sanction()?).await?;
            return Ok(key("conduct-did-lift"));
        }
        "close" => {
            illegal::close(house, by, id, form.value("to"), form.value("number")).await?;
            return Ok(key("conduct-did-close"));
        }
        _ => return Err(ConductError::NotPending),
    };
    if form.value("flood") == "yes" {
        desk::decide_flood(house, by, id, decision, company, why).await?;
        return Ok(key("conduct-did-flood"));
    }
    let state = desk::decide(house, by, id, version, decision, company, why).await?;
    Ok(match state {
        CaseState::Dismissed => key("conduct-did-dismiss"),
        CaseState::Seconding => key("conduct-did-propose"),
        CaseState::Illegal => key("conduct-did-illegal"),
        _ => key("conduct-did-breach"),
    })
}

/// Decides, and opens the next case that waits; a refusal keeps what was typed.
pub async fn act(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match carry_out(&house, &by, id, &frame, &form).await {
        Ok(told) => {
            let stays = matches!(form.value("act"), "undo" | "confirm" | "lift" | "close");
            let path = if stays {
                format!("/c/{c}/conduct/{id}")
            } else {
                next(&house, &by, &c).await
            };
            let mut flash = Flash::done(frame.t(told));
            // The desk has gone on to the next case: the way back to this one.
            if !stays && form.value("act") != "illegal" {
                let back = format!("/c/{c}/conduct/{id}#undo");
                flash = flash.and_link(back, frame.t("conduct-flash-undo"));
            }
            onward::telling(&path, flash)
        }
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                let status = status(&e);
                match e {
                    ConductError::Words => form.fault("words", sentence),
                    ConductError::BeyondLimits => form.fault("severity", sentence),
                    _ => form.fault_of_all(sentence),
                }
                see(&house, &by, &c, id, frame, form, status).await
            }
            None => refused(frame, e),
        },
    }
}
