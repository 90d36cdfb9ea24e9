//! The terms, the city's own rules, and who follows up which building.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, version, words};
use crate::pack::{self, Pack, Version};
use crate::policy::{self, MANAGER_DAYS, Policy, TERM_DAYS};
use crate::{ArrearsError, share};
use foundation::page::{self, Choice, Form, Frame, ListQuery, key, onward};
use permissions::Permission;

struct Building {
    name: String,
    /// As people call it.
    said: String,
    /// For the label: an id without what an address may not hold.
    nth: usize,
    account: String,
}

#[derive(Template)]
#[template(path = "arrears/settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Form,
    base: String,
    buildings: Vec<Building>,
    hands: Vec<Choice>,
    /// Packs that come with the program.
    cities: Vec<Choice>,
    /// The version in force, and those before it.
    pack: i64,
    versions: Vec<Version>,
    /// No way to pay is set: a letter cannot say how.
    no_ways: bool,
    /// May set them.
    may_fees: bool,
}

async fn draw(desk: Desk, status: StatusCode, form: Form) -> Response {
    let read = async {
        let (house, by) = (&desk.house, &desk.by);
        let given: BTreeMap<_, _> = share::all(house, by).await?.into_iter().collect();
        let hands = share::hands(house, by).await?;
        let all = roster::buildings(house, by.community).await?;
        let versions = pack::versions(house, by).await?;
        let no_ways = fees::pay_ways(house, by.community).await?.none();
        Ok::<_, ArrearsError>((given, hands, all, versions, no_ways))
    };
    let (given, hands, all, versions, no_ways) = match read.await {
        Ok(read) => read,
        Err(e) => return desk.refused(&e),
    };
    let buildings = all.into_iter().take(share::BUILDINGS_MAX as usize);
    let buildings = buildings.enumerate().map(|(nth, name)| Building {
        account: given.get(&name).map_or(String::new(), |id| id.to_string()),
        nth,
        said: hanzi::room::building_said(&name),
        name,
    });
    let mut choices = vec![Choice::new("", desk.frame.t("arrears-share-nobody"))];
    choices.extend(
        hands
            .into_iter()
            .map(|(id, name)| Choice::new(id.to_string(), name)),
    );
    page::html(
        status,
        SettingsPage {
            base: desk.at(""),
            buildings: buildings.collect(),
            hands: choices,
            cities: pack::shipped()
                .into_iter()
                .map(|p| Choice::new(p.city, p.name))
                .collect(),
            pack: versions.first().map_or(0, |v| v.version),
            versions,
            no_ways,
            may_fees: desk.by.has(Permission::FeesSet),
            form,
            frame: desk.frame.titled("arrears-settings"),
        },
    )
}

/// The form of the terms as they stand, and of a pack: the one in force, or a shipped one that
/// was chosen to begin with.
async fn filled(desk: &Desk, city: &str) -> Result<Form, ArrearsError> {
    let c = desk.by.community;
    let p = Policy::of(&desk.house, c).await?;
    let now = pack::current(&desk.house, c).await?;
    let version = now.version.to_string();
    let begun = pack::shipped().into_iter().find(|p| p.city == city);
    let shown = begun.unwrap_or(now);
    Ok(Form::filled([
        ("term", p.term_days.to_string()),
        ("manager", p.manager_days.to_string()),
        ("version", p.version.to_string()),
        ("city", shown.city),
        ("pack_name", shown.name),
        ("pack_text", shown.text),
        ("pack_words", shown.words.join("\n")),
        ("pack_article", shown.article),
        ("pack_origin", shown.origin),
        ("pack_version", version),
    ]))
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    match filled(&desk, list.value("city")).await {
        Ok(form) => draw(desk, StatusCode::OK, form).await,
        Err(e) => desk.refused(&e),
    }
}

/// Keeps a pack as the next version.
pub async fn pack(desk: Desk, mut form: Form) -> Response {
    let text = |name: &str| form.value(name).to_owned();
    let wanted = Pack {
        city: text("city"),
        name: text("pack_name"),
        text: text("pack_text"),
        words: text("pack_words").lines().map(str::to_owned).collect(),
        article: text("pack_article"),
        origin: text("pack_origin"),
        version: form.value("pack_version").parse().unwrap_or(-1),
    };
    match pack::set(&desk.house, &desk.by, wanted).await {
        Ok(version) => onward::done(
            &desk.at("/arrears-settings"),
            desk.frame.one("arrears-did-pack", "version", version),
        ),
        Err(e) => match words::refusal(&e, &desk.frame) {
            Some(sentence) => {
                form.fault("pack_text", sentence);
                if let Ok(p) = Policy::of(&desk.house, desk.by.community).await {
                    form.set("term", &p.term_days.to_string());
                    form.set("manager", &p.manager_days.to_string());
                    form.set("version", &p.version.to_string());
                }
                draw(desk, super::status(&e), form).await
            }
            None => desk.refused(&e),
        },
    }
}

/// Sets the terms.
pub async fn send(desk: Desk, mut form: Form) -> Response {
    let term = form
        .field("term", key("arrears-policy-term"))
        .number(TERM_DAYS);
    let manager = form
        .field("manager", key("arrears-policy-manager"))
        .number(MANAGER_DAYS);
    let (Some(term_days), Some(manager_days)) = (term, manager) else {
        return draw(desk, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let wanted = Policy {
        term_days,
        manager_days,
        version: version(&form),
    };
    match policy::set(&desk.house, &desk.by, &wanted).await {
        Ok(()) => onward::done(
            &desk.at("/arrears-settings"),
            desk.frame.t("arrears-did-set"),
        ),
        Err(e) => match words::refusal(&e, &desk.frame) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                draw(desk, super::status(&e), form).await
            }
            None => desk.refused(&e),
        },
    }
}

/// Gives a building to somebody.
pub async fn share(desk: Desk, form: Form) -> Response {
    let to = form.value("account");
    let to = if to.is_empty() {
        Ok(None)
    } else {
        to.parse().map(Some).map_err(|_| ArrearsError::NotFound)
    };
    let done = async { share::give(&desk.house, &desk.by, form.value("building"), to?).await };
    match done.await {
        Ok(()) => onward::done(
            &desk.at("/arrears-settings"),
            desk.frame.one(
                "arrears-did-share",
                "building",
                form.value("building").to_owned(),
            ),
        ),
        Err(e) => desk.refused(&e),
    }
}
