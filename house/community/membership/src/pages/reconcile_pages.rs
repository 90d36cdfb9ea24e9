//! Roster reconciliation: paste or upload a member list, get a to-do list with the
//! words to send. Nothing of it is stored; the page is all there is.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::reconcile::{self as rules, Home, Kind, Outcome, Standing};
use super::super::{MembershipError, store};
use super::{By, refused};
use foundation::clock::Moment;
use foundation::database::{DbError, Look};
use foundation::house::House;
use foundation::page::{self, Form, Frame, key, problem, say};
use permissions::Permission;
use permissions::actor::Actor;

/// 2,000 cards of 32 Chinese signs, with room for the form around them.
pub const BODY_MAX: usize = 256 * 1024;

struct Todo {
    id: String,
    card: String,
    room: String,
    /// The words to send, ready to be copied.
    words: String,
}

struct Group {
    title: &'static str,
    hint: &'static str,
    todos: Vec<Todo>,
}

#[derive(Template)]
#[template(path = "membership/reconcile.html")]
struct ReconcilePage {
    frame: Frame,
    form: Form,
    done: bool,
    fits: usize,
    cards: usize,
    groups: Vec<Group>,
    missing: Vec<String>,
    missing_more: usize,
}

/// Missing homes shown one by one; a compound that begins has thousands.
const MISSING_SHOWN: usize = 300;

/// The form.
pub async fn ask(frame: Frame) -> Response {
    page::ok(empty(frame, Form::default()))
}

fn empty(frame: Frame, form: Form) -> ReconcilePage {
    ReconcilePage {
        form,
        done: false,
        fits: 0,
        cards: 0,
        groups: Vec::new(),
        missing: Vec::new(),
        missing_more: 0,
        frame: frame.titled("membership-reconcile-title"),
    }
}

/// Compares and shows.
pub async fn compare(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let mut text = String::new();
    while let Ok(Some(field)) = body.next_field().await {
        if !matches!(field.name(), Some("list" | "file")) {
            continue;
        }
        match field.bytes().await {
            // A list saved by a clerk's machine may be GB18030.
            Ok(bytes) => match std::str::from_utf8(&bytes) {
                Ok(utf8) => text.push_str(utf8.trim_start_matches('\u{feff}')),
                Err(_) => text.push_str(&encoding_rs::GB18030.decode(&bytes).0),
            },
            Err(_) => return problem::page(frame, StatusCode::PAYLOAD_TOO_LARGE),
        }
        text.push('\n');
    }
    if text.trim().is_empty() {
        let mut form = Form::default();
        form.fault(
            "list",
            say("error-required").and_word("label", "membership-reconcile-list"),
        );
        return page::html(StatusCode::UNPROCESSABLE_ENTITY, empty(frame, form));
    }
    match outcome(&house, &by, text).await {
        Ok(outcome) => page::ok(draw(frame, outcome)),
        Err(e) => refused(frame, e),
    }
}

async fn outcome(house: &House, by: &Actor, text: String) -> Result<Outcome, MembershipError> {
    by.may(Permission::MembershipReconcile)?;
    let c = by.community;
    house
        .db
        .reading(move |r| {
            type Row = (
                String,
                String,
                Option<String>,
                Option<String>,
                Option<Moment>,
            );
            let mut homes: Vec<Home> = Vec::new();
            r.each(store::homes(c), |(normal, code, name, kind, ended): Row| {
                if homes.last().is_none_or(|h| h.normal != normal) {
                    homes.push(Home {
                        normal,
                        code,
                        people: Vec::new(),
                    });
                }
                let standing = match (kind.as_deref(), ended) {
                    (None, _) => None,
                    (Some("owner" | "co_owner"), Some(_)) => Some(Standing::Former),
                    (_, Some(_)) => None,
                    (Some("tenant"), None) => Some(Standing::Tenant),
                    (Some("family"), None) => Some(Standing::Family),
                    (Some(_), None) => Some(Standing::Owner),
                };
                if let (Some(home), Some(name), Some(standing)) = (homes.last_mut(), name, standing)
                {
                    home.people.push((name, standing));
                }
                Ok::<_, DbError>(true)
            })?;
            Ok(rules::reconcile(&text, &homes))
        })
        .await
}

fn draw(frame: Frame, outcome: Outcome) -> ReconcilePage {
    let kinds: [(Kind, &'static str, &'static str, &'static str); 7] = [
        (
            Kind::Stranger,
            key("membership-reconcile-stranger"),
            key("membership-reconcile-stranger-hint"),
            key("membership-reconcile-stranger-words"),
        ),
        (
            Kind::SoldOut,
            key("membership-reconcile-sold"),
            key("membership-reconcile-sold-hint"),
            key("membership-reconcile-sold-words"),
        ),
        (
            Kind::Tenant,
            key("membership-reconcile-tenant"),
            key("membership-reconcile-tenant-hint"),
            key("membership-reconcile-tenant-words"),
        ),
        (
            Kind::WrongCard,
            key("membership-reconcile-card"),
            key("membership-reconcile-card-hint"),
            key("membership-reconcile-card-words"),
        ),
        (
            Kind::Double,
            key("membership-reconcile-double"),
            key("membership-reconcile-double-hint"),
            key("membership-reconcile-double-words"),
        ),
        (
            Kind::NoRoom,
            key("membership-reconcile-no-room"),
            key("membership-reconcile-no-room-hint"),
            key("membership-reconcile-no-room-words"),
        ),
        (
            Kind::UnknownRoom,
            key("membership-reconcile-unknown"),
            key("membership-reconcile-unknown-hint"),
            key("membership-reconcile-no-room-words"),
        ),
    ];
    let mut groups = Vec::new();
    for (kind, title, hint, words) in kinds {
        let todos: Vec<Todo> = outcome
            .findings
            .iter()
            .filter(|f| f.kind == kind)
            .map(|f| Todo {
                id: format!("t-{}", f.line),
                card: f.card.clone(),
                room: f.room.clone(),
                words: frame
                    .with(
                        words,
                        &[("card", (&f.card).into()), ("ought", (&f.ought).into())],
                    )
                    .into_owned(),
            })
            .collect();
        if !todos.is_empty() {
            groups.push(Group { title, hint, todos });
        }
    }
    let fits = outcome.count(Kind::Fits) + outcome.count(Kind::WrongCard);
    let mut missing = outcome.missing;
    let missing_more = missing.len().saturating_sub(MISSING_SHOWN);
    missing.truncate(MISSING_SHOWN);
    ReconcilePage {
        form: Form::default(),
        done: true,
        fits,
        cards: outcome.findings.len(),
        groups,
        missing,
        missing_more,
        frame: frame.titled("membership-reconcile-title"),
    }
}
