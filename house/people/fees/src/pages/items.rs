//! Fee items and their rates.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, kind_word, sentence};
use crate as fees;
use crate::meters::{quantity, quantity_text};
use crate::{
    Basis, Decimals, FeeItem, FeesError, ItemDraft, ItemKind, NAME_CHARS_MAX, NewRate, PartMonth,
    Period, Tier, TierSpan, items, rates,
};
use foundation::ids::Id;
use foundation::page::form::Form;
use foundation::page::{self, Choice, Frame, key, say};
use permissions::Permission;

/// An item with what is read of it.
struct Shown {
    item: FeeItem,
    kind: &'static str,
    basis: &'static str,
    /// `2.85`, with the unit's key; empty where there is no rate.
    rate: String,
    unit: &'static str,
}

#[derive(Template)]
#[template(path = "fees/items.html")]
struct ItemsPage {
    frame: Frame,
    form: Form,
    shown: Vec<Shown>,
    kinds: Vec<Choice>,
    bases: Vec<Choice>,
    purposes: Vec<Choice>,
    base: String,
    may_set: bool,
    /// The item being changed.
    open: Option<Id>,
    has_rate: bool,
    parts: Vec<Choice>,
    spans: Vec<Choice>,
    /// The rates of the item that is open: from when, how much, by which paper.
    rates: Vec<RateShown>,
    /// Its rate may have steps.
    has_tiers: bool,
}

/// A rate as a line of the list.
struct RateShown {
    from: Period,
    text: String,
    grounds: String,
}

fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Area => key("fees-basis-area"),
        Basis::Fixed => key("fees-basis-fixed"),
        Basis::Metered => key("fees-basis-metered"),
        Basis::Shared => key("fees-basis-shared"),
        Basis::Given => key("fees-basis-given"),
    }
}

fn part_word(part: PartMonth) -> &'static str {
    match part {
        PartMonth::Whole => key("fees-part-whole"),
        PartMonth::Days => key("fees-part-days"),
    }
}

fn span_word(span: TierSpan) -> &'static str {
    match span {
        TierSpan::Month => key("fees-span-month"),
        TierSpan::Year => key("fees-span-year"),
    }
}

fn unit_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Area => key("fees-unit-area"),
        Basis::Metered | Basis::Shared => key("fees-unit-metered"),
        Basis::Fixed | Basis::Given => key("fees-unit-fixed"),
    }
}

/// A rate as people write it: yuan with four decimals by area, with two when fixed.
fn rate_text(basis: Basis, rate: i64) -> String {
    let places = if basis.by_unit() { 4 } else { 2 };
    let scale = 10_i64.pow(places);
    let part = format!("{:0width$}", rate % scale, width = places as usize);
    let (money, rest) = part.split_at(2);
    format!("{}.{money}{}", rate / scale, rest.trim_end_matches('0'))
}

async fn fill(desk: &Desk, form: Form, open: Option<Id>) -> Result<ItemsPage, FeesError> {
    let (house, actor, frame) = (&desk.house, &desk.actor, &desk.frame);
    let all = items(house, actor, Period::of(house.now().date())).await?;
    let has_rate = open.is_none_or(|id| {
        all.iter()
            .any(|(item, _)| item.id == id && item.basis != Basis::Given)
    });
    let mut shown_rates = Vec::new();
    let of = all.iter().find(|(item, _)| Some(item.id) == open);
    let has_tiers = of.is_some_and(|(item, _)| item.basis == Basis::Metered);
    if let Some((item, _)) = of {
        for one in rates(house, actor, item.id).await? {
            let mut text = rate_text(item.basis, one.rate);
            for tier in &one.tiers {
                let above = quantity_text(tier.above);
                text.push_str(&format!(
                    " · >{above}: {}",
                    rate_text(item.basis, tier.rate)
                ));
            }
            if one.span == TierSpan::Year && !one.tiers.is_empty() {
                text.push_str(&format!(" · {}", frame.t(span_word(one.span))));
            }
            shown_rates.push(RateShown {
                from: one.from,
                text,
                grounds: one.grounds,
            });
        }
    }
    let shown = all
        .into_iter()
        .map(|(item, rate)| Shown {
            kind: kind_word(item.kind),
            basis: basis_word(item.basis),
            rate: rate.map_or_else(String::new, |r| rate_text(item.basis, r)),
            unit: unit_word(item.basis),
            item,
        })
        .collect();
    let purposes = [
        ("residence", frame.t("fees-purpose-residence")),
        ("shop", frame.t("fees-purpose-shop")),
        ("parking", frame.t("fees-purpose-parking")),
        ("other", frame.t("fees-purpose-other")),
    ];
    Ok(ItemsPage {
        form,
        shown,
        kinds: ItemKind::ALL
            .iter()
            .map(|k| Choice::new(k.word(), frame.t(kind_word(*k))))
            .collect(),
        bases: Basis::ALL
            .iter()
            .map(|b| Choice::new(b.word(), frame.t(basis_word(*b))))
            .collect(),
        purposes: purposes.map(|(word, text)| Choice::new(word, text)).into(),
        base: desk.at("/fees"),
        may_set: actor.has(Permission::FeesSet),
        open,
        has_rate,
        has_tiers,
        rates: shown_rates,
        parts: PartMonth::ALL
            .iter()
            .map(|p| Choice::new(p.word(), frame.t(part_word(*p))))
            .collect(),
        spans: TierSpan::ALL
            .iter()
            .map(|s| Choice::new(s.word(), frame.t(span_word(*s))))
            .collect(),
        frame: frame.clone().titled("fees-items"),
    })
}

async fn draw(desk: Desk, form: Form, open: Option<Id>, status: StatusCode) -> Response {
    match fill(&desk, form, open).await {
        Ok(page) => page::html(status, page),
        Err(error) => desk.refused(&error),
    }
}

pub async fn show(desk: Desk) -> Response {
    let this = Period::of(desk.house.now().date()).to_string();
    let form = Form::filled([
        ("from", this.as_str()),
        ("due_day", "25"),
        ("due_months", "0"),
        ("part_month", "whole"),
    ]);
    draw(desk, form, None, StatusCode::OK).await
}

pub async fn edit(desk: Desk) -> Response {
    let this = Period::of(desk.house.now().date());
    let found = match items(&desk.house, &desk.actor, this).await {
        Ok(all) => all.into_iter().find(|(item, _)| Some(item.id) == desk.id),
        Err(error) => return desk.refused(&error),
    };
    let Some((item, rate)) = found else {
        return desk.refused(&FeesError::NoSuchItem);
    };
    let form = Form::filled([
        ("name", item.name.clone()),
        ("kind", item.kind.word().to_owned()),
        ("basis", item.basis.word().to_owned()),
        ("applies_to", item.applies_to.clone()),
        ("due_day", item.due_day.to_string()),
        ("due_months", item.due_months.to_string()),
        ("from", item.active_from.to_string()),
        ("part_month", item.part_month.word().to_owned()),
        (
            "until",
            item.active_until
                .map_or_else(String::new, |p| p.to_string()),
        ),
        ("rate_from", this.next().to_string()),
        ("span", TierSpan::Month.word().to_owned()),
        (
            "rate",
            rate.map_or_else(String::new, |r| rate_text(item.basis, r)),
        ),
    ]);
    draw(desk, form, Some(item.id), StatusCode::OK).await
}

fn period(form: &mut Form, name: &str, label: &'static str) -> Option<Period> {
    form.field(name, label)
        .read(|t| t.parse().map_err(|_| say("fees-error-period")))
}

fn draft(form: &mut Form) -> Option<ItemDraft> {
    let name = form
        .field("name", "fees-item-name")
        .text(1..=NAME_CHARS_MAX);
    let kinds = ItemKind::ALL.map(ItemKind::word);
    let kind = form.field("kind", "fees-kind").choice(&kinds);
    let bases = Basis::ALL.map(Basis::word);
    let basis = form.field("basis", "fees-basis").choice(&bases);
    let purposes = ["", "residence", "shop", "parking", "other"];
    let applies_to = form.field("applies_to", "fees-applies").choice(&purposes);
    let due_day = form.field("due_day", "fees-due-day").number(1..=31);
    let due_months = form.field("due_months", "fees-due-months").number(0..=12);
    let parts = PartMonth::ALL.map(PartMonth::word);
    let part = match form.value("part_month") {
        // A form of before, or a program's: as it always was.
        "" => Some(PartMonth::Whole.word()),
        _ => form.field("part_month", "fees-part-month").choice(&parts),
    };
    let from = period(form, "from", "fees-from");
    let until = match form.value("until") {
        "" => Some(None),
        _ => period(form, "until", "fees-until").map(Some),
    };
    Some(ItemDraft {
        name: name?,
        kind: kind.and_then(ItemKind::from_word)?,
        basis: basis.and_then(Basis::from_word)?,
        applies_to: applies_to?.to_owned(),
        due_day: i8::try_from(due_day?).ok()?,
        due_months: i8::try_from(due_months?).ok()?,
        active_from: from?,
        active_until: until?,
        part_month: part.and_then(PartMonth::from_word)?,
    })
}

/// The rate that was typed, in the item's own unit.
fn rate_of(form: &mut Form, basis: Basis) -> Option<i64> {
    let places = if basis.by_unit() { 4 } else { 2 };
    form.field("rate", "fees-rate").read(|t| {
        let read = Decimals::read(t, places).map(|d| d.0).filter(|n| *n > 0);
        read.ok_or_else(|| say("fees-error-rate"))
    })
}

/// Steps as they are typed, a line each: from how much on, and the rate above it.
fn tiers_of(form: &mut Form) -> Option<Vec<Tier>> {
    let text = form.value("tiers").to_owned();
    let mut out = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let mut parts = line
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | ':' | '：'))
            .filter(|p| !p.is_empty());
        let above = parts.next().and_then(quantity);
        let rate = parts.next().and_then(|t| Decimals::read(t, 4)).map(|d| d.0);
        let (Some(above), Some(rate), None) = (above, rate, parts.next()) else {
            form.fault("tiers", say("fees-error-tiers"));
            return None;
        };
        out.push(Tier { above, rate });
    }
    Some(out)
}

pub async fn make(desk: Desk, mut form: Form) -> Response {
    let draft = draft(&mut form);
    let rate = match draft.as_ref().map(|d| d.basis) {
        Some(Basis::Given) | None => Some(None),
        Some(basis) => rate_of(&mut form, basis).map(Some),
    };
    let (Some(draft), Some(rate)) = (draft, rate) else {
        return draw(desk, form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let made = fees::make_item(&desk.house, &desk.actor, draft, rate).await;
    after(desk, form, made.map(|_| ()), None).await
}

pub async fn change(desk: Desk, mut form: Form) -> Response {
    let (id, Some(draft)) = (desk.id, draft(&mut form)) else {
        let open = desk.id;
        return draw(desk, form, open, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let outcome = match id {
        Some(id) => fees::set_item(&desk.house, &desk.actor, id, draft).await,
        None => Err(FeesError::NoSuchItem),
    };
    after(desk, form, outcome, id).await
}

pub async fn rate(desk: Desk, mut form: Form) -> Response {
    let this = Period::of(desk.house.now().date());
    let found = match items(&desk.house, &desk.actor, this).await {
        Ok(all) => all.into_iter().find(|(item, _)| Some(item.id) == desk.id),
        Err(error) => return desk.refused(&error),
    };
    let Some((item, _)) = found else {
        return desk.refused(&FeesError::NoSuchItem);
    };
    let from = period(&mut form, "rate_from", "fees-rate-from");
    let (Some(from), Some(rate)) = (from, rate_of(&mut form, item.basis)) else {
        return draw(desk, form, Some(item.id), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let Some(tiers) = tiers_of(&mut form) else {
        return draw(desk, form, Some(item.id), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let new = NewRate {
        from,
        rate,
        tiers,
        span: TierSpan::from_word(form.value("span")).unwrap_or_default(),
        grounds: form.value("grounds").to_owned(),
    };
    let outcome = fees::set_rate_by(&desk.house, &desk.actor, item.id, new).await;
    after(desk, form, outcome, Some(item.id)).await
}

async fn after(
    desk: Desk,
    mut form: Form,
    outcome: Result<(), FeesError>,
    open: Option<Id>,
) -> Response {
    match outcome {
        Ok(()) => desk.done(&desk.at("/fees/items"), desk.frame.t("fees-item-saved")),
        Err(error) => match sentence(&error) {
            Some(why) => {
                form.fault_of_all(why);
                draw(desk, form, open, StatusCode::UNPROCESSABLE_ENTITY).await
            }
            None => desk.refused(&error),
        },
    }
}
