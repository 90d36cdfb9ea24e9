//! The office's own shelf order on the screen: a number for each building, the units and floors
//! of one building, what would move, and then the act.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, is_sure};
use crate::RosterError;
use crate::order::{
    self, HEIGHT_X10_MAX, Level, Listed, MOVES_MAX, Named, OrderFault, PLACE_MAX, Preview, Standing,
};
use foundation::page::{self, Form, Frame, ListQuery, Sentence, key, problem, say};

/// Names of one level on the page: with all three the form stays within what a form may have.
const SHOWN_MAX: usize = 300;

/// A building, unit or floor with its field.
struct Row {
    field: String,
    name: String,
    rooms: u64,
    /// Where the rules put a floor, in storeys.
    by_rule: String,
    /// To its units and floors.
    href: String,
}

#[derive(Template)]
#[template(path = "roster/order.html")]
struct OrderPage {
    frame: Frame,
    form: Form,
    back: String,
    here: String,
    making: bool,
    more: bool,
    buildings: Vec<Row>,
    /// The building whose units and floors are shown, as people call it.
    inside: String,
    units: Vec<Row>,
    floors: Vec<Row>,
    /// What would move, on the page that is looked at before the act.
    preview: Option<Preview>,
    hidden: Vec<(String, String)>,
}

/// Tenths of a storey as people write storeys: 15 is 1.5.
fn storeys(x10: i64) -> String {
    let sign = if x10 < 0 { "-" } else { "" };
    let (whole, part) = (x10.abs() / 10, x10.abs() % 10);
    match part {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part}"),
    }
}

/// The reverse, with one decimal at most; whatever width and minus sign it is typed with.
fn height(typed: &str) -> Option<i64> {
    let plain: String = hanzi::fold::key(typed)
        .chars()
        .map(|c| {
            if matches!(c, '−' | '–' | '—') {
                '-'
            } else {
                c
            }
        })
        .collect();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, plain.as_str()),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > 1 || whole.len() > 3 {
        return None;
    }
    let x10 = sign * (whole.parse::<i64>().ok()? * 10 + part.parse::<i64>().ok()?);
    (x10.abs() <= HEIGHT_X10_MAX).then_some(x10)
}

fn place(typed: &str) -> Option<i64> {
    let n: i64 = hanzi::fold::key(typed).parse().ok()?;
    (1..=PLACE_MAX).contains(&n).then_some(n)
}

/// The page with the units and floors of one building.
fn inside_of(path: &str, building: &str) -> String {
    ListQuery::parse(path, "").href("building", building)
}

fn field(level: Level, name: &str) -> String {
    format!("{}:{name}", level.word())
}

fn called(desk: &Desk, level: Level, one: &Named) -> String {
    let word = match level {
        Level::Building => key("roster-building"),
        Level::Unit => key("roster-order-unit"),
        Level::Floor => key("roster-order-floor"),
    };
    let name = desk.frame.one(word, "name", &one.word);
    format!("{} {name}", one.within).trim().to_owned()
}

/// The lists of the page, each with its level.
fn lists(standing: &Standing) -> [(Level, &[Named]); 3] {
    let part = |list: &'_ Vec<Named>| list.len().min(SHOWN_MAX);
    [
        (
            Level::Building,
            &standing.buildings[..part(&standing.buildings)],
        ),
        (Level::Unit, &standing.units[..part(&standing.units)]),
        (Level::Floor, &standing.floors[..part(&standing.floors)]),
    ]
}

fn filled(standing: &Standing, building: &str) -> Form {
    let mut pairs = vec![
        ("version".to_owned(), standing.version.to_string()),
        ("building".to_owned(), building.to_owned()),
    ];
    for (level, list) in lists(standing) {
        for one in list {
            if let Some(ord) = one.ord {
                let text = match level {
                    Level::Floor => storeys(ord),
                    _ => ord.to_string(),
                };
                pairs.push((field(level, &one.name), text));
            }
        }
    }
    Form::filled(pairs)
}

/// What the form wants, with what is set and stands on another page of it.
fn wanted(standing: &Standing, form: &mut Form) -> Vec<Listed> {
    let mut wanted = Vec::new();
    let mut asked = std::collections::HashSet::new();
    for (level, list) in lists(standing) {
        for one in list {
            let field = field(level, &one.name);
            asked.insert((level, &one.name));
            let typed = form.value(&field).trim().to_owned();
            if typed.is_empty() {
                continue;
            }
            let (ord, fault) = match level {
                Level::Floor => (height(&typed), say("roster-order-fault-height")),
                _ => (place(&typed), say("roster-order-fault-place")),
            };
            match ord {
                Some(ord) => wanted.push(Listed {
                    level,
                    name: one.name.clone(),
                    ord,
                }),
                None => form.fault(&field, fault),
            }
        }
    }
    let others = standing.listed.iter();
    wanted.extend(
        others
            .filter(|l| !asked.contains(&(l.level, &l.name)))
            .cloned(),
    );
    wanted
}

fn sentence(fault: &OrderFault) -> Sentence {
    match fault {
        OrderFault::NoSuch(name) => say("roster-order-fault-none").and("name", name.clone()),
        OrderFault::Twice(name) => say("roster-order-fault-twice").and("name", name.clone()),
        OrderFault::OnePlace(one, other) => say("roster-order-fault-one")
            .and("one", one.clone())
            .and("other", other.clone()),
        OrderFault::Place(name) => say("roster-order-fault-of").and("name", name.clone()),
        OrderFault::TooMany => say("roster-order-fault-many"),
    }
}

fn draw(
    desk: Desk,
    standing: &Standing,
    mut form: Form,
    preview: Option<Preview>,
    status: StatusCode,
) -> Response {
    let building = form.value("building").to_owned();
    let here = desk.at("/roster/order");
    let rows = |level: Level, list: &[Named]| {
        let each = list.iter().map(|one| Row {
            field: field(level, &one.name),
            name: called(&desk, level, one),
            rooms: one.rooms,
            by_rule: one
                .height_x10
                .map_or_else(String::new, |h| storeys(h.into())),
            href: inside_of(&here, &one.name),
        });
        each.collect::<Vec<_>>()
    };
    let [(b, buildings), (u, units), (f, floors)] = lists(standing);
    let (buildings, units, floors) = (rows(b, buildings), rows(u, units), rows(f, floors));
    let inside = standing.buildings.iter().find(|b| b.name == building);
    let inside = inside.map_or_else(String::new, |b| called(&desk, Level::Building, b));
    let mut hidden = Vec::new();
    if preview.is_some() {
        form.forget("sure");
        let all = buildings.iter().chain(&units).chain(&floors);
        let typed = all.map(|row| (row.field.clone(), form.value(&row.field).to_owned()));
        hidden = typed.filter(|(_, value)| !value.is_empty()).collect();
    }
    let whole = |list: &Vec<Named>| list.len() <= SHOWN_MAX;
    page::html(
        status,
        OrderPage {
            back: desk.at("/roster"),
            making: standing.making,
            more: !(whole(&standing.buildings)
                && whole(&standing.units)
                && whole(&standing.floors)),
            here,
            buildings,
            inside,
            units,
            floors,
            preview,
            hidden,
            form,
            frame: desk.frame.titled("roster-order-title"),
        },
    )
}

async fn stands(desk: &Desk, building: &str) -> Result<Standing, RosterError> {
    order::standing(&desk.house, &desk.actor, desk.actor.community, building).await
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let building = list.value("building").to_owned();
    match stands(&desk, &building).await {
        Ok(standing) => {
            let form = filled(&standing, &building);
            draw(desk, &standing, form, None, StatusCode::OK)
        }
        Err(e) => desk.refused(&e),
    }
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let building = form.value("building").to_owned();
    let standing = match stands(&desk, &building).await {
        Ok(standing) => standing,
        Err(e) => return desk.refused(&e),
    };
    if form.value("version") != standing.version.to_string() {
        return problem::page(desk.frame, StatusCode::CONFLICT);
    }
    let wanted = wanted(&standing, &mut form);
    if form.failed() {
        return draw(
            desk,
            &standing,
            form,
            None,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    if form.value("edit") == "yes" {
        return draw(desk, &standing, form, None, StatusCode::OK);
    }
    let (house, by, c) = (&desk.house, &desk.actor, desk.actor.community);
    let done = if is_sure(&form) {
        let set = order::set(house, by, c, standing.version, &wanted).await;
        set.map(|()| None)
    } else {
        order::preview(house, by, c, &wanted).await.map(Some)
    };
    match done {
        Ok(None) => {
            let to = inside_of("/roster/order", &building);
            let text = desk.t("roster-order-done");
            desk.done(&to, text)
        }
        Ok(preview) => draw(desk, &standing, form, preview, StatusCode::OK),
        Err(RosterError::Order(fault)) => {
            form.fault_of_all(sentence(&fault));
            draw(
                desk,
                &standing,
                form,
                None,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(RosterError::Changed) => problem::page(desk.frame, StatusCode::CONFLICT),
        Err(e) => desk.refused(&e),
    }
}

impl OrderPage {
    fn most(&self) -> usize {
        MOVES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_written_in_storeys_with_one_decimal() {
        for (typed, x10) in [
            ("2", Some(20)),
            ("1.5", Some(15)),
            ("-1", Some(-10)),
            ("−0.5", Some(-5)),
            ("２．５", Some(25)),
            ("0", Some(0)),
            ("1.55", None),
            ("1.", None),
            ("", None),
            ("三", None),
            ("301", None),
        ] {
            assert_eq!(height(typed), x10, "{typed}");
        }
        assert_eq!([15, -5, -10, 0].map(storeys), ["1.5", "-0.5", "-1", "0"]);
    }
}
