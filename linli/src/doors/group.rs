//! 群聊 and 服務, the two middle entries of the owner's bar: what the owner is to the
//! group and what holds there; and the way to everything an owner can see to. They ask
//! several rooms, so they stand in the doors.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State as Place;
use axum::response::{IntoResponse, Redirect, Response};

use super::home::{
    Failed, Matter, answer, assistant_matter, contact, fee_matters, slug, state_word,
};
use foundation::house::House;
use foundation::page::{self, Frame};
use membership::texts::{self, TextName};
use membership::{self, members};
use permissions::Permission::{ConductRead, GroupRead, HomeRead};
use permissions::Role;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The doors of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/c/{c}/group", Needs::May(HomeRead), group)
        .get("/c/{c}/services", Needs::May(HomeRead), services)
}

/// A text in force, in the reader's language.
struct InForce {
    title: String,
    version: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "home/group.html")]
struct GroupPage {
    frame: Frame,
    matters: Vec<Matter>,
    texts: Vec<InForce>,
}

#[derive(Template)]
#[template(path = "home/services.html")]
struct ServicesPage {
    frame: Frame,
    matters: Vec<Matter>,
}

/// The owner's memberships, each leading to its story.
pub(super) async fn memberships(
    house: &House,
    actor: &Actor,
    frame: &Frame,
) -> anyhow::Result<Vec<Matter>> {
    let Some(account) = actor.account else {
        return Ok(Vec::new());
    };
    let slug = slug(frame);
    let here = members::of_account(house, actor.community, account).await?;
    Ok(here
        .iter()
        .map(|m| Matter {
            href: format!("/c/{slug}/my-membership"),
            icon: "chat",
            title: frame
                .one("home-member-of", "room", m.room_code.as_str())
                .into_owned(),
            note: frame.t(state_word(m.state)).into_owned(),
            count: 0,
        })
        .collect())
}

async fn group(
    Place(house): Place<Arc<House>>,
    Extension(actor): Extension<Actor>,
    frame: Frame,
) -> Response {
    answer(draw_group(&house, &actor, frame).await)
}

async fn draw_group(house: &House, actor: &Actor, frame: Frame) -> Result<Response, Failed> {
    // New rules are accepted at the next entry; everything but the group stays open without.
    match conduct::rules::due(house, actor).await {
        Ok(Some(_)) if actor.roles.contains(&Role::Owner) => {
            let path = format!("/c/{}/group-rules", slug(&frame));
            return Ok(Redirect::to(&path).into_response());
        }
        Ok(_) => {}
        Err(error) => return Err((frame, error.into())),
    }
    let read = async {
        let mut matters = channels(house, actor, &frame).await?;
        matters.extend(memberships(house, actor, &frame).await?);
        matters.extend(speech(actor, &frame));
        let mut shown = Vec::new();
        for (name, title) in [
            (TextName::Rules, page::key("membership-rules")),
            (TextName::Privacy, page::key("membership-privacy")),
        ] {
            let text = texts::current(house, actor.community, name).await?;
            shown.push(InForce {
                title: frame.t(title).into_owned(),
                version: text.version.to_string(),
                lines: membership::paragraphs(&frame, &text),
            });
        }
        anyhow::Ok((matters, shown))
    };
    match read.await {
        Ok((matters, texts)) => Ok(page::ok(GroupPage {
            frame: frame.titled("nav-group"),
            matters,
            texts,
        })),
        Err(error) => Err((frame, error)),
    }
}

/// The channels somebody is in, with what is new in each; none for who is in none.
async fn channels(house: &House, actor: &Actor, frame: &Frame) -> anyhow::Result<Vec<Matter>> {
    if !actor.has(GroupRead) {
        return Ok(Vec::new());
    }
    let here = ::group::pages::entries(house, actor, frame, &slug(frame)).await?;
    Ok(here
        .into_iter()
        .map(|one| Matter {
            href: one.href,
            icon: "chat",
            title: one.name,
            note: one.last_at,
            count: u32::try_from(one.unread).unwrap_or(u32::MAX),
        })
        .collect())
}

/// One's own record in the group, and the desk of those who keep order.
fn speech(actor: &Actor, frame: &Frame) -> Vec<Matter> {
    let slug = slug(frame);
    let matter = |path: &str, icon, title: &str| Matter {
        href: format!("/c/{slug}/{path}"),
        icon,
        title: frame.t(title).into_owned(),
        note: String::new(),
        count: 0,
    };
    let mut out = vec![matter(
        "my-conduct",
        "shield",
        page::key("conduct-mine-title"),
    )];
    if actor.has(ConductRead) {
        out.push(matter("conduct", "check", page::key("conduct-queue-title")));
        let appeals = page::key("conduct-appeals-title");
        out.push(matter("conduct-appeals", "book", appeals));
    }
    out
}

async fn services(
    Place(house): Place<Arc<House>>,
    Extension(actor): Extension<Actor>,
    frame: Frame,
) -> Response {
    answer(draw_services(&house, &actor, frame).await)
}

async fn draw_services(house: &House, actor: &Actor, frame: Frame) -> Result<Response, Failed> {
    let read = async {
        let mut matters = fee_matters(house, actor, &frame).await?;
        matters.extend(memberships(house, actor, &frame).await?);
        matters.extend(contact(actor, &frame));
        anyhow::Ok(matters)
    };
    let mut matters = match read.await {
        Ok(matters) => matters,
        Err(error) => return Err((frame, error)),
    };
    matters.insert(
        0,
        Matter {
            href: format!("/c/{}/my-tickets", slug(&frame)),
            icon: "service",
            title: frame.t("desk-mine").into_owned(),
            note: frame.t("desk-mine-note").into_owned(),
            count: 0,
        },
    );
    matters.insert(
        1,
        Matter {
            href: format!("/c/{}/my-matters", slug(&frame)),
            icon: "list",
            title: frame.t("home-running").into_owned(),
            note: frame.t("home-running-note").into_owned(),
            count: 0,
        },
    );
    matters.insert(
        2,
        Matter {
            href: format!("/c/{}/my/notices", slug(&frame)),
            icon: "bell",
            title: frame.t("notices-title").into_owned(),
            note: String::new(),
            count: 0,
        },
    );
    if let Some(ask) = assistant_matter(actor, &frame) {
        matters.insert(0, ask);
    }
    matters.push(Matter {
        href: format!("/c/{}/my/files", slug(&frame)),
        icon: "folder",
        title: frame.t("viewings-mine").into_owned(),
        note: frame.t("viewings-mine-note").into_owned(),
        count: 0,
    });
    matters.push(Matter {
        href: format!("/c/{}/apply", slug(&frame)),
        icon: "door",
        title: frame.t("home-apply-more").into_owned(),
        note: frame.t("home-apply-more-note").into_owned(),
        count: 0,
    });
    Ok(page::ok(ServicesPage {
        frame: frame.titled("nav-services"),
        matters,
    }))
}
