//! Who on the roster has the name that was typed: asked before a second record is made.

use hanzi::name::name_key;

use super::{Desk, Field};
use crate::people::{Party, open_phones};
use crate::{RosterError, contact, store};
use foundation::ids::Id;
use foundation::page::{Choice, Form, key, say};

/// More of one name are told apart by searching.
const ALIKE_MAX: i64 = 20;

/// Parties as choices: masked name, rooms, masked phones.
pub(super) async fn choices(desk: &Desk, parties: Vec<Party>) -> Result<Vec<Choice>, RosterError> {
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let (house, c) = (&desk.house, desk.actor.community);
    let ids: Vec<Id> = parties.iter().map(|p| p.id).collect();
    let today = house.now().date().to_string();
    let rooms: Vec<super::super::search::RoomOf> =
        house.db.all(store::rooms_of(c, &ids, &today)).await?;
    let phones = open_phones(house, c, &ids).await?;
    let choice = |p: &Party| {
        let at = rooms.iter().filter(|r| r.party == p.id);
        let mut known: Vec<String> = at.map(|r| r.room.code.clone()).collect();
        let theirs = phones.iter().filter(|n| n.party == p.id);
        known.extend(theirs.map(|n| contact::masked_phone(&n.number)));
        Choice::new(p.id.as_str(), p.masked()).hint(desk.frame.join(&known))
    };
    Ok(parties.iter().map(choice).collect())
}

/// Parties of exactly this name, however it is written.
pub(super) async fn named(desk: &Desk, name: &str) -> Result<Vec<Party>, RosterError> {
    let c = desk.actor.community;
    let ask = store::parties_named(c, &name_key(name), ALIKE_MAX);
    Ok(desk.house.db.all(ask).await?)
}

/// The question whether a typed name is somebody who is there already; nothing when nobody is.
pub(super) async fn question(
    desk: &Desk,
    name: &str,
    field: &'static str,
) -> Result<Option<Field>, RosterError> {
    let mut known = choices(desk, named(desk, name).await?).await?;
    if known.is_empty() {
        return Ok(None);
    }
    known.push(Choice::new("new", desk.t("roster-who-new")));
    let asked = Field::new(desk, "radios", field, key("roster-who"));
    Ok(Some(
        asked
            .hint(desk.frame.one("roster-who-hint", "name", name).into_owned())
            .choices(known),
    ))
}

/// The answer: `Some(None)` is somebody new; `None` is noted as a fault.
pub(super) fn answer(form: &mut Form, asked: Option<&Field>) -> Option<Option<Id>> {
    let Some(field) = asked else {
        return Some(None);
    };
    let values: Vec<&str> = field.choices.iter().map(|c| c.value.as_str()).collect();
    if form.value(field.name).is_empty() {
        form.fault(field.name, say("roster-error-who"));
        return None;
    }
    let said = form.field(field.name, key("roster-who")).choice(&values)?;
    Some(said.parse().ok())
}
