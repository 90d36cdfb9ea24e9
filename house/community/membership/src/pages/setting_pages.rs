//! What joining asks for, and the texts that people accept: the manager's pages.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::checks::CheckKind;
use super::super::policy::{self, Arrears, DAYS_MAX, Policy, PolicyError};
use super::{By, refused, words};
use crate::texts::{self, TEXT_CHARS_MAX, TextError, TextName};
use foundation::house::House;
use foundation::page::{self, Choice, Form, Frame, key, onward, problem, say};

#[derive(Template)]
#[template(path = "membership/policy.html")]
struct PolicyPage {
    frame: Frame,
    form: Form,
    version: i64,
    base: String,
    decisive: Vec<Choice>,
    arrears: Vec<Choice>,
    texts: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "membership/text.html")]
struct TextPage {
    frame: Frame,
    form: Form,
    back: String,
    version: i64,
}

fn text_word(name: TextName) -> &'static str {
    match name {
        TextName::Rules => key("membership-rules"),
        TextName::Privacy => key("membership-privacy"),
        TextName::Identity => key("membership-text-identity"),
        TextName::Archive => key("membership-text-archive"),
    }
}

fn filled(p: &Policy) -> Form {
    let mut pairs: Vec<(&str, String)> = vec![
        ("arrears", p.arrears.word().into()),
        ("arrears_months", p.arrears_months.to_string()),
        ("invitation_days", p.invitation_days.to_string()),
        ("reminder_days", p.reminder_days.to_string()),
        ("pictures_days", p.pictures_days.to_string()),
        ("leaving_days", p.leaving_days.to_string()),
    ];
    let ticks = [
        ("family", p.family),
        ("tenants", p.tenants),
        ("alone", p.alone),
        ("join_by_status", p.join_by_status),
        ("archive_copy", p.archive_copy),
    ];
    pairs.extend(
        ticks
            .into_iter()
            .filter(|(_, on)| *on)
            .map(|(n, _)| (n, "yes".into())),
    );
    pairs.extend(p.decisive.iter().map(|k| ("decisive", k.word().to_owned())));
    Form::filled(pairs)
}

fn draw(frame: Frame, form: Form, version: i64, c: &str) -> Response {
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let arrears = |a: Arrears| match a {
        Arrears::Note => key("membership-policy-note"),
        Arrears::Ask => key("membership-policy-ask"),
        Arrears::AdviseRefusal => key("membership-policy-advise"),
    };
    let page = PolicyPage {
        version,
        base: format!("/c/{c}"),
        decisive: CheckKind::ALL
            .iter()
            .map(|k| Choice::new(k.word(), frame.t(words::check(*k))))
            .collect(),
        arrears: Arrears::ALL
            .iter()
            .map(|a| Choice::new(a.word(), frame.t(arrears(*a))))
            .collect(),
        texts: TextName::ALL
            .iter()
            .map(|t| Choice::new(t.word(), frame.t(text_word(*t))))
            .collect(),
        form,
        frame: frame.titled("membership-policy-title"),
    };
    page::html(status, page)
}

/// The policy in force.
pub async fn policy(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match policy::policy_of(&house, by.community).await {
        Ok((version, in_force)) => draw(frame, filled(&in_force), version, &c),
        Err(e) => refused(frame, e.into()),
    }
}

/// Puts another in force.
pub async fn set_policy(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let days = 1..=i64::from(DAYS_MAX);
    let words: Vec<&str> = Arrears::ALL.iter().map(|a| a.word()).collect();
    let arrears = form
        .field("arrears", "membership-check-fees")
        .choice(&words)
        .map(str::to_owned);
    let months = form
        .field("arrears_months", "membership-policy-months")
        .number(1..=120);
    let invitation = form
        .field("invitation_days", "membership-policy-invitation")
        .number(days.clone());
    let reminder = form
        .field("reminder_days", "membership-policy-reminder")
        .number(days.clone());
    let pictures = form
        .field("pictures_days", "membership-policy-pictures")
        .number(days.clone());
    let leaving = form
        .field("leaving_days", "membership-policy-leaving")
        .number(days);
    let ticked = |name: &str| form.value(name) == "yes";
    let small = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    let wanted = Policy {
        family: ticked("family"),
        tenants: ticked("tenants"),
        alone: ticked("alone"),
        join_by_status: ticked("join_by_status"),
        archive_copy: ticked("archive_copy"),
        decisive: CheckKind::ALL
            .into_iter()
            .filter(|k| form.has("decisive", k.word()))
            .collect(),
        arrears: Arrears::ALL
            .into_iter()
            .find(|a| Some(a.word()) == arrears.as_deref())
            .unwrap_or(Arrears::Note),
        arrears_months: small(months),
        invitation_days: small(invitation),
        reminder_days: small(reminder),
        pictures_days: small(pictures),
        leaving_days: small(leaving),
    };
    if !form.failed() {
        match policy::set_policy(&house, &by, wanted).await {
            Ok(_) => return onward::to(&format!("/c/{c}/membership-policy")),
            Err(PolicyError::NothingDecisive) => {
                form.fault("decisive", say("membership-policy-decisive-fault"))
            }
            Err(PolicyError::Term) => form.fault_of_all(say("membership-error-missing")),
            Err(PolicyError::Forbidden(e)) => return refused(frame, e.into()),
            Err(PolicyError::Database(e)) => return refused(frame, e.into()),
        }
    }
    draw(frame, form, 0, &c)
}

/// A text, to be renewed.
pub async fn text(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, name)): Path<(String, String)>,
    frame: Frame,
) -> Response {
    let Some(name) = TextName::from_word(&name) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match texts::current(&house, by.community, name).await {
        Ok(text) => page::ok(TextPage {
            form: Form::filled([("zh_hant", text.zh_hant), ("en", text.en)]),
            back: format!("/c/{c}/membership-policy"),
            version: text.version,
            frame: frame.titled(text_word(name)),
        }),
        Err(e) => refused(frame, e.into()),
    }
}

/// Publishes a new version.
pub async fn publish(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, name)): Path<(String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Some(name) = TextName::from_word(&name) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let zh = form
        .field("zh_hant", "membership-text-zh")
        .text(1..=TEXT_CHARS_MAX);
    let en = form
        .field("en", "membership-text-en")
        .text(1..=TEXT_CHARS_MAX);
    let (Some(zh), Some(en)) = (zh, en) else {
        return page::html(
            StatusCode::UNPROCESSABLE_ENTITY,
            TextPage {
                form,
                back: format!("/c/{c}/membership-policy"),
                version: 0,
                frame: frame.titled(text_word(name)),
            },
        );
    };
    match texts::publish(&house, &by, name, zh, en).await {
        Ok(_) => onward::to(&format!("/c/{c}/texts/{}", name.word())),
        Err(TextError::Forbidden(e)) => refused(frame, e.into()),
        Err(TextError::Length) => problem::page(frame, StatusCode::UNPROCESSABLE_ENTITY),
        Err(TextError::Database(e)) => refused(frame, e.into()),
    }
}
