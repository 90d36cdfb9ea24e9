//! The member's own matters, and the link to appeal that works signed out, while muted
//! and after removal.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::case::{Followed, followed};
use super::{By, refused, status, words};
use crate::appeals::{self, Open};
use crate::view::{self, Mine};
use crate::{ConductError, Strike, speech};
use accounts::Site;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Tag, key, onward, problem};
use permissions::actor::Actor;

struct Heard {
    id: String,
    level: i64,
    state: Tag,
    reasons: String,
    open: bool,
}

struct Struck {
    id: String,
    rule: String,
    state: Tag,
    at: i64,
    rules_version: String,
    /// The rules in that version, a paragraph each.
    rules: Vec<String>,
    /// What this kind of breach is, as the compound words it.
    what: String,
    text: String,
    reason: String,
    sanctions: Vec<Followed>,
    appeals: Vec<Heard>,
    /// Until when an appeal may be filed, or empty.
    until: String,
    link: String,
    action: String,
    typed: String,
    fault: String,
}

#[derive(Template)]
#[template(path = "conduct/mine.html")]
struct MinePage {
    frame: Frame,
    silence: String,
    strikes: Vec<Struck>,
    quarters: String,
}

#[derive(Template)]
#[template(path = "conduct/link.html")]
struct LinkPage {
    frame: Frame,
    strikes: Vec<Struck>,
}

fn struck(frame: &Frame, site: &Site, c: &str, one: &Mine, action: String) -> Struck {
    Struck {
        id: one.strike.id.to_string(),
        rule: frame.t(words::rule(&one.strike.rule)).into_owned(),
        state: words::strike(one.strike.state),
        at: one.strike.issued_at.0,
        rules_version: one.strike.rules_version.to_string(),
        rules: one
            .rules
            .as_ref()
            .map(|text| membership::paragraphs(frame, text))
            .unwrap_or_default(),
        what: words::reply(frame, &one.policy, &one.strike.category),
        text: one.text.clone().unwrap_or_default(),
        reason: one.reason.clone().unwrap_or_default(),
        sanctions: one
            .sanctions
            .iter()
            .map(|s| followed(frame, s, None))
            .collect(),
        appeals: one
            .appeals
            .iter()
            .map(|h| Heard {
                id: h.appeal.id.to_string(),
                level: h.appeal.level,
                state: words::appeal(h.appeal.state),
                reasons: h.reasons.clone().unwrap_or_default(),
                open: h.appeal.state.is_open(),
            })
            .collect(),
        until: match one.open {
            Open::File { until, .. } => frame.stamp(until.0),
            Open::Waits | Open::Closed => String::new(),
        },
        link: site.link(&format!("/c/{c}/appeal/{}", one.secret)),
        action,
        typed: String::new(),
        fault: String::new(),
    }
}

async fn draw_mine(
    house: &House,
    by: &Actor,
    c: &str,
    site: &Site,
    frame: Frame,
    kept: Option<(Id, String, String)>,
    status: StatusCode,
) -> Response {
    let Some(account) = by.account else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let looked = async {
        let mine = view::mine(house, by.community, account).await?;
        let silence = speech::silence(house, by.community, account).await?;
        Ok((mine, silence))
    };
    let (mine, silence) = match looked.await {
        Ok(found) => found,
        Err(e) => return refused(frame, e),
    };
    let mut strikes: Vec<Struck> = mine
        .iter()
        .map(|one| {
            let action = format!("/c/{c}/my-conduct/{}", one.strike.id);
            struck(&frame, site, c, one, action)
        })
        .collect();
    if let Some((id, typed, fault)) = kept
        && let Some(one) = strikes.iter_mut().find(|s| s.id == id.to_string())
    {
        one.typed = typed;
        one.fault = fault;
    }
    let silence = match silence {
        Some(s) => match s.until {
            Some(until) => frame
                .one("conduct-silent-until", "until", frame.stamp(until.0))
                .into_owned(),
            None => frame.t("conduct-silent-removed").into_owned(),
        },
        None => String::new(),
    };
    page::html(
        status,
        MinePage {
            quarters: format!("/c/{c}/group-report"),
            frame: frame.titled("conduct-mine-title"),
            silence,
            strikes,
        },
    )
}

/// One's own strikes.
pub async fn mine(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    draw_mine(&house, &by, &c, &site, frame, None, StatusCode::OK).await
}

async fn carry_out(
    house: &House,
    by: &Actor,
    strike: Id,
    form: &Form,
) -> Result<&'static str, ConductError> {
    if form.value("act") == "withdraw" {
        let appeal: Id = form
            .value("appeal")
            .parse()
            .map_err(|_| ConductError::NotFound)?;
        appeals::withdraw(house, by, strike, appeal).await?;
        return Ok(key("conduct-did-withdraw"));
    }
    appeals::file(house, by, strike, form.value("words")).await?;
    Ok(key("conduct-did-file"))
}

/// Files or withdraws an appeal from one's own page.
pub async fn act(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    site: Extension<Site>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match carry_out(&house, &by, id, &form).await {
        Ok(told) => onward::done(&format!("/c/{c}/my-conduct"), frame.t(told)),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                let fault = frame.say(&sentence).into_owned();
                let kept = Some((id, form.value("words").to_owned(), fault));
                let status = status(&e);
                draw_mine(&house, &by, &c, &site, frame, kept, status).await
            }
            None => refused(frame, e),
        },
    }
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the page")]
async fn draw_link(
    house: &House,
    by: &Actor,
    c: &str,
    site: &Site,
    frame: Frame,
    strike: Strike,
    kept: Option<(String, String)>,
    status: StatusCode,
) -> Response {
    let one = match view::one(house, by.community, strike).await {
        Ok(one) => one,
        Err(e) => return refused(frame, e),
    };
    let action = format!("/c/{c}/appeal/{}", one.secret);
    let mut shown = struck(&frame, site, c, &one, action);
    if let Some((typed, fault)) = kept {
        shown.typed = typed;
        shown.fault = fault;
    }
    page::html(
        status,
        LinkPage {
            frame: frame.titled("conduct-mine-title"),
            strikes: vec![shown],
        },
    )
}

/// What the link opens: the one strike.
pub async fn link(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, secret)): Path<(String, String)>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    match appeals::by_secret(&house, by.community, &secret).await {
        Ok(strike) => draw_link(&house, &by, &c, &site, frame, strike, None, StatusCode::OK).await,
        Err(e) => refused(frame, e),
    }
}

/// Files or withdraws by the link.
pub async fn link_act(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, secret)): Path<(String, String)>,
    site: Extension<Site>,
    frame: Frame,
    form: Form,
) -> Response {
    let strike = match appeals::by_secret(&house, by.community, &secret).await {
        Ok(strike) => strike,
        Err(e) => return refused(frame, e),
    };
    // Whoever holds the link speaks for the one it was given to, signed in as whom ever.
    let holder = Actor::link_holder(by.community);
    match carry_out(&house, &holder, strike.id, &form).await {
        Ok(told) => onward::done(&format!("/c/{c}/appeal/{secret}"), frame.t(told)),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                let fault = frame.say(&sentence).into_owned();
                let kept = Some((form.value("words").to_owned(), fault));
                let status = status(&e);
                draw_link(&house, &by, &c, &site, frame, strike, kept, status).await
            }
            None => refused(frame, e),
        },
    }
}
