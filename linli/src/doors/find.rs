//! The one box of the office: rooms, people, tickets and pages by what is typed. Without script it
//! is a page; the command palette asks the same address and takes the links out of it.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State as Place;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::home::{Failed, Matter, answer, slug};
use foundation::house::House;
use foundation::page::{self, Frame, ListQuery, problem};
use permissions::Permission::{DeskEnter, RosterRead};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};
use roster::{self, Hit, RosterError};

/// As many of each kind as fit under a box without scrolling.
const SHOWN_MAX: usize = 8;

/// The doors of this page.
pub fn routes() -> Routes {
    Routes::new().get("/c/{c}/find", Needs::May(RosterRead), find)
}

#[derive(Template)]
#[template(path = "home/find.html")]
struct FindPage {
    frame: Frame,
    q: String,
    found: Vec<Matter>,
}

/// The links alone, for the palette.
#[derive(Template)]
#[template(path = "home/found.html")]
struct FoundLinks {
    frame: Frame,
    found: Vec<Matter>,
}

async fn find(
    Place(house): Place<Arc<House>>,
    Extension(actor): Extension<Actor>,
    list: ListQuery,
    headers: HeaderMap,
    frame: Frame,
) -> Response {
    let fragment = headers.contains_key("x-fragment");
    answer(draw(&house, &actor, frame, list.value("q"), fragment).await)
}

async fn draw(
    house: &House,
    actor: &Actor,
    frame: Frame,
    q: &str,
    fragment: bool,
) -> Result<Response, Failed> {
    let mut found = pages(&frame, q);
    found.extend(
        ticket(house, actor, &frame, q)
            .await
            .map_err(|e| (frame.clone(), e))?,
    );
    match roster::search(house, actor, actor.community, q, SHOWN_MAX).await {
        Ok(hits) => {
            let slug = slug(&frame);
            found.extend(hits.iter().filter_map(|hit| matter(&slug, hit)));
        }
        Err(RosterError::Forbidden(_)) => return Ok(problem::page(frame, StatusCode::FORBIDDEN)),
        Err(error) => return Err((frame, error.into())),
    }
    if fragment {
        return Ok(page::ok(FoundLinks { frame, found }));
    }
    Ok(page::ok(FindPage {
        frame: frame.titled("home-find-title"),
        q: q.to_owned(),
        found,
    }))
}

/// A ticket by its number as people type it (`R-2026-000123`, `r123`), for whoever sees it.
async fn ticket(
    house: &House,
    actor: &Actor,
    frame: &Frame,
    q: &str,
) -> anyhow::Result<Option<Matter>> {
    if !actor.has(DeskEnter) || !q.trim_start().starts_with(['R', 'r']) {
        return Ok(None);
    }
    let found = desk::looking::numbered(house, actor, q).await?;
    let found = found.filter(|t| desk::looking::is_inside(actor, t));
    Ok(found.map(|t| Matter {
        href: format!("/c/{}/desk/{}", slug(frame), t.id),
        icon: "service",
        title: t.number.to_string(),
        note: frame.t(t.state.key()).into_owned(),
        count: 0,
    }))
}

/// The pages of the reader's own bar whose name holds what was typed.
fn pages(frame: &Frame, q: &str) -> Vec<Matter> {
    let wanted = hanzi::fold::key(q);
    if wanted.is_empty() {
        return Vec::new();
    }
    let items = frame.nav.iter().flat_map(|group| &group.items);
    items
        .filter(|item| hanzi::fold::key(&frame.t(item.word)).contains(&wanted))
        .map(|item| Matter {
            href: item.href.clone(),
            icon: item.icon,
            title: frame.t(item.word).into_owned(),
            note: String::new(),
            count: 0,
        })
        .collect()
}

fn matter(slug: &str, hit: &Hit) -> Option<Matter> {
    let room = hit.room.as_ref();
    let (href, icon, title, mut note) = match (&hit.party, room) {
        (Some((id, name)), room) => {
            let code = room.map_or_else(String::new, |r| r.code.clone());
            (
                format!("/c/{slug}/people/{id}"),
                "person",
                name.clone(),
                code,
            )
        }
        (None, Some(room)) => {
            let href = format!("/c/{slug}/rooms/{}", room.id);
            (href, "home", room.code.clone(), String::new())
        }
        (None, None) => return None,
    };
    if !hit.shown.is_empty() {
        if !note.is_empty() {
            note.push_str(" · ");
        }
        note.push_str(&hit.shown);
    }
    Some(Matter {
        href,
        icon,
        title,
        note,
        count: 0,
    })
}
