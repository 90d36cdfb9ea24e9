//! One event on a page of its own, with the proof that it stands in the ledger.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::proving::{self, ProveError};
use super::shown::{Names, Shown};
use super::{store, told};
use foundation::house::House;
use foundation::ledger::checkpoint::{Checkpoint, PublicKey};
use foundation::ledger::proof::Proof;
use foundation::ledger::tree::hex;
use foundation::page::{self, Frame, Tone, key, problem};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "ledger/event.html")]
struct EventPage {
    frame: Frame,
    event: Shown,
    audience: String,
    /// The facts as they were hashed.
    body: String,
    version: i64,
    leaf: String,
    /// What the proof says of it.
    tone: Tone,
    verdict: String,
    root: String,
    key: String,
    /// The ledger's own page, and the pages beside this one.
    home: String,
    newer: Option<String>,
    older: Option<String>,
    proof: Option<String>,
}

/// `/…/ledger/{seq}` asks for the last of what the path holds.
type Place = Path<Vec<(String, String)>>;

fn number(place: &Place) -> Option<i64> {
    let (_, seq) = place.0.iter().find(|(name, _)| name == "seq")?;
    seq.parse().ok().filter(|seq| *seq > 0)
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    place: Place,
    frame: Frame,
) -> Response {
    let Some(seq) = number(&place) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let c = actor.community;
    let found = house.db.optional::<store::Line>(store::line(c, seq)).await;
    let names = Names::of(&house, c).await;
    let (line, names) = match (found, names) {
        (Ok(Some(line)), Ok(names)) => (line, names),
        (Ok(None), _) => return problem::page(frame, StatusCode::NOT_FOUND),
        (Err(e), _) | (_, Err(e)) => return super::pages::trouble(frame, &e),
    };
    let proven = proving::inclusion(&house, c, seq as u64).await;
    let (head, proof) = match &proven {
        Ok(proof) => (Checkpoint::read(&proof.checkpoint).ok(), Some(proof)),
        Err(ProveError::Database(e)) => return super::pages::trouble(frame, e),
        Err(_) => (None, None),
    };
    let (tone, verdict) = match &head {
        Some(head) => (
            Tone::Done,
            frame.one("ledger-proven", "size", head.size.to_string()),
        ),
        None => (Tone::Overdue, frame.t("ledger-not-proven")),
    };
    let verdict = verdict.into_owned();
    let home = if actor.in_house() {
        "/house/ledger".to_owned()
    } else {
        let slug = frame.compound.as_ref().map_or("", |c| &c.slug);
        format!("/c/{slug}/ledger")
    };
    let size = head.as_ref().map_or(seq, |h| h.size as i64);
    let at = |n: i64| Some(format!("{home}/{n}")).filter(|_| n >= 1 && n <= size);
    // A row that cannot be read as an event is shown by its number and its verdict.
    let Some(entry) = line.entry else {
        tracing::error!(seq, "a row of the ledger cannot be read");
        return problem::page(frame, StatusCode::CONFLICT);
    };
    page::ok(EventPage {
        event: Shown::of(&frame, &names, &entry),
        audience: frame.t(told::audience(&entry.audience)).into_owned(),
        body: entry.body.clone(),
        version: entry.version,
        leaf: hex(&entry.leaf()),
        tone,
        verdict,
        root: head.map_or_else(String::new, |h| hex(&h.root)),
        key: PublicKey::of(&house.keys.signing()).bare(),
        newer: at(seq + 1),
        older: at(seq - 1),
        proof: proof.map(|_| format!("{home}/{seq}/proof")),
        home,
        frame: frame.titled(key("ledger-event-title")),
    })
}

/// The proof as a file that `linli ledger check` reads.
pub(super) async fn proof(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    place: Place,
    frame: Frame,
) -> Response {
    let Some(seq) = number(&place) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let made = proving::inclusion(&house, actor.community, seq as u64).await;
    let text = match made.as_ref().map(Proof::text) {
        Ok(text) => text,
        Err(ProveError::NoEvent(_)) => return problem::page(frame, StatusCode::NOT_FOUND),
        Err(e) => {
            tracing::error!(error = %e, seq, "an event could not be proven");
            return problem::page(frame, StatusCode::CONFLICT);
        }
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let name = format!("attachment; filename=\"ledger-{seq}.proof\"");
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
