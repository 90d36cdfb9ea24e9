//! Texts that the office uses again. `{小區}` and `{日期}` are filled in by the house;
//! what else stands between braces is for whoever writes, and is asked for before the
//! notice is handed in.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::notice::Class;
use crate::{NoticeError, draft, events, store};

/// As many templates as a compound keeps.
pub const TEMPLATES_MAX: i64 = 200;
const NAME_CHARS_MAX: usize = 30;
/// The longest name of a place to fill in.
const VARIABLE_CHARS_MAX: usize = 20;

/// A template of the office's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub id: Id,
    pub name: String,
    pub class: Class,
    pub title: String,
    pub body: String,
}

impl FromRow for Template {
    fn from_row(row: &mut Row) -> Result<Template, DbError> {
        Ok(Template {
            id: row.next()?,
            name: row.next()?,
            class: Class::from_word(&row.next::<String>()?).unwrap_or(Class::Ordinary),
            title: row.next()?,
            body: row.next()?,
        })
    }
}

/// Fills in what the house knows; other places to fill in stay as they are.
pub fn filled(text: &str, compound: &str, day: Moment) -> String {
    let date = day.date();
    let day = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    text.replace("{小區}", compound)
        .replace("{小区}", compound)
        .replace("{日期}", &day)
}

/// The places that are still to be filled in, once each: `{地點}`.
pub fn open_places(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find('{') {
        rest = &rest[from..];
        let Some(to) = rest.find('}') else { break };
        let place = &rest[..=to];
        let name = &place[1..place.len() - 1];
        let fits = !name.is_empty()
            && name.chars().count() <= VARIABLE_CHARS_MAX
            && !name.contains(['{', '\n']);
        if fits && !out.iter().any(|p| p == place) {
            out.push(place.to_owned());
        }
        rest = &rest[1..];
    }
    out
}

/// The office's templates by name.
pub async fn list(house: &House, by: &Actor) -> Result<Vec<Template>, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let asked = store::texts::templates(by.community, TEMPLATES_MAX);
    Ok(house.db.all(asked).await?)
}

/// Keeps a text under a name; a name that is there gets the new text.
pub async fn set(
    house: &House,
    by: &Actor,
    name: &str,
    class: Class,
    title: &str,
    body: &str,
) -> Result<(), NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let name = name.trim().to_owned();
    if !(1..=NAME_CHARS_MAX).contains(&name.chars().count()) {
        return Err(NoticeError::Words);
    }
    draft::fits(title, body)?;
    let there = list(house, by).await?;
    if there.len() as i64 >= TEMPLATES_MAX && !there.iter().any(|t| t.name == name) {
        return Err(NoticeError::TooMany);
    }
    let (c, id) = (by.community, house.id());
    let (title, body) = (title.to_owned(), body.to_owned());
    house
        .write(c, &by.who_for(Permission::NoticesWrite), move |mut tx| {
            let now = tx.now();
            tx.execute(store::texts::set_template(
                c, id, &name, class, &title, &body, now,
            ))?;
            let event = Event::new(events::TEMPLATE_SET).to(To::Staff);
            Ok(tx.record(event.with("class", class.word()), ())?)
        })
        .await
}

/// Throws a template away; notices that were made of it stay.
pub async fn drop_one(house: &House, by: &Actor, id: Id) -> Result<(), NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::NoticesWrite), move |mut tx| {
            if tx.execute(store::texts::drop_template(c, id))? == 0 {
                return Err(NoticeError::NotFound);
            }
            let event = Event::new(events::TEMPLATE_DROPPED).to(To::Staff);
            Ok(tx.record(event.about("template", id), ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_house_knows_is_filled_in_and_the_rest_is_asked_for() {
        let day = Moment::at_start_of(jiff::civil::date(2026, 12, 3));
        let text = filled(
            "{小區}於{日期}{開始}至{結束}停水，{開始}請儲水。",
            "春和苑",
            day,
        );
        assert_eq!(
            text,
            "春和苑於2026年12月3日{開始}至{結束}停水，{開始}請儲水。"
        );
        assert_eq!(open_places(&text), ["{開始}", "{結束}"]);
        assert!(open_places("沒有 { 也沒有 }").len() <= 1);
        assert!(open_places("{}{").is_empty());
    }
}
