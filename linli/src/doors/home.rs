//! The first page of a compound: for an owner what concerns the household now, for the
//! office what waits for a person. It asks several rooms, so it stands in the doors.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::community::membership::{self, members};
use crate::foundation::house::House;
use crate::foundation::page::{self, Frame, problem};
use crate::people::accounts::{Session, Side};
use crate::people::actor::Actor;
use crate::people::permissions::Permission;
use crate::people::routes::{Needs, Routes};

/// The doors of this page.
pub fn routes() -> Routes {
    Routes::new().get("/c/{c}", Needs::SignedIn, home)
}

/// A thing that concerns the reader, as a card.
struct Matter {
    href: String,
    icon: &'static str,
    title: String,
    note: String,
    count: u32,
}

#[derive(Template)]
#[template(path = "home/owner.html")]
struct OwnerHome {
    frame: Frame,
    name: String,
    matters: Vec<Matter>,
}

#[derive(Template)]
#[template(path = "home/staff.html")]
struct StaffHome {
    frame: Frame,
    matters: Vec<Matter>,
}

async fn home(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Extension(session): Extension<Session>,
    frame: Frame,
) -> Response {
    // Somebody of another compound learns nothing, not even that this one exists.
    if actor.roles.is_empty() {
        return problem::page(frame, StatusCode::NOT_FOUND);
    }
    let page = match session.side {
        Side::Owner => owner(&house, &actor, frame, session.name).await,
        Side::Staff => staff(&house, &actor, frame).await,
    };
    page.unwrap_or_else(|(frame, error)| {
        tracing::error!(%error, "the first page cannot be made");
        problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
    })
}

type Failed = (Frame, anyhow::Error);

/// What concerns the household now.
async fn owner(
    house: &House,
    actor: &Actor,
    frame: Frame,
    name: String,
) -> Result<Response, Failed> {
    let account = match actor.account {
        Some(account) => account,
        None => return Ok(problem::page(frame, StatusCode::NOT_FOUND)),
    };
    let here = match members::of_account(house, actor.community, account).await {
        Ok(here) => here,
        Err(e) => return Err((frame, e.into())),
    };
    let slug = slug(&frame);
    let matters = here
        .iter()
        .map(|m| Matter {
            href: format!("/c/{slug}/group"),
            icon: "chat",
            title: frame
                .one("home-member-of", "room", m.room_code.as_str())
                .into_owned(),
            note: frame.t(state_word(m.state)).into_owned(),
            count: 0,
        })
        .collect();
    let frame = frame.titled("nav-home");
    Ok(page::ok(OwnerHome {
        frame,
        name,
        matters,
    }))
}

/// What waits for the office.
async fn staff(house: &House, actor: &Actor, frame: Frame) -> Result<Response, Failed> {
    let slug = slug(&frame);
    let mut matters = Vec::new();
    if actor.has(Permission::MembershipRead) {
        let counts = match membership::view::counts(house, actor.community).await {
            Ok(counts) => counts,
            Err(e) => return Err((frame, e.into())),
        };
        use membership::State;
        for state in [
            State::Submitted,
            State::Verifying,
            State::Approved,
            State::NeedsInfo,
        ] {
            let n = counts
                .iter()
                .find(|(s, _)| *s == state)
                .map_or(0, |(_, n)| *n);
            if n > 0 {
                matters.push(Matter {
                    href: format!("/c/{slug}/applications?state={}", state.word()),
                    icon: "people",
                    title: frame.t(waiting_word(state)).into_owned(),
                    note: String::new(),
                    count: u32::try_from(n).unwrap_or(u32::MAX),
                });
            }
        }
    }
    let frame = frame.titled("home-staff");
    Ok(page::ok(StaffHome { frame, matters }))
}

fn slug(frame: &Frame) -> String {
    frame
        .compound
        .as_ref()
        .map_or_else(String::new, |c| c.slug.clone())
}

/// The key of a membership's state, as the member reads it.
fn state_word(state: membership::State) -> &'static str {
    use membership::State;
    match state {
        State::Active => page::key("home-state-active"),
        State::Suspended => page::key("home-state-suspended"),
        State::Leaving => page::key("home-state-leaving"),
        State::Removed => page::key("home-state-removed"),
        _ => page::key("home-state-ended"),
    }
}

/// The key of what waits in this state, as the office reads it.
fn waiting_word(state: membership::State) -> &'static str {
    use membership::State;
    match state {
        State::Submitted => page::key("home-waiting-submitted"),
        State::Verifying => page::key("home-waiting-verifying"),
        State::Approved => page::key("home-waiting-approved"),
        _ => page::key("home-waiting-info"),
    }
}
