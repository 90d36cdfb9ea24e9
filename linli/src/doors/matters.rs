//! 我的事項: everything that an owner has running, in one place: reports, an appeal, a look into
//! one's own file, what waits for the household's word, memberships. It asks several rooms, so it
//! stands in the doors.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use foundation::house::House;
use foundation::page::{self, Frame};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

use super::group::memberships;
use super::home::{Failed, Matter, answer, census_matters, fee_matters, notice_matters, slug};

/// The door of this page.
pub fn routes() -> Routes {
    Routes::new().get("/c/{c}/my-matters", Needs::May(Permission::HomeRead), show)
}

#[derive(Template)]
#[template(path = "home/matters.html")]
struct MattersPage {
    frame: Frame,
    base: String,
    matters: Vec<Matter>,
}

async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    frame: Frame,
) -> Response {
    answer(draw(&house, &actor, frame).await)
}

async fn draw(house: &House, actor: &Actor, frame: Frame) -> Result<Response, Failed> {
    match running(house, actor, &frame).await {
        Ok(matters) => Ok(page::ok(MattersPage {
            base: format!("/c/{}", slug(&frame)),
            matters,
            frame: frame.titled("home-running"),
        })),
        Err(error) => Err((frame, error)),
    }
}

/// What is open, the household's own answers first.
async fn running(house: &House, actor: &Actor, frame: &Frame) -> anyhow::Result<Vec<Matter>> {
    let mut out = notice_matters(house, actor, frame).await?;
    out.extend(census_matters(house, actor, frame).await?);
    out.extend(tickets(house, actor, frame).await?);
    out.extend(appeals(house, actor, frame).await?);
    out.extend(viewings(house, actor, frame).await?);
    out.extend(fee_matters(house, actor, frame).await?);
    out.extend(memberships(house, actor, frame).await?);
    Ok(out)
}

/// Reports that are not over.
pub(super) async fn tickets(
    house: &House,
    actor: &Actor,
    frame: &Frame,
) -> anyhow::Result<Vec<Matter>> {
    if !actor.has(Permission::DeskReport) {
        return Ok(Vec::new());
    }
    let mine = desk::listing::mine(house, actor).await?;
    let open = mine.iter().filter(|r| !r.ticket.state.is_over());
    Ok(open
        .map(|r| Matter {
            href: format!("/c/{}/my-tickets/{}", slug(frame), r.ticket.id),
            icon: "service",
            title: r.title.clone(),
            note: format!("{} · {}", r.ticket.number, frame.t(r.ticket.state.key())),
            count: u32::from(r.ticket.state == desk::State::Resolved),
        })
        .collect())
}

/// Appeals that nobody decided yet.
async fn appeals(house: &House, actor: &Actor, frame: &Frame) -> anyhow::Result<Vec<Matter>> {
    let Some(account) = actor.account else {
        return Ok(Vec::new());
    };
    let strikes = conduct::view::mine(house, actor.community, account).await?;
    let heard = strikes.iter().flat_map(|s| &s.appeals);
    let open = heard.filter(|h| h.appeal.state.is_open()).count() as u32;
    if open == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Matter {
        href: format!("/c/{}/my-conduct", slug(frame)),
        icon: "shield",
        title: frame
            .one("home-running-appeals", "count", open)
            .into_owned(),
        note: String::new(),
        count: 0,
    }])
}

/// Looks into one's own file that were asked for and are not over.
async fn viewings(house: &House, actor: &Actor, frame: &Frame) -> anyhow::Result<Vec<Matter>> {
    if actor.person.is_none() {
        return Ok(Vec::new());
    }
    let asked = viewings::own::of_mine(house, actor).await?;
    let open = asked.iter().filter(|v| !v.state.is_final()).count() as u32;
    if open == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Matter {
        href: format!("/c/{}/my/files", slug(frame)),
        icon: "folder",
        title: frame
            .one("home-running-viewings", "count", open)
            .into_owned(),
        note: String::new(),
        count: 0,
    }])
}
