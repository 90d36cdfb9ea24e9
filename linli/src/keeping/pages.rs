//! The ledger's pages: what happened, looked through by kind, record, actor and day;
//! verified at a button; its head as a line with a QR code to print and keep.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::lookup::{self, Filter, Found};
use super::shown::{self, KindGroup, Names, Person, Shown};
use super::verify::{CommunityReport, VerifyError};
use super::{checkpoints, event_page, takeout, verbs};
use foundation::database::DbError;
use foundation::house::House;
use foundation::ledger::tree::hex;
use foundation::page::{self, Frame, ListQuery, Tone, key, problem};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

pub fn routes() -> Routes {
    let ours = Needs::May(Permission::LedgerRead);
    let house = Needs::House(Permission::HouseLedger);
    let export = Needs::MayFresh(Permission::LedgerExport);
    Routes::new()
        .get("/c/{c}/ledger", ours, list)
        .post("/c/{c}/ledger", ours, verify)
        .get("/c/{c}/ledger/head", ours, head)
        .get("/c/{c}/ledger/export", export, takeout::show)
        .post("/c/{c}/ledger/export", export, takeout::send)
        .get("/c/{c}/ledger/{seq}", ours, event_page::show)
        .get("/c/{c}/ledger/{seq}/proof", ours, event_page::proof)
        .get("/house/ledger", house, list)
        .post("/house/ledger", house, verify)
        .get("/house/ledger/head", house, head)
        .get("/house/ledger/export", house, takeout::show)
        .post("/house/ledger/export", house, takeout::send)
        .get("/house/ledger/{seq}", house, event_page::show)
        .get("/house/ledger/{seq}/proof", house, event_page::proof)
}

/// What taking events out of a log needs.
pub(super) fn export_right(by: &Actor) -> Permission {
    if by.in_house() {
        Permission::HouseLedger
    } else {
        Permission::LedgerExport
    }
}

/// What the verify button found.
struct Verdict {
    tone: Tone,
    text: String,
    /// What is wrong, in the reader's words.
    why: String,
}

#[derive(Template)]
#[template(path = "ledger/list.html")]
struct LedgerPage {
    frame: Frame,
    list: ListQuery,
    found: Found,
    rows: Vec<Shown>,
    /// The root over all events, to copy.
    root: String,
    kinds: Vec<KindGroup>,
    people: Vec<Person>,
    /// Whether the person asked for is among them, or how they are called otherwise.
    known: bool,
    asked: String,
    /// Whether the list may be taken out, and where.
    export: Option<String>,
    verdict: Option<Verdict>,
    alarm: Option<String>,
    /// The page's own address, without a query.
    here: String,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "ledger/head.html")]
struct HeadPage {
    frame: Frame,
    date: String,
    size: u64,
    root: String,
    origin: String,
    note: String,
    qr: String,
}

async fn list(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    frame: Frame,
    list: ListQuery,
) -> Response {
    show(&house, &actor, frame, list, None).await
}

async fn verify(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    frame: Frame,
    list: ListQuery,
) -> Response {
    let verdict = match verbs::verify(&house, &actor).await {
        Ok(report) => say(&frame, &report),
        Err(verbs::VerifyRefused::Running) => Verdict {
            tone: Tone::Waiting,
            text: frame.t("ledger-verify-running").into_owned(),
            why: String::new(),
        },
        Err(verbs::VerifyRefused::Forbidden(_)) => {
            return problem::page(frame, StatusCode::FORBIDDEN);
        }
        Err(verbs::VerifyRefused::Verify(e)) => return failed(frame, &e),
    };
    show(&house, &actor, frame, list, Some(verdict)).await
}

fn failed(frame: Frame, e: &VerifyError) -> Response {
    tracing::error!(error = %e, "a ledger could not be verified");
    problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
}

fn say(frame: &Frame, report: &CommunityReport) -> Verdict {
    let Some(bad) = &report.first_bad else {
        let values = [
            ("events", (report.events as i64).into()),
            ("signed", (report.signed_to as i64).into()),
        ];
        return Verdict {
            tone: Tone::Done,
            text: frame.with("ledger-sound", &values).into_owned(),
            why: String::new(),
        };
    };
    let why = match bad.why.word() {
        "missing" => key("ledger-why-missing"),
        "changed" => key("ledger-why-changed"),
        "reordered" => key("ledger-why-reordered"),
        "inserted" => key("ledger-why-inserted"),
        "back_in_time" => key("ledger-why-time"),
        "head" => key("ledger-why-head"),
        "rolled_back" | "other_history" => key("ledger-why-history"),
        "checkpoint" => key("ledger-why-checkpoint"),
        _ => key("ledger-why-other"),
    };
    Verdict {
        tone: Tone::Overdue,
        text: frame
            .one("ledger-unsound", "seq", bad.seq.to_string())
            .into_owned(),
        why: frame.t(why).into_owned(),
    }
}

async fn show(
    house: &House,
    actor: &Actor,
    frame: Frame,
    list: ListQuery,
    verdict: Option<Verdict>,
) -> Response {
    let looked = lookup::look(&house.db, actor.community, Filter::of(&list)).await;
    let alarms = checkpoints::alarms(house).await;
    let names = Names::of(house, actor.community).await;
    let (found, alarms, names) = match (looked, alarms, names) {
        (Ok(found), Ok(alarms), Ok(names)) => (found, alarms, names),
        (Err(e), _, _) | (_, Err(e), _) | (_, _, Err(e)) => return trouble(frame, &e),
    };
    let alarm = alarms.into_iter().find(|(c, _)| *c == actor.community);
    let older = found.next.map(|n| list.href("before", &n.to_string()));
    let export = actor.has(export_right(actor));
    let people = names.people(&frame);
    let asked = list.value("actor");
    page::ok(LedgerPage {
        here: frame.path.clone(),
        rows: found
            .entries
            .iter()
            .map(|e| Shown::of(&frame, &names, e))
            .collect(),
        root: found.root.map(|r| hex(&r)).unwrap_or_default(),
        kinds: shown::kinds(&frame),
        known: asked.is_empty() || people.iter().any(|p| p.value == asked),
        asked: names.who(&frame, asked),
        people,
        export: export.then(|| list.href_at(&format!("{}/export", frame.path))),
        list,
        found,
        verdict,
        alarm: alarm.map(|a| a.1),
        older,
        frame: frame.titled(if actor.in_house() {
            key("ledger-title-house")
        } else {
            key("ledger-title")
        }),
    })
}

pub(super) fn trouble(frame: Frame, e: &DbError) -> Response {
    tracing::error!(error = %e, "the ledger could not be read");
    problem::page(frame, StatusCode::SERVICE_UNAVAILABLE)
}

/// The line that is printed, stuck into the register and initialled: whoever has it
/// can tell later whether the ledger's past was changed.
async fn head(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    frame: Frame,
) -> Response {
    let head = match verbs::head(&house, &actor).await {
        Ok(head) => head,
        Err(verbs::HeadRefused::Forbidden(_)) => {
            return problem::page(frame, StatusCode::FORBIDDEN);
        }
        Err(verbs::HeadRefused::Checkpoint(e)) => {
            tracing::error!(error = %e, "no head could be signed");
            return problem::page(frame, StatusCode::CONFLICT);
        }
    };
    let qr = picture(&head.note).unwrap_or_default();
    page::ok(HeadPage {
        date: frame.date(head.at),
        frame: frame.titled("ledger-head-title"),
        size: head.size,
        // Half of the hash is told apart by nobody's power to forge.
        root: hex(head.root.get(..16).unwrap_or(&head.root)),
        origin: head.note.lines().next().unwrap_or("").to_owned(),
        note: head.note,
        qr,
    })
}

fn picture(text: &str) -> Option<String> {
    let code = qrcode::QrCode::new(text.as_bytes()).ok()?;
    let svg = code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    let start = svg.find("<svg")?;
    Some(svg[start..].to_owned())
}
