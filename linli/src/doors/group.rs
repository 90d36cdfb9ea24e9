//! 群聊 and 服務, the two middle entries of the owner's bar: what the owner is to the
//! group and what holds there; and the way to everything an owner can see to. They ask
//! several rooms, so they stand in the doors.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State as Place;
use axum::response::Response;

use super::home::{Failed, Matter, answer, fee_matters, slug, state_word};
use foundation::house::House;
use foundation::page::{self, Frame};
use membership::texts::{self, TextName};
use membership::{self, members};
use permissions::Permission::HomeRead;
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
    let read = async {
        let matters = memberships(house, actor, &frame).await?;
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
        anyhow::Ok(matters)
    };
    let mut matters = match read.await {
        Ok(matters) => matters,
        Err(error) => return Err((frame, error)),
    };
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
