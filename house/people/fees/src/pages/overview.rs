//! Who owes: the totals by age, and the list of rooms in arrears.

use askama::Template;
use axum::response::Response;

use super::Desk;
use super::exchange::tag;
use crate::{
    AgeingPage, AgeingQuery, Bucket, FeesError, Period, Sort, Totals, ageing, buildings, exchange,
    items, totals, wishes,
};
use foundation::page::{self, Chip, Frame, ListQuery, Pager, Tag, key};
use permissions::Permission;

#[derive(Template)]
#[template(path = "fees/overview.html")]
struct Overview {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    totals: Totals,
    /// The key of an age, and what has it.
    ages: Vec<(&'static str, String)>,
    page: AgeingPage,
    pager: Pager,
    base: String,
    may_bill: bool,
    /// Write-offs that wait for a second person, for who may be it.
    wishes: u64,
    may_second: bool,
    may_set: bool,
    buildings: Vec<String>,
    month: String,
    /// The last exchange of files with the office's other system, where one is set.
    exchanged: Option<(i64, Tag)>,
    exchanges: bool,
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    match fill(&desk, list).await {
        Ok(page) => page::ok(page),
        Err(error) => desk.refused(&error),
    }
}

async fn fill(desk: &Desk, list: ListQuery) -> Result<Overview, FeesError> {
    let (house, actor, frame) = (&desk.house, &desk.actor, &desk.frame);
    let sort = match list.value("sort") {
        "amount" => Sort::Amount,
        "room" => Sort::Room,
        _ => Sort::Oldest,
    };
    let text = |name: &str| Some(list.value(name)).filter(|v| !v.is_empty());
    let query = AgeingQuery {
        sort,
        bucket: text("age").and_then(Bucket::from_word),
        item: text("item").and_then(|i| i.parse().ok()),
        building: text("building").map(str::to_owned),
        search: list.value("q").to_owned(),
        after: text("after").map(str::to_owned),
    };
    let found = ageing(house, actor, &query).await?;
    let chip = |name, value: &str, text: String| Chip {
        name,
        value: value.to_owned(),
        text,
        count: None,
    };
    let mut chips = vec![
        chip("age", "", frame.t("fees-age-all").into_owned()),
        chip("age", "30", frame.t("fees-age-30").into_owned()),
        chip("age", "60", frame.t("fees-age-60").into_owned()),
        chip("age", "90", frame.t("fees-age-90").into_owned()),
        chip("age", "older", frame.t("fees-age-older").into_owned()),
    ];
    chips.extend([
        chip("sort", "", frame.t("fees-sort-oldest").into_owned()),
        chip("sort", "amount", frame.t("fees-sort-amount").into_owned()),
        chip("sort", "room", frame.t("fees-sort-room").into_owned()),
    ]);
    let all = items(house, actor, Period::of(house.now().date())).await?;
    if all.len() > 1 {
        chips.push(chip("item", "", frame.t("fees-item-all").into_owned()));
        chips.extend(
            all.into_iter()
                .map(|(i, _)| chip("item", i.id.as_str(), i.name)),
        );
    }
    let totals = totals(house, actor).await?;
    let words = [
        key("fees-age-30"),
        key("fees-age-60"),
        key("fees-age-90"),
        key("fees-age-older"),
    ];
    let sums = totals.buckets.map(|sum| frame.money(sum.0));
    let exchange = exchange::exchange(house, actor).await?;
    let wishes = match actor.has(Permission::FeesSecond) {
        true => wishes(house, actor).await?.len() as u64,
        false => 0,
    };
    Ok(Overview {
        exchanges: exchange.is_some(),
        exchanged: exchange
            .and_then(|e| e.last)
            .map(|(at, ended)| (at.0, tag(ended))),
        ages: words.into_iter().zip(sums).collect(),
        pager: Pager {
            total: found.rooms,
            shown: found.rows.len() as u64,
            before: None,
            after: found.after.clone(),
        },
        totals,
        page: found,
        chips,
        list,
        base: desk.at("/fees"),
        wishes,
        may_second: actor.has(Permission::FeesSecond),
        may_set: actor.has(Permission::FeesSet),
        buildings: buildings(house, actor).await?,
        month: Period::of(house.now().date()).to_string(),
        may_bill: actor.has(Permission::FeesRecord),
        frame: desk.frame.clone().titled("fees-title"),
    })
}
