//! Meters: the list, one meter with its readings, readings out of a list; and the owner's own.

use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, sentence};
use crate::meters::{
    self as of, MeterPage, MeterQuery, MeterView, NewMeter, Read, ReadState, Replacement,
    meters_page, quantity, quantity_text,
};
use crate::{Basis, FeesError, Period, items};
use foundation::ids::Id;
use foundation::page::form::Form;
use foundation::page::{self, Chip, Choice, Frame, ListQuery, Pager, key, say};
use foundation::pictures::{self, Picture, PictureRefused};
use permissions::Permission;
pub(super) use roster_code::room_of_code;

mod roster_code;

/// Lines of one list of readings.
const LINES_MAX: usize = 500;

#[derive(Template)]
#[template(path = "fees/meters.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    form: Form,
    chips: Vec<Chip>,
    page: MeterPage,
    pager: Pager,
    items: Vec<Choice>,
    base: String,
    may_read: bool,
    may_set: bool,
}

#[derive(Template)]
#[template(path = "fees/meter.html")]
struct OnePage {
    frame: Frame,
    form: Form,
    view: MeterView,
    base: String,
    may_read: bool,
    may_set: bool,
}

fn read_word(read: impl std::borrow::Borrow<Read>) -> &'static str {
    match read.borrow() {
        Read::Desk => key("fees-read-desk"),
        Read::Owner => key("fees-read-owner"),
        Read::List => key("fees-read-list"),
        Read::Reckoned => key("fees-read-reckoned"),
        Read::Last => key("fees-read-last"),
    }
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    let today = desk.house.now().date().to_string();
    let form = Form::filled([
        ("installed_on", today.as_str()),
        ("start", "0"),
        ("digits", "5"),
    ]);
    draw_list(desk, list, form, StatusCode::OK).await
}

async fn draw_list(desk: Desk, list: ListQuery, form: Form, status: StatusCode) -> Response {
    match fill_list(&desk, list, form).await {
        Ok(page) => page::html(status, page),
        Err(error) => desk.refused(&error),
    }
}

async fn fill_list(desk: &Desk, list: ListQuery, form: Form) -> Result<ListPage, FeesError> {
    let (house, actor, frame) = (&desk.house, &desk.actor, &desk.frame);
    let this = Period::of(house.now().date());
    let text = |name: &str| Some(list.value(name)).filter(|v| !v.is_empty());
    let query = MeterQuery {
        item: text("item").and_then(|i| i.parse().ok()),
        search: list.value("q").to_owned(),
        unread_in: (list.value("show") == "unread").then_some(this),
        asked: list.value("show") == "asked",
        after: text("after").map(str::to_owned),
    };
    let page = meters_page(house, actor, &query).await?;
    let chip = |name, value: &str, text: String| Chip {
        name,
        value: value.to_owned(),
        text,
        count: None,
    };
    let mut chips = vec![
        chip("show", "", frame.t("fees-meters-all").into_owned()),
        chip("show", "unread", frame.t("fees-meters-unread").into_owned()),
        chip("show", "asked", frame.t("fees-meters-asked").into_owned()),
    ];
    let all = items(house, actor, this).await?;
    let by_meter: Vec<_> = all
        .into_iter()
        .map(|(item, _)| item)
        .filter(|item| item.basis.reads_meters())
        .collect();
    if by_meter.len() > 1 {
        chips.push(chip("item", "", frame.t("fees-item-all").into_owned()));
        chips.extend(
            by_meter
                .iter()
                .map(|i| chip("item", i.id.as_str(), i.name.clone())),
        );
    }
    Ok(ListPage {
        pager: Pager {
            total: page.total,
            shown: page.rows.len() as u64,
            before: None,
            after: page.after.clone(),
        },
        page,
        chips,
        list,
        form,
        items: by_meter
            .into_iter()
            .map(|i| {
                let shared = match i.basis {
                    Basis::Shared => frame.t("fees-basis-shared"),
                    _ => frame.t("fees-basis-metered"),
                };
                let text = format!("{} · {shared}", i.name);
                Choice::new(i.id.as_str(), text)
            })
            .collect(),
        base: desk.at("/fees"),
        may_read: actor.has(Permission::FeesRecord),
        may_set: actor.has(Permission::FeesSet),
        frame: frame.clone().titled("fees-meters"),
    })
}

/// The list again with what was typed and why it does not do.
async fn list_again(desk: Desk, mut form: Form, error: FeesError) -> Response {
    match sentence(&error) {
        Some(why) => {
            form.fault_of_all(why);
            draw_list(
                desk,
                ListQuery::default(),
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        None => desk.refused(&error),
    }
}

fn quantity_field(form: &mut Form, name: &str, label: &'static str) -> Option<i64> {
    form.field(name, label)
        .read(|t| quantity(t).ok_or_else(|| say("fees-error-quantity")))
}

pub async fn add(desk: Desk, mut form: Form) -> Response {
    let item = form
        .field("item", "fees-item")
        .read(|t| t.parse::<Id>().map_err(|_| say("error-choose")));
    let number = form
        .field("number", "fees-meter-number")
        .text(1..=of::NUMBER_CHARS_MAX);
    let digits = form.field("digits", "fees-meter-digits").number(0..=9);
    let day = form.field("installed_on", "fees-meter-installed").date();
    let start = quantity_field(&mut form, "start", "fees-meter-start");
    let (Some(item), Some(number), Some(digits), Some(installed_on), Some(start)) =
        (item, number, digits, day, start)
    else {
        let list = ListQuery::default();
        return draw_list(desk, list, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let room = match room_of_code(&desk, form.value("room")).await {
        Ok(room) => room,
        Err(FeesError::NoSuchRoom) => {
            form.fault("room", say("fees-error-room"));
            let list = ListQuery::default();
            return draw_list(desk, list, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return desk.refused(&error),
    };
    let new = NewMeter {
        item,
        room,
        building: form.value("building").to_owned(),
        number,
        digits,
        installed_on,
        start,
    };
    match of::add_meter(&desk.house, &desk.actor, new).await {
        Ok(id) => {
            let text = desk.frame.t("fees-meter-added");
            desk.done(&desk.at(&format!("/fees/meters/{id}")), text)
        }
        Err(error) => list_again(desk, form, error).await,
    }
}

/// A list of readings as a clerk pastes it: a meter's number, its dial, and the day where it is
/// another than today; a line each. Lines that do not do come back with why.
pub async fn read_list(desk: Desk, mut form: Form) -> Response {
    let text = form.value("readings").to_owned();
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    if lines.is_empty() || lines.len() > LINES_MAX {
        form.fault("readings", say("fees-error-lines"));
        let list = ListQuery::default();
        return draw_list(desk, list, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let today = desk.house.now().date();
    let (mut taken, mut asked, mut left) = (0_i64, 0_i64, Vec::new());
    for line in lines {
        match read_line(&desk, line, today).await {
            Ok(ReadState::Asked) => asked += 1,
            Ok(_) => taken += 1,
            Err(error) if left.len() < LINES_MAX => {
                let why = match sentence(&error) {
                    Some(why) => desk.frame.say(&why).into_owned(),
                    None => desk.frame.t("fees-error-no-meter").into_owned(),
                };
                left.push(format!("{line}　# {why}"));
            }
            Err(_) => {}
        }
    }
    let told = desk.frame.with(
        "fees-readings-taken",
        &[("taken", taken.into()), ("asked", asked.into())],
    );
    if left.is_empty() {
        return desk.done(&desk.at("/fees/meters"), told);
    }
    form.set("readings", &left.join("\n"));
    form.fault(
        "readings",
        say("fees-readings-left").and("count", left.len().to_string()),
    );
    let list = ListQuery::default();
    draw_list(desk, list, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn read_line(desk: &Desk, line: &str, today: Date) -> Result<ReadState, FeesError> {
    // What an earlier try wrote behind the line is no part of it.
    let line = line.split('#').next().unwrap_or_default();
    let mut parts = line
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；'))
        .filter(|p| !p.is_empty());
    let number = parts.next().ok_or(FeesError::NoSuchMeter)?;
    let value = parts.next().and_then(quantity).ok_or(FeesError::Dial)?;
    let day = match parts.next() {
        None => today,
        Some(text) => text
            .replace(['/', '.'], "-")
            .parse()
            .map_err(|_| FeesError::DateAhead)?,
    };
    let meter = of::meter_by_number(&desk.house, &desk.actor, number).await?;
    let taken = of::read_meter(&desk.house, &desk.actor, meter, day, value, Read::List).await?;
    Ok(taken.state)
}

pub async fn one(desk: Desk) -> Response {
    let today = desk.house.now().date().to_string();
    let form = Form::filled([("day", today.as_str()), ("start", "0"), ("digits", "5")]);
    draw_one(desk, form, StatusCode::OK).await
}

async fn draw_one(desk: Desk, form: Form, status: StatusCode) -> Response {
    let view = match desk.id() {
        Ok(id) => of::meter(&desk.house, &desk.actor, id).await,
        Err(_) => Err(FeesError::NoSuchMeter),
    };
    match view {
        Ok(view) => {
            let title = format!("{} {}", view.row.item_name, view.row.number);
            let page = OnePage {
                base: desk.at("/fees"),
                may_read: desk.actor.has(Permission::FeesRecord),
                may_set: desk.actor.has(Permission::FeesSet),
                frame: desk.frame.named(title),
                form,
                view,
            };
            page::html(status, page)
        }
        Err(error) => desk.refused(&error),
    }
}

async fn one_again(desk: Desk, mut form: Form, error: FeesError) -> Response {
    match sentence(&error) {
        Some(why) => {
            form.fault_of_all(why);
            draw_one(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        None => desk.refused(&error),
    }
}

fn told(desk: &Desk, taken: of::Taken) -> String {
    let used = quantity_text(taken.used);
    match taken.state {
        ReadState::Asked => desk
            .frame
            .one("fees-reading-asked", "used", used)
            .into_owned(),
        _ => desk
            .frame
            .one("fees-reading-taken", "used", used)
            .into_owned(),
    }
}

/// The fields of a form and the picture that came with it, if one did.
async fn with_picture(mut parts: Multipart) -> Result<(Form, Option<Picture>), FeesError> {
    let (mut fields, mut bytes) = (Vec::new(), Vec::new());
    while let Ok(Some(field)) = parts.next_field().await {
        let Some(name) = field.name().map(str::to_owned) else {
            continue;
        };
        if name == "picture" {
            // A body that is cut off has no end: what came of it is a damaged picture.
            bytes = match field.bytes().await {
                Ok(bytes) => bytes.to_vec(),
                Err(_) => return Err(PictureRefused::TooLarge.into()),
            };
        } else if let Ok(text) = field.text().await {
            fields.push((name, text));
        }
    }
    let mut form = Form::default();
    for (name, text) in &fields {
        form.set(name, text);
    }
    match bytes.is_empty() {
        true => Ok((form, None)),
        false => Ok((form, Some(pictures::take(bytes).await?))),
    }
}

/// The picture of a dial.
pub async fn picture(desk: Desk) -> Response {
    let found = match desk.id() {
        Ok(id) => of::reading_picture(&desk.house, &desk.actor, id).await,
        Err(_) => Err(FeesError::NoSuchReading),
    };
    match found {
        Ok(jpeg) => page::jpeg(jpeg, "private, no-store"),
        Err(error) => desk.refused(&error),
    }
}

pub async fn read(desk: Desk, parts: Multipart) -> Response {
    let (mut form, picture) = match with_picture(parts).await {
        Ok(read) => read,
        Err(error) => {
            let today = desk.house.now().date().to_string();
            return one_again(desk, Form::filled([("day", today)]), error).await;
        }
    };
    let day = form.field("day", "fees-reading-day").date();
    let value = quantity_field(&mut form, "value", "fees-reading-value");
    let (Some(day), Some(value)) = (day, value) else {
        return draw_one(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let taken = match desk.id() {
        Ok(id) => {
            let (house, by) = (&desk.house, &desk.actor);
            of::read_with(house, by, id, (day, value), Read::Desk, picture).await
        }
        Err(_) => Err(FeesError::NoSuchMeter),
    };
    after(desk, form, taken).await
}

pub async fn reckon(desk: Desk, mut form: Form) -> Response {
    let Some(day) = form.field("day", "fees-reading-day").date() else {
        return draw_one(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let taken = match desk.id() {
        Ok(id) => of::reckon_meter(&desk.house, &desk.actor, id, day).await,
        Err(_) => Err(FeesError::NoSuchMeter),
    };
    after(desk, form, taken).await
}

async fn after(desk: Desk, form: Form, taken: Result<of::Taken, FeesError>) -> Response {
    match (taken, desk.id) {
        (Ok(taken), Some(id)) => {
            let text = told(&desk, taken);
            desk.done(&desk.at(&format!("/fees/meters/{id}")), text)
        }
        (Ok(_), None) => desk.refused(&FeesError::NoSuchMeter),
        (Err(error), _) => one_again(desk, form, error).await,
    }
}

pub async fn replace(desk: Desk, mut form: Form) -> Response {
    let day = form.field("day", "fees-reading-day").date();
    let last = quantity_field(&mut form, "last", "fees-meter-last");
    let number = form
        .field("number", "fees-meter-number")
        .text(1..=of::NUMBER_CHARS_MAX);
    let digits = form.field("digits", "fees-meter-digits").number(0..=9);
    let start = quantity_field(&mut form, "start", "fees-meter-start");
    let (Some(day), Some(last), Some(number), Some(digits), Some(start)) =
        (day, last, number, digits, start)
    else {
        return draw_one(desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let new = Replacement {
        day,
        last,
        number,
        digits,
        start,
    };
    let replaced = match desk.id() {
        Ok(id) => of::replace_meter(&desk.house, &desk.actor, id, new).await,
        Err(_) => Err(FeesError::NoSuchMeter),
    };
    match replaced {
        Ok(next) => {
            let text = desk.frame.t("fees-meter-replaced");
            desk.done(&desk.at(&format!("/fees/meters/{next}")), text)
        }
        Err(error) => one_again(desk, form, error).await,
    }
}

pub async fn settle(desk: Desk, form: Form) -> Response {
    let takes = form.value("decision") == "take";
    let settled = match desk.id() {
        Ok(id) => of::settle_reading(&desk.house, &desk.actor, id, takes).await,
        Err(_) => Err(FeesError::NoSuchReading),
    };
    reading_done(desk, settled)
}

pub async fn void(desk: Desk) -> Response {
    let voided = match desk.id() {
        Ok(id) => of::void_reading(&desk.house, &desk.actor, id).await,
        Err(_) => Err(FeesError::NoSuchReading),
    };
    reading_done(desk, voided)
}

fn reading_done(desk: Desk, done: Result<Id, FeesError>) -> Response {
    match done {
        Ok(meter) => {
            let text = desk.frame.t("fees-reading-settled");
            desk.done(&desk.at(&format!("/fees/meters/{meter}")), text)
        }
        Err(error) => desk.refused(&error),
    }
}

/// The owner hands in a reading of an own meter.
pub async fn hand_in(desk: Desk, parts: Multipart) -> Response {
    let today = desk.house.now().date();
    let read = async {
        let (form, picture) = with_picture(parts).await?;
        let id = desk.id().map_err(|_| FeesError::NoSuchMeter)?;
        let value = quantity(form.value("value")).ok_or(FeesError::Dial)?;
        let (house, by) = (&desk.house, &desk.actor);
        of::read_with(house, by, id, (today, value), Read::Owner, picture).await
    };
    let taken = read.await;
    match taken {
        Ok(taken) => {
            let text = told(&desk, taken);
            desk.done(&desk.at("/my-fees"), text)
        }
        // The page has one short field for each meter: what was typed stands in the sentence.
        Err(error) => match sentence(&error) {
            Some(why) => {
                let flash = foundation::page::Flash::overdue(desk.frame.say(&why).into_owned());
                foundation::page::onward::telling(&desk.at("/my-fees"), flash)
            }
            None => desk.refused(&error),
        },
    }
}
