//! A bill parted between owners: who bears which days and which share.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use hanzi::name::masked_name;
use jiff::civil::Date;

use super::{Desk, sentence};
use crate::split::{Bearer, Holder, Portion, Split, split};
use foundation::page::form::Form;
use foundation::page::{self, Frame, ListQuery, key};
use permissions::Permission;

/// A part as a line of the page.
struct Line {
    who: String,
    share: String,
    from: Date,
    until: Date,
    days: i64,
    amount: String,
    /// Where its payment is taken; empty for who takes none.
    pay: String,
}

#[derive(Template)]
#[template(path = "fees/split.html")]
struct SplitPage {
    frame: Frame,
    form: Form,
    split: Split,
    lines: Vec<Line>,
    base: String,
    own: String,
    paper: String,
}

pub(super) fn bearer(frame: &Frame, portion: &Portion, masked: bool) -> String {
    let t = |key: &'static str| frame.t(key).into_owned();
    match &portion.bearer {
        Bearer::Owner(h) if masked && !h.organisation => masked_name(&h.name),
        Bearer::Owner(h) => h.name.clone(),
        Bearer::Before => t(key("fees-split-before")),
        Bearer::After => t(key("fees-split-after")),
        Bearer::Unknown => t(key("fees-split-unknown")),
    }
}

pub(super) fn share_text(frame: &Frame, portion: &Portion) -> String {
    match &portion.bearer {
        Bearer::Owner(Holder {
            share: Some((0, 0)),
            ..
        }) => frame.t("fees-split-joint").into_owned(),
        Bearer::Owner(Holder {
            share: Some((part, whole)),
            ..
        }) => format!("{part}/{whole}"),
        Bearer::Owner(_) => frame.t("fees-split-share-unknown").into_owned(),
        _ => String::new(),
    }
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let Some(bill) = desk.id else {
        return desk.refused(&crate::FeesError::NoSuchBill);
    };
    let mut form = Form::filled([("on", list.value("on").to_owned())]);
    let on: Option<Date> = list.value("on").parse().ok();
    let mut status = StatusCode::OK;
    let mut parted = split(&desk.house, &desk.actor, bill, on).await;
    if let Err(error @ crate::FeesError::SplitDay) = &parted {
        if let Some(why) = sentence(error) {
            form.fault("on", why);
        }
        status = StatusCode::UNPROCESSABLE_ENTITY;
        parted = split(&desk.house, &desk.actor, bill, None).await;
    }
    let split = match parted {
        Ok(split) => split,
        Err(error) => return desk.refused(&error),
    };
    let records = desk.actor.has(Permission::FeesRecord);
    let account = desk.at(&format!("/fees/rooms/{}", split.room));
    let line = |p: &Portion| Line {
        who: bearer(&desk.frame, p, true),
        share: share_text(&desk.frame, p),
        from: p.from,
        until: p.until,
        days: p.days,
        amount: super::yuan(p.amount),
        pay: match records && p.amount.is_positive() {
            true => format!("{account}?amount={}", p.amount.plain()),
            false => String::new(),
        },
    };
    let own = desk.at(&format!("/fees/bills/{bill}/split"));
    let named = on.filter(|_| status == StatusCode::OK);
    let paper = match named {
        Some(on) => format!("{own}/paper?on={on}"),
        None => format!("{own}/paper"),
    };
    let page = SplitPage {
        lines: split.portions.iter().map(line).collect(),
        base: desk.at("/fees"),
        frame: desk.frame.clone().titled("fees-split"),
        form,
        split,
        own,
        paper,
    };
    page::html(status, page)
}
