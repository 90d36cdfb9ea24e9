//! The frame around a page, from what the guard found out.

use std::sync::Arc;

use axum::http::request::Parts;

use super::Doors;
use super::compounds::Found;
use super::waiting::Waiting;
use accounts::{Session, Side, Site, flash};
use foundation::house::House;
use foundation::page::preferences::Preferences;
use foundation::page::{Compound, Frame, Person, Wing, Words};
use permissions::Permission;
use permissions::actor::Actor;

/// Before anyone is known: the device's language and look.
pub fn bare(house: &House, parts: &Parts) -> Frame {
    let wishes = Preferences::of(&parts.headers);
    Frame {
        words: Words::new(wishes.lang),
        theme: wishes.theme,
        large: wishes.large,
        path: parts.uri.path().to_owned(),
        now_ms: house.now().0,
        ..Frame::default()
    }
}

/// The whole frame.
pub fn of(
    doors: &Doors,
    parts: &Parts,
    site: &Site,
    session: Option<&Session>,
    actor: &Actor,
    compound: Option<&Found>,
    waiting: &Waiting,
) -> Frame {
    let mut frame = bare(&doors.house, parts);
    frame.csrf = super::forgery::token(&doors.house, site, &parts.headers);
    frame.flash = flash::read(&doors.house, &parts.headers)
        .into_iter()
        .collect();
    frame.compound = compound.map(|found| Compound {
        name: found.name.clone(),
        slug: found.slug.clone(),
    });
    let Some(session) = session else {
        return frame;
    };
    frame.person = Some(Person {
        name: session.name.clone(),
        roles: actor
            .roles
            .iter()
            .map(|role| frame.t(super::nav::role_word(*role)).into_owned())
            .collect(),
    });
    frame.wing = match session.side {
        Side::Owner => Wing::Owner,
        Side::Staff => Wing::Staff,
    };
    frame.nav = Arc::from(doors.nav.for_actor(session.side, actor, compound, waiting));
    frame.account = "/me".to_owned();
    if let Some(found) = compound {
        frame.home = format!("/c/{}", found.slug);
        if actor.has(Permission::RosterRead) {
            frame.find = format!("/c/{}/find", found.slug);
        }
    }
    if actor.behalf.is_some() {
        frame.alarm = Some(frame.t("accounts-behalf-now").into_owned());
    }
    frame
}
